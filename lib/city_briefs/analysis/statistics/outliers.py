"""Outliers: the regions that stand out from the others in a rate, with all rates and regions tested together.

Sources: Spiegelhalter 2005 (funnels), Benjamini and Hochberg 1995 (many tests).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, exp, lgamma, log, sqrt
from statistics import NormalDist

from city_briefs.analysis.statistics import EXPECTED, SMALL, dispersion

NORMAL = NormalDist()
FEWEST = 5  # regions with a base that is large enough; of fewer none is compared
FALSE_RATE = 0.05  # the share of those found that may be due to chance
NEGLIGIBLE = 1e-17  # of a sum of probabilities; what is less does not change it


@dataclass(frozen=True)
class Deviation:
    """How far a region lies from the others: `z` in standard errors, and `adjusted`, z after the dispersion of all regions."""

    z: float
    adjusted: float

    @property
    def p(self) -> float:
        """Return the probability that chance and the usual spread make a deviation so large."""
        return 2 * (1 - NORMAL.cdf(abs(self.adjusted)))


def deviations(
    parts: Sequence[float], bases: Sequence[float], *, proportion: bool = True
) -> tuple[float, list[Deviation | None]]:
    """Return the dispersion of a rate, and the deviation of each region from the pooled rate of the others.

    `parts` and `bases` are the halves of the rate by region. Of a `proportion` the part is of its base; else it is a count over an
    exposure. A region whose base is below SMALL has None; where fewer than FEWEST remain, all have None.
    """
    kept = [place for place, base in enumerate(bases) if base >= SMALL]
    nothing: list[Deviation | None] = [None] * len(bases)
    total, whole = sum(parts[place] for place in kept), sum(bases[place] for place in kept)
    if len(kept) < FEWEST or not total or (proportion and total == whole):
        return 1.0, nothing
    z = {
        place: _deviation(parts[place], bases[place], total - parts[place], whole - bases[place], proportion=proportion)
        for place in kept
    }
    spread = dispersion.across(list(z.values()))
    for place, value in z.items():
        nothing[place] = Deviation(value, value / sqrt(spread))
    return spread, nothing


def _deviation(part: float, base: float, others_part: float, others_base: float, *, proportion: bool) -> float:
    """Return how many standard errors a region lies from the others; where few events are expected, by their exact probability.

    That is taken at the rate of the others. Where they have too few events themselves, such as none, it is taken at the rate of all.
    """
    rate = (part + others_part) / (base + others_base)
    others = others_part / others_base
    if base * rate < EXPECTED or (proportion and base * (1 - rate) < EXPECTED):
        few = others_part < EXPECTED or (proportion and others_base - others_part < EXPECTED)
        return _exact_deviation(round(part), round(base), rate if few else others, proportion=proportion)
    variance = rate * (1 - rate) if proportion else rate
    return (part / base - others) / sqrt(variance * (1 / base + 1 / others_base))


def _exact_deviation(count: int, base: int, others: float, *, proportion: bool) -> float:
    """Return the deviation that has the same probability as the exact tail of the count at the rate of the others."""
    expected = base * others
    above = count >= expected
    tail = _tail(count, base, others, proportion=proportion, above=above)
    size = NORMAL.inv_cdf(1 - max(1e-15, min(1.0, 2 * tail)) / 2)
    return size if above else -size


def _tail(count: int, base: int, rate: float, *, proportion: bool, above: bool) -> float:
    """Return the probability of this count or one further out."""
    total = 0.0
    for number in itertools.count(count) if above else range(count, -1, -1):
        if proportion and number > base:
            break
        probability = _binomial_probability(number, base, rate) if proportion else _poisson_probability(number, base * rate)
        total += probability
        if probability < NEGLIGIBLE * total or not total:
            break  # further out each is less than the one before
    return total


def _binomial_probability(number: int, size: int, rate: float) -> float:
    """Return the probability of so many of `size` at this rate."""
    if rate in (0.0, 1.0):
        return float(number == size * rate)
    if size < 1_000:
        return comb(size, number) * rate**number * (1 - rate) ** (size - number)
    logarithm = lgamma(size + 1) - lgamma(number + 1) - lgamma(size - number + 1)
    return exp(logarithm + number * log(rate) + (size - number) * log(1 - rate))


def _poisson_probability(number: int, mean: float) -> float:
    """Return the probability of so many where `mean` are expected."""
    return exp(number * log(mean) - mean - lgamma(number + 1)) if mean else float(number == 0)


def rejected(p_values: Sequence[float], false_rate: float = FALSE_RATE) -> list[int]:
    """Return the places of the p-values that stand out when all are tested together, the smallest first; none where none does.

    Of those returned a share of `false_rate` at most is due to chance.
    """
    q = q_values(p_values)
    return [place for place in sorted(range(len(q)), key=lambda place: p_values[place]) if q[place] <= false_rate]


def q_values(p_values: Sequence[float]) -> list[float]:
    """Return for each p-value, tested together with all others, the share of false ones among those that are as small.

    Source: Benjamini and Hochberg 1995.
    """
    ordered = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    least = 1.0
    for rank, place in reversed(list(enumerate(ordered, start=1))):
        least = min(least, p_values[place] * len(ordered) / rank)
        adjusted[place] = least
    return adjusted
