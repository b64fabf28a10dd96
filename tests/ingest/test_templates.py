"""A template that is filled in goes through the door, and one that is not holds no row."""

import shutil
import subprocess
from datetime import date

import pytest
from openpyxl import load_workbook

from city_briefs.analysis.ingest import templates
from city_briefs.analysis.ingest.dates import ZERO
from city_briefs.common.errors import UsageError
from city_briefs.model.labels import chinese
from city_briefs.model.table import BOOL, DATE
from city_briefs.model.tables import COVERAGE, TABLES
from tests.ingest.raw_tables import GANSU
from tests.ingest.sent import report_on

SENT = [table for table in TABLES.values() if table is not COVERAGE]
NAMED = [table for table in SENT if table.name != "regions"]


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates") / "blank"
    templates.write(folder, GANSU)
    return folder


@pytest.fixture(scope="module")
def filled(blank, tmp_path_factory):
    """The report on templates that are filled with their own examples; dates and numbers as a spreadsheet takes them."""
    folder = tmp_path_factory.mktemp("filled")
    for table in NAMED:
        book = load_workbook(blank / f"{table.name}.xlsx")
        for number, (column, example) in enumerate(zip(table.columns, examples(book), strict=True), start=1):
            book.worksheets[0].cell(2, number).value = date.fromisoformat(example) if column.type == DATE else example or None
        book.save(folder / f"{table.name}.xlsx")
    return report_on(folder, folder.with_name("report"))


def examples(book):
    """The column of examples in the sheet that explains."""
    rows = list(book["填报说明"].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "栏目")
    return [row[4] for row in rows[top + 1 :]]


def allowed(sheet, number):
    """What may be written into a column."""
    return next((rule for rule in sheet.data_validations.dataValidation if next(iter(rule.sqref.ranges)).min_col == number), None)


def test_every_table_that_is_sent_has_a_template(blank):
    assert sorted(file.stem for file in blank.iterdir()) == sorted(table.name for table in SENT)


def test_the_examples_of_every_template_are_accepted_and_are_no_rows_of_a_blank_one(filled, blank, tmp_path):
    assert [(finding.text) for finding in filled.findings] == []
    assert {table: counted["accepted"] for table, counted in filled.tables.items()} == {table.name: 1 for table in NAMED}
    shutil.copytree(blank, tmp_path / "in")
    (tmp_path / "in/regions.xlsx").unlink()
    assert (made := report_on(tmp_path / "in", tmp_path / "out")).accepted == 0
    assert (made.rejected, made.findings) == (0, ())


def test_the_template_of_the_regions_lists_those_that_are_known(blank):
    rows = list(load_workbook(blank / "regions.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("行政区划代码", "全称", "简称", "层级", "上级代码")
    assert rows[2] == ("620100", "兰州市", "兰州", "市州", "620000")
    assert len(rows) == 1 + len(GANSU.all)


@pytest.mark.parametrize("table", SENT, ids=lambda table: table.name)
def test_a_closed_list_is_chosen_in_chinese_and_a_region_by_its_name(blank, table):
    book = load_workbook(blank / f"{table.name}.xlsx")
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "hidden"]
    for number, column in enumerate(table.columns, start=1):
        words = [chinese(column.name, word) for word in column.words] or (["是", "否"] if column.type == BOOL else [])
        words = [region.name for region in GANSU.all] if column.name == "region" else words
        if words:
            rule = allowed(book.worksheets[0], number)
            sheet, _, cells = rule.formula1.partition("!")
            assert [cell.value for (cell,) in book[sheet][cells.replace("$", "")]] == words
            assert rule.type == "list" and str(rule.sqref).endswith("1048576")


def test_dates_numbers_and_years_have_their_bounds_and_texts_stay_texts(blank):
    sheet = load_workbook(blank / "ip_pledges.xlsx").worksheets[0]
    day, count, yuan = (allowed(sheet, number) for number in (3, 4, 5))
    assert (day.type, day.formula1, day.formula2) == ("date", "1", str((date(2999, 12, 31) - ZERO).days))
    assert (count.type, count.operator, count.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert (yuan.type, yuan.operator, yuan.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert sheet.column_dimensions["A"].number_format == "@" and sheet.column_dimensions["C"].number_format == "yyyy-mm-dd"
    year = allowed(load_workbook(blank / "population.xlsx").worksheets[0], 2)
    assert (year.type, year.formula1, year.formula2) == ("whole", "1900", "2999")
    assert allowed(load_workbook(blank / "returns.xlsx").worksheets[0], 4).formula1.startswith("-")


def test_a_heading_says_whether_it_is_required_and_stays_in_sight(blank):
    sheet = load_workbook(blank / "cases.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "案件编号",
        "地区",
        "领域",
        "结案日期",
        "罚款（元）",
        "没收（元）",
        "是否公开曝光",
    ]
    assert sheet["E1"].comment.text == "必填。请填写数字，最多2位小数，单位为元。"
    assert sheet["G1"].comment.text == "选填。请从是、否中选填。"
    assert sheet["E1"].fill.fgColor.rgb != sheet["G1"].fill.fgColor.rgb
    assert sheet.freeze_panes == "A2"


def test_the_same_regions_give_the_same_bytes(blank, tmp_path):
    for file in templates.write(tmp_path / "again", GANSU):
        assert file.read_bytes() == (blank / file.name).read_bytes()


def test_a_template_that_is_there_already_is_not_written_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.xlsx").write_bytes(b"filled in")
    with pytest.raises(UsageError) as error:
        templates.write(tmp_path, GANSU)
    assert str(error.value) == "cases.xlsx is there already, and may be filled in. Name a new folder for the templates."
    assert [file.name for file in tmp_path.iterdir()] == ["cases.xlsx"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_libreoffice_opens_a_template(blank, tmp_path):
    convert = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    ]
    subprocess.run([*convert, "--outdir", tmp_path, blank / "equipment.xlsx"], check=True, capture_output=True)
    assert (tmp_path / "equipment.csv").read_text("utf-8").splitlines()[0] == "设备编号,地区,种类,投用日期,停用日期"
