"""A page for the screen and a document to leaf through: contents, bookmarks, definitions, sorting, and nothing from elsewhere."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pypdfium2
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from city_briefs.common import theme
from city_briefs.production.export.document import METADATA, bind
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from tests.documents.export.test_export import BOUND, block, pdf_text
from tests.helpers import blocks

METRIC = blocks.metric(definition="报告期内\n的户数。\n\n“<b>”不计。")
TABLE = {
    "caption": "各地区指标", "unit": "户", "header": ["地区", "指标", "同比增减"], "align": ["left", "right", "right"],
    "marked": [0], "totals": [0], "notes": [], "sources": [],
    "rows": [["全省", "60", "1.0"], ["丙", "9", "−2.5"], ["甲", "10", "—"], ["乙", "…", "−10.0"], ["丁", "", "3.0"]],
}  # fmt: skip
CARD = {"label": "日均指标", "value": "1", "unit": "户", "change": "", "tone": "", "arrow": "", "place": ""}


def pack(chapters, *blocks):
    """A bound pack of so many chapters of two sections; the blocks are in the first."""
    sources = [new_notebook(cells=[new_markdown_cell(f"# 章{name}\n\n## （一）节 <甲>")]) for name in range(1, chapters + 1)]
    sources[0].cells += [*blocks, new_markdown_cell("## （二）节")]
    return bind([(f"chapter{number}", notebook) for number, notebook in enumerate(sources)], BOUND)


def page_of(notebook):
    page = Page()
    page.feed(BriefHTML().from_notebook_node(notebook)[0])
    return page


class Page(HTMLParser):
    """The tags of a page, and its script."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.script, self._in = [], "", ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in = tag

    def handle_data(self, data):
        self.script += data if self._in == "script" else ""

    def handle_endtag(self, tag):
        self._in = ""

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


def test_the_contents_link_every_chapter_and_section():
    page = page_of(pack(2, block("cards", cards=[CARD])))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    links = [link["href"].removeprefix("#") for link in page.all("a")]
    assert links == ["main", "section-1", "section-2", "section-3", "section-4", "section-5", "appendix"]
    assert len(ids) == len(set(ids)) and set(links) <= set(ids)
    assert page.all("nav") == [{"class": "contents", "aria-label": "目录"}]


def test_a_drawing_that_stands_twice_has_ids_of_its_own_and_uses_these():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><defs><path id="c0123abcd-m"/></defs><use href="#c0123abcd-m"/><g clip-path="url(#c0123abcd-m)"/></svg>'
    chart = {"caption": "图", "alt": "图", "svg": svg, "notes": [], "sources": []}
    page = page_of(new_notebook(cells=[block("chart", **chart), block("chart", **chart)]))
    paths, used, clipped = (
        [one[name] for one in page.all(tag)] for tag, name in (("path", "id"), ("use", "href"), ("g", "clip-path"))
    )
    assert paths == ["d1-0", "d2-0"]
    assert used == ["#d1-0", "#d2-0"] and clipped == ["url(#d1-0)", "url(#d2-0)"]


def test_the_lines_of_a_table_that_defines_metrics_are_led_to():
    made = block("table", **TABLE, defines=["甲", "乙", "丙", "丁", "戊"])
    assert [one["id"] for one in page_of(new_notebook(cells=[made])).all("tr") if "id" in one] == [
        f"metric-{name}" for name in "甲乙丙丁戊"
    ]


def test_a_page_of_two_headings_has_no_contents():
    assert page_of(new_notebook(cells=[new_markdown_cell("# 题\n\n## 节")])).all("nav") == []


def test_a_heading_in_the_contents_is_its_words_alone():
    html, _ = BriefHTML().from_notebook_node(
        new_notebook(cells=[new_markdown_cell("# 甲[^1] **乙** <丙>\n\n# 丙\n\n# 丁\n\n[^1]: 注")])
    )
    assert '<a href="#section-1">甲 乙 &lt;丙&gt;</a>' in html


def test_the_policy_allows_the_one_script_of_the_page_and_no_other():
    page = page_of(pack(1))
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    told = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    assert re.findall(r"script-src ([^;]*)", policy) == [f"'sha256-{told}'"]
    assert policy.startswith("default-src 'none';") and page.all("script") == [{}]


def test_a_definition_is_reached_by_tab_in_cards_heads_and_captions():
    made = [block("cards", cards=[CARD]), block("table", **TABLE)]
    for cell in made:
        cell.outputs[0].data[theme.MIME]["metrics"] = [METRIC]
    page = page_of(pack(1, *made))
    terms = page.all("dfn")
    assert len(terms) == 3
    for term in terms:
        assert term["tabindex"] == "0" and term["data-definition"] == "指标：报告期内的户数。\n“<b>”不计。"
        assert {"id": term["aria-describedby"]} in page.all("td")
    assert "日均<dfn" in BriefHTML().from_notebook_node(pack(1, *made))[0]


def test_a_metric_without_data_has_no_definition_to_show():
    given = blocks.block("cards", cards=[CARD], metrics=[METRIC | {"provenance": None}])
    assert "<dfn" not in theme.html(given) and "<dfn" in theme.html(given | {"metrics": [METRIC]})


def test_the_longest_label_is_the_one_named():
    longer = METRIC | {"id": "n", "label": "指标增量"}
    drawn = theme.html(blocks.block("cards", cards=[CARD | {"label": "指标增量"}], metrics=[METRIC, longer]))
    assert re.findall('aria-describedby="([^"]*)"', drawn) == ["metric-n"]


def test_a_total_that_is_marked_is_still_a_total():
    assert '<tr class="marked total"><th scope=row' in theme.html(blocks.block("table", **TABLE))


@pytest.mark.parametrize("chapters", [3, 4])
def test_a_long_pack_has_its_contents_at_the_foot_of_page_one(chapters):
    pdf, _ = BriefPDF().from_notebook_node(pack(chapters, block("prose", paragraphs=["段"])))
    first = pypdfium2.PdfDocument(pdf)[0]
    assert ("目　录" in first.get_textpage().get_text_bounded()) == (chapters > 3)
    assert ("四、章4" in first.get_textpage().get_text_bounded()) == (chapters > 3)
    assert pypdfium2.raw.FPDFPage_GetAnnotCount(first) == (5 if chapters > 3 else 0)  # a link for each chapter and the appendix


def test_contents_without_room_on_page_one_stand_on_page_two_before_the_second_chapter():
    pdf, _ = BriefPDF().from_notebook_node(pack(4, block("prose", paragraphs=["段" * 30] * 23)))
    first, second = (page.get_textpage().get_text_bounded() for page in list(pypdfium2.PdfDocument(pdf))[:2])
    assert "目　录" not in first
    assert second.index("目　录") < second.index("（一）节")


def test_every_heading_is_a_bookmark():
    pdf, _ = BriefPDF().from_notebook_node(pack(2, block("cards", cards=[CARD])))
    marks = [(mark.level, mark.get_title()) for mark in pypdfium2.PdfDocument(pdf).get_toc()]
    sections = [(1, "（一）节 <甲>"), (1, "（二）节")]
    assert marks == [(0, "一、章1"), *sections, (0, "二、章2"), sections[0], (0, "附录　指标口径与资料来源")]
    assert "目　录" not in pdf_text(pdf)


def test_the_same_notebook_makes_the_same_bytes():
    notebook = pack(4, block("table", **TABLE))
    assert BriefHTML().from_notebook_node(notebook)[0] == BriefHTML().from_notebook_node(notebook)[0]
    assert BriefPDF().from_notebook_node(notebook)[0] == BriefPDF().from_notebook_node(notebook)[0]
    assert notebook.metadata[METADATA] == BOUND


def order(tmp_path, clicks):
    """The first column after clicks on heads, in a browser without the policy, and the state of each head."""
    browser = shutil.which("chromium")
    if not browser:
        pytest.skip("chromium is not installed")
    act = f"for (const column of {clicks}) document.querySelectorAll('thead button')[column].click();"
    told = "[...document.querySelectorAll('tbody th')].map((one) => one.textContent)"
    heads = "[...document.querySelectorAll('thead th')].map((one) => one.ariaSort)"
    drawn = theme.html(blocks.block("table", **TABLE))
    page = f"{drawn}<script>{theme.script()}</script><script>{act} document.title = JSON.stringify([{told}, {heads}]);</script>"
    (tmp_path / "page.html").write_text(f'<!DOCTYPE html><meta charset="utf-8"><title></title>{page}', "utf-8")
    return json.loads(re.search("<title>(.*?)</title>", dump(browser, tmp_path))[1])


def dump(browser, folder):
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    return subprocess.run(
        [browser, *options, (folder / "page.html").as_uri()], capture_output=True, text=True, check=True, timeout=60
    ).stdout


@pytest.mark.parametrize(
    ("clicks", "rows", "heads"),
    [
        ([1], "全省 甲 丙 乙 丁", ["none", "descending", "none"]),
        ([1, 1], "全省 乙 丙 甲 丁", ["none", "ascending", "none"]),
        ([1, 2], "全省 丁 丙 乙 甲", ["none", "none", "descending"]),
        ([2, 2], "全省 乙 丙 丁 甲", ["none", "none", "ascending"]),
        ([0], "全省 丙 丁 甲 乙", ["ascending", "none", "none"]),  # bǐng dīng jiǎ yǐ
        ([1, 1, 1], "全省 丙 甲 乙 丁", ["none", "none", "none"]),
    ],
)
def test_a_table_is_sorted_by_its_heads_and_the_province_stays_first(tmp_path, clicks, rows, heads):
    assert order(tmp_path, clicks) == [rows.split(), heads]


def test_the_policy_lets_the_script_of_a_page_run(tmp_path):
    browser = shutil.which("chromium")
    if not browser:
        pytest.skip("chromium is not installed")
    (tmp_path / "page.html").write_text(BriefHTML().from_notebook_node(pack(1, block("table", **TABLE)))[0], "utf-8")
    assert dump(browser, tmp_path).count('class="brief-sort') == 3
