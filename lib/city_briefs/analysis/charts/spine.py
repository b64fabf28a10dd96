"""Spine: many rates at once, each from the worst of the other regions at the left to the best at the right, their medians on one line.

As Fingertips has it: the quarters at either end are paler, the own region is a dot with its interval.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from city_briefs.analysis.assessments.rate_positions import RatePosition
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import WIDTH, Chart, sheet, style, svg
from city_briefs.analysis.charts.labels import cut
from city_briefs.analysis.charts.marks import Scale
from city_briefs.analysis.charts.rates import alt, key_of
from city_briefs.common.regions import Region
from city_briefs.common.theme import INK, OTHERS, OWN, PALE, PANEL

ROW = 0.21  # inches for one rate
KEY, HEADS = 0.24, 0.22  # inches for the key and for the heads of the columns, over the rows
BAR = 0.12  # inches, the height of the bar of the other regions
NAME = 1.5  # inches, of the longest name
OWN_AT, MEDIAN_AT, WORST_AT = 2.24, 2.86, 3.42  # inches at which the columns of numbers end
LEFT, RIGHT = 3.5, WIDTH - 0.6  # inches at which the bars begin and end
BEST_AT = WIDTH - 0.02
HEADROOM = 1.02  # of the greater half of a scale


def spine(positions: Sequence[RatePosition], region: Region, parts: str, title: str) -> Chart:
    """Draw a row for each position, at least one, that has a median. `parts` is what regions are called."""
    top = KEY + HEADS
    height = top + ROW * len(positions) + 0.04
    with style():
        figure, axes = sheet(height)
        for words, x in (("本地", OWN_AT), ("中位数", MEDIAN_AT), ("最差", WORST_AT), ("最好", BEST_AT)):
            marks.small(axes, x, KEY + HEADS / 2, words, ha="right")
        middle = (LEFT + RIGHT) / 2
        axes.plot([middle, middle], [top, height - 0.02], color=OTHERS, lw=1.2, zorder=3)
        for place, position in enumerate(positions):
            _row(axes, top + ROW * (place + 0.5), position)
        entries = [entry for entry in key_of(positions, parts) if entry[1] != "目标"]
        if any(position.quarters for position in positions):
            entries.append((_half, f"居中一半{parts}"))
        marks.key(axes, KEY / 2, entries)
        drawn = svg(figure)
    return Chart(drawn, alt("脊柱图", positions, region, parts), title)


def _half(axes: Axes, x: float, y: float) -> None:
    """Draw the entry of the key for the half of the regions in the middle."""
    axes.add_patch(Rectangle((x - 0.08, y - BAR / 2), 0.16, BAR, facecolor=PALE, edgecolor="none"))


def _row(axes: Axes, y: float, position: RatePosition) -> None:
    """Draw one rate, `y` inches from the top."""
    assert position.median is not None
    ordered = position.ordered
    worst, best = (float(figure.number) for figure in (ordered[0], ordered[-1]))
    scale = _scale(position, worst, best)
    _bar(axes, y, sorted((scale.at(worst), scale.at(best))), PANEL, edge=PALE)
    if position.quarters:
        _bar(axes, y, sorted(map(scale.at, position.quarters)), PALE)
    if limits := position.own.interval:
        marks.interval(axes, sorted((scale.at(limits.low), scale.at(limits.high))), y)
    marks.own(axes, scale.at(float(position.own.number)), y, position.side)
    axes.annotate(cut(position.metric.label, NAME), (0.05, y), ha="left", va="center", color=INK)
    axes.annotate(position.own.text, (OWN_AT, y), ha="right", va="center", color=OWN)
    for x, words in (
        (MEDIAN_AT, position.printed(position.median)), (WORST_AT, ordered[0].text), (BEST_AT, ordered[-1].text),
    ):  # fmt: skip
        marks.small(axes, x, y, words, ha="right")


def _bar(axes: Axes, y: float, ends: Sequence[float], colour: str, edge: str = "none") -> None:
    """Draw a bar between two places."""
    left, right = ends
    axes.add_patch(Rectangle((left, y - BAR / 2), right - left, BAR, facecolor=colour, edgecolor=edge, linewidth=0.5, zorder=1))


def _scale(position: RatePosition, worst: float, best: float) -> Scale:
    """Return the scale of a rate: the median in the middle, the farthest of the regions, the own one too, at an end."""
    assert position.median is not None
    middle = float(position.median)
    reach = HEADROOM * max(abs(value - middle) for value in (worst, best, float(position.own.number)))
    return Scale(middle - reach, middle + reach, LEFT, RIGHT, position.lower_is_better)
