"""The workbook has contents, a sheet for each table and chart, and every number with its meaning; no text of it is anything but text."""

import io
import zipfile

import openpyxl
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from city_briefs.common import theme
from city_briefs.common.characters import printable
from city_briefs.production.export.cells import Cell, of_number, of_words
from city_briefs.production.export.document import METADATA
from city_briefs.production.export.xlsx import COLUMNS, DATA, BriefXLSX
from tests.helpers import blocks

HOSTILE = ["=1+1", "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "<script>", "http://example.org", "𠮷", "\u202eabc"]
NAMES = {"620100": "兰州市", "620200": "嘉峪关市", "kind": "类别", "kind:boiler": "锅炉"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
STAMP = blocks.STAMP | {"synthetic": True, "notice": "模拟数据，仅供演示"}
HEADS = [head for _, head, _ in COLUMNS]


def stated(**given):
    return {
        "metric": "m", "view": "value", "region": "620100", "year": 2021, "through": 12, "value": 97.91, "unit": "%", "numerator": 9791,
        "denominator": 10000, "text": "97.91%", "refused": None, **given,
    }  # fmt: skip


def shown(kind, figures=(), **given):
    """A block that states these figures."""
    metric = blocks.metric(label="合格率", unit="%", sources=["抽检结果"])
    common = {
        "figures": list(figures),
        "metrics": [metric],
        "snapshot": STAMP,
        "names": NAMES,
        "views": {"value": "本期数", "rank": "位次"},
    }
    return blocks.block(kind, **common | {"notes": [], "sources": []} | given)


def plan(**given):
    """A table of two columns."""
    two = {
        "caption": "措施",
        "unit": "",
        "header": ["事项", "进展"],
        "align": ["left", "right"],
        "rows": [["甲", "已逾期"]],
        "marked": [],
        "totals": [],
    }
    return shown("table", **two | given)


def chart(*figures, **given):
    return shown("chart", figures, **{"caption": "走势", "alt": "图。", "svg": SVG} | given)


def pack(*shown_blocks):
    bound = {"title": "简报", "subtitle": "", "running": "", "date": "2021-12-31", "region": "620100", "year": 2021}
    cells = [new_code_cell("", outputs=[new_output("display_data", {theme.MIME: each})]) for each in shown_blocks]
    return new_notebook(cells=cells, metadata={METADATA: bound})


def notebook(**figure):
    return pack(shown("prose", [stated(**figure)] * 2, paragraphs=["句。"]))


def made(nb):
    return BriefXLSX().from_notebook_node(nb)[0]


def book(*shown_blocks):
    return openpyxl.load_workbook(io.BytesIO(made(pack(*shown_blocks))))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def data(nb):
    """The rows of the list of all numbers, by the heads of their columns."""
    heads, *rows = values(openpyxl.load_workbook(io.BytesIO(made(nb)))[DATA])[2:]
    assert heads == HEADS
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_number_stands_with_its_halves_its_definition_and_its_source():
    [row] = data(notebook())  # the same figure stated twice is one row
    assert {head: value for head, value in row.items() if value is not None} == {
        "指标": "合格率", "口径": "本期数", "地区": "兰州市", "期间": "2021年", "数值": 97.91, "单位": "%", "表述": "97.91%", "分子": 9791, "分母": 10000,
        "指标编号": "m", "口径代码": "value", "地区代码": "620100", "年份": 2021, "截止月份": 12, "指标口径": "口径。", "资料来源": "抽检结果",
    }  # fmt: skip
    title, about, *_ = values(openpyxl.load_workbook(io.BytesIO(made(notebook())))[DATA])
    assert title[0] == "简报" and about[1].startswith("模拟数据，仅供演示")


@pytest.mark.parametrize(("span", "said"), [("month", "当月"), ("quarter", "当季"), ("half", "半年")])
def test_a_figure_over_a_span_says_it(span, said):
    [row] = data(notebook(span=span))
    assert (row["期间类型"], row["数值"]) == (said, 97.91)


@pytest.mark.parametrize(("limits", "said"), [
    ([97.2, 98.52341], "97.2—98.5234"), ([-0.886858, 4.5], "−0.8869至4.5"), ([1522222.4, 1550000.0], "1522222.4—1550000"), ([0.0, 3.0], "0—3"),
])  # fmt: skip
def test_an_interval_has_plain_digits_and_no_sign_that_could_be_its_dash(limits, said):
    assert data(notebook(interval=limits))[0]["95%区间"] == said


def test_a_part_is_named_as_people_name_it_and_by_its_code():
    [row] = data(notebook(by="kind", part="boiler"))
    assert (row["分项"], row["分项列代码"], row["分项代码"]) == ("类别：锅炉", "kind", "boiler")


def test_a_source_of_two_tables_stands_once():
    twice = notebook()
    [card] = twice.cells[0].outputs[0].data[theme.MIME]["metrics"]
    card["sources"] = ["抽检结果", "抽检结果", "登记库"]
    assert data(twice)[0]["资料来源"] == "抽检结果；登记库"


def test_a_block_of_an_earlier_version_has_codes_in_place_of_names():
    earlier = notebook()
    del earlier.cells[0].outputs[0].data[theme.MIME]["names"]
    assert (data(earlier)[0]["地区"], data(earlier)[0]["地区代码"]) == (None, "620100")


def test_the_same_notebook_gives_the_same_bytes_without_the_time_of_their_making():
    several = pack(plan(), chart(stated()))
    assert made(several) == made(several)
    assert {one.date_time for one in zipfile.ZipFile(io.BytesIO(made(several))).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_notebook_without_figures_gives_the_heads_alone():
    assert openpyxl.load_workbook(io.BytesIO(made(new_notebook()))).sheetnames == [DATA]
    assert data(new_notebook()) == []


def test_contents_lead_to_every_sheet_and_back():
    made_book = book(plan(), chart(stated()), plan(caption="任务"))
    assert made_book.sheetnames == ["目录", "表1 措施", "图1 走势", "表2 任务", DATA]
    contents = made_book["目录"]
    lines = [[cell.value for cell in row] for row in contents["A4:B8"]]
    assert lines[:4] == [["编号", "题名"], ["表1", "措施"], ["图1", "走势"], ["表2", "任务"]]
    assert [contents.cell(row, 1).hyperlink.location for row in range(5, 9)] == [
        f"'{name}'!A1" for name in made_book.sheetnames[1:]
    ]
    for sheet in made_book.worksheets[1:]:
        assert (sheet["A2"].value, sheet["A2"].hyperlink.location) == ("返回目录", "'目录'!A1"), sheet.title


def test_a_table_stands_under_its_number_with_unit_notes_and_sources_and_its_numbers_are_numbers():
    rows = [["全省", "1234.5"], ["甲", "97.91%"], ["乙", "≈−0.36"], ["丙", "10（4—14）"], ["丁", ""]]
    sheet = book(plan(unit="户", rows=rows, totals=[0], notes=["一", "二"], sources=["登记库"]))["表1 措施"]
    assert values(sheet) == [
        ["表1　措施", None], ["返回目录", None], ["单位：户", None], ["事项", "进展"], ["全省", 1234.5], ["甲", 0.9791], ["乙", -0.36], ["丙", "10（4—14）"],
        ["丁", None], ["注：1. 一；2. 二。", None], ["资料来源：登记库。", None],
    ]  # fmt: skip
    assert [sheet.cell(row, 2).number_format for row in (5, 6, 7)] == [
        "#,##0.0;−#,##0.0",
        "#,##0.00%;−#,##0.00%",
        '"≈"#,##0.00;"≈"−#,##0.00',
    ]
    assert (sheet["A5"].font.bold, sheet["A6"].font.bold) == (True, False)


def test_numbers_of_a_chart_stand_by_metric_and_view_with_units_in_the_heads():
    other = blocks.metric(id="n", label="件数", unit="件")
    figures = [
        stated(year=year, metric=metric, unit=unit, value=value, text=text)
        for year in (2022, 2021)
        for metric, unit, value, text in (("m", "%", 97.912, "97.91%"), ("n", "件", 12345.0, "1.2万件"))
    ]
    refused = stated(year=2020, value=None, text="", refused="基数过小")
    block = chart(*figures, refused, metrics=[blocks.metric(label="合格率", unit="%"), other])
    sheet = book(block)["图1 走势"]
    assert values(sheet)[2:7] == [
        ["兰州市", None, None], ["期间", "合格率（%）", "件数（件）"], ["2020年", "基数过小", None], ["2021年", 97.912, 12345], ["2022年", 97.912, 12345],
    ]  # fmt: skip
    assert [sheet.cell(6, column).number_format for column in (2, 3)] == ["#,##0.00;−#,##0.00", "#,##0;−#,##0"]


def test_a_column_of_several_units_shows_them_with_its_numbers():
    other = blocks.metric(id="n", label="件数", unit="件")
    figures = [
        stated(),
        stated(metric="n", unit="件", value=3.0, text="3件"),
        stated(view="rank", value=2.0, unit="位", text="第2位"),
    ]
    sheet = book(chart(*figures, metrics=[blocks.metric(label="合格率", unit="%"), other]))["图1 走势"]
    assert values(sheet)[3:6] == [["指标", "本期数", "位次（位）"], ["合格率", 97.91, 2], ["件数", 3, None]]
    assert [sheet.cell(row, 2).number_format for row in (5, 6)] == ['#,##0.00"%";−#,##0.00"%"', '#,##0"件";−#,##0"件"']


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("35.33万户", Cell(35.33, '#,##0.00"万户";−#,##0.00"万户"')),
        ("+3.5%", Cell(0.035, "+#,##0.0%;−#,##0.0%;+#,##0.0%")),
        ("▲14.9%好", Cell(0.149, '"▲"#,##0.0%"好";"▲"−#,##0.0%"好"')),
        ("100", Cell(100.0, "#,##0;−#,##0")),
        ("007", Cell("007")),
        ("2022-04-28", Cell("2022-04-28")),
        ("第1位", Cell("第1位")),
        ("10（4—14）", Cell("10（4—14）")),
        ("1234567890123456", Cell("1234567890123456")),  # more digits than a cell keeps
        ("—", Cell("—")),
        ("=1+1", Cell("=1+1")),
        ("", Cell(None)),
    ],
)
def test_words_that_are_a_number_become_one_and_show_what_they_showed(words, cell):
    assert of_words(words) == cell


@pytest.mark.parametrize(
    ("value", "text", "form"),
    [(97.912, "97.91%", "#,##0.00"), (97.0, "97.0%", "#,##0.0"), (41523.0, "4.15万户", "#,##0"), (202686527.11, "2.03亿元", "#,##0.00"), (3.0, "3件", "#,##0")],
)  # fmt: skip
def test_a_figure_is_unrounded_and_shows_the_decimals_of_its_text(value, text, form):
    assert of_number(value, text) == Cell(value, f"{form};−{form}")


def test_names_of_sheets_are_allowed_and_no_two_are_the_same():
    captions = ["[甲]:乙*丙?丁/戊\\己", "长" * 40, "长" * 40, "'引'", "𠮷" * 40]
    names = book(*(plan(caption=caption) for caption in captions)).sheetnames[1:-1]
    assert names == ["表1  甲  乙 丙 丁 戊 己", f"表2 {'长' * 28}", f"表3 {'长' * 28}", "表4 '引", f"表5 {'𠮷' * 14}"]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


def test_every_sheet_prints_as_wide_as_a_page_with_its_heads_again():
    wide = plan(header=["甲"] * 9, align=["left"] * 9, rows=[["一二三四五六七八九十"] * 9])
    made_book = book(plan(rows=[["甲", "乙"]] * 80), wide)
    for sheet in made_book:
        setup = sheet.page_setup
        assert (setup.paperSize, setup.fitToWidth or 1, setup.fitToHeight) == (9, 1, 0), sheet.title  # a file leaves out the 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_area
        assert "模拟数据，仅供演示" in sheet.oddHeader.right.text
    long, wide_sheet = made_book["表1 措施"], made_book["表2 措施"]
    assert (long.print_title_rows, long.freeze_panes, long.page_setup.orientation) == ("$4:$4", "B5", "portrait")
    assert wide_sheet.page_setup.orientation == "landscape"
    assert made_book[DATA].print_title_rows == "$3:$3"


@pytest.mark.parametrize("words", HOSTILE)
def test_text_stays_text(words):
    content = made(
        pack(
            plan(caption=words, header=[words, "乙"], rows=[[words, words]], notes=[words]),
            chart(stated(text=words), caption=words),
        )
    )
    read = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in read for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink.target for cell in cells if cell.hyperlink)
    said = {cell.value for cell in cells}
    assert {printable(words), f"表1　{printable(words)}", f"注：{printable(words)}。"} <= said
    assert [row["表述"] for row in data(notebook(text=words))] == [printable(words)]


def test_a_figure_of_charts_and_tables_names_them():
    one, other = stated(), stated(region="620200")
    nb = pack(shown("prose", [one], paragraphs=["句。"]), chart(one), chart(other), chart(one))
    assert [row["所在图表"] for row in data(nb)] == ["图1、图3", "图2"]
