"""Where: in which parts of a rate the cases lie that keep its light on or its target missed; with the message as its title.

These are the numerator where less is better, and else what is left of the denominator. Small numbers of requests are merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import ZERO
from city_briefs.analysis.figures import disclosure_control, number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.parts import name_of
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one.conclusion import fitting
from city_briefs.analysis.page_one.why import LONGEST, MOST, REST
from city_briefs.model.labels import chinese
from city_briefs.model.metric import Metric, breakdowns, share_a_table

FEWEST = 2  # parts that are worth a drawing


@dataclass(frozen=True)
class Cases:
    """A bar: the name of a part, how many cases lie in it, and of how many."""

    name: str
    number: Decimal
    of: Decimal

    @property
    def text(self) -> str:
        """What stands beside the bar: 19/61."""
        return f"{number_format.digits(self.number)}/{number_format.digits(self.of)}"


@dataclass(frozen=True)
class Where:
    """The parts from the one with most cases to the least, what is pooled last."""

    title: str
    subtitle: str
    cases: tuple[Cases, ...]
    figures: tuple[Figure, ...]


def where(scope: Scope, metric: Metric) -> Where | None:
    """Return where the cases of a rate lie, by the first of its columns; None for what is no rate of counts, or has no column."""
    if metric.form != "ratio" or not metric.is_pair or not share_a_table(metric.pair.first, metric.pair.second):
        return None
    by = next(iter(breakdowns(metric)), "")
    if not by or not scope.results.is_pair(metric):
        return None
    figures = [figure for figure in disclosure_control.parts(scope, metric, "value", by) if figure.value is not None]
    listed = [_cases(by, figure) for figure in figures]
    given = sorted((each for each in listed if each.number > 0), key=lambda each: -each.number)
    if len(given) < FEWEST or any(each.number % 1 or each.of % 1 for each in given):
        return None
    unit = metric.pair.first.unit
    counted = metric.pair.first.label if metric.better != "higher" else f"{metric.pair.second.label}减{metric.pair.first.label}"
    return Where(_title(given, unit), f"各{name_of(by)}{counted}，斜杠后为总数，{unit}", tuple(_few(given)), tuple(figures))


def _cases(by: str, figure: Figure) -> Cases:
    assert figure.numerator is not None and figure.denominator is not None
    left = figure.denominator - figure.numerator
    number = figure.numerator if figure.metric.better != "higher" else left
    return Cases(chinese(by, figure.part[1]), number, figure.denominator)


def _title(given: Sequence[Cases], unit: str) -> str:
    """Return the message: the part with most cases, and its share of all."""
    most, total = given[0], sum((each.number for each in given), ZERO)
    if len(given) > 1 and given[1].number == most.number:
        return f"共{number_format.digits(total)}{unit}，分布见图"
    share = number_format.amount(most.number / total * number_format.HUNDRED, "%", number_format.PERCENT_DECIMALS)
    count = f"{number_format.digits(most.number)}{unit}"
    return fitting([f"{most.name}最多，{count}，占{share}", f"{most.name}最多，占{share}", f"最多的一类占{share}"], LONGEST)


def _few(given: Sequence[Cases]) -> list[Cases]:
    """Return at most MOST parts, those that are not among the first as one."""
    if len(given) <= MOST:
        return list(given)
    rest = given[MOST - 1 :]
    numbers = sum((each.number for each in rest), ZERO), sum((each.of for each in rest), ZERO)
    return [*given[: MOST - 1], Cases(REST.format(len(rest)), *numbers)]
