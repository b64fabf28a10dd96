"""The plan: every pack of every region that is to be made, and the chapters that they share, each once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from city_briefs.common import paths
from city_briefs.common.characters import adjoined
from city_briefs.common.hashing import file_hash
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.formats import FORMATS
from city_briefs.production.packs.packs_toml import Pack, Parameters, parameters
from city_briefs.production.packs.sources import Sources

CHAPTERS = ".chapters"  # where executed chapters are kept for the next build, beside the packs


@dataclass(frozen=True)
class SnapshotRef:
    """The snapshot that a build reads: where it lies, what its packs say of it, and by what a process knows that it was checked.

    `sealed` is what only their manifest says: the hash of each table, and how many rows came in with a warning, by table and rule.
    """

    folder: Path
    stamp: Mapping[str, Any] = field(default_factory=dict, hash=False)
    checked: str = ""
    sealed: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def variables(self) -> dict[str, str]:
        """By which a kernel knows it, and the project root."""
        return {
            paths.ROOT_VARIABLE: str(paths.root()), paths.DATA_VARIABLE: str(self.folder), paths.CHECKED_VARIABLE: self.checked,
        }  # fmt: skip


@dataclass(frozen=True)
class Chapter:
    """One chapter of one region and period, run once for all the packs that hold it."""

    name: str
    region: Region
    period: Period
    parameters: Parameters
    source: SnapshotRef
    out: Path
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)
    is_analysis: bool = False

    @property
    def own_files(self) -> dict[str, str]:
        """What an analysis chapter reads of its own, by its path in the project: the hash of each file in the folder of its name."""
        folder = self.notebook.with_suffix("")
        files = sorted(file for file in folder.rglob("*") if file.is_file()) if self.is_analysis else []
        return {file.relative_to(paths.root()).as_posix(): file_hash(file) for file in files}

    @property
    def notebook(self) -> Path:
        """Where the notebook lies as it was written; `written` is its content."""
        return paths.notebooks() / f"{self.name}.ipynb"

    @property
    def remark(self) -> Path:
        """Where a remark on it lies, if there is one."""
        return paths.note(self.period.slug, self.region.code, self.name)

    @property
    def written(self) -> bytes:
        """The notebook as it was written."""
        return self.sources.content(self.notebook)

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs of it: the notebook and the remark, as they were read."""
        return vars(self) | {"sources": self.sources.of(self.notebook, self.remark)}

    @property
    def executed(self) -> Path:
        """Where the notebook is kept as it was executed last."""
        return kept(self.out, self.period, self.region) / f"{self.name}.ipynb"


@dataclass(frozen=True)
class PackRequest:
    """One pack of one region and period as it is asked for.

    Its chapters decide which edition it makes. Only who makes a pack again that stands asks for an `edition` himself.
    """

    pack: Pack
    region: Region
    period: Period
    source: SnapshotRef
    out: Path
    formats: tuple[str, ...]
    edition: Edition | None = None
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs of it: the notebooks and remarks of its chapters, as they were read."""
        files = (file for chapter in self.chapters for file in (chapter.notebook, chapter.remark))
        return vars(self) | {"sources": self.sources.of(*files)}

    @property
    def id(self) -> tuple[str, str, str]:
        """What tells it from every other request of a build."""
        return self.pack.id, self.region.code, self.period.slug

    @property
    def name(self) -> str:
        """As messages name it: 兰州市 2021, with the month when cut off before December."""
        return f"{self.region.name} {self.period.slug}"

    @property
    def title(self) -> str:
        """The title of the document."""
        return f"{adjoined(self.region.name, self.pack.title)}（{self.period.text}）"

    @property
    def folder(self) -> Path:
        """Where the pack goes. Only codes and numbers make this path."""
        return self.out / self.period.slug / self.region.code

    @property
    def parameters(self) -> Parameters:
        """What its chapters are run with."""
        region = {self.region.level: self.region.name}
        return parameters(self.pack, year=self.period.year, through=self.period.through, span=self.period.span, **region)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Its chapters, in the order in which they are printed."""
        given = self.parameters
        return tuple(
            Chapter(name, self.region, self.period, given, self.source, self.out, self.sources, name in self.pack.analysis)
            for name in self.pack.chapters_of(self.region.level)
        )

    @property
    def documents(self) -> list[Path]:
        """Where its documents go, one in each format."""
        return [self.folder / f"{self.pack.id}.{suffix}" for suffix in self.formats]


@dataclass(frozen=True)
class PackInputs:
    """A pack of which all chapters have run: all that it is made from, and so the edition that it makes.

    `notebooks` are the hashes of its executed chapters in their order. `content` is the hash of what they say, `lineage` what its
    manifest says that it is made from, and `key` the cache key: a pack that was made with this key would come out the same.
    """

    request: PackRequest
    notebooks: tuple[str, ...]
    content: str
    lineage: Mapping[str, Any] = field(hash=False)
    edition: Edition
    key: str


def kept(out: Path, period: Period, region: Region) -> Path:
    """Where what is kept for the next build lies, of a region and period."""
    return out / CHAPTERS / period.slug / region.code


def plan(
    packs: Iterable[Pack], regions: Regions, cities: Iterable[Region], periods: Iterable[Period],
    *, source: SnapshotRef, out: Path, formats: tuple[str, ...],
) -> list[PackRequest]:  # fmt: skip
    """The packs of the cities and counties that are named, or of all regions, over the periods that have the span of the pack.

    One that would lie outside of `out` is a UsageError.
    """
    named, sources = list(dict.fromkeys(cities)), Sources()
    requests = [
        PackRequest(pack, region, period, source, out, formats, sources=sources)
        for period in dict.fromkeys(periods)
        for pack in {pack.id: pack for pack in packs}.values()
        for region in named or regions.all
        if region.level in pack.levels and period.span == pack.span
    ]
    _check_places(requests)
    return requests


def with_manuals(requests: Sequence[PackRequest], manual: Pack | None, regions: Regions) -> list[PackRequest]:
    """Return requests with those of the manual of metrics to which their pages lead and that is not among them, once for each province.

    It is made as a page, and in the formats in which it stands.
    """
    made = {request.id: request for request in requests}
    for request in requests:
        if manual and request.pack.appendix == "manual" and "html" in request.formats:
            province, period = regions.province_of(request.region), request.period.to_date
            needed = replace(request, pack=manual, region=province, period=period, formats=FORMATS)
            stands = {file.suffix[1:] for file in needed.documents if file.exists()}
            made.setdefault(
                needed.id, replace(needed, formats=tuple(suffix for suffix in FORMATS if suffix in stands | {"html"}))
            )
    return list(made.values())


def _check_places(requests: Sequence[PackRequest]) -> None:
    """See that packs, and what is kept for the next build under the same names, lie inside the folder of outputs."""
    for out, period, region in dict.fromkeys((request.out, request.period.slug, request.region.code) for request in requests):
        paths.inside(out, period, region)
        paths.inside(out, CHAPTERS, period, region)
