"""“三品一特”安全: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics.safety import (
    accident_deaths,
    accident_reports,
    accidents_total,
    hazard_overdue_share,
    hazards_closed,
    hazards_closed_on_time,
    hazards_found,
    hazards_open,
    hazards_overdue,
    major_accidents,
    median_days_to_close_hazards,
    on_time_closing_rate,
    se_accidents,
)
from city_briefs.model.tables import ACCIDENTS, HAZARDS
from tests.conftest import covered, figure, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU = "620100"


@pytest.fixture
def accidents(world):
    return world.snapshot(
        coverage=covered(ACCIDENTS, [LANZHOU], [2021]),
        accidents=rows("""
            region  month    domain             grade          count  deaths
            620100  2021-01  food               ordinary       2      -
            620100  2021-01  food               major          1      10
            620100  2021-03  special_equipment  larger         3      4
            620100  2021-03  special_equipment  extraordinary  1      30
            620100  2021-04  drug               major          0      0
            620100  2021-12  special_equipment  ordinary       1      -
            620100  2022-01  product            major          5      50
        """),
    )


def test_accidents_of_every_grade_add_up_in_their_month(accidents):
    assert value(accidents, accidents_total, LANZHOU, 2021, through=2) == 3
    assert value(accidents, accidents_total, LANZHOU, 2021) == 8
    assert part(accidents, accidents_total, LANZHOU, 2021, "domain", "food") == 3
    assert part(accidents, accidents_total, LANZHOU, 2021, "grade", "ordinary") == 3
    assert part(accidents, accidents_total, LANZHOU, 2021, "domain", "product") == 0


def test_larger_accidents_are_not_major_ones_and_extraordinary_ones_are(accidents):
    assert value(accidents, major_accidents, LANZHOU, 2021, through=2) == 1
    assert value(accidents, major_accidents, LANZHOU, 2021) == 2
    assert part(accidents, major_accidents, LANZHOU, 2021, "domain", "special_equipment") == 1
    assert part(accidents, major_accidents, LANZHOU, 2021, "domain", "drug") == 0


def test_deaths_left_empty_are_none(accidents):
    assert value(accidents, accident_deaths, LANZHOU, 2021) == 44
    assert part(accidents, accident_deaths, LANZHOU, 2021, "domain", "food") == 10


def test_special_equipment_accidents_are_those_of_that_domain(accidents):
    assert value(accidents, se_accidents, LANZHOU, 2021, through=2) == 0
    assert value(accidents, se_accidents, LANZHOU, 2021) == 5


def test_a_zero_report_is_a_report(accidents):
    assert value(accidents, accident_reports, LANZHOU, 2021) == 6
    assert part(accidents, accident_reports, LANZHOU, 2021, "domain", "drug") == 1
    assert part(accidents, accident_reports, LANZHOU, 2021, "domain", "product") == 0


@pytest.fixture
def hazards(world):
    return world.snapshot(
        coverage=covered(HAZARDS, [LANZHOU], [2020, 2021]),
        hazards=rows("""
            hazard_id  region  domain             level    found_on    due_on      closed_on
            late       620100  food               major    2020-12-31  2021-01-30  2021-03-31
            sharp      620100  food               general  2021-01-01  2021-01-31  2021-01-31
            day_after  620100  drug               general  2021-01-31  2021-02-28  2021-03-01
            open       620100  special_equipment  major    2021-06-01  2021-06-30  -
            at_once    620100  product            general  2021-12-31  2022-01-31  2021-12-31
            due        620100  product            general  2021-12-01  2021-12-31  -
            next       620100  food               general  2022-01-01  2022-01-31  -
        """),
    )


def test_hazards_are_found_on_their_day(hazards):
    assert value(hazards, hazards_found, LANZHOU, 2020) == 1  # late
    assert value(hazards, hazards_found, LANZHOU, 2021) == 5
    assert part(hazards, hazards_found, LANZHOU, 2021, "domain", "product") == 2
    assert part(hazards, hazards_found, LANZHOU, 2021, "level", "major") == 1


def test_a_hazard_is_open_until_the_day_before_it_was_closed(hazards):
    assert value(hazards, hazards_open, LANZHOU, 2021, through=1) == 2  # late day_after; sharp was closed on the last day
    assert value(hazards, hazards_open, LANZHOU, 2021, through=3) == 0
    assert value(hazards, hazards_open, LANZHOU, 2021) == 2  # open due; at_once was closed on the day
    assert part(hazards, hazards_open, LANZHOU, 2021, "domain", "special_equipment") == 1
    assert part(hazards, hazards_open, LANZHOU, 2021, "level", "general") == 1


def test_a_hazard_is_overdue_from_the_day_after_it_was_due_until_it_was_closed(hazards):
    overdue = [value(hazards, hazards_overdue, LANZHOU, 2021, through=month) for month in (1, 2, 3, 5, 6, 7)]
    assert overdue == [1, 1, 0, 0, 0, 1]  # late from 31 January until March; open from July
    assert value(hazards, hazards_overdue, LANZHOU, 2021) == 1  # open; due is not yet overdue on its day
    open_now = value(hazards, hazards_open, LANZHOU, 2021)
    assert value(hazards, hazard_overdue_share, LANZHOU, 2021) == 100 / open_now
    assert part(hazards, hazards_overdue, LANZHOU, 2021, "domain", "food", through=1) == 1
    assert part(hazards, hazards_overdue, LANZHOU, 2021, "level", "general") == 0


def test_closed_on_the_day_it_was_due_is_on_time(hazards):
    assert value(hazards, hazards_closed, LANZHOU, 2021, through=1) == 1  # sharp
    assert value(hazards, hazards_closed_on_time, LANZHOU, 2021, through=1) == 1
    assert value(hazards, hazards_closed, LANZHOU, 2021) == 4
    assert value(hazards, hazards_closed_on_time, LANZHOU, 2021) == 2  # sharp at_once; day_after missed it by a day
    assert value(hazards, on_time_closing_rate, LANZHOU, 2021) == 50
    assert part(hazards, hazards_closed, LANZHOU, 2021, "domain", "food") == 2
    assert part(hazards, hazards_closed_on_time, LANZHOU, 2021, "domain", "drug") == 0


def test_the_median_of_days_is_of_the_hazards_closed(hazards):
    # 30 days sharp, 29 day_after, 90 late, 0 at_once
    assert value(hazards, median_days_to_close_hazards, LANZHOU, 2021, through=3) == 30
    assert value(hazards, median_days_to_close_hazards, LANZHOU, 2021) == Decimal("29.5")
    assert part(hazards, median_days_to_close_hazards, LANZHOU, 2021, "domain", "food") == 60
    assert figure(hazards, median_days_to_close_hazards, LANZHOU, 2020, through=11).numerator is None
