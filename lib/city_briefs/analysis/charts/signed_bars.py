"""Signed bars: what each part adds, right of zero, or takes away, left of it and hollow, so that grey print tells them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from city_briefs.analysis.charts.chart import Chart, bare, drawn_twice, style, svg, width_in_hand
from city_briefs.analysis.charts.labels import LEADING, SMALL, width, wrapped
from city_briefs.analysis.charts.svg_canvas import PlainAxes
from city_briefs.analysis.figures import number_format
from city_briefs.common.characters import adjoined
from city_briefs.common.theme import ACCENT, INK, LINE, MUTED, PALE

ROW = 0.2  # inches for one part whose name stands in one line
KEY = 0.3  # inches for the key, under the rows
BAR = 0.11  # inches, the height of a bar
NAME = 2.0  # inches of a line of a name
PART = 0.4  # of the width of a drawing that a line of a name may take
BESIDE = 0.1  # inches between names, bars and numbers
DECIMALS = 2
WHOLE_MARK = 0.075  # inches, half the mark of the province


@dataclass(frozen=True)
class Bar:
    """A bar: the name of a part, what it adds, and what it adds in the province; None where that is not compared.

    `label` stands at its right, or its size where it is empty.
    """

    name: str
    size: Decimal
    of_whole: Decimal | None = None
    label: str = ""


def signed_bars(
    bars: Sequence[Bar], words: tuple[str, str], whole: str, caption: str, *, is_told_apart: bool = True, across: float = 0.0
) -> Chart:
    """Draw bars in the given order, at least one, with their numbers in a column at the right.

    `words` say what a bar to the right and one to the left is, such as 拉动 and 拉低. `whole` is what the province is called, whose marks
    are drawn where they are given. What is not told apart from chance is drawn pale. `across` are the inches of a drawing within a block,
    which has no key; without, it is as wide as the page, and drawn for a narrow screen too.
    """
    draw = _drawn if across else drawn_twice(_drawn)
    return draw(bars, words, whole, caption, is_told_apart=is_told_apart, across=across)


def _drawn(bars: Sequence[Bar], words: tuple[str, str], whole: str, caption: str, *, is_told_apart: bool, across: float) -> Chart:
    """Draw the bars."""
    has_key, across = not across, across or width_in_hand()
    names = [wrapped(bar.name, min(NAME, PART * across)) for bar in bars]
    rows = [ROW + LEADING * name.count("\n") for name in names]
    height = sum(rows) + (KEY if has_key else 0)
    labels = [_label(bar) for bar in bars]
    left, right = (
        max(width(line) for name in names for line in name.split("\n")) + 2 * BESIDE,
        across - max(map(width, labels)) - 2 * BESIDE,
    )
    sizes = [float(size) for bar in bars for size in (bar.size, bar.of_whole) if size is not None]
    low, high = min(0.0, *sizes), max(0.0, *sizes)
    scale = (right - left) / (high - low or 1.0)
    zero = left - low * scale
    solid = ACCENT if is_told_apart else PALE
    with style():
        figure = Canvas(figsize=(across, height))
        axes = figure.add_axes((0, 0, 1, 1), axes_class=PlainAxes)  # its units are inches
        for place, (bar, name, label) in enumerate(zip(bars, names, labels, strict=True)):
            y = sum(rows[:place]) + rows[place] / 2
            _bar(axes, zero, y, float(bar.size) * scale, solid)
            if bar.of_whole is not None:
                x = zero + float(bar.of_whole) * scale
                axes.plot([x, x], [y - WHOLE_MARK, y + WHOLE_MARK], color=INK, lw=1.6, solid_capstyle="butt", zorder=4)
            axes.annotate(name, (left - BESIDE, y), ha="right", va="center", color=INK, linespacing=1.1)
            axes.annotate(label, (across - BESIDE / 2, y), ha="right", va="center", color=INK)
        axes.plot([zero, zero], [0.02, sum(rows) - 0.02], color=LINE, lw=0.6, zorder=0)
        if has_key:
            _key(axes, left, height - KEY / 2, words, whole if any(bar.of_whole is not None for bar in bars) else "", solid)
        axes.set(xlim=(0, across), ylim=(height, 0), xticks=[], yticks=[], xlabel="", ylabel="")
        bare(axes)
        drawn = svg(figure)
    return Chart(drawn, _alt(bars, whole, caption), caption)


def _bar(axes: Axes, x: float, y: float, length: float, solid: str) -> None:
    """Draw a bar from `x`, filled to the right and hollow to the left."""
    look: dict[str, Any] = {"facecolor": solid, "edgecolor": solid}
    if length < 0:
        look = {"facecolor": "white", "edgecolor": _edge(solid)}
    axes.add_patch(Rectangle((x, y - BAR / 2), length, BAR, linewidth=0.6, zorder=3, **look))


def _edge(solid: str) -> str:
    """Return the colour of the edge of a hollow bar beside filled ones of a colour."""
    return LINE if solid == PALE else INK


def _key(axes: Axes, x: float, y: float, words: tuple[str, str], whole: str, solid: str) -> None:
    """Draw the key under the bars, `y` inches from the top; empty `whole` has no mark."""
    for length, word in ((0.2, words[0]), (-0.2, words[1])):
        _bar(axes, x if length > 0 else x - length, y, length, solid)
        axes.annotate(word, (x + 0.27, y), ha="left", va="center", color=MUTED, size=SMALL)
        x += 0.27 + width(word, SMALL) + 0.2
    if whole:
        axes.plot([x + 0.05, x + 0.05], [y - WHOLE_MARK, y + WHOLE_MARK], color=INK, lw=1.6, solid_capstyle="butt")
        axes.annotate(whole, (x + 0.15, y), ha="left", va="center", color=MUTED, size=SMALL)


def _label(bar: Bar) -> str:
    return bar.label or _points(bar.size)


def _points(size: Decimal) -> str:
    return number_format.signed(size, "", DECIMALS)


def _alt(bars: Sequence[Bar], whole: str, caption: str) -> str:
    """Return what the chart shows, in words, as its alternative text."""
    listed = "、".join(
        f"{adjoined(bar.name, _label(bar))}{'' if bar.of_whole is None else f'（{adjoined(whole, _points(bar.of_whole))}）'}"
        for bar in bars
    )
    return f"条形图：{caption}，{listed}。"
