"""Funnel: all regions by what their rate rests on, with the limits of chance; the own one strongest, only those outside are named."""

from collections.abc import Sequence
from decimal import Decimal
from math import log

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from city_briefs.analysis.assessments.funnels import INNER, OUTER, Funnel, FunnelPoint
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, bare, drawn_twice, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, few_ticks, width
from city_briefs.analysis.charts.monthly_course import digits_of
from city_briefs.analysis.charts.months import spread
from city_briefs.analysis.figures import number_format
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import INK, LINE, MUTED, OTHERS, OWN

HEIGHT = 2.8  # inches
LEFT, TOP, BOTTOM = 0.5, 0.28, HEIGHT - 0.42  # inches at which the scales begin, and where the upright one ends
MARGIN = 1.55  # inches from the end of the level scale to the edge
NAMES = 1.5  # inches of the column of names, at the right
APART = 0.17  # inches between two names
MOST_NAMED = 12
STEPS = 60  # points of a limit
BEYOND = 1.3  # times the greatest and the least base, to which the limits are drawn
TICKS = 4


@drawn_twice
def funnel(made: Funnel, region: Region, title: str, base_label: str) -> Chart:
    """Draw a funnel; `base_label` is what its rates rest on, in words."""
    bases = [point.base for point in made.points]
    low, high = min(bases) / BEYOND, max(bases) * BEYOND
    grid = [low * (high / low) ** (step / STEPS) for step in range(STEPS + 1)]
    with style():
        figure, page = sheet(HEIGHT)
        axes = figure.add_axes(
            (LEFT / width_in_hand(), 1 - BOTTOM / HEIGHT, (_right() - LEFT) / width_in_hand(), (BOTTOM - TOP) / HEIGHT)
        )
        axes.set_xscale("log")
        axes.axhline(made.pooled, color=LINE, lw=0.8)
        for z, dashes in ((INNER, (0, (4, 2))), (OUTER, "solid")):
            for limits in zip(*(made.limits(base, z) for base in grid), strict=True):
                axes.plot(grid, limits, color=LINE, lw=0.8, ls=dashes)
        for point in made.points:
            _mark(axes, point, is_own=point.figure.region == region)
        _scales(axes, made, (low, high), base_label)
        _names(page, axes, made, region)
        marks.Key(_key(), f"{made.metric.label}，{made.metric.unit}").draw(page)
        drawn = svg(figure)
    return Chart(drawn, _alt(made, region), title)


def _right() -> float:
    """Return where a scale ends, in inches from the left."""
    return width_in_hand() - MARGIN


def named(made: Funnel, region: Region) -> list[FunnelPoint]:
    """Return the regions that are named: the own one, and those farthest outside of the limits, MOST_NAMED at most."""
    outside = sorted(made.outside, key=lambda point: -abs(float(point.figure.number) - made.pooled))
    own = [point for point in made.points if point.figure.region == region]
    return [*own, *(point for point in outside if point not in own)][:MOST_NAMED]


def _key() -> Sequence[tuple[marks.Draw, str]]:
    """Return the entries of the key: both pairs of limits."""
    return [
        (lambda axes, x, y: axes.plot([x - 0.1, x + 0.08], [y, y], color=LINE, lw=0.9, ls=(0, (4, 2))), "95%控制限"),
        (lambda axes, x, y: axes.plot([x - 0.1, x + 0.08], [y, y], color=LINE, lw=0.9), "99.8%控制限"),
    ]


def _mark(axes: Axes, point: FunnelPoint, *, is_own: bool) -> None:
    """Draw a region: the own one large and dark, one outside as a square."""
    size, colour = (marks.OWN_SIZE, OWN) if is_own else (marks.OTHERS_SIZE, OTHERS)
    shape = "s" if point.outside else "o"
    axes.plot([point.base], [float(point.figure.number)], ls="", marker=shape, ms=size, color=colour, zorder=5 if is_own else 3)


def _names(page: Axes, axes: Axes, made: Funnel, region: Region) -> None:
    """Write the names at the right of the drawing, each joined to its mark."""
    points = named(made, region)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    heights = [BOTTOM - (float(point.figure.number) - low) / (high - low) * (BOTTOM - TOP) for point in points]
    for point, height, y in zip(points, heights, spread(heights, APART, TOP + 0.06, BOTTOM), strict=True):
        x = LEFT + log(point.base / left) / log(right / left) * (_right() - LEFT)
        page.plot([x, _right() + 0.02], [height, y], color=OTHERS, lw=0.5, zorder=1)
        words = f"{cut(point.figure.region.short, NAMES - width(point.figure.text) - 0.05)} {point.figure.text}"
        is_own = point.figure.region == region
        page.annotate(words, (_right() + 0.06, y), ha="left", va="center", color=INK if is_own else MUTED)


def _scales(axes: Axes, made: Funnel, ends: tuple[float, float], base_label: str) -> None:
    """Set both scales, with few ticks in plain digits."""
    axes.set_xlim(*ends)
    axes.xaxis.set_minor_locator(NullLocator())
    ticks = _round_numbers(*ends)
    axes.set_xticks(ticks, [number_format.round_number(Decimal(tick), "") for tick in ticks])
    axes.set_yticks(few_ticks(*axes.get_ylim(), TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(digits_of(1.0)))
    axes.tick_params(axis="both", labelcolor=MUTED, labelsize=SMALL, pad=2)
    axes.set_xlabel(base_label, size=SMALL, labelpad=2)
    axes.spines["bottom"].set_color(LINE)
    bare(axes, "bottom")


def _round_numbers(low: float, high: float) -> list[int]:
    """Return the round numbers 1, 3, 10, 30 … between two, as ticks; 1, 2, 5 … where these would be fewer than two."""
    for factors in ((1, 3), (1, 2, 5), tuple(range(1, 10))):
        numbers = [factor * 10**power for power in range(12) for factor in factors if low <= factor * 10**power <= high]
        if len(numbers) > 1:
            return numbers
    return numbers or [round((low * high) ** 0.5)]


def _alt(made: Funnel, region: Region) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    own = "".join(f"{adjoined(region.name, point.figure.text)}，" for point in made.points if point.figure.region == region)
    outside = "、".join(adjoined(point.figure.region.short, point.figure.text) for point in made.outside) or "没有地区"
    pooled = number_format.amount(Decimal(str(made.pooled)), made.metric.unit, made.metric.decimals)
    return f"漏斗图：{made.metric.label}，{own}{len(made.points)}个地区合计{pooled}，{outside}在99.8%控制限之外。"
