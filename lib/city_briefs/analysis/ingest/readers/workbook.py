"""Workbooks as raw tables, one for each visible sheet with cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum
from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.raw_table import HEAD, ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.readers import archive
from city_briefs.analysis.ingest.readers.sheet import SheetContents, check_area, inspect_sheet, shared_text_sizes
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.language import chosen, suggestion_zh

BATCH = 1 << 16  # rows
Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """Yield the raw tables of a workbook: of the sheet that the source names, else of every visible sheet with cells.

    Raises:
        DataError: the workbook or one of its sheets is refused, or it has no sheet of that name.
    """
    with archive.open_archive(source) as file, _calamine_errors(source):
        sheets_to_read = _sheets_to_read(source, archive.sheets(source, file))
        sizes = shared_text_sizes(file)
        contents = {sheet.name: inspect_sheet(source, file, sheet, sizes) for sheet in sheets_to_read}
        check_area(source, list(contents.values()))
        with CalamineWorkbook.from_path(str(source.location)) as book:
            kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
            for name, cells in contents.items():
                if kinds[name] is SheetTypeEnum.WorkSheet and cells.last_row:
                    yield _raw_table(source, book.get_sheet_by_name(name), cells)


def sheets(source: DataSource, *, shown: bool = True) -> list[str]:
    """Return the names of the visible sheets or, unless `shown`, of the hidden ones.

    Hidden sheets are read only when a source names them.
    """
    with archive.open_archive(source) as file:
        return [sheet.name for sheet in archive.sheets(source, file) if sheet.shown is shown]


def _sheets_to_read(source: DataSource, listed: list[archive.WorkbookSheet]) -> list[archive.WorkbookSheet]:
    """Return the sheets to read.

    Raises:
        DataError: there is no sheet of the name in the source.
    """
    if not source.sheet:
        return [sheet for sheet in listed if sheet.shown]
    named = [sheet for sheet in listed if sheet.name == source.sheet]
    if not named:
        names = [sheet.name for sheet in listed]
        raise DataError(
            chosen(
                f"{source.name} has no sheet '{source.sheet}'. It has {', '.join(names)}.{suggestion(source.sheet, names)}",
                f"{source.name}没有工作表“{source.sheet}”，已有{'、'.join(names)}。{suggestion_zh(source.sheet, names)}",
            )
        )
    return named


@contextmanager
def _calamine_errors(source: DataSource) -> Iterator[None]:
    """Turn every error of calamine, its panics included, into a DataError."""
    refusal = chosen(
        f"{source.name} is a workbook that cannot be read. {archive.SAVE_AGAIN}",
        f"{source.name}是无法读取的工作簿。{archive.SAVE_AGAIN_ZH}",
    )
    try:
        yield
    except CalamineError:
        raise DataError(refusal) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust, which is no Exception
            raise DataError(refusal) from None
        raise


def _raw_table(source: DataSource, sheet: CalamineSheet, cells: SheetContents) -> RawTable:
    """Return the raw table of one sheet."""
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    names = tuple(xl_col_to_name(number) for number in range(start[1], end[1] + 1))
    merges = [merge for merge in sheet.merged_cell_ranges or [] if merge[0][0] <= end[0] and start[1] <= merge[0][1] <= end[1]]

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        numbered = islice(enumerate(_rows(sheet, cells, merges, start[1]), start=1), first - 1, None)
        while numbered_rows := list(islice(numbered, BATCH)):
            columns = [_text_column(column) for column in zip(*(row for _, row in numbered_rows), strict=True)]
            numbers = pa.array([number for number, _ in numbered_rows], pa.int64())
            yield pa.RecordBatch.from_arrays(
                [*columns, pa.nulls(len(numbered_rows), pa.string()), numbers], names=[*names, SURPLUS, ROW]
            )

    head = [[_cell_text(cell) for cell in row] for row in islice(_rows(sheet, cells, merges, start[1]), HEAD)]
    if not any(cell for row in head for cell in row):
        raise DataError(
            chosen(
                f"{source.name}, sheet {sheet.name}: the first {HEAD} rows are empty. Begin with the heading.",
                f"{source.name}工作表“{sheet.name}”：前{HEAD}行是空的，请从表头开始。",
            )
        )
    _spread_merged_headers(head, merges, start[1])
    return RawTable(source, sheet.name, False, names, tuple(map(tuple, head)), rows)


def _rows(sheet: CalamineSheet, cells: SheetContents, merges: list[Merge], left: int) -> Iterator[list[Any]]:
    """Yield the rows of a sheet from the first, with the texts of errors, and the values of merged cells in each of their rows."""
    open_merges: dict[int, tuple[int, Any]] = {}  # per column the last row of a merge, and its value
    merges_by_row: dict[int, list[Merge]] = {}
    for merge in merges:
        merges_by_row.setdefault(merge[0][0], []).append(merge)
    errors: dict[int, dict[int, str]] = {}
    for (row_number, column), text in cells.errors.items():
        errors.setdefault(row_number, {})[column - left] = text
    if not merges_by_row and not errors:
        yield from sheet.iter_rows()
        return
    row: list[Any]
    for number, row in enumerate(sheet.iter_rows()):
        for column, text in errors.get(number, {}).items():
            row[column] = text
        open_merges = {column: value for column, value in open_merges.items() if value[0] >= number}
        for column, (_, value) in open_merges.items():
            row[column] = value
        for (_, column), (last, _) in merges_by_row.get(number, ()):
            if last > number:
                open_merges[column - left] = (last, row[column - left])
        yield row


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

    A whole number has no decimal point, any other number is as short as is exact, and a date is as in ISO 8601.
    """
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell) if isinstance(cell, int | timedelta) else None
