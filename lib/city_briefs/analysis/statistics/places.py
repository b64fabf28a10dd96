"""Places: the place of each region by a rate, and the places that are possible; none where the regions are not told apart.

Source: Goldstein and Spiegelhalter 1996, with intervals by pairs, which need no random numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, gamma, sqrt

from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.comparisons import Comparison, two_proportions, two_rates

LEVEL = 0.05  # p of the test of homogeneity from which on there are no places


@dataclass(frozen=True)
class Place:
    """The place of a region: as printed, from 1, and the first and the last place that are possible.

    `shared` says whether another region has the same printed value. `of` is the number of regions that are compared.
    """

    place: int
    first: int
    last: int
    shared: bool
    of: int

    @property
    def is_known(self) -> bool:
        """Return whether some place is ruled out."""
        return (self.first, self.last) != (1, self.of)

    @property
    def is_in_front(self) -> bool:
        """Return whether all possible places are in the upper half."""
        return self.last <= self.of // 2

    def overlaps(self, other: "Place") -> bool:
        """Return whether two regions, or two years, have a possible place in common."""
        return self.first <= other.last and other.first <= self.last


def homogeneity(parts: Sequence[float], bases: Sequence[float], *, proportion: bool = True) -> float:
    """Return the probability that regions of one true rate differ so much or more (chi-square); 1 where nothing can differ.

    `parts` and `bases` are the halves of the rate, each base more than 0. Of a `proportion` the part is of its base.
    """
    rate = sum(parts) / sum(bases)
    if not rate or (proportion and rate == 1):
        return 1.0
    spread = rate * (1 - rate) if proportion else rate
    return chi_square_tail(
        sum((part - base * rate) ** 2 / (base * spread) for part, base in zip(parts, bases, strict=True)), len(parts) - 1
    )


def places(
    parts: Sequence[float], bases: Sequence[float], printed: Sequence[float], *, highest_first: bool, proportion: bool = True
) -> list[Place | None]:
    """Return the place of each region, None for a region whose base is below SMALL; all None where the regions are alike.

    `printed` are the rates as they are printed: those that print alike share a place.
    """
    kept = [region for region, base in enumerate(bases) if base >= SMALL]
    of_regions: list[Place | None] = [None] * len(bases)
    if len(kept) < 2:
        return of_regions
    compared_parts, compared_bases = ([half[region] for region in kept] for half in (parts, bases))
    if homogeneity(compared_parts, compared_bases, proportion=proportion) >= LEVEL:
        return of_regions
    sign = 1 if highest_first else -1
    test = two_proportions if proportion else two_rates
    for region in kept:
        tests = [test(parts[region], bases[region], parts[other], bases[other]) for other in kept if other != region]
        apart = [sign * outcome.z for outcome in tests if isinstance(outcome, Comparison) and outcome.is_told_apart]
        others = [sign * printed[other] for other in kept if other != region]
        of_regions[region] = Place(
            place=1 + sum(value > sign * printed[region] for value in others),
            first=1 + sum(z < 0 for z in apart),
            last=len(kept) - sum(z > 0 for z in apart),
            shared=any(value == sign * printed[region] for value in others),
            of=len(kept),
        )
    return of_regions


def chi_square_tail(value: float, freedom: int) -> float:
    """Return the probability of a chi-square of this value or more. `freedom` is the degrees of freedom, at least 1."""
    half = value / 2
    if freedom % 2 == 0:
        term = total = exp(-half)
        for number in range(1, freedom // 2):
            term *= half / number
            total += term
        return total
    total = erfc(sqrt(half))
    for number in range(1, (freedom + 1) // 2):
        total += exp(-half) * half ** (number - 0.5) / gamma(number + 0.5)
    return total
