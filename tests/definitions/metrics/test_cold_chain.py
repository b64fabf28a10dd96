"""冷链总仓: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics.cold_chain import coldchain_countries, coldchain_hubs, coldchain_in, coldchain_out, coldchain_stock
from city_briefs.model.labels import UNSAID
from city_briefs.model.tables import COLD_CHAIN
from tests.conftest import THREE_CITIES, covered, rows, value
from tests.definitions.metrics.breakdown import part


@pytest.fixture
def movements(world):
    return world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(COLD_CHAIN, ["9100", "9200", "9300"], [2020, 2021]),
        cold_chain=rows("""
            movement_id  region  hub    direction  moved_on    tonnes  origin
            a            9100    North  opening    2020-12-01  10.500  Norway
            b            9100    North  in         2020-12-31  5.000   Peru
            c            9100    North  in         2021-01-01  2.250   Peru
            d            9100    North  out        2021-01-31  3.000   -
            e            9100    South  in         2021-12-31  4.125   Spain
            f            9200    East   in         2021-06-30  1.000   Spain
            g            9200    East   opening    2021-06-01  7.000   Chile
            h            9100    South  in         2021-03-31  1.000   -
            i            9100    North  out        2021-05-31  1.000   Norway
            j            9100    South  in         2022-01-01  8.000   Chile
        """),
    )


def test_a_hub_counts_once_a_year(movements):
    assert value(movements, coldchain_hubs, "9100", 2020) == 1  # North
    assert value(movements, coldchain_hubs, "9100", 2021, through=2) == 1  # North
    assert value(movements, coldchain_hubs, "9100", 2021, through=3) == 2  # North South
    assert value(movements, coldchain_hubs, "9000", 2021) == 3


def test_source_countries_are_those_of_what_came_in_each_once(movements):
    assert value(movements, coldchain_countries, "9100", 2020) == 1  # Peru; Norway was there before
    assert value(movements, coldchain_countries, "9100", 2021, through=11) == 1  # Peru; h does not say, i went out
    assert value(movements, coldchain_countries, "9100", 2021) == 2  # Peru Spain
    assert value(movements, coldchain_countries, "9000", 2021) == 2  # Spain came to both
    assert part(movements, coldchain_countries, "9100", 2021, "hub", "South") == 1  # Spain


def test_tonnes_in_leave_out_the_opening_stock(movements):
    assert value(movements, coldchain_in, "9100", 2021) == Decimal("7.375")  # c e h
    assert value(movements, coldchain_in, "9100", 2021, through=11) == Decimal("3.250")  # c h
    assert value(movements, coldchain_in, "9200", 2021) == 1  # f
    assert part(movements, coldchain_in, "9100", 2021, "hub", "North") == Decimal("2.250")
    assert part(movements, coldchain_in, "9000", 2021, "origin", "Spain") == Decimal("5.125")  # e f
    assert part(movements, coldchain_in, "9100", 2021, "origin", UNSAID) == 1  # h


def test_tonnes_out_are_those_that_left(movements):
    assert value(movements, coldchain_out, "9100", 2020) == 0
    assert value(movements, coldchain_out, "9100", 2021, through=1) == 3  # d, on the last day
    assert value(movements, coldchain_out, "9100", 2021) == 4  # d i
    assert part(movements, coldchain_out, "9100", 2021, "hub", "South") == 0


def test_what_is_in_store_is_the_opening_stock_and_all_that_came_less_all_that_left(movements):
    assert value(movements, coldchain_stock, "9100", 2020) == Decimal("15.500")  # a b
    assert value(movements, coldchain_stock, "9100", 2021, through=1) == Decimal("14.750")  # and c, less d
    assert value(movements, coldchain_stock, "9100", 2021) == Decimal("18.875")
    assert value(movements, coldchain_stock, "9000", 2021) == Decimal("26.875")  # and f g
    assert part(movements, coldchain_stock, "9100", 2021, "hub", "North") == Decimal("13.750")
    assert part(movements, coldchain_stock, "9100", 2021, "hub", "South") == Decimal("5.125")
