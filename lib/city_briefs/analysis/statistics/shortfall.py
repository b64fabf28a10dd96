"""Shortfalls: how many cases a share is away from a threshold, in whole numbers and exactly.

Each function returns the fewest cases, never fewer than none, after which the share is where it must be; one fewer is not enough. None
means that no number of cases brings it there. A share must be at most the threshold, or at least; `strictly` asks it to be past it.
"""

from fractions import Fraction
from math import ceil, floor


def to_close(part: int, whole: Fraction | int, threshold: Fraction, *, from_both: bool, strictly: bool = False) -> int | None:
    """Return how many cases of a part to close until its share is at most the threshold, all else equal.

    A case that is closed leaves the part; if `from_both`, it leaves the whole too.
    """
    if from_both and threshold >= 1:
        return 0 if not strictly or threshold > 1 or part < whole else None
    over = part - threshold * whole
    closed = fewest(over / (1 - threshold) if from_both else over, strictly=strictly)
    left = whole - closed if from_both else whole
    return closed if closed <= part and left > 0 else None


def to_add(part: int, whole: Fraction | int, threshold: Fraction, *, strictly: bool = False) -> int:
    """Return how many cases a part lacks until its share of the same whole is at least the threshold."""
    return fewest(threshold * whole - part, strictly=strictly)


def more_without(part: int, whole: int, threshold: Fraction, *, strictly: bool = False) -> int | None:
    """Return how many more cases, none of which is of the part, bring its share down to the threshold."""
    if threshold <= 0:
        return 0 if not part and not strictly else None
    return fewest(Fraction(part) / threshold - whole, strictly=strictly)


def more_with(part: int, whole: int, threshold: Fraction, *, strictly: bool = False) -> int | None:
    """Return how many more cases, all of which are of the part, bring its share up to the threshold."""
    return more_without(whole - part, whole, 1 - threshold, strictly=strictly)


def fewest(lacking: Fraction, *, strictly: bool) -> int:
    """Return the fewest whole cases that are at least what is lacking; more than that, if `strictly`."""
    return max(0, floor(lacking) + 1 if strictly else ceil(lacking))
