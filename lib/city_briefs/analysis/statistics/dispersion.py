"""Dispersion (φ): how many times more numbers vary than chance alone makes them; 1 where they vary no more."""

import itertools
from collections.abc import Sequence
from math import sqrt
from statistics import fmean

RANGE = 1.128  # the mean moving range of two, in standard deviations
MONTHS = 24  # months that an estimate needs
TRIMMED = 10  # of so many regions one at either end is drawn in


def proportions_sigma(parts: Sequence[float], wholes: Sequence[float]) -> float:
    """Return how many times the standard deviation of chance successive proportions vary (σ of Laney's p′).

    `parts` and `wholes` are of successive periods, at least two, in order; each whole is more than 0. 0 where nothing varies.
    """
    mean = sum(parts) / sum(wholes)
    if mean in (0.0, 1.0):
        return 0.0
    deviations = [(part / whole - mean) / sqrt(mean * (1 - mean) / whole) for part, whole in zip(parts, wholes, strict=True)]
    return _moving_range(deviations) / RANGE


def counts_sigma(counts: Sequence[float], factors: Sequence[float]) -> float:
    """Return how many times the standard deviation of chance successive counts vary.

    `factors` are the seasonal factors of their months, each more than 0; the counts are compared after division by them.
    """
    adjusted = [count / factor for count, factor in zip(counts, factors, strict=True)]
    mean = fmean(adjusted)
    if not mean:
        return 0.0
    return _moving_range([(value - mean) / sqrt(mean / factor) for value, factor in zip(adjusted, factors, strict=True)]) / RANGE


def rates_sigma(counts: Sequence[float], exposures: Sequence[float]) -> float:
    """Return how many times the standard deviation of chance successive counts over their exposures vary (σ of Laney's u′).

    `counts` and `exposures` are of successive periods, at least two, in order; each exposure is more than 0.
    """
    rate = sum(counts) / sum(exposures)
    if not rate:
        return 0.0
    return (
        _moving_range(
            [(count / exposure - rate) / sqrt(rate / exposure) for count, exposure in zip(counts, exposures, strict=True)]
        )
        / RANGE
    )


def over_time(sigma: float) -> float:
    """Return the dispersion that a σ over time means: its square, at least 1."""
    return max(1.0, sigma * sigma)


def across(deviations: Sequence[float]) -> float:
    """Return the dispersion of the deviations of regions, in standard errors, after the extremes were drawn in (winsorised).

    So one region that truly stands out does not hide itself. `deviations` has at least one. Source: Spiegelhalter 2005.
    """
    ordered = sorted(deviations)
    drawn_in = max(1, len(ordered) // TRIMMED)
    if len(ordered) > 2 * drawn_in:
        ordered[:drawn_in] = [ordered[drawn_in]] * drawn_in
        ordered[-drawn_in:] = [ordered[-drawn_in - 1]] * drawn_in
    return max(1.0, fmean(value * value for value in ordered))


def _moving_range(values: Sequence[float]) -> float:
    """Return the mean difference of successive values, without signs."""
    return fmean(abs(later - earlier) for earlier, later in itertools.pairwise(values))
