"""Changes of parts: a metric by the words of a column in two years, and which of the changes chance does not explain."""

from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.disclosure_control import OTHER, merged_in_both_years
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.parts import Part, only, parts
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.analysis.statistics import SMALL
from city_briefs.model.metric import Metric

MOST = 12  # parts of a chart, those with the greatest numbers
FEWEST = 2


@dataclass(frozen=True)
class PartChange:
    """A part of a metric in both years, in its unit, and the figure of its change; None for what is pooled."""

    part: Part
    metric: Metric
    before: Decimal
    now: Decimal
    change: Figure | None

    @property
    def name(self) -> str:
        """The name of the part."""
        return self.part.name

    @property
    def is_told_apart(self) -> bool:
        """Whether chance does not explain the change."""
        return self.change is not None and self.change.verdict in ("up", "down")

    @property
    def is_up(self) -> bool:
        """Whether it is more than a year before."""
        return self.now > self.before

    def printed(self, value: Decimal) -> str:
        """Return one of its values with its unit."""
        return number_format.amount(value, self.metric.unit, self.metric.decimals)

    @property
    def change_text(self) -> str:
        """The change that is told apart: +22.0%, −1.20; empty where it is not, or there is no percentage of it."""
        if not self.is_told_apart or self.change is None or self.change.value is None:
            return ""
        return number_format.signed(self.change.printed, self.change.unit, self.change.decimals)


@dataclass(frozen=True)
class PartChanges:
    """The parts of a metric from the greatest to the least, how many more there are, and how many rates rest on few cases."""

    shown: tuple[PartChange, ...]
    more: int
    small: int
    is_pooled: bool


def part_changes(scope: Scope, metric: Metric, by: str, audience: str = "public") -> PartChanges:
    """Return the parts of a metric in both years; small numbers of requests are pooled in both, unless the audience is internal.

    Raises:
        UsageError: there is no such audience.
        Refusal: the metric may not be compared with the year before, its parts do not add up to it, or there are not two of them.
    """
    pooled = merged_in_both_years(scope, metric, by, audience)
    members = parts(Question(scope, metric), by, pooled)
    comparable = [part for part in members if not _is_small(metric, part)]
    if len(comparable) < FEWEST:
        raise only(by, is_merged=bool(pooled))
    changes = [_change(scope, metric, by, part) for part in comparable]
    by_size = sorted(changes, key=lambda each: (each.part.is_last, -max(each.now, each.before), each.name))
    return PartChanges(tuple(by_size[:MOST]), len(by_size[MOST:]), len(members) - len(comparable), bool(pooled))


def _is_small(metric: Metric, part: Part) -> bool:
    """Return whether a part is a rate of few cases in one of the years."""
    return metric.form == "ratio" and any((amount.denominator or 0) < SMALL for amount in (part.now, part.base))


def _change(scope: Scope, metric: Metric, by: str, part: Part) -> PartChange:
    figure = None if part.word == OTHER else look(scope, metric, compared(metric), part=(by, part.word))
    return PartChange(part, metric, _size(metric, part.base), _size(metric, part.now), figure)


def _size(metric: Metric, amount: Amount) -> Decimal:
    """Return an amount in the unit of its metric."""
    if metric.form != "ratio":
        return amount.numerator
    assert amount.denominator
    return amount.numerator / amount.denominator * metric.per
