"""The workbook has every number with its meaning, and no text of it is anything but text."""

import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from city_briefs.common import theme
from city_briefs.common.characters import printable
from city_briefs.production.export.document import METADATA
from city_briefs.production.export.xlsx import COLUMNS, WHERE_SAID, BriefXLSX
from tests.helpers import blocks

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ["=1+1", "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "<script>", "http://example.org", "𠮷", "\u202eabc"]


def notebook(**figure):
    stated = {
        "metric": "m", "view": "value", "region": "620100", "year": 2021, "through": 12, "value": 97.91, "unit": "%", "numerator": 9791,
        "denominator": 10000, "text": "97.91%", "refused": None, **figure,
    }  # fmt: skip
    metric = blocks.metric(label="合格率", unit="%", sources=["抽检结果"])
    snapshot = blocks.STAMP | {"synthetic": True, "notice": "模拟数据，仅供演示"}
    shown = blocks.block("prose", paragraphs=["句。"], figures=[stated, stated], metrics=[metric], snapshot=snapshot)
    bound = {"title": "简报", "subtitle": "", "running": "", "date": "2021-12-31", "region": "620100", "year": 2021}
    cell = new_code_cell("", outputs=[new_output("display_data", {theme.MIME: shown})])
    return new_notebook(cells=[cell], metadata={METADATA: bound})


def made(nb):
    return BriefXLSX().from_notebook_node(nb)[0]


def table(workbook):
    """The rows of the first sheet, cells by letter, and the kinds of its cells."""
    files = zipfile.ZipFile(io.BytesIO(workbook))
    strings = ["".join(one.itertext()) for one in ElementTree.fromstring(files.read("xl/sharedStrings.xml"))]
    cells = ElementTree.fromstring(files.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}c")
    found = {}
    for cell in cells:
        value = cell.find(f"{SHEET}v")
        assert cell.find(f"{SHEET}f") is None
        if value is not None:
            found[cell.get("r")] = strings[int(value.text)] if cell.get("t") == "s" else float(value.text)
    return found


def test_a_number_stands_with_its_halves_its_definition_and_its_source():
    cells = table(made(notebook()))
    assert [cells[f"{letter}3"] for letter in "ABCDEFGHIJKLMNOPQRST"] == [
        name for key, name, _ in COLUMNS if key not in WHERE_SAID
    ]
    assert [cells.get(f"{letter}4") for letter in "ABCDEFGHIJKLMNOPQRST"] == [
        "m", "合格率", "value", "620100", 2021, 12, None, None, None, None, 97.91, "%", 9791, 10000, "97.91%", None, "口径。", "抽检结果",
        None, None,
    ]  # fmt: skip
    assert "A5" not in cells  # the same figure stated twice is one row
    assert "模拟数据" in cells["A2"]


@pytest.mark.parametrize(("span", "said"), [("month", "当月"), ("quarter", "当季"), ("half", "半年")])
def test_a_figure_over_a_span_says_it_in_a_column_of_its_own(span, said):
    cells = table(made(notebook(span=span)))
    assert (cells["G3"], cells["G4"], cells["H3"], cells["L4"]) == ("期间", said, "对标地区", 97.91)


@pytest.mark.parametrize(("limits", "said"), [
    ([97.2, 98.52341], "97.2—98.5234"), ([-0.886858, 4.5], "−0.8869至4.5"), ([1522222.4, 1550000.0], "1522222.4—1550000"), ([0.0, 3.0], "0—3"),
])  # fmt: skip
def test_an_interval_has_plain_digits_and_no_sign_that_could_be_its_dash(limits, said):
    assert table(made(notebook(interval=limits)))["S4"] == said


def test_a_source_of_two_tables_stands_once():
    twice = notebook()
    [card] = twice.cells[0].outputs[0].data[theme.MIME]["metrics"]
    card["sources"] = ["抽检结果", "抽检结果", "登记库"]
    assert table(made(twice))["R4"] == "抽检结果；登记库"


@pytest.mark.parametrize("words", HOSTILE)
def test_text_stays_text(words):
    workbook = made(notebook(text=words))
    assert table(workbook)["O4"] == printable(words)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(workbook)).namelist() if "_rels/sheet" in name]  # no link


def test_the_same_notebook_gives_the_same_bytes():
    assert made(notebook()) == made(notebook())


def test_a_notebook_without_figures_gives_the_heading_alone():
    assert table(made(new_notebook()))["A3"] == "指标编号"


def test_tables_of_what_is_to_be_done_stand_in_a_sheet_of_their_own_each_once_and_as_text():
    plan = blocks.block(
        "table", caption="措施", unit="", header=["事项", "进展"], align=["left"] * 2, rows=[["=1+1", "已逾期"]], marked=[], totals=[],
        notes=[], sources=[], in_workbook=True,
    )  # fmt: skip
    other = plan | {"caption": "另表", "in_workbook": False}
    nb = notebook()
    nb.cells[0].outputs += [new_output("display_data", {theme.MIME: each}) for each in (plan, other, plan)]
    book = openpyxl.load_workbook(io.BytesIO(made(nb)))
    assert book.sheetnames == ["数据", "任务和措施"]
    assert [[cell.value for cell in row] for row in book["任务和措施"]] == [["措施", None], ["事项", "进展"], ["=1+1", "已逾期"]]
    assert {cell.data_type for row in book["任务和措施"] for cell in row if cell.value} == {"s"}
    assert openpyxl.load_workbook(io.BytesIO(made(notebook()))).sheetnames == ["数据"]


def test_a_figure_of_charts_and_tables_names_them_in_a_column_of_its_own():
    sentence = notebook()
    stated = sentence.cells[0].outputs[0].data[theme.MIME]
    chart = blocks.block(
        "chart",
        caption="图",
        alt="图。",
        svg='<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>',
        notes=[],
        sources=[],
        **{name: stated[name] for name in ("figures", "metrics", "snapshot")},
    )
    other = {**stated["figures"][0], "region": "620200"}
    sentence.cells[0].outputs += [
        new_output("display_data", {theme.MIME: each}) for each in (chart, chart | {"figures": [other]}, chart)
    ]
    cells = table(made(sentence))
    assert [cells[f"U{line}"] for line in (3, 4, 5)] == ["所在图表", "图1、图3", "图2"]
    assert "U3" not in table(made(notebook()))
