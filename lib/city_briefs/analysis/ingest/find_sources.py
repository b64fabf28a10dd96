"""Sources found in the named files, folders and databases, each with the table that it fills."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from unicodedata import normalize

from city_briefs.analysis.ingest import sources_toml
from city_briefs.analysis.ingest.readers import postgres, workbook
from city_briefs.analysis.ingest.source import DataSource, Kind
from city_briefs.analysis.ingest.sources_toml import NAME, DeclaredSource
from city_briefs.common.errors import DataError, UsageError, nearest, suggestion
from city_briefs.common.regions import Regions
from city_briefs.common.secrets import has_password, masked
from city_briefs.model.tables import COVERAGE, REGIONS, TABLES, Table

KINDS: dict[str, Kind] = {
    "csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xlsx", "parquet": "parquet",
}  # fmt: skip
ADDRESS = ("postgresql://", "postgres://")
NEXT = re.compile(r"[-_ (.\d]|$")  # what may follow the name of a table in that of a file
QUOTES = str.maketrans("", "", "“”\"'‘’《》")


@dataclass(frozen=True)
class FoundSources:
    """The data sources in the order in which they are read.

    `regions` is a source that replaces the reference regions, None for the reference regions. `skipped` are the names of
    files that hold no data.
    """

    sources: tuple[DataSource, ...]
    regions: DataSource | None
    skipped: tuple[str, ...]


def find(locations: Sequence[str]) -> FoundSources:
    """Find the data sources in files, folders, `sources.toml` files and databases.

    Raises:
        UsageError: a location does not exist, or holds a password.
        DataError: a data file fits no table, is declared wrongly, or there is no data at all.
    """
    search = _Search()
    for location in locations:
        if has_password(location):
            raise UsageError(
                f"{masked(location)}: a password is not given here, where others may read it. Give it in PGPASSWORD."
            )
        if location.startswith(ADDRESS):
            search.add(_database_sources(location))
        elif not (path := Path(location)).exists():
            similar = nearest(path.name, [file.name for file in path.parent.iterdir()]) if path.parent.is_dir() else None
            raise UsageError(f"There is no file or folder '{location}'.{f' Did you mean {similar}?' if similar else ''}")
        elif path.is_dir():
            search.folder(path)
        elif path.name == NAME:
            search.declared(path, path.parent)
        else:
            search.files([path], path.parent)
    regions = [source for source in search.sources if source.table is REGIONS]
    if len(regions) > 1:
        raise DataError(f"{regions[0].name} and {regions[1].name} both list the regions. Keep the one that is right.")
    rest = tuple(source for source in search.sources if source.table is not REGIONS)
    if not rest:
        named = ", ".join("the database" if location.startswith(ADDRESS) else location for location in locations)
        raise DataError(f"There is no data in {named}. It may be csv, tsv, xlsx or parquet files, or a postgresql:// address.")
    return FoundSources(rest, regions[0] if regions else None, tuple(search.skipped))


class _Search:
    """The data sources found so far; each file is read once."""

    def __init__(self) -> None:
        self.sources: list[DataSource] = []
        self.skipped: list[str] = []
        self._seen: set[Path] = set()

    def add(self, sources: Iterator[DataSource]) -> None:
        """Add sources. Where a name is already used, the parent folder is put before it.

        Raises:
            DataError: two sources still have the same name, so that messages could not tell them apart.
        """
        for source in sources:
            renamed = _with_parent_folder(source) if self._taken(source) else source
            if self._taken(renamed):
                raise DataError(
                    f"Two files are called {renamed.name}. Name the folder above them instead, so that they can be told apart."
                )
            self.sources.append(renamed)

    def _taken(self, source: DataSource) -> bool:
        """Return whether another source has this name."""
        return any(source.name == other.name and source.location != other.location for other in self.sources)

    def folder(self, folder: Path) -> None:
        """Add the sources in a folder and below; a `sources.toml` declares the files that lie below itself."""
        files = list(_files_below(folder))
        for file in files:
            if file.name == NAME:
                self.declared(file, folder)
        self.files([file for file in files if file.name != NAME], folder)

    def files(self, files: Sequence[Path], folder: Path) -> None:
        """Add files that are named for their tables; a file that holds no data is skipped."""
        for file in files:
            if (real := file.resolve()) not in self._seen:
                self._seen.add(real)
                name = file.relative_to(folder).as_posix()
                if file.suffix[1:].lower() in KINDS:
                    self.add(_file_sources(file, name))
                else:
                    self.skipped.append(name)

    def declared(self, file: Path, folder: Path) -> None:
        """Add the sources that a `sources.toml` declares. Their names are paths below `folder`."""
        declaration = sources_toml.read(file)
        for path in _files_below(file.parent):
            if any(fnmatchcase(path.relative_to(file.parent).as_posix(), pattern) for pattern in declaration.ignore):
                self._seen.add(path.resolve())
                self.skipped.append(path.relative_to(folder).as_posix())
        for number, declared in enumerate(declaration.source, start=1):
            where = f"{NAME}, source {number}"
            for source in (
                _declared_query_sources(declared, where)
                if declared.url
                else _declared_file_sources(file.parent, folder, declared, where)
            ):
                if isinstance(source.location, Path):
                    self._seen.add(source.location.resolve())
                self.add(iter([replace(source, label=declared.label or declaration.label)]))


def _with_parent_folder(source: DataSource) -> DataSource:
    """Return the source with one more folder in its name; a query keeps its name."""
    if not isinstance(source.location, Path):
        return source
    folder = source.location.absolute().parents[source.name.count("/")]
    return replace(source, name=f"{folder.name}/{source.name}")


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, sorted by name, without hidden files and lock files.

    Raises:
        DataError: a link leads out of the folder.
    """
    inside = folder.resolve()
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(place) / name
            if name.startswith((".", "~$")):
                continue
            if not file.resolve().is_relative_to(inside):
                raise DataError(
                    f"{file.relative_to(folder).as_posix()} is a link that leads out of the folder. Put the file itself there."
                )
            yield file


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


def _file_sources(file: Path, name: str) -> Iterator[DataSource]:
    """Yield the source of a file that is named for a table, or one source per sheet that is named for a table."""
    kind = KINDS[file.suffix[1:].lower()]
    if table := table_of(file.stem):
        yield _checked_source(name, kind, file, table)
        return
    names = workbook.sheets(DataSource(name, kind, file, REGIONS)) if kind == "xlsx" else []
    sheets = {sheet: table for sheet in names if (table := table_of(sheet))}
    if not sheets:
        titles = [title for table in TABLES.values() if table is not COVERAGE for title in (table.name, table.label)]
        raise DataError(
            f"{name}: no table is called '{file.stem}'.{suggestion(file.stem, titles)} "
            f'Name the file for its table, or declare it in {NAME}; ignore = ["{name}"] there leaves it aside.'
        )
    for sheet, table in sheets.items():
        yield replace(_checked_source(name, kind, file, table), sheet=sheet)


def _checked_source(name: str, kind: Kind, place: Path | str, table: Table) -> DataSource:
    """Return a source; a table that ingest itself makes is a DataError."""
    if table is COVERAGE:
        raise DataError(f"{name}: {table.name} is made of the other tables and not sent. Leave it out, or let {NAME} ignore it.")
    return DataSource(name, kind, place, table)


def _declared_file_sources(toml_folder: Path, folder: Path, declared: DeclaredSource, where: str) -> Iterator[DataSource]:
    """Yield the sources that a declaration makes of a file: one, or one per sheet."""
    file = toml_folder / declared.file
    if not file.resolve().is_relative_to(toml_folder.resolve()):
        raise DataError(f"{where}: '{declared.file}' lies outside of the folder. Put it beside {NAME}.")
    if not file.is_file():
        names = [path.relative_to(toml_folder).as_posix() for path in _files_below(toml_folder)]
        raise DataError(f"{where}: there is no file '{declared.file}'.{suggestion(declared.file, names)}")
    if file.suffix[1:].lower() not in KINDS:
        raise DataError(f"{where}: '{declared.file}' is no table. It may be {', '.join(KINDS)}.")
    name, kind = file.relative_to(folder).as_posix(), KINDS[file.suffix[1:].lower()]
    sources = [_checked_source(name, kind, file, TABLES[declared.table])] if declared.table else list(_file_sources(file, name))
    for source in sources:
        if not source.sheet or not declared.sheet or source.sheet == declared.sheet:
            yield _with_declaration(replace(source, sheet=declared.sheet or source.sheet), declared, where)


def _with_declaration(source: DataSource, declared: DeclaredSource, where: str) -> DataSource:
    """Return the source with all that is declared of it."""
    return replace(
        source,
        columns=declared.column_mappings(source.table, where),
        drop=tuple(declared.drop),
        period=declared.period,
        reporting=tuple(declared.reporting),
    )


def _database_sources(url: str) -> Iterator[DataSource]:
    """Yield the tables of a database that are named for ours."""
    for name in postgres.tables(url):
        if (table := _table_named(name)) and table is not COVERAGE:
            yield DataSource(name, "postgres", url, table)


def _declared_query_sources(declared: DeclaredSource, where: str) -> Iterator[DataSource]:
    """Yield the source that a declaration makes of a query, or of the database table that is named for ours."""
    url, table = declared.location, TABLES[declared.table]
    if not url.startswith(ADDRESS):
        raise DataError(f"{where}: the url is no address of a database, such as postgresql://host/name.")
    name = f"query for {table.name}"
    if not declared.query:
        names = postgres.tables(url)
        name = next((name for name in names if _table_named(name) is table), "")
        if not name:
            raise DataError(f"{where}: the database has no table {table.name}. It has {', '.join(names)}; or give a query.")
    yield _with_declaration(DataSource(name, "postgres", url, table, query=declared.query), declared, where)


def _table_named(name: str) -> Table | None:
    """Return the table that a database table (schema.table) is named for; None when there is none. Nothing may follow its name."""
    normalized = _normalized_name(name.rpartition(".")[2])
    return next(
        (table for table in TABLES.values() if normalized in (_normalized_name(table.name), _normalized_name(table.label))), None
    )


def with_reporting_regions(sources: Sequence[DataSource], regions: Regions) -> tuple[DataSource, ...]:
    """Return the sources with the codes of their declared regions in place of names.

    Raises:
        DataError: a declared region is unknown.
    """
    resolved = []
    for source in sources:
        try:
            codes = tuple(regions.find(name).code for name in source.reporting)
        except UsageError as error:
            raise DataError(f"{NAME}, {source.name}, reporting: {error}") from None
        resolved.append(replace(source, reporting=codes))
    return tuple(resolved)
