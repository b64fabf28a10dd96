"""Widths of the columns of a table in a Word document: as the block asks for them, but that each holds its longest number or date."""

import re
from collections.abc import Sequence

from city_briefs.common.blocks import TableBlock
from city_briefs.production.export.unbroken import WHOLE

RUN = re.compile("[!-~−≈▲▼↑↓—（）]+")  # numbers with their signs, and words of letters
LONGEST = 7.2  # em, of what a column has to hold: no column is sure to hold more
NAMES = 1.6  # the width of the first column, when none is asked for, in those of the others
TYPE, SMALL_TYPE = 10.5, 9.0  # pt
PADDING, CLOSE_PADDING = 8.0, 5.0  # pt, of both sides of a cell, and a little more


def widths(table: TableBlock, room: float, *, is_small: bool) -> list[float]:
    """Return the widths of the columns of a table as wide as `room`, in pt; `is_small` says that it has small type and close cells."""
    asked = table.get("widths") or [NAMES, *[1.0] * (len(table["header"]) - 1)]
    wished = [room * width / sum(asked) for width in asked]
    size, padding = (SMALL_TYPE, CLOSE_PADDING) if is_small else (TYPE, PADDING)
    columns = zip(table["header"], *table["rows"], strict=True)
    return held(wished, [longest(cells) * size + padding for cells in columns])


def held(wished: Sequence[float], least: Sequence[float]) -> list[float]:
    """Return widths of columns as they are wished for, but none under its least: the others give way, where they can."""
    missing = [max(need - wish, 0) for need, wish in zip(least, wished, strict=True)]
    spare = [max(wish - need, 0) for need, wish in zip(least, wished, strict=True)]
    if not any(missing) or not any(spare):
        return list(wished)
    given, taken = min(1, sum(spare) / sum(missing)), min(1, sum(missing) / sum(spare))
    return [wish + given * more - taken * less for wish, more, less in zip(wished, missing, spare, strict=True)]


def longest(cells: Sequence[str]) -> float:
    """Return how long the longest number, date or word of letters is in some cells, in em."""
    found = (_length(each[0]) for cell in cells for pattern in (RUN, WHOLE) for each in pattern.finditer(cell))
    return max((length for length in found if length <= LONGEST), default=0)


def _length(words: str) -> float:
    """Return about how long some words are, in em."""
    narrow = sum(letter.isascii() or letter == "−" for letter in words)
    return 0.6 * narrow + (len(words) - narrow)
