"""Which sources there are in the files, folders and databases that were named, and which table each of them fills."""

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
from city_briefs.analysis.ingest.sources_toml import MADE, NAME, DeclaredSource
from city_briefs.common.errors import DataError, UsageError, nearest, suggestion
from city_briefs.common.regions import Regions
from city_briefs.common.secrets import has_password, masked
from city_briefs.model.tables import REGIONS, TABLES, Table

KINDS: dict[str, Kind] = {
    "csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xlsx", "parquet": "parquet",
}  # fmt: skip
ADDRESS = ("postgresql://", "postgres://")
NEXT = re.compile(r"[-_ (.\d]|$")  # what may follow the name of a table in that of a file
QUOTES = str.maketrans("", "", "“”\"'‘’《》")


@dataclass(frozen=True)
class FoundSources:
    """Sources in the order in which they are read. `regions` is that which replaces the reference regions, `left` are files left aside."""

    sources: tuple[DataSource, ...]
    regions: DataSource | None
    skipped: tuple[str, ...]


def find(words: Sequence[str]) -> FoundSources:
    """The sources in files, folders, `sources.toml` files and databases.

    A word that names nothing is a UsageError; a data file that fits no table, or is declared wrongly, is a DataError.
    """
    search = _Search()
    for word in words:
        if has_password(word):
            raise UsageError(f"{masked(word)}: a password is not given here, where others may read it. Give it in PGPASSWORD.")
        if word.startswith(ADDRESS):
            search.add(_database_sources(word))
        elif not (path := Path(word)).exists():
            near = nearest(path.name, [file.name for file in path.parent.iterdir()]) if path.parent.is_dir() else None
            raise UsageError(f"There is no file or folder '{word}'.{f' Did you mean {near}?' if near else ''}")
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
        named = ", ".join("the database" if word.startswith(ADDRESS) else word for word in words)
        raise DataError(f"There is no data in {named}. It may be csv, tsv, xlsx or parquet files, or a postgresql:// address.")
    return FoundSources(rest, regions[0] if regions else None, tuple(search.skipped))


class _Search:
    """What was found so far; each file once."""

    def __init__(self) -> None:
        self.sources: list[DataSource] = []
        self.skipped: list[str] = []
        self._seen: set[Path] = set()

    def add(self, sources: Iterator[DataSource]) -> None:
        """Add sources; where a name is taken the folder goes before it, and two that messages could not tell apart are refused."""
        for source in sources:
            named = _with_parent_folder(source) if self._taken(source) else source
            if self._taken(named):
                raise DataError(
                    f"Two files are called {named.name}. Name the folder above them instead, so that they can be told apart."
                )
            self.sources.append(named)

    def _taken(self, source: DataSource) -> bool:
        return any(source.name == other.name and source.location != other.location for other in self.sources)

    def folder(self, folder: Path) -> None:
        """Add what a folder holds, with what lies below it; a `sources.toml` there declares what lies below itself."""
        files = list(_files_below(folder))
        for file in files:
            if file.name == NAME:
                self.declared(file, folder)
        self.files([file for file in files if file.name != NAME], folder)

    def files(self, files: Sequence[Path], folder: Path) -> None:
        """Add files that are named for their tables; what is no data is left aside."""
        for file in files:
            if (real := file.resolve()) not in self._seen:
                self._seen.add(real)
                name = file.relative_to(folder).as_posix()
                if file.suffix[1:].lower() in KINDS:
                    self.add(_file_sources(file, name))
                else:
                    self.skipped.append(name)

    def declared(self, file: Path, folder: Path) -> None:
        """Add what a `sources.toml` declares. Names are as seen from the folder that was given."""
        said = sources_toml.read(file)
        for path in _files_below(file.parent):
            if any(fnmatchcase(path.relative_to(file.parent).as_posix(), pattern) for pattern in said.ignore):
                self._seen.add(path.resolve())
                self.skipped.append(path.relative_to(folder).as_posix())
        for number, one in enumerate(said.source, start=1):
            where = f"{NAME}, source {number}"
            for source in (
                _declared_query_sources(one, where) if one.url else _declared_file_sources(file.parent, folder, one, where)
            ):
                if isinstance(source.location, Path):
                    self._seen.add(source.location.resolve())
                self.add(iter([replace(source, label=one.label or said.label)]))


def _with_parent_folder(source: DataSource) -> DataSource:
    """A file called by one folder more; what is no file keeps its name."""
    if not isinstance(source.location, Path):
        return source
    folder = source.location.absolute().parents[source.name.count("/")]
    return replace(source, name=f"{folder.name}/{source.name}")


def _files_below(folder: Path) -> Iterator[Path]:
    """The files below a folder in the order of their names, without hidden ones and locks. One that leads out of it is a DataError."""
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
    """The table that a file, sheet or table of a database is named for, perhaps with more after it: complaints_2021, 人口（2021）."""
    plain = _normalized(name)
    titles = {_normalized(title): table for table in TABLES.values() for title in (table.name, table.label)}
    fit = [title for title in titles if plain.startswith(title) and NEXT.match(plain[len(title) :])]
    return titles[max(fit, key=len)] if fit else None


def _normalized(name: str) -> str:
    return normalize("NFKC", name.translate(QUOTES)).casefold().strip().replace(" ", "_").replace("-", "_")


def _file_sources(file: Path, name: str) -> Iterator[DataSource]:
    """The source that a file is, by its name, or those that its sheets are by theirs."""
    kind = KINDS[file.suffix[1:].lower()]
    if table := table_of(file.stem):
        yield _checked_source(name, kind, file, table)
        return
    names = workbook.sheets(DataSource(name, kind, file, REGIONS)) if kind == "xlsx" else []
    sheets = {sheet: table for sheet in names if (table := table_of(sheet))}
    if not sheets:
        titles = [title for table in TABLES.values() if table not in MADE for title in (table.name, table.label)]
        raise DataError(
            f"{name}: no table is called '{file.stem}'.{suggestion(file.stem, titles)} "
            f'Name the file for its table, or declare it in {NAME}; ignore = ["{name}"] there leaves it aside.'
        )
    for sheet, table in sheets.items():
        yield replace(_checked_source(name, kind, file, table), sheet=sheet)


def _checked_source(name: str, kind: Kind, place: Path | str, table: Table) -> DataSource:
    """A source of a table that may be sent."""
    if table in MADE:
        raise DataError(f"{name}: {table.name} is made of the other tables and not sent. Leave it out, or let {NAME} ignore it.")
    return DataSource(name, kind, place, table)


def _declared_file_sources(here: Path, folder: Path, said: DeclaredSource, where: str) -> Iterator[DataSource]:
    """The source, or the sources, that a declaration makes of a file."""
    file = here / said.file
    if not file.resolve().is_relative_to(here.resolve()):
        raise DataError(f"{where}: '{said.file}' lies outside of the folder. Put it beside {NAME}.")
    if not file.is_file():
        names = [path.relative_to(here).as_posix() for path in _files_below(here)]
        raise DataError(f"{where}: there is no file '{said.file}'.{suggestion(said.file, names)}")
    if file.suffix[1:].lower() not in KINDS:
        raise DataError(f"{where}: '{said.file}' is no table. It may be {', '.join(KINDS)}.")
    name, kind = file.relative_to(folder).as_posix(), KINDS[file.suffix[1:].lower()]
    found = [_checked_source(name, kind, file, TABLES[said.table])] if said.table else list(_file_sources(file, name))
    for source in found:
        if not source.sheet or not said.sheet or source.sheet == said.sheet:
            yield _with_declaration(replace(source, sheet=said.sheet or source.sheet), said, where)


def _with_declaration(source: DataSource, said: DeclaredSource, where: str) -> DataSource:
    """A source with all that is declared of it."""
    return replace(
        source,
        columns=said.column_mappings(source.table, where),
        drop=tuple(said.drop),
        period=said.period,
        reporting=tuple(said.reporting),
    )


def _database_sources(url: str) -> Iterator[DataSource]:
    """The tables of a database that are called as ours are."""
    for name in postgres.tables(url):
        if (table := _table_named(name)) and table not in MADE:
            yield DataSource(name, "postgres", url, table)


def _declared_query_sources(said: DeclaredSource, where: str) -> Iterator[DataSource]:
    """The source that a declaration makes of a query, or of the table of a database that is called as ours is."""
    url, table = said.location, TABLES[said.table]
    if not url.startswith(ADDRESS):
        raise DataError(f"{where}: the url is no address of a database, such as postgresql://host/name.")
    name = f"query for {table.name}"
    if not said.query:
        names = postgres.tables(url)
        name = next((name for name in names if _table_named(name) is table), "")
        if not name:
            raise DataError(f"{where}: the database has no table {table.name}. It has {', '.join(names)}; or give a query.")
    yield _with_declaration(DataSource(name, "postgres", url, table, query=said.query), said, where)


def _table_named(name: str) -> Table | None:
    """The table that one of a database, schema.table, is called as; unlike a file it has nothing after its name."""
    plain = _normalized(name.rpartition(".")[2])
    return next((table for table in TABLES.values() if plain in (_normalized(table.name), _normalized(table.label))), None)


def with_reporting_regions(sources: Sequence[DataSource], regions: Regions) -> tuple[DataSource, ...]:
    """The sources with the codes of the regions that each was declared to report for."""
    found = []
    for source in sources:
        try:
            codes = tuple(regions.find(word).code for word in source.reporting)
        except UsageError as error:
            raise DataError(f"{NAME}, {source.name}, reporting: {error}") from None
        found.append(replace(source, reporting=codes))
    return tuple(found)
