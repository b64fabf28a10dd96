"""Rate positions: where a rate of a region lies among those of the other regions, and whether chance tells it from their median.

A rate is told apart from the median when its interval of 95 % does not hold it. That is a difference and no spot (`strengths`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles
from typing import Literal

from city_briefs.analysis.assessments.targets import Standing, standings
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.ranking import is_alike_mature
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics import SMALL
from city_briefs.model.metric import Metric

Side = Literal["better", "worse", "above", "below", "alike", "untested"]
FEWEST = 2  # other regions that have a median
QUARTERED = 5  # other regions that have quarters
SMALL_BASE = f"分母不足{SMALL}"
NO_RATE = "不是比率"
NO_MEDIAN = "可比的其他地区不足{}个"
UNLIKE = "各地数据截止月份不同，不与中位数比"


@dataclass(frozen=True)
class RatePosition:
    """A rate of a region, `own`, with those of the other regions that can be compared with it.

    `side` says on which side of their median it lies: better or worse, above or below for a neutral metric, alike where chance may make
    the difference, untested where there is no test. `reason` says why it is untested; empty for any other. `standing` is that of the
    target on its value; None without one.
    """

    own: Figure
    others: tuple[Figure, ...]
    median: Decimal | None
    side: Side
    reason: str = ""
    standing: Standing | None = None

    @property
    def metric(self) -> Metric:
        """The metric of the rate."""
        return self.own.metric

    @property
    def lower_is_better(self) -> bool:
        """Whether the better end of its scale is the lower one."""
        return self.metric.better == "lower"

    @property
    def ordered(self) -> list[Figure]:
        """The other regions from the worst to the best; of a neutral metric from the lowest to the highest."""
        return sorted(self.others, key=lambda figure: figure.number, reverse=self.lower_is_better)

    @property
    def quarters(self) -> tuple[float, float] | None:
        """The values that part off a quarter of the other regions at either end, the lower first; None where there are too few."""
        if len(self.others) < QUARTERED:
            return None
        first, _, last = quantiles([float(figure.number) for figure in self.others], n=4, method="inclusive")
        return first, last

    @property
    def is_missed(self) -> bool:
        """Whether the target is not reached."""
        return self.standing is not None and self.standing.light == "滞后"

    def printed(self, value: Decimal) -> str:
        """Return a value of the metric with its unit."""
        return number_format.amount(value, self.metric.unit, self.metric.decimals)


def positions(scope: Scope, metrics: Iterable[Metric]) -> list[RatePosition]:
    """Return the position of each metric; `own` has no value where it is not known, or `reason` is that it is no rate."""
    targets = {standing.metric: standing for standing in standings(scope) if standing.base == "value"}
    return [_position(scope, metric, targets.get(metric)) for metric in metrics]


def _position(scope: Scope, metric: Metric, standing: Standing | None) -> RatePosition:
    own = look(scope, metric, "value")
    if metric.form != "ratio":
        return RatePosition(own, (), None, "untested", NO_RATE)
    if own.value is None:
        return RatePosition(own, (), None, "untested", own.prose)
    if _is_small(own):
        return RatePosition(own, (), None, "untested", SMALL_BASE, standing)
    if not is_alike_mature(scope, metric):
        return RatePosition(own, (), None, "untested", UNLIKE, standing)
    others = [look(scope.at(region), metric, "value") for region in scope.peers if region != scope.region]
    known = tuple(figure for figure in others if figure.value is not None and not _is_small(figure))
    if len(known) < FEWEST:
        return RatePosition(own, known, None, "untested", NO_MEDIAN.format(FEWEST), standing)
    middle = median(figure.number for figure in known)
    side, reason = _side(own, known, middle)
    return RatePosition(own, known, middle, side, reason, standing)


def _is_small(figure: Figure) -> bool:
    """Return whether a rate rests on too few cases to be compared."""
    return figure.denominator is not None and figure.denominator < SMALL


def _side(own: Figure, others: Sequence[Figure], middle: Decimal) -> tuple[Side, str]:
    """Return on which side of the median a rate lies, and why that is not told."""
    if own.interval is None:
        return "untested", "不作检验"
    if own.interval.low <= float(middle) <= own.interval.high or all(figure.value == own.value for figure in others):
        return "alike", ""
    is_above = own.number > middle
    if own.metric.better == "neutral":
        return ("above" if is_above else "below"), ""
    return ("better" if is_above == (own.metric.better == "higher") else "worse"), ""
