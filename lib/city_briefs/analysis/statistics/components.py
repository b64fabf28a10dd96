"""Components: what each part adds to the growth of the whole, and what structure and level add to the change of a rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import cycle, islice
from math import sqrt

HUNDREDTH = Decimal("0.01")


def contributions(now: Sequence[int | Decimal], base: Sequence[int | Decimal]) -> tuple[list[Decimal], Decimal]:
    """Return what each part adds to the growth of the whole, and that growth, in percent with two decimals.

    The parts add up to the growth as printed: what rounding leaves goes to the largest remainders. The whole of `base` is not 0.
    """
    whole = Decimal(sum(base))
    exact = [100 * (Decimal(later) - Decimal(earlier)) / whole for later, earlier in zip(now, base, strict=True)]
    growth = (100 * (Decimal(sum(now)) - whole) / whole).quantize(HUNDREDTH, ROUND_HALF_UP)
    return largest_remainder(exact, growth), growth


def largest_remainder(exact: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """Return numbers rounded to two decimals that add up to the total; the earlier part goes first among equal remainders.

    The total has two decimals. It may be less than the rounded-down numbers come to: the smallest remainders then give it back.
    """
    rounded = [value.quantize(HUNDREDTH, ROUND_FLOOR) for value in exact]
    missing = int((total - sum(rounded)) / HUNDREDTH)
    by_remainder = sorted(range(len(exact)), key=lambda part: rounded[part] - exact[part])
    step = HUNDREDTH if missing > 0 else -HUNDREDTH
    for part in islice(cycle(by_remainder if missing > 0 else by_remainder[::-1]), abs(missing)):
        rounded[part] += step
    return rounded


@dataclass(frozen=True)
class RateChange:
    """The change of a rate in two terms that add up to it: `structure`, by other weights, and `level`, by other rates."""

    structure: float
    level: float


def rate_change(
    parts: Sequence[float], wholes: Sequence[float], base_parts: Sequence[float], base_wholes: Sequence[float]
) -> RateChange:
    """Return the two terms of the change of a rate over groups, from 0 to 1. Every whole is more than 0. Source: Kitagawa 1955."""
    terms = rate_changes(parts, wholes, base_parts, base_wholes)
    return RateChange(sum(term.structure for term in terms), sum(term.level for term in terms))


def rate_changes(
    parts: Sequence[float], wholes: Sequence[float], base_parts: Sequence[float], base_wholes: Sequence[float]
) -> list[RateChange]:
    """Return what each group adds to the two terms of `rate_change`.

    A group adds to the structure when its weight grows and its rate is above the mean of both years: since weights add up to 1, the sum
    is that of the weights times the rates themselves.
    """
    weights = [whole / sum(wholes) for whole in wholes]
    base_weights = [whole / sum(base_wholes) for whole in base_wholes]
    rates = [part / whole for part, whole in zip(parts, wholes, strict=True)]
    base_rates = [part / whole for part, whole in zip(base_parts, base_wholes, strict=True)]
    mean = (sum(parts) / sum(wholes) + sum(base_parts) / sum(base_wholes)) / 2
    groups = zip(weights, base_weights, rates, base_rates, strict=True)
    return [
        RateChange(
            structure=(weight - before) * ((rate + base) / 2 - mean),
            level=(rate - base) * (weight + before) / 2,
        )
        for weight, before, rate, base in groups
    ]


def two_year_average(now: float, two_years_before: float) -> float:
    """Return the average growth of two years, 0.05 for five percent. `two_years_before` is more than 0."""
    return sqrt(now / two_years_before) - 1
