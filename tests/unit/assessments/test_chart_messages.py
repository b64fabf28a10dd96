"""Messages of charts: at most 20 characters, and only what verdicts, intervals and lights show."""

from collections import Counter
from dataclasses import replace
from statistics import median

import pytest

from city_briefs.analysis.assessments import chart_messages
from city_briefs.analysis.assessments.chart_messages import MOST
from city_briefs.analysis.assessments.funnels import funnel
from city_briefs.analysis.assessments.monthly_values import course
from city_briefs.analysis.assessments.open_hazards import AgeClass, by_age
from city_briefs.analysis.assessments.rate_positions import RatePosition, positions
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics import SMALL
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.safety import hazards_open, hazards_overdue
from tests.helpers.charted import figure
from tests.helpers.lands import land

RATES = [metric for metric in CATALOGUE.values() if metric.form == "ratio"]
CITY = land(3, "chinese").cities[0]


def position(side, metric=food_pass_rate, *, missed=False):
    """A rate on a side of the median."""
    return RatePosition(figure(97, CITY, metric=metric), (), None, side, standing=MISSED if missed else None)


class Missed:
    """A target that is not reached, of which nothing else is asked."""

    light = "滞后"


MISSED = Missed()


@pytest.mark.parametrize(
    ("sides", "missed", "title"),
    [
        (["better"], 0, "食品监督抽检合格率好于中位数"),
        (["worse"], 1, "食品监督抽检合格率差于中位数，1项未达标"),
        (["alike"], 0, "食品监督抽检合格率与中位数分不出高低"),
        (["untested"], 0, "1项比率均不作比较"),
        (["alike", "alike"], 0, "2项比率与中位数均分不出高低"),
        (["alike", "untested"], 0, "1项比率与中位数均分不出高低"),
        (["worse", "alike", "alike"], 0, "食品监督抽检合格率差于中位数"),
        (["better", "better", "worse", "alike"], 0, "4项比率中2项好于、1项差于中位数"),
        (["better", "worse", "above", "below"], 0, "4项比率与中位数有差别"),
    ],
)
def test_the_title_of_rates_counts_the_sides(sides, missed, title):
    given = [position(side, missed=place < missed) for place, side in enumerate(sides)]
    assert chart_messages.of_rates(given) == title


@pytest.mark.parametrize(
    ("numbers", "title"),
    [
        ([(5, 0, False), (2, 0, True)], "未销号隐患7项，均未逾期"),
        ([(127, 2, False), (54, 9, False), (34, 34, True)], "逾期45项，34项已超过90天"),
        ([(127, 2, False), (4, 0, True)], "未销号131项，逾期2项"),
    ],
)
def test_the_title_of_ages_counts_what_is_overdue(numbers, title):
    assert chart_messages.of_hazards([AgeClass("", *each) for each in numbers]) == title


@pytest.mark.parametrize(
    ("titles", "title"),
    [(["一" * 20, "二"], "一" * 20), (["一" * 21, "二"], "二"), (["一" * 21, "二" * 22, "三"], "三")],
)
def test_the_first_title_that_fits_is_taken(titles, title):
    assert chart_messages.fitting(*titles) == title


@pytest.fixture(params=["兰州", "嘉峪关", "甘南"])
def scope(request, demo_results):
    return Scope.of(demo_results, demo_results.regions.find(request.param), Period(2022))


def test_every_message_of_the_demo_fits(scope):
    given = positions(scope, RATES)
    titles = [chart_messages.of_rates(given), *(chart_messages.of_rates([each]) for each in given)]
    titles += [chart_messages.of_ranking(scope, metric, view) for metric in CATALOGUE.values() for view in ("value", "yoy")]
    courses = [course(scope, metric) for metric in CATALOGUE.values()]
    titles += [*map(chart_messages.of_course, courses), chart_messages.of_courses(courses)]
    titles += [chart_messages.of_targets(standings(scope)), chart_messages.of_hazards(by_age(scope))]
    for metric in RATES:
        try:
            titles.append(chart_messages.of_funnel(funnel(scope, metric), scope.region))
        except Refusal:
            continue
    assert {title for title in titles if len(title) > MOST} == set()
    assert len(titles) > 100


def test_a_side_is_told_only_where_the_interval_leaves_out_the_median_of_the_others(scope):
    counted = Counter()
    for each in positions(scope, RATES):
        counted[each.side] += 1
        if each.side in ("untested", "alike"):
            continue
        others = [look(scope.at(city), each.metric, "value") for city in scope.peers if city != scope.region]
        middle = median(one.number for one in others if one.value is not None and one.denominator >= SMALL)
        limits = each.own.interval
        assert not limits.low <= middle <= limits.high
        is_high = each.own.number > middle
        expected = {"higher": ("worse", "better"), "lower": ("better", "worse"), "neutral": ("below", "above")}[
            each.metric.better
        ]
        assert each.side == expected[is_high]
    assert counted["alike"] and counted["better"] + counted["worse"]


def test_ages_add_up_to_the_open_hazards(scope):
    classes = by_age(scope)
    total, late = (look(scope, metric, "value").number for metric in (hazards_open, hazards_overdue))
    assert (sum(each.number for each in classes), sum(each.overdue for each in classes)) == (total, late)


def test_a_rate_of_few_cases_is_not_compared(scope):
    for each in positions(scope, RATES):
        if each.own.denominator is not None and each.own.denominator < SMALL:
            assert (each.side, each.reason, each.median) == ("untested", "分母不足30", None)


def test_a_metric_that_is_no_rate_says_so(scope):
    [given] = positions(scope, [hazards_open])
    assert (given.side, given.reason) == ("untested", "不是比率")
    assert replace(given, reason="").others == ()
