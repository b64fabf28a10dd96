"""The charts and tables of a document as files of their own, for slides: charts as SVG and PNG, tables as CSV.

They are named by number and title. What is made of synthetic data says so within the picture and under the table.
"""

import csv
import io
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from city_briefs.common.blocks import Block, ChartBlock, TableBlock
from city_briefs.common.theme import PALETTE, SANS
from city_briefs.production.export.cells import of_words
from city_briefs.production.export.docx import png
from city_briefs.production.export.markup import see_drawings

DPI = 300  # of a PNG
STRIP = 14.0  # pt, under a chart, for the notice
SVG = "{http://www.w3.org/2000/svg}"
NOT_IN_FILES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
FILE = re.compile(r"[图表]\d+( .*)?\.(svg|png|csv)")
LONGEST_NAME = 60  # characters, of 255 bytes that systems allow
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # with which a cell begins that Excel would count out
BOM = "\ufeff"  # by which Excel knows UTF-8


def files_of(numbered: Sequence[tuple[str, Block]]) -> dict[str, bytes]:
    """Return the files of charts and tables by name; `numbered` are blocks with their names in the document, such as 图1.

    Raises:
        PackError: a drawing is no drawing, or cannot be drawn.
    """
    made: dict[str, bytes] = {}
    charts: list[tuple[str, str]] = []
    for number, block in numbered:
        if block["kind"] == "chart":
            see_drawings(block)
            charts.append((file_name(number, block["caption"]), _marked(block)))
        elif block["kind"] == "table":
            made[f"{file_name(number, block['caption'])}.csv"] = _table(block)
    drawn = png([drawing for _, drawing in charts], DPI)
    for (name, drawing), picture in zip(charts, drawn, strict=True):
        made |= {f"{name}.svg": drawing.encode(), f"{name}.png": _sized(picture)}
    return made


def file_name(number: str, caption: str) -> str:
    """Return the name of a file by number and title, without what systems refuse in a name."""
    plain = " ".join(NOT_IN_FILES.sub(" ", unicodedata.normalize("NFC", f"{number} {caption}")).split())
    return plain[:LONGEST_NAME].strip(" .")


def is_figure_file(name: str) -> bool:
    """Return whether a file has such a name."""
    return bool(FILE.fullmatch(name))


def _marked(block: ChartBlock) -> str:
    """Return the drawing of a chart, with the notice of its data under it where there is one."""
    notice = block["snapshot"].get("notice", "")
    if not notice:
        return block["svg"]
    root = ElementTree.fromstring(block["svg"])  # noqa: S314  # `see_drawings` has seen it
    left, top, width, height = map(float, root.get("viewBox", "0 0 0 0").split())
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height + STRIP:g}")
    root.set("height", f"{float(root.get('height', '0').removesuffix('pt')) + STRIP:g}pt")
    look = f"font-size: 8px; font-family: '{SANS}'; text-anchor: end; fill: {PALETTE['mark']}"
    words = ElementTree.SubElement(
        root, f"{SVG}text", {"x": f"{left + width - 3:g}", "y": f"{top + height + STRIP - 4:g}", "style": look}
    )
    words.text = notice
    return ElementTree.tostring(root, encoding="unicode")


def _sized(picture: bytes) -> bytes:
    """Return a PNG that says how large it is on paper, so that a program puts it in at that size."""
    content = b"pHYs" + struct.pack(">IIB", *[round(DPI / 0.0254)] * 2, 1)  # pixels in a metre, each way
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    end_of_head = 33  # its signature and the chunk that every PNG begins with
    return picture[:end_of_head] + chunk + picture[end_of_head:]


def _table(block: TableBlock) -> bytes:
    """Return a table as CSV: heads, rows, then unit, notes, sources and the notice of its data."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([_cell(head.replace("\n", "")) for head in block["header"]])
    writer.writerows([_cell(words) for words in row] for row in block["rows"])
    writer.writerows([line] for line in _under(block))
    return (BOM + file.getvalue()).encode()


def _under(block: TableBlock) -> Iterator[str]:
    """Yield the lines under a table."""
    if block["unit"]:
        yield f"单位：{block['unit']}"
    if block["notes"]:
        yield f"注：{'；'.join(block['notes'])}"
    if block["sources"]:
        yield f"资料来源：{'；'.join(block['sources'])}"
    if notice := block["snapshot"].get("notice", ""):
        yield notice


def _cell(words: str) -> str:
    """Return a cell: a number with the sign that programs read, and text that none takes for a formula."""
    if isinstance(of_words(words).content, float):
        return words.replace("−", "-")
    return f"'{words}" if words.startswith(FORMULAS) else words
