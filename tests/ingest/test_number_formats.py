"""A number in a cell is read as its number format shows it, with all the digits that somebody typed."""

import datetime
import zipfile

import openpyxl
import pytest
import xlsxwriter

from city_briefs.analysis.ingest.raw_table import CellRemark, MergedCells, ScaledColumn
from city_briefs.analysis.ingest.readers.number_formats import NumberFormat, plain_text, time_text
from tests.ingest.test_reading import raw_table, rows

SHOWN = """
0.00%                                     | 0.12                | 12%
0%                                        | 0.12345             | 12.345%
0.0"%"                                    | 12.5                | 12.5%
0!.0,                                     | 15000               | 1.5
0!.0,                                     | 15234               | 1.5234
0!.0000                                   | 15000               | 1.5
0\\.0,"万元"                               | -15000              | -1.5万元
#,##0.0,                                  | 1234567             | 1234.567
0.00,,                                    | 1234567             | 1.234567
0.0"万元"                                 | 1.5                 | 1.5万元
G/通用格式"万元"                          | 1.5                 | 1.5万元
#0.00元                                   | 5                   | 5元
¥#,##0                                    | 15000               | ¥15000
[$¥-804]#,##0.00;[Red]-[$¥-804]#,##0.00   | -3                  | -¥3
[$$-409]#,##0.00                          | 3                   | $3
_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??    | 0                   | 0
#,##0.00_);[Red](#,##0.00)                | -5.5                | -5.5
[>=10000]0!.0,"万";0                      | 25000               | 2.5万
[>=10000]0!.0,"万";0                      | 25                  | 25
[=1]"男";[=2]"女"                         | 2                   | 女
[=1]"男";[=2]"女"                         | 3                   | 3
00000                                     | 123                 | 00123
000-0000                                  | 1234567             | 123-4567
0.00                                      | 3.3000000000000003  | 3.3
0.00                                      | 1.235               | 1.235
0                                         | 1234.56             | 1234.56
0.00E+00                                  | 12345.678           | 12345.678
# ?/?                                     | 0.5                 | 0.5
@                                         | 5                   | 5
General                                   | 620123456789012345  | 6.20123456789012E+17
0                                         | 1e15                | 1E+15
General                                   | 123456789012345     | 123456789012345
"""
CASES = [[cell.strip() for cell in line.split(" | ")] for line in SHOWN.strip().splitlines()]


@pytest.mark.parametrize(("code", "held", "text"), CASES)
def test_a_number_is_read_as_its_format_shows_it(code, held, text):
    shown = NumberFormat(code).shown(float(held))
    assert (shown.text, shown.is_rounded, shown.is_hidden) == (text, False, False)


@pytest.mark.parametrize(
    ("code", "held", "text"),
    [("0.00", 33.333333333, "33.33"), ("0.00%", 1 / 3, "33.33%"), ("0.0", 2.25000000001, "2.3"), ('0.0"万元"', 2 / 3, "0.7万元")],
)
def test_what_a_formula_never_rounded_is_read_at_the_decimals_that_are_shown(code, held, text):
    shown = NumberFormat(code).shown(held)
    assert (shown.text, shown.is_rounded) == (text, True)


@pytest.mark.parametrize(("code", "held"), [(";;;", 5), ("0;-0;", 0), ("0;", -1)])
def test_a_number_that_its_format_hides_is_read_and_told(code, held):
    shown = NumberFormat(code).shown(held)
    assert (shown.text, shown.is_hidden) == (str(held), True)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (12.0, "12"),
        (0.29, "0.29"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1E+15"),
        (-1234567.891, "-1234567.891"),
        (33.333333333, "33.333333333"),
    ],
)
def test_a_number_without_a_format_is_as_short_as_is_exact(held, text):
    assert plain_text(held) == text


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (datetime.time(0, 12, 30), "0:12:30"),
        (datetime.timedelta(minutes=12, seconds=30), "0:12:30"),
        (datetime.timedelta(days=1, hours=12), "36:00:00"),
        (datetime.timedelta(seconds=749.9999999), "0:12:30"),
        (datetime.timedelta(seconds=0.25), "0:00:00.25"),
        (-datetime.timedelta(seconds=90), "-0:01:30"),
    ],
)
def test_a_time_is_in_hours_minutes_and_seconds(held, text):
    assert time_text(held) == text


def formatted(folder, *cells):
    """A workbook with a heading and a row, each cell a number and its format."""
    with xlsxwriter.Workbook(folder / "entities.xlsx") as book:
        sheet = book.add_worksheet("2021")
        for column, (held, code) in enumerate(cells):
            sheet.write(0, column, "heading")
            sheet.write_number(1, column, held, book.add_format({"num_format": code}))
    return raw_table(folder / "entities.xlsx")


def test_cells_of_a_workbook_are_read_by_their_formats(tmp_path):
    read = formatted(
        tmp_path, (0.12, "0.00%"), (15000, "0!.0,"), (1.5, '0.0"万元"'), (0.008680555555555556, "[mm]:ss"), (44260, "yyyy/m/d")
    )
    assert rows(read)[1] == read.head[1] == read.foot[1] == ("12%", "1.5", "1.5万元", "0:12:30", "2021-03-05")
    assert read.scaled == {"B": ScaledColumn("B2", "0!.0,", 4)}
    assert read.remarks == []


@pytest.mark.parametrize("number", [14, 22, *range(27, 32), 36, 50, 57, 58])
def test_every_built_in_format_of_dates_also_those_of_chinese_is_a_date(tmp_path, number):
    made = openpyxl.Workbook()
    made.active.append(["heading"])
    made.active.append([44260])
    made.active["A2"].number_format = "yyyy-mm-dd"
    made.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "entities.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                content = content.replace(b'numFmtId="164" fontId', b'numFmtId="%d" fontId' % number)
            new.writestr(name, content)
    assert rows(raw_table(tmp_path / "entities.xlsx"))[1][0].startswith("2021-03-05")


def test_noise_is_told_once_for_a_column_with_its_first_cell(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "entities.xlsx") as book:
        sheet, money = book.add_worksheet("2021"), book.add_format({"num_format": "0.00"})
        sheet.write_column(0, 0, ["heading", 33.333333333, 5.25, 66.666666667], money)
    read = raw_table(tmp_path / "entities.xlsx")
    assert rows(read) == rows(read) == [("heading",), ("33.33",), ("5.25",), ("66.67",)]
    english = (
        "the cell holds 33.333333333, which no one rounded, and shows 33.33, which is read, as in 1 more of the column. "
        "Round it, if another number is meant."
    )
    assert read.remarks == [CellRemark("warning", "shown rounded", 2, "A", "33.333333333", english)]


def test_a_merged_percentage_is_one_in_each_of_its_rows(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "entities.xlsx") as book:
        sheet, percent = book.add_worksheet("2021"), book.add_format({"num_format": "0%"})
        sheet.write_row(0, 0, ["heading", "year"])
        sheet.merge_range("A2:A3", 0.12, percent)
        sheet.write_column(1, 1, [2020, 2021])
    read = raw_table(tmp_path / "entities.xlsx")
    assert rows(read) == [("heading", "year"), ("12%", "2020"), ("12%", "2021")]
    assert read.merged == (MergedCells(2, 3, ("A",)),)


@pytest.mark.parametrize("code", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]h:mm:ss", "[mm]:ss", "m/d/yy h:mm;@"])
def test_a_format_of_dates_and_times_reads_no_number(code):
    assert NumberFormat(code).is_date


@pytest.mark.parametrize("code", ["0.00", '0"d"', "[Red]0.0", "[$¥-804]#,##0", "General", '0!.0,"万元"'])
def test_words_and_colours_make_no_format_of_dates(code):
    assert not NumberFormat(code).is_date
