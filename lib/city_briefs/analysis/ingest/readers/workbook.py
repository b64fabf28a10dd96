"""Workbooks as raw tables, one for each visible sheet with cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.raw_table import HEAD, ROW, SURPLUS, MergedCells, RawTable, ScaledColumn
from city_briefs.analysis.ingest.readers import archive, cell_styles, open_document, sheet_remarks
from city_briefs.analysis.ingest.readers.binary_workbook import BinaryWorkbook
from city_briefs.analysis.ingest.readers.cell_marks import CellMarks
from city_briefs.analysis.ingest.readers.number_formats import plain_text, time_text
from city_briefs.analysis.ingest.readers.sheet import SheetContents, check_area, inspect_sheet, shared_texts
from city_briefs.analysis.ingest.readers.sheet_rows import Merge, OpenedSheet, SheetRows
from city_briefs.analysis.ingest.source import DataSource

BATCH = 1 << 16  # rows


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """Yield the raw tables of a workbook: of the sheet that the source names, else of every visible sheet with cells.

    Raises:
        DataError: the workbook or one of its sheets is refused, or it has no sheet of that name.
    """
    with archive.open_archive(source) as file, _calamine_errors(source):
        if archive.is_open_document(file):
            yield from open_document.raw_tables(source, file)
            return
        if archive.is_binary(file):
            yield from _binary_tables(source, BinaryWorkbook(source, file))
            return
        listed = archive.sheets(source, file)
        texts, styles, is_calculated = shared_texts(file), cell_styles.read(source, file), archive.is_calculated(file)

        def inspected(sheet: archive.WorkbookSheet) -> SheetContents:
            return inspect_sheet(source, file, sheet, texts, styles, calculated=is_calculated)

        contents = {sheet.name: inspected(sheet) for sheet in _sheets_to_read(source, listed)}
        check_area(source, list(contents.values()))
        hidden = {
            sheet.name: rows for sheet in listed if not (source.sheet or sheet.shown) and (rows := inspected(sheet).last_row)
        }
        from_1904 = archive.counts_from_1904(file)
        with CalamineWorkbook.from_path(str(source.location)) as book:
            kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
            for name, cells in contents.items():
                if kinds[name] is SheetTypeEnum.WorkSheet and cells.last_row:
                    yield _raw_table(source, book.get_sheet_by_name(name), cells.marks, hidden, counts_from_1904=from_1904)
                    hidden = {}


def sheets(source: DataSource, *, shown: bool = True) -> list[str]:
    """Return the names of the visible sheets or, unless `shown`, of the hidden ones.

    Hidden sheets are read only when a source names them.
    """
    with archive.open_archive(source) as file:
        if archive.is_open_document(file):
            return [name for name, is_shown in open_document.sheets(source, file) if is_shown is shown]
        listed = BinaryWorkbook(source, file).sheets if archive.is_binary(file) else archive.sheets(source, file)
        return [sheet.name for sheet in listed if sheet.shown is shown]


def _binary_tables(source: DataSource, book: BinaryWorkbook) -> Iterator[RawTable]:
    """Yield the raw tables of a binary workbook."""
    contents = [book.sheet(sheet) for sheet in _sheets_to_read(source, book.sheets)]
    check_area(source, contents)
    hidden = {
        sheet.name: rows for sheet in book.sheets if not (source.sheet or sheet.shown) and (rows := book.sheet(sheet).last_row)
    }
    for sheet in contents:
        if sheet.last_row:
            yield _raw_table(source, sheet, sheet.marks, hidden, counts_from_1904=book.counts_from_1904)
            hidden = {}


def _sheets_to_read(source: DataSource, listed: list[archive.WorkbookSheet]) -> list[archive.WorkbookSheet]:
    """Return the sheets to read.

    Raises:
        DataError: there is no sheet of the name in the source.
    """
    if not source.sheet:
        return [sheet for sheet in listed if sheet.shown]
    archive.check_has_sheet(source, [sheet.name for sheet in listed])
    return [sheet for sheet in listed if sheet.name == source.sheet]


@contextmanager
def _calamine_errors(source: DataSource) -> Iterator[None]:
    """Turn every error of calamine, its panics included, into a DataError."""
    try:
        yield
    except CalamineError:
        raise archive.unreadable(source) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust, which is no Exception
            raise archive.unreadable(source) from None
        raise


def _raw_table(
    source: DataSource, sheet: OpenedSheet, marks: CellMarks, hidden_sheets: dict[str, int], *, counts_from_1904: bool
) -> RawTable:
    """Return the raw table of one sheet."""
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    names = tuple(xl_col_to_name(number) for number in range(start[1], end[1] + 1))
    merges = [merge for merge in sheet.merged_cell_ranges or [] if merge[0][0] <= end[0] and start[1] <= merge[0][1] <= end[1]]
    remarks = list(sheet_remarks.remarks(marks, range(start[1], end[1] + 1), hidden_sheets))
    sheet_rows = partial(SheetRows, sheet, marks, merges, start[1])

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        read = sheet_rows()
        numbered = islice(enumerate(read, start=1), first - 1, None)
        while numbered_rows := list(islice(numbered, BATCH)):
            columns = [_text_column(column) for column in zip(*(row for _, row in numbered_rows), strict=True)]
            numbers = pa.array([number for number, _ in numbered_rows], pa.int64())
            yield pa.RecordBatch.from_arrays(
                [*columns, pa.nulls(len(numbered_rows), pa.string()), numbers], names=[*names, SURPLUS, ROW]
            )
        remarks.extend([remark for remark in read.remarks() if remark not in remarks])

    head = [[_cell_text(cell) for cell in row] for row in islice(sheet_rows(), HEAD)]
    archive.check_head(source, sheet.name, head)
    last = frozenset(marks.last_rows)
    foot = [[_cell_text(cell) for cell in row] for number, row in enumerate(sheet_rows(last), start=1) if number in last]
    merged = tuple(_merged_cells(merge) for merge in sorted(merges) if merge[0] != merge[1])
    _spread_merged_headers(head, merges, start[1])
    return RawTable(
        source, sheet.name, False, names, tuple(map(tuple, head)), rows, foot=tuple(map(tuple, foot)), merged=merged,
        remarks=remarks, counts_from_1904=counts_from_1904, scaled=_scaled(marks),
    )  # fmt: skip


def _merged_cells(merge: Merge) -> MergedCells:
    """Return a range of merged cells as a spreadsheet names it."""
    (top, left), (bottom, right) = merge
    return MergedCells(top + 1, bottom + 1, tuple(xl_col_to_name(number) for number in range(left, right + 1)))


def _scaled(marks: CellMarks) -> dict[str, ScaledColumn]:
    """Return the columns whose number formats show smaller numbers without a word."""
    return {
        (letters := xl_col_to_name(number)): ScaledColumn(f"{letters}{row + 1}", marks.styles.notable[style].code, shift)
        for number, (row, shift, style) in marks.scaled_columns().items()
    }


def _spread_merged_headers(head: list[list[str | None]], merges: list[Merge], left: int) -> None:
    """Repeat the value of merged cells in each of their columns, in place: a header may span several."""
    for (top, first), (bottom, last) in merges:
        for row in head[top : bottom + 1]:
            for column in range(first - left + 1, min(last - left + 1, len(row))):
                row[column] = row[first - left]


def _text_column(column: tuple[Any, ...]) -> pa.Array:
    """Return a column as an array of text; an empty cell is null."""
    only_text = set(map(type, column)) == {str}
    return pa.array([cell or None for cell in column] if only_text else map(_cell_text, column), pa.string())


def _cell_text(cell: Any) -> str | None:
    """Return a cell as text; None for an empty one.

    A whole number has no decimal point, any other number is as short as is exact, a date is as in ISO 8601, and a time has
    hours, minutes and seconds (0:12:30).
    """
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return plain_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, time | timedelta):
        return time_text(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell) if isinstance(cell, int) else None
