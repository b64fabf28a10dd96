"""Strong and weak spots of a city: the rates in which it stands out from the other cities, beyond chance and their usual spread.

Each rate of a city is compared with the pooled rate of the other cities (`statistics.outliers`). All rates and all cities of a period are
tested together, so that of the spots of a province few are due to chance. There may be none, and the list is never filled up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.comparability import kind
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope, counted_once
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics import outliers
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

SPOTS = 3  # of each kind
WITHIN = "各项比率均在各{parts}正常离散范围之内"  # of a city that stands out in none


@dataclass(frozen=True)
class Tested:
    """A rate of a city, tested together with all others: `z` in standard errors after the usual spread, and `q`, its p among them.

    `pooled` is the rate of all cities that were compared, in the unit of the metric.
    """

    metric: Metric
    pooled: Decimal
    z: float
    q: float


@dataclass(frozen=True)
class Spot:
    """A rate in which a city stands out: its value, and that of the province, or of the cities compared where it has none."""

    value: Figure
    reference: Decimal
    reference_name: str
    z: float
    q: float

    @property
    def is_strong(self) -> bool:
        """Return whether the city is better than the others."""
        return (self.z > 0) == (self.value.metric.better == "higher")

    @property
    def text(self) -> str:
        """Return the rate and its distance from the reference as printed, in words: 检查问题发现率21.0%，比全省高3.2个百分点."""
        metric, value = self.value.metric, self.value.number
        if metric.unit == "%":
            return f"{metric.label}{self.value.text}，{number_format.above(value, self.reference, metric.decimals, self.reference_name)}"
        gap = number_format.difference_as_printed(value, self.reference, metric.decimals, metric.unit)
        more = number_format.amount(abs(gap), metric.unit, metric.decimals)
        return f"{metric.label}{self.value.text}，比{self.reference_name}{'高' if gap > 0 else '低'}{more}"


def spots(scope: Scope, metrics: Iterable[Metric] | None = None) -> tuple[list[Spot], list[Spot]]:
    """Return the strong spots and the weak ones of a city, those that stand out most first; at most three of each, or none.

    `metrics` chooses among the rates; None takes all. The tests are the same whatever is chosen.
    """
    strong, weak = all_spots(scope, metrics)
    return strong[:SPOTS], weak[:SPOTS]


def all_spots(scope: Scope, metrics: Iterable[Metric] | None = None) -> tuple[list[Spot], list[Spot]]:
    """Return as `spots` does, however many there are."""
    standing_out = [tested for tested in _of_city(scope, metrics) if tested.q <= outliers.FALSE_RATE]
    made = [spot for tested in standing_out if (spot := _spot(scope, tested))]
    ordered = sorted(made, key=lambda spot: -abs(spot.z))
    strong, weak = ([spot for spot in ordered if spot.is_strong == wanted] for wanted in (True, False))
    return strong, weak


def is_compared(scope: Scope, metrics: Iterable[Metric] | None = None) -> bool:
    """Return whether any of the rates of a city is compared with those of the others; `metrics` chooses as in `spots`."""
    return bool(_of_city(scope, metrics))


def _of_city(scope: Scope, metrics: Iterable[Metric] | None) -> list[Tested]:
    """Return the rates of a city that were tested, in the order of the catalogue; empty for a region that is not compared."""
    of_city = _of_cities(scope).get(scope.region, [])
    if metrics is None:
        return of_city
    chosen = set(metrics)
    return [tested for tested in of_city if tested.metric in chosen]


def _spot(scope: Scope, tested: Tested) -> Spot | None:
    """Return the spot of a rate that stands out; None when it differs from the province by less than a step of its printed decimals."""
    metric = tested.metric
    value, province = look(scope, metric, "value"), look(scope.at(scope.whole), metric, "value")
    reference, name = tested.pooled, f"参加比较的{scope.results.regions.parts}合计"
    if province.value is not None:
        reference, name = province.value, scope.whole.whole
    if value.value is None or abs(value.value - reference) < Decimal(1).scaleb(-metric.decimals):
        return None
    return Spot(value, reference, name, tested.z, tested.q)


@counted_once
def _of_cities(scope: Scope) -> dict[Region, list[Tested]]:
    """Return the rates of each city that were tested together; a city without any is left out."""
    read_log.note(("catalogue",), lambda: list(CATALOGUE))
    results = scope.results
    deviating: list[tuple[Region, Metric, Decimal, outliers.Deviation]] = []
    for metric in results.metrics.values():
        amounts = compared_cities(results, metric, scope.period)
        parts, bases = (
            [float(amount.numerator) for amount in amounts.values()],
            [float(base) for base in map(base_of, amounts.values())],
        )
        is_part = metric.unit == "%" and all(part <= base for part, base in zip(parts, bases, strict=True))
        _, deviations = outliers.deviations(parts, bases, proportion=is_part)
        total = sum((amount.numerator for amount in amounts.values()), Decimal(0))
        for city, deviation in zip(amounts, deviations, strict=True):
            if deviation:
                pooled = total / sum(map(base_of, amounts.values())) * metric.per
                deviating.append((city, metric, pooled, deviation))
    q_values = outliers.q_values([deviation.p for *_, deviation in deviating])
    by_city: dict[Region, list[Tested]] = {}
    for (city, metric, pooled, deviation), q in zip(deviating, q_values, strict=True):
        by_city.setdefault(city, []).append(Tested(metric, pooled, deviation.adjusted, q))
    return by_city


def base_of(amount: Amount) -> Decimal:
    """Return the denominator of an amount; zero for none."""
    return amount.denominator or Decimal(0)


def compared_cities(results: Results, metric: Metric, period: Period) -> dict[Region, Amount]:
    """Return the amounts of the cities that are compared in a metric; empty for one that is no rate, neutral, or without its halves.

    Where outcomes are pending, only cities whose data end in the same month are compared: those of the month that most have.
    """
    if metric.better == "neutral" or kind(results, metric) not in ("proportion", "rate") or not results.provenance(metric):
        return {}
    cities = results.regions.cities
    if metric.is_pair and metric.pair.first.decided:
        last_months = [results.last_month(metric.pair.first, city) for city in cities]
        usual = max(last_months, key=lambda month: (last_months.count(month), month))
        cities = tuple(city for city, month in zip(cities, last_months, strict=True) if month == usual)
    amounts = {city: results.amount(metric, city, period) for city in cities}
    known = {city: amount for city, amount in amounts.items() if not (amount.missing or amount.twice) and amount.denominator}
    ask = Question(Scope(results, results.regions.province, period), metric)
    return {} if certainty.is_without_halves(ask, *known.values()) else known
