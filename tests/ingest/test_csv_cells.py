"""Cells of CSV as a person reads them: over several lines, as ="…" of an export; and a quote that is never closed loses no row."""

import pytest

from city_briefs.common.errors import DataError
from tests.ingest.corpus import UNCLOSED
from tests.ingest.test_reading import csv, raw_table, rows

MEASURES = """\
隐患编号,地区,措施,整改期限
H1,兰州,"1. 停业，整改
2. 清洗,消毒,复查,公示",2021-04-05
H2,天水,"店内悬挂""禁止吸烟""
标识",2021-04-06
"""


def test_a_cell_of_several_lines_with_delimiters_is_one(tmp_path):
    assert rows(raw_table(csv(tmp_path, MEASURES))) == [
        ("隐患编号", "地区", "措施", "整改期限"),
        ("H1", "兰州", "1. 停业，整改\n2. 清洗,消毒,复查,公示", "2021-04-05"),
        ("H2", "天水", '店内悬挂"禁止吸烟"\n标识', "2021-04-06"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        'H1,兰州,"停业,2021-04-05\nH2,天水,"整改",2021-04-06\n',  # closed by the quote of the next row
        'H1,兰州,"停业,2021-04-05\nH2,天水,整改,2021-04-06\nH3,天水,"整改",2021-04-06\n',
        'H1,兰州,"停业,2021-04-05\nH2,天水,整改,2021-04-06\nH3,天水,整改",2021-04-06\n',
        'H1,兰州,停业,"2021-04-05\nH2,天水,整改,2021-04-06\nH3,天水,整改,2021-04-06\n',  # never closed
    ],
)
def test_a_quote_that_is_not_closed_is_refused(tmp_path, lines):
    with pytest.raises(DataError) as refusal:
        rows(raw_table(csv(tmp_path, "隐患编号,地区,措施,整改期限\n" + lines)))
    assert str(refusal.value) == f"entities.csv, row 2: {UNCLOSED}"


@pytest.mark.parametrize("cell", ['="00123"', '="00123"\t', '"=""00123"""'])
def test_text_that_an_export_keeps_as_text_is_unwrapped(tmp_path, cell):
    assert rows(raw_table(csv(tmp_path, f"编号,地区\n{cell},兰州\n"))) == [("编号", "地区"), ("00123", "兰州")]


def test_what_only_looks_like_an_export_stays(tmp_path):
    assert rows(raw_table(csv(tmp_path, '编号,地区\n="1"&"2",=A1\n')))[1] == ('="1"&"2"', "=A1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_foot_is_the_last_rows_with_cells(tmp_path, encoding):
    lines = "".join(f"E{number},兰州\n" for number in range(20_000))
    read = raw_table(csv(tmp_path, f"编号,地区\n{lines}\n注：金额单位为万元\n", encoding=encoding))
    assert (len(read.foot), read.foot[0], read.foot[-1]) == (30, ("E19971", "兰州"), ("注：金额单位为万元", None))


def test_the_foot_of_a_short_table_is_the_table(tmp_path):
    read = raw_table(csv(tmp_path, "编号,地区\nE1,兰州\n"))
    assert read.foot == read.head


def test_cells_that_a_chinese_comma_divides_are_refused(tmp_path, monkeypatch):
    path = csv(tmp_path, "编号，地区，类别\nE1，兰州，企业\n")
    with pytest.raises(DataError) as refusal:
        raw_table(path)
    assert str(refusal.value) == (
        "entities.csv: the cells are divided by ，, which may also stand in a text. Save it again, as CSV UTF-8."
    )
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(DataError) as refusal:
        raw_table(path)
    assert str(refusal.value) == (
        "entities.csv用中文标点“，”分隔各栏，无法与文字中的标点区分。请用WPS或Excel另存为“CSV UTF-8”，再重新报送。"
    )
