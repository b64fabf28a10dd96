"""Comparisons of two periods or two regions: the test, and whether the two are told apart.

Proportions are a part of a whole (passed of inspected), rates a count over an exposure (rescues per lift), counts are of
equally long periods. Two are told apart when chance alone would differ so much in fewer than 5 of 100 cases.
"""

from dataclasses import dataclass
from math import comb, copysign, exp, lgamma, sqrt
from statistics import NormalDist

from city_briefs.analysis.statistics import EXACT_COUNTS, EXPECTED, SMALL, Z95, Z998

NORMAL = NormalDist()
LEVEL = 0.05  # of an exact test


@dataclass(frozen=True)
class Comparison:
    """The outcome of a test: `z`, the difference in standard errors with its sign, and `p` of an exact test, None of any other."""

    z: float
    p: float | None = None

    @property
    def is_told_apart(self) -> bool:
        """Return whether the two are told apart with 95 %."""
        return abs(self.z) > Z95 if self.p is None else self.p < LEVEL

    @property
    def is_marked(self) -> bool:
        """Return whether the two are told apart with 99.8 %, which 明显 needs."""
        return abs(self.z) > Z998


def two_proportions(part: float, whole: float, base_part: float, base_whole: float, dispersion: float = 1.0) -> Comparison | None:
    """Compare two parts of wholes; None when a whole is below SMALL.

    The test is exact (Fisher, two-sided) where events or the others are few, and dispersion does not enter it.
    """
    if min(whole, base_whole) < SMALL:
        return None
    share = (part + base_part) / (whole + base_whole)
    difference = part / whole - base_part / base_whole
    if any(size * rest < EXPECTED for size in (whole, base_whole) for rest in (share, 1 - share)):
        return _exact(_fisher(round(part), round(whole), round(base_part), round(base_whole)), difference)
    return Comparison(difference / sqrt(dispersion * share * (1 - share) * (1 / whole + 1 / base_whole)))


def two_rates(count: float, exposure: float, base_count: float, base_exposure: float, dispersion: float = 1.0) -> Comparison:
    """Compare two counts over their exposures; exact (binomial, two-sided) where the two counts are few."""
    difference = count / exposure - base_count / base_exposure
    if count + base_count < EXACT_COUNTS:
        expected = exposure / (exposure + base_exposure)
        return _exact(_binomial(round(count), round(count + base_count), expected), difference)
    rate = (count + base_count) / (exposure + base_exposure)
    return Comparison(difference / sqrt(dispersion * rate * (1 / exposure + 1 / base_exposure)))


def two_counts(count: float, base_count: float, dispersion: float = 1.0) -> Comparison:
    """Compare two counts of equally long periods; exact (binomial at one half, two-sided) where they are few."""
    return two_rates(count, 1.0, base_count, 1.0, dispersion)


def _exact(p: float, difference: float) -> Comparison:
    """Return the comparison of an exact test, with the z that has the same p and the sign of the difference."""
    size = NORMAL.inv_cdf(1 - min(max(p, 1e-300), 1.0) / 2) if p > 1e-15 else 8.0
    return Comparison(copysign(size, difference) if difference else 0.0, p)


def _log_choose(size: int, chosen: int) -> float:
    """Return the logarithm of the number of ways to choose."""
    return lgamma(size + 1) - lgamma(chosen + 1) - lgamma(size - chosen + 1)


def _two_sided(probabilities: dict[int, float], observed: int) -> float:
    """Return the sum of all probabilities that are no larger than that of the observed value."""
    limit = probabilities[observed] * (1 + 1e-7)
    return min(1.0, sum(probability for probability in probabilities.values() if probability <= limit))


def _fisher(part: int, whole: int, base_part: int, base_whole: int) -> float:
    """Return p of Fisher's exact test, two-sided."""
    parts = part + base_part
    total = _log_choose(whole + base_whole, parts)
    probabilities = {
        number: exp(_log_choose(whole, number) + _log_choose(base_whole, parts - number) - total)
        for number in range(max(0, parts - base_whole), min(whole, parts) + 1)
    }
    return _two_sided(probabilities, part)


def _binomial(count: int, size: int, expected: float) -> float:
    """Return p of the exact binomial test, two-sided. `expected` is the share of the count that is expected."""
    probabilities = {
        number: comb(size, number) * expected**number * (1 - expected) ** (size - number) for number in range(size + 1)
    }
    return _two_sided(probabilities, count)
