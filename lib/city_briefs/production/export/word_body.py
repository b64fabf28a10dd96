"""The body of a Word document, written from a page of HTML with the styles of a reference document.

`data-custom-style` names a style of the reference document. Only pictures in the page itself are read.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from city_briefs.production.export import table_layout
from city_briefs.production.export.fragments import HEADINGS, colour, is_block, style_of
from city_briefs.production.export.word_lines import STYLE, LineWriter

GRID = 7920  # twips of the columns of a table, which programs scale to the width of the text
TWIPS = 20  # of a pt
UNDER_PICTURE = (
    80.0  # pt, of the space around a picture, its caption and notes, without which Word cuts it at the foot of the page
)
FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
BULLETS = "•◦▪"
CLOSE = "data-close"  # of what stands closer than its style has it
APART = '<w:spacing w:before="18" w:after="18" w:line="{}" w:lineRule="auto"/>'  # in twips, and its lines in 240ths
RULE = (  # a thin rule of our own templates
    '<w:p><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="8" w:space="1" w:color="{}"/></w:pBdr>'
    '<w:spacing w:before="0" w:after="40" w:line="40" w:lineRule="exact"/></w:pPr></w:p>'
)
MARGINS = '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
PLAIN_LINE, CLOSE_LINE = 240, 204  # a picture is cut off where lines are closer
SIDES = {"left", "right", "center"}


class Place(NamedTuple):
    """Where a block stands: in which style, how far indented, in pt, at which side, in how many lists, with which number."""

    style: str = ""
    indent: float = 0
    side: str = ""
    depth: int = 0
    number: int = 0
    size: float = 0
    room: float = 0
    close: bool = False


class Writer:
    """Writes the body of one document, whose relations, pictures and lists it makes."""

    def __init__(self, word: Any, text_width: float, text_height: float) -> None:
        """Take an open Word document without a body, and how wide and high the text of a page is, in pt."""
        self._word, self._room = word, text_width
        self._highest = max(text_height - UNDER_PICTURE, text_height / 2)
        self._lines = LineWriter(word, set(), self._highest)
        self._numbering = word.part.numbering_part.element
        taken = self._numbering.findall(qn("w:abstractNum")), self._numbering.findall(qn("w:num"))
        self._lists = max((int(one.get(qn("w:abstractNumId"))) for one in taken[0]), default=0) + 1
        self._numbers = max((int(one.get(qn("w:numId"))) for one in taken[1]), default=0) + 1
        self._kinds: dict[tuple[str, int, int], int] = {}
        self._is_first = True

    def body(self, page: Tag) -> list[Any]:
        """Return the elements of the body."""
        ids = {str(tag["id"]) for tag in page.find_all(id=True)}
        targets = {str(link["href"])[1:] for link in page.find_all("a", href=re.compile("^#"))} & ids
        self._lines = LineWriter(self._word, targets, self._highest)
        written = self._blocks((page.body or page).children, Place(room=self._room))  # without what declares the page
        names = nsdecls("w", "r", "wp", "a", "pic")
        return list(parse_xml(f"<w:body {names}>{written}</w:body>"))

    def _blocks(self, nodes: Iterable[PageElement], place: Place) -> str:
        """Return blocks, and lines between them as paragraphs."""
        made: list[str] = []
        line: list[PageElement] = []

        def end() -> None:
            nonlocal place
            if any(isinstance(node, Tag) or node.strip() for node in line if isinstance(node, (Tag, NavigableString))):
                made.append(self._paragraph(line, place if place.style else place._replace(style="Compact")))
                place = place._replace(number=0)
            line.clear()

        for node in nodes:
            if isinstance(node, Tag) and is_block(node) and node.name != "a":
                end()
                made.append(self._block(node, place))
                place = place._replace(number=0)
            else:
                line.append(node)
        end()
        return "".join(made)

    def _block(self, tag: Tag, place: Place) -> str:
        """Return one block."""
        name = tag.name
        if custom := tag.get(STYLE) if name == "div" else None:
            self._is_first = False
            return self._blocks(tag.children, place._replace(style=str(custom), close=tag.has_attr(CLOSE)))
        if (side := style_of(tag).get("text-align", "")) in SIDES:
            place = place._replace(side=side)
        if name in HEADINGS:
            words = self._paragraph(tag.children, place._replace(style=f"Heading {name[1]}", close=tag.has_attr(CLOSE)), tag)
            self._is_first = True
            return words
        if name == "p":
            style = place.style or ("Body Text" if place.number or place.depth or not self._is_first else "First Paragraph")
            self._is_first = False
            return self._paragraph(tag.children, place._replace(style=style), tag)
        if name == "pre":
            return self._paragraph(
                [NavigableString(tag.get_text().strip("\n"))], place._replace(style="Source Code"), is_code=True
            )
        if name == "hr":
            if shade := colour(style_of(tag).get("color", "")):
                return RULE.format(shade[1:])
            return '<w:p><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="auto"/></w:pBdr></w:pPr></w:p>'
        if name == "table":
            self._is_first = True
            return self._table(tag, place)
        if name in ("ul", "ol"):
            words = self._list(tag, place)
            self._is_first = True
            return words
        if name == "blockquote":
            return self._blocks(tag.children, place._replace(style="Block Text", indent=place.indent + 24))
        if name == "dd":
            return self._blocks(tag.children, place._replace(indent=place.indent + 24))
        if name in ("dt", "summary"):
            return self._paragraph(tag.children, place._replace(style="Compact"), tag, marks=("<w:b/>",))
        return self._blocks(tag.children, place)

    def _room_of(self, place: Place) -> float:
        """Return how wide a line may be, in pt."""
        return max((place.room or self._room) - 36 * place.depth - place.indent, 36)

    def _list(self, tag: Tag, place: Place) -> str:
        """Return a list, whose items count by themselves."""
        start = str(tag.get("start") or "1")
        kind = FORMATS.get(str(tag.get("type")), "decimal") if tag.name == "ol" else "bullet"
        number = self._new_list(kind, int(start) if start.isdecimal() and len(start) < 10 else 1, place.depth)
        inner = place._replace(style="", depth=place.depth + 1)
        return "".join(
            self._blocks(item.children, inner._replace(number=number)) for item in tag.children if isinstance(item, Tag)
        )

    def _new_list(self, kind: str, start: int, depth: int) -> int:
        """Return the number of a new list of a kind, which begins with `start`."""
        key = (kind, start, min(depth, 8))
        if key not in self._kinds:
            self._kinds[key] = self._lists
            text = BULLETS[depth % len(BULLETS)] if kind == "bullet" else "%1."
            left = 720 * (key[2] + 1)
            level = (
                f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
                f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="360"/></w:pPr></w:lvl>'
            )
            made = parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self._lists}">'
                f'<w:multiLevelType w:val="singleLevel"/>{level}</w:abstractNum>'
            )
            first = self._numbering.find(qn("w:num"))
            self._numbering.append(made) if first is None else first.addprevious(made)
            self._lists += 1
        number = self._numbers
        self._numbers += 1
        override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        self._numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{self._kinds[key]}"/>{override}</w:num>')
        )
        return number

    def _paragraph(
        self,
        nodes: Iterable[PageElement],
        place: Place,
        tag: Tag | None = None,
        *,
        is_code: bool = False,
        marks: Sequence[str] = (),
    ) -> str:
        """Return a paragraph."""
        if place.size:
            marks = (*marks, f'<w:sz w:val="{round(place.size * 2)}"/>')
        if is_code:
            lines = "".join(str(node) for node in nodes).split("\n")
            runs = "<w:r><w:br/></w:r>".join(self._lines.run(line, marks, is_code=True) for line in lines)
        else:
            runs = _trimmed(self._lines.line(nodes, marks, self._room_of(place)))
        properties = ""
        if style := self._lines.styles.get(place.style):
            properties += f"<w:pStyle w:val={quoteattr(style)}/>"
        if place.number:
            properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{place.number}"/></w:numPr>'
        if place.close:
            properties += APART.format(PLAIN_LINE if "<w:drawing>" in runs else CLOSE_LINE)
        if place.number:
            pass
        elif place.depth and place.style not in ("Source Code",):
            properties += f'<w:ind w:left="{720 * place.depth + round(place.indent * TWIPS)}" w:firstLine="0"/>'
        elif place.indent > 24 or (place.indent and place.style != "Block Text"):
            properties += f'<w:ind w:left="{round(place.indent * TWIPS)}" w:firstLine="0"/>'
        if place.side:
            properties += f'<w:jc w:val="{place.side}"/>'
        mark = self._lines.bookmark(tag) if tag is not None else ""
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{mark}{runs}</w:p>"

    def _table(self, tag: Tag, place: Place) -> str:
        """Return a table: with the widths that it names, else so that it fits, in pieces where it must."""
        grid = table_layout.grid(tag)
        if not grid.cells:
            return ""
        caption = tag.find("caption", recursive=False)
        above = self._paragraph(caption.children, place._replace(style="Table Caption")) if caption else ""
        columns = [style_of(column).get("width", "") for column in tag.select("colgroup > col")]
        if columns and all(column.endswith("%") for column in columns) and len(columns) == grid.columns:
            shares = [float(column[:-1]) / 100 for column in columns]
            return above + self._piece(
                grid, list(enumerate(shares)), str(tag.get(STYLE) or "Table"), place._replace(close=tag.has_attr(CLOSE))
            )
        room = self._room_of(place)
        fit = table_layout.layout(grid, room)
        pieces = [self._piece(grid, piece, "Table", place._replace(size=fit.size), is_foreign=True) for piece in fit.pieces]
        under = self._paragraph([NavigableString("续表")], place._replace(style="单位"))
        after = self._paragraph([], place._replace(style="注"))
        return above + under.join(pieces) + after

    def _piece(
        self, grid: table_layout.Grid, columns: list[tuple[int, float]], style: str, place: Place, *, is_foreign: bool = False
    ) -> str:
        """Return a table of some columns, whose widths are shares of the text, or pt when it `is_foreign`."""
        numeric = grid.numeric() if is_foreign else set()
        widths = [int(width * (TWIPS if is_foreign else GRID)) for _, width in columns]
        full = f'<w:tblW w:type="dxa" w:w="{sum(widths)}"/>' if is_foreign else '<w:tblW w:type="pct" w:w="5000"/>'
        rows: dict[int, list[tuple[int, str]]] = {row: [] for row in range(grid.rows)}
        for cell, first, span, width in table_layout.in_piece(grid, columns):
            side = table_layout.aligned(cell, numeric) if is_foreign else style_of(cell.tag).get("text-align", "")
            inner = Place(side=side if side in SIDES else "", size=place.size, room=width if is_foreign else self._room)
            body = self._blocks(cell.tag.children, inner)
            if is_foreign and cell.is_bold:
                body = body.replace("<w:rPr>", "<w:rPr><w:b/>").replace("<w:b/><w:b/>", "<w:b/>")
            body = body if body.endswith("</w:p>") else f"{body}<w:p/>"
            look = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            fill = colour(style_of(cell.tag).get("background-color", ""))
            shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>' if fill else ""
            for row in range(cell.row, cell.row + cell.rows):
                merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
                properties = f"<w:tcPr>{look}{merge}{shade}</w:tcPr>"
                rows[row].append((first, f"<w:tc>{properties}{body if row == cell.row else '<w:p/>'}</w:tc>"))
        written = []
        for row, cells in rows.items():
            head = '<w:trPr><w:tblHeader w:val="on"/></w:trPr>' if row < grid.head else ""
            written.append(f"<w:tr>{head}{''.join(body for _, body in _filled(cells, len(columns)))}</w:tr>")
        look = '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="0" w:val="0020"/>'
        named = f"<w:tblStyle w:val={quoteattr(self._lines.styles[style])}/>" if style in self._lines.styles else ""
        margins = MARGINS if place.close else ""
        grids = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        layout = f'<w:tblPr>{named}{full}<w:tblLayout w:type="fixed"/>{margins}{look}</w:tblPr><w:tblGrid>{grids}</w:tblGrid>'
        return f"<w:tbl>{layout}{''.join(written)}</w:tbl>"


def _filled(cells: list[tuple[int, str]], columns: int) -> list[tuple[int, str]]:
    """Return the cells of a row in their order, with empty ones where it has none."""
    made: list[tuple[int, str]] = []
    place = 0
    for first, body in sorted(cells):
        made += [(column, "<w:tc><w:tcPr/><w:p/></w:tc>") for column in range(place, first)]
        made.append((first, body))
        span = re.search(r'<w:gridSpan w:val="(\d+)"/>', body[:200])
        place = first + (int(span[1]) if span else 1)
    return [*made, *((column, "<w:tc><w:tcPr/><w:p/></w:tc>") for column in range(place, columns))]


def _trimmed(runs: str) -> str:
    """Return the runs of a paragraph without a space at its beginning and end."""
    space = '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
    runs = runs.removeprefix(space).removesuffix(space)
    runs = re.sub(
        r'^((?:<w:bookmark[^>]*>)*<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve">) +', r"\1", runs
    )
    return re.sub(r" +(</w:t></w:r>)$", r"\1", runs)
