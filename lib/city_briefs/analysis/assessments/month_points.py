"""Month points: what a control chart of a metric holds against each other, and the usual range of each from the 24 months before it.

Of a flow a point is a month divided by its seasonal factor; January and February are one, since the Spring Festival moves. Of a
percentage of two flows it is the share of a month, or of three where months have few cases, counted back from the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics import EXPECTED, SMALL, control_chart
from city_briefs.analysis.statistics.control_chart import BASELINE, YEARS, Limits
from city_briefs.common.periods import Period, month_name, month_number
from city_briefs.model.metric import AMOUNT_UNITS, Metric

FEW_MONTHS = "历史月份不足，不作异动判断"
JANUARY = "1月、2月合为一期，2月末起判断"
QUARTER = 3  # months that are joined where each has few cases


@dataclass(frozen=True)
class MonthPoints:
    """Successive points of a metric, the last one ending with the last month of a period.

    `months` are those of each point (YYYY-MM). `values` are comparable with each other: a flow without its season, a share from 0 to 1.
    `amounts` are in the unit of the metric, and so is a value times its scale in `scales`. `baseline` is how many points BASELINE months
    make. `wholes` are what the shares are of; empty for a flow.
    """

    months: tuple[tuple[str, ...], ...]
    values: tuple[float, ...]
    amounts: tuple[float, ...]
    scales: tuple[float, ...]
    baseline: int
    parts: tuple[float, ...] = ()
    wholes: tuple[float, ...] = ()

    def limits(self, place: int) -> Limits:
        """Return the limits of a point from the baseline before it, in the terms of `values`."""
        before = slice(place - self.baseline, place)
        if self.wholes:
            return control_chart.laney(self.parts[before], self.wholes[before], self.wholes[place])
        return control_chart.xmr(self.values[before])

    def usual(self, place: int) -> Limits:
        """Return the usual range of a point in the unit of the metric, never below zero."""
        limits, scale = self.limits(place), self.scales[place]
        return Limits(limits.mean * scale, max(0.0, limits.low * scale), limits.high * scale)

    def kind(self, place: int) -> str:
        """Return what makes a point a signal, as `control_chart.signal` does."""
        return control_chart.signal(self.values[place - self.baseline : place], self.limits(place), self.values[place])


def of_flow(scope: Scope, metric: Metric, before: int = BASELINE) -> MonthPoints:
    """Return the points of a flow up to the end of a period, from so many months before the last point on.

    Raises:
        Refusal: fewer than three full years are known, they have too few cases, or a month of the year never has any.
    """
    through, year = scope.period.through, scope.period.year
    if scope.results.monthly(metric, scope.region, Period(year - 1), YEARS * 12) is None:
        raise Refusal(FEW_MONTHS)
    if through == 1:
        raise Refusal(JANUARY)
    last = 2 if through == 2 else 1  # months of the last point
    months = scope.results.monthly(metric, scope.region, scope.period, before + last)
    if months is None:
        raise Refusal(FEW_MONTHS)
    if metric.unit not in AMOUNT_UNITS:
        _refuse_few(sum(months[-last - BASELINE : -last]))
    factors = certainty.seasonal_factors(metric, Question(scope, metric), year - 1)
    if factors is None:
        raise Refusal("有的月份历年均为零，不作异动判断")
    first = (through - len(months)) % 12 + 1
    groups = control_chart.joined(first, len(months))
    points, places = control_chart.series(first, months)
    return MonthPoints(
        _names(scope, len(months), groups),
        tuple(point / factors[place] for point, place in zip(points, places, strict=True)),
        tuple(sum(months[place] for place in group) for group in groups),
        tuple(factors[place] * len(group) for group, place in zip(groups, places, strict=True)),
        len(control_chart.joined(first, BASELINE)),
    )


def of_percentage(scope: Scope, metric: Metric, joins: Sequence[int] = (1, QUARTER), before: int = BASELINE) -> MonthPoints:
    """Return the points of a percentage of two flows up to the end of a period, from so many months before the last point on.

    Each is of as many months as the first of `joins` that has enough cases.

    Raises:
        Refusal: a month before is not known, or they have too few cases however they are joined.
    """
    halves = (metric.pair.first, metric.pair.second)
    for size in joins:
        monthly = [scope.results.monthly(half, scope.region, scope.period, before // size * size + size) for half in halves]
        if None in monthly:
            raise Refusal(FEW_MONTHS)
        parts, wholes = ([sum(months[at : at + size]) for at in range(0, len(months), size)] for months in monthly if months)
        if not _are_few(parts, wholes):
            break
    else:
        raise Refusal("各月数量过少，不作异动判断")
    shares = [part / whole for part, whole in zip(parts, wholes, strict=True)]
    return MonthPoints(
        _names(scope, len(shares) * size, [range(at, at + size) for at in range(0, len(shares) * size, size)]),
        tuple(shares),
        tuple(share * metric.per for share in shares),
        (float(metric.per),) * len(shares),
        BASELINE // size,
        tuple(parts),
        tuple(wholes),
    )


def _names(scope: Scope, months: int, groups: Sequence[Sequence[int]]) -> tuple[tuple[str, ...], ...]:
    """Return the months of each group of places among so many months up to the end of a period."""
    first = month_number(scope.period.months[-1]) - months + 1
    return tuple(tuple(month_name(first + place) for place in group) for group in groups)


def _are_few(parts: Sequence[float], wholes: Sequence[float]) -> bool:
    """Return whether in some month fewer than five events, or others, are expected."""
    rate = sum(parts) / sum(wholes) if any(wholes) else 0.0
    return min(wholes) * min(rate, 1 - rate) < EXPECTED


def _refuse_few(cases: float) -> None:
    """Refuse a baseline of few cases.

    Raises:
        Refusal: there are fewer than SMALL.
    """
    if cases < SMALL:
        raise Refusal(f"近两年基数过小（{number_format.digits(Decimal(str(cases)))}），不作异动判断")
