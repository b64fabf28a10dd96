"""The lines of a Word document, written from HTML: runs of text with their marks, links, bookmarks and pictures.

`data-custom-style` names a style of the reference document. Only pictures in the page itself are read.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from docx.opc.constants import RELATIONSHIP_TYPE

from city_briefs.production.export import pictures, unbroken
from city_briefs.production.export.fragments import BLOCKS, LINKS, WIDE, colour, spaced, style_of
from city_briefs.production.export.reference import LATIN

STYLE = "data-custom-style"
EMU = 12_700  # of a pt
PPI = 200  # of a picture: sharp in print; twice as many make a file four times as large
CHINESE = re.compile(WIDE)
FOREIGN = (
    f'<w:lang w:val="{LATIN}" w:eastAsia="{LATIN}"/>'  # programs part Chinese anywhere, and what is no Chinese where they may
)
MARKS = {  # what a run has, by element
    "b": "<w:b/>", "strong": "<w:b/>", "em": "<w:i/>", "i": "<w:i/>", "cite": "<w:i/>", "dfn": "<w:i/>", "var": "<w:i/>",
    "s": "<w:strike/>", "del": "<w:strike/>", "u": '<w:u w:val="single"/>', "ins": '<w:u w:val="single"/>',
    "mark": '<w:shd w:val="clear" w:color="auto" w:fill="FFF2A8"/>', "sub": '<w:vertAlign w:val="subscript"/>',
    "sup": '<w:vertAlign w:val="superscript"/>',
}  # fmt: skip
ORDER = (
    "rStyle",
    "rFonts",
    "b",
    "i",
    "strike",
    "color",
    "sz",
    "u",
    "bdr",
    "shd",
    "vertAlign",
    "lang",
)  # of the properties of a run in the schema


class LineWriter:
    """Writes the lines of one document, whose relations and pictures it makes; `targets` are the ids that links lead to."""

    def __init__(self, word: Any, targets: set[str], highest: float) -> None:
        """Take an open Word document, and how high a picture may be, in pt."""
        self.styles = {style.name: style.style_id for style in word.styles}
        self._part, self._targets, self._highest = word.part, targets, highest
        self._drawn = 0
        self._marks: dict[str, int] = {}

    def line(self, nodes: Iterable[PageElement], marks: Sequence[str], room: float) -> str:
        """Return what stands in a line, with the marks of what it stands in and pictures no wider than `room`, in pt."""
        return "".join(self._inline(node, marks, room) for node in nodes)

    def _inline(self, node: PageElement, marks: Sequence[str], room: float) -> str:
        """Return what stands in a line, with the marks of what it stands in."""
        if isinstance(node, NavigableString):
            return self.run(spaced(str(node)), marks)
        if not isinstance(node, Tag):
            return ""
        name = node.name
        if name == "br":
            return "<w:r><w:br/></w:r>"
        if name == "img":
            return self._picture(node, marks, room)
        if name == "a":
            return self._link(node, marks, room)
        if mark := MARKS.get(name):
            marks = (*marks, mark)
        elif name in ("code", "kbd", "samp"):
            marks = (*marks, self._style("Verbatim Char"))
        elif custom := node.get(STYLE):
            marks = (*marks, self._style(str(custom)))
        style = style_of(node)
        if shade := colour(style.get("color", "")):
            marks = (*marks, f'<w:color w:val="{shade[1:]}"/>')
        if (fill := colour(style.get("background-color", ""))) and name not in BLOCKS:
            marks = (*marks, f'<w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>')
        if size := re.fullmatch(r"([\d.]+)pt", style.get("font-size", "")):  # of our own templates; no other HTML keeps it
            marks = (*marks, f'<w:sz w:val="{round(float(size[1]) * 2)}"/>')
        if frame := colour(style.get("border", "").rpartition(" ")[2]):
            marks = (*marks, f'<w:bdr w:val="single" w:sz="4" w:space="0" w:color="{frame[1:]}"/>')
        if style.get("font-weight") in ("bold", "bolder", "600", "700", "800", "900"):
            marks = (*marks, "<w:b/>")
        if style.get("font-style") == "italic":
            marks = (*marks, "<w:i/>")
        quotes = "“”" if name == "q" else ("", "")
        return (
            self.bookmark(node) + self.run(quotes[0], marks) + self.line(node.children, marks, room) + self.run(quotes[1], marks)
        )

    def _style(self, name: str) -> str:
        return f"<w:rStyle w:val={quoteattr(style)}/>" if (style := self.styles.get(name)) else ""

    def run(self, words: str, marks: Sequence[str], *, is_code: bool = False) -> str:
        """Return words as runs: what a line may not part, such as 4个, is one of its own."""
        if is_code:
            return self._run(words, [*marks, self._style("Verbatim Char")])
        return "".join(self._run(piece, [*marks, FOREIGN] if is_whole else marks) for piece, is_whole in unbroken.pieces(words))

    def _run(self, words: str, marks: Sequence[str]) -> str:
        """Return a run; one with Chinese in it has the marks that Chinese and other fonts share in those of Chinese."""
        if not words:
            return ""
        own = [*marks, '<w:rFonts w:hint="eastAsia"/>'] if CHINESE.search(words) else list(marks)
        kinds = {mark[3:].split(" ")[0].split("/")[0]: mark for mark in own if mark}
        properties = "".join(kinds[kind] for kind in ORDER if kind in kinds)
        return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'

    def _link(self, tag: Tag, marks: Sequence[str], room: float) -> str:
        """Return a link, or the words of one that leads nowhere."""
        address = str(tag.get("href") or "")
        words = self.line(tag.children, (*marks, self._style("Hyperlink")) if address else marks, room)
        if LINKS.match(address) and words:
            identity = self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            return f'<w:hyperlink r:id="{identity}">{words}</w:hyperlink>'
        mark = self.bookmark(tag)
        if address[1:] in self._targets and address.startswith("#") and words:
            return f"{mark}<w:hyperlink w:anchor={quoteattr(self._name(address[1:]))}>{words}</w:hyperlink>"
        return mark + (self.line(tag.children, marks, room) if address else words)

    def bookmark(self, tag: Tag) -> str:
        """Return a bookmark at an element that a link leads to, once."""
        name = str(tag.get("id") or "")
        if name not in self._targets or name in self._marks:
            return ""
        self._marks[name] = number = len(self._marks) + 1
        return f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(self._name(name))}/><w:bookmarkEnd w:id="{number}"/>'

    def _name(self, target: str) -> str:
        """Return the name of a bookmark: at most 40 characters, which begin with a letter and have no space."""
        return f"a{sorted(self._targets).index(target) + 1}"

    def _picture(self, tag: Tag, marks: Sequence[str], room: float) -> str:
        """Return a picture with no more pixels than are printed, no wider than its place; the words of one that cannot be read."""
        picture = pictures.printed(pictures.of_address(str(tag.get("src") or "")) or b"")
        alt = str(tag.get("alt") or "")
        if not picture:
            return self.run(alt or "图", marks)
        dot = pictures.DOT
        if picture.suffix == "svg":
            picture, dot = pictures.rastered(picture.content, PPI) or picture, 72 / PPI
        across, down = pictures.pixels(picture)
        natural = across * dot, down * dot
        width, height = _fitted(tag, natural, (room, self._highest))
        content = pictures.scaled(picture, max(round(width / 72 * PPI), 1))
        identity, _ = self._part.get_or_add_image(io.BytesIO(content))
        self._drawn += 1
        across, down = max(round(width * EMU), 1), max(round(height * EMU), 1)
        number = self._drawn * 2
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/>'
            f'<wp:docPr descr={quoteattr(alt)} id="{number}" name="Picture"/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number + 1}" name="Picture"/><pic:cNvPicPr><a:picLocks noChangeAspect="1"/></pic:cNvPicPr>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{identity}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr bwMode="auto"><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )


def _fitted(tag: Tag, natural: tuple[float, float], place: tuple[float, float]) -> tuple[float, float]:
    """Return the width and height of a picture in pt: what it asks for, in its proportions where it asks for one, within its place."""
    room, highest = place
    inches = re.fullmatch(r"([\d.]+)in", style_of(tag).get("width", ""))
    asked = [pictures.asked(str(tag.get(side) or ""), room) for side in ("width", "height")]
    width, height = (float(int(float(inches[1]) * 72)) if inches else asked[0]), asked[1]
    proportion = natural[1] / natural[0]
    if not width:
        width = height / proportion if height else natural[0]
    height = height or width * proportion
    share = min(1.0, room / width, highest / height)
    return width * share, height * share
