"""The list of open hazards: which are on it on a day, and in what order."""

from city_briefs.analysis.assessments.open_hazards import pressing
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import HAZARDS
from tests.conftest import covered, rows

LANZHOU = "620100"
HAZARDS_OF_A_YEAR = """
    hazard_id  region  domain   level    found_on    measure  owner  due_on      closed_on
    open       620100  food     general  2021-06-01  -        -      2021-08-01  -
    later      620100  food     general  2021-06-01  -        -      2022-01-31  -
    major      620100  drug     major    2021-06-01  封存      药店    2022-01-31  -
    both       620100  product  major    2021-06-01  -        -      2021-12-30  -
    today      620100  food     general  2021-06-01  -        -      2021-12-31  -
    closed     620100  food     major    2021-06-01  -        -      2021-08-01  2021-12-31
    after      620100  food     general  2021-06-01  -        -      2021-09-01  2022-01-01
    found      620100  food     major    2022-01-01  -        -      2022-02-01  -
    elsewhere  620500  food     major    2021-06-01  -        -      2021-08-01  -
"""


def listed(world, through=12):
    of = world.snapshot(coverage=covered(HAZARDS, [LANZHOU], [2021]), hazards=rows(HAZARDS_OF_A_YEAR))
    return pressing(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021, through)))


def test_major_ones_stand_first_then_the_longest_overdue(world):
    assert [one.id for one in listed(world)] == ["both", "major", "open", "after"]


def test_days_overdue_are_counted_from_the_due_day_which_is_not_one(world):
    assert {one.id: one.overdue for one in listed(world)} == {"both": 1, "major": 0, "open": 152, "after": 121}


def test_a_hazard_closed_later_was_still_open_then(world):
    assert [one.id for one in listed(world, through=8)] == ["closed", "both", "major", "open"]


def test_what_was_not_filled_in_is_empty(world):
    assert [(one.measure, one.owner) for one in listed(world)[:2]] == [("", ""), ("封存", "药店")]


def test_without_the_table_the_list_is_empty(real):
    assert pressing(Scope.of(Results(real, CATALOGUE.values()), real.regions.find(LANZHOU), Period(2011))) == []
