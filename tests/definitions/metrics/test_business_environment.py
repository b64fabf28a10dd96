"""营商环境: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics import fair_review_cities, fair_review_units, gankuaiban_items
from city_briefs.metrics.business_environment import (
    conversions,
    enterprise_share,
    enterprise_share_of_new,
    enterprise_stock,
    entities_cancelled,
    entity_density,
    entity_stock,
    net_new_entities,
    new_enterprises,
    new_entities,
)
from city_briefs.model.labels import UNSAID
from city_briefs.model.tables import ENTITIES, RETURNS
from tests.conftest import covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU = "620100"
PROVINCE = "620000"


@pytest.fixture
def register(world):
    return world.snapshot(
        coverage=covered(ENTITIES, [LANZHOU], [2020, 2021]),
        entities=rows("""
            entity_id  region  kind           registered_on  cancelled_on  revoked_on
            a          620100  enterprise     2019-05-06     -             -
            b          620100  self_employed  2021-03-01     -             -
            c          620100  enterprise     2021-03-31     2021-03-31    -
            d          620100  -              2021-12-31     -             2022-01-01
            e          620100  cooperative    2021-06-01     2021-12-31    -
            f          620100  enterprise     2022-01-01     -             -
        """),
    )


def test_new_entities_count_every_kind_by_the_day_they_were_registered(register):
    assert value(register, new_entities, LANZHOU, 2021) == 4  # b c d e; f is of the next year


def test_an_entity_cancelled_later_was_still_newly_registered(register):
    assert value(register, new_entities, LANZHOU, 2021, through=3) == 2  # b c, though c is gone on the last day


def test_new_enterprises_leave_out_the_self_employed_and_cooperatives(register):
    assert value(register, new_enterprises, LANZHOU, 2021) == 2  # c d


def test_an_entity_without_a_kind_counts_as_an_enterprise(register):
    assert value(register, new_enterprises, LANZHOU, 2021) - value(register, new_enterprises, LANZHOU, 2021, through=11) == 1  # d


def test_the_share_of_enterprises_divides_the_two(register):
    assert value(register, enterprise_share_of_new, LANZHOU, 2021) == Decimal(50)


def test_the_stock_is_taken_on_the_last_day_of_the_month(register):
    # December: a b d; c and e are gone, e on the very day
    assert value(register, entity_stock, LANZHOU, 2021) == 3
    assert value(register, entity_stock, LANZHOU, 2021, through=11) == 3  # a b e
    assert value(register, entity_stock, LANZHOU, 2020) == 1  # a, registered before the months covered


def test_an_entity_revoked_but_not_cancelled_is_still_in_force(world):
    register = world.snapshot(
        coverage=covered(ENTITIES, [LANZHOU], [2021]),
        entities=rows("""
            entity_id  region  registered_on  revoked_on
            a          620100  2021-01-01     2021-02-01
        """),
    )
    assert value(register, entity_stock, LANZHOU, 2021) == 1


@pytest.fixture
def changing(world):
    return world.snapshot(
        coverage=covered(ENTITIES, [LANZHOU], [2020, 2021]),
        entities=rows("""
            entity_id  region  kind           registered_on  cancelled_on  revoked_on  converted_from  industry
            a          620100  self_employed  2019-05-06     2020-12-31    -           -               F
            b          620100  enterprise     2021-01-01     -             -           a               F
            c          620100  -              2021-03-31     2021-11-30    -           a               C
            d          620100  cooperative    2021-04-01     -             -           a               A
            e          620100  enterprise     2021-04-01     2022-01-01    2021-05-01  -               -
            f          620100  enterprise     2022-01-01     -             -           a               F
        """),
        population=rows("""
            region  year  persons  basis     series
            620100  2020  2000     census    2020普查口径
            620100  2021  4000     year_end  2020普查口径
        """),
    )


def test_an_entity_counts_as_cancelled_in_the_month_of_its_cancellation(changing):
    assert value(changing, entities_cancelled, LANZHOU, 2020, through=11) == 0
    assert value(changing, entities_cancelled, LANZHOU, 2020) == 1  # a, on the last day
    assert value(changing, entities_cancelled, LANZHOU, 2021) == 1  # c; e was only revoked


def test_net_new_entities_are_those_registered_less_those_cancelled(changing):
    assert value(changing, net_new_entities, LANZHOU, 2021) == 3  # b c d e, less c
    assert value(changing, net_new_entities, LANZHOU, 2020) == -1


def test_the_stock_of_enterprises_leaves_out_other_kinds_but_not_an_empty_one(changing):
    assert value(changing, enterprise_stock, LANZHOU, 2021, through=10) == 3  # b c e
    assert value(changing, enterprise_stock, LANZHOU, 2021, through=11) == 2  # c is gone on the last day
    assert value(changing, enterprise_share, LANZHOU, 2021, through=10) == 75
    assert value(changing, enterprise_share_of_new, LANZHOU, 2021) == 75


def test_only_an_enterprise_that_was_self_employed_is_a_conversion(changing):
    assert value(changing, conversions, LANZHOU, 2021) == 2  # b c; d became a cooperative
    assert value(changing, conversions, LANZHOU, 2021, through=2) == 1


def test_the_density_is_per_thousand_of_the_last_population_counted(changing):
    assert value(changing, entity_density, LANZHOU, 2021) == Decimal("0.75")  # b d e, to 4000 at the end of 2021
    assert value(changing, entity_density, LANZHOU, 2021, through=11) == Decimal("1.5")  # to 2000 at the census


def test_entities_are_broken_down_by_kind_and_industry(changing):
    assert [part(changing, entity_stock, LANZHOU, 2021, "kind", kind) for kind in ("enterprise", "cooperative")] == [2, 1]
    assert part(changing, new_entities, LANZHOU, 2021, "kind", UNSAID) == 1  # c
    assert part(changing, new_entities, LANZHOU, 2021, "industry", "F") == 1  # b
    assert part(changing, new_enterprises, LANZHOU, 2021, "industry", "A") == 0  # d is a cooperative
    assert part(changing, enterprise_stock, LANZHOU, 2021, "industry", UNSAID) == 1  # e
    assert part(changing, conversions, LANZHOU, 2021, "industry", "C") == 1  # c
    assert part(changing, entities_cancelled, LANZHOU, 2020, "kind", "self_employed") == 1  # a


def test_measures_are_those_in_place_at_the_end_and_reviews_add_up(world):
    snapshot = world.snapshot(
        coverage=covered(RETURNS, [PROVINCE], [2021]),
        returns=rows("""
            region  month    indicator           numerator  span
            620000  2021-11  gankuaiban_items    30         as_of
            620000  2021-12  gankuaiban_items    36         as_of
            620000  2021-03  fair_review_units   10         month
            620000  2021-12  fair_review_units   4          month
            620000  2021-06  fair_review_cities  3          month
        """),
    )
    assert value(snapshot, gankuaiban_items, PROVINCE, 2021) == 36
    assert value(snapshot, fair_review_units, PROVINCE, 2021) == 14
    assert value(snapshot, fair_review_cities, PROVINCE, 2021, through=5) == 0
    assert value(snapshot, fair_review_cities, PROVINCE, 2021) == 3
