"""The copy of a faulty sheet: its cells as they were sent, each in its place, and what is wrong coloured and commented."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.match_headers import HeaderMatch
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.readers.letters import column, letters
from city_briefs.analysis.ingest.staging import SheetCounts
from city_briefs.analysis.ingest.workbook_style import LAST_ROW, ROWS, WorkbookWriter, cell, column_width
from city_briefs.analysis.validation.finding import Finding

MOST_CELLS = 1_000_000  # of a sheet that are copied: fewer rows of a wide one
AROUND = 2  # rows before and after a faulty one, when not all are copied


@dataclass
class FaultySheet:
    """What is wrong with a sheet: the findings, and the reasons of rejected rows by their number, of the first at least."""

    count: SheetCounts
    findings: list[Finding] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def unlisted(self) -> dict[int, str]:
        """The reasons of rejected rows of which no finding speaks, since only the first of a rule are listed."""
        told = {finding.row for finding in self.findings if finding.severity == "error"}
        return {row: reason for row, reason in self.reasons.items() if row not in told}


class MarkedSheet:
    """A faulty sheet that is being copied, each cell in the row and column in which it was sent."""

    def __init__(self, book: WorkbookWriter, raw_table: RawTable, found: HeaderMatch, faulty: FaultySheet) -> None:
        self.book, self.raw_table, self.heading, self.faulty = book, raw_table, found, faulty
        self.most = max(min(ROWS, MOST_CELLS // len(raw_table.names)), 1)
        self.partial = faulty.count.rows + faulty.count.aside + found.first_row > self.most
        self.kept = {place.raw_name for place in (*found.columns.values(), *found.unknown_columns)}
        self.marks: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        for finding in faulty.findings:
            for place in self._marked_cells(finding):
                self.marks[place].append(finding)

    def _marked_cells(self, finding: Finding) -> list[tuple[int, str]]:
        """The cells that a finding speaks of: the first of its row when it names no column, none when it is of the whole sheet."""
        unknown = [place.raw_name for place in self.heading.unknown_columns if place.header == finding.column]
        if finding.rule == "column unknown":
            return [(self.heading.first_row - 1, at) for at in unknown]
        if not finding.row:
            return []
        named = [place.raw_name for name in finding.column.split(", ") if (place := self.heading.columns.get(name))]
        return [(finding.row, at) for at in named or [self.raw_table.names[0]]]

    def write(self, sheet: Worksheet) -> None:
        """Copy the rows."""
        if self.partial:
            sheet.set_default_row(hide_unused_rows=True)
        self._set_widths(sheet)
        for batch in self._copied_batches(set(self._row_numbers()) if self.partial else None):
            columns = [batch[name].to_pylist() for name in (*self.raw_table.names, SURPLUS)]
            for number, *cells, surplus in zip(batch[ROW].to_pylist(), *columns, strict=True):
                self._write_row(sheet, number, dict(zip(self.raw_table.names, cells, strict=True)), surplus)
        sheet.freeze_panes(self.heading.first_row - 1, 0)

    def _row_numbers(self) -> Iterator[int]:
        """The rows of a long sheet that are copied, as many as may be: those with a heading or a fault, and some around."""
        faults = sorted({row for row, _ in self.marks} | set(self.faulty.reasons))
        wanted = dict.fromkeys(range(1, self.heading.first_row))
        for row in faults:
            wanted |= dict.fromkeys(range(max(row - AROUND, 1), row + AROUND + 1))
            if len(wanted) > self.most:
                break
        return iter(sorted(number for number in wanted if number <= LAST_ROW)[: self.most])

    def _copied_batches(self, wanted: set[int] | None) -> Iterator[pa.RecordBatch]:
        """The rows that are copied; all when none are named."""
        last = max(wanted, default=0) if wanted is not None else LAST_ROW
        chosen = pa.array(sorted(wanted or ()), pa.int64())
        for batch in self.raw_table.rows(1):
            if len(batch) and batch[ROW][0].as_py() > last:
                return
            yield batch if wanted is None else batch.filter(pc.is_in(batch[ROW], chosen))

    def _write_row(self, sheet: Worksheet, number: int, cells: dict[str, str | None], surplus: str | None) -> None:
        """Copy a row; under the heading only what is read of it."""
        under = number >= self.heading.first_row
        plain = "head" if number == self.heading.first_row - 1 else "rejected" if number in self.faulty.reasons else "text"
        for at, text in cells.items():
            some = self.marks.get((number, at), [])
            style = min((one.severity for one in some), default=plain)  # an error before a warning
            if text and (at in self.kept or not under):
                self.book.write(sheet, number - 1, column(at), text, style)
            elif style != "text":
                sheet.write_blank(number - 1, column(at), None, self.book.styles[style])
            if some:
                self._write_comment(sheet, number - 1, column(at), some)
        if surplus:
            self.book.write(sheet, number - 1, column(self.raw_table.names[-1]) + 1, surplus, "error")

    def _write_comment(self, sheet: Worksheet, row: int, at: int, findings: list[Finding]) -> None:
        """Say what is wrong with a cell and what would be right."""
        lines = list(dict.fromkeys("".join(messages_zh.problem_and_remedy(one)) for one in findings))
        height = 30 + 18 * sum(1 + len(line) // 18 for line in lines)
        sheet.write_comment(row, at, cell("\n".join(lines)), {"width": 280, "height": height})

    def _set_widths(self, sheet: Worksheet) -> None:
        """Make columns as wide as the cells at the top."""
        for number, at in enumerate(self.raw_table.names):
            texts = [row[number] or "" for row in self.raw_table.head[self.heading.first_row - 2 :]]
            sheet.set_column(column(at), column(at), column_width(texts))
        sheet.ignore_errors({"number_stored_as_text": f"A1:{letters(column(self.raw_table.names[-1]) + 1)}{LAST_ROW}"})
