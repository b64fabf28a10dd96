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
class Apart:
    """A rate, by the id of its metric, in which a city stands out: from what, rounded as it is printed, and whether it is better."""

    metric: str
    reference: Decimal
    reference_name: str
    is_strong: bool


@dataclass(frozen=True)
class Compared:
    """The rates of a city that are compared with those of the others, by metric id, and those in which it stands out, most first."""

    rates: tuple[str, ...]
    apart: tuple[Apart, ...]


@dataclass(frozen=True)
class Spot:
    """A rate in which a city stands out: its value, and that of the province, or of the cities compared where it has none.

    The reference is rounded as it is printed: what is said of a spot then rests on no more than that.
    """

    value: Figure
    reference: Decimal
    reference_name: str
    is_strong: bool

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
    chosen = None if metrics is None else {metric.id for metric in metrics}
    apart = [one for one in compared(scope).apart if chosen is None or one.metric in chosen]
    made = [
        Spot(look(scope, scope.results.metrics[one.metric], "value"), one.reference, one.reference_name, one.is_strong)
        for one in apart
    ]
    strong, weak = ([spot for spot in made if spot.is_strong == wanted] for wanted in (True, False))
    return strong, weak


def is_compared(scope: Scope, metrics: Iterable[Metric] | None = None) -> bool:
    """Return whether any of the rates of a city is compared with those of the others; `metrics` chooses as in `spots`."""
    rates = compared(scope).rates
    return bool(rates) if metrics is None else any(metric.id in rates for metric in metrics)


def outlier_tests(scope: Scope) -> dict[Metric, Tested]:
    """Return the tests of the rates of a city, in the order of the catalogue; empty for a region that is not compared."""
    return {test.metric: test for test in _of_cities(scope).get(scope.region, [])}


def reference(scope: Scope, test: Tested) -> tuple[Decimal, str]:
    """Return what the rate of a city is set beside, and its name: that of the province, or of the cities compared where it has none."""
    province = look(scope.at(scope.whole), test.metric, "value")
    if province.value is not None:
        return province.value, scope.whole.whole
    return test.pooled, f"参加比较的{scope.results.regions.parts}合计"


def compared(scope: Scope) -> Compared:
    """Return which rates of a city are compared with those of the others, and in which it stands out."""
    question = (read_log.SPOTS, scope.whole.code, scope.period.slug, scope.region.code)
    return scope.results.once(question, lambda: read_log.answered(question, lambda: _found(scope)))


def _found(scope: Scope) -> Compared:
    """Return what `compared` returns, without a note in the read log."""
    tests = outlier_tests(scope)
    standing_out = sorted((test for test in tests.values() if test.q <= outliers.FALSE_RATE), key=lambda test: -abs(test.z))
    apart = (_apart(scope, test) for test in standing_out)
    return Compared(tuple(metric.id for metric in tests), tuple(one for one in apart if one))


def _apart(scope: Scope, test: Tested) -> Apart | None:
    """Return how a rate stands out; None when it differs from the province by less than a step of its printed decimals."""
    metric, value = test.metric, look(scope, test.metric, "value")
    against, name = reference(scope, test)
    if value.value is None or abs(value.value - against) < Decimal(1).scaleb(-metric.decimals):
        return None
    printed = number_format.as_printed(against, metric.unit, metric.decimals)
    return Apart(metric.id, printed, name, (test.z > 0) == (metric.better == "higher"))


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
    return {} if certainty.is_without_halves(ask, *known.values()) or certainty.is_negative(*known.values()) else known
