"""A document: what the exporters set, read from an executed notebook.

A pack is its chapters bound into one notebook. What is not a block of ours (a table, picture or text of any other notebook) is
kept as the part it is, so that the exporters work on every notebook.
"""

import copy
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

import nbformat
from nbformat import NotebookNode

from city_briefs import __version__
from city_briefs.common.block_schema import is_block
from city_briefs.common.blocks import Block
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.common.periods import day_text
from city_briefs.common.theme import MIME, SANS, SERIF, TITLE
from city_briefs.production.export import analysis_chapters
from city_briefs.production.export.appendix import Appendix, appendix
from city_briefs.production.export.chapter_parts import chapters, drawn_once, numeral, with_content, without_empty_sections
from city_briefs.production.export.characters import legal
from city_briefs.production.export.data_notes import at_the_end, code_of_manual, data_notes
from city_briefs.production.export.markup import small_drawings
from city_briefs.production.export.parts import METADATA, Part, parts

PLACES = {"chart": "图", "table": "表"}
EPOCH = datetime(2000, 1, 1)  # of a document whose notebook has no date

NEXT_PAGE = "见第2页"  # where page one has its page to itself, and the next chapter begins


@dataclass
class PrintedDocument:
    """What is printed: the title, the parts in order, and what the appendix says of the numbers in them.

    `is_pack` says that it was bound from chapters. `by_page` says that a chapter stands on one page where it fits on one, and that
    definitions stand in the manual of metrics alone; `manual` is the address of that, where it is known. `navigation` is the top of
    its page. What has been read of a notebook is not copied: neither may be changed.
    """

    title: str
    is_pack: bool = False
    subtitle: str = ""
    edition: str = ""
    classification: str = ""
    running: str = ""
    notice: str = ""
    synthetic: bool = False
    date: str = ""
    body: int = 12
    cover: bool = False
    by_page: bool = False
    manual: str = ""
    navigation: dict[str, Any] = field(default_factory=dict)
    masthead: dict[str, Any] = field(default_factory=dict)
    begins_with_page_one: bool = False
    snapshot: str = ""
    parts: list[Part] = field(default_factory=list)
    appendix: Appendix = field(default_factory=Appendix)
    colophon: list[str] = field(default_factory=list)

    @property
    def created(self) -> datetime:
        """When its files say that they were made: the day of its data."""
        return datetime.fromisoformat(self.date) if self.date else EPOCH

    @property
    def has_imprint(self) -> bool:
        """Whether it ends with an imprint: one that has a masthead, unless page one, whose foot says the same, is all of it."""
        chapters = sum(part["kind"] == "markdown" and part["source"].startswith("# ") for part in self.parts)
        return bool(self.masthead) and not (self.begins_with_page_one and chapters == 1)

    @property
    def blocks(self) -> list[Block]:
        """The blocks in their order."""
        return [part["block"] for part in self.parts if part["kind"] == "block"]

    @property
    def numbered(self) -> list[tuple[str, Block]]:
        """The blocks in their order, each with its name among figures and tables, such as 图1; empty for what is none."""
        return [
            (f"{PLACES[part['block']['kind']]}{part['ordinal']}" if part["block"]["kind"] in PLACES else "", part["block"])
            for part in self.parts
            if part["kind"] == "block"
        ]


def bind(chapters: Iterable[tuple[str, NotebookNode]], metadata: dict[str, Any]) -> NotebookNode:
    """The chapters as one notebook: headings numbered 一、二、 but for that of page one, cell ids made from chapter and place.

    Those that `metadata` has in `analysis` are labelled as an analyst's own, and their pictures say in words what they show.

    Raises:
        PackError: an analysis chapter shows what nobody can read, or another chapter what only an analysis chapter may.
    """
    bound = nbformat.v4.new_notebook(metadata={METADATA: metadata})
    own = metadata.get("analysis", ())
    number = 0
    for chapter, notebook in chapters:
        cells = analysis_chapters.labelled(chapter, notebook) if chapter in own else notebook.cells
        is_page_one = _has_page_one(notebook) and _begins_with_page_one(parts(notebook, code=False))
        number += not is_page_one
        if metadata and chapter not in own:
            analysis_chapters.check_none(chapter, notebook)
        for place, original in enumerate(cells):
            cell = copy.copy(original)
            cell["id"] = f"{chapter}-{place}"
            if cell.cell_type == "markdown" and not is_page_one:
                cell["source"] = re.sub(r"\A# ", f"# {numeral(number)}、", cell["source"])
            bound.cells.append(cell)
    return bound


def document(notebook: NotebookNode, name: str = "", *, code: bool = False, without: Collection[str] = ()) -> PrintedDocument:
    """The document of a notebook; one that was not bound from chapters takes its title from its first heading or its name.

    `without` are kinds of cells, and output, that are left out, as `parts` has it.
    """
    bound = legal(notebook.metadata.get(METADATA, {}))
    shown = list(parts(notebook, code=code, without=without))
    heading = next((part["source"] for part in shown if part["kind"] == "markdown" and part["source"].startswith("# ")), "")
    title = bound.get("title") or heading.removeprefix("# ").rstrip().split("\n")[0] or PurePath(name).stem or "notebook"
    made = PrintedDocument(title, METADATA in notebook.metadata, parts=shown)
    made.running, made.subtitle, made.date = (bound.get(key, "") for key in ("running", "subtitle", "date"))
    made.edition, made.classification = bound.get("edition", ""), bound.get("classification", "")
    made.masthead, made.begins_with_page_one = bound.get("masthead", {}), _begins_with_page_one(shown)
    if made.begins_with_page_one and len(chapters(shown)) > 1:
        made.parts = [_pointing_on(part) for part in drawn_once(shown)]
    made.navigation = bound.get("navigation", {})
    made.body, made.cover = bound.get("body", made.body), bound.get("cover", made.cover)
    _number(made)
    if bound:
        made.parts = [part for chapter in chapters(made.parts) for part in without_empty_sections(chapter)]
        _see_alternatives(made)
    named = [(name, block) for name, block in made.numbered if name]
    made.appendix = appendix(made.blocks, named, (bound.get("region"), bound.get("year")), bound.get("changes", []))
    if bound.get("appendix") == "manual":
        _refer_to_manual(made, bound.get("manual", ""))
    if made.snapshot:
        made.colophon = _colophon(made)
    return made


def _has_page_one(notebook: NotebookNode) -> bool:
    """Whether a cell of a notebook shows page one."""
    outputs = (output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ()))
    return any(is_block(block := data.get(MIME)) and block["kind"] == "page-one" for data in outputs)


def _begins_with_page_one(shown: Iterable[Part]) -> bool:
    """Whether the first of some parts that is no heading is page one."""
    first = next((part for part in shown if part["kind"] != "markdown"), None)
    return first is not None and first["kind"] == "block" and first["block"]["kind"] == "page-one"


def _pointing_on(part: Part) -> Part:
    """Return page one with the page on which the matters stand that it only counts; any other part as it is."""
    if part["kind"] != "block" or part["block"]["kind"] != "page-one" or not part["block"]["more"]:
        return part
    return part | {"block": part["block"] | {"more": f"{part['block']['more']}，{NEXT_PAGE}"}}


def _refer_to_manual(made: PrintedDocument, manual: str) -> None:
    """Leave definitions to the manual, which lies at `manual`, with {} for the code of a province; page one by itself has its own notes."""
    province = code_of_manual(made.blocks)
    made.manual = manual.format(province) if province or "{}" not in manual else ""
    made.parts = list(with_content(made.parts))
    made.by_page = not (made.begins_with_page_one and len(chapters(made.parts)) == 1)
    made.appendix = data_notes(made.appendix, at_the_end(made.parts)) if made.by_page else Appendix()


def _colophon(made: PrintedDocument) -> list[str]:
    """From what a document was made: the day of the data, the snapshot, the version and the fonts."""
    until = [f"数据截至{day_text(date.fromisoformat(made.date))}"] if made.date else []
    fonts = "、".join(dict.fromkeys([SERIF, SANS, TITLE]))
    return [*until, f"快照{made.snapshot[:12]}", f"程序city-briefs {__version__}", f"字体{fonts}"]


def _number(made: PrintedDocument) -> None:
    """Number figures and tables in their order, and read off their blocks what the whole document shares."""
    ordinals: dict[str, int] = {}
    for part in (part for part in made.parts if part["kind"] == "block"):
        kind, stamp = part["block"]["kind"], part["block"]["snapshot"]
        ordinals[kind] = part["ordinal"] = ordinals.get(kind, 0) + 1
        if "id" in stamp:
            made.snapshot, made.synthetic, made.notice = stamp["id"], stamp["synthetic"], stamp["notice"]


def _see_alternatives(made: PrintedDocument) -> None:
    """See that whatever is drawn is also said in words; a drawing of a pack without them is a PackError."""
    for part in made.parts:
        for what, alt in _drawn(part):
            if not alt.strip():
                raise PackError(
                    chosen(
                        f"{made.title}: {what} has no alternative text. Say in words what it shows.",
                        f"{made.title}：{what}没有替代文字。请用文字说明图示内容。",
                    )
                )


def _drawn(part: Part) -> Iterator[tuple[str, str]]:
    """What a part draws, each with what it shows in words."""
    if part["kind"] == "image":
        yield chosen("A picture", "有一幅图片"), part["alt"]
    elif part["kind"] == "block":
        block = part["block"]
        if block["kind"] == "chart":
            yield f"图{part['ordinal']} “{block['caption']}”", block["alt"]
        for what, drawing in small_drawings(block):
            yield what, drawing["alt"]
