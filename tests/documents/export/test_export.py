"""The exporters work on any notebook, and take every word for the text it is."""

import json
import re
import subprocess
import sys
from copy import deepcopy

import nbformat
import pypdfium2
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from city_briefs.common import theme
from city_briefs.common.characters import printable
from city_briefs.production.build.make_pack import EXPORTERS, export
from city_briefs.production.export.chapter_parts import numeral
from city_briefs.production.export.characters import legal
from city_briefs.production.export.document import METADATA, bind, document
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from tests.helpers import blocks

HOSTILE = [
    "<script>alert(1)</script>",
    '#import "x"',
    "$x$",
    "**粗**",
    "=1+1",
    "`raw`",
    "@label",
    "\\",
    "<b>",
    "&amp;",
    "[a](b)",
    "长" * 200,
]
BOUND = {
    "title": "标题",
    "subtitle": "数据截至2021年12月31日",
    "running": "页眉",
    "date": "2021-12-31",
    "region": "620100",
    "year": 2021,
}


def block(kind, **content):
    """A cell that shows a block."""
    return new_code_cell("", outputs=[new_output("display_data", {theme.MIME: blocks.block(kind, **content)})])


def foreign():
    """A notebook of somebody else's: text, a table, a picture, an error, a formula."""
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    outputs = [
        new_output("stream", text="流输出 #1 *x*\n"),
        new_output(
            "execute_result",
            {"text/html": "<table><thead><tr><th>甲</th></tr></thead><tbody><tr><td>乙</td></tr></tbody></table>"},
        ),
        new_output("display_data", {"image/png": png, "text/plain": "图"}),
        new_output(
            "display_data",
            {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">丙</text></svg>'},
        ),
        new_output("error", ename="ValueError", evalue="x", traceback=["\x1b[31mValueError\x1b[0m: x"]),
        new_output("execute_result", {"text/plain": "42"}),
    ]
    cells = [
        new_markdown_cell("# 别人的笔记本\n\n- 一\n- 二 $E=mc^2$"),
        new_code_cell("print('代码')", outputs=outputs),
        new_markdown_cell("### 三级"),
    ]
    return new_notebook(cells=cells)


def pdf_text(pdf):
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_any_notebook_becomes_html():
    html, _ = BriefHTML().from_notebook_node(foreign())
    for words in ("别人的笔记本", "流输出 #1 *x*", "<td>乙</td>", "data:image/png;base64,", "ValueError: x", "<pre>42</pre>"):
        assert words in html
    assert "print(" not in html


def test_any_notebook_becomes_pdf():
    text = pdf_text(BriefPDF().from_notebook_node(foreign())[0])
    for words in ("别人的笔记本", "流输出 #1 *x*", "乙", "ValueError: x", "42", "三级"):
        assert words in text


def test_what_typst_cannot_reach_stands_as_its_words():
    words = "# 题\n\n![图样](picture.png) 见[上节](#sec)\n\n![](attachment:a.png)"
    html = new_output("execute_result", {"text/html": '<table><tr><td><img src="x.png" alt="小图"></td></tr></table>'})
    pdf, _ = BriefPDF().from_notebook_node(new_notebook(cells=[new_markdown_cell(words), new_code_cell("", outputs=[html])]))
    assert all(word in pdf_text(pdf) for word in ("图样", "见上节", "小图"))


def test_a_footnote_stays_in_its_cell():
    cells = [new_markdown_cell("# 甲[^1]\n\n[^1]: 注甲"), new_markdown_cell("乙[^1]\n\n[^1]: 注乙")]
    html, _ = BriefHTML().from_notebook_node(new_notebook(cells=cells))
    assert "注甲" in html and "注乙" in html


def test_warnings_of_a_cell_are_not_printed_in_a_pack():
    cell = new_code_cell("", outputs=[new_output("stream", name="stderr", text="UserWarning: /home")])
    notebook = new_notebook(cells=[new_markdown_cell("# 章"), cell], metadata={METADATA: BOUND})
    assert "UserWarning" not in BriefHTML().from_notebook_node(notebook)[0]
    assert "UserWarning" in BriefHTML().from_notebook_node(new_notebook(cells=[cell]))[0]


def test_a_document_is_printed_in_every_format_as_nbconvert_has_it_and_stays_as_it_was():
    lines = [
        new_output("stream", name=name, text=text)
        for name, text in (("stdout", "甲甲甲\r"), ("stdout", "乙\n"), ("stderr", "丙"))
    ]
    cells = [new_markdown_cell("# 章"), new_code_cell("", outputs=lines)]
    cells += [new_code_cell("", outputs=[new_output("display_data", {theme.MIME: block})]) for block in blocks.Marked().blocks()]
    notebook = new_notebook(cells=cells, metadata={METADATA: BOUND | {"appendix": "manual"}})
    given = deepcopy(notebook)
    brief = document(notebook)
    before = deepcopy(brief)
    for suffix, exporter in EXPORTERS.items():
        expected, _ = exporter().from_notebook_node(notebook)
        assert export(brief, suffix) == (expected if isinstance(expected, bytes) else expected.encode())
    assert (brief, notebook) == (before, given)


@pytest.mark.parametrize(
    "words",
    ["平常", "\\beta \\u0007", "\x1b[31m红", "\a", "\b", "\f", "\x7f", "\u2028", "\ud800", "\U0001ffff", "😀", "行\n行\t列\r"],
)
def test_the_words_of_a_value_are_as_a_document_can_hold_them(words):
    value = [{"词": words, "数": 1.5, "无": None}]
    made = legal(value)
    assert made == [{"词": printable(words), "数": 1.5, "无": None}]
    assert (made is value) == (words in ("平常", "行\n行\t列\r"))


def test_code_is_shown_when_asked_for():
    assert "print(&#39;代码&#39;)" in BriefHTML(exclude_input=False).from_notebook_node(foreign())[0]
    assert "print('代码')" in pdf_text(BriefPDF(exclude_input=False).from_notebook_node(foreign())[0])


@pytest.mark.parametrize("to", ["brief-html", "brief-pdf"])
def test_nbconvert_knows_the_exporters_by_name(tmp_path, to):
    nbformat.write(foreign(), tmp_path / "any.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", to, "any.ipynb"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"any.{to.removeprefix('brief-')}").stat().st_size > 1000


def test_hostile_words_come_through_as_the_text_they_are():
    table = {
        "caption": HOSTILE[0], "unit": "户", "header": ["地区", "值"], "align": ["left", "right"],
        "rows": [[word, word] for word in HOSTILE], "marked": [0], "totals": [], "notes": HOSTILE[:3], "sources": HOSTILE[3:5],
    }  # fmt: skip
    card = {"label": HOSTILE[1], "value": "1", "unit": "户", "change": HOSTILE[2], "tone": "", "arrow": "", "place": HOSTILE[0]}
    cells = [new_markdown_cell("# 章"), block("prose", paragraphs=HOSTILE), block("table", **table), block("cards", cards=[card])]
    notebook = new_notebook(cells=cells, metadata={METADATA: BOUND | {"title": HOSTILE[0]}})
    html, _ = BriefHTML().from_notebook_node(notebook)
    assert html.count("<script") == 1 and "<b>" not in html  # the page's own
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    text = re.sub(r"\s", "", pdf_text(BriefPDF().from_notebook_node(notebook)[0]))
    for word in HOSTILE:
        assert text.count(re.sub(r"\s", "", word)) >= 3


def test_figures_and_tables_are_numbered_alike_in_html_and_pdf():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    chart = {"alt": "图", "svg": svg, "notes": [], "sources": []}
    table = {
        "unit": "户",
        "header": ["甲"],
        "align": ["left"],
        "rows": [["1"]],
        "marked": [],
        "totals": [],
        "notes": [],
        "sources": [],
    }
    cells = [
        new_markdown_cell("# 章"),
        block("chart", caption="子", **chart),
        block("table", caption="丑", **table),
        block("chart", caption="寅", **chart),
    ]
    notebook = new_notebook(cells=cells, metadata={METADATA: BOUND})
    html, text = BriefHTML().from_notebook_node(notebook)[0], pdf_text(BriefPDF().from_notebook_node(notebook)[0])
    for caption in ("图1　子", "表1　丑", "图2　寅"):
        assert caption in html
        assert caption in text


def test_synthetic_data_is_marked_on_every_page():
    made = block("prose", paragraphs=["段" * 1000])
    made.outputs[0].data[theme.MIME]["snapshot"] |= {"synthetic": True, "notice": "模拟数据，仅供演示"}
    notebook = new_notebook(cells=[new_markdown_cell("# 章"), made], metadata={METADATA: BOUND})
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(BriefPDF().from_notebook_node(notebook)[0])]
    assert len(pages) == 2 and all("模拟数据" in page for page in pages)
    assert "模拟数据，仅供演示" in BriefHTML().from_notebook_node(notebook)[0]


def test_bound_chapters_are_numbered_and_their_cells_named():
    chapters = [
        (name, new_notebook(cells=[new_markdown_cell("# 题\n\n## （一）节\n\n```\n# 注\n```")])) for name in ("one", "two")
    ]
    bound = bind(chapters, BOUND)
    assert [cell.source for cell in bound.cells] == [f"# {number}、题\n\n## （一）节\n\n```\n# 注\n```" for number in "一二"]
    assert [cell.id for cell in bound.cells] == ["one-0", "two-0"]
    assert json.loads(nbformat.writes(bound))["metadata"][METADATA] == BOUND


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")])
def test_chapters_are_counted_in_chinese(number, said):
    assert numeral(number) == said


def test_an_open_fence_in_one_cell_does_not_swallow_the_next():
    notebook = new_notebook(cells=[new_markdown_cell("# 甲\n\n```\n未关"), new_markdown_cell("## 乙")])
    html, _ = BriefHTML().from_notebook_node(notebook)
    assert ">乙</h2>" in html
