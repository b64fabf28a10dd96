"""The small drawings of page one: the months of a metric as a line, and all regions on one scale; they read in grey too.

The own mark is a dot, or a square where a light is on or a target is missed; other regions are pale strokes.
"""

from collections.abc import Sequence
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from city_briefs.analysis.charts.chart import Chart, bare, style, svg
from city_briefs.analysis.charts.labels import UNKNOWN
from city_briefs.analysis.charts.svg_canvas import PlainAxes
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.theme import DEEP_MARK, INK, LINE, PALE

MM = 1 / 25.4  # inches
HEIGHT = 5.2 * MM
MONTHS, REGIONS = 21 * MM, 28 * MM  # the widths
SIDE = 1.8 * MM  # left free at both ends, for half of the own mark
FEWEST = 3  # values that make a line
DOT, SQUARE = 6.2, 5.8  # points


def months(figures: Sequence[Figure], *, is_bad: bool) -> Chart | None:
    """Draw the values of consecutive months, those of this year strong and those of years before pale, the last one marked.

    It returns None when fewer than three values are known, or the last is not.
    """
    if not figures or figures[-1].value is None or sum(figure.value is not None for figure in figures) < FEWEST:
        return None
    year = figures[-1].period.year
    values = [float(figure.value) if figure.value is not None else float("nan") for figure in figures]
    this = next(place for place, figure in enumerate(figures) if figure.period.year == year)
    with style():
        figure, axes = _canvas(MONTHS)
        axes.plot(range(this + 1), values[: this + 1], color=LINE, lw=0.9)
        axes.plot(range(this, len(values)), values[this:], color=INK, lw=1.4)
        _own(axes, len(values) - 1, values[-1], is_bad=is_bad, scale=0.62)
        known = [value for value in values if value == value]
        room = 0.12 * (max(known) - min(known) or abs(known[0]) or 1)
        axes.set(xlim=(0, len(values) - 1), ylim=(min(known) - room, max(known) + room))
        drawn = svg(figure)
    return Chart(drawn, f"{figures[-1].metric.label}走势：{_listed(figures)}。", "")


def regions(figures: Sequence[Figure], own: Figure, parts: str, *, is_bad: bool) -> Chart:
    """Draw the regions as strokes on one scale, the better end at the right, with their median and the own mark over them."""
    values = [float(figure.number) for figure in figures]
    mine, middle = float(own.number), float(median(figure.number for figure in figures))
    low, high = min(*values, mine), max(*values, mine)
    with style():
        figure, axes = _canvas(REGIONS)
        axes.plot([low, high], [0, 0], color=PALE, lw=0.6)
        axes.plot(values, [0] * len(values), ls="", marker="|", ms=6, mew=0.8, color=LINE)
        axes.plot([middle] * 2, [-0.8, 0.8], color=INK, lw=1.8, solid_capstyle="butt")
        _own(axes, mine, 0, is_bad=is_bad)
        ends = (low, high) if high > low else (low - 1, high + 1)
        axes.set(xlim=ends if own.metric.better == "higher" else ends[::-1], ylim=(-1, 1))
        drawn = svg(figure)
    ordered = sorted(figures, key=lambda figure: figure.number)
    what = f"{own.metric.label}{'' if own.view == 'value' else '同比'}"
    printed = (
        number_format.signed(median(each.number for each in figures), own.unit, own.decimals)
        if own.view != "value"
        else (number_format.amount(median(each.number for each in figures), own.unit, own.decimals))
    )
    words = f"{len(figures)}个{parts}中，最低{ordered[0].text}，中位数{printed}，最高{ordered[-1].text}"
    return Chart(drawn, f"{what}：{own.region.short}为{own.text}；{words}。", "")


def _canvas(width: float) -> tuple[Canvas, Axes]:
    """Return an empty drawing of one line of the table, with room for the own mark at both ends."""
    figure = Canvas(figsize=(width, HEIGHT))
    axes = figure.add_axes((SIDE / width, 0.08, 1 - 2 * SIDE / width, 0.84), axes_class=PlainAxes)
    axes.set(xticks=[], yticks=[])
    axes.patch.set_visible(False)
    bare(axes)
    return figure, axes


def _own(axes: Axes, x: float, y: float, *, is_bad: bool, scale: float = 1.0) -> None:
    """Draw the own mark: a square where a light is on or a target is missed, else a dot."""
    marker, size, colour = ("s", SQUARE, DEEP_MARK) if is_bad else ("o", DOT, INK)
    axes.plot([x], [y], marker=marker, ms=size * scale, color=colour, mec="white", mew=0.6 * scale, zorder=5, clip_on=False)


def _listed(figures: Sequence[Figure]) -> str:
    """Return the values in words, each with its month."""
    return "，".join(f"{figure.period.text}{figure.text if figure.value is not None else UNKNOWN}" for figure in figures)
