"""A copy goes back to who sent a faulty file: the cells as they were sent, and in Chinese what is wrong with which."""

import ast
import shutil
import subprocess

import pytest
from openpyxl import load_workbook

from city_briefs.analysis.ingest import marked_sheet, match_headers, messages_zh, workbook_style
from city_briefs.analysis.validation.finding import LIMIT, Finding
from city_briefs.common.errors import DataError
from city_briefs.model.tables import TABLES
from tests.helpers import ROOT
from tests.ingest.sent import cells, complaints, report_on, text, workbook

ERROR, WARNING, REJECTED, PLAIN = "FFF4A9A3", "FFFFE08A", "FFFDECEA", "00000000"
# Which argument of these says the rule.
RULE_OF = {
    "RowRule": 0,
    "Misfit": 0,
    "_cell": 0,
    "CellRemark": 1,
    "_ColumnErrors": 1,
    "finding": 1,
    "_row_finding": 2,
    "Finding": 5,
}


def copy_of(tmp_path, name="complaints.xlsx", declared="", **sheets):
    """The copy of a workbook of these sheets."""
    (tmp_path / "in").mkdir()
    workbook(tmp_path / "in" / name, **sheets)
    if declared:
        (tmp_path / "in/sources.toml").write_text(declared, "utf-8")
    report_on(tmp_path / "in", tmp_path / "out")
    return tmp_path / "out/returned" / name


def colour(cell):
    return cell.fill.fgColor.rgb


def faults(file):
    """The lines of the list, without the original sentences."""
    rows = list(load_workbook(file).worksheets[0].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "序号")
    return [tuple(cell or "" for cell in row[1:8]) for row in rows[top + 1 :]]


def test_a_faulty_cell_is_coloured_and_says_in_chinese_what_would_be_right(tmp_path):
    good, bad = ("A1", "兰州", "投诉", "2021-03-01", "食品"), ("A2", "兰州", "头诉", "2021-03-01", "食品")
    file = copy_of(tmp_path, 一月=[["兰州市12315工单"], *complaints(good, bad)], 二月=complaints(("A3", *good[1:])))
    sheet = load_workbook(file)["一月"]
    assert sheet["C4"].comment.text == "“头诉”不在可选范围内。请从以下各项中选填：投诉、举报、咨询。疑为“投诉”。"
    assert [colour(sheet[place]) for place in ("C4", "A4", "C3")] == [ERROR, REJECTED, PLAIN]
    assert cells(file, "一月")["A1"] == "兰州市12315工单"
    assert faults(file)[0] == (
        "一月", "C4", "类别", "头诉", "错误，该行未采用", "“头诉”不在可选范围内。",
        "请从以下各项中选填：投诉、举报、咨询。疑为“投诉”。",
    )  # fmt: skip


def test_a_comment_says_which_row_is_repeated_and_what_was_meant(tmp_path):
    rows = complaints(("A1", "兰州", "投诉", "2021-03-01", "食品"), ("A1", "兰州", "举报", "2021-03-01", "食品"))
    again = complaints(("A1", "兰州", "投诉", "2021-03-01", "食品"), ("A2", "兰洲", "投诉", "2021-03-01", "食品"))
    (tmp_path / "in").mkdir()
    workbook(tmp_path / "in/complaints.xlsx", 一月=rows, 二月=again)
    workbook(tmp_path / "in/complaints_2.xlsx", 三月=again[:2])
    report_on(tmp_path / "in", tmp_path / "out")
    book = load_workbook(tmp_path / "out/returned/complaints.xlsx")
    other = load_workbook(tmp_path / "out/returned/complaints_2.xlsx")
    assert book["一月"]["A3"].comment.text == (
        "编号“A1”与第2行重复，且内容不同。请保留正确的一行，删除另一行。（类别在该行为“投诉”，在本行为“举报”。）"
    )
    assert book["二月"]["A2"].comment.text == "与工作表“一月”第2行完全相同。请删除重复的一行。"
    assert other["三月"]["A2"].comment.text == "与文件《complaints.xlsx》工作表“一月”第2行完全相同。请删除重复的一行。"
    assert book["二月"]["B3"].comment.text == (
        "“兰洲”不在行政区划名录内。请填写名录内地区的全称、简称或代码。疑为“兰州市”（620100）。"
    )


def test_a_comment_says_the_unit_of_the_indicator():
    text = "returns.csv, row 3: complaints_received of 620100 for 2021-03: numerator is '1', some 10,000 times less than in the months near it (about 12000). See whether it is in 万: write it in the unit of complaints_received."  # fmt: skip
    finding = Finding("warning", "returns", 3, "numerator", "1", "ten thousand times", text, file="returns.csv")
    assert messages_zh.sentence(finding) == (
        "文件《returns.csv》第3行“数值 / 分子”栏：“1”与前后各月相差约一万倍。请核对计量单位是否误用“万”。该指标的计量单位为“件”。"
    )


def test_what_a_copy_cannot_read_is_left_out_of_it_and_said(tmp_path, monkeypatch):
    sheets = {"一月": complaints(("A1", "兰州", "头诉", "2021-03-01", "食品"))}
    (tmp_path / "in").mkdir()
    workbook(tmp_path / "in/complaints.xlsx", **sheets)

    def broken(*_):
        raise DataError("complaints.xlsx is damaged.")

    monkeypatch.setattr(marked_sheet.MarkedSheet, "write", broken)
    report_on(tmp_path / "in", tmp_path / "out")
    assert (
        "本文件有一部分无法读取，以下副本不全；请先按报告改正文件本身。"
        in cells(tmp_path / "out/returned/complaints.xlsx", "问题清单").values()
    )


def test_only_faulty_sheets_and_files_are_copied(tmp_path):
    (tmp_path / "in").mkdir()
    text(tmp_path / "in/entities.csv", [["登记编号", "地区", "成立日期"], ["E1", "天水", "2021-01-01"]])
    workbook(tmp_path / "in/cases.xlsx", 空表=[], 案件=[["案件编号", "地区", "领域", "结案日期", "罚款", "没收"], ["1", "天水", "食品", "x", 1, 1]], 好=[["案件编号", "地区", "领域", "结案日期", "罚款", "没收"], ["2", "天水", "食品", "2021-01-01", 1, 1]])  # fmt: skip
    report_on(tmp_path / "in", tmp_path / "out")
    assert [file.name for file in (tmp_path / "out/returned").iterdir()] == ["cases.xlsx"]
    assert load_workbook(tmp_path / "out/returned/cases.xlsx").sheetnames == ["问题清单", "案件"]


def test_a_csv_file_goes_back_as_a_workbook_named_for_its_folders(tmp_path):
    (tmp_path / "in").mkdir()
    text(
        tmp_path / "in/兰州/entities.csv",
        [["登记编号", "地区", "成立日期"], ["E1", "天水", ""], ["E2", "天水", "2021-01-01", "more"]],
    )
    report_on(tmp_path / "in", tmp_path / "out")
    sheet = load_workbook(tmp_path / "out/returned/兰州__entities.csv.xlsx")["市场主体登记库"]
    assert sheet["C2"].comment.text == "必填项为空。每行均须填写成立日期，请补填。"
    assert sheet["A3"].comment.text == "本行内容多于表头栏数，各栏可能错位。请对照表头逐栏填写，删除多余内容。"
    assert (sheet["D3"].value, colour(sheet["D3"])) == ("more", ERROR)


def test_the_column_of_a_warning_is_yellow(tmp_path):
    rows = [
        (*row, cell) for row, cell in zip(complaints(("A1", "兰州", "投诉", "2021-03-01", "食品")), ("颜色", "红"), strict=True)
    ]
    sheet = load_workbook(copy_of(tmp_path, 一月=rows))["一月"]
    assert colour(sheet["F1"]) == WARNING
    assert sheet["F1"].comment.text == "“颜色”不属于本表栏目，未予采用。请删除该栏，或按模板更正栏目名称。"
    assert (sheet["F2"].value, colour(sheet["F2"])) == ("红", PLAIN)


def test_no_cell_of_a_copy_is_a_formula_a_link_or_a_number(tmp_path):
    rows = complaints(("=cmd|' /C calc'!A0", "兰州", "http://x.cn", "2021-03-01", "007"))
    sheet = load_workbook(copy_of(tmp_path, 一月=rows))["一月"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert [sheet[place].value for place in ("A2", "C2", "E2")] == ["=cmd|' /C calc'!A0", "http://x.cn", "007"]
    assert sheet["C2"].hyperlink is None


def test_a_column_that_names_persons_does_not_leave_with_the_copy(tmp_path):
    rows = [
        (*row, cell)
        for row, cell in zip(complaints(("A1", "兰州", "头诉", "2021-03-01", "食品")), ("投诉人姓名", "张三"), strict=True)
    ]
    file = copy_of(tmp_path, "a.xlsx", '[[source]]\nfile = "a.xlsx"\ntable = "complaints"\ndrop = ["投诉人姓名"]\n', 一月=rows)
    assert cells(file, "一月")["F1"] == "投诉人姓名"
    assert "张三" not in str(cells(file, "一月")) + str(cells(file, "问题清单"))


def test_a_rejected_row_beyond_the_listed_ones_is_coloured_and_listed_with_its_reason(tmp_path):
    rows = [(f"A{number}", "兰州", "头诉", "2021-03-01", "食品") for number in range(LIMIT + 2)]
    file = copy_of(tmp_path, 一月=complaints(*rows))
    listed = faults(file)
    assert len(listed) == LIMIT + 2
    assert listed[LIMIT - 1][5] == "“头诉”不在可选范围内。（同类问题另有2处）"
    assert listed[-1] == (
        "一月",
        f"第{LIMIT + 3}行",
        "",
        "",
        "错误，该行未采用",
        "本行有误，未予采用。",
        "请改正，具体原因见系统原文。",
    )
    assert colour(load_workbook(file)["一月"][f"C{LIMIT + 3}"]) == REJECTED


def test_a_mended_copy_can_be_sent_again(tmp_path):
    file = copy_of(
        tmp_path, 一月=complaints(("A1", "兰州", "头诉", "2021-03-01", "食品"), ("A2", "白银", "举报", "2021-03-01", "食品"))
    )
    book = load_workbook(file)
    book["一月"]["C2"] = "投诉"
    (tmp_path / "again").mkdir()
    book.save(tmp_path / "again/complaints.xlsx")
    made = report_on(tmp_path / "again", tmp_path / "made")
    assert (made.accepted, made.rejected, made.findings) == (2, 0, ())
    assert not (tmp_path / "made/returned").exists()


def test_of_a_long_sheet_the_rows_around_faults_are_copied_in_their_places(tmp_path, monkeypatch):
    monkeypatch.setattr(marked_sheet, "ROWS", 12)
    rows = [(f"A{number}", "兰州", "头诉" if number in (30, 50, 70) else "投诉", "2021-03-01", "食品") for number in range(100)]
    file = copy_of(tmp_path, 一月=complaints(*rows))
    sheet = load_workbook(file)["一月"]
    assert {cell.row for row in sheet.iter_rows() for cell in row if cell.value} == {1, *range(30, 35), *range(50, 55), 70}
    assert sheet["C32"].value == "头诉" and colour(sheet["C52"]) == ERROR
    assert sheet.sheet_format.zeroHeight
    assert (
        "“一月”行数较多，只列出有问题的行及其前后各2行，其余行已隐藏或未列；请在原表中改正后报送全表。"
        in cells(file, "问题清单").values()
    )


def test_names_that_no_sheet_or_file_can_have_are_cut(tmp_path):
    long = "/".join(["很长的文件夹名" * 5] * 3)
    (tmp_path / "in" / long).mkdir(parents=True)
    for name in ("complaints.csv", "Complaints.CSV"):
        text(tmp_path / "in" / long / name, complaints(("A1", "兰州", "头诉", "2021-03-01", "食品")))
    report_on(tmp_path / "in", tmp_path / "out")
    names = [file.name for file in (tmp_path / "out/returned").iterdir()]
    assert len({name.casefold() for name in names}) == 2 and all(len(name.encode()) < 255 for name in names)


def test_characters_that_no_workbook_can_hold_are_shown_as_codes(tmp_path):
    (tmp_path / "in").mkdir()
    text(tmp_path / "in/complaints.csv", complaints(("A\x01", "兰州", "\x0b投诉\uffff", "2021-03-01", "食\x7f品")))
    report_on(tmp_path / "in", tmp_path / "out")
    sheet = load_workbook(tmp_path / "out/returned/complaints.csv.xlsx")["12315平台工单"]
    assert [sheet[place].value for place in ("A2", "C2", "E2")] == ["A[U+0001]", "[U+000B]投诉[U+FFFF]", "食[U+007F]品"]


def test_a_workbook_that_cannot_be_written_is_an_error_of_the_disk_and_leaves_nothing(tmp_path):
    (tmp_path / "x.xlsx").mkdir()
    with pytest.raises(IsADirectoryError), workbook_style.written(tmp_path / "x.xlsx") as book:
        book.write(book.sheet("x"), 0, 0, "x")
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_libreoffice_reads_a_copy(tmp_path):
    file = copy_of(tmp_path, 一月=complaints(("A1", "兰州", "头诉", "2021-03-01", "食品")))
    convert = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    subprocess.run([*convert, 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2', "--outdir", tmp_path, file], check=True, capture_output=True)  # fmt: skip
    assert (tmp_path / "complaints-一月.csv").read_text("utf-8").splitlines()[1] == "A1,兰州,头诉,2021-03-01,食品"


def rules():
    """Every rule that the code names."""
    files = [
        *(ROOT / "lib/city_briefs/analysis/validation").rglob("*.py"),
        *(ROOT / "lib/city_briefs/analysis/ingest").rglob("*.py"),
    ]
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.Call):
            at = RULE_OF.get(getattr(node.func, "id", getattr(node.func, "attr", "")), len(node.args))
            if at < len(node.args) and isinstance(node.args[at], ast.Constant):
                yield node.args[at].value


def test_every_rule_has_its_words_in_chinese():
    assert set(rules()) == set(messages_zh.RULES)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_rule_can_be_said_of_every_column(table):
    for rule in (*messages_zh.RULES, "unheard of"):
        for column in (*table.schema.names, "", "region, month"):
            problem, remedy = messages_zh.problem_and_remedy(Finding("error", table.name, 1, column, "{x}", rule, ""))
            assert problem.endswith("。") and remedy.endswith("。")
            assert "None" not in problem + remedy


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_heading_in_chinese_is_one_that_is_understood(table):
    for column in table.columns:
        assert match_headers.columns_by_header(table)[match_headers.normalized_header(messages_zh.title(column))][0] is column
