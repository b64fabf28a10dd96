"""How packs stand on paper: tables go on under 续表 with three rows on each side, no page is left nearly empty, page one is a right one."""

import io
import re
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from nbformat.v4 import new_markdown_cell

from city_briefs.common.periods import Period
from tests.conftest import CITIES
from tests.documents.export.test_pdf import CARD, CHART, SVG, block, elements, pack, pdf, prose, table
from tests.documents.test_packs import PACKS, PROVINCE
from tests.helpers import pages as layout

BOOK = {"cover": True, "subtitle": "报送：各单位"}


@pytest.fixture
def file(packs_of, name):
    """The PDF of a pack of 2021."""
    of = PACKS[name]
    return packs_of(2021) / f"{Period(2021, 12, of.span).slug}/{CITIES[2021] if of.per == 'city' else PROVINCE}/{name}.pdf"


@pytest.fixture
def laid_out(tmp_path):
    """Lay out a pack of these cells, and give its file."""

    def make(*cells, **bound):
        file = tmp_path / "made.pdf"
        file.write_bytes(pdf(pack(*cells, **bound)))
        return file

    return make


def listed(rows, **changed):
    return table(*([f"{number}市", "1", "2"] for number in range(rows)), **changed)


@pytest.mark.parametrize("name", PACKS)
def test_no_row_of_a_pack_stands_alone_and_each_part_of_a_table_has_its_caption(file):
    assert layout.lone_rows(file) == []
    assert layout.without_their_heads(file) == []


@pytest.mark.parametrize("name", PACKS)
def test_no_page_of_a_pack_is_nearly_empty(file):
    assert layout.empty_pages(file) == []


@pytest.mark.parametrize("name", PACKS)
def test_the_first_cell_of_each_row_is_its_heading(file):
    assert {kind for each in layout.tables(file) for kind in each.heads} <= {"/TH"}


@pytest.mark.parametrize("lines", [0, 9, 18, 19, 20, 21, 22, 24])
def test_wherever_a_table_begins_three_rows_stand_on_each_side_of_a_break(laid_out, lines):
    for rows in (9, 12, 30, 36, 40):
        file = laid_out(block("prose", paragraphs=["行"] * lines), listed(rows))
        assert (layout.lone_rows(file), layout.without_their_heads(file)) == ([], []), rows


def test_the_notes_of_a_table_stay_with_its_last_rows(laid_out):
    for rows in range(28, 36):
        notes = [f"第{number}条" + "注" * 60 for number in range(6)]
        file = laid_out(listed(rows, notes=notes))
        [made] = [each for each in layout.tables(file) if each.name == "表1"]
        last = layout.words(file)[made.pages[-1]]
        assert "注：1.第0条" in last and "第5条" in last, rows


def test_a_later_part_says_its_caption_and_unit_again_and_no_table_that_is_whole_does(laid_out):
    said = layout.words(laid_out(listed(60)))
    assert "表1各地区指标单位：户地区" in said[0] and "续表" not in said[0]
    assert "续表1各地区指标单位：户地区" in said[1]
    assert all("续表" not in words for words in layout.words(laid_out(listed(8))))


def test_rows_that_are_higher_than_a_page_are_parted_and_nothing_is_lost(laid_out):
    file = laid_out(table(*([f"{number}市", "长" * 900, "1"] for number in range(9)), align=["left"] * 3))
    assert "".join(layout.words(file)).count("长") == 9 * 900


def test_what_holds_rows_together_is_no_cell(laid_out):
    with pikepdf.open(laid_out(listed(40))) as opened:
        found = [one for one in elements(opened.Root.StructTreeRoot) if one.S == "/Table"]
        rows = [[str(cell.S) for cell in elements(row)] for row in elements(found[0]) if row.S == "/TR"]
        names = opened.Root.StructTreeRoot.IDTree.Names
        kinds = {str(each.S) for each in names if isinstance(each, pikepdf.Dictionary)}
    cells = [[kind for kind in row if kind in ("/TH", "/TD")] for row in rows]
    assert cells == [["/TH"] * 3, *[["/TH", "/TD", "/TD"]] * 40, ["/TD"]]  # and the notes
    assert kinds == {"/TH"}


def test_headings_of_columns_and_of_rows_say_which_they_are(laid_out):
    with pikepdf.open(laid_out(listed(2))) as opened:
        heads = [one for one in elements(opened.Root.StructTreeRoot) if one.S == "/TH"]
        scopes = [str(attribute.Scope) for one in heads for attribute in one.A if "/Scope" in attribute]
    assert scopes[:5] == ["/Column"] * 3 + ["/Row"] * 2


def test_a_cell_without_anything_is_no_heading(laid_out):
    with pikepdf.open(laid_out(table(["", "1", "2"], ["乙市", "1", "2"]))) as opened:
        found = next(one for one in elements(opened.Root.StructTreeRoot) if one.S == "/TBody")
        firsts = [str(next(elements(row)).S) for row in elements(found) if row.S == "/TR"]
    assert firsts == ["/TD", "/TH"]


@pytest.mark.parametrize("sections", [20, 30, 32, 33, 34, 35, 36, 40, 70])
def test_contents_leave_no_few_lines_on_their_last_page_and_page_one_is_a_right_one(laid_out, sections):
    cells = [each for number in range(sections) for each in (new_markdown_cell(f"## 第{number}节"), prose(20))]
    file = laid_out(*cells, **BOOK)
    said = layout.words(file)
    first = next(number for number, words in enumerate(said) if "一、章" in words and "目录" not in words and "第0节段" in words)
    assert first % 2 == 0  # counted from 0: the third page, or the fifth
    assert [number for number in layout.empty_pages(file) if 2 < number <= first] == []


def test_the_trend_of_a_card_stands_in_the_card_that_it_is_of():
    spark = {"svg": SVG.format(""), "alt": ""}
    cards = [CARD | {"label": f"指标{sign}", "spark": spark | {"alt": f"{sign}走势"}} for sign in "甲乙丙丁戊"]
    with pikepdf.open(io.BytesIO(pdf(pack(block("cards", cards=cards))))) as opened:
        alts = [str(one.Alt) for one in elements(opened.Root.StructTreeRoot) if "/Alt" in one]
        order = [str(one.S) for one in elements(opened.Root.StructTreeRoot) if one.S in ("/P", "/Figure")]
    assert alts == [f"{sign}走势" for sign in "甲乙丙丁戊"]
    drawn = [place for place, kind in enumerate(order) if kind == "/Figure"]
    assert all(after - before > 1 for before, after in pairwise(drawn))  # words stand between two trends


def test_the_last_line_of_a_document_does_not_stand_alone(laid_out):
    for lines in range(18, 26):
        said = layout.words(laid_out(block("prose", paragraphs=["行"] * lines), block("prose", paragraphs=["𠮷"])))
        assert re.sub("^页眉", "", said[-1]).count("数据截至") == 1
        assert not re.sub("^页眉", "", said[-1]).startswith("数据截至"), lines


def test_titles_headings_and_captions_are_bold():
    [page, *_] = pypdfium2.PdfDocument(pdf(pack(new_markdown_cell("## （一）节"), prose(20), listed(2), block("chart", **CHART))))
    said = page.get_textpage()
    faces = {}
    for each in page.get_objects(filter=[layout.TEXT], max_depth=4, textpage=said):
        faces.setdefault(each.get_font().get_base_name().split("-")[-1], []).append(each.extract())
    bold, regular = ("".join(faces[weight]) for weight in ("Bold", "Regular"))
    assert all(words in bold for words in ("标题", "一、章", "（一）节", "表1", "图1", "地区"))
    assert "段段" in regular and "段" not in bold and "0市" in regular
