"""Steps of shade: values cut into few groups of about equal size, each with a grey of its own and a key beneath the chart."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from city_briefs.analysis.charts.labels import SMALL
from city_briefs.common.theme import INK, LINE

SHADES = ("#eef2f6", "#b9c6d4", "#8498ad", "#44596e")  # lightness falls by a sixth and more from step to step
ROWS = 1.5  # of the height of a box, from one row of a key to the next
WRITTEN = (INK, INK, INK, "#ffffff")  # what is written on them; contrast 5.6 and more


def steps(values: Sequence[Decimal]) -> list[int]:
    """Return the step of each value, from 0 for the smallest; equal values share one."""
    ordered = sorted(values)
    return [ordered.index(value) * len(SHADES) // len(ordered) for value in values]


def box(axes: Axes, corner: tuple[float, float], size: tuple[float, float], step: int | None, **line: Any) -> None:
    """Draw a box in the shade of its step; for None, which is no value, an empty one with a broken edge."""
    if step is None:
        edge: dict[str, Any] = {"facecolor": "none", "edgecolor": LINE, "linestyle": (0, (3, 2)), "linewidth": 0.7}
    else:
        edge = {"facecolor": SHADES[step], "edgecolor": "none"}
    axes.add_patch(Rectangle(corner, *size, **{**edge, **line}))


def key(
    axes: Axes,
    words: Sequence[tuple[int | None, str]],
    left: float,
    top: float,
    each: float,
    size: tuple[float, float],
    columns: int = 0,
) -> None:
    """Draw the key from `left`: for each step a box of `size` with its words, `each` from one box to the next.

    It stands in one row, or in rows of so many `columns`, which are half as high again as a box.
    """
    above = top
    for place, (step, label) in enumerate(words):
        row, column = divmod(place, columns or len(words))
        x, top = left + column * each, above + row * ROWS * size[1]
        box(axes, (x, top), size, step)
        if step is not None:
            axes.add_patch(Rectangle((x, top), *size, facecolor="none", edgecolor=LINE, linewidth=0.4))
        axes.annotate(
            label,
            (x + size[0], top + size[1] / 2),
            xytext=(4, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            color=INK,
            size=SMALL,
        )
