"""Total rows: how they are recognized, and totals that are not the sum of the rows that they stand for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

# 合计, 全省合计, 兰州市小计：, 总计(元), 合计：3件, 共3件, 全省. An id such as 小计1 or a company named 合计某某 is none.
# Both Arrow and Python read these patterns; to Arrow \s has no ideographic space.
GAP = "[\\s\u3000\u00a0]*"
COUNT = rf"[\d,，.]+{GAP}(万元|亿元|元|人次|家次|批次|件|起|条|户|家|宗|例|项|人|个|台|次|份|吨)(记录|数据)?"
WORD = rf"((合|总|小|共|累){GAP}计|总{GAP}[数和量]|记录[条总]?数|(?i:(sub)?total))"
TOTAL = (
    rf"^{GAP}([^:：,，。]{{0,10}}{WORD}({GAP}[（(][^（()）]{{0,8}}[)）])?({GAP}[:：]{GAP}[\d,，.]*{GAP}\D{{0,2}}|{COUNT})?"
    rf"|全{GAP}[省市州区县盟]({WORD})?{GAP}[:：]?|共{GAP}{COUNT}){GAP}$"
)
PART = re.compile(r"小\s*计|本\s*页|subtotal", re.IGNORECASE)
SINCE_START = re.compile(r"累\s*计")
RECORDS = re.compile(
    r"([\d,，]+)\s*(?:件|起|条|户|家|宗|例|项|份)(?:记录|数据)?\s*$"
)  # 合计：3件, of a table with a record in each row

Stated = Mapping[str, Decimal | int | None]


@dataclass(frozen=True)
class WrongTotal:
    """A total that differs: the row where it stands, its word, the column (empty for the number of rows), and both numbers."""

    row: int
    word: str
    column: str
    stated: Decimal | int
    added: Decimal | int

    @property
    def sentence(self) -> str:
        """Return what is wrong, and the remedy."""
        word = self.word.strip()
        if not self.column:
            says = f"the {word} speaks of {self.stated} rows, and {self.added} rows were accepted."
        else:
            says = f"the {word} of {self.column} is {self.stated}, and the accepted rows above it add up to {self.added}."
        return f"{says} Correct the one that is wrong, or send the rows that are missing."


class RunningSums:
    """The sums of number columns since the last subtotal, since the last grand total, and since the first row.

    The sum under the empty name is the number of rows.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._part, self._all, self._ever = ({name: Decimal(0) for name in ["", *names]} for _ in range(3))
        self._leading: list[tuple[int, str, Stated]] = []  # totals above all rows

    def add(self, rows: Mapping[str, pa.Array], count: int) -> None:
        """Add the values of so many rows, one array per column."""
        for name in ["", *self.names]:
            more = Decimal(pc.sum(rows[name]).as_py() or 0) if name else Decimal(count)
            for sums in (self._part, self._all, self._ever):
                sums[name] += more

    def differing(self, row: int, word: str, stated: Stated) -> Iterator[WrongTotal]:
        """Yield each column whose total in a row differs from the sum; then start the sum anew.

        `word` tells a subtotal (小计) from a grand total and from one since the first row (累计). A grand total may be of all
        rows, or of those since the last one.
        """
        if not self._ever[""]:
            self._leading.append((row, word, stated))
            return
        if SINCE_START.search(word):
            yield from _unlike(row, word, stated, self._ever)
            return
        if PART.search(word):
            yield from _unlike(row, word, stated, self._part, self._all)
        else:
            yield from _unlike(row, word, stated, self._all, self._ever)
            self._all = dict.fromkeys(self._all, Decimal(0))
        self._part = dict.fromkeys(self._part, Decimal(0))

    def leading(self) -> Iterator[WrongTotal]:
        """Yield the totals above all rows that differ from the sum of all; called after the last row."""
        for row, word, stated in self._leading:
            if not PART.search(word):
                yield from _unlike(row, word, stated, self._ever)


def _unlike(row: int, word: str, stated: Stated, *sums: Mapping[str, Decimal]) -> Iterator[WrongTotal]:
    """Yield the stated totals that are in none of the sums; the first of these is named."""
    for name, number in stated.items():
        if number is not None and all(number != of_rows[name] for of_rows in sums):
            yield WrongTotal(row, word, name, number, sums[0][name] if name else int(sums[0][name]))


class KeyedSums:
    """The sums of number columns by the columns of the key but the region: totals of regions state them for one month or domain."""

    def __init__(self, keys: list[str], names: list[str]) -> None:
        self.keys, self.names = keys, names
        self._sums: list[pa.Table] = []
        self._stated: list[tuple[int, str, Mapping[str, object], Stated]] = []

    def add(self, rows: pa.Table) -> None:
        """Add accepted rows."""
        if self.names and len(rows):
            sums = rows.group_by(self.keys).aggregate([(name, "sum") for name in self.names])
            self._sums.append(sums.select([*self.keys, *(f"{name}_sum" for name in self.names)]))

    def state(self, row: int, word: str, key: Mapping[str, object], stated: Stated) -> None:
        """Keep the totals of a row, to be compared after the last row. `key` holds the filled columns of its key."""
        if not PART.search(word):
            self._stated.append((row, word, key, stated))

    def differing(self) -> Iterator[WrongTotal]:
        """Yield the totals that differ from the sum of the rows of their key."""
        rows = [row for sums in self._sums for row in sums.to_pylist()] if self._stated else []
        for row, word, key, stated in self._stated:
            of_key = [sums for sums in rows if all(sums[name] == value for name, value in key.items())]
            for name in self.names:
                added = sum((Decimal(sums[f"{name}_sum"] or 0) for sums in of_key), Decimal(0))
                if (number := stated[name]) is not None and number != added:
                    yield WrongTotal(row, word, name, number, added)


def stated_records(word: str) -> int | None:
    """Return how many records a total speaks of, as in 合计：3件; None when it does not say."""
    match = RECORDS.search(word)
    return int(re.sub("[,，]", "", match[1])) if match else None
