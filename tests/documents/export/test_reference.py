"""The styles of a Word document are those of a Word file, which an office may replace by its own."""

import io
import re
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from city_briefs.common import files, language, paths
from city_briefs.common.errors import PackError
from city_briefs.production.export import reference as reference_document
from city_briefs.production.export.exporter import TEMPLATES
from tests.documents.export.test_docx import NOTICE, everything, made, pack
from tests.documents.export.test_export import block

NAME = "data/reference/reference.docx"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Writes the office's own file, as it is or as a function has changed it."""
    file = tmp_path / "reference.docx"
    monkeypatch.setattr(paths, "word_styles", lambda: file)

    def write(change):
        if isinstance(change, bytes):
            file.write_bytes(change)
            return
        document = docx.Document(reference_document.STANDARD)
        change(document)
        document.save(file)

    return write


def opened(notebook):
    return docx.Document(io.BytesIO(made(notebook)))


def test_the_file_shows_every_style_that_a_pack_needs():
    template = (TEMPLATES / "brief/index.docx.j2").read_text("utf-8")
    named = {
        name for name in re.findall(r'"([^"{}/]+)"', template) if re.fullmatch(r"[\u4e00-\u9fff]+|Table|Title|Subtitle", name)
    }
    shown = reference_document._shown(reference_document.STANDARD.read_bytes())
    assert len(named) > 15 and named - {"表"} <= shown  # which begins the caption
    assert {reference_document.MARKED, reference_document.TOTAL, reference_document.WORDY} <= shown


def test_an_office_restyles_its_packs_in_a_word_file_of_its_own(own):
    def change(document):
        heading = document.styles["Heading 1"]
        heading.font.size = Pt(22)
        heading.element.rPr.rFonts.set(qn("w:eastAsia"), "方正小标宋_GBK")
        document.sections[0].left_margin = document.sections[0].right_margin = Mm(30)

    standard = opened(everything())
    own(change)
    document = opened(everything())
    heading = document.styles["Heading 1"]
    assert (heading.font.size.pt, heading.element.rPr.rFonts.get(qn("w:eastAsia"))) == (22, "方正小标宋_GBK")
    assert [paragraph.text for paragraph in document.paragraphs] == [paragraph.text for paragraph in standard.paragraphs]
    assert round(document.sections[0].left_margin.mm) == 30
    assert [round(shape.width.mm) for shape in document.inline_shapes] == [150] * 2  # no wider than the text
    assert made(everything()) == made(everything())


def test_ids_of_styles_are_those_that_the_program_of_the_office_has_given(own):
    def change(document):
        names = {style.style_id: f"a{number}" for number, style in enumerate(document.styles)}
        for element in document.styles.element.iter():
            for attribute in (qn("w:styleId"), qn("w:val")):
                if element.get(attribute) in names and element.tag != qn("w:name"):
                    element.set(attribute, names[element.get(attribute)])

    own(change)
    tables = opened(everything()).tables
    assert [table.style.name for table in tables] == ["Table", "Table", "文字表"]
    rows = tables[1].rows
    assert [row.cells[0]._tc.tcPr.find(qn("w:shd")) is not None for row in rows] == [False, False, True, False]
    assert [row.cells[0]._tc.tcPr.find(qn("w:tcBorders")) is not None for row in rows] == [False, True, False, False]
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in rows for cell in row.cells)


def test_heads_and_numbers_of_pages_stay_those_of_the_pack(own):
    def change(document):
        section = document.sections[0]
        section.different_first_page_header_footer = True
        section.header.paragraphs[0].text = section.first_page_header.paragraphs[0].text = "本局"
        section.footer.add_table(1, 1, Mm(20))
        document.settings.element.append(parse_xml(f"<w:compat {nsdecls('w')}><w:useFELayout/></w:compat>"))

    own(change)
    document = opened(everything())
    section = document.sections[0]
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == f"页眉\t{NOTICE}"
    assert not section.different_first_page_header_footer
    assert "".join(text.text for text in section.footer._element.iter(qn("w:t"))) == "　— 1 —　"
    assert len(document.settings.element.findall(qn("w:compat"))) == 1


@pytest.mark.parametrize(
    ("body", "text", "pitch", "smallest"), [(12, 14, 24.5, 15), (16, 18.5, 32.65, 18.5), (10, 11.5, 20.4, 15)]
)
def test_text_of_another_size_is_in_proportion_to_that_of_the_file(own, body, text, pitch, smallest):
    def change(document):
        for style in document.styles:
            if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name.startswith("Heading"):
                style.font.size = Pt(15)
        document.styles["Normal"].font.size = Pt(14)
        document.styles["Body Text"].font.size = None  # as it is in what it is based on
        document.styles["Body Text"].paragraph_format.line_spacing = Pt(24.5)

    own(change)
    styles = opened(pack(block("prose", paragraphs=["段"]), body=body)).styles
    assert (styles["Normal"].font.size.pt, styles["Body Text"].font.size) == (text, None)
    assert styles["Body Text"].paragraph_format.line_spacing.pt == pytest.approx(pitch, abs=0.05)
    assert {styles[f"Heading {level}"].font.size.pt for level in range(1, 10)} == {smallest}


def test_fonts_of_the_settings_stand_in_the_place_of_those_of_the_package(monkeypatch):
    monkeypatch.setattr(reference_document, "FACES", {"Noto Serif SC": "仿宋 & 宋", "Noto Sans SC": "Noto Sans SC"})
    reference_document._prepared.cache_clear()
    files = zipfile.ZipFile(io.BytesIO(made(everything())))
    reference_document._prepared.cache_clear()
    styles, table = (files.read(f"word/{name}.xml").decode() for name in ("styles", "fontTable"))
    assert "Noto Serif SC" not in styles + table
    assert 'w:eastAsia="仿宋 &amp; 宋"' in styles and 'w:eastAsia="Noto Sans SC"' in styles
    assert '<w:font w:name="仿宋 &amp; 宋"><w:altName w:val="宋体"/></w:font>' in table


def emptied(name):
    """The file of the package without one of its parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(reference_document.STANDARD) as standard, zipfile.ZipFile(content, "w") as archive:
        for part in standard.namelist():
            if part != name:
                archive.writestr(part, standard.read(part))
    return content.getvalue()


def without_two_styles(document):
    for name in ("表题", "Heading 1"):
        document.styles[name].delete()


def without_room(document):
    document.sections[0].left_margin = Mm(210)


NO_WORD = ("is no Word document", "不是Word文档")


@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (b"", NO_WORD),
        (b"PK\x03\x04", NO_WORD),
        (emptied("word/document.xml"), NO_WORD),
        (emptied("[Content_Types].xml"), NO_WORD),
        (without_two_styles, ("lacks styles: Heading 1, 表题", "缺少样式：Heading 1、表题")),
        (without_room, ("has no room for text between its margins", "的页边距之间没有排正文的地方")),
    ],
    ids=["empty", "cut off", "no text", "no types", "no styles", "no room"],
)
def test_a_file_that_cannot_be_used_is_a_sentence(own, monkeypatch, change, reason, chinese):
    monkeypatch.setattr(language, "is_chinese", lambda: chinese)
    own(change)
    with pytest.raises(PackError) as error:
        made(everything())
    assert str(error.value) == (
        f"{NAME}{reason[1]}。请把一份简报的DOCX另存为这个文件，再在Word里修改样式。"
        if chinese
        else f"{NAME} {reason[0]}. Save the DOCX of a pack under this name, and change its styles in Word."
    )


def test_a_file_that_may_not_be_read_is_a_sentence(own, monkeypatch):
    def refused(file):
        raise PermissionError(13, "Permission denied", str(file))

    own(b"")
    monkeypatch.setattr(language, "is_chinese", lambda: False)
    monkeypatch.setattr(files, "read_bytes", refused)
    with pytest.raises(PackError) as error:
        reference_document.reference(12)
    assert str(error.value) == (
        f"{NAME} cannot be read: Permission denied. Save the DOCX of a pack under this name, and change its styles in Word."
    )
