"""A raw table: the cells of one sheet, file or query as they were read, before the columns are matched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from city_briefs.analysis.ingest.source import DataSource

ROW = "row"  # the column of a batch with the number of each row, as a spreadsheet counts: the first is 1
SURPLUS = (
    "surplus"  # the column of a batch that holds the cells of a row beyond the last column, as text; null where there are none
)
HEAD = 30  # rows at the top among which the header row is looked for


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
    span several.
    """

    source: DataSource
    sheet: str
    typed: bool
    names: tuple[str, ...]
    head: tuple[tuple[str | None, ...], ...]
    rows: Callable[[int], Iterator[pa.RecordBatch]]

    @property
    def name(self) -> str:
        """Return its name in messages: the name of the source, with the sheet when it has one."""
        return f"{self.source.name}, sheet {self.sheet}" if self.sheet else self.source.name
