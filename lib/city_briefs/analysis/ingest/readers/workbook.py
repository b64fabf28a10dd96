"""Workbooks as raw_tables, one for each sheet that is shown and has cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from city_briefs.analysis.ingest.raw_table import HEAD, ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.readers import archive
from city_briefs.analysis.ingest.readers.letters import letters
from city_briefs.analysis.ingest.readers.sheet import SheetContents, check_area, inspect_sheet, shared_text_sizes
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError, suggestion

BATCH = 1 << 16  # rows
Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """The raw_tables of a workbook: of the sheet that the source names, else of every one that is shown and has cells."""
    with archive.open_archive(source) as file, _calamine_errors(source):
        wanted = _sheets_to_read(source, archive.sheets(source, file))
        sizes = shared_text_sizes(file)
        looked = {sheet.name: inspect_sheet(source, file, sheet, sizes) for sheet in wanted}
        check_area(source, list(looked.values()))
        with CalamineWorkbook.from_path(str(source.location)) as book:
            kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
            for name, cells in looked.items():
                if kinds[name] is SheetTypeEnum.WorkSheet and cells.last_row:
                    yield _raw_table(source, book.get_sheet_by_name(name), cells)


def sheets(source: DataSource, *, shown: bool = True) -> list[str]:
    """The names of the sheets that are shown; or of those that are hidden and so are not read, unless a source names them."""
    with archive.open_archive(source) as file:
        return [sheet.name for sheet in archive.sheets(source, file) if sheet.shown is shown]


def _sheets_to_read(source: DataSource, listed: list[archive.WorkbookSheet]) -> list[archive.WorkbookSheet]:
    """The sheets to be read."""
    if not source.sheet:
        return [sheet for sheet in listed if sheet.shown]
    found = [sheet for sheet in listed if sheet.name == source.sheet]
    if not found:
        names = [sheet.name for sheet in listed]
        hint = suggestion(source.sheet, names)
        raise DataError(f"{source.name} has no sheet '{source.sheet}'. It has {', '.join(names)}.{hint}")
    return found


@contextmanager
def _calamine_errors(source: DataSource) -> Iterator[None]:
    """Around what calamine does: whatever it cannot read is a DataError, also what makes it panic."""
    refusal = f"{source.name} is a workbook that cannot be read. {archive.SAVE_AGAIN}"
    try:
        yield
    except CalamineError:
        raise DataError(refusal) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust, which is no Exception
            raise DataError(refusal) from None
        raise


def _raw_table(source: DataSource, sheet: CalamineSheet, cells: SheetContents) -> RawTable:
    """One sheet."""
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    names = tuple(letters(number) for number in range(start[1], end[1] + 1))
    merges = [merge for merge in sheet.merged_cell_ranges or [] if merge[0][0] <= end[0] and start[1] <= merge[0][1] <= end[1]]

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        numbered = islice(enumerate(_rows(sheet, cells, merges, start[1]), start=1), first - 1, None)
        while some := list(islice(numbered, BATCH)):
            columns = [_text_column(column) for column in zip(*(row for _, row in some), strict=True)]
            numbers = pa.array([number for number, _ in some], pa.int64())
            yield pa.RecordBatch.from_arrays([*columns, pa.nulls(len(some), pa.string()), numbers], names=[*names, SURPLUS, ROW])

    head = [[_cell_text(cell) for cell in row] for row in islice(_rows(sheet, cells, merges, start[1]), HEAD)]
    if not any(cell for row in head for cell in row):
        raise DataError(f"{source.name}, sheet {sheet.name}: the first {HEAD} rows are empty. Begin with the heading.")
    _spread_merged_headers(head, merges, start[1])
    return RawTable(source, sheet.name, False, names, tuple(map(tuple, head)), rows)


def _rows(sheet: CalamineSheet, cells: SheetContents, merges: list[Merge], left: int) -> Iterator[list[Any]]:
    """The rows of a sheet from the first, with the text of errors, and what is merged over rows in each of them."""
    held: dict[int, tuple[int, Any]] = {}  # per column the last row of a merge, and its value
    begin: dict[int, list[Merge]] = {}
    for merge in merges:
        begin.setdefault(merge[0][0], []).append(merge)
    errors: dict[int, dict[int, str]] = {}
    for (at, column), text in cells.errors.items():
        errors.setdefault(at, {})[column - left] = text
    if not begin and not errors:
        yield from sheet.iter_rows()
        return
    row: list[Any]
    for number, row in enumerate(sheet.iter_rows()):
        for column, text in errors.get(number, {}).items():
            row[column] = text
        held = {column: value for column, value in held.items() if value[0] >= number}
        for column, (_, value) in held.items():
            row[column] = value
        for (_, column), (last, _) in begin.get(number, ()):
            if last > number:
                held[column - left] = (last, row[column - left])
        yield row


def _spread_merged_headers(head: list[list[str | None]], merges: list[Merge], left: int) -> None:
    """Write what is merged over columns into each of them: a heading may lie over several."""
    for (top, first), (bottom, last) in merges:
        for row in head[top : bottom + 1]:
            for column in range(first - left + 1, min(last - left + 1, len(row))):
                row[column] = row[first - left]


def _text_column(column: tuple[Any, ...]) -> pa.Array:
    """A column as text; an empty cell is null."""
    only_text = set(map(type, column)) == {str}
    return pa.array([cell or None for cell in column] if only_text else map(_cell_text, column), pa.string())


def _cell_text(cell: Any) -> str | None:
    """A cell as text: a whole number without its point, any other as short as it can be told from its neighbours, a date as ISO has it."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell) if isinstance(cell, int | timedelta) else None
