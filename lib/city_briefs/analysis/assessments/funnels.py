"""Funnels: all regions on a rate by how much it rests on, with the limits within which chance and the usual spread leave them.

Limits: p₀ ± z√(φp₀(1−p₀)/n) about the pooled rate p₀, of a count over an exposure p₀ ± z√(φp₀/n). Source: Spiegelhalter 2005.
"""

from dataclasses import dataclass
from math import sqrt

from city_briefs.analysis.assessments.strengths import base_of, compared_cities
from city_briefs.analysis.compute.aggregate import ZERO
from city_briefs.analysis.figures.comparability import why_no_test
from city_briefs.analysis.figures.figure import Figure, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics import SMALL, Z95, Z998
from city_briefs.analysis.statistics.outliers import FEWEST, deviations
from city_briefs.model.metric import Metric

INNER, OUTER = Z95, Z998  # the two pairs of limits
SO = "，不作漏斗图"


@dataclass(frozen=True)
class FunnelPoint:
    """A region in a funnel: its rate, what the rate rests on, and whether it is outside the limits of 99.8 %: 1 above, −1 below, else 0."""

    figure: Figure
    base: float
    outside: int


@dataclass(frozen=True)
class Funnel:
    """A rate of all regions that are compared: the pooled rate in its unit, its dispersion φ, and the regions.

    `left_out` are those with few cases.
    """

    metric: Metric
    pooled: float
    dispersion: float
    is_proportion: bool
    points: tuple[FunnelPoint, ...]
    left_out: tuple[str, ...] = ()

    def limits(self, base: float, z: float) -> tuple[float, float]:
        """Return the two limits about the pooled rate over a base, in the unit of the metric, within what a rate can be."""
        share = self.pooled / self.metric.per
        half = z * sqrt(self.dispersion * share * ((1 - share) if self.is_proportion else 1) / base)
        high = min(1.0, share + half) if self.is_proportion else share + half
        return max(0.0, share - half) * self.metric.per, high * self.metric.per

    @property
    def outside(self) -> list[FunnelPoint]:
        """The regions outside the limits of 99.8 %."""
        return [point for point in self.points if point.outside]


def funnel(scope: Scope, metric: Metric) -> Funnel:
    """Return the funnel of a rate.

    Raises:
        Refusal: it is no rate that is tested, or neutral, or fewer than FEWEST regions can be compared.
    """
    if metric.better == "neutral":
        raise Refusal(f"{metric.label}不分优劣{SO}")
    if metric.form != "ratio":
        raise Refusal(f"{metric.label}不是比率{SO}")
    amounts = compared_cities(scope.results, metric, scope.period)
    if not amounts:
        value = look(scope, metric, "value")
        reason = value.prose if value.value is None else why_no_test(metric)
        raise Refusal(f"{'' if reason.startswith(metric.label) else metric.label}{reason}{SO}")
    bases = {city: float(base_of(amount)) for city, amount in amounts.items()}
    parts = {city: float(amount.numerator) for city, amount in amounts.items()}
    is_proportion = metric.unit == "%" and all(parts[city] <= bases[city] for city in amounts)
    spread, deviating = deviations(list(parts.values()), list(bases.values()), proportion=is_proportion)
    kept = [(city, deviation) for city, deviation in zip(amounts, deviating, strict=True) if deviation]
    if not kept:
        raise Refusal(f"{metric.label}可比的{scope.results.regions.parts}不足{FEWEST}个，或者没有差别{SO}")
    total = sum((amounts[city].numerator for city, _ in kept), ZERO)
    pooled = float(total) / sum(bases[city] for city, _ in kept) * metric.per
    made = Funnel(metric, pooled, spread, is_proportion, ())
    points = []
    for city, deviation in kept:
        low, high = made.limits(bases[city], OUTER)
        rate = parts[city] / bases[city] * metric.per
        side = (rate > high) - (rate < low)
        is_outside = abs(deviation.adjusted) > OUTER  # by exact numbers, where few cases are expected
        points.append(FunnelPoint(look(scope.at(city), metric, "value"), bases[city], side if is_outside else 0))
    small = tuple(city.short for city in amounts if bases[city] < SMALL)
    return Funnel(metric, pooled, spread, is_proportion, tuple(points), small)
