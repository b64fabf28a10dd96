"""The copy of a faulty sheet: its cells as they were sent, each in its place, and what is wrong coloured and commented."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.match_headers import Heading
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS, Grid
from city_briefs.analysis.ingest.readers.letters import column, letters
from city_briefs.analysis.ingest.staging import Count
from city_briefs.analysis.ingest.workbook_style import LAST_ROW, ROWS, Book, cell, width
from city_briefs.analysis.validation.finding import Finding

CELLS = 1_000_000  # of a sheet that are copied: fewer rows of a wide one
AROUND = 2  # rows before and after a faulty one, when not all are copied


@dataclass
class Faulty:
    """What is wrong with a sheet: the findings, and the reasons of rejected rows by their number, of the first at least."""

    count: Count
    findings: list[Finding] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def unlisted(self) -> dict[int, str]:
        """The reasons of rejected rows of which no finding speaks, since only the first of a rule are listed."""
        told = {finding.row for finding in self.findings if finding.severity == "error"}
        return {row: reason for row, reason in self.reasons.items() if row not in told}


class Copy:
    """A faulty sheet that is being copied, each cell in the row and column in which it was sent."""

    def __init__(self, book: Book, grid: Grid, found: Heading, faulty: Faulty) -> None:
        self.book, self.grid, self.heading, self.faulty = book, grid, found, faulty
        self.most = max(min(ROWS, CELLS // len(grid.names)), 1)
        self.partial = faulty.count.rows + faulty.count.aside + found.first > self.most
        self.kept = {place.at for place in (*found.places.values(), *found.unknown)}
        self.marks: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        for finding in faulty.findings:
            for place in self._places(finding):
                self.marks[place].append(finding)

    def _places(self, finding: Finding) -> list[tuple[int, str]]:
        """The cells that a finding speaks of: the first of its row when it names no column, none when it is of the whole sheet."""
        unknown = [place.at for place in self.heading.unknown if place.heading == finding.column]
        if finding.rule == "column unknown":
            return [(self.heading.first - 1, at) for at in unknown]
        if not finding.row:
            return []
        named = [place.at for name in finding.column.split(", ") if (place := self.heading.places.get(name))]
        return [(finding.row, at) for at in named or [self.grid.names[0]]]

    def write(self, sheet: Worksheet) -> None:
        """Copy the rows."""
        if self.partial:
            sheet.set_default_row(hide_unused_rows=True)
        self._set_widths(sheet)
        for batch in self._batches(set(self._wanted()) if self.partial else None):
            columns = [batch[name].to_pylist() for name in (*self.grid.names, SURPLUS)]
            for number, *cells, surplus in zip(batch[ROW].to_pylist(), *columns, strict=True):
                self._row(sheet, number, dict(zip(self.grid.names, cells, strict=True)), surplus)
        sheet.freeze_panes(self.heading.first - 1, 0)

    def _wanted(self) -> Iterator[int]:
        """The rows of a long sheet that are copied, as many as may be: those with a heading or a fault, and some around."""
        faults = sorted({row for row, _ in self.marks} | set(self.faulty.reasons))
        wanted = dict.fromkeys(range(1, self.heading.first))
        for row in faults:
            wanted |= dict.fromkeys(range(max(row - AROUND, 1), row + AROUND + 1))
            if len(wanted) > self.most:
                break
        return iter(sorted(number for number in wanted if number <= LAST_ROW)[: self.most])

    def _batches(self, wanted: set[int] | None) -> Iterator[pa.RecordBatch]:
        """The rows that are copied; all when none are named."""
        last = max(wanted, default=0) if wanted is not None else LAST_ROW
        chosen = pa.array(sorted(wanted or ()), pa.int64())
        for batch in self.grid.rows(1):
            if len(batch) and batch[ROW][0].as_py() > last:
                return
            yield batch if wanted is None else batch.filter(pc.is_in(batch[ROW], chosen))

    def _row(self, sheet: Worksheet, number: int, cells: dict[str, str | None], surplus: str | None) -> None:
        """Copy a row; under the heading only what is read of it."""
        under = number >= self.heading.first
        plain = "head" if number == self.heading.first - 1 else "rejected" if number in self.faulty.reasons else "text"
        for at, text in cells.items():
            some = self.marks.get((number, at), [])
            style = min((one.severity for one in some), default=plain)  # an error before a warning
            if text and (at in self.kept or not under):
                self.book.write(sheet, number - 1, column(at), text, style)
            elif style != "text":
                sheet.write_blank(number - 1, column(at), None, self.book.styles[style])
            if some:
                self._comment(sheet, number - 1, column(at), some)
        if surplus:
            self.book.write(sheet, number - 1, column(self.grid.names[-1]) + 1, surplus, "error")

    def _comment(self, sheet: Worksheet, row: int, at: int, findings: list[Finding]) -> None:
        """Say what is wrong with a cell and what would be right."""
        lines = list(dict.fromkeys("".join(messages_zh.said(one)) for one in findings))
        height = 30 + 18 * sum(1 + len(line) // 18 for line in lines)
        sheet.write_comment(row, at, cell("\n".join(lines)), {"width": 280, "height": height})

    def _set_widths(self, sheet: Worksheet) -> None:
        """Make columns as wide as the cells at the top."""
        for number, at in enumerate(self.grid.names):
            texts = [row[number] or "" for row in self.grid.head[self.heading.first - 2 :]]
            sheet.set_column(column(at), column(at), width(texts))
        sheet.ignore_errors({"number_stored_as_text": f"A1:{letters(column(self.grid.names[-1]) + 1)}{LAST_ROW}"})
