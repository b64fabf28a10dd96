"""Ranking: all cities in order, this one marked, with the province's value as a line where the two can be compared."""

from collections.abc import Sequence
from decimal import Decimal

import seaborn as sns

from lib import text
from lib.charts.chart import WIDTH, Chart, bare, canvas, style, svg
from lib.charts.labels import cut, width
from lib.figure import Figure
from lib.look import ACCENT, INK, LINE, MUTED, PALE
from lib.regions import Region

ROW = 0.19  # inches for one city
BESIDE = 0.1  # inches between a dot and its label, and between a name and the dots


def ranking(figures: Sequence[Figure], marked: Region, province: Figure | None = None) -> Chart:
    """Figures of one view for all cities, the best first; those refused stand last and say so."""
    better = figures[0].metric.better
    known = sorted((figure for figure in figures if figure.value is not None), key=_value, reverse=better != "lower")
    ordered = [*known, *(figure for figure in figures if figure.value is None)]
    names = [cut(figure.region.short) for figure in ordered]
    edge = min([0.0, *(float(_value(figure)) for figure in known)])
    lengths = [float(figure.value) if figure.value is not None else edge for figure in ordered]
    colours = [ACCENT if figure.region == marked else INK for figure in ordered]
    with style():
        figure = canvas(ROW * (len(ordered) + 1) + 0.2)
        axes = figure.subplots()
        dots = len(known)  # a city without a value has a row and no dot
        axes.hlines(range(dots), 0, lengths[:dots], color=PALE, lw=1.4)
        sns.scatterplot(
            x=lengths[:dots], y=range(dots), hue=[figure.region.code for figure in known], palette=colours[:dots],
            s=30, legend=False, linewidth=0, ax=axes, zorder=3,
        )  # fmt: skip
        for place, (one, length, colour) in enumerate(zip(ordered, lengths, colours, strict=True)):
            right = length >= 0 or one.value is None
            axes.annotate(
                _label(one), (length, place), xytext=(6 if right else -6, 0), textcoords="offset points",
                ha="left" if right else "right", va="center", color=colour if one.value is not None else MUTED,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
            )  # fmt: skip
        if province is not None and province.value is not None:
            axes.axvline(float(province.value), color=LINE, lw=0.7, ls=(0, (3, 3)), zorder=0)
            axes.annotate(
                f"{province.region.whole} {_label(province)}", (float(province.value), -1), xytext=(3, 0),
                textcoords="offset points", ha="left", va="center", color=MUTED,
            )  # fmt: skip
        axes.set_xlim(*_limits(known, province, max(map(width, names))))
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


def _limits(known: Sequence[Figure], province: Figure | None, names: float) -> tuple[float, float]:
    """Where the scale begins and ends, so that the labels on either side of the dots have the inches that they need."""
    values = [float(_value(figure)) for figure in known]
    wide = [width(_label(figure)) + BESIDE for figure in known]
    left = max([0.0, *(needed for needed, value in zip(wide, values, strict=True) if value < 0)])
    if province is not None and province.value is not None:
        values, wide = [*values, float(province.value)], [*wide, width(f"{province.region.whole} {_label(province)}") + BESIDE]
    low, high = min([0.0, *values]), max([0.0, *values])
    right = max([0.0, *wide])
    inch = (high - low or 1.0) / (WIDTH - names - 2 * BESIDE - left - right)
    return low - (left + BESIDE / 2) * inch, high + right * inch


def _value(figure: Figure) -> Decimal:
    assert figure.value is not None
    return figure.value


def _label(figure: Figure) -> str:
    return text.signed(figure.value) if figure.view == "yoy" and figure.value is not None else figure.text


def _alt(what: str, ordered: Sequence[Figure], marked: Region, province: Figure | None) -> str:
    said = "、".join(f"{figure.region.short}{figure.text}" for figure in ordered)
    own = "".join(f"{marked.name}在图中列第{place}。" for place, figure in enumerate(ordered, start=1) if figure.region == marked)
    whole = f"{province.region.whole}{province.text}。" if province is not None and province.value is not None else ""
    return f"排序图：{what}，{said}。{own}{whole}"
