"""Which regions a chart shows: all, the neighbours of the own one, or all in parts; and what is said of the rest."""

import pytest

from city_briefs.analysis.charts import ranking, region_rows
from city_briefs.analysis.charts.region_rows import BESIDE, MOST
from city_briefs.common.regions import Region
from tests.helpers.charted import figures
from tests.helpers.lands import land

PAGE = 7.6  # inches that a drawing may take, with its caption and notes on a page under it


def of(count):
    """Figures of so many regions, the first the best."""
    cities = land(count, "latin").cities
    return figures(range(count, 0, -1), cities), cities


@pytest.mark.parametrize(
    ("count", "own", "rows"),
    [
        (3, 1, [3]),
        (MOST, 1, [MOST]),
        (MOST + 1, 1, [2 * BESIDE + 1]),
        (50, 25, [2 * BESIDE + 1]),
        (50, 50, [2 * BESIDE + 1]),
        (50, None, [25, 25]),
        (60, None, [30, 30]),
        (65, None, [21, 22, 22]),
    ],
)
def test_more_than_a_chart_holds_are_neighbours_or_parts(count, own, rows):
    found, cities = of(count)
    marked = cities[own - 1] if own else Region("9000", "Norland", "Norland", "province")
    shown = region_rows.fitting(region_rows.in_order(found), marked)
    assert list(map(len, shown)) == rows
    assert own is None or any(figure.region == marked for figure in shown[0])


@pytest.mark.parametrize(
    ("own", "first", "last"), [(1, 1, 21), (11, 1, 21), (12, 2, 22), (25, 15, 35), (40, 30, 50), (50, 30, 50)]
)
def test_neighbours_stand_on_either_side_of_the_own_region(own, first, last):
    found, cities = of(50)
    [shown] = region_rows.fitting(found, cities[own - 1])
    assert (shown[0].region, shown[-1].region) == (cities[first - 1], cities[last - 1])


def test_what_is_left_out_is_counted():
    found, cities = of(50)
    [shown] = region_rows.fitting(found, cities[0])
    assert region_rows.left_out(found, [shown], "市州") == ["共50个市州，图中只列数值相近的21个，其余29个未列入"]
    assert region_rows.left_out(shown, [shown], "市州") == []


def test_the_longest_ranking_fits_a_page(canvases):
    found, cities = of(MOST)
    ranking(found, cities[0])
    assert canvases[0].get_size_inches()[1] < PAGE
