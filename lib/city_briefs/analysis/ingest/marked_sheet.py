"""A marked sheet: the copy of a faulty sheet, each cell in its place, with every fault coloured and commented."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.match_headers import HeaderMatch
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.readers.cell_marks import column
from city_briefs.analysis.ingest.source_sheet import SheetCounts
from city_briefs.analysis.ingest.workbook_style import LAST_ROW, ROWS, WorkbookWriter, cell, column_width
from city_briefs.analysis.validation.finding import Finding

MOST_CELLS = 1_000_000  # copied of one sheet, so that of a wide sheet fewer rows are copied
AROUND = 2  # rows before and after a faulty one, when not all are copied


@dataclass
class FaultySheet:
    """The faults of one sheet: its findings, and the reasons of rejected rows by row number (of the first rows at least)."""

    count: SheetCounts
    findings: list[Finding] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def unlisted(self) -> dict[int, str]:
        """Return the reasons of rejected rows without a finding of their own: only the first findings of a rule are listed."""
        listed = {finding.row for finding in self.findings if finding.severity == "error"}
        return {row: reason for row, reason in self.reasons.items() if row not in listed}


class MarkedSheet:
    """A faulty sheet while it is copied, each cell to the row and column that it was read from."""

    def __init__(self, book: WorkbookWriter, raw_table: RawTable, header: HeaderMatch, faulty: FaultySheet) -> None:
        """Begin the copy of the raw table whose header and faults are given, to a sheet of the workbook."""
        self.book, self.raw_table, self.header, self.faulty = book, raw_table, header, faulty
        self.most = max(min(ROWS, MOST_CELLS // len(raw_table.names)), 1)
        self.partial = faulty.count.rows + faulty.count.aside + header.first_row > self.most
        self.kept = {matched.raw_name for matched in (*header.columns.values(), *header.unknown_columns)}
        self.marks: dict[tuple[int, str], list[Finding]] = defaultdict(list)
        for finding in faulty.findings:
            for row_and_letters in self._marked_cells(finding):
                self.marks[row_and_letters].append(finding)

    def _marked_cells(self, finding: Finding) -> list[tuple[int, str]]:
        """Return the cells (row number, column letters) of a finding.

        A finding that names no column marks the first cell of its row; one of the whole sheet marks none.
        """
        unknown_names = [matched.raw_name for matched in self.header.unknown_columns if matched.header == finding.column]
        if finding.rule == "column unknown":
            return [(self.header.first_row - 1, at) for at in unknown_names]
        if not finding.row:
            return []
        raw_names = [matched.raw_name for name in finding.column.split(", ") if (matched := self.header.columns.get(name))]
        return [(finding.row, at) for at in raw_names or [self.raw_table.names[0]]]

    def write(self, sheet: Worksheet) -> None:
        """Copy the rows to the sheet of the new workbook."""
        if self.partial:
            sheet.set_default_row(hide_unused_rows=True)
        self._set_widths(sheet)
        for batch in self._copied_batches(set(self._row_numbers()) if self.partial else None):
            columns = [batch[name].to_pylist() for name in (*self.raw_table.names, SURPLUS)]
            for number, *cells, surplus in zip(batch[ROW].to_pylist(), *columns, strict=True):
                self._write_row(sheet, number, dict(zip(self.raw_table.names, cells, strict=True)), surplus)
        sheet.freeze_panes(self.header.first_row - 1, 0)

    def _row_numbers(self) -> Iterator[int]:
        """Yield the numbers of the rows to copy of a long sheet: the header rows, faulty rows, and some rows around each."""
        faults = sorted({row for row, _ in self.marks} | set(self.faulty.reasons))
        numbers = dict.fromkeys(range(1, self.header.first_row))
        for row in faults:
            numbers |= dict.fromkeys(range(max(row - AROUND, 1), row + AROUND + 1))
            if len(numbers) > self.most:
                break
        return iter(sorted(number for number in numbers if number <= LAST_ROW)[: self.most])

    def _copied_batches(self, numbers: set[int] | None) -> Iterator[pa.RecordBatch]:
        """Yield the batches of rows to copy; all rows when `numbers` is None."""
        last = max(numbers, default=0) if numbers is not None else LAST_ROW
        sorted_numbers = pa.array(sorted(numbers or ()), pa.int64())
        for batch in self.raw_table.rows(1):
            if len(batch) and batch[ROW][0].as_py() > last:
                return
            yield batch if numbers is None else batch.filter(pc.is_in(batch[ROW], sorted_numbers))

    def _write_row(self, sheet: Worksheet, number: int, cells: dict[str, str | None], surplus: str | None) -> None:
        """Copy one row. Under the header, only columns that are read are copied."""
        is_data = number >= self.header.first_row
        row_style = "head" if number == self.header.first_row - 1 else "rejected" if number in self.faulty.reasons else "text"
        for at, text in cells.items():
            findings = self.marks.get((number, at), [])
            style = min((finding.severity for finding in findings), default=row_style)  # an error before a warning
            if text and (at in self.kept or not is_data):
                self.book.write(sheet, number - 1, column(at), text, style)
            elif style != "text":
                sheet.write_blank(number - 1, column(at), None, self.book.styles[style])
            if findings:
                self._write_comment(sheet, number - 1, column(at), findings)
        if surplus:
            self.book.write(sheet, number - 1, column(self.raw_table.names[-1]) + 1, surplus, "error")

    def _write_comment(self, sheet: Worksheet, row: int, at: int, findings: list[Finding]) -> None:
        """Write a comment on a cell: what is wrong, and what would be right."""
        lines = list(dict.fromkeys("".join(messages_zh.problem_and_remedy(finding)) for finding in findings))
        height = 30 + 18 * sum(1 + len(line) // 18 for line in lines)
        sheet.write_comment(row, at, cell("\n".join(lines)), {"width": 280, "height": height})

    def _set_widths(self, sheet: Worksheet) -> None:
        """Set the widths of columns by the cells at the top."""
        for number, at in enumerate(self.raw_table.names):
            texts = [row[number] or "" for row in self.raw_table.head[self.header.first_row - 2 :]]
            sheet.set_column(column(at), column(at), column_width(texts))
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(column(self.raw_table.names[-1]) + 1)}{LAST_ROW}"})
