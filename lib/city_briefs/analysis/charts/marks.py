"""Marks: what the own region, another one, a median, a target and an interval look like, and the key that names them.

The own mark is the darkest and the largest. Better and worse differ by its shape and by a word, so that grey print tells them apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from city_briefs.analysis.assessments.rate_positions import Side
from city_briefs.analysis.charts.chart import width_in_hand
from city_briefs.analysis.charts.labels import SMALL, width
from city_briefs.common.theme import INK, MUTED, OTHERS, OWN

OWN_SIZE, OTHERS_SIZE = 7.0, 4.6  # points
KEY_ROW, KEY_LEFT = 0.24, 0.05  # inches of a row of a key, and at which it begins
MARK, BETWEEN = 0.2, 0.14  # inches for the mark of an entry, and between two entries
TALL = 0.085  # inches, half the height of the mark of a median or a target
SHAPES: dict[Side, str] = {"better": "o", "worse": "s", "above": "^", "below": "v", "alike": "o", "untested": "D"}
HOLLOW: tuple[Side, ...] = ("alike", "untested")
SAID: dict[Side, str] = {
    "better": "好于中位数",
    "worse": "差于中位数",
    "above": "高于中位数",
    "below": "低于中位数",
    "alike": "与中位数分不出",
    "untested": "不作比较",
}
Draw = Callable[[Axes, float, float], object]  # a mark at a place


@dataclass(frozen=True)
class Scale:
    """A row of values laid between two places of a drawing, in inches; `is_turned` has the greatest at the left."""

    low: float
    high: float
    left: float
    right: float
    is_turned: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value; one beyond the ends is at the end."""
        part = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        part = min(max(part, 0.0), 1.0)
        return self.left + (1 - part if self.is_turned else part) * (self.right - self.left)


def own(axes: Axes, x: float, y: float, side: Side = "better") -> None:
    """Draw the mark of the own region, in the shape of the side on which it lies."""
    face = "white" if side in HOLLOW else OWN
    size = OWN_SIZE - 1 if SHAPES[side] in "sD" else OWN_SIZE
    axes.plot([x], [y], ls="", marker=SHAPES[side], ms=size, color=face, mec=OWN, mew=1.3, zorder=6, clip_on=False)


def others(axes: Axes, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Draw the marks of other regions."""
    axes.plot(xs, ys, ls="", marker="|", ms=OTHERS_SIZE + 2, color=OTHERS, mew=0.9, zorder=2, clip_on=False)


def interval(axes: Axes, ends: Sequence[float], y: float) -> None:
    """Draw the interval of the own region between two places."""
    axes.plot(ends, [y, y], color=OWN, lw=1.5, solid_capstyle="butt", zorder=5, clip_on=False)


def middle(axes: Axes, x: float, y: float) -> None:
    """Draw the mark of a median: a high bar, paler than the own mark."""
    axes.plot([x, x], [y - TALL, y + TALL], color=OTHERS, lw=2.6, solid_capstyle="butt", zorder=3, clip_on=False)


def target(axes: Axes, x: float, y: float) -> None:
    """Draw the mark of a target: a broken line."""
    axes.plot([x, x], [y - TALL - 0.02, y + TALL + 0.02], color=INK, lw=1.1, ls=(0, (2, 1.2)), zorder=4, clip_on=False)


def small(axes: Axes, x: float, y: float, words: str, **more: Any) -> None:
    """Write small words, in the colour of notes and from `x` on, unless told otherwise."""
    more = {"ha": "left", "va": "center", "color": MUTED, "size": SMALL, "linespacing": 1.15, **more}
    axes.annotate(words, (x, y), annotation_clip=False, **more)


@dataclass(frozen=True)
class Key:
    """The key of a chart at its top: words, then the marks with what they mean, in as many rows as they need."""

    entries: Sequence[tuple[Draw, str]]
    before: str = ""

    @property
    def height(self) -> float:
        """The inches that it takes."""
        return KEY_ROW * (1 + max((row for row, _ in self._places()), default=0))

    def draw(self, axes: Axes) -> None:
        """Draw it at the top of axes whose units are inches."""
        if self.before:
            small(axes, KEY_LEFT, KEY_ROW / 2, self.before)
        for (mark, words), (row, x) in zip(self.entries, self._places(), strict=True):
            y = KEY_ROW * (row + 0.5)
            mark(axes, x + 0.08, y)
            small(axes, x + MARK, y, words)

    def _places(self) -> list[tuple[int, float]]:
        """Return the row of each entry, from 0, and where it begins, in inches."""
        row, x, places = 0, KEY_LEFT + (width(self.before, SMALL) + MARK if self.before else 0.0), []
        for _, words in self.entries:
            wide = MARK + width(words, SMALL)
            if x + wide > width_in_hand() and x > KEY_LEFT:
                row, x = row + 1, KEY_LEFT
            places.append((row, x))
            x += wide + BETWEEN
        return places


def of_side(side: Side) -> tuple[Draw, str]:
    """Return the entry of a key for the own mark on a side."""
    return lambda axes, x, y: own(axes, x, y, side), SAID[side]
