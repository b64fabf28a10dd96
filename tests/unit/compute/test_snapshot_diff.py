"""What moved between two snapshots is said number by number, and laid to the tables that differ."""

from decimal import Decimal

import pytest

from city_briefs.analysis.compute.snapshot_diff import differing, movements
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COMPLAINTS
from tests.conftest import covered, rows

ASKED = [CATALOGUE[name] for name in ("complaints_received", "settlement_rate", "new_entities")]
COVERED = covered(COMPLAINTS, ["620100", "620200"], [2021])
BEFORE = """
    complaint_id  region  kind       received_on  accepted  settled
    1             620100  complaint  2021-03-01   True      False
    2             620100  complaint  2021-03-05   True      True
    3             620200  enquiry    2021-04-02   -         -
"""
AFTER = """
    complaint_id  region  kind       received_on  accepted  settled
    1             620100  complaint  2021-03-01   True      True
    2             620100  complaint  2021-03-05   True      True
    3             620200  enquiry    2021-04-02   -         -
    4             620200  enquiry    2021-04-03   -         -
"""


@pytest.fixture
def two(world):
    """A snapshot, and the one after a complaint was settled late and an enquiry was sent late."""
    return [world.snapshot(coverage=COVERED, complaints=rows(text)) for text in (BEFORE, AFTER)]


def test_a_number_that_moved_is_said_with_its_region_month_and_table(two):
    said = [
        (one.metric.id, one.region, one.month, one.before, one.after, one.difference, one.tables)
        for one in movements(*two, ASKED)
    ]
    assert ("complaints_received", "620200", "2021-04", 1, 2, 1, ("complaints",)) in said
    assert ("settlement_rate", "620100", "2021-03", Decimal(50), Decimal(100), Decimal(50), ("complaints",)) in said
    assert not [one for one in said if one[2] == "2021-03" and one[1] == "620200"]


def test_the_same_rows_move_nothing(world):
    twice = [world.snapshot(coverage=COVERED, complaints=rows(BEFORE)) for _ in range(2)]
    assert differing(*twice) == set()
    assert movements(*twice, ASKED) == []


def test_a_month_that_was_not_reported_before_has_no_number_before(world):
    earlier = [row for row in COVERED if row["month"] < "2021-04"]
    old, new = (world.snapshot(coverage=coverage, complaints=rows(BEFORE)) for coverage in (earlier, COVERED))
    april = next(one for one in movements(old, new, ASKED) if one.month == "2021-04" and one.region == "620200")
    assert (april.before, april.after, april.difference, april.tables) == (None, 1, None, ("coverage",))
    assert april.record()["difference"] is None


def test_a_table_that_moved_no_metric_moves_nothing(world):
    old = world.snapshot(coverage=COVERED, complaints=rows(BEFORE))
    new = world.snapshot(coverage=COVERED, complaints=rows(BEFORE.replace("enquiry", "report ")))
    assert differing(old, new) == {"complaints"}
    assert movements(old, new, [CATALOGUE["complaints_received"]]) == []
