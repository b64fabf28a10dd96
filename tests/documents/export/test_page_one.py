"""Page one on paper and on the screen: on one page whatever stands in it, its marks told apart without colour, under masthead and over foot."""

import io
import os
import re
import shutil
import subprocess

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from docx import Document
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from city_briefs.common import theme
from city_briefs.common.errors import PackError
from city_briefs.common.periods import Period
from city_briefs.production.export.document import METADATA, bind
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from city_briefs.production.packs import masthead
from city_briefs.production.packs.edition import Edition
from tests.documents.export.test_export import BOUND
from tests.documents.export.test_export import block as shown
from tests.documents.export.test_pdf import pages
from tests.helpers import clean, printed
from tests.helpers.page_one import MARKS, concern, drawing, page_one, row

OFFICE = masthead.Masthead(office="甲省市场监督管理局综合规划处", first_issue="2020-01", copies="省局有关处室")
HEAD = masthead.printed(OFFICE, "甲市市场监管工作简报", "市政府分管领导", Period(2022), Edition())
LONG = "在全省十四个市州里其速度居于前列而未办结的仍有四千七百九十八件需要在年底以前办结"
LATIN = "Overdue inspections of lifts per thousand"
EXTREMES = {
    "usual": page_one(),
    "longest texts": page_one(
        conclusion=LONG[:26],
        leads=[{"word": word, "text": LONG[:34]} for word in ("好在", "差在", "要办")],
        rows=[row(number, label="重点工业产品质量安全监督抽查合格率", unit="件/万人", value="12345.67", change="上年同期数据不全，不作比较", place="10（4—14）", move="↑12", mark_text="目标增长14.7件/万人以上") for number in range(9)],
        key=LONG * 3,
        concerns=[concern(what=LONG[:18], evidence=LONG * 2, needed=LONG, who=LONG[:30]) for _ in range(3)],
        notes=[LONG, LONG],
        sources=[LONG],
        more=LONG,
    ),
    "no panels": page_one(panels=0),
    "no concerns": page_one(concerns=0, more=""),
    "two metrics alone": page_one(rows=2, panels=0, concerns=0, more="", leads=[]),
    "no metrics": page_one(rows=0),
    "no drawings": page_one(rows=[{k: v for k, v in row(n).items() if k not in ("months", "regions")} | {"regions_words": "不分优劣"} for n in range(9)]),
    "sixty regions": page_one(columns=["", "指标", "本期", "同比", "近24个月", "60个市州，右为优", "位次", "目标或警示"], rows=[row(n, place="47（39—60）") for n in range(9)]),
    "Latin": page_one(conclusion="Ward 24: 2 lights on", rows=[row(n, label=LATIN, unit="per 1000") for n in range(9)], concerns=[concern(what="Ward 24", who="Office of lifts and cranes")]),
    "high panels": page_one(panels=[{"title": "为什么", "subtitle": "", "drawing": drawing(204, 130, "图")}, {"title": "何时", "subtitle": LONG}]),
}  # fmt: skip


def pack(content, *more, **bound):
    """A pack whose first chapter is page one; `more` are the cells after it."""
    cells = [new_markdown_cell("# 一页看懂"), shown("page-one", **content), *more]
    return new_notebook(cells=cells, metadata={METADATA: BOUND | {"masthead": HEAD, "appendix": "manual"} | bound})


def pdf(notebook):
    return BriefPDF().from_notebook_node(notebook)[0]


def html(notebook):
    return BeautifulSoup(BriefHTML().from_notebook_node(notebook)[0], "html.parser").select_one("main").get_text()


def docx(notebook):
    word = Document(io.BytesIO(BriefDOCX().from_notebook_node(notebook)[0]))
    return "\n".join(printed.unjoined("".join(one.xpath(".//w:t/text()"))) for one in word.element.body.xpath(".//w:p"))


@pytest.mark.parametrize("content", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("bound", [{}, {"masthead": {}, "notice": ""}], ids=["masthead", "title"])
def test_whatever_stands_in_it_page_one_is_one_page(content, bound, tmp_path):
    file = tmp_path / "made.pdf"
    file.write_bytes(pdf(pack(content, **bound)))
    assert len(pypdfium2.PdfDocument(file)) == 1
    words = re.sub(r"\s", "", "".join(printed.text_of_pdf(file)))
    said = [content["conclusion"], content["key"], content["more"], *(lead["text"] for lead in content["leads"])]
    said += [one[name] for one in content["rows"] for name in ("label", "value", "change", "place", "move", "mark_text")]
    said += [one[name] for one in content["panels"] for name in ("title", "subtitle")]
    said += [one[name] for one in content["concerns"] for name in ("what", "evidence", "needed", "who")]
    assert [one for one in said if re.sub(r"\s", "", one) not in words] == []
    assert list(clean.of_pdf(file)) == []


def panel_widths(content):
    """How wide the drawings of the panels are on paper, in points; each is a box in a form."""
    page = pypdfium2.PdfDocument(pdf(pack(content)))[0]
    boxes = [(right - left, top - foot) for left, foot, right, top in (each.get_bounds() for each in page.get_objects())]
    return [round(wide) for wide, high in boxes if 60 < high < wide < 400]


def test_a_panel_that_stands_alone_is_no_wider_than_one_of_two():
    [one], [left, right] = (panel_widths(page_one(panels=panels)) for panels in (1, 2))
    assert one == left == right


def test_what_is_too_much_for_a_page_is_a_sentence():
    with pytest.raises(PackError) as refused:
        pdf(pack(page_one(rows=60)))
    assert str(refused.value) == (
        "标题: Page one does not fit on its page, even in its smallest type: it has 60 metrics and 3 concerns. "
        "Name fewer metrics in page_one of packs.toml, or write less in its remark."
    )


def test_the_next_chapter_begins_on_page_two_without_contents_and_is_the_first_that_is_numbered():
    first = new_notebook(cells=[new_markdown_cell("# 一页看懂"), shown("page-one", **page_one())])
    others = [new_notebook(cells=[new_markdown_cell(f"# 章{name}"), shown("prose", paragraphs=["话。"])]) for name in "甲乙丙"]
    made = bind([("summary", first), *((f"c{number}", one) for number, one in enumerate(others))], BOUND | {"masthead": HEAD})
    one, two, *_ = pages(pdf(made))
    assert "目录" not in one + two and "章甲" not in one and "一、章甲" in two and "三、章丙" in two
    assert "一页看懂" not in one  # its conclusion stands in the place of the heading


def test_a_remark_stands_on_page_one_when_there_is_room_and_else_after_it():
    remark = {"title": "说明", "author": "处", "date": "2023年1月5日"}
    [words] = pages(pdf(pack(page_one(), shown("remark", paragraphs=["一行话。"], **remark))))
    assert "一行话。" in words
    one, two = pages(pdf(pack(page_one(), shown("remark", paragraphs=["很长的话。" * 60] * 3, **remark))))
    assert "见第2页。" in one and "很长的话。" in two


@pytest.mark.parametrize("words", [lambda notebook: "".join(pages(pdf(notebook))), html, docx], ids=["PDF", "HTML", "DOCX"])
def test_masthead_and_foot_stand_in_every_format(words):
    text = re.sub(r"\s", "", words(pack(page_one())))
    said = [HEAD["name"], HEAD["issue"], HEAD["office"], HEAD["day"], HEAD["foot"], "快照000000000000"]
    assert [one for one in said if re.sub(r"\s", "", one) not in text] == []
    assert "主送" not in text and text.count("快照") == 1  # the foot says it


@pytest.mark.parametrize("words", [lambda notebook: pages(pdf(notebook))[-1], html, docx], ids=["PDF", "HTML", "DOCX"])
def test_a_document_of_several_chapters_ends_with_its_imprint(words):
    text = words(pack(page_one(), new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"])))
    assert (
        re.sub(r"\s", "", text)
        .split("主送：")[1]
        .startswith("市政府分管领导。抄送：省局有关处室。甲省市场监督管理局综合规划处送审稿，未印发")
    )


def test_the_imprint_of_a_word_document_is_parted_over_no_pages():
    notebook = pack(page_one(), new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"]))
    paragraphs = Document(io.BytesIO(BriefDOCX().from_notebook_node(notebook)[0])).paragraphs
    begin = next(place for place, one in enumerate(paragraphs) if one.text.startswith("主送")) - 1  # the rule above it
    assert [bool(one.paragraph_format.keep_with_next) for one in paragraphs[begin - 1 :]] == [False] + [True] * 6 + [False]


def test_the_imprint_stands_at_the_foot_of_the_last_page():
    made = pypdfium2.PdfDocument(pdf(pack(page_one(), new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"]))))
    page = made[len(made) - 1].get_textpage()
    place, _ = page.search("未印发").get_next()
    assert 99 <= page.get_charbox(place)[1] <= 110  # points above the lower edge; the margin has 99


def test_page_one_elsewhere_in_a_chapter_begins_a_page():
    cells = [new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"]), shown("page-one", **page_one())]
    one, two, *_ = pages(pdf(new_notebook(cells=cells, metadata={METADATA: BOUND | {"appendix": "manual"}})))
    assert "话。" in one and "新设趋缓" in two


def test_each_drawing_has_words_and_one_without_them_is_refused():
    with pytest.raises(PackError) as refused:
        pdf(pack(page_one(rows=[row(1, regions=drawing(82, 15, " "))])))
    assert str(refused.value) == (
        "标题: The regions of “特种设备超期未检率1” on page one has no alternative text. Say in words what it shows."
    )


def test_a_drawing_that_is_more_than_shapes_and_words_is_refused():
    panel = {"title": "为什么", "subtitle": "", "drawing": {"svg": "<svg onload='x'/>", "alt": "图"}}
    with pytest.raises(PackError) as refused:
        html(pack(page_one(panels=[panel])))
    assert str(refused.value) == (
        "The drawing “图” is not one of shapes and words alone. Draw it with city_briefs.analysis.charts."
    )


def luminance(grey):
    """The relative luminance of a grey of 0 to 255."""
    share = grey / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def ground(page, words):
    """The grey that most of a word's surroundings have, and the darkest there, on a page in grey."""
    text = page.get_textpage()
    place, count = text.search(words).get_next()
    left, bottom, _, _ = text.get_charbox(place)
    _, _, right, top = text.get_charbox(place + count - 1)
    scale, height = 4, page.get_height()
    picture = page.render(scale=scale, grayscale=True).to_pil()
    around = picture.crop([round(edge * scale) for edge in (left - 1.5, height - top - 1, right + 1.5, height - bottom + 1)])
    return max(around.getcolors())[1], min(around.tobytes())


def test_without_colour_a_light_is_filled_and_the_others_are_not():
    rows = [
        row(number, mark=mark, mark_word=f"{word}甲", mark_text="") for number, (mark, word) in enumerate(MARKS.items()) if mark
    ]
    page = pypdfium2.PdfDocument(pdf(pack(page_one(rows=rows, concerns=0))))[0]
    grounds = {mark: ground(page, f"{word}甲") for mark, word in MARKS.items() if mark}
    grey = {mark: luminance(most) + 0.05 for mark, (most, _) in grounds.items()}
    assert all(grey[mark] / grey["light"] >= 3 for mark in ("missed", "watch", "met"))
    darkest = {mark: luminance(ink) + 0.05 for mark, (_, ink) in grounds.items()}
    assert all(1.05 / darkest[mark] >= 4.5 for mark in MARKS if mark)  # words and frames can be read


def test_a_row_of_the_table_is_read_with_its_heads():
    made = BeautifulSoup(theme.html(page_one() | {"kind": "page-one", "notes": [], "sources": []}), "html.parser")
    assert [head.get_text() for head in made.select(".metrics thead th[scope=col]")] == ["指标", "本期", "同比", "近24个月", "14市州，右为优", "位次", "目标或警示"]  # fmt: skip
    assert len(made.select(".metrics tbody th[scope=row]")) == 9
    assert made.select_one(".metrics tbody .months .drawn")["aria-label"] == "指标0近24个月"


def test_hostile_words_stay_words():
    words = '<script>alert(1)</script>#import "x" $x$ @a'
    made = new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", {theme.MIME: hostile(words)})])])
    assert "<script>alert" not in BriefHTML().from_notebook_node(made)[0]
    assert words.replace(" ", "") in pages(pdf(made))[0]


def hostile(words):
    one = shown("page-one", **page_one(rows=[row(1, label=words)], concerns=[concern(evidence=words)], conclusion=words))
    return one.outputs[0].data[theme.MIME]


def test_in_a_word_document_the_next_chapter_begins_a_page_and_drawings_have_their_words():
    notebook = pack(page_one(), new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"]), new_markdown_cell("# 二、章"))
    word = Document(io.BytesIO(BriefDOCX().from_notebook_node(notebook)[0]))
    headings = [
        (printed.unjoined(one.text), one.paragraph_format.page_break_before)
        for one in word.paragraphs
        if one.style.name == "Heading 1"
    ]
    assert headings == [(page_one()["conclusion"], None), ("一、章", True), ("二、章", None)]
    alternatives = word.element.body.xpath(".//wp:docPr/@descr")
    assert alternatives == [f"指标{n}{what}" for n in range(9) for what in ("近24个月", "各市州")] + ["图0", "图1"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="soffice is not installed")
def test_libreoffice_sets_page_one_on_one_page_and_the_next_chapter_on_the_second(tmp_path):
    fonts = "".join(f"<dir>{folder}</dir>" for folder in sorted({file.parent for file in theme.FONT_FILES.values()}))
    (tmp_path / "fonts.conf").write_text(f"<fontconfig>{fonts}<cachedir>{tmp_path}/cache</cachedir></fontconfig>", "utf-8")
    notebook = pack(page_one(), new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"]))
    (tmp_path / "made.docx").write_bytes(BriefDOCX().from_notebook_node(notebook)[0])
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    of_fonts = {"HOME": str(tmp_path), "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    done = subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "made.docx"], capture_output=True, check=False, env=os.environ | of_fonts
    )
    assert (tmp_path / "made.pdf").exists(), done.stderr
    one, two = pages(tmp_path / "made.pdf")
    assert "审核" in one and "一、章" not in one and "一、章" in two and "主送" in two


def test_under_a_masthead_without_page_one_stand_the_edition_and_the_notice():
    cells = [new_markdown_cell("# 一、章"), shown("prose", paragraphs=["话。"])]
    bound = BOUND | {"masthead": HEAD, "edition": "送审稿（第1版）"}
    notebook = new_notebook(cells=cells, metadata={METADATA: bound})
    [words, *_] = pages(pdf(notebook))
    for text in (words, re.sub(r"\s", "", html(notebook)), re.sub(r"\s", "", docx(notebook))):
        assert text.index("数据截至2022年12月31日") < text.index("送审稿（第1版）") < text.index("一、章")
        assert "报送：" not in text  # that is of the foot of page one
