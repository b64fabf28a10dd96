"""A document: what the exporters set, read from an executed notebook.

A pack is its chapters bound into one notebook. What is not a block of ours (a table, picture or text of any other notebook) is
kept as the part it is, so that the exporters work on every notebook.
"""

import base64
import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Literal, TypeAlias, TypedDict
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode

from city_briefs import __version__
from city_briefs.common import block_schema, characters
from city_briefs.common.blocks import Block
from city_briefs.common.errors import PackError
from city_briefs.common.periods import day_text
from city_briefs.common.theme import MIME, SANS, SERIF, TITLE
from city_briefs.production.editions import content
from city_briefs.production.export import markup
from city_briefs.production.export.appendix import Appendix, appendix

METADATA = "city_briefs"  # of a bound notebook: title, region, running head, date
PLACES = {"chart": "图", "table": "表"}
NUMERALS = "〇一二三四五六七八九十"
MOST_ROWS = 5_000  # of a table that is printed, some 150 pages
SIZE = re.compile(r"(?<=<p>)(\d+) rows × (\d+) columns(?=</p>)")  # under a table of pandas that shows only its ends
SAID = r"全表共\1行、\2列，较长时只列首尾部分"
ATTACHED = re.compile(
    r"^!\[([^\]\n]*)\]\(attachment:([^()\s]+)\)[ \t]*$", re.MULTILINE
)  # as JupyterLab writes what is dragged into a cell
SUFFIXES: dict[str, Literal["png", "jpg"]] = {"image/png": "png", "image/jpeg": "jpg"}
EPOCH = datetime(2000, 1, 1)  # of a document whose notebook has no date


class BlockPart(TypedDict):
    """A block of ours, and which it is among those of its kind in the document, counted from 1."""

    kind: Literal["block"]
    block: Block
    ordinal: int


class TextPart(TypedDict):
    """Any other text, as its cell has it."""

    kind: Literal["markdown", "html", "text", "code"]
    source: str


class PicturePart(TypedDict):
    """Any other picture, with what it shows in words."""

    kind: Literal["image"]
    suffix: Literal["svg", "png", "jpg"]
    content: bytes
    alt: str


Part: TypeAlias = BlockPart | TextPart | PicturePart


@dataclass
class PrintedDocument:
    """What is printed: the title, the parts in order, and what the appendix says of the numbers in them."""

    title: str
    subtitle: str = ""
    edition: str = ""
    classification: str = ""
    running: str = ""
    notice: str = ""
    synthetic: bool = False
    date: str = ""
    body: int = 12
    cover: bool = False
    snapshot: str = ""
    parts: list[Part] = field(default_factory=list)
    appendix: Appendix = field(default_factory=Appendix)
    colophon: list[str] = field(default_factory=list)

    @property
    def created(self) -> datetime:
        """When its files say that they were made: the day of its data."""
        return datetime.fromisoformat(self.date) if self.date else EPOCH

    @property
    def blocks(self) -> list[Block]:
        """The blocks in their order."""
        return [part["block"] for part in self.parts if part["kind"] == "block"]


def bind(chapters: Iterable[tuple[str, NotebookNode]], metadata: dict[str, Any]) -> NotebookNode:
    """The chapters as one notebook: headings numbered 一、二、, cell ids made from chapter and place."""
    bound = nbformat.v4.new_notebook(metadata={METADATA: metadata})
    for number, (chapter, notebook) in enumerate(chapters, start=1):
        for place, original in enumerate(notebook.cells):
            cell = copy.deepcopy(original)
            cell["id"] = f"{chapter}-{place}"
            if cell.cell_type == "markdown":
                cell["source"] = re.sub(r"\A# ", f"# {numeral(number)}、", cell["source"])
            bound.cells.append(cell)
    return bound


def numeral(number: int) -> str:
    """A number from 1 to 99 as Chinese headings count."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else NUMERALS[tens]) + "十") + (NUMERALS[ones] if ones or not tens else "")


def document(notebook: NotebookNode, name: str = "", *, code: bool = False) -> PrintedDocument:
    """The document of a notebook; one that was not bound from chapters takes its title from its first heading or its name."""
    notebook = _printable(notebook)
    bound = notebook.metadata.get(METADATA, {})
    parts = list(_parts(notebook, code=code))
    heading = next((part["source"] for part in parts if part["kind"] == "markdown" and part["source"].startswith("# ")), "")
    title = bound.get("title") or heading.removeprefix("# ").rstrip().split("\n")[0] or PurePath(name).stem or "notebook"
    made = PrintedDocument(title, parts=parts)
    made.running, made.subtitle, made.date = (bound.get(key, "") for key in ("running", "subtitle", "date"))
    made.edition, made.classification = bound.get("edition", ""), bound.get("classification", "")
    made.body, made.cover = bound.get("body", made.body), bound.get("cover", made.cover)
    _number(made)
    if bound:
        _see_alternatives(made)
    made.appendix = appendix(made.blocks, _shown(made), (bound.get("region"), bound.get("year")), bound.get("changes", []))
    if made.snapshot:
        made.colophon = _colophon(made)
    return made


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
                raise PackError(f"{made.title}: {what} has no alternative text. Say in words what it shows.")


def _drawn(part: Part) -> Iterator[tuple[str, str]]:
    """What a part draws, each with what it shows in words."""
    if part["kind"] == "image":
        yield "A picture", part["alt"]
    elif part["kind"] == "block":
        block = part["block"]
        if block["kind"] == "chart":
            yield f"图{part['ordinal']} “{block['caption']}”", block["alt"]
        elif block["kind"] == "cards":
            for card in block["cards"]:
                if "spark" in card:
                    yield f"The trend of the card “{card['label']}”", card["spark"]["alt"]


def _shown(made: PrintedDocument) -> list[tuple[str, Block]]:
    """The figures and tables by their names, such as 图1."""
    return [
        (f"{PLACES[part['block']['kind']]}{part['ordinal']}", part["block"])
        for part in made.parts
        if part["kind"] == "block" and part["block"]["kind"] in PLACES
    ]


def _printable(value: Any) -> Any:
    """A part of a notebook with every text in it as a document can hold it; the same one where that is so already."""
    if isinstance(value, dict):
        parts = {name: _printable(part) for name, part in value.items()}
        return value if all(parts[name] is value[name] for name in value) else type(value)(parts)
    if isinstance(value, list):
        items = [_printable(part) for part in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return characters.printable(value) if isinstance(value, str) else value


def _parts(notebook: NotebookNode, *, code: bool) -> Iterator[Part]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from _written(cell)
        elif cell.cell_type == "code":
            if code and cell.source.strip():
                yield {"kind": "code", "source": cell.source}
            for output in cell.outputs:
                if METADATA not in notebook.metadata or output.get("name") != "stderr":  # a warning is for the analyst
                    yield from _output(output, ours=METADATA in notebook.metadata)


def _written(cell: NotebookNode) -> Iterator[Part]:
    """The Markdown of a cell; a picture that is attached to it and stands on a line of its own is a picture."""
    source, end = content.markdown(cell), 0
    for line in ATTACHED.finditer(source):
        of_name = cell.get("attachments", {}).get(unquote(line[2]), {})
        if kind := next((kind for kind in SUFFIXES if kind in of_name), ""):
            if before := source[end : line.start()].strip():
                yield {"kind": "markdown", "source": before}
            picture = base64.b64decode(of_name[kind])
            yield {"kind": "image", "suffix": SUFFIXES[kind], "content": picture, "alt": line[1].strip() or "图"}
            end = line.end()
    if after := source[end:].strip():
        yield {"kind": "markdown", "source": after}


def _output(output: NotebookNode, *, ours: bool) -> Iterator[Part]:
    """One output, in the richest form that both HTML and PDF can hold."""
    if output.output_type == "stream":
        yield {"kind": "text", "source": output.text}
    elif output.output_type == "error":
        yield {"kind": "text", "source": "\n".join(output.traceback)}
    elif block_schema.is_block(shown := output.data.get(MIME)):
        block = block_schema.read(shown)
        markup.see_drawings(block)
        yield {"kind": "block", "block": _readable(block), "ordinal": 0}
    elif "image/svg+xml" in output.data:
        yield _image("svg", output.data["image/svg+xml"].encode(), output, ours)
    elif "image/png" in output.data:
        yield _image("png", base64.b64decode(output.data["image/png"]), output, ours)
    elif "image/jpeg" in output.data:
        yield _image("jpg", base64.b64decode(output.data["image/jpeg"]), output, ours)
    elif "text/html" in output.data:
        yield {"kind": "html", "source": SIZE.sub(SAID, markup.clean(output.data["text/html"]))}
    elif "text/markdown" in output.data:
        yield {"kind": "markdown", "source": output.data["text/markdown"]}
    elif "text/plain" in output.data:
        yield {"kind": "text", "source": output.data["text/plain"]}


def _readable(block: Block) -> Block:
    """The block; of a table that nobody would read to its end the first rows, and a note that says so."""
    if block["kind"] != "table" or len(block["rows"]) <= MOST_ROWS:
        return block
    notes = [*block["notes"], f"全表共{len(block['rows'])}行，只列前{MOST_ROWS}行"]
    return {**block, "rows": block["rows"][:MOST_ROWS], "notes": notes}


def _image(suffix: Literal["svg", "png", "jpg"], content: bytes, output: NotebookNode, ours: bool) -> PicturePart:
    """A picture; one of somebody else's notebook is said by whatever words come with it."""
    alt = output.get("metadata", {}).get("alt", "")
    return {
        "kind": "image",
        "suffix": suffix,
        "content": content,
        "alt": alt or ("" if ours else output.data.get("text/plain") or "图"),
    }
