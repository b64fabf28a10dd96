"""The point at which a change began: what the chart must show, and what it says nothing of."""

import pytest

from city_briefs.analysis.statistics.change_point import ChangePoint, change_point
from city_briefs.analysis.statistics.control_chart import xmr

BASELINE = 12
EVEN = [100, 104, 98, 101, 97, 103, 105, 99, 102, 96, 101, 98]  # of method 7: mean 100.33, limits 88.73 and 111.94
QUIET = [*EVEN, *EVEN, 101, 99]


def found(values, judged):
    return change_point(values, lambda place: xmr(values[place - BASELINE : place]), BASELINE, judged)


@pytest.mark.parametrize(
    ("last", "point"),
    [
        pytest.param([101, 99, 100, 102], None, id="nothing"),
        pytest.param([101, 99, 100, 130], None, id="a lone outlier at the end"),
        pytest.param([130, 99, 100, 102], None, id="an outlier that went back"),
        pytest.param([130, 130, 130, 99], None, id="a change that went back"),
        pytest.param([100, 99, 130, 129], ChangePoint(28, True, True), id="two outside"),
        pytest.param([101, 70, 71, 72], ChangePoint(27, False, True), id="three outside below"),
        pytest.param([101, 99, 130, 72], None, id="two outside on different sides"),
        pytest.param([110, 111, 115, 117], ChangePoint(26, True, False), id="two outside, before them two nearly so"),
        pytest.param([109, 110, 140, 142], ChangePoint(28, True, True), id="two far outside, before them two above the mean"),
    ],
)
def test_a_short_change_is_named_when_the_last_two_are_outside(last, point):
    assert found([*QUIET, *last], 4) == point


EIGHT = [108, 109, 107, 110, 108, 109, 107, 110]  # two standard deviations up, none outside


@pytest.mark.parametrize(
    ("last", "point"),
    [
        pytest.param(EIGHT, ChangePoint(26, True, False), id="eight above"),
        pytest.param(EIGHT[1:], None, id="seven above"),
        pytest.param([*EIGHT, 99], None, id="eight above that went back"),
        pytest.param([200 - value for value in EIGHT], ChangePoint(26, False, False), id="eight below"),
        pytest.param([102, *EIGHT], ChangePoint(27, True, False), id="the one before lies above by chance"),
        pytest.param([102, *EIGHT[1:]], None, id="eight above the mean before, seven above that of the chart"),
    ],
)
def test_a_long_change_begins_where_it_parts_the_points_best(last, point):
    assert found([*QUIET[:-1], 99, *last], len(last)) == point


def test_a_change_that_the_months_of_the_chart_do_not_show_is_not_named():
    values = [*QUIET, *EIGHT, *EIGHT[:4]]
    assert found(values, 12) == ChangePoint(26, True, False)
    assert found(values, 1) is None  # the last mean holds the change


def test_the_months_after_an_outlier_have_not_changed_although_it_moves_the_mean_away_from_them():
    assert found([*[100, 101] * 7, 160, *[100, 101] * 5], 10) is None


def test_a_drift_has_no_beginning():
    assert found([100 + 2 * place + (3 if place % 2 else 0) for place in range(40)], 12) is None


def test_a_lone_point_of_a_chart_is_no_change():
    assert found([*QUIET, 101, 140], 1) is None
