"""Funnels: the limits of the method, who is outside of them, and why there is none."""

from dataclasses import replace

import pytest

from city_briefs.analysis.assessments.funnels import INNER, OUTER, Funnel, funnel
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.special_equipment import overdue_share, persons_per_rescue
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered

FOOD = Funnel(food_pass_rate, 24022 / 24662 * 100, 1.0, True, ())  # the food spot checks of the method


def test_the_limits_are_those_of_the_method():
    assert [round(FOOD.limits(420, z)[0], 2) for z in (INNER, OUTER)] == [95.88, 95.01]


@pytest.mark.parametrize(("dispersion", "low"), [(1.0, 95.88), (4.0, 94.36)])
def test_the_usual_spread_makes_the_limits_wider(dispersion, low):
    assert round(replace(FOOD, dispersion=dispersion).limits(420, INNER)[0], 2) == low


def test_a_limit_is_never_beyond_what_a_rate_can_be():
    assert FOOD.limits(30, OUTER)[1] == 100.0
    assert replace(FOOD, pooled=1.0).limits(30, OUTER)[0] == 0.0


def test_whoever_is_outside_lies_beyond_the_limits_as_drawn(demo_results):
    scope = Scope.of(demo_results, demo_results.regions.find("兰州"), Period(2022))
    made = funnel(scope, overdue_share)
    assert len(made.points) + len(made.left_out) == 14
    for point in made.outside:
        low, high = made.limits(point.base, OUTER)
        assert not low <= float(point.figure.number) <= high


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        (cases_total, "查处各类经济违法案件不分优劣，不作漏斗图"),
        (persons_per_rescue, "平均每件困人解救人数不分优劣，不作漏斗图"),
        (food_pass_rate, "食品监督抽检合格率本期未报送，不作漏斗图"),
    ],
)
def test_why_there_is_no_funnel_is_said(world, metric, reason):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9100"], [2021]))
    results = Results(snapshot, [metric])
    with pytest.raises(Refusal) as refused:
        funnel(Scope.of(results, snapshot.regions.find("Ashford"), Period(2021)), metric)
    assert str(refused.value) == reason
