"""Zero, missing and rejected are three things: what a delivery leaves in a snapshot, and what is said of it."""

import json
from datetime import date

import pyarrow.parquet as pq
import pytest

from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.ingest.pipeline import ingest
from city_briefs.analysis.snapshot import load
from city_briefs.metrics.consumer_rights import complaints_received, losses_recovered
from tests.conftest import figure
from tests.ingest.sent import text

LANZHOU, JINCHANG = "620100", "620300"
HEADING = "编号 地区 类别 登记日期"
GOOD = """
    L1 兰州 投诉 2021-01-05
    L2 兰州 投诉 2021-02-05
    L3 兰州 投诉 2021-03-05
"""


class Delivery:
    """Files of complaints that were ingested: the report, the snapshot, and what each of its tables says."""

    def __init__(self, folder, files, declared="", **options):
        for name, (heading, rows) in files.items():
            text(folder / f"sent/complaints_{name}.csv", [heading.split(), *map(str.split, rows.strip().splitlines())])
        if declared:
            (folder / "sent/sources.toml").write_text(declared, "utf-8")
        options = {"strict": False, "day": date(2021, 12, 31), **options}
        self.report = ingest([str(folder / "sent")], folder / "snapshot", **options)
        self.folder = self.report.folder

    def rows(self, table):
        file = self.folder / f"{table}.parquet"
        return [tuple(row.values()) for row in pq.read_table(file).to_pylist()] if file.exists() else []

    @property
    def covered(self):
        months = {}
        for _, region, month in self.rows("coverage"):
            months.setdefault(region, []).append(int(month[5:]))
        return months

    def says(self, region, metric=complaints_received, through=3):
        asked = figure(load(self.folder), metric, region, 2021, through=through)
        return asked.refused or asked.text

    def open_rows(self, metric):
        return [told for told in doubts(metric, Results(load(self.folder), [metric])) if "待核" in told]


@pytest.fixture
def delivered(tmp_path):
    def deliver(rows=GOOD, *, heading=HEADING, others=(), **options):
        return Delivery(tmp_path, {"兰州": (heading, rows), **dict(others)}, **options)

    return deliver


def jinchang(*rows, heading=HEADING):
    """A second file, of 金昌."""
    return {"金昌": (heading, "\n".join(rows))}.items()


ALL_REJECTED = jinchang("J1 金昌 头诉 2021-01-05", "J2 金昌 头诉 2021-02-05", "J3 金昌 头诉 2021-03-05")
SOME_REJECTED = jinchang(
    "J1 金昌 投诉 2021-01-05", "J2 金昌 头诉 2021-01-06", "J3 金昌 投诉 2021-02-05", "J4 金昌 投诉 2021-03-05"
)
DECLARED = '[[source]]\nfile = "complaints_金昌.csv"\nperiod = "2021-01/2021-03"\nreporting = ["金昌"]\n'


def test_of_a_region_whose_rows_were_all_rejected_nothing_is_covered_and_no_zero_is_said(delivered):
    one = delivered(others=ALL_REJECTED)
    assert one.covered == {LANZHOU: [1, 2, 3]}
    assert one.rows("rejected") == [("complaints", JINCHANG, f"2021-0{month}", None, 1) for month in (1, 2, 3)]
    assert one.says("兰州") == "3件"
    assert one.says("金昌") == "本期数据未通过核验（2021年1—3月）"


def test_a_declared_period_makes_no_zero_of_rejected_rows_with_or_without_accept(delivered):
    for accept in (False, True):
        one = delivered(others=ALL_REJECTED, declared=DECLARED, accept=accept)
        assert JINCHANG not in one.covered


def test_a_month_is_not_covered_when_some_of_its_rows_were_rejected(delivered):
    one = delivered(others=SOME_REJECTED)
    assert one.covered == {LANZHOU: [1, 2, 3], JINCHANG: [2, 3]}
    assert one.says("金昌") == "本期数据未通过核验（2021年1月）"
    assert one.report.outcome.partition(" Not covered")[2] == (
        ", so that briefs give no figure: complaints 金昌市 2021-01. "
        "Correct the rejected rows and send them again; or count without them, by --accept."
    )


def test_accepted_it_is_covered_and_the_data_notes_say_how_many_are_open(delivered):
    one = delivered(others=SOME_REJECTED, accept=True)
    assert one.covered == {LANZHOU: [1, 2, 3], JINCHANG: [1, 2, 3]}
    assert one.says("金昌") == "3件"
    assert one.open_rows(complaints_received) == ["12315平台工单：另有1条待核（金昌市2021年1月1条）"]
    assert one.report.outcome.endswith(f"id {one.report.snapshot[:12]}.")


@pytest.mark.parametrize("written", ["2021-02-30", "2021年2月31日", "2021/2/29"])
def test_a_day_that_never_was_is_of_its_month(delivered, written):
    assert delivered(GOOD + f"L4 兰州 投诉 {written}").covered == {LANZHOU: [1, 3]}


@pytest.mark.parametrize("written", ["去年底", "2021.1", "2031-02-05", "-"])
def test_a_row_whose_month_cannot_be_read_counts_against_the_months_without_an_accepted_row(delivered, written):
    others = jinchang("J1 金昌 投诉 2021-01-05", "J3 金昌 投诉 2021-03-05", f"J4 金昌 投诉 {written}")
    one = delivered(others=others, declared=DECLARED)
    assert one.covered == {LANZHOU: [1, 2, 3], JINCHANG: [1, 3]}
    assert one.says("金昌") == "本期数据未通过核验（2021年2月）"


def test_a_row_whose_region_cannot_be_read_is_told_and_leaves_what_is_covered(delivered):
    one = delivered(GOOD + "L4 兰洲 投诉 2021-02-07")
    assert (one.covered, one.rows("rejected")) == ({LANZHOU: [1, 2, 3]}, [])
    assert one.report.outcome.endswith(
        f"id {one.report.snapshot[:12]}. Correct the rejected rows and send them again; or count without them, by --accept."
    )


def test_a_row_that_was_sent_twice_is_lost_to_no_count_and_one_that_contradicts_another_is(delivered):
    assert delivered(GOOD + "L3 兰州 投诉 2021-03-05").covered == {LANZHOU: [1, 2, 3]}
    assert delivered(GOOD + "L3 兰州 举报 2021-03-05").covered == {LANZHOU: [1, 2]}


def test_rows_are_those_of_the_source_also_where_its_words_are_mapped_to_those_of_the_table(delivered):
    declared = '[[source]]\nfile = "complaints_兰州.csv"\ncolumns.region = { from = "地区", values = { "分局甲" = "620100" } }\n'
    rows = GOOD.replace("兰州", "分局甲") + "L4 分局甲 头诉 2021-02-07"
    assert delivered(rows, declared=declared).covered == {LANZHOU: [1, 3]}


SUMS = f"{HEADING} 办结日期 挽回损失"
WITH_SUM = "L1 兰州 投诉 2021-01-05 2021-01-09 500"


def test_a_column_that_nobody_sent_is_not_reported_and_no_zero(delivered):
    one = delivered()
    assert ("complaints", "recovered_yuan", None, None) in one.rows("unsent")
    assert one.says("兰州", losses_recovered) == "本期未报送（没有为消费者挽回经济损失的数据）"
    assert one.says("兰州") == "3件"


def test_a_column_that_one_of_two_files_lacks_is_missing_of_its_regions_alone(delivered):
    one = delivered(WITH_SUM, heading=SUMS, others=jinchang("J1 金昌 投诉 2021-01-06"))
    assert ("complaints", "recovered_yuan", JINCHANG, "2021-01") in one.rows("unsent")
    assert one.says("兰州", losses_recovered, through=1) == "500元"
    assert one.says("金昌", losses_recovered, through=1) == "本期数据不全（2021年1月未报送）"
    assert one.says("金昌", through=1) == "1件"


def test_a_column_that_was_sent_and_left_empty_is_a_zero(delivered):
    one = delivered("L1 兰州 投诉 2021-01-05 2021-01-09 0", heading=SUMS)
    assert one.says("兰州", losses_recovered, through=1) == "0元"


EMPTY_MARCH = jinchang(*(f"J{month} 金昌 投诉 2021-0{month}-05" for month in (1, 2, 4)))
FOUR = GOOD + "L4 兰州 投诉 2021-04-05"
TOLD = (
    "complaints: 金昌市 (620300) has no row for 2021-03 (received_on), and rows for every other month. "
    "Send those of that month; if there are none, declare the period in sources.toml."
)


def test_a_region_with_rows_in_every_month_but_one_is_named(delivered):
    [told] = delivered(FOUR, others=EMPTY_MARCH).report.findings
    assert (told.severity, told.text) == ("warning", TOLD)


def test_strict_refuses_it(delivered):
    one = delivered(FOUR, others=EMPTY_MARCH, strict=True)
    assert [(told.severity, told.text) for told in one.report.findings] == [("error", TOLD)]
    assert (one.report.snapshot, json.loads((one.folder / "report.json").read_text("utf-8"))["snapshot"]) == (None, None)


@pytest.mark.parametrize(
    ("rows", "declared"),
    [(EMPTY_MARCH, DECLARED.replace("03", "04")), (jinchang("J1 金昌 投诉 2021-01-05", "J2 金昌 投诉 2021-04-05"), "")],
    ids=["declared to have none", "without rows in several months"],
)
def test_it_is_not_named_when_it_is(delivered, rows, declared):
    assert delivered(FOUR, others=rows, declared=declared).report.findings == ()


def test_in_chinese_it_says_what_has_no_figure_and_both_remedies(delivered, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert delivered(others=SOME_REJECTED).report.outcome.partition("因有")[2] == (
        "未采用的行，下列月份简报不给出数字：12315平台工单金昌市2021年1月。请改正未采用的行后重新导入；或加--accept，不含这些行照计。"
    )
