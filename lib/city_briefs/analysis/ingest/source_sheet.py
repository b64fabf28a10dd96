"""A source sheet: one sheet of a data source, where its rows and cells are for whoever sent it, and what became of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from city_briefs.analysis.ingest.set_aside import SetAsideRow
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.validation.finding import Finding, Severity, shortened


@dataclass(frozen=True)
class SourceSheet:
    """One sheet of a data source, or the source itself when it has no sheets.

    `letters` holds, by column of the table, the letters of the spreadsheet column; empty for a source without cells. `sent`
    holds the columns of the table that it has; None when all are there.
    """

    source: DataSource
    name: str = ""
    letters: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    sent: frozenset[str] | None = field(default=None, hash=False, compare=False)

    @property
    def display_name(self) -> str:
        """Return its name in messages: the name of the source, with the sheet when it has one."""
        return f"{self.source.name}, sheet {self.name}" if self.name else self.source.name

    def cell(self, row: int, column: str) -> str:
        """Return the cell in a row, such as C5; empty when the source has no cells, or the column was not sent."""
        return f"{self.letters[column]}{row}" if column in self.letters else ""

    def finding(self, severity: Severity, rule: str, row: int | None, column: str, value: Any, sentence: str) -> Finding:
        """Return a finding whose text is the sentence with its place before it. `row` is None for what concerns no single row."""
        cell = self.cell(row, column) if row else ""
        place = f"{self.display_name}, cell {cell}" if cell else f"{self.display_name}, row {row}" if row else self.display_name
        table, text = self.source.table.name, f"{place}: {sentence}"
        return Finding(
            severity, table, row, column, shortened(value), rule, text, file=self.source.name, sheet=self.name, cell=cell
        )


@dataclass(frozen=True)
class SheetCounts:
    """The row counts of a sheet: accepted, rejected, and `aside` for lines that hold no data.

    `lines` are the first of these that are not blank, and `more_lines` counts the others.
    """

    sheet: SourceSheet
    accepted: int
    rejected: int
    aside: int
    lines: tuple[SetAsideRow, ...] = ()
    more_lines: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows were read; no row is lost."""
        return self.accepted + self.rejected
