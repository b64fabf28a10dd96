"""食品安全: each definition restated as rows; spot checks have a file of their own."""

import pytest

from city_briefs.analysis.compute.parameters import parameter
from city_briefs.analysis.compute.results import Results
from city_briefs.common.periods import Period
from city_briefs.metrics import grassroots_fs_offices, whistle_reward_cap
from city_briefs.metrics.food_safety import (
    bright_kitchen_units,
    food_units_open,
    school_canteen_coverage,
    school_canteens,
    school_canteens_bright,
)
from city_briefs.model.tables import FOOD_UNITS, RETURNS
from tests.conftest import covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU = "620100"


@pytest.fixture
def units(world):
    return world.snapshot(
        coverage=covered(FOOD_UNITS, [LANZHOU], [2020, 2021]),
        food_units=rows("""
            unit_id  region  kind            opened_on   closed_on   bright_kitchen_on
            a        620100  catering        2019-01-01  -           2020-12-31
            b        620100  school_canteen  2021-03-31  -           2021-04-01
            c        620100  school_canteen  2021-03-31  -           -
            d        620100  school_canteen  2021-01-01  2021-06-30  2021-01-01
            e        620100  retail          2021-01-01  2022-01-01  -
            f        620100  school_canteen  2022-01-01  -           2022-01-01
        """),
    )


def test_a_unit_is_open_until_the_day_before_it_closed(units):
    assert value(units, food_units_open, LANZHOU, 2021, through=5) == 5  # a b c d e
    assert value(units, food_units_open, LANZHOU, 2021, through=6) == 4  # d closed on the last day
    assert part(units, food_units_open, LANZHOU, 2021, "kind", "school_canteen") == 2  # b c
    assert part(units, food_units_open, LANZHOU, 2021, "kind", "producer") == 0


def test_a_bright_kitchen_counts_from_the_day_it_joined_until_it_closed(units):
    assert value(units, bright_kitchen_units, LANZHOU, 2020, through=11) == 0  # a was open, and had not joined
    assert value(units, bright_kitchen_units, LANZHOU, 2020) == 1
    assert value(units, bright_kitchen_units, LANZHOU, 2021, through=4) == 3  # a b d
    assert value(units, bright_kitchen_units, LANZHOU, 2021) == 2  # d closed; c never joined
    assert part(units, bright_kitchen_units, LANZHOU, 2021, "kind", "catering") == 1


def test_the_coverage_of_school_canteens_is_of_those_open(units):
    assert value(units, school_canteens, LANZHOU, 2021, through=3) == 3  # b c d
    assert value(units, school_canteens_bright, LANZHOU, 2021, through=3) == 1  # d; b joined a day later
    assert value(units, school_canteens, LANZHOU, 2021) == 2
    assert value(units, school_canteens_bright, LANZHOU, 2021) == 1
    assert value(units, school_canteen_coverage, LANZHOU, 2021) == 50


def test_offices_are_those_set_up_by_the_end(world):
    snapshot = world.snapshot(
        coverage=covered(RETURNS, [LANZHOU], [2021]),
        returns=rows("""
            region  month    indicator             numerator  span
            620100  2021-11  grassroots_fs_offices 100        as_of
            620100  2021-12  grassroots_fs_offices 112        as_of
        """),
    )
    assert value(snapshot, grassroots_fs_offices, LANZHOU, 2021) == 112


def test_the_reward_is_the_one_in_force_at_the_end_of_the_period(world):
    snapshot = world.snapshot(
        coverage=[],
        parameters=rows("""
            name                value   unit  effective_from  source
            whistle_reward_cap  100000  元    2018-01-01      旧办法
            whistle_reward_cap  300000  元    2021-06-30      新办法
            markup_ceiling      35      %     2020-01-01      通知
        """),
    )
    results = Results(snapshot, [whistle_reward_cap])
    assert parameter(results.snapshot, whistle_reward_cap.id, Period(2021, 5)).value == 100_000
    assert parameter(results.snapshot, whistle_reward_cap.id, Period(2021, 6)).value == 300_000
    assert whistle_reward_cap.form == "cited"
