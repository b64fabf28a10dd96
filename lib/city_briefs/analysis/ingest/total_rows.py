"""Total rows, blank rows and notes, which hold no data; and totals that are not the sum of the rows above."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest.raw_table import ROW

FIRST = 3  # columns among which a total row says that it is one
# A row of sums: 合计, 全省合计, 兰州市小计：
TOTAL = r"^\s*.{0,10}(合\s*计|总\s*计|小\s*计|共\s*计)\s*[:：]?\s*$"
PART = "小"
# How a note begins, and a line of names and dates.
NOTE = (
    r"^\s*([（(]?\s*(注|备注|说明|附注|资料来源|数据来源)\s*\d*\s*[:：、.)）]|[*※]"
    r"|(填表|制表|审核|复核|填报|报送|上报|打印|导出|联系|负责|单位负责|统计负责)[^,，:：]{0,6}[:：])"
)
NOTE_CELLS = 4  # filled cells that such a line has at most


class NonDataRows:
    """Rows that hold no data. `mask` says which rows; `total` holds the word of a total row, null for any other row."""

    def __init__(self, rows: pa.Table, region: str | None) -> None:
        """Inspect rows as text, in the columns of their raw table and ROW. `region` is its column of regions, None without one."""
        cells = {name: rows[name] for name in rows.column_names if name != ROW}
        trimmed = {name: pc.utf8_trim_whitespace(column) for name, column in cells.items()}
        filled = {name: pc.greater(pc.utf8_length(column), 0).fill_null(False) for name, column in trimmed.items()}
        count = pa.chunked_array([pa.repeat(0, len(rows))])
        for column in filled.values():
            count = pc.add(count, column.cast(pa.int64()))
        first = pc.coalesce(*(_text_where(filled[name], trimmed[name]) for name in cells))
        note = pc.and_(pc.match_substring_regex(first, NOTE).fill_null(False), pc.less_equal(count, NOTE_CELLS))
        places = dict.fromkeys([*list(cells)[:FIRST], *([region] if region else [])])
        self.total = pc.coalesce(*(_text_where(pc.match_substring_regex(cells[name], TOTAL), cells[name]) for name in places))
        self.mask = pc.or_(pc.or_(pc.equal(count, 0), note), self.total.is_valid())


def _text_where(condition: pa.ChunkedArray, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the column with null wherever the condition is false."""
    return pc.if_else(condition, column, pa.scalar(None, pa.string()))


class RunningSums:
    """The sums of number columns since the last grand total, and since the last subtotal."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._all = dict.fromkeys(names, Decimal(0))
        self._part = dict.fromkeys(names, Decimal(0))

    def add(self, rows: Mapping[str, pa.Array]) -> None:
        """Add the values of rows, one array per column."""
        for name in self.names:
            more = Decimal(pc.sum(rows[name]).as_py() or 0)
            self._all[name] += more
            self._part[name] += more

    def differing(self, stated: Mapping[str, Decimal | int | None], word: str) -> Iterator[tuple[str, Decimal]]:
        """Yield each column whose total differs from the sum, with that sum; then start the sum anew.

        `word` is the word of the total row, which tells a subtotal (小计) from a grand total.
        """
        sums = dict(self._part if PART in word else self._all)
        self._part = dict.fromkeys(self.names, Decimal(0))
        if PART not in word:
            self._all = dict.fromkeys(self.names, Decimal(0))
        yield from ((name, sums[name]) for name in self.names if stated[name] is not None and stated[name] != sums[name])
