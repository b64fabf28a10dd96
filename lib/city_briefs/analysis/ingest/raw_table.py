"""A raw table: the cells of one sheet, file or query as they were read, before the columns are matched."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.validation.finding import Severity

ROW = "row"  # the column of a batch with the number of each row, as a spreadsheet counts: the first is 1
SURPLUS = (
    "surplus"  # the column of a batch that holds the cells of a row beyond the last column, as text; null where there are none
)
HEAD = 30  # rows at the top among which the header row is looked for
FOOT = 30  # rows at the end among which a line such as “注：金额单位为万元” is looked for


@dataclass(frozen=True)
class MergedCells:
    """A range of merged cells: its first and last row as a spreadsheet counts them, and the letters of its columns."""

    first_row: int
    last_row: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class CellRemark:
    """What a reader noticed of a cell that its text alone does not tell, such as that it is struck through.

    `column` is the letters of its column, empty for a whole row; `row` is None for what concerns the whole sheet. `value` is
    what is shown of the cell. `english` is the sentence without the place; the Chinese one belongs to the `rule`
    (`messages_zh.RULES`). `count` is how many places are like this one, itself included. A row with a remark of severity
    "error" is rejected.
    """

    severity: Severity
    rule: str
    row: int | None
    column: str
    value: str
    english: str
    count: int = 1


@dataclass(frozen=True)
class ScaledColumn:
    """A column whose number format shows smaller numbers than its cells hold, and no word that says so: 15000 as 1.5.

    `cell` is the first such cell, `code` its number format, and `shift` the power of ten between both numbers.
    """

    cell: str
    code: str
    shift: int


@dataclass(frozen=True)
class RawTable:
    """The cells of one sheet, file or query, by columns.

    A `typed` raw table (Parquet, PostgreSQL) has column names and types, and no header row: `names` are its column names,
    `head` is empty, and `rows(1)` yields all rows.

    Any other raw table holds text: `names` are the letters of the columns as a spreadsheet has them (A, B, …), and `head` is
    the first HEAD rows, cells unstripped, all rows as long as the widest. An empty cell is None.

    `rows(first)` yields record batches from row number `first` on, with the columns `names`, the column ROW (int64) and,
    unless typed, the column SURPLUS (text). A value in SURPLUS means that the row has more cells than the table has columns,
    so that any of its cells may be in the wrong column. A shorter row is filled up with nulls. The value of merged cells is
    repeated in each of their rows, in the first of their columns; in `head` also in each of their columns, since a header may
    span several. `merged` lists the merged cells of the sheet.

    `foot` is the last FOOT rows with cells, as `head` is the first rows; a short table has the same rows in both. `remarks` are
    complete once all rows were read: a reader adds to them as it reads. `scaled` are columns, by their letters, whose cells are
    the numbers that are shown; the unit of such a column has to say so. Numbers in a column of dates are no days of a
    spreadsheet where `counts_from_1904`.
    """

    source: DataSource
    sheet: str
    typed: bool
    names: tuple[str, ...]
    head: tuple[tuple[str | None, ...], ...]
    rows: Callable[[int], Iterator[pa.RecordBatch]]
    foot: tuple[tuple[str | None, ...], ...] = ()
    merged: tuple[MergedCells, ...] = ()
    remarks: list[CellRemark] = field(default_factory=list)
    scaled: Mapping[str, ScaledColumn] = field(default_factory=dict)
    counts_from_1904: bool = False

    @property
    def name(self) -> str:
        """Return its name in messages: the name of the source, with the sheet when it has one."""
        return f"{self.source.name}, sheet {self.sheet}" if self.sheet else self.source.name

    @property
    def name_zh(self) -> str:
        """Return its name in Chinese messages."""
        return f"{self.source.name}工作表“{self.sheet}”" if self.sheet else self.source.name
