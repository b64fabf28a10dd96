"""Spine: many rates at once, each from the worst of the other regions at the left to the best at the right, their medians on one line.

As Fingertips has it: the quarters at either end are paler, the own region is a dot with its interval.
"""

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from city_briefs.analysis.assessments.rate_positions import RatePosition
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, drawn_twice, is_narrow, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import LEADING, SMALL, cut, width, wrapped
from city_briefs.analysis.charts.marks import Scale
from city_briefs.analysis.charts.rates import alt, key_of
from city_briefs.common.regions import Region
from city_briefs.common.theme import INK, OTHERS, OWN, PALE, PANEL

ROW = 0.21  # inches for one rate whose name stands in one line
HEADS = 0.22  # inches for the heads of the columns, over the rows
BAR = 0.12  # inches, the height of the bar of the other regions
NAME = 1.72  # inches, of a line of a name with its unit
GAP = 0.06  # inches between a name and its unit
OWN_AT, MEDIAN_AT, WORST_AT = 2.34, 2.86, 3.38  # inches at which the columns of numbers end
LEFT, MARGIN = 3.48, 0.56  # inches at which the bars begin, and from their end to the edge
EDGE = 0.02  # inches from the numbers at the right to the edge
NARROW_COLUMNS = (2.3, 2.79, 3.28, 3.77)  # the ends of the columns of numbers on a narrow screen
UNDER = 0.05  # inches from either edge to the bars on a narrow screen, where they stand under the numbers
HEADROOM = 1.02  # of the greater half of a scale


@drawn_twice
def spine(positions: Sequence[RatePosition], region: Region, parts: str, title: str) -> Chart:
    """Draw a row for each position, at least one, that has a median. `parts` is what regions are called."""
    entries = [entry for entry in key_of(positions, parts) if entry[1] != "目标"]
    if any(position.quarters for position in positions):
        entries.append((_half, f"居中一半{parts}"))
    key = marks.Key(entries)
    top = key.height + HEADS
    names = [_name(position) for position in positions]
    rows = [ROW + LEADING * name.count("\n") for name in names]
    below = ROW if is_narrow() else 0.0  # of a row, for its bar
    height = top + sum(rows) + below * len(rows) + 0.04
    with style():
        figure, axes = sheet(height)
        ends = ("左端", "右端") if any(position.metric.better == "neutral" for position in positions) else ("最差", "最好")
        for words, x in zip((cut(region.short, 0.6, SMALL), "中位数", *ends), _columns(), strict=True):
            marks.small(axes, x, key.height + HEADS / 2, words, ha="right")
        y = top
        for position, name, row in zip(positions, names, rows, strict=True):
            _row(axes, y + row / 2, y + row + below / 2 if below else y + row / 2, position, name)
            half = (below or row) / 2
            y += row + below
            middle = sum(_bars()) / 2
            axes.plot([middle, middle], [y - 2 * half, y], color=OTHERS, lw=1.2, zorder=3)
        key.draw(axes)
        drawn = svg(figure)
    return Chart(drawn, alt("脊柱图", positions, region, parts), title)


def _columns() -> tuple[float, ...]:
    """Return where the columns of numbers end: the own one, the median, the worst, the best; in inches from the left."""
    return NARROW_COLUMNS if is_narrow() else (OWN_AT, MEDIAN_AT, WORST_AT, width_in_hand() - EDGE)


def _bars() -> tuple[float, float]:
    """Return where the bars begin and end, in inches from the left."""
    return (UNDER, width_in_hand() - UNDER) if is_narrow() else (LEFT, width_in_hand() - MARGIN)


def _half(axes: Axes, x: float, y: float) -> None:
    """Draw the entry of the key for the half of the regions in the middle."""
    axes.add_patch(Rectangle((x - 0.08, y - BAR / 2), 0.16, BAR, facecolor=PALE, edgecolor="none"))


def _name(position: RatePosition) -> str:
    """Return the name of a rate in lines that leave room for its unit."""
    unit = _unit(position)
    return wrapped(position.metric.label, NAME - (width(unit, SMALL) + GAP if unit else 0))


def _unit(position: RatePosition) -> str:
    """Return the unit that stands beside a name; empty of a percentage, whose numbers have the sign."""
    return "" if position.metric.unit == "%" else position.metric.unit


def _row(axes: Axes, y: float, at: float, position: RatePosition, name: str) -> None:
    """Draw one rate: its words `y` inches from the top, its bar `at` so many."""
    assert position.median is not None
    ordered = position.ordered
    worst, best = (float(figure.number) for figure in (ordered[0], ordered[-1]))
    scale = _scale(position, worst, best)
    _bar(axes, at, sorted((scale.at(worst), scale.at(best))), PANEL, edge=PALE)
    if position.quarters:
        _bar(axes, at, sorted(map(scale.at, position.quarters)), PALE)
    if limits := position.own.interval:
        marks.interval(axes, sorted((scale.at(limits.low), scale.at(limits.high))), at)
    marks.own(axes, scale.at(float(position.own.number)), at, position.side)
    axes.annotate(name, (0.05, y), ha="left", va="center", color=INK, linespacing=1.1)
    if unit := _unit(position):
        marks.small(axes, 0.05 + NAME, y, unit, ha="right")
    own, *others = (
        _digits(position, value) for value in (position.own.number, position.median, ordered[0].number, ordered[-1].number)
    )
    own_at, *others_at = _columns()
    axes.annotate(own, (own_at, y), ha="right", va="center", color=OWN)
    for x, words in zip(others_at, others, strict=True):
        marks.small(axes, x, y, words, ha="right")


def _digits(position: RatePosition, value: Decimal) -> str:
    """Return a value of a rate without its unit, but for the sign of a percentage and a scale such as 万."""
    return position.printed(value).removesuffix(_unit(position))


def _bar(axes: Axes, y: float, ends: Sequence[float], colour: str, edge: str = "none") -> None:
    """Draw a bar between two places."""
    left, right = ends
    axes.add_patch(Rectangle((left, y - BAR / 2), right - left, BAR, facecolor=colour, edgecolor=edge, linewidth=0.5, zorder=1))


def _scale(position: RatePosition, worst: float, best: float) -> Scale:
    """Return the scale of a rate: the median in the middle, the farthest of the regions, the own one too, at an end."""
    assert position.median is not None
    middle = float(position.median)
    reach = HEADROOM * max(abs(value - middle) for value in (worst, best, float(position.own.number)))
    return Scale(middle - reach, middle + reach, *_bars(), position.lower_is_better)
