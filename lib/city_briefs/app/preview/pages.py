"""The pages of one chapter as it stands: run for one region and period in a kernel that is forked, and set as a pack sets it."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import format_exception

import nbformat
from nbformat import NotebookNode

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import incremental, selection
from city_briefs.common import files, paths, read_log, source_hash
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period
from city_briefs.common.regions import Region
from city_briefs.common.terminal import say_on_stderr
from city_briefs.production.build import run_chapter
from city_briefs.production.build.make_pack import metadata
from city_briefs.production.build.outcome import Failure
from city_briefs.production.export.document import bind, document
from city_briefs.production.export.pdf import BriefPDF, pictured
from city_briefs.production.packs import chapter_notebook, chapter_rules, packs_toml, trust
from city_briefs.production.packs.packs_toml import Pack
from city_briefs.production.packs.plan import Chapter, PackRequest
from city_briefs.production.packs.sources import Sources

ALONE = "preview"  # id of the pack that stands for one of a chapter which is in none yet
LEVELS = ("county", "city", "province")
PAGE_ONE = "page_one("  # begins the call of a chapter that is page one
OF_PAPERMILL = "papermill-error"  # begins the tags of cells that papermill puts into a notebook which stopped


@dataclass(frozen=True)
class Wanted:
    """What is to be seen: the chapter of a region over the months of a year up to `through`."""

    region: Region
    year: int
    through: int


@dataclass(frozen=True)
class Rendering:
    """What came of it: pages as PNG, and sentences on what is wrong, with what they are of.

    When no page could be made `pages` are empty.
    """

    wanted: Wanted
    pages: tuple[bytes, ...]
    sentences: tuple[str, ...]


class ChapterPreview:
    """One chapter, to be made again and again."""

    def __init__(self, name: str, snapshot: Snapshot) -> None:
        self.name, self.snapshot = name, snapshot
        self.source = incremental.source(snapshot)
        self.notebook = paths.notebooks() / f"{name}.ipynb"
        self._begun, self._span = source_hash.program_stamp(), YTD

    @property
    def regions(self) -> list[Region]:
        """The regions of which the chapter can be seen."""
        levels = {level for pack in self._packs() for level in pack.levels if self.name in pack.chapters_of(level)}
        return [region for region in self.snapshot.regions.all if region.level in levels]

    def wanted(self, city: str | None = None, year: int | None = None, through: int = 12) -> Wanted:
        """Return what these words ask for; without a region the first, without a year the latest complete one.

        Raises:
            UsageError: there is no such region or period, or the chapter is not made for it.
        """
        region = self.snapshot.regions.find(city) if city else next(iter(self.regions), self.snapshot.regions.province)
        asked = Wanted(region, year or selection.latest(self.snapshot), through)
        self._request(asked)
        return asked

    def stamp(self, wanted: Wanted) -> tuple[object, ...]:
        """Return what differs when the chapter, its remark, the packs or the program have been changed."""
        remark = paths.note(Period(wanted.year, wanted.through, self._span).slug, wanted.region.code, self.name)
        changed = [_changed(file) for file in (self.notebook, paths.notebooks() / trust.PACKS, remark)]
        return wanted, *changed, source_hash.program_stamp()

    def rendering(self, wanted: Wanted) -> Rendering:
        """Return the pages, or why there are none; the pages of a chapter that stops go as far as it came."""
        sentences = self._findings()
        try:
            request = self._request(wanted)
            [chapter] = request.chapters
            notebook, failure = self._run(chapter)
            if failure and not sentences:
                sentences = [_sentence(chapter, failure)]
            if notebook is None:
                return Rendering(wanted, (), tuple(sentences))
            head = metadata(request, None) | {"title": request.title}  # as the pack has it; every page says that it is no edition
            bound = bind([*self._before(request), (self.name, notebook)], head)
            brief = document(bound)
            return Rendering(wanted, tuple(pictured(BriefPDF().sources(brief), brief.title)), tuple(sentences))
        except BriefError as error:
            return Rendering(wanted, (), tuple(dict.fromkeys([*sentences, str(error)])))
        except Exception as error:  # which must not end what somebody is looking at; it is told in full where the command runs
            say_on_stderr("".join(format_exception(error)))
            return Rendering(wanted, (), (*sentences, f"{type(error).__name__}: {error}"))

    def _findings(self) -> list[str]:
        """Return what breaks the rules; of a definition that was changed since, the kernel tells."""
        from city_briefs.notebook import cells, own_cells

        try:
            packs = {pack.id: pack for pack in self._packs()}
            if self._begun != source_hash.program_stamp():
                return chapter_rules.findings(self.notebook, packs, lambda *_: (), lambda *_: ())
            return chapter_rules.findings(self.notebook, packs, cells.faults, own_cells.faults)
        except BriefError as error:
            return [str(error)]

    def _run(self, chapter: Chapter) -> tuple[NotebookNode | None, Failure | None]:
        """Return the chapter as it was run, or as far as it came with the reason; None when nothing is left of it."""
        with tempfile.TemporaryDirectory(prefix="briefs-preview-") as folder:
            told = {read_log.VARIABLE: str(Path(folder) / "reads"), paths.REMARK_VARIABLE: str(chapter.remark)}
            try:
                with _told(chapter.source.variables | told), files.appended(Path(folder) / "log") as log:
                    return run_chapter.run(chapter, log), None
            except run_chapter.Stopped as stopped:
                failure = stopped.failure
        return (_as_far(nbformat.v4.reads_json(failure.stopped)) if failure.stopped else None), failure

    def _packs(self) -> list[Pack]:
        """Return the packs that the chapter is in; of one that is in none yet, one that stands for it.

        Raises:
            UsageError: packs.toml is faulty, or the notebook cannot be read.
        """
        if packs := [pack for pack in packs_toml.packs().values() if self.name in pack.all_chapters]:
            return packs
        declared = chapter_notebook.declared(self.notebook)
        per = next((level for level in LEVELS if level in declared), "province")
        return [
            Pack.model_validate({"id": ALONE, "title": "预览", "per": per, "addressee": "编写人员", "chapters": (self.name,)})
        ]

    def _request(self, wanted: Wanted) -> PackRequest:
        """Return the request of the pack of this chapter alone.

        Raises:
            UsageError: there is none for the region, the snapshot does not hold the period, or the chapter may not run.
        """
        packs, level = self._packs(), wanted.region.level
        pack = next((pack for pack in packs if self.name in pack.chapters_of(level)), None)
        if pack is None:
            made_for = next(level for level in packs[0].levels if self.name in packs[0].chapters_of(level))
            raise UsageError(
                chosen(
                    f"{self.name} is in no pack that is made for a {level}. Name a {made_for}.",
                    f"没有为{wanted.region.name}这一级编制的简报用到{self.name}。请另选地区。",
                )
            )
        period = selection.held(self.snapshot, Period(wanted.year, wanted.through, pack.span), complete=True)
        trust.check(Sources().of(self.notebook))
        packs_toml.check_chapter(pack, self.notebook)
        chapters = {"chapters": (self.name,)}
        alone = pack.model_copy(update=chapters)
        if pack.per != level and pack.province:
            alone = pack.model_copy(update={"province": pack.province.model_copy(update=chapters)})
        self._span = pack.span
        return PackRequest(alone, wanted.region, period, self.source, paths.outputs(), ("pdf",))

    def _before(self, request: PackRequest) -> Sequence[tuple[str, NotebookNode]]:
        """Return as many empty chapters as stand before this one in its pack, so that it has its own number."""
        if request.pack.id == ALONE:
            return []
        names = packs_toml.packs()[request.pack.id].chapters_of(request.region.level)
        before = [name for name in names[: names.index(self.name)] if not _is_page_one(paths.notebooks() / f"{name}.ipynb")]
        return [(name, nbformat.v4.new_notebook()) for name in before]


@contextmanager
def _told(variables: Mapping[str, str]) -> Iterator[None]:
    """Have variables of a build in the environment, which its kernels take from there."""
    before = dict(os.environ)
    os.environ |= variables
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _changed(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _is_page_one(notebook: Path) -> bool:
    """Return whether a chapter is page one, which has no number."""
    return any(PAGE_ONE in cell.source for cell in chapter_notebook.read(notebook).of("code"))


def _as_far(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook that stopped without the error and what papermill says of it."""
    notebook.cells = [
        cell for cell in notebook.cells if not any(tag.startswith(OF_PAPERMILL) for tag in cell.metadata.get("tags", ()))
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type != "error"]
    return notebook


def _sentence(chapter: Chapter, failure: Failure) -> str:
    where = f", cell {failure.cell}{f' in “{failure.section}”' if failure.section else ''}" if failure.cell else ""
    return f"{chapter.notebook.name}{where}{chosen(': ', '：')}{failure.reason}"
