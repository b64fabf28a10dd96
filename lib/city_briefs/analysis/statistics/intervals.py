"""Intervals: the limits between which a rate or a count lies with 95 %, and those of the difference of two rates."""

from dataclasses import dataclass
from math import sqrt

from city_briefs.analysis.statistics import Z95


@dataclass(frozen=True)
class Interval:
    """The two limits, `low` and `high`, in the unit of the value: a share is from 0 to 1."""

    low: float
    high: float

    def scaled(self, factor: float) -> "Interval":
        """Return the interval times a factor, such as 100 for a percentage."""
        return Interval(self.low * factor, self.high * factor)

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two intervals have a value in common."""
        return self.low <= other.high and other.low <= self.high


def wilson(part: float, whole: float, z: float = Z95) -> Interval:
    """Return the interval of a share, `part` of `whole`, from 0 to 1. Source: Wilson 1927.

    `whole` is more than 0. `z` is 1.96 for two limits of 95 %, 1.645 for one.
    """
    share = part / whole
    middle = share + z * z / (2 * whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    divisor = 1 + z * z / whole
    return Interval(max(0.0, (middle - half) / divisor), min(1.0, (middle + half) / divisor))


def byar(count: float, exposure: float = 1.0, z: float = Z95) -> Interval:
    """Return the interval of a count, divided by its exposure. Source: Byar, in Breslow and Day 1987.

    `exposure` is what the count is counted over, such as the number of lifts; 1 for the count itself.
    """
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    above = count + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
    return Interval(max(0.0, low) / exposure, high / exposure)


def newcombe(part: float, whole: float, base_part: float, base_whole: float) -> Interval:
    """Return the interval of the difference of two shares, the first less the base. Source: Newcombe 1998."""
    share, base = part / whole, base_part / base_whole
    limits, base_limits = wilson(part, whole), wilson(base_part, base_whole)
    return Interval(
        share - base - sqrt((share - limits.low) ** 2 + (base_limits.high - base) ** 2),
        share - base + sqrt((limits.high - share) ** 2 + (base - base_limits.low) ** 2),
    )


def median_ranks(size: int) -> tuple[int, int]:
    """Return the ranks, from 1, of the two values between which the median lies. Source: Campbell and Gardner 1988.

    `size` is the number of values, at least 1; the ranks are kept within it.
    """
    low, high = round(size / 2 - Z95 / 2 * sqrt(size)), round(1 + size / 2 + Z95 / 2 * sqrt(size))
    return max(1, low), min(size, high)
