"""What every chart has to keep: words that never meet or leave the page, type that is large enough, marks that differ in grey."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

from city_briefs.analysis.charts.chart import is_narrow
from city_briefs.analysis.charts.labels import SMALL


@pytest.fixture
def canvases(monkeypatch):
    """The figures of matplotlib that were written as SVG; those for a narrow screen are read in the end, and not among them."""
    seen, narrow = [], []
    written = Canvas.savefig

    def noted(self, *given, **named):
        (narrow if is_narrow() else seen).append(self)
        written(self, *given, **named)

    monkeypatch.setattr(Canvas, "savefig", noted)
    yield seen
    for canvas in narrow:
        assert_legible(canvas)


def words(canvas):
    """Every word of a chart with the box that it takes, in points."""
    FigureCanvasAgg(canvas)
    canvas.set_dpi(72)
    canvas.draw_without_rendering()
    shown = [one for one in canvas.findobj(Text) if one.get_visible() and one.get_text().strip()]
    return [(one, one.get_window_extent()) for one in shown]


def assert_legible(canvas):
    """No two words meet, all stand on the page, none is too small."""
    page = canvas.bbox
    found = words(canvas)
    assert found
    for (one, its), (other, theirs) in combinations(found, 2):
        across = min(its.x1, theirs.x1) - max(its.x0, theirs.x0)
        down = min(its.y1, theirs.y1) - max(its.y0, theirs.y0)
        assert across <= 0 or down <= 1, (one.get_text(), other.get_text())  # a point is less than the leading
    for one, its in found:
        assert page.x0 - 1 <= its.x0 and its.x1 <= page.x1 + 1 and page.y0 - 1 <= its.y0 and its.y1 <= page.y1 + 1, one.get_text()
        assert one.get_size() >= SMALL


def lightness(colour):
    """L* of a colour: 0 is black, 100 white."""
    share = luminance(colour)
    return 116 * share ** (1 / 3) - 16 if share > 216 / 24389 else share * 24389 / 27


def luminance(colour):
    """The relative luminance of a colour, 0 of black and 1 of white."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """How many times lighter one of two colours is than the other, as WCAG has it: 1 to 21."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)
