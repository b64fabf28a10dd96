"""Control charts: the usual range of a monthly number, and the month that lies outside of it.

Sources: NHS England, Making Data Count (XmR); Laney 2002 (p′).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from city_briefs.analysis.statistics.dispersion import RANGE, proportions_sigma

SIGMAS = 3  # standard deviations to either limit
BASELINE = 24  # months before the one that is judged
YEARS = 3  # full calendar years that seasonal factors need
RUN = 8  # months in succession on one side of the mean that are a signal


@dataclass(frozen=True)
class Limits:
    """The usual range: the mean of the baseline, and the two limits around it, in the unit of the values."""

    mean: float
    low: float
    high: float

    def is_outside(self, value: float) -> bool:
        """Return whether a value lies outside of the limits."""
        return not self.low <= value <= self.high


def xmr(baseline: Sequence[float]) -> Limits:
    """Return the limits of single values (XmR), from at least two values of the months before, in order."""
    mean = fmean(baseline)
    half = SIGMAS / RANGE * fmean(abs(later - earlier) for earlier, later in itertools.pairwise(baseline))
    return Limits(mean, mean - half, mean + half)


def laney(parts: Sequence[float], wholes: Sequence[float], whole: float) -> Limits:
    """Return the limits of a share in a month of `whole` (Laney's p′), from the months before; shares are from 0 to 1."""
    mean = sum(parts) / sum(wholes)
    half = SIGMAS * max(1.0, proportions_sigma(parts, wholes)) * sqrt(mean * (1 - mean) / whole)
    return Limits(mean, max(0.0, mean - half), min(1.0, mean + half))


def points(months: Sequence[float]) -> list[float]:
    """Return the eleven points of a year of twelve months: January and February are one, since the Spring Festival moves."""
    first, second, *rest = months
    return [(first + second) / 2, *rest]


def joined(first_month: int, months: int) -> list[list[int]]:
    """Return which of successive months, counted from 0, make each point: one, or a January and the February after it.

    `first_month` is the calendar month of the first, 1 to 12.
    """
    groups: list[list[int]] = []
    for place in range(months):
        is_february = (first_month - 1 + place) % 12 == 1
        if is_february and groups:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def series(first_month: int, months: Sequence[float]) -> tuple[list[float], list[int]]:
    """Return successive months as points, and which of the eleven points of a year each is, from 0.

    `first_month` is the calendar month of the first value, 1 to 12. A February that follows its January makes one point with it.
    """
    groups = joined(first_month, len(months))
    values = [fmean(months[place] for place in group) for group in groups]
    return values, [max(0, (first_month - 1 + group[0]) % 12 - 1) for group in groups]


def seasonal_factors(years: Sequence[Sequence[float]]) -> list[float]:
    """Return the seasonal factor of each of the eleven points of a year, 1 on average.

    `years` are the twelve months of each of the YEARS full calendar years before. A year without any event counts as even.
    """
    shares = [[point / fmean(year) if any(year) else 1.0 for point in year] for year in map(points, years)]
    factors = [fmean(of_point) for of_point in zip(*shares, strict=True)]
    return [factor / fmean(factors) for factor in factors]


def signal(baseline: Sequence[float], limits: Limits, value: float) -> str:
    """Return what makes the last value a signal: "outside" of the limits, a "run" on one side of the mean, or "" for none."""
    if limits.is_outside(value):
        return "outside"
    last = [*baseline, value][-RUN:]
    if len(last) == RUN and (all(item > limits.mean for item in last) or all(item < limits.mean for item in last)):
        return "run"
    return ""
