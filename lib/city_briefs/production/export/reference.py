"""The reference document of a DOCX: pandoc's own, with the page, faces and sizes of a brief, so that nothing binary is kept.

Styles have the names under which an office finds them: Word and WPS show `Heading 1` as 标题 1 and `Body Text` as 正文文本.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor

from city_briefs.common.theme import ACCENT, INK, LINE, MARK, MUTED, PALE, PANEL, SANS, SERIF
from city_briefs.production.export import pandoc

LEFT, CENTRE, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip
MARGINS = {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}  # GB/T 9704-2012
WIDTH, HEIGHT = Mm(210), Mm(297)
TEXT_WIDTH = Length(WIDTH - MARGINS["left"] - MARGINS["right"])
MARKED, TOTAL = "本行", "合计行"  # what the row of the pack's own region, and one of totals, are known by
WORDY, APPENDIX = "文字表", "附录标题"
SUBSTITUTES = {SERIF: "宋体", SANS: "黑体"}  # what an office has, when it has not our faces


AFTER_FRAME = ("w:tabs", "w:wordWrap", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
Border = tuple[str, float, str]  # side, pt, colour
BOX: tuple[Border, ...] = (("top", 0.5, PALE), ("left", 3, ACCENT), ("bottom", 0.5, PALE), ("right", 0.5, PALE))


@dataclass(frozen=True)
class Style:
    """A paragraph style: face, size and spaces in pt, and what it keeps to."""

    name: str
    size: float
    face: str = SANS
    colour: str = INK
    align: WD_ALIGN_PARAGRAPH = LEFT
    before: float = 0
    after: float = 0
    pitch: float | None = None  # pt, at least, from line to line; a line's own height when unsaid
    indent: bool = False  # the first line, by two characters
    inset: float = 0  # from both margins
    keep: bool = False  # on the page of what follows
    base: str = "Normal"
    borders: tuple[Border, ...] = ()
    fill: str = ""


def styles(body: int) -> Iterator[Style]:
    """Every paragraph style of a pack whose body has so many pt."""
    pitch = 29 if body >= 16 else 1.75 * body  # 29 pt is the pitch of an official document
    prose: dict[str, Any] = {"size": body, "face": SERIF, "align": JUSTIFY, "pitch": pitch, "indent": True}
    box: dict[str, Any] = {"borders": BOX, "fill": PANEL, "inset": 9}
    small: dict[str, Any] = {"before": 2, "after": 2}
    yield Style("Normal", body, face=SERIF)
    yield Style("Body Text", **prose)
    yield Style("First Paragraph", base="Body Text", **prose)
    yield Style("Compact", body, face=SERIF, pitch=1.6 * body)
    yield Style("Title", 22, align=CENTRE, before=6, after=10, keep=True)
    yield Style("Subtitle", 10, colour=MUTED, align=CENTRE, after=4)
    yield Style("数据提示", 10, colour=MARK, align=CENTRE, after=14)
    yield Style("Heading 1", 16, before=20, after=10, keep=True)
    yield Style("Heading 2", max(13, body), before=14, after=6, keep=True)
    for level in range(3, 10):
        yield Style(f"Heading {level}", body, face=SERIF, before=10, after=4, keep=True)
    yield Style(APPENDIX, 16, after=10, keep=True, base="Heading 1")
    yield Style("表题", 10, align=CENTRE, before=12, after=3, keep=True)
    yield Style("图题", 10, align=CENTRE, before=3, after=3, keep=True)
    yield Style("图", body, align=CENTRE, before=12, keep=True)
    yield Style("单位", 8.5, colour=MUTED, align=RIGHT, after=2, keep=True)
    yield Style("表头", 9, colour=MUTED, **small)
    yield Style("表文", 10.5, face=SERIF, **small)
    yield Style(TOTAL, 10.5, face=SERIF, base="表文", **small)
    yield Style("表文小字", 9, face=SERIF, **small)
    yield Style("注", 8.5, colour=MUTED, before=4)
    yield Style("要点", 11, before=10, after=4, keep=True)
    yield Style("说明标题", 11, colour=ACCENT, before=12, keep=True, **box)
    yield Style("说明", **prose, **box)
    yield Style("说明注", 8.5, colour=MUTED, before=4, **box)
    yield Style("说明落款", 9.5, colour=MUTED, align=RIGHT, after=12, **box)
    yield Style("Source Code", 9, before=4, after=4, fill=PANEL)
    yield Style("Header", 8.5, colour=MUTED, borders=(("bottom", 0.5, PALE),))
    yield Style("Footer", 14, face=SERIF)


@cache
def reference(body: int) -> bytes:
    """The reference document of packs whose body has so many pt."""
    document = docx.Document(io.BytesIO(pandoc.default("reference.docx")))
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    for side, margin in MARGINS.items():
        setattr(section, f"{side}_margin", margin)
    section.header_distance, section.footer_distance = Mm(27), Mm(26)
    _defaults(document.styles)
    for style in styles(body):
        _paragraph(document.styles, style)
    _table(document.styles, "Table", 70)
    _table(document.styles, WORDY, 40, f'<w:insideH w:val="single" w:sz="4" w:color="{PALE[1:]}"/>')
    document.styles.add_style(MARKED, WD_STYLE_TYPE.CHARACTER).font.color.rgb = _colour(ACCENT)
    _substitutes(document.part.package)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _defaults(styles: Any) -> None:
    """What no style says otherwise: Chinese, and no face or colour of the theme."""
    for style in styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is not None:
            fonts.getparent().remove(fonts)
    run = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _faces(run, SERIF)
    for slot in ("val", "eastAsia"):
        run.find(qn("w:lang")).set(qn(f"w:{slot}"), "zh-CN")
    code = styles["Verbatim Char"]
    _faces(code.element.get_or_add_rPr(), SANS, latin="Courier New")
    code.font.size = Pt(9)


def _paragraph(styles: Any, style: Style) -> None:
    names = {named.name for named in styles}
    made = styles[style.name] if style.name in names else styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    for run in made.element.findall(qn("w:rPr")):
        made.element.remove(run)
    if style.name != "Normal":
        made.base_style = styles[style.base]
    made.font.size, made.font.color.rgb = Pt(style.size), _colour(style.colour)
    _faces(made.element.rPr, style.face)
    form = made.paragraph_format
    form.alignment, form.keep_with_next, form.page_break_before = style.align, style.keep, style.name == APPENDIX
    form.space_before, form.space_after = Pt(style.before), Pt(style.after)
    form.line_spacing = Pt(style.pitch) if style.pitch else 1.0
    if style.pitch:
        form.line_spacing_rule = WD_LINE_SPACING.AT_LEAST  # a picture in a line is not cut
    form.left_indent = form.right_indent = Pt(style.inset)
    form.first_line_indent = Pt(2 * style.size if style.indent else 0)
    if style.indent:
        form.element.pPr.ind.set(qn("w:firstLineChars"), "200")
    _frame(made.element.pPr, style)


def _frame(properties: Any, style: Style) -> None:
    """The borders and the ground of a paragraph, at the place that the schema asks for."""
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{round(8 * wide)}" w:space="6" w:color="{colour[1:]}"/>'
        for side, wide, colour in style.borders
    )
    parts = [f"<w:pBdr {nsdecls('w')}>{edges}</w:pBdr>"] if edges else []
    parts += [f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{style.fill[1:]}"/>'] if style.fill else []
    for element in parts:
        properties.insert_element_before(parse_xml(element), *AFTER_FRAME)


def _table(styles: Any, name: str, padding: int, edges: str = "") -> None:
    """A style of three-line tables, whose cells have so many twentieths of a pt at their sides."""
    made = styles[name] if name == "Table" else styles.add_style(name, WD_STYLE_TYPE.TABLE)
    for tag in ("w:tblPr", "w:tblStylePr"):
        for element in made.element.findall(qn(tag)):
            made.element.remove(element)
    rule = f'w:val="single" w:sz="8" w:color="{INK[1:]}"'
    sides = "".join(f'<w:{side} w:w="{padding}" w:type="dxa"/>' for side in ("left", "right"))
    made.element.append(parse_xml(
        f'<w:tblPr {nsdecls("w")}><w:jc w:val="center"/><w:tblBorders><w:top {rule}/><w:bottom {rule}/>{edges}</w:tblBorders>'
        f"<w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>"
    ))  # fmt: skip
    made.element.append(parse_xml(
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="4" w:color="{LINE[1:]}"/>'
        "</w:tcBorders></w:tcPr></w:tblStylePr>"
    ))  # fmt: skip


def _substitutes(package: Any) -> None:
    """Tell the reader's program what stands for our faces where they are not installed."""
    part = next(candidate for candidate in package.iter_parts() if candidate.partname == "/word/fontTable.xml")
    named = "".join(f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>' for face, other in SUBSTITUTES.items())
    part._blob = part.blob.replace(b"</w:fonts>", named.encode() + b"</w:fonts>")


def _faces(run: Any, face: str, latin: str = "") -> None:
    fonts = run.get_or_add_rFonts()
    fonts.attrib.clear()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), face if slot == "eastAsia" else latin or face)


def _colour(hexadecimal: str) -> RGBColor:
    return RGBColor.from_string(hexadecimal[1:].upper())
