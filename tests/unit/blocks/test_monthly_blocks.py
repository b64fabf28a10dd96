"""The blocks of a monthly course: the sentence, the table with its notes, and where there is no chart."""

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import new_entities
from city_briefs.metrics.consumer_rights import complaints_received, settlement_rate
from city_briefs.metrics.population import population
from city_briefs.metrics.supervision import problem_found_rate
from tests.helpers.months import YEARS, returned

RANGE = "正常波动范围由各期以前24个月算出"
JOINED = "1月、2月受春节影响合为一期"


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def kinds(shown):
    return [block["kind"] for block in shown]


def test_a_flow_has_a_sentence_a_chart_and_a_table_of_its_months(world, shown):
    blocks.monthly(returned(world, complaints_received=[*YEARS, 100, 100, 97, 150]), complaints_received)
    prose, chart, table = shown
    assert prose["paragraphs"] == ["2021年1—4月，全市12315平台接收群众诉求：4月高于近两年正常波动范围。"]
    assert chart["notes"] == [f"{RANGE}，剔除季节因素", f"{JOINED}，图中为两个月的平均数"]
    assert table["caption"] == "兰州市12315平台接收群众诉求逐月情况（2021年1—4月）"
    assert table["header"] == ["月份", "2021年", "2020年同月", "平常水平", "正常波动范围", "判断"]
    assert table["rows"] == [
        ["1月", "100", "60", "", "", ""],
        ["2月", "100", "140", "", "", ""],
        ["1—2月合计", "200", "200", "200", "183—217", "范围之内"],
        ["3月", "97", "100", "99", "90—107", "范围之内"],
        ["4月", "150", "104", "103", "94—111", "高于范围"],
    ]
    assert (table["totals"], table["notes"]) == ([2], [f"{RANGE}，剔除季节因素", JOINED])


def test_the_table_says_what_is_called_in_a_row(world, shown):
    months = [104, 104, 103, 104, 104, 104, 204, 103, 104, 97]
    blocks.monthly(returned(world, complaints_received=[*YEARS, *months]), complaints_received)
    table = shown[-1]
    assert [row[0] for row in table["rows"] if row[-1] == "连续偏高"] == ["9月"]
    assert table["notes"] == [f"{RANGE}，剔除季节因素", "连续8期以上高于（低于）平常水平的，为连续偏高（偏低）", JOINED]


def test_the_table_tells_zero_from_what_was_not_reported_and_what_was_rejected(world, shown):
    months = [*YEARS[:27], None, *YEARS[28:], 100, 100, 0, 97, None, None]
    blocks.monthly(returned(world, complaints_received=months, rejected=["2021-06"]), complaints_received)
    table = shown[-1]
    assert [row[:3] for row in table["rows"][-4:]] == [
        ["3月", "0", "100"], ["4月", "97", "数据不全"], ["5月", "数据不全", "96"], ["6月", "数据未通过核验", "102"],
    ]  # fmt: skip
    assert table["notes"] == [
        JOINED, "4月：上年同月数据不全（2020年4月未报送）", "5月：本期数据不全（2021年5月未报送）",
        "6月：本期数据未通过核验（2021年6月）",
    ]  # fmt: skip
    assert shown[0]["paragraphs"] == ["2021年1—6月，全市12315平台接收群众诉求：历史月份不足，不作异动判断。"]


def test_months_after_a_gap_say_why_they_are_not_judged(world, shown):
    blocks.monthly(returned(world, complaints_received=[*YEARS, 100, 100, None, 97]), complaints_received)
    assert shown[-1]["notes"][-2:] == [
        "3月：本期数据不全（2021年3月未报送）", "4月不作判断：本期数据不全（2021年3月未报送）",
    ]  # fmt: skip


def test_a_percentage_of_few_cases_has_no_chart(world, shown):
    blocks.monthly(returned(world, problems_found=[2, 3, 2] * 13, inspections_judged=[9] * 39), problem_found_rate)
    assert kinds(shown) == ["prose", "table"]
    assert shown[-1]["notes"][-1] == "有的月份分母不足30，百分率受个别几件影响大，不作图示"


def test_one_month_has_no_chart(world, shown):
    blocks.monthly(returned(world, complaints_received=[*YEARS, 100]), complaints_received)
    assert kinds(shown) == ["prose", "table"]
    assert shown[0]["paragraphs"] == ["2021年1月，全市12315平台接收群众诉求：1月、2月合为一期，2月末起判断。"]


def test_what_has_no_months_and_what_nobody_reports_have_a_sentence_alone(world, shown):
    scope = returned(world, complaints_received=[*YEARS, 100, 100])
    blocks.monthly(scope, population)
    blocks.monthly(scope, new_entities)
    assert [block["paragraphs"] for block in shown] == [
        ["常住人口不是按月累计的数量或比率，不作异动判断。"], ["新设立市场主体本期未报送。"],
    ]  # fmt: skip


def test_a_rate_whose_outcomes_come_later_says_how_its_months_are_read(demo_results, shown):
    blocks.monthly(Scope.of(demo_results, demo_results.regions.find("兰州"), Period(2022)), settlement_rate)
    table = shown[-1]
    assert table["header"] == ["月份", "2022年", "2021年同月"]
    assert table["notes"][1:3] == [
        "上年同期按上年同一天已知的结果计算", "越近的月份已知结果的时间越短，只与上年同月比较，不与前后月份比较",
    ]  # fmt: skip
    assert table["notes"][3].startswith("12月：尚未办结的占")
