"""A pack, assembled from its executed chapters: bound, exported in every format, described for its manifest; or a draft of it."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache, partial
from pathlib import Path
from traceback import format_exception
from typing import Any

import nbformat
from nbformat import NotebookNode

from city_briefs.common import atomic_files, files, source_hash
from city_briefs.common.characters import printable
from city_briefs.common.errors import BriefError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.periods import day_text
from city_briefs.common.theme.fonts import characters
from city_briefs.production.build import edition_changes, fingerprints, outputs
from city_briefs.production.build.outcome import BuiltPack, FailedPack, Failure
from city_briefs.production.build.stamped_chapter import stamped
from city_briefs.production.editions import content, manifest, register
from city_briefs.production.engine import processes, shared_kernel
from city_briefs.production.export import compiler
from city_briefs.production.export.document import PrintedDocument, bind, document
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.exporter import BriefExporter
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.parts import METADATA
from city_briefs.production.export.pdf import BriefPDF
from city_briefs.production.export.xlsx import BriefXLSX
from city_briefs.production.packs import addresses, masthead
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.packs_toml import MANUAL
from city_briefs.production.packs.plan import Chapter, PackInputs, PackRequest

EXPORTERS: dict[str, type[BriefExporter]] = {"html": BriefHTML, "pdf": BriefPDF, "xlsx": BriefXLSX, "docx": BriefDOCX}
PDF = "pdf"  # takes longest
DRAFT = "未完成稿，不得报送"


def assemble(inputs: PackInputs, *, after_chapters: bool = False) -> BuiltPack | FailedPack:
    """Make a pack in a folder of its own, in whatever process; whatever goes wrong is in the answer as a sentence.

    Where it is made `after_chapters`, with none left to execute, its PDF is made beside its other documents: before, other processes
    have all cores in use.
    """
    started = time.monotonic()
    request, edition = inputs.request, inputs.edition
    folder = None
    try:
        folder = begun(request)
        if edition.folder:
            return BuiltPack(inputs, folder, register.copied(edition, folder), time.monotonic() - started)
        chapters = [(chapter.name, _notebook(chapter, folder)) for chapter in request.chapters]
        formats = _formats(inputs)
        bound = bind(chapters, metadata(request, edition, formats))
        if edition.before:
            titles = {chapter.name: _title(chapter) for chapter in request.chapters}
            bound.metadata[METADATA]["changes"] = edition_changes.lines(inputs, edition.before, bound, titles)
        described = entry(inputs, bound)
        if nothing := _nothing(inputs, bound):
            described["nothing"] = nothing
        else:
            _export(request, bound, folder, formats, after_chapters=after_chapters)
        return BuiltPack(inputs, folder, described, time.monotonic() - started)
    except Exception as error:
        return FailedPack(request, *_reason(request, error), folder, inputs, time.monotonic() - started)


def begun(request: PackRequest) -> Path:
    """A new folder to make a pack in, beside its place, with a folder for its executed notebooks."""
    request.folder.parent.mkdir(parents=True, exist_ok=True)
    folder = atomic_files.begun(request.folder.parent, outputs.WORKPLACE)
    (folder / outputs.NOTEBOOKS_MADE).mkdir()
    return folder


def draft(request: PackRequest, failures: Mapping[str, Failure]) -> FailedPack:
    """Make a draft of a pack of which some chapters stopped, with a page for each that says what happened."""
    started = time.monotonic()
    error, trace = _stopped(request, failures)
    folder = None
    with suppress(Exception):  # why the chapters stopped is what must be said
        folder = begun(request)
        chapters = [
            (chapter.name, _stand_in(chapter, failure, folder) if failure else _notebook(chapter, folder))
            for chapter in request.chapters
            for failure in (failures.get(chapter.name),)
        ]
        _export(request, bind(chapters, metadata(request, None)), folder, request.formats)
    return FailedPack(request, error, trace, folder, seconds=time.monotonic() - started)


def _formats(inputs: PackInputs) -> tuple[str, ...]:
    """Return the formats that are made: those asked for, and those in which the same pack stands, since its page leads to them all."""
    request = inputs.request
    before = manifest.read(request.folder).get(request.pack.id, {})
    stand = [Path(name).suffix[1:] for name in before["outputs"]] if before.get("key") == inputs.key else []
    return tuple(suffix for suffix in EXPORTERS if suffix in {*request.formats, *stand})


def _export(
    request: PackRequest, bound: NotebookNode, folder: Path, formats: Sequence[str], *, after_chapters: bool = False
) -> None:
    """Write the documents of a pack into its folder."""
    if after_chapters:
        shared_kernel.let_go()
    brief = document(bound)
    apart = [PDF] if after_chapters and compiler.is_apart() and PDF in formats else []
    with ExitStack() as stack:
        waiting = {suffix: stack.enter_context(compiler.beside(partial(export, brief, suffix))) for suffix in apart}
        for suffix in sorted(formats, key=apart.count):
            made = waiting[suffix]() if suffix in waiting else export(brief, suffix)
            files.write_new(folder / f"{request.pack.id}.{suffix}", made)
            processes.give_back()


def _nothing(inputs: PackInputs, bound: NotebookNode) -> str:
    """Return why there is nothing to make a pack of; empty when there is, and when an edition stands that readers have to be told of."""
    if not inputs.request.pack.only_of_something or inputs.edition.before:
        return ""
    said = (block.get("nothing", "") for block in content.blocks(bound) if block["kind"] == "prose")
    return next(filter(None, said), "")


def _notebook(chapter: Chapter, folder: Path) -> NotebookNode:
    """A chapter as it was executed, under the name of its snapshot, which is written into the folder of the pack."""
    notebook, text = stamped(chapter)
    files.write_new(folder / outputs.NOTEBOOKS_MADE / chapter.notebook.name, text)
    return notebook


def _stand_in(chapter: Chapter, failure: Failure, folder: Path) -> NotebookNode:
    """The page that stands for a chapter which stopped; the notebook as far as it came is written into the folder of the draft."""
    if failure.stopped:
        files.write_new(folder / chapter.notebook.name, failure.stopped)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(_page(chapter, failure), id=chapter.name)])


def _page(chapter: Chapter, failure: Failure) -> str:
    """The page of a draft that stands for a chapter which failed: where and how, and nothing of the data."""
    title = _title(chapter)
    where = f"第{failure.cell}个单元格" if failure.cell else "未知单元格"
    section = f"（“{failure.section}”一节）" if failure.section else ""
    given = "，".join(f"{name}={value}" for name, value in chapter.parameters.model_dump().items())
    stopped = f"笔记本`{chapter.notebook.name}`在{where}{section}停止"
    return f"# {title}\n\n**本章未能编制。** {stopped}；参数：{given}；错误类型：`{failure.kind}`。"


def _title(chapter: Chapter) -> str:
    """The first heading of a chapter as it was written, as a document can hold it; its name when it has none."""
    cells = json.loads(chapter.written)["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).split("\n")]
    return next((printable(line.removeprefix("# ").rstrip()) for line in lines if line.startswith("# ")), chapter.name)


def _stopped(request: PackRequest, failures: Mapping[str, Failure]) -> tuple[str, str | None]:
    """Why a pack was not made: each chapter that stopped, where, and the notebook to look at."""
    sentences = []
    for name, failure in failures.items():
        section, cell, left = failure.section, failure.cell, shown(outputs.incomplete(request) / f"{name}.ipynb")
        where, where_zh = (
            (f" in the section “{section}”, cell {cell}", f"在“{section}”一节第{cell}个单元格") if section else ("", "")
        )
        see, see_zh = (f" See {left}.", f"请看{left}。") if failure.stopped else ("", "")
        sentences.append(
            chosen(
                f"{request.name}: {name} stopped{where}: {failure.reason}{see}",
                f"{request.name}：{name}{where_zh}停止：{failure.reason}{see_zh}",
            )
        )
    traces = [failure.trace for failure in failures.values() if failure.trace]
    return "\n".join(sentences), "\n".join(traces) or None


def _reason(request: PackRequest, error: Exception) -> tuple[str, str | None]:
    """A failure as a sentence, and its traceback for the log when it is none of ours."""
    if isinstance(error, BriefError):
        return f"{request.name}{chosen(': ', '：')}{error}", None
    what = f"{type(error).__name__}: {error}".rstrip(".: ")
    sentence = chosen(
        f"{request.name}: {request.pack.id} could not be made: {what}. run.json has the particulars.",
        f"{request.name}：{request.pack.id}未能编制：{what}。详见run.json。",
    )
    return sentence, "".join(format_exception(error))


def metadata(request: PackRequest, edition: Edition | None, formats: Sequence[str] = ()) -> dict[str, Any]:
    """What the exporters need to know of a pack beside its cells; of a draft that lacks chapters the edition is None.

    `formats` are those in which it stands; without, its page leads nowhere.
    """
    end, pack = request.period.end, request.pack
    mark = edition.mark if edition else DRAFT
    head = [pack.classification, mark, pack.title, request.region.name, request.period.text]
    return {
        "title": request.title if edition else f"{request.title}（草稿）",
        "subtitle": f"报送：{pack.addressee_of(request.region.level)}　数据截至{day_text(end)}",
        "running": " · ".join(filter(None, head)),
        "classification": pack.classification,
        "edition": edition.text if edition else "",
        "date": end.isoformat(),
        "region": request.region.code,
        "year": request.period.year,
        "body": pack.body,
        "cover": pack.cover,
        "appendix": pack.appendix,
        "manual": _manual(request),
        **({"analysis": list(pack.analysis)} if pack.analysis else {}),
        "navigation": addresses.navigation(request, formats) if formats else {},
        **_masthead(request, edition),
    }


def _manual(request: PackRequest) -> str:
    """The address of the manual, which is made from January on; {} stands for the code of a county's province, which a table has."""
    up = "../" if request.period.is_to_date else f"../../{request.period.to_date.slug}/"
    province = {"province": request.region.code, "city": request.region.parent}.get(request.region.level, "{}")
    return f"{up}{province}/{MANUAL}.html"


def _masthead(request: PackRequest, edition: Edition | None) -> dict[str, Any]:
    """What is printed of the masthead of a pack, and at its foot and end; nothing of one that has none."""
    pack, name = request.pack, f"{request.region.name}{request.pack.title}"
    head = pack.masthead and masthead.printed(
        pack.masthead, name, pack.addressee_of(request.region.level), request.period, edition
    )
    return {"masthead": head} if head else {}


@cache
def _exporter(suffix: str) -> BriefExporter:
    return EXPORTERS[suffix]()


def rehearse() -> None:
    """Do what every document needs done once: characters of the fonts read, templates compiled; the PDF stops before its compiler.

    That is for the processes which are forked from this one, and sets each document apart.
    """
    cells = [nbformat.v4.new_markdown_cell("# 章"), nbformat.v4.new_code_cell()]
    nothing = document(bind([("", nbformat.v4.new_notebook(cells=cells))], {}))
    for suffix in EXPORTERS.keys() - {PDF}:
        export(nothing, suffix)
    BriefPDF().sources(nothing)
    characters()
    for name in (__name__, fingerprints.CALLS):
        source_hash.files(name)
    compiler.set_apart()


def export(brief: PrintedDocument, suffix: str) -> bytes:
    """Return a document in one format."""
    printed = _exporter(suffix).printed(brief)
    return printed if isinstance(printed, bytes) else printed.encode()


def entry(inputs: PackInputs, bound: NotebookNode) -> dict[str, Any]:
    """What the manifest says of a pack: what it was made from and, read from its cells, metrics by their definition, and refusals."""
    blocks = content.blocks(bound)
    figures = [figure for block in blocks for figure in block["figures"]]
    counted: Mapping[str, Any] = next((block for block in blocks if block["kind"] == "page-one"), {})
    return {
        **inputs.lineage,
        **{name: counted[name] for name in ("lights", "behind") if name in counted},
        "metrics": {
            metric["id"]: {"hash": metric["hash"], "from": metric["provenance"]}
            for block in blocks
            for metric in block["metrics"]
        },
        "refusals": [
            {name: figure[name] for name in ("metric", "view", "region", "year", "through", "span", "refused") if name in figure}
            for figure in {str(figure): figure for figure in figures if figure["refused"]}.values()
        ],
    }
