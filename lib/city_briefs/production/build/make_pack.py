"""A pack, assembled from its executed chapters: bound, exported in every format, described for its manifest; or a draft of it."""

import json
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from traceback import format_exception
from typing import Any, cast

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from city_briefs.common import source_hash
from city_briefs.common.blocks import SnapshotStamp
from city_briefs.common.errors import BriefError
from city_briefs.common.paths import shown
from city_briefs.common.theme.fonts import characters
from city_briefs.production.build import chapter_store, edition_changes, outputs
from city_briefs.production.build.outcome import Failure, Made
from city_briefs.production.editions import content, register
from city_briefs.production.export.document import METADATA, bind
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from city_briefs.production.export.xlsx import BriefXLSX
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import Chapter, Task

EXPORTERS: dict[str, type[Exporter]] = {"html": BriefHTML, "pdf": BriefPDF, "xlsx": BriefXLSX, "docx": BriefDOCX}
DRAFT = "未完成稿，不得报送"


def assemble(task: Task, failures: Mapping[str, Failure]) -> Made:
    """Make a pack in a folder of its own, in whatever process; whatever fails is in the answer as a sentence."""
    started = time.monotonic()
    folder = None
    try:
        folder = outputs.begun(task)
        if task.edition and task.edition.folder and not failures:
            return Made(task, folder, register.copied(task.edition, folder), time.monotonic() - started)
        chapters = [(chapter, _notebook(chapter, failures, folder)) for chapter in task.chapters]
        bound = bind([(chapter.name, notebook) for chapter, notebook in chapters], metadata(task, draft=bool(failures)))
        if task.edition and task.edition.before:
            titles = {chapter.name: _title(chapter.notebook) for chapter in task.chapters}
            bound.metadata[METADATA]["changes"] = edition_changes.lines(task, task.edition.before, bound, titles)
        for suffix in task.formats:
            (folder / f"{task.pack.id}.{suffix}").write_bytes(export(bound, suffix))
        said, trace = _failed(task, failures) if failures else (None, None)
        return Made(task, folder, entry(task, bound), time.monotonic() - started, said, trace)
    except Exception as error:
        said, trace = _failed(task, failures) if failures else _said(task, error)
        return Made(task, folder, {}, time.monotonic() - started, said, trace)


def _notebook(chapter: Chapter, failures: Mapping[str, Failure], folder: Path) -> NotebookNode:
    """A chapter as it was executed, in the folder of the pack; a page that says what happened where it failed."""
    if failure := failures.get(chapter.name):
        if failure.stopped:
            (folder / chapter.notebook.name).write_text(failure.stopped, "utf-8", newline="\n")
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(_page(chapter, failure), id=chapter.name)])
    notebook = nbformat.v4.reads_json(chapter_store.executed(chapter).read_text("utf-8"))
    for output in content.blocks(notebook):
        output["snapshot"] = cast(SnapshotStamp, dict(chapter.source.stamp))
    (folder / outputs.NOTEBOOKS_MADE / chapter.notebook.name).write_text(nbformat.v4.writes_json(notebook), "utf-8", newline="\n")
    return notebook


def _page(chapter: Chapter, failure: Failure) -> str:
    """The page of a draft that stands for a chapter which failed: where and how, and nothing of the data."""
    title = _title(chapter.notebook)
    where = f"第{failure.cell}个单元格" if failure.cell else "未知单元格"
    section = f"（“{failure.section}”一节）" if failure.section else ""
    given = "，".join(f"{name}={value}" for name, value in chapter.parameters.model_dump().items())
    stopped = f"笔记本`{chapter.notebook.name}`在{where}{section}停止"
    return f"# {title}\n\n**本章未能编制。** {stopped}；参数：{given}；错误类型：`{failure.kind}`。"


def _title(notebook: Path) -> str:
    """The first heading of a notebook."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines()]
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), notebook.stem)


def _failed(task: Task, failures: Mapping[str, Failure]) -> tuple[str, str | None]:
    """Why a pack was not made: each chapter that stopped, where, and the notebook to look at."""
    sentences = []
    for name, failure in failures.items():
        where = f" in the section “{failure.section}”, cell {failure.cell}" if failure.section else ""
        see = f" See {shown(outputs.incomplete(task) / f'{name}.ipynb')}." if failure.stopped else ""
        sentences.append(f"{task.name}: {name} stopped{where}: {failure.reason}{see}")
    traces = [failure.trace for failure in failures.values() if failure.trace]
    return "\n".join(sentences), "\n".join(traces) or None


def _said(task: Task, error: Exception) -> tuple[str, str | None]:
    """A failure as a sentence, and its traceback for the log when it is none of ours."""
    if isinstance(error, BriefError):
        return f"{task.name}: {error}", None
    what = f"{type(error).__name__}: {error}".rstrip(".: ")
    return f"{task.name}: {task.pack.id} could not be made: {what}. run.json has the particulars.", "".join(
        format_exception(error)
    )


def metadata(task: Task, *, draft: bool = False) -> dict[str, Any]:
    """What the exporters need to know of a pack beside its cells."""
    end = task.period.end
    edition = task.edition or Edition()
    head = [task.pack.classification, DRAFT if draft else edition.mark, task.pack.title, task.region.name, task.period.text]
    return {
        "title": f"{task.title}（草稿）" if draft else task.title,
        "subtitle": f"报送：{task.pack.addressee}　数据截至{end.year}年{end.month}月{end.day}日",
        "running": " · ".join(filter(None, head)),
        "classification": task.pack.classification,
        "edition": "" if draft else edition.text,
        "date": end.isoformat(),
        "region": task.region.code,
        "year": task.period.year,
        "body": task.pack.body,
        "cover": task.pack.cover,
    }


@cache
def _exporter(suffix: str) -> Exporter:
    return EXPORTERS[suffix]()


def rehearse() -> None:
    """Do what every document needs done once: characters of the fonts read, templates compiled; the PDF stops before its compiler."""
    nothing = bind([("", nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()]))], {})
    export(nothing, "html")
    BriefPDF().sources(nothing)
    characters()
    source_hash.files(__name__)


def export(bound: NotebookNode, suffix: str) -> bytes:
    """The document in one format."""
    document, _ = _exporter(suffix).from_notebook_node(bound)
    return document if isinstance(document, bytes) else str(document).encode()


def entry(task: Task, bound: NotebookNode) -> dict[str, Any]:
    """What the manifest says of a pack: what it was made from and, read from its cells, metrics by their definition, and refusals."""
    blocks = content.blocks(bound)
    figures = [figure for block in blocks for figure in block["figures"]]
    return {
        **chapter_store.made_of(task),
        "metrics": {
            metric["id"]: {"hash": metric["hash"], "from": metric["provenance"]}
            for block in blocks
            for metric in block["metrics"]
        },
        "refusals": [
            {name: figure[name] for name in ("metric", "view", "region", "year", "through", "refused")}
            for figure in {str(figure): figure for figure in figures if figure["refused"]}.values()
        ],
    }
