"""Units that a file states outside the headings of its columns: in a title, a line, a note, the name of a sheet or file."""

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.units import COUNTED, FORMS, MULTIPLES, Unit
from city_briefs.analysis.validation.finding import shortened
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

# 单位 where it means a unit of measurement: at the beginning of a text or a part of it, or after such a word.
MEASURED = (
    "计量|金额|货币|数量|重量|价格|币种|计价|罚款|罚没款|资金|面积|人口"  # what follows these is never the name of an office
)
UNIT_WORD = re.compile(
    rf"(?:^|[(\[,，;；。.:、|\s]|(?P<measured>{MEASURED})的?|数据|统计|表[中内]|本表|均以?)单\s*位\s*"
    r"(?P<colon>[:：]|均为|统一为|一律为|为|是)?\s*(?P<words>[^()。;]*)"
)
IN_UNIT = re.compile(
    r"(?:以|按|用)(?P<word>[^\s()以按用,，。、]{1,6}?)(?:为(?:计量|金额)?单位|计(?:算|价|量)?(?=$|[。,;)])|填(?:报|列|写))"
)
AMOUNT_IN = re.compile(
    r"(?:(?:金额|数额|价格|重量|数量|货币|币种|数据)(?:均以|均为|均|以|按|为|是|:)+(?:人民币)?|人民币)(?P<word>[^\s()以按用,，。、]{1,6}?)(?:计|为准)?(?=$|[。,;、)])"
)
IN_BRACKETS = re.compile(r"(?<![\d第])\((?P<words>[^()]{1,20})\)(?!以[上下内外]|[上下级]|及)")
SEPARATOR = re.compile(r"[、,;|\s]+|(?<=[元吨件户家人个])[和及与或](?=.)")
SPACED = re.compile(rf"([{''.join(set(''.join(MULTIPLES)))}])\s+(?=[^\s])")  # 万 元
# A word that is most likely a unit, known or not: 美元, 亿美元, 平方米.
UNIT_LIKE = re.compile(
    r"(?!.*[局市县区州厅所院会司队部处科组]$)(?=.{1,6}$)"
    r"(?:[十百千万亿]+.{0,3}|.{0,4}(?:元|吨|斤|克|升|米|亩|公顷|公里|小时|分钟|人次|家次|批次|%|‰|户|件|台|辆|只|头|箱|瓶|人|个|份|张|项|次))"
)
NAME_END = re.compile(r"(?:^|[-_—·+.\s])(?P<words>[十百千万亿]*元)$")  # of the name of a sheet or a file: 案件-万元
NAME_GLUED = re.compile(r"(?<![超过逾上下足满各近达每第几数十百千万亿])(?P<words>[百千万亿]+元)$")  # 案件万元
NOTE_CELLS = 4  # different filled cells that a line below the table has at most


@dataclass(frozen=True)
class Place:
    """Where a unit is stated, as English and Chinese sentences have it; with the cell, where it is in one."""

    english: str
    chinese: str
    cell: str = ""


@dataclass(frozen=True)
class StatedUnit:
    """A unit that is stated outside the headings of the columns.

    `word` is the unit as it was written, `text` the cell with it. `explicit` says that the text calls it a unit (单位：万元), and
    does not only have it in brackets. `columns` are the columns that it is stated for, None for the whole table; `is_of_row`
    says that it stands in a row of units, which has one for each column.
    """

    word: str
    unit: Unit
    text: str
    place: Place = field(compare=False)
    explicit: bool = True
    columns: frozenset[str] | None = None
    is_of_row: bool = False

    @property
    def is_plain_count(self) -> bool:
        """Return whether it is a word such as 件, which changes no number."""
        return self.unit.factor == 1 and self.unit.base in (*COUNTED, "年", "天", units.PERCENT)


def plain_text(text: str) -> str:
    """Return a text in normal width and characters, its blanks kept as one."""
    return " ".join(normalize("NFKC", text).casefold().translate(FORMS).split())


def whole(text: str) -> list[str]:
    """Return the units of a text that holds nothing else, such as （万元）; empty when it is no such text."""
    plain = plain_text(text)
    words = word_list(plain[1:-1] if plain.startswith("(") and plain.endswith(")") else plain)
    return words if words and all(_is_stated_alone(word) for word in words) else []


def in_text(raw_table: RawTable, text: str, place: Place, *, alone: bool = True) -> list[StatedUnit]:
    """Return the units that a text states. `alone` says that a text of nothing but a unit is one.

    Raises:
        DataError: a word is said to be the unit, and is not known.
    """
    plain, stated = plain_text(text), list[StatedUnit]()
    for match in UNIT_WORD.finditer(plain):
        words = _split(match["words"])
        known = _leading_units(words)
        stated += [StatedUnit(word, unit, text, place) for word, unit in known]
        unknown = next(iter(words[len(known) :]), "")
        if (match["colon"] or known) and unknown and (UNIT_LIKE.fullmatch(unknown) or (match["measured"] and not known)):
            raise unknown_unit(raw_table, unknown, place)
    for pattern in (IN_UNIT, AMOUNT_IN):
        for match in pattern.finditer(plain.replace(" ", "")):
            unit = units.named(match["word"])
            if unit and _is_stated_alone(match["word"]):
                stated.append(StatedUnit(match["word"], unit, text, place, explicit=False))
    for match in IN_BRACKETS.finditer(plain):
        words = word_list(match["words"])
        stated += [
            StatedUnit(word, unit, text, place, explicit=False)
            for word in words
            if (unit := units.named(word)) and _is_stated_alone(word)
        ]
    if alone and not stated:
        stated += [StatedUnit(word, unit, text, place, explicit=False) for word in whole(text) if (unit := units.named(word))]
    return list({item.unit: item for item in reversed(stated)}.values())[::-1]


def in_name(raw_table: RawTable, name: str, place: Place) -> list[StatedUnit]:
    """Return the units that the name of a sheet or a file states.

    Raises:
        DataError: the name may or may not state one.
    """
    plain = plain_text(name)
    if match := NAME_END.search(plain):
        unit = units.named(match["words"])
        return [StatedUnit(match["words"], unit, name, place, explicit=False)] if unit else []
    stated = in_text(raw_table, name, place)
    if not stated and (match := NAME_GLUED.search(plain)):
        word = match["words"]
        raise DataError(chosen(
            f"{raw_table.name}: {place.english} '{shortened(name)}' ends with {word}, which may be the unit of the numbers or not. "
            f"Write the unit into the headings, such as 罚款（{word}）, and leave it out of the name.",
            f"{raw_table.name}：{place.chinese}“{shortened(name)}”以“{word}”结尾，不能确定是否为计量单位。请在表头注明单位，如“罚款（{word}）”，并从名称中删去。",
        ))  # fmt: skip
    return stated


def unknown_unit(raw_table: RawTable, word: str, place: Place) -> DataError:
    """Return the error for a word that is said to be the unit and is not known."""
    return DataError(
        chosen(
            f"{raw_table.name}: the unit '{shortened(word)}' {place.english} is not known. Write it as 元, 万元 or 亿元.",
            f"{raw_table.name}：{place.chinese}的计量单位“{shortened(word)}”无法识别。请写成“元”“万元”“亿元”等规范单位。",
        )
    )


def _split(words: str) -> list[str]:
    """Return the words of a list such as 万元、家."""
    joined = SPACED.sub(r"\1", words.strip())
    return [units.normalized(word) for word in SEPARATOR.split(joined) if word]


def word_list(text: str) -> list[str]:
    """Return the words of a list when all of them are units, else none."""
    words = _split(text.removeprefix("单位").lstrip(":：为 "))
    return words if words and all(units.named(word) for word in words) else []


def names_unit(text: str) -> bool:
    """Return whether a text in brackets is most likely a unit, known or not: 单位：磅, 美元."""
    return text.startswith("单位") or bool(UNIT_LIKE.fullmatch(text))


def _leading_units(words: list[str]) -> list[tuple[str, Unit]]:
    """Return the units with which a list of words begins."""
    known = []
    for word in words:
        if (unit := units.named(word)) is None:
            break
        known.append((word, unit))
    return known


def _is_stated_alone(word: str) -> bool:
    """Return whether a word is a unit without being called one; 附件（十） and （百） state none."""
    return word not in MULTIPLES or word in ("万", "亿")
