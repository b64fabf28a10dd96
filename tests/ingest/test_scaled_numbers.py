"""A number of which a cell shows the ten-thousandth is read where the heading says so, and asked elsewhere; so is a day since 1904."""

from dataclasses import replace
from decimal import Decimal

import pytest

from city_briefs.analysis.ingest.raw_table import ScaledColumn
from city_briefs.common.errors import DataError
from tests.ingest.raw_tables import accepted, raw_table, read, said, source

ROWS = """
    案件编号 | 地区 | 领域 | 结案日期   | {} | 没收（元）
    A1       | 兰州 | 食品 | 2021-03-05 | 1.5 | 0
"""
SCALED = {"E": ScaledColumn("E2", "0!.0,", 4)}


def test_a_scaled_number_is_read_in_the_unit_of_its_heading():
    [row] = accepted(read(replace(raw_table(source("cases"), ROWS.format("罚款（万元）")), scaled=SCALED)))
    assert row["fine_yuan"] == Decimal("15000")


@pytest.mark.parametrize(
    ("heading", "is_chinese"), [("罚款（元）", False), ("罚款", False), ("罚款（亿元）", False), ("罚款", True)]
)
def test_a_scaled_number_whose_unit_says_another_is_asked(monkeypatch, heading, is_chinese):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if is_chinese else "C")
    with pytest.raises(DataError) as refusal:
        read(replace(raw_table(source("cases"), ROWS.format(heading)), scaled=SCALED))
    english = (
        "cases.xlsx, sheet 2021, cell E2: the number format 0!.0, shows a number 10,000 times smaller than the cell holds, and the "
        f"heading '{heading}' has no unit that says so. Write the unit of what is shown in the heading, such as 万元, or format the "
        "cells as plain numbers."
    )
    chinese = (
        "cases.xlsx, sheet 2021，单元格E2：数字格式“0!.0,”把数值缩小10,000倍显示，而表头“罚款”没有相应的计量单位，"
        "无法判断以哪个数为准。请在表头注明显示数值的单位（如万元），或改为常规数字格式，再重新报送。"
    )
    assert str(refusal.value) == (chinese if is_chinese else english)


DAYS = """
    编号 | 地区 | 类别 | 登记日期
    C1   | 兰州 | 投诉 | 42798
    C2   | 兰州 | 投诉 | 2021-03-05
"""


def test_the_number_of_a_day_is_asked_in_a_workbook_that_counts_from_1904():
    batches = read(replace(raw_table(source("complaints"), DAYS), counts_from_1904=True))
    assert [row["complaint_id"] for row in accepted(batches)] == ["C2"]
    assert said(batches) == [
        "complaints.xlsx, sheet 2021, cell D2: received_on is '42798'. The workbook counts its days from 1904, so that the number "
        "may be two days: format it as a date."
    ]
