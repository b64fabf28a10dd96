"""Month signals: what is outside of its usual range, what is usual, and what is not judged."""

import pytest

from city_briefs.analysis.assessments.month_signals import month_signal
from city_briefs.metrics.consumer_rights import complaints_received, settlement_rate
from city_briefs.metrics.prices import average_markup
from city_briefs.metrics.safety import hazards_open
from city_briefs.metrics.supervision import problem_found_rate
from tests.helpers.months import YEARS, limits_by_hand, returned


@pytest.fixture
def signal(world):
    """The signal of the last month of rows of indicators, each with a number for each month from January of `first` on."""
    return lambda metric, **given: month_signal(returned(world, **given), metric)


@pytest.fixture
def received(signal):
    """The signal of complaints received, after three full years, in the months of 2021."""
    return lambda *months, before=YEARS, first=2018: signal(
        complaints_received, first=first, complaints_received=[*before, *months]
    )


@pytest.fixture
def found(signal):
    """The signal of inspections that found problems, by so many of so many in each month from January 2019 on."""
    return lambda problems, judged: signal(problem_found_rate, first=2019, problems_found=problems, inspections_judged=judged)


def test_a_month_above_its_usual_range_is_a_signal(received):
    months = [100, 100, 100, 99, 101, 150]
    found = received(*months)
    assert [round(limit, 6) for limit in (found.usual.mean, found.usual.low, found.usual.high)] == limits_by_hand(
        [*YEARS, *months], 6
    )
    assert found.text == "6月12315平台接收群众诉求150件，超出近两年正常波动范围（93—109件）"
    assert (found.kind, found.months, found.refused) == ("outside", ("2021-06",), None)


def test_a_month_below_its_usual_range_is_a_signal(received):
    assert received(100, 100, 100, 99, 101, 60).text == "6月12315平台接收群众诉求60件，超出近两年正常波动范围（93—109件）"


def test_a_month_within_its_usual_range_is_none(received):
    found = received(100, 100, 100, 99, 101, 105)
    assert (found.is_signal, found.text, found.value) == (False, "", 105)


def test_what_comes_every_july_is_usual_in_july_alone(received):
    quiet = [100, 100, 100, 99, 101, 102]
    assert not received(*quiet, 203).is_signal
    assert received(*quiet[:-1], 203).is_signal
    assert received(*quiet, 100).is_signal


def test_eight_months_above_the_mean_are_a_signal(received):
    found = received(62, 146, 104, 107, 104, 105, 208, 104, 104)  # January and February are one
    assert found.kind == "run"
    assert found.text == ("9月12315平台接收群众诉求104件，剔除季节因素后，近8个月（1月、2月合为一个月）均高于近两年平均水平")


def test_january_waits_for_february_and_both_are_one(received):
    assert received(100).refused == "1月、2月合为一期，2月末起判断"
    assert not received(40, 160).is_signal
    found = received(40, 260)
    assert (found.months, found.value) == (("2021-01", "2021-02"), 300)
    assert found.text == "1—2月12315平台接收群众诉求300件，超出近两年正常波动范围（183—217件）"


def test_fewer_than_three_full_years_are_no_history(received):
    assert received(100, 100, 100, before=YEARS[12:], first=2019).refused == "历史月份不足，不作异动判断"
    assert received(100, 100, 100, before=[None, *YEARS[1:]]).refused == "历史月份不足，不作异动判断"


def test_a_month_that_was_not_reported_refuses_the_signal(received):
    assert received(100, None, 100).refused == "本期数据不全（2021年2月未报送）"


def test_few_cases_are_not_judged(received):
    assert received(1, 1, 9, before=[1] * 36).refused == "近两年基数过小（24），不作异动判断"
    assert received(1, 1, 9, before=[2, 1] * 18).refused is None
    assert received(30, 30, 30, before=[0, 0, 0, *[30] * 9] * 3).refused == "有的月份历年均为零，不作异动判断"


def test_a_share_outside_of_its_usual_range_is_a_signal(found):
    problems, judged = [20, 22, 18, 21, 19, 20] * 4, [200] * 24
    assert not found([*problems, 26], [*judged, 200]).is_signal
    outside = found([*problems, 40], [*judged, 200])
    assert outside.text == "1月检查问题发现率20.0%，超出近两年正常波动范围（3.7%—16.3%）"  # 10 % ± 3√(0.1·0.9/200)


def test_months_with_few_cases_are_joined_by_threes(found):
    problems, judged = [2, 3, 2] * 9, [20] * 27
    joined = found([*problems[:-3], 9, 9, 9], judged)
    assert joined.months == ("2021-01", "2021-02", "2021-03")
    assert joined.text == "1—3月检查问题发现率45.0%，超出近两年正常波动范围（0.0%—24.0%）"
    assert found([*problems[:-3], 2, 2, 2], judged).is_signal is False
    assert found([0, 0, 0] * 9, judged).refused == "各月数量过少，不作异动判断"


def test_a_share_needs_the_24_months_before(found):
    assert found([20] * 24, [200] * 24).refused == "历史月份不足，不作异动判断"
    assert found([20] * 25, [200] * 25).refused is None


@pytest.mark.parametrize(
    ("metric", "refused"),
    [
        (hazards_open, "不是按月累计的数量或比率，不作异动判断"),
        (settlement_rate, "近月多数尚未办结，不作异动判断"),
        (average_markup, "金额类比率不作检验"),
    ],
)
def test_what_has_no_months_of_its_own_is_not_judged(signal, metric, refused):
    assert signal(metric, complaints_received=YEARS).refused == refused
