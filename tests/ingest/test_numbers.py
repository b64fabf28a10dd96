"""Numbers, percent and times as offices write them; what may be two numbers is none."""

import re
from decimal import Decimal

import pytest

from city_briefs.analysis.ingest import units
from tests.ingest.test_cells import column, read

AMOUNT = "It must be a number with at most 2 decimals of 元."
GLUED = "It has a blank or a line break between digits and may be two numbers: write one."
TWO_TIMES = "It may be minutes and seconds, or hours and minutes: write 12.5 or 0:12:30."


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.2万", "12000"), ("￥3,000元", "3000"), ("¥ 3,000 元", "3000"), ("人民币3000元", "3000"), ("RMB 3000", "3000"), ("3000元整", "3000"),
     ("１，２３４．５元", "1234.5"), ("1.5 万元", "15000"), ("1.5万 元", "15000"), ("2亿", "200000000"), ("1.5萬圓", "15000"), ("−5", "-5")],
)  # fmt: skip
def test_amounts_as_offices_write_them(text, value):
    assert read("cases", "fine_yuan", text) == [Decimal(value)]


@pytest.mark.parametrize(
    "text",
    ["约100", "100-200", "0x10", "1.234.567", "1,23", "1,234,5", "100左右", "100余元", "100元/件", "1234-", "△1234", "▲1234",
     "1234①", "10²", "⑫", "½", "1.23457E+11", "6.2E+17", "1万2", "- 5", "3千万吨", "$100", "100美元", "12%", "１２％", "(1,234)", "（1,234）"],
)  # fmt: skip
def test_amounts_that_are_asked(text):
    assert read("cases", "fine_yuan", text) == [f"fine_yuan is '{text}'. {AMOUNT}"]


@pytest.mark.parametrize(
    "text", ["5000\n3000", "12 34", "1 234 567", "12\u300034", "12\xa034", "1\u2009234", "1\u202f234", "1. 5", "1 .5"]
)
def test_digits_are_not_joined(text):
    shown = re.sub("[\xa0\u2009\u202f]", " ", text)
    assert read("cases", "fine_yuan", text) == [f"fine_yuan is '{shown}'. {AMOUNT} {GLUED}"]


def test_persons_over_two_lines_are_not_joined():
    assert read("elevator_rescues", "persons", "1\n2", "2 3", " 4 ", "5 人", "6\u3000人\n") == [
        f"persons is '1\n2'. It must be a whole number of 人. {GLUED}", f"persons is '2 3'. It must be a whole number of 人. {GLUED}", 4, 5, 6,
    ]  # fmt: skip


def test_a_bare_wan_in_a_column_of_wan_may_be_either():
    wan = units.unit("万元", column("cases", "fine_yuan"))
    says = f"fine_yuan is '1.5万'. {AMOUNT} The column is in 万元."
    assert read("cases", "fine_yuan", "1.5万", "1.5万元", "15000元", unit=wan) == [says, Decimal(15000), Decimal(15000)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("(1,234)", "-1234"), ("（1,234）", "-1234"), ("(1,234.5)", "-1234.5"), ("( 1234 )", "-1234"), ("(12)万户", "-120000"), ("-1234", "-1234"),
     ("１２户", "12"), ("1.2万户", "12000"), ("1.2万", "12000"), ("12家", "12"), ("12个", "12")],
)  # fmt: skip
def test_a_net_figure_may_be_below_zero(text, value):
    assert read("returns", "numerator", text, base="户") == [Decimal(value)]


@pytest.mark.parametrize("text", ["△1234", "▲1234", "1234-", "(-5)", "((5))", "(5", "12%", "12万元", "12人", "¥12"])
def test_a_net_figure_that_is_asked(text):
    assert read("returns", "numerator", text, base="户") == [
        f"numerator is '{text}'. It must be a number with at most 6 decimals of 户."
    ]


def test_percent_is_a_number_of_percent_and_of_nothing_else():
    assert read("targets", "value", "12%", "98.5 %", "１２％", "-3.5%", "12", "3个百分点", base="%") == [
        12,
        98.5,
        12,
        -3.5,
        12,
        3,
    ]
    assert read("targets", "value", "12%", base="户") == ["value is '12%'. It must be a number of 户."]
    assert read("targets", "value", "12%") == ["value is '12%'. It must be a number."]
    assert read("accidents", "count", "12%") == ["count is '12%'. It must be a whole number of 起."]


@pytest.mark.parametrize(
    ("text", "value"),
    [("00:12:30", "12.5"), ("0:12:30", "12.5"), ("1:05:30", "65.5"), ("0:12:34", "12.6"), ("12分30秒", "12.5"), ("12分", "12"), ("12分钟", "12"),
     ("12'30\"", "12.5"), ("12′30″", "12.5"), ("12’30”", "12.5"), ("0.5小时", "30"), ("半小时", "30"), ("半个小时", "30"), ("1小时20分", "80"), ("1时20分", "80"), ("90秒", "1.5"),
     ("1个小时", "60"), ("12 分 30 秒", "12.5"), ("０：１２：３０", "12.5"), ("12.5", "12.5")],
)  # fmt: skip
def test_minutes_as_they_are_written(text, value):
    assert read("elevator_rescues", "arrival_minutes", text) == [Decimal(value)]


@pytest.mark.parametrize("text", ["12:30", "00:12", "12:30:00", "1:05:00"])
def test_a_time_of_two_readings_is_asked(text):
    says = f"arrival_minutes is '{text}'. It must be a number with at most 1 decimals of 分钟. {TWO_TIMES}"
    assert read("elevator_rescues", "arrival_minutes", text) == [says]


@pytest.mark.parametrize("text", ["0:61:00", "0:12:75", "12.34分", "一刻钟", "12-30", "12分30", "上午9:30"])
def test_no_time(text):
    says = f"arrival_minutes is '{text}'. It must be a number with at most 1 decimals of 分钟."
    assert read("elevator_rescues", "arrival_minutes", text) == [says]


def test_a_time_is_no_number_of_another_column():
    assert read("cases", "fine_yuan", "0:12:30", "12分") == [
        f"fine_yuan is '0:12:30'. {AMOUNT}",
        f"fine_yuan is '12分'. {AMOUNT}",
    ]


@pytest.mark.parametrize("text", ["-", "—", "——", "--", "/", "／", "无", " - ", "N/A"])
def test_what_is_written_for_no_number_is_empty_where_it_may_be(text):
    assert read("accidents", "deaths", text, "0", "2") == [None, 0, 2]
    says = f"count is '{text.strip()}'. It must be a number, and 0 where there was none."
    assert read("accidents", "count", text, "0起", "1起") == [says, 0, 1]


def test_years_have_a_range():
    says = "It must be a year between 1900 and 2999."
    assert read("population", "year", "2021", "21", "44561", "20211", "0", "1900", "2999", "2021年", "2021年度") == [
        2021, f"year is '21'. {says}", f"year is '44561'. {says}", f"year is '20211'. {says}", f"year is '0'. {says}", 1900, 2999, 2021, 2021,
    ]  # fmt: skip
    assert read("population", "year", 2021, 44561) == [2021, f"year is '44561'. {says}"]


def test_what_is_one_number_in_every_unit():
    assert read("cold_chain", "tonnes", "1,500公斤", "1.5吨", "2千吨", "500kg", "1.5万") == [
        Decimal("1.5"), Decimal("1.5"), Decimal(2000), Decimal("0.5"), Decimal(15000),
    ]  # fmt: skip
    assert read("prices", "sale_yuan", "10元/斤", "¥20", "20元") == [
        Decimal(20), Decimal(20), "sale_yuan is '20元'. It must be a number with at most 2 decimals of 元/公斤.",
    ]  # fmt: skip
