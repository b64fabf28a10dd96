"""Slope: the parts of a metric in two years, joined by lines; only what is told apart from chance is dark."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from city_briefs.analysis.assessments.part_changes import PartChange
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, drawn_twice, is_narrow, sheet, style, svg
from city_briefs.analysis.charts.labels import SMALL, cut
from city_briefs.analysis.charts.months import spread
from city_briefs.common.theme import INK, LINE, MUTED, OTHERS, OWN

LEAST, EACH = 1.3, 0.185  # inches of the lines: at least, and for each part
HEADS, FOOT = 0.24, 0.1  # inches for the years over the lines, and under them
ENDS, NARROW_ENDS = (1.1, 3.5), (0.75, 1.55)  # inches at which the lines begin and end; on a narrow screen
APART = 0.16  # inches between two labels
NAME, NARROW_NAME = 1.2, 0.8  # inches of the longest name; on a narrow screen


@drawn_twice
def slope(changes: Sequence[PartChange], periods: tuple[str, str], whose: str, title: str) -> Chart:
    """Draw the parts of a metric, at least two, in two `periods`, the earlier first; `whose` says of what."""
    key = marks.Key([(_strong, "超出随机波动"), (_pale, "未超出")], cut(whose, 3.6, SMALL))
    top = key.height + HEADS
    high = max(LEAST, EACH * len(changes))
    with style():
        figure, axes = sheet(top + high + FOOT)
        key.draw(axes)
        values = [float(value) for change in changes for value in (change.before, change.now)]
        low, most = min(0.0, *values) if changes[0].metric.form != "ratio" else min(values), max(values)

        def at(value: float) -> float:
            return top + high - (value - low) / ((most - low) or 1.0) * high

        for x, when in zip(_ends(), periods, strict=True):
            axes.plot([x, x], [top - 0.05, top + high + 0.05], color=LINE, lw=0.6, zorder=0)
            axes.annotate(when, (x, key.height + HEADS / 2 - 0.03), ha="center", va="center", color=INK)
        starts = spread([at(float(change.before)) for change in changes], APART, top, top + high)
        ends = spread([at(float(change.now)) for change in changes], APART, top, top + high)
        for change, start, end in zip(changes, starts, ends, strict=True):
            _line(axes, change, at(float(change.before)), at(float(change.now)), (start, end))
        drawn = svg(figure)
    return Chart(drawn, _alt(changes, periods, whose), title)


def _ends() -> tuple[float, float]:
    """Return where the lines begin and end, in inches from the left."""
    return NARROW_ENDS if is_narrow() else ENDS


def _strong(axes: Axes, x: float, y: float) -> None:
    axes.plot([x - 0.09, x + 0.05], [y, y], color=OWN, lw=1.8, marker="o", ms=4, markevery=[1])


def _pale(axes: Axes, x: float, y: float) -> None:
    axes.plot([x - 0.09, x + 0.05], [y, y], color=OTHERS, lw=0.9, marker="o", ms=3, mfc="white", markevery=[1])


def _line(axes: Axes, change: PartChange, start: float, end: float, labels: tuple[float, float]) -> None:
    """Draw one part: its line between two heights, and its labels at two others, which lie near them."""
    strong = change.is_told_apart
    colour, words = (OWN, INK) if strong else (OTHERS, MUTED)
    left, right = _ends()
    axes.plot([left, right], [start, end], color=colour, lw=1.8 if strong else 0.9, zorder=4 if strong else 2)
    for x, y, label, out in ((left, start, labels[0], -1), (right, end, labels[1], 1)):
        shape = ("^" if change.is_up else "v") if strong and x == right else "o"
        axes.plot(
            [x],
            [y],
            ls="",
            marker=shape,
            ms=6 if shape != "o" else 3.6,
            color=colour if strong else "white",
            mec=colour,
            zorder=5,
        )
        if abs(label - y) > APART / 4:
            axes.plot([x + out * 0.06, x + out * 0.16], [y, label], color=OTHERS, lw=0.5, zorder=1)
    axes.annotate(change.printed(change.before), (left - 0.2, labels[0]), ha="right", va="center", color=words, size=SMALL)
    name = f"{cut(change.name, NARROW_NAME if is_narrow() else NAME)} {change.printed(change.now)}"
    name += f"（{change.change_text}）" if change.change_text else ""
    axes.annotate(name, (right + 0.2, labels[1]), ha="left", va="center", color=words)


def _alt(changes: Sequence[PartChange], periods: tuple[str, str], whose: str) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    listed = "；".join(
        f"{change.name}由{change.printed(change.before)}变为{change.printed(change.now)}"
        + ("" if change.is_told_apart else "，未超出随机波动")
        for change in changes
    )
    return f"坡度图：{whose}，{periods[0]}至{periods[1]}，{listed}。"
