"""The formulas of what may be called a difference, each with an example that was worked out by hand."""

import random
from decimal import Decimal
from math import sqrt

import pytest

from city_briefs.analysis.statistics import (
    comparisons,
    components,
    control_chart,
    dispersion,
    intervals,
    outliers,
    pending,
    places,
)
from city_briefs.analysis.statistics.intervals import Interval

# Food spot checks of fourteen cities: passed and inspected.
FOOD = {
    "兰州": (4937, 5084), "嘉峪关": (333, 338), "金昌": (404, 420), "白银": (1329, 1363), "天水": (2858, 2935), "武威": (1423, 1476),
    "张掖": (1121, 1134), "平凉": (1778, 1830), "酒泉": (961, 997), "庆阳": (1936, 1971), "定西": (2196, 2252), "陇南": (2282, 2321),
    "临夏": (1818, 1880), "甘南": (646, 661),
}  # fmt: skip
PASSED, INSPECTED = ([halves[place] for halves in FOOD.values()] for place in (0, 1))


def percent(interval: Interval) -> tuple[float, float]:
    return round(100 * interval.low, 2), round(100 * interval.high, 2)


@pytest.mark.parametrize(
    ("part", "whole", "z", "expected"),
    [
        (404, 420, 1.96, (93.90, 97.64)),
        (0, 30, 1.96, (0, 11.35)),
        (30, 30, 1.96, (88.65, 100)),
        (555, 52869, 1.645, (0.98, 1.13)),
    ],
)
def test_the_interval_of_a_share(part, whole, z, expected):
    assert percent(intervals.wilson(part, whole, z)) == expected


@pytest.mark.parametrize(("count", "exposure", "expected"), [(5, 1, (1.61, 11.67)), (0, 1, (0, 3.67)), (47, 680, (691, 919))])
def test_the_interval_of_a_count_and_of_a_rate(count, exposure, expected):
    interval = intervals.byar(count, exposure)
    if exposure == 1:
        assert (round(interval.low, 2), round(interval.high, 2)) == expected
    else:
        assert round(10_000 * count / exposure) == 691
        assert (round(10_000 * interval.low), round(10_000 * interval.high)) == (508, 919)


def test_the_interval_of_the_difference_of_two_shares():
    assert percent(intervals.newcombe(404, 420, 395, 402)) == (-4.53, 0.25)


def test_the_median_lies_between_two_ranks():
    assert intervals.median_ranks(100) == (40, 61)
    assert intervals.median_ranks(1) == (1, 1)


@pytest.mark.parametrize(
    ("outcome", "z", "told_apart"),
    [
        (comparisons.two_proportions(404, 420, 395, 402), -1.80, False),
        (comparisons.two_proportions(4937, 5084, 4700, 4890), 2.75, True),
        (comparisons.two_counts(390, 300), 3.43, True),
        (comparisons.two_counts(390, 300, dispersion=2.5), 2.17, True),
        (comparisons.two_counts(330, 300), 1.20, False),
        (comparisons.two_rates(47, 680, 149, 2674), 1.29, False),
        (comparisons.two_proportions(640, 1000, 630, 1000), 0.46, False),
        (comparisons.two_proportions(640, 1000, 690, 1000), -2.37, True),
    ],
)
def test_two_are_told_apart_beyond_chance(outcome, z, told_apart):
    assert (round(outcome.z, 2), outcome.is_told_apart) == (z, told_apart)


@pytest.mark.parametrize(
    ("outcome", "p", "told_apart"),
    [
        (comparisons.two_proportions(28, 30, 25, 33), 0.085, False),
        (comparisons.two_proportions(30, 30, 27, 33), 0.025, True),
        (comparisons.two_counts(14, 5), 0.064, False),
        (comparisons.two_counts(12, 3), 0.035, True),
        (comparisons.two_counts(0, 0), 1, False),
    ],
)
def test_small_numbers_are_tested_exactly(outcome, p, told_apart):
    assert (round(outcome.p, 3), outcome.is_told_apart) == (p, told_apart)


def test_a_denominator_below_thirty_is_not_tested():
    assert comparisons.two_proportions(20, 29, 30, 40) is None
    assert comparisons.two_proportions(20, 30, 30, 40) is not None


@pytest.mark.parametrize(
    ("parts", "sigma", "expected"),
    [([195, 388, 290, 193, 392, 294], 0.452, 1), ([180, 392, 276, 198, 376, 297], 4.436, 19.7)],
)
def test_dispersion_over_time(parts, sigma, expected):
    estimated = dispersion.proportions_sigma(parts, [200, 400, 300, 200, 400, 300])
    assert (round(estimated, 3), round(dispersion.over_time(estimated), 1)) == (sigma, expected)


def test_no_city_stands_out_in_food():
    spread, deviations = outliers.deviations(PASSED, INSPECTED)
    z = dict(zip(FOOD, deviations, strict=True))
    assert [round(z[city].z, 3) for city in ("张掖", "陇南", "武威", "金昌")] == [3.142, 2.912, -2.481, -1.579]
    assert round(spread, 2) == 3.03
    assert round(z["张掖"].p, 3) == 0.071
    assert outliers.rejected([deviation.p for deviation in deviations]) == []
    chance_alone = [outliers.Deviation(deviation.z, deviation.z).p for deviation in deviations]
    assert {list(FOOD)[place] for place in outliers.rejected(chance_alone)} == {"张掖", "陇南"}


def test_few_events_deviate_by_their_exact_probability():
    parts, bases = [3, 30, 30, 30, 30], [40, 3000, 3000, 3000, 3000]
    _, deviations = outliers.deviations(parts, bases)
    assert round(deviations[0].z, 2) == 2.43


def test_many_tests_together_let_few_through():
    assert outliers.rejected([0.001, 0.008, 0.012, 0.039, 0.041, 0.2, 0.5, 0.6, 0.7, 0.9]) == [0, 1, 2]
    assert outliers.rejected([]) == []


def test_small_regions_and_few_regions_are_not_compared():
    assert outliers.deviations([5, 5, 5, 5, 5], [29, 100, 100, 100, 100])[1] == [None] * 5
    spread, deviations = outliers.deviations([5, 5, 5, 5, 5, 5], [29, 100, 100, 100, 100, 100])
    assert deviations[0] is None and None not in deviations[1:] and spread == 1


def test_places_come_with_those_that_are_possible():
    assert places.homogeneity(PASSED, INSPECTED) == pytest.approx(0.00005, abs=0.00001)
    printed = [round(100 * passed / inspected, 2) for passed, inspected in FOOD.values()]
    by_city = dict(zip(FOOD, places.places(PASSED, INSPECTED, printed, highest_first=True), strict=True))
    assert {city: (place.place, place.first, place.last) for city, place in by_city.items() if city in ("金昌", "张掖", "庆阳", "武威")} == {
        "金昌": (14, 4, 14), "张掖": (1, 1, 5), "庆阳": (4, 1, 8), "武威": (12, 5, 14),
    }  # fmt: skip
    assert by_city["张掖"].is_in_front and not by_city["庆阳"].is_in_front


def test_regions_that_are_alike_have_no_place():
    assert places.places([95, 96, 97], [100, 100, 100], [95, 96, 97], highest_first=True) == [None] * 3


def test_equal_print_is_an_equal_place():
    found = places.places([500, 900, 900, 20], [1000, 1000, 1000, 29], [50, 90, 90, 69], highest_first=True)
    assert [(place.place, place.shared) for place in found[:3]] == [(3, False), (1, True), (1, True)] and found[3] is None


def test_the_usual_range_of_months():
    limits = control_chart.xmr([100, 104, 98, 101, 97, 103, 105, 99, 102, 96, 101, 98])
    assert [round(value, 2) for value in (limits.mean, limits.low, limits.high)] == [100.33, 88.73, 111.94]
    assert limits.is_outside(112) and not limits.is_outside(111)


def test_eight_months_on_one_side_are_a_signal():
    limits = control_chart.Limits(100, 80, 120)
    assert control_chart.signal([99, *[101] * 7], limits, 101) == "run"
    assert control_chart.signal([99, *[101] * 6], limits, 101) == ""
    assert control_chart.signal([101] * 7, limits, 121) == "outside"


def test_seasonal_factors_are_one_on_average_and_the_spring_festival_is_one_point():
    year = [6, 14, *[10] * 9, 22]
    factors = control_chart.seasonal_factors([year, [2 * month for month in year], year])
    assert len(factors) == 11 and sum(factors) == pytest.approx(11)
    assert factors[0] == pytest.approx(factors[1]) and factors[-1] == pytest.approx(2.2 * factors[1])


def test_a_share_of_a_month_has_limits_within_zero_and_one():
    limits = control_chart.laney([29, 30, 28, 30], [30, 30, 30, 30], 30)
    assert limits.high == 1 and 0 < limits.low < limits.mean


@pytest.mark.parametrize(
    ("now", "base", "parts", "growth"),
    [
        ([330, 560, 190], [300, 500, 200], ["3.00", "6.00", "-1.00"], "8.00"),
        ([350, 580, 121], [333, 555, 111], ["1.70", "2.51", "1.00"], "5.21"),
    ],
)
def test_contributions_add_up_as_printed(now, base, parts, growth):
    assert components.contributions(now, base) == ([Decimal(part) for part in parts], Decimal(growth))


def test_the_change_of_a_rate_is_structure_and_level():
    change = components.rate_change([39400, 54600], [40000, 60000], [58800, 36000], [60000, 40000])
    assert [round(100 * value, 2) for value in (change.structure, change.level, change.structure + change.level)] == [
        -1.55, 0.75, -0.80,
    ]  # fmt: skip


def test_two_years_average():
    assert round(100 * components.two_year_average(1.536 * 0.754, 1), 2) == 7.62


def test_what_becomes_of_open_cases_is_projected_within_what_is_possible():
    point, interval = pending.projection(3486, 2256, 183, 324, 540)
    assert (round(100 * point, 1), round(100 * interval.low, 1), round(100 * interval.high, 1)) == (67.9, 67.4, 68.3)
    assert interval.low >= 2256 / 3486 and interval.high <= (2256 + 183) / 3486
    assert pending.projection(3486, 2256, 183, 20, 29) is None


def test_random_tables_add_up():
    chance = random.Random(7)
    for _ in range(300):
        base = [chance.randint(1, 999) for _ in range(chance.randint(1, 9))]
        now = [chance.randint(0, 999) for _ in base]
        parts, growth = components.contributions(now, base)
        assert sum(parts) == growth
        wholes = [chance.randint(30, 999) for _ in base]
        before = [chance.randint(30, 999) for _ in base]
        passed, base_passed = ([chance.randint(0, whole) for whole in group] for group in (wholes, before))
        change = components.rate_change(passed, wholes, base_passed, before)
        assert change.structure + change.level == pytest.approx(sum(passed) / sum(wholes) - sum(base_passed) / sum(before))


def cities_at(true_rates, chance, sizes):
    """Draw the halves of a rate of cities."""
    return [sum(chance.random() < rate for _ in range(size)) for rate, size in zip(true_rates, sizes, strict=True)]


def test_equal_true_rates_seldom_name_a_city_and_a_bad_city_is_named():
    chance = random.Random(11)
    sizes = [60, 90, 120, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800]
    years, named, caught = 120, 0, 0
    for _ in range(years):
        _, deviations = outliers.deviations(cities_at([0.97] * 14, chance, sizes), sizes)
        named += len(outliers.rejected([deviation.p for deviation in deviations]))
        _, deviations = outliers.deviations(cities_at([0.97] * 13 + [0.85], chance, sizes), sizes)
        caught += 13 in outliers.rejected([deviation.p for deviation in deviations])
    assert named / (years * len(sizes)) < 0.1
    assert caught / years >= 0.8


@pytest.mark.parametrize(("value", "freedom", "expected"), [(27.688, 13, 0.01), (3.841, 1, 0.05), (18.307, 10, 0.05)])
def test_the_tail_of_chi_square(value, freedom, expected):
    assert places.chi_square_tail(value, freedom) == pytest.approx(expected, rel=0.02)
    assert sqrt(places.chi_square_tail(0, freedom)) == 1
