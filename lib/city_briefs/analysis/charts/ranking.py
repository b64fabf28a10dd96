"""Ranking: all cities in order, this one marked, with the province's value as a line where the two can be compared."""

from collections.abc import Sequence

import seaborn as sns

from city_briefs.analysis.charts.chart import WIDTH, Chart, bare, canvas, style, svg
from city_briefs.analysis.charts.labels import cut, width
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, PALE

ROW = 0.19  # inches for one city
BESIDE = 0.1  # inches between the dots and the names and numbers on either side of them
DOT = 0.06  # inches, half of the space for one


def ranking(figures: Sequence[Figure], marked: Region, province: Figure | None = None) -> Chart:
    """Draw figures of one view for all cities, the best first, with their numbers in a column, and mark the city `marked`.

    A figure that is refused stands last, with words in place of its number. `province` is drawn as a line; None when it cannot be compared.
    """
    better = figures[0].metric.better
    valued = sorted(
        (figure for figure in figures if figure.value is not None), key=lambda figure: figure.number, reverse=better != "lower"
    )
    ordered = [*valued, *(figure for figure in figures if figure.value is None)]
    names = [cut(figure.region.short) for figure in ordered]
    lengths = [float(figure.number) for figure in valued]
    colours = [ACCENT if figure.region == marked else INK for figure in ordered]
    level = float(province.value) if province is not None and province.value is not None else None
    low, high, end = _scale([*lengths, *([level] if level is not None else [])], valued, max(map(width, names)))
    with style():
        figure = canvas(ROW * (len(ordered) + 1) + 0.2)
        axes = figure.subplots()
        dots = len(valued)  # a city without a value has a row and no dot
        axes.hlines(range(dots), lengths, high, color=PALE, lw=0.6, ls=":")
        axes.hlines(range(dots), 0, lengths, color=PALE, lw=1.4)
        sns.scatterplot(
            x=lengths, y=range(dots), hue=[figure.region.code for figure in valued], palette=colours[:dots],
            s=30, legend=False, linewidth=0, ax=axes, zorder=3,
        )  # fmt: skip
        for place, (ranked, colour) in enumerate(zip(ordered, colours, strict=True)):
            ink = colour if ranked.value is not None else MUTED
            axes.annotate(_label(ranked), (end, place), ha="right", va="center", color=ink)
        if province is not None and level is not None:
            left = level > (low + high) / 2
            axes.plot([level, level], [-1.4, dots - 0.5], color=LINE, lw=0.7, ls=(0, (3, 3)), zorder=0)
            axes.annotate(
                f"{province.region.whole} {_label(province)}", (level, -1), xytext=(-3 if left else 3, 0),
                textcoords="offset points", ha="right" if left else "left", va="center", color=MUTED,
            )  # fmt: skip
        axes.set_xlim(low, end)
        axes.set_ylim(len(ordered) - 0.4, -1.5)
        axes.set_yticks(range(len(ordered)), names)
        for label, colour in zip(axes.get_yticklabels(), colours, strict=True):
            label.set_color(colour)
        axes.set(xlabel="", ylabel="", xticks=[])
        bare(axes)
        drawn = svg(figure)
    first = ordered[0]
    what = first.metric.label + ("同比增减" if first.view == "yoy" else "")
    return Chart(drawn, _alt(what, ordered, marked, province), f"{first.period.text}各地区{what}")


def _scale(values: Sequence[float], valued: Sequence[Figure], names: float) -> tuple[float, float, float]:
    """Return where the dots begin and end, and where the column of numbers at their right ends, in the units of the values."""
    low, high = min([0.0, *values]), max([0.0, *values])
    numbers = max((width(_label(figure)) for figure in valued), default=0.0) + BESIDE
    margin = DOT * (high - low or 1.0) / (WIDTH - names - 2 * BESIDE - numbers - 2 * DOT)
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
