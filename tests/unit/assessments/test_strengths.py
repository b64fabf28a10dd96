"""Strong and weak spots by the written rule, on fourteen cities with their rates of a year."""

import pytest

from city_briefs.analysis.assessments.strengths import is_compared, outlier_tests, spots
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.common.regions import read
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.food_safety import food_pass_rate, food_retest_failure_rate
from city_briefs.model.tables import COMPLAINTS, RETURNS
from tests.conftest import covered
from tests.helpers import REFERENCE

YEAR = 2021
CITIES = [city.code for city in read(REFERENCE / "regions.csv").cities]
LANZHOU, TIANSHUI = CITIES[0], CITIES[4]
FOOD = [
    (4937, 5084), (333, 338), (404, 420), (1329, 1363), (2858, 2935), (1423, 1476), (1121, 1134), (1778, 1830), (961, 997), (1936, 1971),
    (2196, 2252), (2282, 2321), (1818, 1880), (646, 661),
]  # fmt: skip
LIKE = [(970, 1000)] * 13  # of the other cities


@pytest.fixture
def returned(world):
    """The results of rates that the cities returned, their halves by metric; a city whose halves are None returned nothing."""

    def returned(of):
        rows = [
            {"region": city, "month": f"{YEAR}-{month:02}", "indicator": metric, "span": CATALOGUE[metric].returned_span,
             "numerator": str(part if month == 12 else 0), "denominator": str(base if month == 12 else 0) if base else None}
            for metric, halves in of.items()
            for city, pair in zip(CITIES, halves, strict=True) if pair
            for part, base in [pair]
            for month in range(1, 13)
        ]  # fmt: skip
        return Results(world.snapshot(coverage=covered(RETURNS, CITIES, [YEAR]), returns=rows), CATALOGUE.values())

    return returned


def of_city(results, city=LANZHOU, through=12, metrics=None):
    return spots(Scope.of(results, results.regions.find(city), Period(YEAR, through)), metrics)


def named(results, city=LANZHOU):
    return [[spot.value.metric.id for spot in side] for side in of_city(results, city)]


def test_cities_that_differ_as_they_usually_do_have_no_spots(returned):
    results = returned({"food_pass_rate": FOOD})
    assert [of_city(results, city) for city in CITIES] == [([], [])] * 14


def test_a_city_that_lies_apart_is_weak_below_and_strong_above(returned):
    below, above = returned({"food_pass_rate": [(900, 1000), *LIKE]}), returned({"food_pass_rate": [(995, 1000), *LIKE]})
    assert (named(below), named(above)) == ([[], ["food_pass_rate"]], [["food_pass_rate"], []])
    assert named(below, TIANSHUI) == [[], []]
    _, [spot] = of_city(below)
    assert spot.text == "食品监督抽检合格率90.00%，比全省低6.50个百分点"
    test = outlier_tests(Scope.of(below, below.regions.find(LANZHOU), Period(YEAR)))[food_pass_rate]
    assert round(test.z, 1) == -11.6 and test.q < 0.001


def test_where_low_is_better_a_high_rate_is_weak(returned):
    results = returned({"food_retest_failure_rate": [(100, 1000), *[(30, 1000)] * 13]})
    assert named(results) == [[], ["food_retest_failure_rate"]]


def test_a_count_over_an_exposure_says_the_distance_in_its_unit(returned):
    results = returned({"elevator_entrapments": [(200, None), *[(50, None)] * 13], "elevators": [(2000, None)] * 14})
    _, [spot] = of_city(results)
    assert spot.text == "每万台电梯困人1000.00件/万台，比全省高696.43件/万台"


def test_rates_are_tested_together_so_that_one_among_many_stands_out_less(returned):
    apart = [(952, 1000), *LIKE]
    alone = returned({"food_pass_rate": apart})
    among = returned(
        {"food_pass_rate": apart}
        | dict.fromkeys(["drug_pass_rate", "product_pass_rate", "publication_rate", "unit_publication_rate"], [(970, 1000)] * 14)
    )
    assert (named(alone)[1], named(among)[1]) == (["food_pass_rate"], [])


def test_the_three_that_stand_out_most_are_listed(returned):
    rates = ["drug_pass_rate", "food_pass_rate", "product_pass_rate", "publication_rate"]
    results = returned({rate: [(900 - 10 * number, 1000), *LIKE] for number, rate in enumerate(rates)})
    assert named(results) == [[], rates[:0:-1]]


def test_metrics_choose_among_the_rates_and_change_no_test(returned):
    results = returned({"food_pass_rate": [(900, 1000), *LIKE], "drug_pass_rate": [(890, 1000), *LIKE]})
    _, [chosen] = of_city(results, metrics=[food_pass_rate])
    _, every = of_city(results)
    assert chosen == every[1]
    assert of_city(results, metrics=[food_retest_failure_rate]) == ([], [])


def test_a_city_with_a_small_base_is_not_compared_and_the_others_are(returned):
    results = returned({"food_pass_rate": [(10, 29), (900, 1000), *LIKE[1:]]})
    assert named(results) == [[], []] and named(results, CITIES[1]) == [[], ["food_pass_rate"]]
    assert not is_compared(Scope.of(results, results.regions.find(LANZHOU), Period(YEAR)))


def test_fewer_than_five_cities_are_not_compared(returned):
    assert named(returned({"food_pass_rate": [(900, 1000), *LIKE[:3], *[None] * 10]})) == [[], []]
    five = returned({"food_pass_rate": [(900, 1000), *LIKE[:4], *[None] * 9]})
    _, [spot] = of_city(five)
    assert spot.text == "食品监督抽检合格率90.00%，比参加比较的市州合计低5.60个百分点"


def test_a_difference_of_less_than_a_printed_step_is_no_spot(returned):
    results = returned({"school_canteen_coverage": [(996_000, 1_000_000), *[(999_000, 1_000_000)] * 13]})
    assert named(results) == [[], []]  # 100% and 100%, of a rate without decimals


def test_percentages_without_halves_and_neutral_rates_are_not_compared(returned):
    results = returned({"nonpublic_party_coverage": [(50, 100), *[(97, 100)] * 13], "problem_found_rate": [(900, 1000), *LIKE]})
    assert named(results) == [[], []]


def test_a_region_that_is_not_compared_and_a_month_that_is_not_returned_have_none(returned):
    results = returned({"food_pass_rate": [(900, 1000), *LIKE]})
    assert named(results, "620000") == [[], []]
    assert of_city(results, through=11) == ([], [])  # zero of zero


def test_pending_outcomes_are_compared_among_cities_whose_data_end_in_the_same_month(world):
    def complaints(city, settled):
        return [
            {"complaint_id": f"{city}-{number}", "region": city, "received_on": "2021-03-01", "accepted": "True", "kind": "complaint", "channel": "12315",
             "closed_on": "2021-04-01", "settled": str(number < settled)}
            for number in range(100)
        ]  # fmt: skip

    rows = [row for city in CITIES for row in complaints(city, 30 if city in (LANZHOU, TIANSHUI) else 65)]
    further = [{"table": COMPLAINTS.name, "region": TIANSHUI, "month": "2022-01"}]
    snapshot = world.snapshot(coverage=[*covered(COMPLAINTS, CITIES, [YEAR]), *further], complaints=rows)
    results = Results(snapshot, CATALOGUE.values())
    assert named(results) == [[], ["settlement_rate"]]
    assert named(results, TIANSHUI) == [[], []]  # its cases had a month longer
