"""Ranking: cities in order, this one the darkest, with the province's value as a line where the two can be compared.

A rate is a dot with its interval of 95 % on a scale of its own; an amount or a growth is a dot at the end of a line from zero.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes

from city_briefs.analysis.charts.chart import Chart, bare, canvas, drawn_twice, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import SMALL, cut, width
from city_briefs.analysis.charts.region_rows import in_order
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import INK, LINE, MUTED, OTHERS, OWN, PALE

ROW = 0.19  # inches for one city
BESIDE = 0.1  # inches between the dots and the names and numbers on either side of them
DOT = 0.06  # inches, half of the space for one
DOTS = (20, 44)  # points squared, of the dots of other cities and of this one
SUBTITLE = 0.2  # inches for what is drawn, where the title is a message


@drawn_twice
def ranking(figures: Sequence[Figure], marked: Region, province: Figure | None = None, title: str = "") -> Chart:
    """Draw figures of one view for cities, the best first, with their numbers in a column, and mark the city `marked`.

    A figure that is refused stands last, with words in place of its number. `province` is drawn as a line; None when it cannot be compared.
    `title` is the message; empty has what is drawn in its place.
    """
    ordered = in_order(figures)
    valued = [figure for figure in ordered if figure.value is not None]
    names = [cut(figure.region.short) for figure in ordered]
    first = ordered[0]
    what = first.metric.label + ("同比增减" if first.view == "yoy" else "")
    drawn_is = f"{first.period.text}各地区{what}"
    level = float(province.value) if province is not None and province.value is not None else None
    low, high, end = _scale(valued, level, max(map(width, names)))
    with style():
        figure = canvas(ROW * (len(ordered) + 1) + 0.2 + (SUBTITLE if title else 0))
        axes = figure.subplots()
        if title:
            with_limits = "，横线为95%区间" if any(map(_limits, valued)) else ""
            axes.set_title(f"{drawn_is}{with_limits}", loc="left", size=SMALL, color=MUTED, pad=2)
        if province is not None and level is not None:
            _province(axes, province, level, len(valued), is_left=level > (low + high) / 2)
        _dots(axes, valued, marked, high)
        for place, ranked in enumerate(ordered):
            ink = INK if ranked.value is not None and ranked.region == marked else MUTED
            axes.annotate(_label(ranked), (end, place), ha="right", va="center", color=ink)
        axes.set_xlim(low, end)
        axes.set_ylim(len(ordered) - 0.4, -1.5)
        axes.set_yticks(range(len(ordered)), names)
        for label, ranked in zip(axes.get_yticklabels(), ordered, strict=True):
            label.set_color(INK if ranked.region == marked else MUTED)
        axes.set(xlabel="", ylabel="", xticks=[])
        bare(axes)
        drawn = svg(figure)
    return Chart(drawn, _alt(what, ordered, marked, province), title or drawn_is)


def _dots(axes: Axes, valued: Sequence[Figure], marked: Region, high: float) -> None:
    """Draw the dot of each city with its interval, or the line to it from zero; one without a value has a row and no dot."""
    places = range(len(valued))
    values = [float(figure.number) for figure in valued]
    own = [figure.region == marked for figure in valued]
    colours = [OWN if is_own else OTHERS for is_own in own]
    axes.hlines(places, values, high, color=PALE, lw=0.6, ls=":")
    if _is_rate(valued):
        spans = [_limits(figure) or (value, value) for figure, value in zip(valued, values, strict=True)]
        axes.hlines(places, *zip(*spans, strict=True), color=colours, lw=[1.8 if is_own else 0.9 for is_own in own])
    else:
        axes.hlines(places, 0, values, color=colours, lw=[2.2 if is_own else 1.2 for is_own in own])
    axes.scatter(values, places, s=[DOTS[is_own] for is_own in own], c=colours, linewidth=0, zorder=3)


def _province(axes: Axes, province: Figure, level: float, rows: int, *, is_left: bool) -> None:
    """Draw the line of the province behind the dots of so many cities, with its words on the left of it or on the right."""
    axes.plot([level, level], [-1.4, rows - 0.5], color=LINE, lw=0.7, ls=(0, (3, 3)), zorder=0)
    axes.annotate(
        f"{province.region.whole} {_label(province)}", (level, -1), xytext=(-3 if is_left else 3, 0),
        textcoords="offset points", ha="right" if is_left else "left", va="center", color=MUTED,
    )  # fmt: skip


def _is_rate(figures: Sequence[Figure]) -> bool:
    """Return whether figures are rates, which are drawn on a scale of their own."""
    return bool(figures) and figures[0].view == "value" and figures[0].metric.form == "ratio"


def _limits(figure: Figure) -> tuple[float, float] | None:
    """Return the limits of a rate; None where there are none."""
    return (figure.interval.low, figure.interval.high) if _is_rate([figure]) and figure.interval else None


def _scale(valued: Sequence[Figure], level: float | None, names: float) -> tuple[float, float, float]:
    """Return where the dots begin and end, and where the column of numbers at their right ends, in the units of the values."""
    values = [float(figure.number) for figure in valued] + ([level] if level is not None else [])
    values += [limit for figure in valued for limit in _limits(figure) or ()]
    values += [] if _is_rate(valued) else [0.0]
    low, high = min(values), max(values)
    numbers = max((width(_label(figure)) for figure in valued), default=0.0) + BESIDE
    margin = DOT * (high - low or 1.0) / (width_in_hand() - names - 2 * BESIDE - numbers - 2 * DOT)
    inch = margin / DOT
    return low - margin, high + margin, high + margin + numbers * inch


def _label(figure: Figure) -> str:
    return number_format.signed(figure.printed) if figure.view == "yoy" and figure.value is not None else figure.text


def _alt(what: str, ordered: Sequence[Figure], marked: Region, province: Figure | None) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    listed = "、".join(adjoined(figure.region.short, _label(figure)) for figure in ordered)
    own = "".join(f"{adjoined(figure.region.name, figure.text)}。" for figure in ordered if figure.region == marked)
    of_province = (
        f"{adjoined(province.region.whole, province.text)}。" if province is not None and province.value is not None else ""
    )
    return f"排序图：{what}，{listed}。{own}{of_province}"
