"""营商环境: each definition restated as rows."""

from decimal import Decimal

import pytest

from lib.metrics.business_environment import enterprise_share_of_new, entity_stock, new_enterprises, new_entities
from lib.tables import ENTITIES
from tests.conftest import covered, rows, value

LANZHOU = "620100"


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
