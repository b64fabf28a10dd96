"""From a page back to the rows: the numbers of 图3 or 表2 of a pack that was made, the cell that shows it, and what is behind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import incremental
from city_briefs.common import files, paths
from city_briefs.common.blocks import Block, FigureRecord
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.theme import MIME
from city_briefs.production.build.outputs import NOTEBOOKS_MADE
from city_briefs.production.export.document import bind, document
from city_briefs.production.packs.chapter_notebook import INJECTED
from city_briefs.production.packs.plan import PackRequest

if TYPE_CHECKING:
    from city_briefs.analysis.explain.sections import Section

NAMED = re.compile(r"\s*([图表])\s*(\d{1,4})\s*")


@dataclass(frozen=True)
class FigureOrigin:
    """A figure or table of a pack, by its number there: its block, and the notebook, the cell and the code that show it."""

    name: str
    block: Block
    notebook: str
    cell: int
    code: str

    @property
    def caption(self) -> str:
        """Its caption in the document."""
        return f"{self.name} {self.block['caption']}" if self.block["kind"] in ("chart", "table") else self.name

    @property
    def at(self) -> str:
        """Where it is shown, as messages name a cell."""
        return f"{self.notebook}, cell {self.cell}: {self.code}"

    @property
    def figures(self) -> list[FigureRecord]:
        """Its figures, each once."""
        return list({str(figure): figure for figure in self.block["figures"]}.values())

    @property
    def metrics(self) -> list[str]:
        """The ids of its metrics, in their order."""
        return list(dict.fromkeys(figure["metric"] for figure in self.block["figures"]))


def find(request: PackRequest, word: str) -> FigureOrigin:
    """Return a figure or table of a pack that stands in the outputs, by its name there.

    Raises:
        UsageError: the name is none, the pack has not been made, or it has no such figure.
    """
    named = NAMED.fullmatch(word)
    if not named:
        raise UsageError(
            chosen(
                f"A figure is named as the document names it, such as 图3 or 表2, not '{word}'.",
                f"请按文中的编号写，如图3、表2，不是“{word}”。",
            )
        )
    sought = f"{named[1]}{int(named[2])}"
    chapters = [
        (f"{chapter.name}.ipynb", executed(request, request.folder / NOTEBOOKS_MADE, chapter.name))
        for chapter in request.chapters
    ]
    names = [name for name, _ in document(bind(chapters, {})).numbered]
    at = next((place for place, name in enumerate(names) if name == sought), None)
    if at is None:
        of_kind = [name for name in names if name.startswith(named[1])]
        others, others_zh = (
            (f"Its last one is {of_kind[-1]}.", f"最后一个是{of_kind[-1]}。") if of_kind else ("It has none.", "一个也没有。")
        )
        raise UsageError(
            chosen(
                f"{request.pack.id} of {request.name} has no {sought}. {others}",
                f"{request.name}的{request.pack.title}没有{sought}，{others_zh}",
            )
        )
    notebook, cell, code, block = list(_shown(chapters))[at]
    return FigureOrigin(sought, block, notebook, cell, code)


def note(origin: FigureOrigin, snapshot: Snapshot) -> str:
    """Return that a pack was made from another snapshot than the one that is asked now; empty when it is the same."""
    made_from = origin.block["snapshot"].get("id", "")
    if made_from == snapshot.id:
        return ""
    return chosen(
        f"The pack was made from the snapshot {made_from[:12]}; the rows are those of {snapshot.id[:12]}.",
        f"简报由快照{made_from[:12]}编制，下列记录取自现在的快照{snapshot.id[:12]}。",
    )


def sections(request: PackRequest, snapshot: Snapshot, metric: str) -> "list[Section]":
    """Return definition, query and first records of a metric, of the region and period of a pack."""
    from city_briefs.analysis import explain
    from city_briefs.analysis.figures.scope import Scope
    from city_briefs.metrics import CATALOGUE

    scope = Scope.of(incremental.results(snapshot), request.region, request.period)
    return explain.origin(scope, CATALOGUE.find(metric))


def executed(request: PackRequest, folder: Path, chapter: str) -> NotebookNode:
    """Return a chapter as it was run for a pack, whose notebooks lie in a folder.

    Raises:
        UsageError: the pack has not been made.
    """
    try:
        return nbformat.v4.reads_json(files.read_text(folder / f"{chapter}.ipynb"))
    except (OSError, ValueError):
        span = "" if request.region.level == "province" else f" --city {request.region.name}"
        command = f"briefs build {request.pack.id}{span} --year {request.period.year} --through {request.period.through}"
        raise UsageError(
            chosen(
                f"{request.pack.id} of {request.name} does not stand in {paths.shown(request.out)}. Run: {command}",
                f"{paths.shown(request.out)}里没有{request.name}的{request.pack.title}。请运行：{command}",
            )
        ) from None


def _shown(chapters: list[tuple[str, NotebookNode]]) -> Iterator[tuple[str, int, str, Any]]:
    """Yield the blocks of chapters in their order, each with its notebook, the cell as it was written, and its code."""
    for name, notebook in chapters:
        written = (cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", ()))
        for place, cell in enumerate(written, start=1):
            for output in cell.get("outputs", ()):
                if MIME in output.get("data", {}):
                    yield name, place, cell.source, output.data[MIME]
