"""The parts of a document: what the cells of a notebook say and show, in the form that every format can be written from.

Whatever a cell shows that cannot be printed leaves a line that says so.
"""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any, Literal, TypeAlias, TypedDict

import nbformat
from nbformat import NotebookNode

from city_briefs.common import block_schema
from city_briefs.common.blocks import Block
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.common.theme import MIME
from city_briefs.production.editions import content
from city_briefs.production.export import fragments, markdown, markup, pictures, terminal
from city_briefs.production.export.characters import is_whole, legal, whole

METADATA = "city_briefs"  # of a bound notebook: title, region, running head, date
MOST_ROWS = 5_000  # of a table that is printed, some 150 pages
SIZE = re.compile(r"(?<=<p>)(\d+) rows × (\d+) columns(?=</p>)")  # under a table of pandas that shows only its ends
SAID = r"全表共\1行、\2列，较长时只列首尾部分"
HIDDEN = {  # tags of a cell, as Jupyter Book has them, by what of it is not printed
    part: {f"{verb}-{part}" for verb in ("hide", "remove")} for part in ("cell", "input", "output")
}
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
UNPRINTED = (  # what no paper has, by the beginning of its type
    ("application/vnd.plotly", "Plotly交互图（没有kaleido画的图片）"), ("application/vnd.vega", "Altair交互图（没有vl-convert画的图片）"),
    ("application/vnd.bokeh", "Bokeh交互图"),
    ("application/vnd.holoviews", "HoloViews交互图"), ("application/vnd.jupyter.widget", "交互控件"), ("application/geo+json", "地图"),
    ("application/javascript", "程序"), ("text/javascript", "程序"), ("application/pdf", "PDF文件"), ("video/", "视频"), ("audio/", "音频"),
    ("image/", "图片"),
)  # fmt: skip
NO_WORDS = re.compile(r"<IPython\.core\.display\.\w+ object>")  # of what is shown in another form


class BlockPart(TypedDict):
    """A block of ours, and which it is among those of its kind in the document, counted from 1."""

    kind: Literal["block"]
    block: Block
    ordinal: int


class TextPart(TypedDict):
    """Text that stands as it is."""

    kind: Literal["text", "code"]
    source: str


class FragmentPart(TypedDict):
    """Text with marks: its source, and the HTML that every format is written from."""

    kind: Literal["markdown", "html"]
    source: str
    html: str


class PicturePart(TypedDict):
    """Any other picture as paper has it, with what it shows in words; and its bytes and type for the screen.

    Width and height are those to show it with, in pixels; 0 where it has its own.
    """

    kind: Literal["image"]
    suffix: pictures.Suffix
    content: bytes
    alt: str
    width: float
    height: float
    original: bytes
    type: str


Part: TypeAlias = BlockPart | TextPart | FragmentPart | PicturePart


def parts(notebook: NotebookNode, *, code: bool, without: Collection[str] = ()) -> Iterator[Part]:
    """Yield the parts of a notebook, code when asked for.

    `without` are kinds of cells (markdown, code, raw) and output that are left out.
    """
    replaced: dict[str, str] = {}
    for ordinal, cell in enumerate(notebook.cells, start=1):
        legible = cell if is_whole(_shown(cell)) else nbformat.from_dict(whole(cell, replaced))
        for part in _of_cell(legible, ordinal, METADATA in notebook.metadata, code, without):
            yield legal(part) if part["kind"] != "image" else part
    if replaced:
        words = "；".join(f"{code}，见“{around}”" for code, around in replaced.items())
        yield _fragment(fragments.line(f"不成字符、以编号代替的有：{words}"))


def _shown(cell: NotebookNode) -> dict[str, Any]:
    """Return a cell with the blocks of its outputs in the place of these, which show the same in other forms."""
    outputs = cell.get("outputs", ())
    blocks = (output.get("data", {}).get(MIME) for output in outputs)
    return {
        **cell,
        "outputs": [block if block_schema.is_block(block) else output for block, output in zip(blocks, outputs, strict=True)],
    }


def _of_cell(cell: NotebookNode, ordinal: int, ours: bool, code: bool, without: Collection[str]) -> Iterator[Part]:
    """Yield the parts of a cell; `ours` are those of a pack."""
    tags = set(cell.metadata.get("tags", []))
    slide = cell.metadata.get("slideshow", {}).get("slide_type")
    if tags & HIDDEN["cell"] or slide == "skip" or cell.cell_type in without:
        return
    unsaid = tags & HIDDEN["input"] or cell.metadata.get("transient", {}).get("remove_source")
    if cell.cell_type == "markdown" and not unsaid:
        if source := content.markdown(cell):
            yield _markdown(source, cell.get("attachments"), ordinal)
    elif cell.cell_type == "raw" and not ours and not unsaid:
        yield from _raw(cell)
    elif cell.cell_type == "code":
        if code and cell.source.strip() and not unsaid and not cell.metadata.get("jupyter", {}).get("source_hidden"):
            yield {"kind": "code", "source": cell.source}
        if "output" in without or tags & HIDDEN["output"]:
            return
        for output in _joined(cell.outputs):
            if (
                not (ours and output.get("name") == "stderr") and output.get("name") not in without
            ):  # a warning is for the analyst
                yield from _output(output, ours=ours)


def _raw(cell: NotebookNode) -> Iterator[Part]:
    """Yield a raw cell by the type that it says it has; text when it says none or another."""
    kind = cell.metadata.get("raw_mimetype") or cell.metadata.get("format") or ""
    if kind == "text/html":
        html, lost = fragments.ready(cell.source)
        yield _fragment(html + fragments.unprinted(lost))
    elif kind == "text/markdown":
        yield _markdown(cell.source, cell.get("attachments"), 0)
    elif cell.source.strip():
        yield {"kind": "text", "source": cell.source}


def _joined(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield outputs, those to one stream that follow one another as one."""
    for name, same in groupby(outputs, lambda output: output.get("name") if output.output_type == "stream" else None):
        if name is None:
            yield from same
        else:
            yield NotebookNode(output_type="stream", name=name, text="".join(output.text for output in same))


def _output(output: NotebookNode, *, ours: bool) -> Iterator[Part]:
    """Yield one output in the richest form that paper can hold, and a line for what it cannot."""
    if output.output_type == "stream":
        yield {"kind": "text", "source": terminal.shown(output.text)}
    elif output.output_type == "error":
        trace = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        yield {"kind": "text", "source": terminal.shown(trace)}
    elif block_schema.is_block(shown := output.data.get(MIME)):
        block = block_schema.read(shown)
        markup.see_drawings(block)
        yield {"kind": "block", "block": _readable(block), "ordinal": 0}
    else:
        yield from _foreign(output, ours=ours)


def _foreign(output: NotebookNode, *, ours: bool) -> Iterator[Part]:
    """Yield an output that is no block of ours.

    Raises:
        PackError: a picture of a pack cannot be read. In any other document a line says so.
    """
    data = output.data
    unread = []
    for kind in PICTURES:
        if kind in data:
            if picture := _image(kind, picture_bytes(kind, data[kind]), output, ours):
                yield picture
                return
            if ours:
                raise PackError(
                    chosen(
                        f"A picture ({kind}) that a cell shows cannot be read. Have the cell draw it again, or take it out.",
                        f"单元格显示的图片（{kind}）无法读取。请重新绘制，或删去。",
                    )
                )
            unread.append(f"图片（{kind}）")
    if html := _words(data.get("text/html", "")):
        shown, lost = fragments.ready(html)
        if not fragments.is_empty(shown):
            yield _fragment(SIZE.sub(SAID, shown) + fragments.unprinted(lost))
            return
        unread += [lost] if lost else []
    unread = _unprinted(data) or unread
    plain = _words(data.get("text/plain", ""))
    plain = "" if unread and NO_WORDS.fullmatch(plain) else plain
    if source := _words(data.get("text/markdown", "")):
        yield _markdown(source, None, 0)
    elif source := _words(data.get("text/latex", "")):
        yield {"kind": "text", "source": source.strip()}
    elif "application/json" in data and (not plain or NO_WORDS.fullmatch(plain)):
        yield {"kind": "text", "source": json.dumps(data["application/json"], ensure_ascii=False, indent=2)}
    else:
        others = sorted(kind for kind in data if kind.startswith("text/") and kind not in ("text/html", "text/javascript"))
        if words := plain or next((_words(data[kind]) for kind in others if _words(data[kind])), ""):
            yield {"kind": "text", "source": terminal.shown(words)}
        elif not unread:
            unread = [f"{kind}格式的内容" for kind in data if kind != MIME]
    if unread:
        yield _fragment(fragments.unprinted("、".join(dict.fromkeys(unread))))


def _unprinted(data: Mapping[str, Any]) -> list[str]:
    """Return by name what of an output no paper has."""
    named = [(kind, name) for kind in data for start, name in UNPRINTED if kind.startswith(start)]
    return [name if name not in ("图片", "程序") else f"{name}（{kind}）" for kind, name in named if kind not in PICTURES]


def _words(value: Any) -> str:
    """Return a value of an output as text."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def picture_bytes(kind: str, value: Any) -> bytes:
    """Return the bytes of a picture; empty when they cannot be read."""
    if kind == "image/svg+xml":
        return _words(value).encode("utf-8", "replace")
    try:
        return base64.b64decode(_words(value))
    except (binascii.Error, ValueError):
        return b""


def _image(kind: str, given: bytes, output: NotebookNode, ours: bool) -> PicturePart | None:
    """Return a picture, of somebody else's notebook with whatever words come with it; None when it cannot be printed."""
    metadata = output.get("metadata", {})
    size = metadata.get(kind) if isinstance(metadata.get(kind), Mapping) else metadata
    picture = pictures.Picture("svg", given) if ours and kind == "image/svg+xml" else pictures.printed(given)
    if not picture:
        return None
    alt = metadata.get("alt") or ("" if ours else _words(output.data.get("text/plain", "")) or "图")
    return {
        "kind": "image",
        "suffix": picture.suffix,
        "content": picture.content,
        "alt": legal(str(alt)),
        "width": _pixels(size.get("width")),
        "height": _pixels(size.get("height")),
        "original": given,
        "type": kind,
    }


def _pixels(value: Any) -> float:
    """Return a width or height that an output asks for; 0 when it asks for none that can be."""
    words = str(value).removesuffix("px") if isinstance(value, (int, float, str)) else ""
    return float(words) if re.fullmatch(r"\d{1,5}(\.\d+)?", words) else 0


def _readable(block: Block) -> Block:
    """Return the block; of a table that nobody would read to its end the first rows, and a note that says so."""
    if block["kind"] != "table" or len(block["rows"]) <= MOST_ROWS:
        return block
    notes = [*block["notes"], f"全表共{len(block['rows'])}行，只列前{MOST_ROWS}行"]
    return {**block, "rows": block["rows"][:MOST_ROWS], "notes": notes}


def _markdown(source: str, attachments: Mapping[str, Any] | None, ordinal: int) -> FragmentPart:
    shown, lost = fragments.ready(markdown.html(source, ordinal), attachments)
    return {"kind": "markdown", "source": source, "html": shown + fragments.unprinted(lost)}


def _fragment(html: str) -> FragmentPart:
    return {"kind": "html", "source": html, "html": html}
