"""The monthly course: each month judged as the last one is, since when a metric has changed, and what has no months."""

import pytest

from city_briefs.analysis.assessments.month_signals import month_signal
from city_briefs.analysis.assessments.monthly_course import lines
from city_briefs.analysis.assessments.monthly_values import course
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import entity_stock
from city_briefs.metrics.consumer_rights import complaints_received, median_days_to_close, settlement_rate
from city_briefs.metrics.population import population
from city_briefs.metrics.prices import average_markup
from city_briefs.metrics.supervision import double_random_coverage, problem_found_rate
from tests.helpers.months import EVEN, YEARS, limits_by_hand, returned

QUIET = [100, 100, 97, 104, 97, 104, 194, 104, 97, 104, 97, 104]  # as usual, July too
NO_MONTHS = "不是按月累计的数量或比率，不作异动判断"


@pytest.fixture
def received(world):
    """The course of complaints received in the months of 2021, after three full years."""
    return lambda *months, **more: course(returned(world, complaints_received=[*YEARS, *months], **more), complaints_received)


@pytest.fixture
def found(world):
    """The course of inspections that found problems, by so many of so many in each month from January 2018 on."""
    return lambda problems, judged: course(
        returned(world, problems_found=problems, inspections_judged=judged), problem_found_rate
    )


def kinds(of):
    return {point.label: point.signal.kind for point in of.points if point.signal.kind}


def test_every_month_has_its_value_that_of_the_year_before_and_the_limits_by_the_formulas(received):
    months = [100, 100, 101, 150, 102, 100]
    shown = received(*months)
    assert [(month.month, month.value.value, month.before.value) for month in shown.months] == [
        (f"2021-{number:02}", now, before) for number, now, before in zip(range(1, 7), months, EVEN, strict=False)
    ]
    for point, through in zip(shown.points, range(2, 7), strict=True):
        usual = point.signal.usual
        assert [round(limit, 6) for limit in (usual.mean, usual.low, usual.high)] == limits_by_hand([*YEARS, *months], through)


def test_each_month_is_judged_as_if_the_period_ended_with_it(received, world):
    months = [100, 100, 101, 150, 102, 60]
    shown = received(*months)
    for through in range(1, 7):
        last = month_signal(returned(world, complaints_received=[*YEARS, *months[:through]]), complaints_received)
        signal = shown.months[through - 1].signal
        assert (signal.months, signal.value, signal.kind, signal.text, signal.refused) == (
            last.months, last.value, last.kind, last.text, last.refused,
        )  # fmt: skip
    assert kinds(shown) == {"4月": "outside", "6月": "outside"}


def test_january_and_february_are_one_point_of_a_flow(received):
    first, *rest = received(40, 260, 100).points
    assert (first.label, first.value, first.before) == ("1—2月", 300, 200)
    assert [point.label for point in rest] == ["3月"]
    alone = received(40)
    assert [(point.label, point.value) for point in alone.points] == [("1月", 40)]
    assert alone.text == "1月、2月合为一期，2月末起判断"


def test_a_january_without_three_years_before_promises_no_verdict(world):
    shown = course(returned(world, complaints_received=[None, *YEARS[1:], 100]), complaints_received)
    assert shown.text == "历史月份不足，不作异动判断"


@pytest.mark.parametrize(
    ("months", "text"),
    [
        pytest.param(QUIET, "各月均在近两年正常波动范围之内", id="nothing"),
        pytest.param([*QUIET[:9], 150], "10月高于近两年正常波动范围", id="a lone outlier at the end"),
        pytest.param([100, 100, 150, *QUIET[3:]], "3月高于近两年正常波动范围", id="a lone outlier before"),
        pytest.param([*QUIET[:7], 60, 61, 62], "自8月起低于近两年正常波动范围", id="outside from a month on"),
        pytest.param([100, 100, 150, *QUIET[3:7], 160, 161], "自8月起高于近两年正常波动范围；3月高于近两年正常波动范围", id="and before"),
        pytest.param(
            [101, 99, 101, 97, 103, 104, 204, 104, 103, 103, 104, 103],
            "剔除季节因素后，5月起连续8个月高于此前两年平均水平", id="eight months",
        ),
        pytest.param(
            [104, 104, 103, 104, 104, 104, 204, 103, 104],
            "剔除季节因素后，1—2月起连续8个月（1月、2月合为一个月）高于此前两年平均水平", id="eight, two of them one",
        ),
        pytest.param(
            [104, 104, 103, 104, 104, 104, 204, 103, 104, 97], "截至9月连续8个月以上（1月、2月合为一个月）高于近两年平均水平", id="eight that went back",
        ),
        pytest.param([100, 100, 150, 160, 100, 50, 204, 100, 100], "3—4月高于近两年正常波动范围；6月低于近两年正常波动范围", id="on both sides"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_unusual_and_since_when(received, months, text):
    assert received(*months).text == text


def test_a_change_may_have_begun_in_the_year_before(world):
    last_year = [*YEARS[24:33], 103, 104, 102]  # from October on
    of = returned(world, complaints_received=[*YEARS[:24], *last_year, 104, 104, 105, 104, 104, 105])
    shown = course(of, complaints_received)
    assert shown.text == "剔除季节因素后，2020年10月起连续8个月（1月、2月合为一个月）高于此前两年平均水平"
    assert {record["changed_since"] for record in shown.records()} == {"2020-10"}


def test_a_month_of_zero_one_not_reported_and_one_rejected_are_three_things(received):
    zero, absent, rejected = received(100, 100, 0), received(100, 100, None), received(100, 100, None, rejected=["2021-03"])
    assert [of.months[-1].value.text for of in (zero, absent, rejected)] == ["0件", "本期数据不全", "本期数据未通过核验"]
    assert zero.text == "3月低于近两年正常波动范围"
    assert absent.months[-1].value.refused == "本期数据不全（2021年3月未报送）"
    assert rejected.months[-1].value.refused == "本期数据未通过核验（2021年3月）"
    assert absent.text == rejected.text == "3月不作判断，其余各月均在近两年正常波动范围之内"


def test_a_month_after_a_gap_has_its_value_and_the_reason_why_it_is_not_judged(received):
    shown = received(100, 100, None, 99)
    assert shown.text == "3—4月不作判断，其余各月均在近两年正常波动范围之内"
    assert [month.value.value for month in shown.months] == [100, 100, None, 99]
    assert [month.signal.refused for month in shown.months] == [
        "1月、2月合为一期，2月末起判断", None, "本期数据不全（2021年3月未报送）", "本期数据不全（2021年3月未报送）",
    ]  # fmt: skip


def test_a_month_of_the_year_before_that_is_not_known_is_said_to_be(world):
    of = returned(world, complaints_received=[*YEARS[:27], None, *YEARS[28:], 100, 100, 100, 100], rejected=["2020-04"])
    assert [month.before.refused for month in course(of, complaints_received).months] == [
        None, None, None, "上年同月数据未通过核验（2020年4月）",
    ]  # fmt: skip


def test_a_percentage_is_judged_month_by_month_and_has_no_season(found):
    problems, judged = [20, 22, 18, 21, 19, 20] * 6, [200] * 36
    shown = found([*problems, 20, 40, 21], [*judged, 200, 200, 200])
    assert [point.label for point in shown.points] == ["1月", "2月", "3月"]
    assert (shown.text, shown.months[1].value.value) == ("2月高于近两年正常波动范围", 20)
    changed = found([*problems, 20, 22, 40, 41], [*judged, *[200] * 4])
    assert changed.text == "自3月起高于近两年正常波动范围"
    eight = found([*problems, 20, 22, 18, 21, *[25] * 8], [*judged, *[200] * 12])
    assert eight.text == "5月起连续8个月高于此前两年平均水平"


def test_months_with_few_cases_are_joined_by_threes_counted_back_from_the_last(found):
    shown = found([*[2, 3, 2] * 12, 2, 2, 9, 9, 9], [20] * 41)
    assert [point.label for point in shown.points] == ["3—5月"]
    assert (shown.points[0].value, shown.points[0].signal.value) == (45, 45)
    assert [float(month.value.value) for month in shown.months] == [10, 10, 45, 45, 45]


def test_months_are_joined_as_the_last_is_also_where_earlier_ones_have_few_cases(found):
    judged = [20] * 13 + [200] * 26  # enough from February 2019 on
    shown = found([number // 10 for number in judged], judged)
    assert [(point.label, point.signal.months, point.signal.refused) for point in shown.points] == [
        ("1月", ("2021-01",), "各月数量过少，不作异动判断"), ("2月", ("2021-02",), None), ("3月", ("2021-03",), None),
    ]  # fmt: skip
    assert shown.text == "1月不作判断，其余各月均在近两年正常波动范围之内"


def test_where_the_last_month_is_not_reported_months_are_joined_as_the_last_that_is_judged(found):
    shown = found([*[2, 3, 2] * 14, None], [*[20] * 42, None])
    assert [(point.label, point.value is None) for point in shown.points] == [("2—4月", False), ("5—7月", True)]


def test_a_stock_has_its_months_and_is_not_judged(demo_results):
    shown = course(Scope.of(demo_results, demo_results.regions.find("兰州"), Period(2021, 3)), entity_stock)
    assert shown.text == NO_MONTHS
    assert [(point.label, point.value is None, point.signal.usual) for point in shown.points] == [
        ("1月", False, None), ("2月", False, None), ("3月", False, None),
    ]  # fmt: skip


@pytest.mark.parametrize("metric", [population, CATALOGUE.find("markup_ceiling")], ids=lambda metric: metric.id)
def test_what_has_no_number_of_a_month_is_refused(world, metric):
    shown = course(returned(world, complaints_received=[*YEARS, 100, 100]), metric)
    assert (shown.refused, shown.text, shown.points, list(lines(shown))) == (NO_MONTHS, NO_MONTHS, (), [])
    assert [(record["month"], record["value"], record["refused"]) for record in shown.records()] == [
        ("2021-01", None, NO_MONTHS), ("2021-02", None, NO_MONTHS),
    ]  # fmt: skip


@pytest.mark.parametrize("metric", [median_days_to_close, double_random_coverage], ids=lambda metric: metric.id)
def test_what_is_not_additive_is_that_of_the_month_alone_and_not_judged(demo_results, metric):
    scope = Scope.of(demo_results, demo_results.regions.find("兰州"), Period(2021, 3))
    shown = course(scope, metric)
    assert [month.value.value for month in shown.months] == [
        look(scope.over(Period(2021, through, "month")), metric, "value").value for through in (1, 2, 3)
    ]
    assert shown.text == NO_MONTHS


@pytest.mark.parametrize(
    ("metric", "text"),
    [(settlement_rate, "近月多数尚未办结，不作异动判断"), (average_markup, "金额类比率不作检验")],
    ids=["settlement_rate", "average_markup"],
)
def test_what_is_not_judged_says_why(world, metric, text):
    assert course(returned(world, complaints_received=[*YEARS, 100, 100]), metric).text == text


def test_fewer_than_three_full_years_have_months_without_judgement(world):
    shown = course(returned(world, first=2019, complaints_received=[*YEARS[12:], 100, 100, 100]), complaints_received)
    assert shown.text == "历史月份不足，不作异动判断"
    assert [month.value.value for month in shown.months] == [100, 100, 100]


def test_the_months_as_json_have_just_the_keys_of_the_contract(received):
    january, february, march = received(40, 260, 101).records()
    assert (january["month"], january["value"], january["before"]) == (
        "2021-01",
        40,
        {"value": 60, "text": "60件", "refused": None},
    )
    assert january["judged"] == {
        "months": ["2021-01"], "value": None, "usual": None, "low": None, "high": None, "signal": "",
        "refused": "1月、2月合为一期，2月末起判断",
    }  # fmt: skip
    judged = february["judged"]
    assert (judged["months"], judged["value"], judged["signal"], judged["refused"]) == (
        ["2021-01", "2021-02"],
        300,
        "outside",
        None,
    )
    assert [judged["usual"], judged["low"], judged["high"]] == pytest.approx(limits_by_hand([*YEARS, 40, 260, 101], 2), abs=1e-6)
    assert march["changed_since"] is None


def test_the_months_in_words(received):
    assert list(lines(received(40, 260, 101))) == [
        "1月：40件；上年同月60件",
        "2月：260件；上年同月140件；1—2月300件，正常波动范围183—217件，超出范围",
        "3月：101件；上年同月100件；正常波动范围86—115件",
    ]
