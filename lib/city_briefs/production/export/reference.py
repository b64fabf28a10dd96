"""The reference document of a DOCX: the Word file whose styles, page and margins every pack has, an office's own or `reference.docx`.

Styles have the names under which an office finds them: Word and WPS show `Heading 1` as 标题 1 and `Body Text` as 正文文本. The text
of the file shows each style that a pack needs, and reaches no pack.
"""

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt

from city_briefs.common import files, imports, language, paths
from city_briefs.common.errors import PackError
from city_briefs.common.theme import SANS, SERIF, fonts

STANDARD = Path(__file__).with_name("reference.docx")
BODY = 12  # pt, of the packs whose text has the size that it has in the file
OFFICIAL, PITCH = 16, Pt(29)  # the size in pt of the text of an official document, and its pitch from line to line
MARKED, TOTAL = "本行", "合计行"  # what the row of the pack's own region, and one of totals, are known by
WORDY = "文字表"
FACES = {fonts.INCLUDED["serif"].family: SERIF, fonts.INCLUDED["sans"].family: SANS}  # those of the file, and those in use
OURS = (
    "headerReference",
    "footerReference",
    "titlePg",
)  # of a section: every page of a pack has the heads and numbers of the pack


LATIN = "en-US"  # the language of what is no Chinese
AFTER_SPACES = (  # of the properties of a paragraph, those that the schema has after the spaces between scripts
    "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle",
    "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


class ReferenceDocument(NamedTuple):
    """A reference document, and how wide and high the text between its margins is."""

    content: bytes
    text_width: Length
    text_height: Length


def reference(body: int) -> ReferenceDocument:
    """Return the reference document of packs whose text has so many pt.

    Raises:
        PackError: the office's own file cannot be read, is no Word document, lacks a style, or has no room for text.
    """
    own = paths.word_styles()
    if not own or not (own.is_file() or imports.sealed_hash(own)):
        return _prepared(files.read_bytes(STANDARD), body)
    try:
        return _prepared(files.read_bytes(own), body)
    except OSError as error:
        raise _unusable(f"cannot be read: {error.strerror}", f"不能读取：{error.strerror}") from None
    except (zipfile.BadZipFile, SyntaxError, ValueError, LookupError, TypeError, AttributeError):  # as python-docx has it
        raise _unusable("is no Word document", "不是Word文档") from None


def _unusable(english: str, chinese: str) -> PackError:
    """Return the error that the office's own file cannot be used, and why."""
    return PackError(
        language.chosen(
            f"{paths.WORD_STYLES} {english}. Save the DOCX of a pack under this name, and change its styles in Word.",
            f"{paths.WORD_STYLES}{chinese}。请把一份简报的DOCX另存为这个文件，再在Word里修改样式。",
        )
    )


@cache
def _prepared(content: bytes, body: int) -> ReferenceDocument:
    """Return a Word file with the fonts in use, and with text of the size that is asked for."""
    document = docx.Document(io.BytesIO(content))
    missing = sorted(_shown(files.read_bytes(STANDARD)) - {style.name for style in document.styles})
    if missing:
        raise _unusable(f"lacks styles: {', '.join(missing)}", f"缺少样式：{'、'.join(missing)}")
    section: Any = document.sections[-1]
    width = Length(section.page_width - section.left_margin - section.right_margin)
    height = Length(section.page_height - section.top_margin - section.bottom_margin)
    if width <= 0 or height <= 0:
        raise _unusable("has no room for text between its margins", "的页边距之间没有排正文的地方")
    for name in OURS:
        for element in section._sectPr.findall(qn(f"w:{name}")):
            section._sectPr.remove(element)
    _put_fonts(document)
    _put_languages(document)
    if body != BODY:
        _resize(document, body)
    file = io.BytesIO()
    document.save(file)
    return ReferenceDocument(file.getvalue(), Mm(int(width.mm)), Mm(int(height.mm)))  # margins in a file are rounded to twips


@cache
def _shown(content: bytes) -> frozenset[str]:
    """Return the names of the styles that the text of a Word file shows."""
    document = docx.Document(io.BytesIO(content))
    names = {style.style_id: style.name for style in document.styles}
    uses = document.element.body.iter(*(qn(f"w:{kind}Style") for kind in ("p", "r", "tbl")))
    return frozenset(names[use.get(qn("w:val"))] for use in uses)


def _put_fonts(document: Any) -> None:
    """Put the fonts of `briefs.toml` in the place of those that come with the package."""
    for slots in document.styles.element.iter(qn("w:rFonts")):
        for slot, face in slots.attrib.items():
            slots.set(slot, FACES.get(face, face))
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":  # it says what stands for a font where that is not installed
            for face, used in FACES.items():
                part._blob = part.blob.replace(f'"{face}"'.encode(), quoteattr(used).encode())


def _put_languages(document: Any) -> None:
    """Say that Chinese is Chinese, and digits and letters are none: programs may part a number that is Chinese at each digit.

    No space stands between both, as in a PDF, unless an office's own file has it.
    """
    styles = document.styles.element
    for missing in styles.xpath("w:docDefaults/w:rPrDefault/w:rPr[not(w:lang)]"):
        missing.append(parse_xml(f"<w:lang {nsdecls('w')}/>"))
    for language_of in (*styles.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))):
        language_of.set(qn("w:val"), LATIN)
        language_of.set(qn("w:eastAsia"), "zh-CN")
    for plain in styles.xpath("w:style[@w:type='paragraph'][@w:default='1']/w:pPr[not(w:autoSpaceDE or w:autoSpaceDN)]"):
        for name in ("autoSpaceDE", "autoSpaceDN"):
            plain.insert_element_before(parse_xml(f'<w:{name} {nsdecls("w")} w:val="0"/>'), *AFTER_SPACES)


def _resize(document: Any, body: int) -> None:
    """Give the text of a pack another size: all in proportion, and no heading smaller than the text."""
    styles = [style for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH]
    default = document.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:sz')}")
    sizes = {
        style.style_id: _size(style) or (Pt(int(default.get(qn("w:val"))) / 2) if default is not None else Pt(10))
        for style in styles
    }
    plain = sizes[document.styles["Normal"].style_id]
    for style in styles:
        form, size = style.paragraph_format, sizes[style.style_id]
        if size == plain:
            if style.font.size or style.name == "Normal":
                style.font.size = _scaled(plain, body)
            if form.first_line_indent:
                form.first_line_indent = _scaled(form.first_line_indent, body)
            if isinstance(form.line_spacing, Length):
                pitch = _scaled(form.line_spacing, body)
                form.line_spacing = max(pitch, PITCH) if body == OFFICIAL and form.first_line_indent else pitch
        elif style.name.startswith("Heading"):
            style.font.size = max(size, _scaled(plain, body))


def _size(style: Any) -> Length | None:
    """Return the size of a style, its own or that of the styles it is based on; None when none of them has one."""
    return style.font.size or (_size(style.base_style) if style.base_style else None)


def _scaled(length: Length, body: int) -> Length:
    """Return a length of the file, in proportion to text of so many pt."""
    return Length(round(length * body / BODY))
