"""What the compiler of PDF is told of tables: as it would find by itself, and no table that is set by it is set otherwise."""

import json

import pytest
import typst

from city_briefs.production.export import pdf
from city_briefs.production.export.table_words import RUN, SOME, words
from city_briefs.production.export.unbroken import WHOLE
from tests.documents.export.test_pdf import block, new_markdown_cell, pack
from tests.helpers import blocks

CELLS = [
    "", " ", "城关区", "12,345", "+1.2%", "−3.4", "▲5个", "2021年12月31日", "2021-12-31", "第3—7位", "低1.4个百分点", "甲\n乙12户",
    "ABCDEFGHIJKL", "ab", "Ward 24", "〔2022〕12号", "１２", "𠀀", "1.5万户，2.03亿元", "x" * 60, "…—“”",
]  # fmt: skip
FIRST = [block("prose", paragraphs=["首段。" * 300]), new_markdown_cell("# 二、次章")]
LAST = [new_markdown_cell("# 三、末章"), block("prose", paragraphs=["末段。"])]


def found_by_the_compiler(pattern, text):
    given, asked = json.dumps(text, ensure_ascii=False), json.dumps(pattern.pattern, ensure_ascii=False)
    return json.loads(typst.eval(b"", f"{given}.matches(regex({asked})).map(found => found.text)"))


@pytest.mark.parametrize("cell", CELLS)
def test_runs_numbers_and_dates_are_those_that_the_compiler_finds(cell):
    found = {name: found_by_the_compiler(pattern, cell) for name, pattern in (("run", RUN), ("whole", WHOLE))}
    told = words(blocks.block("table", header=["栏"], align=["right"], rows=[[cell]]))
    assert told["numbers"] == [list(dict.fromkeys(found["run"]))]
    assert told["long"] == [[any(len(run.encode()) >= 5 for run in found["run"])]]
    assert told["whole"] == [[0 if not found["whole"] else 1 if found["whole"] == [cell] else SOME]]


def test_the_lengths_of_words_are_told_of_each_column_and_line():
    table = blocks.block("table", header=["地区A", "数"], align=["left", "right"], rows=[["甲乙12", "1,234.5"], ["丙\nab", ""]])
    told = words(table)
    assert told["heads"] == [2.55, 1]
    assert told["longest"] == pytest.approx([3.1, 3.85])
    assert told["runs"] == pytest.approx([1.2, 4.2])
    assert told["numbers"] == [[], ["1,234.5"]]
    assert [[pytest.approx(cell) for cell in row] for row in told["lines"]] == [[[3.2], [4.2]], [[1, 1], [0]]]
    empty = words(blocks.block("table", header=["甲"], align=["left"], rows=[]))
    assert (empty["longest"], empty["runs"], empty["lines"]) == ([0], [0], [])


@pytest.mark.parametrize("rows", [40, 50, 52, 54, 56, 62, 66, 70, 90])
@pytest.mark.parametrize("is_last", [True, False])
def test_a_chapter_that_is_certainly_longer_than_a_page_is_set_as_if_it_were_measured(monkeypatch, rows, is_last):
    cells = [[f"指标{row}", f"{row},000.5", "一句话" * (row % 3)] for row in range(rows)]
    table = block(
        "table", caption="长表", header=["指标", "数", "说明"], align=["left", "right", "left"], rows=cells, close=True, dense=True,
        widths=[1, 1, 3],
    )  # fmt: skip
    given = pack(*FIRST, table, *([] if is_last else LAST), appendix="manual")
    told = pdf.BriefPDF().from_notebook_node(given)[0]
    library = pdf._library()
    rule = b"#let least-line = .55"
    assert library["tables.typ"].count(rule) == 1
    measured = library | {"tables.typ": library["tables.typ"].replace(rule, b"#let least-line = -99")}
    monkeypatch.setattr(pdf, "_library", lambda: measured)
    assert pdf.BriefPDF().from_notebook_node(given)[0] == told
