"""Strong and weak spots by the written rule, on fourteen cities with their pass rates."""

import pytest

from city_briefs.analysis.assessments.strengths import REMARKABLE, spots
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_per_10k_entities
from city_briefs.metrics.special_equipment import late_arrival_share
from city_briefs.model.tables import RETURNS
from tests.conftest import covered

YEAR = 2021


def rated(world, rates, base=1000, metric="food_pass_rate"):
    """Gansu's cities with so many of `base` passed, as returned in December; `base` of the first city may differ."""
    from city_briefs.common.regions import read
    from tests.helpers import REFERENCE

    cities = [city.code for city in read(REFERENCE / "regions.csv").cities]
    bases = [base] + [1000] * (len(cities) - 1)
    returned = [
        {"region": city, "month": f"{YEAR}-{month:02}", "indicator": metric, "span": "month",
         "numerator": str(rate * of // 1000 if month == 12 else 0), "denominator": str(of if month == 12 else 0)}
        for city, rate, of in zip(cities, rates, bases, strict=True)
        for month in range(1, 13)
    ]  # fmt: skip
    return world.snapshot(coverage=covered(RETURNS, cities, [YEAR]), returns=returned)


def found(snapshot, metric=food_pass_rate, city="620100"):
    return spots(Scope.of(Results(snapshot, [metric]), snapshot.regions.find(city), Period(YEAR)), [metric])


USUAL = [950, 952, 954, 956, 958, 960, 962, 964, 966, 968, 970, 972, 974]  # of the other thirteen; about 6 per mille apart


@pytest.mark.parametrize(("own", "strong", "weak"), [(990, 1, 0), (962, 0, 0), (930, 0, 1)])
def test_a_city_stands_out_by_its_distance_from_the_median(world, own, strong, weak):
    first, last = found(rated(world, [own, *USUAL]))
    assert (len(first), len(last)) == (strong, weak)


def test_the_distance_is_in_deviations_and_shrunk_by_the_base(world):
    [[large], _] = found(rated(world, [990, *USUAL]))
    [[small], _] = found(rated(world, [990, *USUAL], base=100))
    assert float(large.distance) * 1030 / 1000 == pytest.approx(float(small.distance) * 130 / 100)
    assert small.distance < large.distance


def test_a_small_base_is_not_remarkable(world):
    assert found(rated(world, [1000, *USUAL], base=29)) == ([], [])


def test_where_low_is_better_a_high_rate_is_a_weak_spot(world):
    strong, [weak] = found(rated(world, [990, *USUAL], metric="late_arrival_share"), late_arrival_share)
    assert not strong
    assert weak.distance <= -REMARKABLE


def test_a_neutral_metric_is_neither(world):
    assert found(rated(world, [990, *USUAL], metric="cases_per_10k_entities"), cases_per_10k_entities) == ([], [])


def test_a_rate_of_which_a_city_is_not_known_is_left_out(world):
    snapshot = rated(world, [990, *USUAL])
    assert spots(
        Scope.of(Results(snapshot, [food_pass_rate]), snapshot.regions.find("620100"), Period(YEAR, 11)), [food_pass_rate]
    ) == (
        [],
        [],
    )
