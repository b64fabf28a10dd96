"""Marks: the own region is the darkest in grey too, shapes tell sides apart, and a key never leaves the page."""

from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from city_briefs.analysis.charts import marks, ranking
from city_briefs.analysis.charts.chart import WIDTH, sheet, style, svg
from city_briefs.analysis.charts.marks import Key, Scale
from city_briefs.common import theme
from tests.helpers.charted import figures
from tests.helpers.lands import land
from tests.helpers.legible import assert_legible, contrast

GREY_APART = 3.0  # how many times lighter what stands beside the own mark is
TEXT = 4.5  # the least contrast of words on white


def test_the_own_mark_stands_out_in_grey():
    assert contrast(theme.OWN, theme.OTHERS) >= GREY_APART
    assert contrast(theme.OWN, theme.PALE) >= GREY_APART


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED, theme.OWN])
def test_words_can_be_read_on_white(colour):
    assert contrast(colour, "#ffffff") >= TEXT


def test_a_ranking_as_it_is_printed_in_grey_shows_the_own_region(canvases):
    cities = land(14, "chinese").cities
    ranking(figures(range(14, 0, -1), cities), cities[3])
    canvas = canvases[0]
    agg = FigureCanvasAgg(canvas)
    canvas.set_facecolor("white")
    agg.draw()
    pixels = agg.buffer_rgba()
    axes = canvas.axes[0]
    grey = []
    for row, value in enumerate(range(14, 0, -1)):
        x, y = axes.transData.transform((value, row))
        grey.append(mpl.colors.to_hex([pixels[int(len(pixels) - y), int(x), part] / 255 for part in range(3)]))
    assert min(contrast(grey[3], other) for place, other in enumerate(grey) if place != 3) >= GREY_APART


def test_no_two_sides_have_the_same_mark():
    drawn = {side: (shape, side in marks.HOLLOW) for side, shape in marks.SHAPES.items()}
    assert all(one != other for one, other in combinations(drawn.values(), 2))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("value", "place"), [(0, 1.0), (5, 2.0), (10, 3.0), (-3, 1.0), (30, 3.0)])
def test_a_scale_ends_where_the_drawing_does(value, place, turned):
    assert Scale(0, 10, 1.0, 3.0, turned).at(value) == (4.0 - place if turned else place)


def test_equal_values_stand_in_the_middle():
    assert Scale(5, 5, 1.0, 3.0).at(5) == 2.0


@pytest.mark.parametrize(("entries", "rows"), [(0, 1), (1, 1), (6, 2), (12, 3)])
def test_a_key_takes_the_rows_that_it_needs(canvases, entries, rows):
    key = Key([marks.of_side("better")] * entries, "Ward 24，2021年1—12月")
    assert key.height == pytest.approx(rows * marks.KEY_ROW)
    with style():
        figure, axes = sheet(key.height)
        key.draw(axes)
        svg(figure)
    assert_legible(canvases[0])
    assert axes.get_xlim() == (0, WIDTH)
