"""质量与标准: each definition restated as rows."""

import pytest

from city_briefs.metrics.quality import (
    china_quality_award_cum,
    china_quality_nom_cum,
    group_standards_guided,
    local_standards_new,
    national_std_pilots,
    prov_quality_award_cum,
    prov_quality_nom_cum,
    standards_in_force,
)
from city_briefs.model.tables import AWARDS, STANDARDS
from tests.conftest import THREE_CITIES, covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU = "620100"


@pytest.fixture
def awards(world):
    return world.snapshot(
        coverage=covered(AWARDS, [LANZHOU], [2020, 2021]),
        awards=rows("""
            award_id  region  award               grade       granted_on
            a         620100  china_quality       award       2019-05-06
            b         620100  china_quality       award       2021-12-31
            c         620100  china_quality       nomination  2021-11-30
            d         620100  provincial_quality  award       2021-01-01
            e         620100  provincial_quality  award       2022-01-01
            f         620100  provincial_quality  nomination  2020-12-31
            g         620100  provincial_quality  nomination  2021-12-31
        """),
    )


@pytest.fixture
def standards(world):
    return world.snapshot(
        coverage=covered(STANDARDS, [LANZHOU], [2020, 2021]),
        standards=rows("""
            standard_id  region  kind   issued_on   abolished_on
            a            620100  local  2020-12-31  -
            b            620100  local  2021-01-01  2021-12-31
            c            620100  local  2021-12-31  2022-01-01
            d            620100  group  2021-03-31  -
            e            620100  pilot  2021-06-30  -
            f            620100  pilot  2022-01-01  -
            g            620100  group  2020-06-01  2021-01-31
        """),
    )


def test_china_quality_awards_add_up_for_ever_and_leave_out_nominations(awards):
    assert value(awards, china_quality_award_cum, LANZHOU, 2020) == 1  # a, of a year before the months covered
    assert value(awards, china_quality_award_cum, LANZHOU, 2021, through=11) == 1  # a
    assert value(awards, china_quality_award_cum, LANZHOU, 2021) == 2  # a b, on the last day


def test_china_quality_nominations_leave_out_awards(awards):
    assert value(awards, china_quality_nom_cum, LANZHOU, 2021, through=10) == 0
    assert value(awards, china_quality_nom_cum, LANZHOU, 2021, through=11) == 1  # c


def test_provincial_quality_awards_leave_out_the_national_ones_and_the_next_years(awards):
    assert value(awards, prov_quality_award_cum, LANZHOU, 2020) == 0
    assert value(awards, prov_quality_award_cum, LANZHOU, 2021) == 1  # d


def test_provincial_nominations_leave_out_the_national_ones(awards):
    assert value(awards, prov_quality_nom_cum, LANZHOU, 2020, through=11) == 0
    assert value(awards, prov_quality_nom_cum, LANZHOU, 2020) == 1  # f
    assert value(awards, prov_quality_nom_cum, LANZHOU, 2021) == 2  # f g


def test_new_local_standards_count_by_the_day_of_issue_though_abolished_later(standards):
    assert value(standards, local_standards_new, LANZHOU, 2020) == 1  # a
    assert value(standards, local_standards_new, LANZHOU, 2021, through=11) == 1  # b
    assert value(standards, local_standards_new, LANZHOU, 2021) == 2  # b c


def test_group_standards_count_by_the_day_of_issue(standards):
    assert value(standards, group_standards_guided, LANZHOU, 2021, through=2) == 0
    assert value(standards, group_standards_guided, LANZHOU, 2021) == 1  # d; g is of the year before


def test_pilots_count_by_the_day_of_approval(standards):
    assert value(standards, national_std_pilots, LANZHOU, 2021, through=5) == 0
    assert value(standards, national_std_pilots, LANZHOU, 2021) == 1  # e; f is of the next year


def test_standards_in_force_are_issued_and_not_yet_abolished_and_a_pilot_is_none(standards):
    assert value(standards, standards_in_force, LANZHOU, 2020) == 2  # a g
    assert value(standards, standards_in_force, LANZHOU, 2021, through=11) == 3  # a b d
    assert value(standards, standards_in_force, LANZHOU, 2021) == 3  # a c d; b is gone on the very day
    assert part(standards, standards_in_force, LANZHOU, 2021, "kind", "local") == 2
    assert part(standards, standards_in_force, LANZHOU, 2021, "kind", "group") == 1
    assert part(standards, standards_in_force, LANZHOU, 2021, "kind", "pilot") == 0


def test_standards_that_the_province_registers_count_in_the_province(world):
    standards = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(STANDARDS, ["9000", "9100", "9200", "9300"], [2021]),
        standards=rows("""
            standard_id  region  kind   issued_on
            a            9000    local  2021-04-30
            b            9100    local  2021-05-01
        """),
    )
    assert value(standards, local_standards_new, "Norland", 2021) == 2
    assert value(standards, local_standards_new, "Ashford", 2021) == 1
