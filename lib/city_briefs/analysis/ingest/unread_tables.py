"""Tables that may lie in what was not read: files of other kinds, and sheets that are not named for a table."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from city_briefs.analysis.ingest import readers
from city_briefs.analysis.ingest.headings import columns_by_header, normalized_header
from city_briefs.analysis.ingest.match_headers import FAULTS, INSTRUCTIONS
from city_briefs.analysis.ingest.named_sources import table_of
from city_briefs.analysis.ingest.readers import workbook
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common.errors import DataError
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, TABLES

# Ends of names of files that may hold a table and are not read.
MAY_HOLD_A_TABLE = {
    "wps", "doc", "docx", "pdf", "ofd", "rar", "7z", "gz", "tar", "numbers", "html", "htm", "mht", "xml", "json", "dbf", "mdb", "accdb",
    "db", "sqlite", "sav", "dta", "fods", "xltx", "et", "ett", "xlsb", "ods", "xls", "zip",
}  # fmt: skip
ARCHIVES = {"rar", "7z", "gz", "tar"}
FITTING = 2  # headings of a table that a row has at least


def findings(unread_files: Sequence[str], sources: Sequence[DataSource]) -> Iterator[Finding]:
    """Yield a warning for each file that may hold a table and was not read, and for each sheet that looks like one."""
    for name in unread_files:
        suffix, table = PurePosixPath(name).suffix[1:].casefold(), table_of(PurePosixPath(name).stem)
        if suffix in MAY_HOLD_A_TABLE or table:
            remedy = "Unpack it" if suffix in ARCHIVES else "Save it as .xlsx"
            text = f"{name} was not read: no table is read from a .{suffix} file. {remedy}, if it holds data."
            yield Finding("warning", table.name if table else "", None, "", name, "file not read", text, file=name)
    by_location: dict[Path, list[DataSource]] = {}
    for source in sources:
        if source.kind == "xlsx" and source.sheet and isinstance(source.location, Path):
            by_location.setdefault(source.location, []).append(source)
    for sources_of_file in by_location.values():
        yield from _unread_sheets(sources_of_file)


def _unread_sheets(sources: Sequence[DataSource]) -> Iterator[Finding]:
    """Yield a warning for each sheet of a workbook that looks like a table. `sources` are its sheets that were read."""
    [file, *_], read = sources, {source.sheet for source in sources}
    try:
        shown, hidden = workbook.sheets(file), workbook.sheets(file, shown=False)
    except DataError:  # whoever reads the workbook tells it
        return
    for sheet in [*shown, *hidden]:
        if sheet in {*read, INSTRUCTIONS, FAULTS} or not (table := _table_of_sheet(file, sheet)):
            continue
        text = (
            f"{file.name}, sheet {sheet}: the sheet looks like a table of {table.name} ({table.label}) and was not read, since "
            f"{'it is hidden' if sheet in hidden else 'its name is none of a table'}. "
            f"{'Unhide it and name it' if sheet in hidden else 'Name it'} {table.label}, or delete it."
        )
        yield Finding("warning", table.name, None, "", sheet, "sheet not read", text, file=file.name, sheet=sheet)


def _table_of_sheet(file: DataSource, sheet: str) -> Table | None:
    """Return the table whose headings a sheet has most of; None when it has too few, or cannot be read."""
    try:
        heads = [
            raw_table.head for raw_table in readers.raw_tables(DataSource(file.name, file.kind, file.location, file.table, sheet))
        ]
    except DataError:
        return None
    rows = [{normalized_header(cell).partition("(")[0] for cell in row if cell} for head in heads for row in head]
    tables = [table for table in TABLES.values() if table is not COVERAGE]
    fitting = {table: max((len(row & set(columns_by_header(table))) for row in rows), default=0) for table in tables}
    best = max(tables, key=fitting.__getitem__)
    return best if fitting[best] >= FITTING else None
