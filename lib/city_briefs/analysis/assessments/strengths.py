"""Strong and weak spots of a city, chosen by a written rule.

A rate is measured by the distance of the city's value from the median of all cities, in median absolute deviations, positive in the
better direction. The distance is shrunk by its base, n / (n + 30), so that a rate over few cases is seldom remarkable. The largest
distances are strong spots, the smallest weak ones; less than half a deviation is not remarkable. A rate is left out when the value of
any city is not known, or the base of this city is small.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.refusal_rules import SMALL_BASE, base_size
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.model.metric import Metric

REMARKABLE = Decimal("0.5")  # median absolute deviations, after shrinking
SPOTS = 3  # of each kind


@dataclass(frozen=True)
class Spot:
    """A rate in which a city stands out: its value, its rank, the median of the cities, and the distance from it in deviations."""

    value: Figure
    place: Figure
    median: Decimal
    distance: Decimal


def spots(scope: Scope, metrics: Iterable[Metric]) -> tuple[list[Spot], list[Spot]]:
    """Return the strong spots, the strongest first, and the weak ones, the weakest first; at most three of each, or none."""
    unordered = [spot for metric in metrics if (spot := _spot(scope, metric))]
    ordered = sorted(unordered, key=lambda spot: spot.distance, reverse=True)
    strong = [spot for spot in ordered if spot.distance >= REMARKABLE]
    weak = [spot for spot in reversed(ordered) if spot.distance <= -REMARKABLE]
    return strong[:SPOTS], weak[:SPOTS]


def _spot(scope: Scope, metric: Metric) -> Spot | None:
    """Return the spot of the city in one rate; None when it cannot be compared: a neutral metric, a gap, a small base, no spread."""
    if metric.better == "neutral":
        return None
    figure = look(scope, metric, "value")
    values = [look(scope.at(peer), metric, "value").value for peer in scope.peers]
    numbers = [value for value in values if value is not None]
    if figure.value is None or len(numbers) < len(values):
        return None
    size = base_size(metric, scope.amount(metric))
    if size is None or size < SMALL_BASE:
        return None
    middle = median(numbers)
    spread = median(abs(value - middle) for value in numbers)
    if not spread:
        return None
    distance = (figure.value - middle) / spread * size / (size + SMALL_BASE)
    place = look(scope, metric, "rank")
    return Spot(figure, place, middle, distance if metric.better == "higher" else -distance)
