"""What a sheet says beside its cells: what is hidden, struck through, calculated or merged is told, with its place."""

import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from city_briefs.analysis.ingest.raw_table import MergedCells
from city_briefs.analysis.ingest.readers.sheet_remarks import spans
from city_briefs.common.errors import DataError
from tests.ingest.corpus import MAIN, sheet, text
from tests.ingest.raw_tables import accepted, read, said
from tests.ingest.raw_tables import raw_table as made_by_hand
from tests.ingest.raw_tables import source as source_of
from tests.ingest.test_reading import raw_table, rows


def saved(folder, *, rows=(("编号", "罚款"), ("A1", 1), ("A2", 2), ("A3", 3)), change=lambda _: None):
    """A raw table of a sheet that openpyxl makes, after a change."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    change(made.active)
    made.save(folder / "entities.xlsx")
    return raw_table(folder / "entities.xlsx")


def told(read):
    """Severity, rule, row, column and value of each remark."""
    return [(remark.severity, remark.rule, remark.row, remark.column, remark.value) for remark in read.remarks]


def test_a_sheet_that_hides_nothing_has_no_remarks(tmp_path):
    assert saved(tmp_path).remarks == []


def test_rows_that_are_hidden_are_data_and_told(tmp_path):
    def hide(made):
        for number in (2, 3, 9):
            made.row_dimensions[number].hidden = True

    read = saved(tmp_path, change=hide)
    assert rows(read)[1:3] == [("A1", "1"), ("A2", "2")]
    assert told(read) == [("warning", "hidden rows", None, "", "2-3")]
    assert read.remarks[0].english == (
        "the rows 2-3 are hidden, by a filter or by hand, and are read like any other. Delete those that do not count."
    )


def test_a_hidden_column_is_data_and_told(tmp_path):
    def hide(made):
        made.column_dimensions["B"].hidden = True
        made.column_dimensions["F"].hidden = True

    read = saved(tmp_path, change=hide)
    assert rows(read)[1] == ("A1", "1")
    assert told(read) == [("warning", "hidden column", None, "B", "B")]


@pytest.mark.parametrize("cell", ["A3", "B3"])
def test_a_row_with_text_that_is_struck_through_is_asked(tmp_path, cell):
    read = saved(tmp_path, change=lambda made: setattr(made[cell], "font", Font(strike=True)))
    assert told(read) == [("error", "struck through", 3, cell[0], "")]
    assert read.remarks[0].english == (
        "there is text that is struck through, so that the row may not count. Delete the row, or take the line off the text."
    )


def test_text_of_which_a_part_is_struck_through_is_asked(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "entities.xlsx") as book:
        page, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
        page.write_column(0, 0, ["编号", "A1"])
        page.write_rich_string(2, 0, "A", struck, "2", "3")
    assert told(raw_table(tmp_path / "entities.xlsx")) == [("error", "struck through", 3, "A", "")]


def test_a_line_that_no_cell_has_strikes_nothing(tmp_path):
    read = saved(tmp_path, change=lambda made: setattr(made["D9"], "font", Font(strike=True)))
    assert read.remarks == []


def calculated(folder, *cells, maker="Microsoft Excel", asks=False):
    """A raw table of a column whose cells are XML, saved by a program that calculates; or asks whoever opens it to do so."""
    page = "".join(f'<row r="{row}"><c r="A{row}"{cell}</c></row>' for row, cell in enumerate(cells, start=1))
    text(sheet(page))(folder / "raw.xlsx")
    with zipfile.ZipFile(folder / "raw.xlsx") as old, zipfile.ZipFile(folder / "entities.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml" and not asks:
                content = content.replace(b'fullCalcOnLoad="1"', b"")
            if name == "docProps/app.xml":
                content = content.replace(b"Microsoft Excel", maker.encode())
            new.writestr(name, content)
    return raw_table(folder / "entities.xlsx")


HEADING = ' t="inlineStr"><is><t>罚款</t></is>'
SUM = "><f>SUM(B1:B9)</f><v>12.5</v>"


def test_the_last_values_of_formulas_are_read_and_told_once(tmp_path):
    cells = (HEADING, SUM, ' t="str"><f>B1&amp;"x"</f><v>ax</v>', ' t="str"><f>""</f><v></v>', '><f t="shared" si="0"/><v>3</v>')
    read = calculated(tmp_path, *cells)
    assert rows(read) == [("罚款",), ("12.5",), ("ax",), (None,), ("3",)]
    assert told(read) == [("warning", "formula values", None, "", "A2-A5")]
    assert read.remarks[0].english == "there are formulas in A2-A5: the values that were last shown are read."


@pytest.mark.parametrize("how", [{"asks": True}, {"maker": "Apache POI"}])
def test_a_value_that_nobody_saw_is_not_read(tmp_path, how):
    read = calculated(tmp_path, HEADING, SUM, **how)
    assert rows(read) == [("罚款",), ("=SUM(B1:B9)",)]
    assert told(read) == [("warning", "formula without value", None, "", "A2")]


def test_a_formula_without_its_value_is_the_formula(tmp_path):
    assert rows(calculated(tmp_path, HEADING, "><f>SUM(B1:B9)</f><v/>", "><f>B1</f>", SUM)) == [
        ("罚款",), ("=SUM(B1:B9)",), ("=B1",), ("12.5",)
    ]  # fmt: skip


def test_a_formula_without_its_value_is_no_number_and_no_text():
    batches = read(made_by_hand(source_of("cases"), """
        案件编号 | 地区 | 领域 | 结案日期   | 罚款       | 没收
        A1       | 兰州 | 食品 | 2021-03-05 | =SUM(E9:E9)| 0
        =B2      | 兰州 | 食品 | 2021-03-05 | 1          | 0
        合计     |      |      |            | =SUM(E2:E3)| 0
    """))  # fmt: skip
    assert accepted(batches) == []
    assert [sentence.partition(":")[0] for sentence in said(batches)] == [
        "cases.xlsx, sheet 2021, cell A3",
        "cases.xlsx, sheet 2021, cell E2",
    ]


def test_an_error_of_a_formula_is_its_text(tmp_path):
    assert rows(calculated(tmp_path, HEADING, ' t="e"><f>1/0</f><v>#DIV/0!</v>')) == [("罚款",), ("#DIV/0!",)]


def test_a_formula_that_cannot_be_told_from_its_value_is_refused(tmp_path, monkeypatch):
    with pytest.raises(DataError) as refusal:
        calculated(tmp_path, HEADING, "><f>1<x/></f><v>2</v>")
    assert str(refusal.value) == (
        "entities.xlsx, sheet 2021, cell A2: there is a formula that cannot be told from its value. "
        "Copy the cells and paste them as values."
    )
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(DataError) as refusal:
        raw_table(tmp_path / "entities.xlsx")
    assert str(refusal.value) == "entities.xlsx工作表“2021”，单元格A2：公式无法识别。请复制后选择性粘贴为数值，再重新报送。"


def test_the_cells_of_a_merge_are_listed_and_its_value_is_in_each_row(tmp_path):
    sent = [("地区", "起数", "死亡"), ("兰州", 2, None), (None, None, 5)]
    read = saved(tmp_path, rows=sent, change=lambda made: [made.merge_cells(area) for area in ("A2:A3", "B2:C2")])
    assert rows(read)[1:] == [("兰州", "2", None), ("兰州", None, "5")]
    assert read.merged == (MergedCells(2, 3, ("A",)), MergedCells(2, 2, ("B", "C")))


def test_a_hidden_sheet_with_cells_is_told_and_an_empty_one_is_not(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["编号"])
    made.create_sheet("补报").append(["B1"])
    made.create_sheet("空白")
    for name in ("补报", "空白"):
        made[name].sheet_state = "hidden"
    made.save(tmp_path / "entities.xlsx")
    read = raw_table(tmp_path / "entities.xlsx")
    assert told(read) == [("warning", "sheet not read", None, "", "补报")]
    assert read.remarks[0].english == "a row of the hidden sheet '补报' was not read. Unhide the sheet to send it, or delete it."


def test_the_foot_is_the_last_rows_with_cells(tmp_path):
    read = saved(tmp_path, rows=[("编号", "罚款"), *((f"A{number}", number) for number in range(99)), (), ("注：单位为万元",)])
    assert (len(read.foot), read.foot[0], read.foot[-1]) == (30, ("A70", "70"), ("注：单位为万元", None))


def test_a_blank_at_the_end_of_a_sheet_hides_no_row_of_its_foot(tmp_path):
    read = saved(tmp_path, change=lambda made: made.cell(5_000, 1, " "))
    assert read.foot[-2] == ("A3", "3")


def test_whether_a_workbook_counts_from_1904_is_known(tmp_path):
    assert not saved(tmp_path).counts_from_1904
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active.append(["登记日期"])
    made.save(tmp_path / "entities.xlsx")
    assert raw_table(tmp_path / "entities.xlsx").counts_from_1904


def test_rows_are_listed_as_spans():
    assert (spans([2]), spans([4, 2, 3, 9]), spans(range(2, 60, 2))) == ("2", "2-4, 9", "2, 4, 6, 8, 10, 12, 14, 16, 18, 20, …")


def test_styles_that_are_no_xml_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "entities.xlsx", "w") as new:
        text(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))(tmp_path / "raw.xlsx")
        with zipfile.ZipFile(tmp_path / "raw.xlsx") as old:
            for name in old.namelist():
                bad = f'<!DOCTYPE x [<!ENTITY a "aa">]><styleSheet xmlns="{MAIN}">&a;</styleSheet>'
                new.writestr(name, bad if name == "xl/styles.xml" else old.read(name))
    with pytest.raises(DataError) as refusal:
        raw_table(tmp_path / "entities.xlsx")
    assert str(refusal.value) == (
        "entities.xlsx is a workbook whose styles cannot be read. Open it in a spreadsheet and save it again as .xlsx."
    )
