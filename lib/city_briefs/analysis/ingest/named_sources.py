"""Sources that are named for their tables: files, sheets of a workbook, tables of a database."""

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

from city_briefs.analysis.ingest.readers import postgres, workbook
from city_briefs.analysis.ingest.source import DataSource, Kind
from city_briefs.analysis.ingest.sources_toml import NAME
from city_briefs.common import files
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, REGIONS, TABLES

KINDS: dict[str, Kind] = {
    "csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xlsx", "et": "xlsx",
    "ods": "xlsx", "xlsb": "xlsx", "parquet": "parquet",
}  # fmt: skip
ADDRESS = ("postgresql://", "postgres://")
NEXT = re.compile(r"[-_ (.\d]|$")  # what may follow the name of a table in that of a file
QUOTES = str.maketrans("", "", "“”\"'‘’《》")


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, sorted by name, without hidden files and lock files."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if not name.startswith((".", "~$")))


def real(path: Path) -> Path:
    """Return where a path leads, links followed; of links that lead to one another, one of them."""
    return Path(os.path.realpath(path))  # `Path.resolve` raises where links go round


def no_file(path: Path, name: str) -> str:
    """Return a sentence on what is at a path and no file, such as a named pipe; empty for a file, and when nothing is there."""
    try:
        files.opened(path).close()
    except files.NotReadable as error:
        return chosen(f"{name} cannot be read: {error}. Send a file.", f"{name}无法读取：{error.chinese}。请报送文件。")
    except OSError as error:  # of what is not there it is told by who looks for it
        if error.errno == errno.ELOOP:
            return chosen(f"{name} is a link to itself. Send a file.", f"{name}是指向自身的链接。请报送文件。")
    return ""


def exists(path: Path) -> bool:
    """Return whether there is a file or a folder; no file has a name that is too long for the disk."""
    try:
        return path.exists()
    except OSError:
        return False


def table_of(name: str) -> Table | None:
    """Return the table that a file, sheet or database table is named for; None when there is none.

    More may follow the name of the table: complaints_2021, 人口（2021）.
    """
    normalized = _normalized_name(name)
    titles = {_normalized_name(title): table for table in TABLES.values() for title in (table.name, table.label)}
    matching = [title for title in titles if normalized.startswith(title) and NEXT.match(normalized[len(title) :])]
    return titles[max(matching, key=len)] if matching else None


def _normalized_name(name: str) -> str:
    """Return the name without what does not tell it from another: case, width, quotes, blanks."""
    return normalize("NFKC", name.translate(QUOTES)).casefold().strip().replace(" ", "_").replace("-", "_")


def file_sources(file: Path, name: str) -> Iterator[DataSource]:
    """Yield the source of a file that is named for a table, or one source per sheet that is named for a table."""
    kind = KINDS[file.suffix[1:].lower()]
    if table := table_of(file.stem):
        yield checked_source(name, kind, file, table)
        return
    names = workbook.sheets(DataSource(name, kind, file, REGIONS)) if kind == "xlsx" else []
    sheets = {sheet: table for sheet in names if (table := table_of(sheet))}
    if not sheets:
        titles = [title for table in TABLES.values() if table is not COVERAGE for title in (table.name, table.label)]
        raise DataError(
            chosen(
                f"{name}: no table is called '{file.stem}'.{suggestion(file.stem, titles)} "
                f'Name the file for its table, or declare it in {NAME}; ignore = ["{name}"] there leaves it aside.',
                f"{name}：没有名为“{file.stem}”的数据表。{suggestion_zh(file.stem, titles)}"
                f'请按表名命名文件，或在{NAME}中说明；不读的写ignore = ["{name}"]。',
            )
        )
    for sheet, table in sheets.items():
        yield replace(checked_source(name, kind, file, table), sheet=sheet)


def checked_source(name: str, kind: Kind, place: Path | str, table: Table) -> DataSource:
    """Return a source; a table that ingest itself makes is a DataError."""
    if table is COVERAGE:
        raise DataError(
            chosen(
                f"{name}: {table.name} is made of the other tables and not sent. Leave it out, or let {NAME} ignore it.",
                f"{name}：{table.name}由其他表生成，不用报送，请去掉，或在{NAME}的ignore中列出。",
            )
        )
    return DataSource(name, kind, place, table)


def database_sources(url: str) -> Iterator[DataSource]:
    """Yield the tables of a database that are named for ours."""
    for name in postgres.tables(url):
        if (table := table_named(name)) and table is not COVERAGE:
            yield DataSource(name, "postgres", url, table)


def table_named(name: str) -> Table | None:
    """Return the table that a database table (schema.table) is named for; None when there is none. Nothing may follow its name."""
    normalized = _normalized_name(name.rpartition(".")[2])
    return next(
        (table for table in TABLES.values() if normalized in (_normalized_name(table.name), _normalized_name(table.label))), None
    )
