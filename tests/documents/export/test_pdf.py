"""A PDF fails closed on type: what no font has is printed as its code, what would not fit or is not said in words fails the pack."""

import io
import re

import pdfua
import pikepdf
import pypdfium2
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from city_briefs.analysis.figures.comparability import NOT_ESTIMATED
from city_briefs.common.blocks import ON_CHANCE
from city_briefs.common.errors import PackError
from city_briefs.production.export.characters import Printer
from city_briefs.production.export.document import METADATA, document
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from tests.documents.export.test_export import BOUND, block
from tests.helpers import blocks

RARE = "𠮷野家"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="12" style="font: 8px \'Noto Sans SC\'">{}</text></svg>'
CHART = {"caption": "各市州指标", "alt": "甲市居首", "svg": SVG.format("甲市"), "notes": [], "sources": ["台账"]}
TABLE = {"caption": "各地区指标", "unit": "户", "header": ["地区", "数量", "占比"], "align": ["left", "right", "right"], "marked": [0], "totals": [], "notes": ["注一"], "sources": []}  # fmt: skip
LINES = 21
CARD = {"label": "指标", "value": "1.20", "unit": "万户", "change": "同比增长1.0%", "tone": "good", "arrow": "▲", "place": ""}


def table(*rows, **changed):
    return block("table", **{**TABLE, "rows": [list(row) for row in rows], **changed})


def pack(*cells, **bound):
    return new_notebook(cells=[new_markdown_cell("# 一、章"), *cells], metadata={METADATA: BOUND | bound})


def pdf(notebook):
    return BriefPDF().from_notebook_node(notebook)[0]


def prose(characters):
    """A paragraph of so many characters."""
    return block("prose", paragraphs=["段" * characters])


def filled_page(more=0):
    """Paragraphs of a line each that leave about a quarter of the first page free, less so many lines."""
    return [block("prose", paragraphs=["行"] * (LINES + more))]


def height_of(made, words):
    """How high above the foot of the first page the words stand, in points."""
    page = pypdfium2.PdfDocument(made)[0].get_textpage()
    place, _ = page.search(words).get_next()
    return page.get_charbox(place)[1]


def pages(made):
    """The words of each page, without spaces."""
    return [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(made)]


def refused(notebook, exporter=BriefPDF):
    with pytest.raises(PackError) as caught:
        exporter().from_notebook_node(notebook)
    return str(caught.value)


@pytest.fixture(scope="module")
def tagged():
    """A pack of every kind of part, as PDF."""
    spark = {"svg": SVG.format(""), "alt": "2017年1、2021年2"}
    cells = [
        block("cards", cards=[CARD | {"spark": spark}]),
        block("prose", paragraphs=["开头的话。"]),
        new_markdown_cell("## （一）节"),
        table(["甲市", "12", "3.4"], ["乙市", "5", "1.2"]),
        block("chart", **CHART),
        block("prose", paragraphs=["结尾的话。"]),
    ]
    return pdf(pack(*cells))


@pytest.fixture(scope="module")
def opened(tagged):
    with pikepdf.open(io.BytesIO(tagged)) as file:
        yield file


def elements(node):
    """The elements of the structure tree in reading order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def kinds(opened):
    return [str(one.S) for one in elements(opened.Root.StructTreeRoot)]


def test_a_character_that_no_font_has_is_printed_as_its_code_and_listed():
    text = "".join(pages(pdf(pack(block("prose", paragraphs=[f"其中{RARE}餐饮有限公司。"])))))
    assert "其中⟨U+20BB7⟩野家餐饮有限公司。" in text
    assert "字库未收、以统一码编号代替的字符1.⟨U+20BB7⟩：见“其中⟨U+20BB7⟩野家餐饮有限公司。”。" in text


@pytest.mark.parametrize(
    "made",
    [
        pack(new_markdown_cell(RARE)),
        pack(new_markdown_cell("&#x20BB7;野家")),
        pack(new_code_cell("", outputs=[new_output("execute_result", {"text/html": f"<b>{RARE}</b>"})])),
        pack(new_code_cell("", outputs=[new_output("execute_result", {"text/plain": RARE})])),
        pack(table([RARE, "1", "1"])),
        pack(table(["甲", "1", "1"], caption=RARE)),
        pack(block("chart", **CHART | {"svg": SVG.format(RARE)})),
        pack(block("chart", **CHART | {"svg": SVG.format("&#x20BB7;野家")})),
        pack(block("cards", cards=[CARD | {"label": RARE}])),
        pack(title=RARE),
        pack(running=RARE),
    ],
    ids=["markdown", "entity", "html", "text", "cell", "caption", "drawing", "drawn-entity", "card", "title", "head"],
)
def test_wherever_it_stands_the_pack_is_made_and_shows_the_code(made):
    assert "⟨U+20BB7⟩野家" in "".join(pages(pdf(made)))


def test_the_web_page_and_the_alternative_text_keep_the_character():
    made = pack(block("chart", **CHART | {"alt": RARE}), block("prose", paragraphs=[RARE]))
    assert BriefHTML().from_notebook_node(made)[0].count(RARE) == 2
    with pikepdf.open(io.BytesIO(pdf(made))) as opened:
        assert [str(one.Alt) for one in elements(opened.Root.StructTreeRoot) if "/Alt" in one] == [RARE]


@pytest.mark.parametrize(
    "code", [0x1, 0x8, 0x1B, 0x7F, 0x85, 0x9F, 0x200B, 0x200E, 0x200F, 0x2028, 0x202E, 0x2060, 0xFE0F, 0xFEFF, 0xE0100]
)
def test_a_character_without_a_shape_neither_breaks_a_pack_nor_shows(code):
    made = pdf(pack(block("prose", paragraphs=[f"甲{chr(code)}乙"])))
    assert "甲乙" in pages(made)[0] and "⟨" not in pages(made)[0]


@pytest.mark.parametrize(("code", "shown"), [(0xE000, "⟨U+E000⟩"), (0xD842, "⟨U+D842⟩"), (0xFFFE, "⟨U+FFFE⟩"), (0x27E8, "⟨")])
def test_characters_that_the_archival_standards_forbid_are_shown_as_codes(code, shown):
    assert Printer().text(chr(code)) == shown


def test_a_code_is_listed_once_with_the_words_around_its_first_place():
    printer = Printer()
    printer.data(["一二三四五六七八九十甲乙丙丁𠮷", {"say": "𠮷𡘙", "alt": "𠀋"}, 7, None])
    assert printer.missing == {"⟨U+20BB7⟩": "三四五六七八九十甲乙丙丁⟨U+20BB7⟩", "⟨U+21619⟩": "⟨U+20BB7⟩⟨U+21619⟩"}


def test_a_number_wider_than_a_turned_page_fails_the_pack_by_table():
    number = "9" * 200
    assert refused(pack(table(["甲", number, "1"], ["乙", number, "1"]))) == (
        f"标题: 表1 “各地区指标” has a number wider than its column: {number}. Use a larger unit or fewer columns."
    )


def test_a_number_wider_than_its_card_fails_the_pack_by_card():
    assert refused(pack(block("cards", cards=[CARD | {"value": "123456789.01"}]))) == (
        "标题: The card “指标” has a number wider than the card: 123456789.01. Use a larger unit."
    )


def test_a_table_too_wide_for_the_page_turns_it():
    header = ["地区", *(f"指标{number}" for number in range(12))]
    made = pdf(pack(table(["甲市", *["1234567"] * 12], header=header, align=["left", *["right"] * 12])))
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(made)]
    assert [width > height for width, height in sizes] == [False, True, False]
    assert pages(made)[1].count("1234567") == 12


@pytest.mark.parametrize(
    "name", ["长" * 200, "W" * 200, "entity_stock_" * 15, "甲" + "1" * 200], ids=["chinese", "latin", "underscores", "digits"]
)
def test_a_name_of_two_hundred_characters_stays_on_the_page(name):
    rows = [[f"{name}{number}", "1", "1"] for number in range(15)]
    cells = [
        table(*rows),
        table(*rows, dense=True, widths=[0.5, 4, 4], caption=name),
        block("prose", paragraphs=[name]),
        block("cards", cards=[CARD | {"label": name}] * 4),
        block("points", columns=[{"title": name, "items": [name]}] * 2, notes=[name], sources=[]),
    ]
    made = pdf(pack(*cells, title=name, running=name))
    assert "".join(pages(made)).count(name[0]) >= name.count(name[0]) * (2 * len(rows) + len(cells))
    for page in pypdfium2.PdfDocument(made):
        words = page.get_textpage()
        for left, bottom, right, top in map(words.get_charbox, range(words.count_chars())):
            assert left >= 0 and right <= page.get_width() and bottom >= 0 and top <= page.get_height()


def test_a_chart_higher_than_a_page_is_drawn_smaller():
    tall = SVG.format("甲市").replace('height="20"', 'height="150"').replace("</svg>", '<text y="148">末</text></svg>')
    made = pages(pdf(pack(block("chart", **CHART | {"svg": tall}))))
    assert [("一、章" in page, "甲市" in page, "末" in page, "图1" in page) for page in made[:2]] == [(False,) * 4, (True,) * 4]


def test_a_chart_of_which_smaller_nothing_could_be_read_fails_the_pack():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="240"></svg>'
    assert refused(pack(block("chart", **CHART | {"svg": svg}))) == (
        "标题: 图1 “各市州指标” is higher than a page. Show fewer rows in it."
    )


@pytest.mark.parametrize("exporter", [BriefPDF, BriefHTML])
@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (block("chart", **CHART | {"alt": " "}), "图1 “各市州指标”"),
        (block("cards", cards=[CARD | {"spark": {"svg": SVG.format(""), "alt": ""}}]), "The trend of the card “指标”"),
        (
            new_code_cell("", outputs=[new_output("display_data", {"image/svg+xml": SVG.format(""), "text/plain": "<Figure>"})]),
            "A picture",
        ),
    ],
)
def test_a_drawing_that_is_not_said_in_words_fails_the_pack(exporter, cell, what):
    assert refused(pack(cell), exporter) == f"标题: {what} has no alternative text. Say in words what it shows."


def test_both_standards_are_declared_with_language_and_the_date_of_the_data(opened):
    with opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        assert metadata["dc:title"] == "标题"
        assert metadata["xmp:CreateDate"].startswith("2021-12-31")
    assert str(opened.Root.Lang) == "zh-CN"


def test_the_checker_of_pdf_ua_finds_nothing(tagged, tmp_path):
    (tmp_path / "made.pdf").write_bytes(tagged)
    assert not pdfua.validate(tmp_path / "made.pdf").findings


def test_tags_follow_the_order_of_the_chapter(opened):
    order = [kind for kind in kinds(opened) if kind in ("/H1", "/H2", "/Table", "/Figure", "/P", "/Caption")]
    assert order.index("/H2") < order.index("/Table") < len(order) - 1 - order[::-1].index("/Figure")


def test_drawings_have_their_alternative_texts_and_tables_their_headers(opened):
    found = list(elements(opened.Root.StructTreeRoot))
    assert [str(one.Alt) for one in found if one.S == "/Figure"] == ["2017年1、2021年2", "甲市居首"]
    assert [str(one.S) for one in found].count("/TH") >= 3


def test_headings_are_bookmarks(opened):
    with opened.open_outline() as outline:
        assert [str(item.title) for item in outline.root] == ["一、章", "附录　指标口径与资料来源"]


def test_the_metric_of_a_caption_leads_to_the_appendix_and_back(tagged):
    text = pages(tagged)
    assert "指标见表1、图1" in text[-1]
    document = pypdfium2.PdfDocument(tagged)
    with pikepdf.open(io.BytesIO(tagged)) as opened:
        links = [len([one for one in page.get("/Annots", []) if one.Subtype == "/Link"]) for page in opened.pages]
    assert links == [2, 2] and len(document) == 2


def test_the_colophon_names_date_snapshot_versions_and_fonts(tagged):
    said = "数据截至2021年12月31日；快照000000000000；程序city-briefs"
    assert said in pages(tagged)[-1]
    assert re.search(r"字体NotoSerifSC、NotoSansSC；排版Typst\d+\.\d+\.\d+。$", pages(tagged)[-1].split("—")[0])


def test_a_book_has_a_cover_and_contents_before_page_one():
    made = pages(
        pdf(pack(table(["甲市", "1", "2"]), block("chart", **CHART), cover=True, subtitle="报送：各单位　数据截至2021年12月31日"))
    )
    assert made[0] == "标题报送：各单位数据截至2021年12月31日"
    assert made[1].startswith("页眉目录一、章") and "各地区指标" in made[1] and "各市州指标" in made[1]
    assert made[2].endswith("—1—")


@pytest.mark.parametrize("cover", [False, True])
def test_a_classification_stands_above_the_title_and_the_edition_under_it(cover):
    said = {"classification": "内部资料", "edition": "送审稿（第2版）", "subtitle": "报送：各单位"}
    first = pages(pdf(pack(prose(10), cover=cover, **said)))[0]
    words = [first.index(word) for word in ("内部资料", "标题", "报送：各单位", "送审稿（第2版）")]
    assert words == sorted(words)


def test_a_heading_over_charts_has_them_under_it_and_not_at_the_foot_of_a_page():
    cells = [new_markdown_cell("## （一）节"), block("chart", **CHART), block("chart", **CHART), prose(400)]
    order = "".join(pages(pdf(pack(*cells))))
    assert order.index("（一）节") < order.index("图1") < order.index("段") and "见图" not in order.split("附录")[0]


@pytest.mark.parametrize("characters", [40, 400])
def test_a_chart_stands_at_the_foot_of_its_page_only_when_enough_text_goes_on(characters):
    made = pdf(pack(prose(40), block("chart", **CHART), new_markdown_cell("## （一）节"), prose(characters)))
    heading, caption = (height_of(made, words) for words in ("（一）节", "各市州指标"))
    assert (caption < heading) == (characters == 400)


@pytest.mark.parametrize("rows", [8, 9])
def test_a_table_is_parted_only_when_whole_it_might_leave_a_third_of_a_page_empty(rows):
    listed = [[f"{number}市", "1", "2"] for number in range(rows)]
    made = pages(pdf(pack(*filled_page(), table(*listed))))
    assert [("0市" in page, f"{rows - 1}市" in page) for page in made[:2]] == (
        [(False, False), (True, True)] if rows == 8 else [(True, False), (False, True)]
    )


def test_a_table_does_not_begin_where_only_its_head_has_room():
    listed = [[f"{number}市", "1", "2"] for number in range(12)]
    made = pages(pdf(pack(*filled_page(more=1), new_markdown_cell("## （一）节"), table(*listed))))
    assert "（一）节" not in made[0] and "（一）节" in made[1] and "0市" in made[1]


def test_metrics_refused_for_one_reason_share_a_line():
    cells = []
    for metric, label, reason in (
        ("a", "甲", "上年同期为1个，基数过小，不作百分比比较"),
        ("b", "乙", "上年同期为2个，基数过小，不作百分比比较"),
        ("c", "丙", "该指标不分优劣，不排位次"),
        ("d", "丁", "该指标不分优劣，不排位次"),
        ("e", "戊", "本期未报送"),
    ):
        cell = block("prose", paragraphs=["段"])
        [made] = cell.outputs[0].data.values()
        made["figures"] = [blocks.figure(metric=metric, refused=reason)]
        made["metrics"] = [made["metrics"][0] | {"id": metric, "label": label}]
        cells.append(cell)
    assert document(pack(*cells)).appendix.refusals == [
        "甲（上年同期为1个）、乙（上年同期为2个）：基数过小，不作百分比比较",
        "丙、丁：该指标不分优劣，不排位次",
        "戊：本期未报送",
    ]


@pytest.mark.parametrize(("verdict", "said"), [("same", [ON_CHANCE]), ("up", [ON_CHANCE]), ("untested", []), (None, [])])
def test_the_appendix_says_once_that_censuses_vary_by_chance_too(verdict, said):
    stated = blocks.figure(**({"verdict": verdict} if verdict else {}))
    cells = [block("prose", paragraphs=["段"]), block("prose", paragraphs=["段"])]
    for cell in cells:
        [made] = cell.outputs[0].data.values()
        made["figures"] = [stated]
    assert document(pack(*cells)).appendix.comparisons == said


def test_the_appendix_names_together_what_was_compared_without_a_dispersion_and_what_was_revised():
    cells = [block("prose", paragraphs=["段"]) for _ in range(4)]
    unestimated, revised = (
        {"comparisons": [NOT_ESTIMATED]},
        {"revisions": ["2021年1月由1户修订为2户（+1户，原因未记录）", "其余2期按所列位数未变"]},
    )
    for cell, label, of_metric in zip(cells, "甲乙丙甲", (unestimated, unestimated | revised, {}, {}), strict=True):
        [made] = cell.outputs[0].data.values()
        made["figures"] = [blocks.figure(verdict="same")]
        made["metrics"] = [blocks.metric(id=label, label=label, **of_metric)]
    made = document(pack(*cells)).appendix
    assert made.comparisons == [ON_CHANCE, "甲、乙：离散系数未估计，按1计"]
    assert made.revisions == ["乙：2021年1月由1户修订为2户（+1户，原因未记录）；其余2期按所列位数未变"]
    assert [heading for heading, _ in made.listed] == ["怎样看比较", "以往各期修订（与首次签发数相比）"]


def test_the_same_notebook_gives_the_same_bytes(tagged):
    made = pack(block("prose", paragraphs=[RARE]), block("chart", **CHART))
    assert pdf(made) == pdf(made)
