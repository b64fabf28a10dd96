"""市场秩序: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics.market_order import (
    cases_per_10k_entities,
    cases_total,
    fine_per_case,
    fines_total,
    price_cases_exposed,
    price_fine_max,
    typical_cases_exposed,
)
from city_briefs.model.tables import CASES, ENTITIES
from tests.conftest import THREE_CITIES, covered, rows, value
from tests.definitions.metrics.breakdown import part

CITIES = ["9100", "9200", "9300"]


@pytest.fixture
def cases(world):
    return world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(CASES, CITIES, [2020, 2021]) + covered(ENTITIES, CITIES, [2021]),
        cases=rows("""
            case_id  region  field  closed_on   fine_yuan  confiscated_yuan  published
            a        9100    price  2020-12-31  300000.00  0.00              True
            b        9100    price  2021-01-01  200000.50  900000.00         True
            c        9100    price  2021-12-31  250000.00  0.00              -
            d        9100    food   2021-06-30  500000.00  0.50              True
            e        9100    price  2022-01-01  999999.00  0.00              True
            f        9100    other  2021-02-28  0.00       0.00              False
            g        9200    price  2021-03-31  260000.00  0.00              True
        """),
        entities=rows("""
            entity_id  region  registered_on  cancelled_on
            a          9100    2021-12-31     -
            b          9100    2019-01-01     2022-01-01
            c          9100    2019-01-01     2021-12-31
        """),
    )


def test_cases_count_by_the_day_they_were_closed(cases):
    assert value(cases, cases_total, "9100", 2021) == 4  # b c d f
    assert value(cases, cases_total, "9100", 2021, through=11) == 3  # b d f
    assert value(cases, cases_total, "9100", 2020) == 1  # a
    assert part(cases, cases_total, "9100", 2021, "field", "price") == 2
    assert part(cases, cases_total, "9000", 2021, "field", "price") == 3


def test_fines_and_confiscations_are_one_sum(cases):
    assert value(cases, fines_total, "9100", 2021) == Decimal("1850001.00")
    assert value(cases, fines_total, "9100", 2021, through=1) == Decimal("1100000.50")
    assert part(cases, fines_total, "9100", 2021, "field", "food") == Decimal("500000.50")


def test_cases_per_entity_divide_by_the_entities_in_force(cases):
    assert value(cases, cases_per_10k_entities, "9100", 2021) == 20_000  # 4 of 2, a and b


def test_the_fine_per_case_divides_by_all_cases(cases):
    assert value(cases, fine_per_case, "9100", 2021) == Decimal("462500.25")  # f, without a fine, is one of the four


def test_typical_cases_are_those_said_to_be_published(cases):
    assert value(cases, typical_cases_exposed, "9100", 2021) == 2  # b d; c does not say
    assert part(cases, typical_cases_exposed, "9100", 2021, "field", "food") == 1
    assert part(cases, typical_cases_exposed, "9100", 2021, "field", "other") == 0


def test_price_cases_published_are_the_price_part_of_typical_cases(cases):
    assert value(cases, price_cases_exposed, "9100", 2021) == 1  # b
    assert value(cases, price_cases_exposed, "9000", 2021) == 2  # b g
    assert value(cases, price_cases_exposed, "9100", 2020) == 1  # a


def test_the_largest_price_fine_leaves_out_confiscations_other_fields_and_other_years(cases):
    assert value(cases, price_fine_max, "9100", 2021, through=11) == Decimal("200000.50")  # b
    assert value(cases, price_fine_max, "9100", 2021) == Decimal("250000.00")  # c
    assert value(cases, price_fine_max, "9000", 2021) == Decimal("260000.00")  # g, not the sum of b and g
    assert value(cases, price_fine_max, "9100", 2020) == Decimal("300000.00")  # a
