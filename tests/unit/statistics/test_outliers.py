"""Outliers of many rates tested together: few by chance, most of those that truly lie apart, the same in any order; and rare events."""

import numpy as np
import pytest

from city_briefs.analysis.statistics import outliers
from tests.helpers.size import in_full

CITIES = np.array([120, 180, 240, 300, 400, 500, 600, 800, 1000, 1400, 2000, 2600, 4000, 6000])  # the bases of fourteen cities
RATES = (0.97, 0.9, 0.999, 0.001, 0.0005, 0.0002, 0.65, 0.995, 0.01, 0.003) * 2  # of twenty metrics, common and rare
OFF = 5.5  # standard errors by which a city truly lies apart


def standing_out(parts, bases):
    """The places (rate, city) of those that stand out when all rates are tested together."""
    tested = [
        (number, city, deviation)
        for number, (part, base) in enumerate(zip(parts, bases, strict=True))
        for city, deviation in enumerate(outliers.deviations(part.tolist(), base.tolist())[1])
        if deviation
    ]
    return {tested[place][:2] for place in outliers.rejected([deviation.p for *_, deviation in tested])}


def listed_by_chance(years, seed):
    """The share of city-years of which anything is listed although all true rates are equal."""
    chance = np.random.default_rng(seed)
    listed = 0
    for _ in range(years):
        bases = [chance.permutation(CITIES) for _ in RATES]
        parts = [chance.binomial(base, rate) for base, rate in zip(bases, RATES, strict=True)]
        listed += len({city for _, city in standing_out(parts, bases)})
    return listed / (years * len(CITIES))


def caught(years, seed, city, rate):
    """The share of years in which a city is listed that lies OFF below the others in the first of twenty rates."""
    chance = np.random.default_rng(seed)
    true = np.full((len(RATES), len(CITIES)), rate)
    true[0, city] -= OFF * np.sqrt(rate * (1 - rate) * (1 / CITIES[city] + 1 / (CITIES.sum() - CITIES[city])))
    return sum((0, city) in standing_out(chance.binomial(CITIES, true), [CITIES] * len(RATES)) for _ in range(years)) / years


def test_equal_true_rates_list_few_cities_and_a_city_that_lies_apart_is_listed():
    assert listed_by_chance(20, seed=3) < 0.02
    assert caught(40, seed=4, city=7, rate=0.9) >= 0.8


@in_full
@pytest.mark.parametrize("city", [4, 8, 12])
@pytest.mark.parametrize("rate", [0.65, 0.9, 0.97])
def test_a_city_that_lies_apart_is_listed_in_four_of_five_years(city, rate):
    assert caught(500, seed=city, city=city, rate=rate) >= 0.8


@in_full
def test_equal_true_rates_list_fewer_than_one_in_ten_city_years():
    assert listed_by_chance(1500, seed=5) < 0.01


def test_the_order_of_the_cities_changes_nothing():
    parts, bases = [90, 200, 310, 380, 30, 480], [100, 210, 320, 400, 60, 500]
    order = [3, 5, 0, 4, 1, 2]
    _, deviations = outliers.deviations(parts, bases)
    _, shuffled = outliers.deviations([parts[place] for place in order], [bases[place] for place in order])
    assert [round(deviation.adjusted, 9) for deviation in shuffled] == [round(deviations[place].adjusted, 9) for place in order]


def test_the_only_event_of_a_province_does_not_stand_out():
    _, deviations = outliers.deviations([1, 0, 0, 0, 0, 0], [500] * 6)
    assert round(deviations[0].z, 2) == 1.02  # p = 0.15 at the rate of all; at that of the others, none, it would be impossible


def test_a_tail_of_many_terms_is_that_of_the_few_that_count():
    bases = [60_000] * 5
    _, deviations = outliers.deviations([9, 1, 1, 1, 2], bases)
    _, without = outliers.deviations([base - part for part, base in zip([9, 1, 1, 1, 2], bases, strict=True)], bases)
    assert [round(deviation.z, 6) for deviation in deviations] == [-round(deviation.z, 6) for deviation in without]


def test_q_is_the_p_of_many_tests_together():
    p = [0.041, 0.001, 0.9, 0.008, 0.039, 0.012, 0.5, 0.2, 0.7, 0.6]
    q = outliers.q_values(p)
    assert [round(value, 3) for value in q] == [0.082, 0.01, 0.9, 0.04, 0.082, 0.04, 0.714, 0.333, 0.778, 0.75]
    assert outliers.rejected(p) == [1, 3, 5]
    assert outliers.q_values([]) == []
