"""Pending outcomes: the rate when all are known, projected from what became of those that were open a year before; and revisions."""

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt

from city_briefs.analysis.statistics import SMALL, Z95
from city_briefs.analysis.statistics.intervals import Interval

REVISED, FEWEST = 8, 3  # periods of which revisions are averaged: at most, and at least


def projection(size: int, decided: int, still_open: int, later_decided: int, then_open: int) -> tuple[float, Interval] | None:
    """Return the projected share and its interval, from 0 to 1; None when fewer than SMALL were open then.

    Of `size` cases `decided` have the outcome and `still_open` are open. Of the `then_open` cases that were open at the same lag a
    year before, `later_decided` had it within the year. The interval never leaves what is still possible.
    """
    if then_open < SMALL:
        return None
    rate = later_decided / then_open
    point = (decided + still_open * rate) / size
    variance = (still_open * rate * (1 - rate) + still_open**2 * rate * (1 - rate) / then_open) / size**2
    half = Z95 * sqrt(variance)
    return point, Interval(max(decided / size, point - half), min((decided + still_open) / size, point + half))


def mean_absolute_revision(revisions: Sequence[Decimal]) -> Decimal | None:
    """Return the mean of the last REVISED revisions without their signs, in their unit; None for fewer than FEWEST.

    `revisions` are of final periods, in their order: the value now less the value first issued.
    """
    last = [abs(revision) for revision in revisions[-REVISED:]]
    return sum(last, Decimal(0)) / len(last) if len(last) >= FEWEST else None
