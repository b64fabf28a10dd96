"""Funnel: all regions by what their rate rests on, with the limits of chance; the own one strongest, only those outside are named."""

from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from city_briefs.analysis.assessments.funnels import INNER, OUTER, Funnel, FunnelPoint
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, bare, canvas, style, svg
from city_briefs.analysis.charts.labels import SMALL, cut
from city_briefs.analysis.figures import number_format
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import LINE, MUTED, OTHERS, OWN

HEIGHT = 2.9  # inches
STEPS = 80  # points of a limit
BEYOND = 1.25  # times the greatest and the least base, to which the limits are drawn
TICKS = 4


def funnel(made: Funnel, region: Region, title: str, base_label: str) -> Chart:
    """Draw a funnel; `base_label` is what its rates rest on, in words."""
    bases = [point.base for point in made.points]
    low, high = min(bases) / BEYOND, max(bases) * BEYOND
    grid = [low * (high / low) ** (step / STEPS) for step in range(STEPS + 1)]
    with style():
        figure = canvas(HEIGHT)
        axes = figure.subplots()
        axes.set_xscale("log")
        for z, dashes in ((INNER, (0, (4, 2))), (OUTER, "solid")):
            limits = [made.limits(base, z) for base in grid]
            for side in (0, 1):
                axes.plot(grid, [pair[side] for pair in limits], color=LINE, lw=0.8, ls=dashes)
            side, words = (0, " 95%") if z == INNER else (1, " 99.8%")
            marks.small(axes, grid[-1], limits[-1][side], words)
        axes.axhline(made.pooled, color=LINE, lw=0.8)
        for point in made.points:
            _point(axes, point, region)
        _scales(axes, made, low, high, base_label)
        drawn = svg(figure)
    return Chart(drawn, _alt(made, region), title)


def _point(axes: Axes, point: FunnelPoint, region: Region) -> None:
    """Draw a region: the own one as a large dark mark, one outside as a dark ring, with their names."""
    x, y = point.base, float(point.figure.number)
    is_own = point.figure.region == region
    if is_own:
        axes.plot([x], [y], ls="", marker="s" if point.outside else "o", ms=marks.OWN_SIZE, color=OWN, mec=OWN, zorder=5)
    else:
        axes.plot(
            [x],
            [y],
            ls="",
            marker="s" if point.outside else "o",
            ms=4.6,
            color="white" if point.outside else OTHERS,
            mec=OTHERS,
            mew=1.2,
            zorder=3,
        )
    if is_own or point.outside:
        axes.annotate(
            f"{cut(point.figure.region.short)} {point.figure.text}", (x, y), xytext=(6, 0), textcoords="offset points",
            ha="left", va="center", color=OWN if is_own else MUTED, zorder=6,
        )  # fmt: skip


def _scales(axes: Axes, made: Funnel, low: float, high: float, base_label: str) -> None:
    """Set both scales, with few ticks in plain digits; the right side has room for the words at the ends of the limits."""
    axes.set_xlim(low, high * (high / low) ** 0.12)
    axes.xaxis.set_minor_locator(NullLocator())
    ticks = _round_numbers(low, high)
    axes.set_xticks(ticks, [number_format.amount(Decimal(tick), "", 0) for tick in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda number, _: number_format.digits(Decimal(f"{number:.6g}"))))
    axes.tick_params(axis="y", labelcolor=MUTED)
    axes.set_xlabel(base_label, size=SMALL)
    axes.set_title(f"{made.metric.label}，单位：{made.metric.unit}", loc="left", size=SMALL, color=MUTED, pad=5)
    axes.spines["bottom"].set_color(LINE)
    bare(axes, "bottom")


def _round_numbers(low: float, high: float) -> list[int]:
    """Return the round numbers 1, 3, 10, 30 … between two, as ticks."""
    numbers = [factor * 10**power for power in range(12) for factor in (1, 3)]
    return [number for number in numbers if low <= number <= high]


def _alt(made: Funnel, region: Region) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    own = "".join(f"{adjoined(region.name, point.figure.text)}，" for point in made.points if point.figure.region == region)
    named = "、".join(adjoined(point.figure.region.short, point.figure.text) for point in made.outside) or "没有地区"
    pooled = number_format.amount(Decimal(str(made.pooled)), made.metric.unit, made.metric.decimals)
    return f"漏斗图：{made.metric.label}，{own}{len(made.points)}个地区合计{pooled}，{named}在99.8%控制限之外。"
