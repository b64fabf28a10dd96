"""Rates: the own region as a dot with its interval among the other regions, each rate on a scale of its own, the better end right."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from city_briefs.analysis.assessments.rate_positions import RatePosition
from city_briefs.analysis.charts import marks
from city_briefs.analysis.charts.chart import Chart, drawn_twice, sheet, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, width, wrapped
from city_briefs.analysis.charts.marks import Scale
from city_briefs.common.regions import Region
from city_briefs.common.theme import INK, OWN, PALE

ROW = 0.43  # inches for one rate: the words over its scale, the marks, the ends under it
LEFT, MARGIN = 1.62, 1.12  # inches at which a scale begins, and from its end to the edge
NAME = 1.45  # inches, the widest line of a name
UNDER = 0.1  # inches from the marks to the words under them
PAD = 0.04  # of the range of a scale, left free at either end


@drawn_twice
def rates(positions: Sequence[RatePosition], region: Region, parts: str, title: str) -> Chart:
    """Draw a row for each position, at least one, whose own values are known. `parts` is what regions are called."""
    key = marks.Key(key_of(positions, parts), f"{cut(region.short)}，{positions[0].own.period.text}")
    with style():
        figure, axes = sheet(key.height + ROW * len(positions))
        for place, position in enumerate(positions):
            _row(axes, key.height + ROW * (place + 0.42), position)
        key.draw(axes)
        drawn = svg(figure)
    return Chart(drawn, alt("点图", positions, region, parts), title)


def _right() -> float:
    """Return where a scale ends, in inches from the left."""
    return width_in_hand() - MARGIN


def key_of(positions: Sequence[RatePosition], parts: str) -> list[tuple[marks.Draw, str]]:
    """Return the entries of the key: the sides on which an own mark lies, and the other marks that are drawn."""
    sides = dict.fromkeys(position.side for position in positions)
    entries = [marks.of_side(side) for side in marks.SHAPES if side in sides]
    if any(position.median is not None for position in positions):
        entries.append((marks.middle, f"其余{parts}中位数"))
    if any(position.standing for position in positions):
        entries.append((marks.target, "目标"))
    return entries


def _row(axes: Axes, y: float, position: RatePosition) -> None:
    """Draw one rate, `y` inches from the top."""
    scale = _scale(position)
    axes.plot([LEFT, _right()], [y, y], color=PALE, lw=0.7, zorder=0)
    axes.annotate(wrapped(position.metric.label, NAME), (0.05, y), ha="left", va="center", color=INK, linespacing=1.1)
    marks.others(axes, [scale.at(float(figure.number)) for figure in position.others], [y] * len(position.others))
    if position.standing and position.standing.aim.value is not None:
        marks.target(axes, scale.at(float(position.standing.aim.value)), y)
    if position.median is not None:
        x = scale.at(float(position.median))
        marks.middle(axes, x, y)
        words = position.printed(position.median)
        half = width(words, SMALL) / 2
        marks.small(axes, min(max(x, LEFT + half), _right() - half), y + UNDER, words, ha="center", va="top")
    if limits := position.own.interval:
        marks.interval(axes, sorted((scale.at(limits.low), scale.at(limits.high))), y)
    marks.own(axes, scale.at(float(position.own.number)), y, position.side)
    axes.annotate(position.own.text, (_right() + 0.1, y - 0.02), ha="left", va="bottom", color=OWN)
    marks.small(axes, _right() + 0.1, y + 0.02, beside(position), va="top")


def beside(position: RatePosition) -> str:
    """Return the words beside a rate: on which side of the median it lies, and whether its target is missed."""
    said = {"better": "好于中位数", "worse": "差于中位数", "alike": "分不出高低"}.get(position.side, marks.SAID[position.side])
    return f"{said}、未达标" if position.is_missed else said


def _scale(position: RatePosition) -> Scale:
    """Return the scale of a rate: it holds the regions, the interval and the target, and begins with zero only where they do."""
    values = [float(figure.number) for figure in (position.own, *position.others)]
    if limits := position.own.interval:
        values += [limits.low, limits.high]
    if position.standing and position.standing.aim.value is not None:
        values.append(float(position.standing.aim.value))
    pad = PAD * (max(values) - min(values))
    return Scale(min(values) - pad, max(values) + pad, LEFT, _right(), position.lower_is_better)


def alt(kind: str, positions: Sequence[RatePosition], region: Region, parts: str) -> str:
    """Return what a chart of positions shows, in words, as its alternative text."""
    rows = []
    for position in positions:
        words = f"{position.metric.label}{position.own.text}"
        if position.median is not None:
            low, high = (position.printed(min_or_max(figure.number for figure in position.others)) for min_or_max in (min, max))
            words += f"，其余{parts}中位数{position.printed(position.median)}，最低{low}，最高{high}"
        words += f"，{marks.SAID[position.side]}" + (f"（{position.reason}）" if position.reason else "")
        if position.standing:
            words += f"，目标{position.standing.aim_text}{'，未达标' if position.is_missed else ''}"
        rows.append(words)
    return f"{kind}：{region.name}，{'；'.join(rows)}。"
