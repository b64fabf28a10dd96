"""Sources found in the named files, folders and databases, each with the table that it fills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from city_briefs.analysis.ingest import sources_toml
from city_briefs.analysis.ingest.declared_sources import declared_files, declared_query
from city_briefs.analysis.ingest.named_sources import (
    ADDRESS,
    KINDS,
    database_sources,
    exists,
    file_sources,
    files_below,
    no_file,
    real,
)
from city_briefs.analysis.ingest.refusals import refusal
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.sources_toml import NAME
from city_briefs.analysis.ingest.zipped_files import UnpackedFolder
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.paths import shown
from city_briefs.common.secrets import has_password, masked
from city_briefs.model.tables import REGIONS


@dataclass(frozen=True)
class FoundSources:
    """The data sources in the order in which they are read.

    `regions` is a source that replaces the reference regions, None for the reference regions. `skipped` are the names of
    files that hold no data; `unread` are those of them that nobody said to leave aside. `refusals` has a finding for each file or
    declaration that can be no source. `unpacked` holds the files of archives, as long as they are read.
    """

    sources: tuple[DataSource, ...]
    regions: DataSource | None
    skipped: tuple[str, ...]
    refusals: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    unpacked: UnpackedFolder | None = None


def find(locations: Sequence[str]) -> FoundSources:
    """Find the data sources in files, folders, `sources.toml` files and databases.

    What fits no table, is declared wrongly or cannot be read is refused by itself, and so is a search without any data.

    Raises:
        UsageError: a location does not exist, or holds a password.
    """
    for location in locations:
        _check_location(location)
    search = _Search()
    files = [Path(location) for location in locations if not location.startswith(ADDRESS)]
    declarations = [file for file in files if file.name == NAME and not file.is_dir()]
    for file in declarations:  # before their folders, which may be named, too
        search.declared(file, file.parent, is_named=True)
    for location in locations:
        path = Path(location)
        if location.startswith(ADDRESS):
            search.add("", database_sources(location))
        elif path.is_dir():
            search.folder(path)
        elif path not in declarations:
            search.files([path], path.parent)
    return _found(search, locations)


def _check_location(location: str) -> None:
    """Check that a location exists and holds no password.

    Raises:
        UsageError: it does not, or it does.
    """
    if has_password(location):
        raise UsageError(
            chosen(
                f"{masked(location)}: a password is not given here, where others may read it. Give it in PGPASSWORD.",
                f"{masked(location)}：密码不能写在这里，以免被别人看到，请在PGPASSWORD中给出。",
            )
        )
    path = Path(location)
    if not location.startswith(ADDRESS) and not exists(path):
        names = [file.name for file in path.parent.iterdir()] if exists(path.parent) else []
        raise UsageError(
            chosen(
                f"There is no file or folder '{location}'.{suggestion(path.name, names)}",
                f"没有文件或文件夹“{location}”。{suggestion_zh(path.name, names)}",
            )
        )


def _found(search: "_Search", locations: Sequence[str]) -> FoundSources:
    """Return what a search found; that there is no data, or more than one list of regions, is a refusal, too."""
    regions = [source for source in search.sources if source.table is REGIONS]
    rest = tuple(source for source in search.sources if source.table is not REGIONS)
    refusals = list(search.refusals)
    if len(regions) > 1:
        text = chosen(
            f"{regions[0].name} and {regions[1].name} both list the regions. Keep the one that is right.",
            f"{regions[0].name}和{regions[1].name}都是行政区划名录，请保留正确的一份。",
        )
        refusals.append(refusal(regions[1].name, text))
    if not rest and not refusals:
        database = chosen("the database", "数据库")
        named = chosen(", ", "、").join(database if location.startswith(ADDRESS) else location for location in locations)
        text = chosen(
            f"There is no data in {named}. It may be csv, tsv, xlsx or parquet files, or a postgresql:// address.",
            f"{named}中没有数据。可用csv、tsv、xlsx、parquet文件，或postgresql://地址。",
        )
        refusals.append(refusal("", text))
    return FoundSources(
        rest, regions[0] if regions else None, tuple(search.skipped), tuple(refusals), tuple(search.unread), search.unpacked
    )


class _Search:
    """The data sources found so far, and what was refused; each file is read once."""

    def __init__(self) -> None:
        self.sources: list[DataSource] = []
        self.skipped: list[str] = []
        self.refusals: list[Finding] = []
        self.unread: list[str] = []
        self.unpacked: UnpackedFolder | None = None
        self._seen: set[Path] = set()

    def add(self, name: str, sources: Iterable[DataSource]) -> None:
        """Add the sources of a file; what is wrong with one refuses the file of this name.

        Where the name of a source is already used, the parent folder is put before it. Two sources that still have the same
        name are refused, since messages could not tell them apart.
        """
        try:
            for source in sources:
                renamed = _with_parent_folder(source) if self._taken(source) else source
                if self._taken(renamed):
                    raise DataError(
                        chosen(
                            f"Two files are called {renamed.name}. "
                            "Name the folder above them instead, so that they can be told apart.",
                            f"有两个文件都叫{renamed.name}，无法区分，请改为写明上一级文件夹。",
                        )
                    )
                self.sources.append(renamed)
        except DataError as error:
            self.refusals.append(refusal(name, str(error)))

    def _taken(self, source: DataSource) -> bool:
        """Return whether another source has this name."""
        return any(source.name == other.name and source.location != other.location for other in self.sources)

    def folder(self, folder: Path) -> None:
        """Add the sources in a folder and below; the `sources.toml` in the folder itself declares files that lie below it."""
        inside, files = real(folder), []
        for file in files_below(folder):
            name = file.relative_to(folder).as_posix()
            if not real(file).is_relative_to(inside):
                text = chosen(
                    f"{name} is a link that leads out of the folder. Put the file itself there.",
                    f"{name}是指向文件夹以外的链接，请放入文件本身。",
                )
                self.refusals.append(refusal(name, text))
            elif file.name != NAME:
                files.append(file)
            elif real(file) in self._seen:
                continue  # named itself
            elif file.parent == folder:
                self.declared(file, folder, is_named=False)
            else:
                text = chosen(
                    f"{name} lies below the folder that was named, and whoever sent it may not declare sources. "
                    f"Write what is right in it into {NAME} in the folder itself, or name {name} itself.",
                    f"{name}在子文件夹里，可能是随文件报来的，不能作为说明。"
                    f"请把其中正确的内容写到本文件夹的{NAME}里，或在命令中直接写明{name}。",
                )
                self.refusals.append(refusal(name, text))
        self.files(files, folder)

    def files(self, files: Sequence[Path], folder: Path) -> None:
        """Add files that are named for their tables; a file that holds no data is skipped."""
        for file in files:
            if (place := real(file)) not in self._seen:
                self._seen.add(place)
                name = file.relative_to(folder).as_posix()
                read = file.suffix[1:].lower() in KINDS or file.suffix.casefold() == ".zip"
                if read and (text := no_file(file, name)):
                    self.refusals.append(refusal(name, text))
                elif file.suffix[1:].lower() in KINDS:
                    self.add(name, file_sources(file, name))
                elif file.suffix.casefold() == ".zip":
                    self.archive(file, name)
                else:
                    self.skipped.append(name)
                    self.unread.append(name)

    def archive(self, file: Path, name: str) -> None:
        """Add the files in a zip archive, which are named archive.zip/complaints.csv."""
        self.unpacked = self.unpacked or UnpackedFolder()
        try:
            folder, files = self.unpacked.unpack(file, name)
        except DataError as error:
            self.refusals.append(refusal(name, str(error)))
        else:
            self.files(files, folder)

    def declared(self, file: Path, folder: Path, *, is_named: bool) -> None:
        """Add the sources that a `sources.toml` declares. Their names are paths below `folder`.

        Its urls are followed only when it `is_named` itself by whoever runs the command: any other may have been sent.
        """
        self._seen.add(real(file))
        declaration = sources_toml.read(file)
        name = file.relative_to(folder).as_posix()
        self.refusals += [refusal(name, mistake) for mistake in declaration.mistakes]
        for path in files_below(file.parent):
            if any(fnmatchcase(path.relative_to(file.parent).as_posix(), pattern) for pattern in declaration.ignore):
                self._seen.add(real(path))
                self.skipped.append(path.relative_to(folder).as_posix())
        self._seen.update(real(file.parent / faulty) for faulty in declaration.faulty_files)
        for number, declared in declaration.sources.items():
            where = chosen(f"{NAME}, source {number}", f"{NAME}第{number}个来源")
            if not declared.url:
                self._seen.add(real(file.parent / declared.file))
                sources = declared_files(file.parent, folder, declared, where)
            elif is_named:
                sources = declared_query(declared, where)
            else:
                text = chosen(
                    f"{where}: a url is followed only when the file itself is named: briefs ingest {shown(file)}. "
                    "Whoever sends files could write one.",
                    f"{where}：只有在命令中直接写明这个文件（briefs ingest {shown(file)}），才会连接url所写的数据库，"
                    "因为报送文件的人也能写它。",
                )
                self.refusals.append(refusal(name, text))
                continue
            label = declared.label or declaration.label
            self.add(name, (replace(source, label=label) for source in sources))


def _with_parent_folder(source: DataSource) -> DataSource:
    """Return the source with one more folder in its name; a query keeps its name."""
    if not isinstance(source.location, Path):
        return source
    folder = source.location.absolute().parents[source.name.count("/")]
    return replace(source, name=f"{folder.name}/{source.name}")
