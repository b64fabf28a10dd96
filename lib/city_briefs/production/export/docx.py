"""The nbconvert exporter `brief-docx`: a pack that an office opens in Word or WPS, edits and sends on.

It is written from a page of HTML with the styles of `reference`. The same notebook gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import docx
import typst
from bs4 import BeautifulSoup
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Pt
from markupsafe import Markup

from city_briefs.common.blocks import HeadlineCard
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.common.theme import PALE, PALETTE, PANEL, definition
from city_briefs.production.export import compiler, fragments, word_page_one, word_tables
from city_briefs.production.export.characters import Printer
from city_briefs.production.export.compiler_fonts import folder, fonts
from city_briefs.production.export.document import PrintedDocument
from city_briefs.production.export.exporter import NOT_IN_DOCUMENTS, BriefExporter
from city_briefs.production.export.markup import small_drawings
from city_briefs.production.export.parts import Part
from city_briefs.production.export.pictures import TYPES, address
from city_briefs.production.export.reference import MARKED, TOTAL, WORDY, ReferenceDocument, reference
from city_briefs.production.export.word_body import Writer
from city_briefs.production.export.word_lines import PPI

MOST_CHARACTERS = 255  # of a property
ENTRY = (1980, 1, 1, 0, 0, 0)  # of every file in the archive
WHOLE_ROWS = {"Table": 20, WORDY: 8}  # of each style of table: one of no more rows is not parted between pages
CARDS = (("指标", 1.35), ("数值", 0.8), ("变化", 1.25), ("位次", 0.95), ("目标", 0.55))  # and how wide
DEFINITIONS = {
    "header": ["指标", "单位", "口径", "责任处室"],
    "widths": [1.5, 0.7, 3.2, 1.1],
    "align": ["left"] * 4,
    "dense": True,
}
MODERN = (  # else Word opens it in its mode for files of 2007
    f"<w:compat {nsdecls('w')}><w:compatSetting "
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)
AFTER_COMPATIBILITY = {  # in the settings of a Word file, as the schema has it
    qn(name)
    for name in ("w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
                 "w:listSeparator")
}  # fmt: skip
SHADED = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{PANEL[1:]}"/>'
RULED = f'<w:tcBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="4" w:color="{PALE[1:]}"/></w:tcBorders>'
TOGETHER = 3  # rows that are not left alone where a table begins or ends on a page
WITH_PANELS = ("page-one", "exception")  # kinds of blocks whose drawings are pictures of their own
MANY_COLUMNS = 8  # of a table whose cells stand closer when it has more, as in PDF
SMALL = Pt(9)  # the type of such a table
CLOSE = f'<w:tblCellMar {nsdecls("w")}><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'  # 2 pt
NOT_SHOWN = NOT_IN_DOCUMENTS


class BriefDOCX(BriefExporter):
    """`jupyter nbconvert --to brief-docx any.ipynb`; code is left out unless `--no-BriefDOCX.exclude_input`."""

    export_from_notebook = "Brief (DOCX)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix, template_suffix = ".docx", ".docx.j2"

    def printed(self, brief: PrintedDocument) -> bytes:
        """Return the Word document.

        Raises:
            PackError: a figure cannot be drawn.
        """
        trees = fragments.trees(brief.parts)
        styles = reference(brief.body)
        pictures = iter(_pictures(brief.parts, styles.text_width))
        parts = [_part(part, tree, pictures, styles.text_width.pt) for part, tree in zip(brief.parts, trees, strict=True)]
        rows = [[metric["label"], metric["unit"], definition(metric), metric["owner"]] for metric in brief.appendix.metrics]
        page = self.set_in_template(brief=brief, parts=parts, definitions=DEFINITIONS | {"rows": rows}, palette=PALETTE)
        return _finished(page, brief, styles)


def _part(part: Part, tree: BeautifulSoup | None, pictures: Iterator[dict[str, Any]], room: float) -> dict[str, Any]:
    """What the template sets of a part; `pictures` are the drawings of charts, and other pictures, in their order.

    `room` is how wide text is, in pt.
    """
    if part["kind"] == "block":
        block = part["block"]
        if block["kind"] == "page-one":
            return {**word_page_one.shown(block, pictures, room), "ordinal": part["ordinal"]}
        if block["kind"] == "exception":
            return {**block, "panels": word_page_one.panels(block["panels"], pictures), "ordinal": part["ordinal"]}
        if block["kind"] == "table":
            is_small = bool(block.get("dense")) or len(block["header"]) > MANY_COLUMNS
            return {**block, "ordinal": part["ordinal"], "widths": word_tables.widths(block, room, is_small=is_small)}
        more = _listed(block["cards"]) if block["kind"] == "cards" else next(pictures) if block["kind"] == "chart" else {}
        return {**block, "ordinal": part["ordinal"], **more}
    if part["kind"] == "image":
        return {**part, **next(pictures)}
    return {**part, **({"page": Markup(tree.decode())} if tree else {})}  # noqa: S704


def _pictures(parts: Sequence[Part], most: Length) -> Iterator[dict[str, Any]]:
    """The address of every chart and picture in their order, those that are SVG drawn as PNG: older Word and WPS leave an SVG blank.

    Drawings have their width on paper, in inches: no wider than `most`.
    """
    sources = []
    for part in parts:
        if part["kind"] == "block" and part["block"]["kind"] == "chart":
            sources.append(part["block"]["svg"])
        elif part["kind"] == "block" and part["block"]["kind"] in WITH_PANELS:
            sources += [drawing["svg"] for _, drawing in small_drawings(part["block"])]
        elif part["kind"] == "image" and part["suffix"] == "svg":
            sources.append(part["content"].decode("utf-8", "replace"))
    drawn = iter(png(sources))
    for part in parts:
        if part["kind"] == "block" and part["block"]["kind"] == "chart":
            yield _drawn(next(drawn), most)
        elif part["kind"] == "block" and part["block"]["kind"] in WITH_PANELS:
            yield from (_drawn(next(drawn), most) for _ in small_drawings(part["block"]))
        elif part["kind"] == "image":
            yield (
                _drawn(next(drawn), most)
                if part["suffix"] == "svg"
                else {"picture": address(part["content"], TYPES[part["suffix"]])}
            )


def png(drawings: Sequence[str], ppi: int = PPI) -> list[bytes]:
    """Each SVG as a PNG of its own size with so many pixels to the inch, drawn by Typst in one call with the faces of a brief.

    Its words are as paper has them.

    What Typst refuses is a PackError.
    """
    if not drawings:
        return []
    pages = "\n#pagebreak()\n".join(f'#image("{number}.svg")' for number in range(len(drawings)))
    files = {"main.typ": f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}".encode()}
    files |= {f"{number}.svg": Printer().drawing(drawing).encode() for number, drawing in enumerate(drawings)}
    try:
        drawn = compiler.typeset(files, format="png", ppi=ppi, root=folder().name, font_paths=fonts())
    except typst.TypstError as error:
        reason = " ".join(str(error).split())
        raise PackError(chosen(f"A figure could not be drawn as PNG: {reason}.", f"有一幅图无法绘成PNG：{reason}。")) from None
    return drawn if isinstance(drawn, list) else [drawn]


def _width(picture: bytes) -> float:
    """The width of such a PNG on paper, in inches."""
    return int.from_bytes(picture[16:20], "big") / PPI


def _drawn(picture: bytes, most: Length) -> dict[str, Any]:
    """A PNG that was drawn from an SVG, and how wide it is on paper, in inches: no wider than `most`."""
    return {"picture": address(picture, TYPES["png"]), "inches": round(min(_width(picture), most.inches), 3)}


def _listed(cards: Sequence[HeadlineCard]) -> dict[str, Any]:
    """Cards as a table, without the columns in which none of them has anything."""
    rows = [
        (card["label"], card["value"] + card["unit"], card["arrow"] + card["change"], card["place"], card.get("light", ""))
        for card in cards
    ]
    columns = [(*column, cells) for column, cells in zip(CARDS, zip(*rows, strict=True), strict=True) if any(cells)]
    names, widths, cells = zip(*columns, strict=True)
    align = ["right" if name == "数值" else "left" for name in names]
    return {"header": names, "widths": widths, "align": align, "rows": list(zip(*cells, strict=True))}


def _finished(page: str, brief: PrintedDocument, styles: ReferenceDocument) -> bytes:
    """A page of HTML as a Word document, with running head, page numbers and properties, and tables that are marked and kept whole."""
    word = docx.Document(io.BytesIO(styles.content))
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    for element in Writer(word, styles.text_width.pt, styles.text_height.pt).body(BeautifulSoup(page, "html.parser")):
        body.append(element) if (last := body.find(qn("w:sectPr"))) is None else last.addprevious(element)
    _margins(word, brief, styles.text_width)
    if brief.begins_with_page_one:
        word_page_one.end_page(word)
    names = {style.style_id: style.name for style in word.styles}
    for table in word.tables:
        table.alignment = WD_TABLE_ALIGNMENT.CENTER  # between the margins: at the left, programs differ by the padding of a cell
        _table(table._tbl, names)
    if brief.has_imprint:
        for paragraph in word.paragraphs[-2 * len(brief.masthead["imprint"]) - 1 : -1]:  # its lines and the rules around them
            paragraph.paragraph_format.keep_with_next = True
    settings = word.settings.element
    for compatibility in settings.findall(qn("w:compat")):  # of an office's own reference document
        settings.remove(compatibility)
    later = next((element for element in settings if element.tag in AFTER_COMPATIBILITY), None)
    settings.append(parse_xml(MODERN)) if later is None else later.addprevious(parse_xml(MODERN))
    properties = word.core_properties
    properties.title, properties.comments, properties.language = brief.title[:MOST_CHARACTERS], brief.notice, "zh-CN"
    properties.created = properties.modified = brief.created
    file = io.BytesIO()
    word.save(file)
    return _dated(file.getvalue())


def _margins(word: Any, brief: PrintedDocument, text_width: Length) -> None:
    """The running head and the page numbers: at the outer edge, as an official document has them."""
    section = word.sections[0]
    word.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        if brief.running or brief.notice:
            paragraph = header.paragraphs[0]
            paragraph.paragraph_format.tab_stops.add_tab_stop(text_width, WD_TAB_ALIGNMENT.RIGHT)
            paragraph.text = f"{brief.running}\t{brief.notice}"
    for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.add_run("　— ")
        paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
        paragraph.add_run(" —　")


def _table(table: Any, names: Mapping[str, str]) -> None:
    """Shade the marked row, rule off the row of totals, part no row, nor few rows from the others; set many columns closer.

    `names` are those of the styles by their ids, which an office's program may have chosen.
    """
    rows, kind = table.tr_lst, names.get(table.tblStyle_val, "")
    is_ours = table.tblPr.find(qn("w:tblW")).get(qn("w:type")) == "pct"
    if is_ours and len(table.tblGrid.gridCol_lst) > MANY_COLUMNS:
        _close(table)
    stays = _with_the_next(len(rows), WHOLE_ROWS.get(kind, 0) + 1)
    for place, row in enumerate(rows):
        row.get_or_add_trPr().insert(0, parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell in row.tc_lst:
            styles = {names.get(mark.get(qn("w:val"))) for mark in cell.iter(qn("w:rStyle"), qn("w:pStyle"))}
            for name, element in ((TOTAL, RULED), (MARKED, SHADED)):
                if name in styles:
                    cell.get_or_add_tcPr().append(parse_xml(element))
            if stays[place]:
                for paragraph in cell.p_lst:
                    paragraph.get_or_add_pPr().get_or_add_keepNext()


def _with_the_next(rows: int, most: int) -> list[bool]:
    """Return of each row of a table, its head first, whether it stays with what follows it.

    All do in a table of at most `most` rows; in any other the head and the first three, and the last three and the notes.
    """
    return [rows <= most or place < TOGETHER or place >= rows - TOGETHER for place in range(rows)]


def _close(table: Any) -> None:
    """Set the cells of a table closer and in smaller type, so that its numbers and places stay on one line."""
    margins = parse_xml(CLOSE)
    look = table.tblPr.find(qn("w:tblLook"))
    table.tblPr.append(margins) if look is None else look.addprevious(margins)
    for run in table.iter(qn("w:r")):
        run.get_or_add_rPr().sz_val = SMALL


def _dated(archive: bytes) -> bytes:
    """The same archive without the time at which it was made."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(zipfile.ZipInfo(name, ENTRY), given.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()
