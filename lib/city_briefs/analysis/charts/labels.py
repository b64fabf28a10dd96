"""Words on a chart: their width, and their lines, so that none runs into another."""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

from city_briefs.analysis.charts.chart import FACE, SIZE, any_character
from city_briefs.analysis.charts.svg_canvas import measures
from city_briefs.analysis.figures.figure import Figure
from city_briefs.common.theme import SANS
from city_briefs.common.theme.fonts import SHAPES

INCH = 72  # points
UNKNOWN = "无完整数据"  # stands for the value of a year
NEXT_TO_NOTHING = 0.01  # inches
REGION = 1.2  # inches, of the name of a region: ten characters
LEADING = 0.135  # inches from one line of words to the next
HEADROOM = 0.92  # of a scale, up to which a number may stand beside it
WIDTHS = 1 << 14  # lines of words whose width is kept: those of some chapters
SMALL = 8.0  # points, of headings, keys and what else stands small; nothing is set smaller


@lru_cache(maxsize=WIDTHS)
def width(words: str, size: float = SIZE) -> float:
    """Return the inches that a line of words takes in print; `size` is in points. A character that no face has is printed as its code."""
    drawable = all(map(FACE.get_char_index, map(ord, words)))  # then the other faces need not be read
    printed = words if drawable else words.translate(SHAPES)
    with any_character():
        points, *_ = measures(printed, FontProperties(family=SANS, size=size))
    return float(points) / INCH


def cut(words: str, most: float = REGION, size: float = SIZE) -> str:
    """Return the words, or as many of them as fit into `most` inches with “…”. The alternative text and the tables have all of them."""
    if width(words, size) <= most:
        return words
    return next(f"{words[:many]}…" for many in itertools.count(1) if width(f"{words[: many + 1]}…", size) > most)


def wrapped(words: str, most: float, size: float = SIZE) -> str:
    """Return the words in as few lines of at most `most` inches as hold them, of about equal length.

    Digits and letters stay together; no line begins or ends with the wrong mark.
    """
    parts = re.findall(r"[“（]*(?:[0-9A-Za-z]+|.)[”）、]*", words)
    fits = (lines for number in itertools.count(1) if len(lines := _lines(parts, number, most, size)) <= number)
    return "\n".join(next(fits))


def few_ticks(low: float, high: float, most: int) -> list[float]:
    """Return a few round numbers between two ends, none so near the upper one that its label would leave the drawing."""
    inside = [
        float(number) for number in MaxNLocator(most).tick_values(low, high) if low <= number <= low + HEADROOM * (high - low)
    ]
    return inside or [low + (high - low) / 2]


def place(rank: Figure) -> str:
    """Return a place as a cell: 4（1—8）, with the first and the last that are possible."""
    assert rank.interval is not None
    first, last = int(rank.interval.low), int(rank.interval.high)
    return f"{int(rank.number)}（{first}—{last}）" if first != last else f"{int(rank.number)}（{first}）"


def _lines(parts: Sequence[str], number: int, most: float, size: float) -> list[str]:
    """Return the parts in lines of at most `most` inches, each about as long as the rest would be in the rest of `number` equal lines."""
    lines: list[str] = []
    ahead = list(parts)
    while ahead:
        even = width("".join(ahead), size) / max(number - len(lines), 1)
        line = ahead.pop(0)
        while ahead and width(line, size) < even - NEXT_TO_NOTHING and width(line + ahead[0], size) <= most:
            line += ahead.pop(0)
        lines.append(line)
    return lines
