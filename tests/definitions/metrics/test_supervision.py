"""监督检查: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics.supervision import (
    double_random_coverage,
    double_random_inspections,
    double_random_units,
    inspections_judged,
    inspections_per_10k_entities,
    inspections_published,
    inspections_total,
    problem_found_rate,
    problems_found,
    publication_rate,
    se_units_inspected,
    unit_publication_rate,
    units_inspected,
    units_published,
    units_with_repeated_problems,
)
from city_briefs.model.tables import ENTITIES, INSPECTIONS
from tests.conftest import covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU, TIANSHUI, PROVINCE = "620100", "620500", "620000"


@pytest.fixture
def inspections(world):
    return world.snapshot(
        coverage=covered(INSPECTIONS, [LANZHOU], [2020, 2021]) + covered(ENTITIES, [LANZHOU], [2020, 2021]),
        inspections=rows("""
            inspection_id  region  domain             method         subject_id  inspected_on  problem_found  published
            a              620100  food               double_random  s           2021-01-01    True           True
            b              620100  food               special        s           2021-06-30    False          -
            c              620100  special_equipment  double_random  s           2021-07-01    -              False
            d              620100  special_equipment  routine        t           2021-07-02    True           True
            e              620100  special_equipment  double_random  -           2021-12-31    False          True
            f              620100  drug               double_random  s           2021-08-01    False          True
            g              620100  food               complaint      u           2020-12-31    True           True
            h              620100  food               double_random  v           2022-01-01    True           True
        """),
        entities=rows("""
            entity_id  region  registered_on  cancelled_on
            s          620100  2019-01-01     -
            t          620100  2019-01-01     -
            u          620100  2019-01-01     -
            v          620100  2019-01-01     -
            w          620100  2019-01-01     2021-12-31
        """),
    )


def test_every_inspection_counts_and_a_unit_counts_once_a_year(inspections):
    assert value(inspections, inspections_total, LANZHOU, 2021) == 6  # a to f
    assert value(inspections, units_inspected, LANZHOU, 2021) == 2  # s t; nobody knows whom e was of
    assert value(inspections, inspections_total, LANZHOU, 2021, through=6) == 2
    assert value(inspections, units_inspected, LANZHOU, 2021, through=6) == 1  # s, twice
    assert value(inspections, units_inspected, LANZHOU, 2020) == 1  # u


def test_inspections_are_broken_down_by_domain_and_method(inspections):
    assert part(inspections, inspections_total, LANZHOU, 2021, "domain", "special_equipment") == 3
    assert part(inspections, inspections_total, LANZHOU, 2021, "method", "double_random") == 4
    assert part(inspections, units_inspected, LANZHOU, 2021, "domain", "food") == 1
    assert part(inspections, problems_found, LANZHOU, 2021, "domain", "food") == 1
    assert part(inspections, inspections_judged, LANZHOU, 2021, "domain", "special_equipment") == 2
    assert part(inspections, double_random_inspections, LANZHOU, 2021, "domain", "food") == 1
    assert part(inspections, double_random_units, LANZHOU, 2021, "domain", "drug") == 1
    assert part(inspections, inspections_published, LANZHOU, 2021, "domain", "special_equipment") == 2
    assert part(inspections, units_published, LANZHOU, 2021, "domain", "special_equipment") == 1  # t; e names none


def test_special_equipment_units_are_those_of_that_domain(inspections):
    assert value(inspections, se_units_inspected, LANZHOU, 2021, through=6) == 0
    assert value(inspections, se_units_inspected, LANZHOU, 2021) == 2  # s t


def test_the_province_counts_a_unit_inspected_in_two_cities_once(world):
    cities = {city.code for city in world.snapshot(coverage=[]).regions.cities}
    snapshot = world.snapshot(
        coverage=covered(INSPECTIONS, cities, [2021]),
        inspections=rows("""
            inspection_id  region  domain             method   subject_id  inspected_on
            a              620100  special_equipment  routine  s           2021-01-01
            b              620500  special_equipment  routine  s           2021-02-01
        """),
    )
    assert [value(snapshot, se_units_inspected, region, 2021) for region in (LANZHOU, TIANSHUI, PROVINCE)] == [1, 1, 1]
    assert value(snapshot, inspections_total, PROVINCE, 2021) == 2


def test_inspections_are_per_ten_thousand_entities_at_the_end(inspections):
    assert value(inspections, inspections_per_10k_entities, LANZHOU, 2021) == 15_000  # 6 to s t u v
    assert value(inspections, inspections_per_10k_entities, LANZHOU, 2021, through=6) == 4_000  # 2 to 5


def test_a_unit_is_on_the_list_from_its_fourth_problem_of_the_year_in_one_region(world):
    snapshot = world.snapshot(
        coverage=covered(INSPECTIONS, [LANZHOU, TIANSHUI], [2020, 2021]),
        inspections=rows("""
            inspection_id  region  domain  method   subject_id  inspected_on  problem_found
            a              620100  food    special  s           2021-01-05    True
            b              620100  drug    special  s           2021-02-05    True
            c              620100  food    special  s           2021-03-05    True
            d              620100  food    special  s           2021-04-05    False
            e              620100  food    special  s           2021-05-05    True
            f              620100  food    special  s           2021-06-05    True
            g              620100  food    special  t           2020-12-31    True
            h              620100  food    special  t           2021-01-05    True
            i              620100  food    special  t           2021-02-05    True
            j              620500  food    special  t           2021-03-05    True
            k              620100  food    special  t           2021-04-05    True
            l              620100  food    special  -           2021-01-05    True
            m              620100  food    special  -           2021-02-05    True
            n              620100  food    special  -           2021-03-05    True
            o              620100  food    special  -           2021-04-05    True
        """),
    )
    assert value(snapshot, units_with_repeated_problems, LANZHOU, 2021, through=4) == 0  # s three times; t over new year
    assert value(snapshot, units_with_repeated_problems, LANZHOU, 2021, through=5) == 1  # s at e
    assert value(snapshot, units_with_repeated_problems, LANZHOU, 2021) == 1  # s at f again
    assert value(snapshot, units_with_repeated_problems, TIANSHUI, 2021) == 0
    assert value(snapshot, units_with_repeated_problems, LANZHOU, 2020) == 0


def test_an_inspection_without_a_finding_is_not_in_the_rate(inspections):
    assert value(inspections, inspections_judged, LANZHOU, 2021) == 5  # all but c
    assert value(inspections, problems_found, LANZHOU, 2021) == 2  # a d
    assert value(inspections, problem_found_rate, LANZHOU, 2021) == 40


def test_random_inspections_are_set_against_all_entities(inspections):
    assert value(inspections, double_random_inspections, LANZHOU, 2021) == 4  # a c e f
    assert value(inspections, double_random_units, LANZHOU, 2021) == 1  # s; e names nobody
    assert value(inspections, double_random_units, LANZHOU, 2020) == 0
    assert value(inspections, double_random_coverage, LANZHOU, 2021) == 25


def test_what_does_not_say_that_it_was_published_was_not(inspections):
    assert value(inspections, inspections_published, LANZHOU, 2021) == 4  # a d e f
    assert value(inspections, publication_rate, LANZHOU, 2021).quantize(Decimal("0.1")) == Decimal("66.7")


def test_a_unit_is_published_when_any_of_its_inspections_is(inspections):
    assert value(inspections, units_published, LANZHOU, 2021) == 2  # s t
    assert value(inspections, unit_publication_rate, LANZHOU, 2021) == 100
    assert value(inspections, units_published, LANZHOU, 2020) == 1  # u
