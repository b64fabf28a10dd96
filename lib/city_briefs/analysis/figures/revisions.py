"""Revisions: values as they were first issued in an edition for their period, and by how much they have been revised since."""

from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import outcomes, refusal_rules
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics.pending import REVISED, mean_absolute_revision
from city_briefs.common import issued_figures, read_log
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric

PENDING = Decimal("0.01")  # share of pending outcomes from which on a figure is preliminary


@dataclass(frozen=True)
class Revision:
    """The revision of one final period; both values are in the metric's unit."""

    period: Period
    first_issued: Decimal
    now: Decimal

    @property
    def size(self) -> Decimal:
        """By how much the value has been revised; of a percentage in 个百分点."""
        return self.now - self.first_issued


def first_issued(scope: Scope, metric: Metric) -> IssuedFigure | None:
    """Return the value of a metric in a scope as the first edition for this period stated it; None when none did.

    Editions that were made from data of the demo count only for these, and those of another definition never.
    """
    issued = _issued(scope, metric, scope.period)
    return next((figure for figure in issued if figure.period == scope.period), None)


def revisions(scope: Scope, metric: Metric) -> list[Revision]:
    """Return the revisions of the last periods that end before that of a scope and are final, the oldest first; at most REVISED.

    They have the span of the scope's period.
    """
    year, month = divmod(scope.period.year * 12 + scope.period.through - 2, 12)
    found: list[Revision] = []
    issued_before = _issued(scope, metric, Period(year, month + 1))
    for issued in reversed([issued for issued in issued_before if issued.span == scope.period.span]):
        now = _final_value(scope.over(issued.period), metric)
        found += [] if now is None else [Revision(issued.period, Decimal(issued.value), now)]
        if len(found) == REVISED:
            break
    return found[::-1]


def mean_revision(scope: Scope, metric: Metric) -> Decimal | None:
    """Return the mean absolute revision of a metric before the period of a scope, in its unit; None for fewer than three periods."""
    return mean_absolute_revision([revision.size for revision in revisions(scope, metric)])


def answer(results: Results, metric: Metric, code: str, until: str) -> list[list[str]]:
    """Return what was first issued of a metric in a region, by its code, for periods up to a month, as JSON holds it."""
    return [[figure.period.slug, figure.value, *map(str, figure.halves)] for figure in _until(results, metric, code, until)]


def _issued(scope: Scope, metric: Metric, last: Period) -> list[IssuedFigure]:
    """Return what was first issued for periods up to `last`, the oldest first; noted in the read log."""
    results, code, until = scope.results, scope.region.code, last.months[-1]
    read_log.note(("issued", metric.id, code, until), lambda: answer(results, metric, code, until))
    return _until(results, metric, code, until)


def _until(results: Results, metric: Metric, code: str, until: str) -> list[IssuedFigure]:
    """Return what was first issued of today's definition, from data of the same kind, for periods that end up to a month."""
    return [
        figure
        for figure in issued_figures.of(metric.id, code)
        if figure.period.months[-1] <= until
        and figure.definition == metric.hash
        and figure.synthetic == results.snapshot.synthetic
    ]


def _final_value(scope: Scope, metric: Metric) -> Decimal | None:
    """Return the value of a period; None when outcomes are pending, and when it is refused, as where a region is missing."""
    if (outcomes.pending(scope, metric) or 0) >= PENDING:
        return None
    ask = Question(scope, metric)
    try:
        return refusal_rules.value(ask, refusal_rules.known_amount(ask, "本期")).value
    except Refusal:
        return None
