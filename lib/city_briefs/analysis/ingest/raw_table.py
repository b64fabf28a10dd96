"""A raw_table: one sheet, file or query as it was read, before anything is known of its meaning."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from city_briefs.analysis.ingest.source import DataSource

ROW = "row"  # the column of a batch that holds the number of each row, as the file's own reader counts: the first is 1
SURPLUS = (
    "surplus"  # the column of a batch that holds the cells of a row beyond the last column, as text; null where there are none
)
HEAD = 30  # rows at the top among which a heading is looked for


@dataclass(frozen=True)
class RawTable:
    """Cells of a source, by columns.

    `typed` raw_tables (Parquet, PostgreSQL) name their columns, have types and no heading row: `names` are the columns' names, `head` is empty
    and `rows(1)` gives everything. Of any other raw_table `head` is the first HEAD rows as text, cells stripped of nothing, each row as long as
    the widest; `names` are the places of the columns as a spreadsheet has them, A, B, …; all cells are text and an empty one is null.
    `rows(first)` gives the rows from number `first` on, in batches with the columns `names`, the column ROW (int64), and, unless typed,
    the column SURPLUS: a row with a value there has more cells than the table has columns, so that none of them is sure to be in its place.
    A row with fewer cells is filled up with nulls. The value of merged cells stands in each of their rows, in the first of their columns;
    in `head`, where a heading may lie over several columns, in all of them.
    """

    source: DataSource
    sheet: str
    typed: bool
    names: tuple[str, ...]
    head: tuple[tuple[str | None, ...], ...]
    rows: Callable[[int], Iterator[pa.RecordBatch]]

    @property
    def name(self) -> str:
        """As messages call it: the file, with its sheet when it has one."""
        return f"{self.source.name}, sheet {self.sheet}" if self.sheet else self.source.name
