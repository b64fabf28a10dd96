"""The Word document has real styles, tables and pictures, and no text of it is anything but text."""

import io
import os
import re
import shutil
import subprocess
import zipfile

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from city_briefs.common import theme
from city_briefs.common.errors import PackError
from city_briefs.production.build import make_pack
from city_briefs.production.export.document import METADATA
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.packs.formats import FORMATS
from tests.documents.export.test_export import BOUND, HOSTILE, block, foreign
from tests.helpers.printed import unjoined

PNG = b"\x89PNG\r\n\x1a\n"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="442pt" height="90pt"><text y="40" font-family="Noto Sans SC">甲</text></svg>'
)
NOTICE = "模拟数据，仅供演示"
TABLE = {
    "caption": "各地区", "unit": "户", "header": ["地区", "数值"], "align": ["left", "right"],
    "rows": [["全省", "30"], ["甲市", "10"], ["乙市", ""]], "marked": [1], "totals": [0], "notes": ["注一", "注二"], "sources": ["登记库"],
}  # fmt: skip
CARD = {
    "label": "实有",
    "value": "1.5",
    "unit": "万户",
    "change": "同比增长3.1%",
    "tone": "good",
    "arrow": "▲",
    "place": "居全省第1位",
}
COLUMNS = [{"title": "主要进展", "items": ["进展一", "进展二"]}, {"title": "需关注事项", "items": ["事项一"]}]
REMARK = {"title": "原因分析", "paragraphs": ["分析之一。", "分析之二。"], "author": "特种设备处", "date": "2022年1月10日"}


def chart(**content):
    return block(
        "chart", **{"caption": "走势", "alt": "柱图：甲市10户", "svg": SVG, "notes": [], "sources": ["登记库"], **content}
    )


def pack(*cells, **bound):
    return new_notebook(cells=list(cells), metadata={METADATA: BOUND | bound})


def everything():
    cells = [
        new_markdown_cell("# 一、总体\n\n## （一）指标\n\n### 1.细目"),
        block("cards", cards=[CARD, CARD | {"label": "新设", "place": ""}], notes=[], sources=[]),
        block("prose", paragraphs=["甲市实有市场主体1.5万户。"]),
        chart(),
        block("table", **TABLE),
        block("points", columns=COLUMNS),
        block("remark", **REMARK),
        chart(caption="走势之二"),
    ]
    for cell in cells[1:]:
        cell.outputs[0].data[theme.MIME]["snapshot"] |= {"synthetic": True, "notice": NOTICE}
    return pack(*cells)


def made(notebook, **options):
    return BriefDOCX(**options).from_notebook_node(notebook)[0]


def opened(notebook, **options):
    return docx.Document(io.BytesIO(made(notebook, **options)))


def words(document):
    """All text of the body in its order, tables too."""
    return unjoined("\n".join("".join(t.text for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p"))))


@pytest.fixture(scope="module")
def bytes_of_all():
    return made(everything())


@pytest.fixture(scope="module")
def document(bytes_of_all):
    return docx.Document(io.BytesIO(bytes_of_all))


def test_every_format_that_can_be_asked_for_has_its_exporter():
    assert tuple(make_pack.EXPORTERS) == FORMATS


def test_headings_captions_and_notes_have_styles_of_their_own_in_the_order_of_the_pack(document):
    styled = [(one.style.name, unjoined(one.text)) for one in document.paragraphs]
    for one in (
        ("Title", "标题"), ("数据提示", NOTICE), ("Heading 1", "一、总体"), ("Heading 2", "（一）指标"), ("Heading 3", "1.细目"),
        ("Body Text", "甲市实有市场主体1.5万户。"), ("图题", "图1　走势"), ("表题", "表1　各地区"), ("单位", "单位：户"),
        ("注", "注：1. 注一；2. 注二。"), ("注", "资料来源：登记库。"), ("要点", "需关注事项"), ("Compact", "事项一。"),
        ("说明标题", "原因分析"), ("说明", "分析之二。"), ("说明落款", "特种设备处　2022年1月10日"), ("图题", "图2　走势之二"),
        ("附录标题", "附录　指标口径与资料来源"),
    ):  # fmt: skip
        assert one in styled[:], one
        styled = styled[styled.index(one) + 1 :]


def test_nothing_stands_before_the_title(document):
    assert document.paragraphs[0].style.name == "Title"


def test_each_list_of_points_is_numbered_from_one(document):
    numbers = [one._p.pPr.numPr.numId.val for one in document.paragraphs if one.text in ("进展一。", "进展二。", "事项一。")]
    assert numbers[0] == numbers[1] != numbers[2]


def test_the_paragraphs_of_a_remark_make_one_box(document):
    frames = [document.styles[name].element.pPr.find(qn("w:pBdr")) for name in ("说明标题", "说明", "说明注", "说明落款")]
    assert all(len(frame) == 4 for frame in frames)
    assert len({etree.tostring(frame) for frame in frames}) == 1


def test_cards_are_a_table_of_the_columns_that_have_something(document):
    rows = [[unjoined(cell.text) for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        ["指标", "数值", "变化", "位次"], ["实有", "1.5万户", "▲同比增长3.1%", "居全省第1位"], ["新设", "1.5万户", "▲同比增长3.1%", ""],
    ]  # fmt: skip


def test_a_table_repeats_its_header_row_and_has_its_numbers_at_the_right(document):
    table = document.tables[1]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [str(cell.paragraphs[0].alignment) for cell in table.rows[1].cells] == ["LEFT (0)", "RIGHT (2)"]
    assert {cell.paragraphs[0].style.name for cell in table.columns[1].cells} == {"表头", "合计行", "表文"}


@pytest.mark.parametrize(("columns", "is_close"), [(8, False), (9, True)])
def test_a_table_of_many_columns_has_smaller_type_and_closer_cells(columns, is_close):
    wide = TABLE | {
        "header": ["地区"] * columns, "align": ["left"] * columns, "rows": [["10（2—14）"] * columns] * 3, "widths": [1.0] * columns,
    }  # fmt: skip
    [table] = opened(pack(block("table", **wide))).tables[:1]
    margins = table._tbl.tblPr.find(qn("w:tblCellMar"))
    sizes = {run.font.size and run.font.size.pt for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs}
    assert (margins is not None, sizes) == ((True, {9.0}) if is_close else (False, {None}))
    assert table.rows[1].cells[0].paragraphs[0].style.name == "合计行"  # its own style as ever
    if is_close:
        assert margins.getnext().tag == qn("w:tblLook")  # where the schema has it


def test_the_marked_row_is_shaded_and_the_total_ruled_off(document):
    rows = document.tables[1].rows
    shaded = [[cell._tc.tcPr.find(qn("w:shd")) is not None for cell in row.cells] for row in rows]
    ruled = [[cell._tc.tcPr.find(qn("w:tcBorders")) is not None for cell in row.cells] for row in rows]
    assert shaded == [[False] * 2, [False] * 2, [True] * 2, [False] * 2]
    assert ruled == [[False] * 2, [True] * 2, [False] * 2, [False] * 2]


def test_every_picture_is_a_png_of_the_width_of_the_text_with_its_description(bytes_of_all, document):
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == ["柱图：甲市10户"] * 2
    assert [round(shape.width.mm) for shape in document.inline_shapes] == [156] * 2
    assert b"base64" not in zipfile.ZipFile(io.BytesIO(bytes_of_all)).read("word/document.xml")
    files = zipfile.ZipFile(io.BytesIO(bytes_of_all))
    media = [files.read(name) for name in files.namelist() if "media" in name]
    assert media and all(one.startswith(PNG) for one in media)
    assert int.from_bytes(media[0][16:20], "big") == 1228  # pixels: 442 pt at 200 to the inch


def test_every_page_says_what_it_is_of_and_that_it_is_synthetic(document):
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for header in (section.header, section.even_page_header):
        assert header.paragraphs[0].text == f"页眉\t{NOTICE}"
    for footer, side in ((section.footer, "RIGHT (2)"), (section.even_page_footer, "LEFT (0)")):
        assert str(footer.paragraphs[0].alignment) == side
        assert footer._element.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")) == "PAGE"
        assert "".join(t.text for t in footer._element.iter(qn("w:t"))) == "　— 1 —　"


def test_the_page_is_that_of_an_official_document_and_its_language_chinese(document):
    section = document.sections[0]
    sides = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(side.mm) for side in sides] == [210, 297, 37, 35, 28, 26]
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == (
        "en-US",
        "zh-CN",
    )  # a number that is Chinese may be parted
    assert document.core_properties.language == "zh-CN"
    assert section.page_width - section.left_margin - section.right_margin == pytest.approx(Mm(156), abs=Mm(0.1))


def test_faces_are_those_of_a_brief_in_every_slot(document):
    for name, face in (("Normal", theme.SERIF), ("Heading 1", theme.SANS), ("表文", theme.SERIF), ("注", theme.SANS)):
        fonts = document.styles[name].element.rPr.rFonts
        assert dict(fonts.attrib) == {qn(f"w:{slot}"): face for slot in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert "Theme" not in re.sub(r"<w:latentStyles.*?/>", "", etree.tostring(document.styles.element, encoding="unicode"))


@pytest.mark.parametrize(("body", "pitch"), [(12, 21), (16, 29)])
def test_the_body_has_the_size_of_its_pack(body, pitch):
    style = opened(pack(block("prose", paragraphs=["段"]), body=body)).styles["Body Text"]
    assert (style.font.size.pt, style.paragraph_format.line_spacing.pt) == (body, pitch)
    assert style.paragraph_format.first_line_indent.pt == 2 * body


def test_properties_have_the_title_and_the_date_of_the_data(document):
    properties = document.core_properties
    assert (properties.title, properties.comments) == ("标题", NOTICE)
    assert {str(properties.created), str(properties.modified)} == {"2021-12-31 00:00:00+00:00"}


def test_the_same_notebook_gives_the_same_bytes_without_the_time_of_their_making(bytes_of_all):
    assert made(everything()) == bytes_of_all
    assert {one.date_time for one in zipfile.ZipFile(io.BytesIO(bytes_of_all)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_hostile_words_come_through_as_the_text_they_are():
    table = TABLE | {
        "caption": HOSTILE[0],
        "rows": [[word, word] for word in HOSTILE],
        "notes": HOSTILE[:3],
        "sources": HOSTILE[3:5],
    }
    cells = [
        block("prose", paragraphs=HOSTILE), block("table", **table), block("points", columns=[{"title": HOSTILE[0], "items": HOSTILE}]),
        block("remark", title=HOSTILE[0], paragraphs=HOSTILE, author=HOSTILE[2], date=HOSTILE[3]),
        block("cards", cards=[CARD | {"label": word, "change": word} for word in HOSTILE]), chart(caption=HOSTILE[0], alt=HOSTILE[0]),
    ]  # fmt: skip
    document = opened(pack(*cells, title=HOSTILE[0], running=HOSTILE[0], subtitle=HOSTILE[2]))
    text = words(document)
    for word in HOSTILE:
        assert text.count(word) >= 7
    assert document.core_properties.title == document.inline_shapes[0]._inline.docPr.get("descr") == HOSTILE[0]
    assert HOSTILE[0] in document.sections[0].header.paragraphs[0].text
    assert not document.element.body.findall(f".//{qn('w:hyperlink')}") and not document.element.body.findall(f".//{qn('w:b')}")


def test_any_notebook_becomes_docx():
    document = opened(foreign())
    text = words(document)
    for said in ("别人的笔记本", "$E=mc^2$", "流输出 #1 *x*", "乙", "ValueError: x", "42", "三级"):
        assert said in text
    assert len(document.inline_shapes) == 2 and "print(" not in text
    assert "print('代码')" in words(opened(foreign(), exclude_input=False))
    assert not document.sections[0].header.paragraphs[0].text


def test_a_picture_that_is_not_in_the_notebook_stands_as_its_words(tmp_path):
    (tmp_path / "own.png").write_bytes(PNG)
    cells = [new_markdown_cell(f"# 题\n\n![图样]({tmp_path}/own.png)\n\n![网图](http://localhost:1/x.png)")]
    html = new_output("execute_result", {"text/html": f'<p><img src="{tmp_path}/own.png" alt="小图"></p>'})
    document = opened(new_notebook(cells=[*cells, new_code_cell("", outputs=[html])]))
    assert not document.inline_shapes
    assert all(said in words(document) for said in ("图样", "网图", "小图"))


def test_a_figure_that_cannot_be_drawn_is_refused():
    with pytest.raises(PackError) as error:
        made(pack(chart(svg="<svg")))
    assert (
        str(error.value)
        == "The drawing “柱图：甲市10户” is not one of shapes and words alone. Draw it with city_briefs.analysis.charts."
    )


@pytest.mark.skipif(not shutil.which("soffice"), reason="soffice is not installed")
def test_libreoffice_sets_the_headings_and_numbers_in_their_order_with_the_notice_on_every_page(tmp_path, bytes_of_all):
    (tmp_path / "pack.docx").write_bytes(bytes_of_all)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "pack.docx"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"HOME": str(tmp_path)})
    assert (tmp_path / "pack.pdf").exists(), done.stderr
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(tmp_path / "pack.pdf")]
    text = re.sub(r"\s", "", "".join(pages))
    said = (
        "标题",
        "一、总体",
        "（一）指标",
        "1.5万户",
        "同比增长3.1%",
        "图1走势",
        "表1各地区",
        "单位：户",
        "甲市10",
        "主要进展",
        "1.进展一",
        "原因分析",
        "图2走势之二",
        "附录指标口径",
    )
    places = [text.find(one) for one in said]
    assert -1 not in places and places == sorted(places), dict(zip(said, places, strict=True))
    assert len(pages) >= 2 and all(NOTICE in re.sub(r"\s", "", page) for page in pages)
    assert all(f"—{number}—" in re.sub(r"\s", "", page) for number, page in enumerate(pages, start=1))
