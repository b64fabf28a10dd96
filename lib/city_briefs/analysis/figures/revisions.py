"""Revisions: values as they were first issued in an edition for their period, by how much they have been revised since, and why."""

from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format, outcomes, refusal_rules
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics.pending import REVISED, mean_absolute_revision
from city_briefs.common import issued_figures, read_log
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric
from city_briefs.model.tables import TABLES

PENDING = Decimal("0.01")  # share of pending outcomes from which on a figure is preliminary
UNRECORDED = "原因未记录"
RECALCULATED = "数据未变，程序调整"
OUTCOMES = "分母未变，结果更新"
CORRECTED = "补报或更正"
REDEFINED = "首次签发时口径不同，不计入修订"


@dataclass(frozen=True)
class Revision:
    """The revision of one final period; both values are in the metric's unit. `cause` is what is known of why, in words."""

    metric: Metric
    period: Period
    first_issued: Decimal
    now: Decimal
    cause: str

    @property
    def size(self) -> Decimal:
        """By how much the value has been revised; of a percentage in 个百分点."""
        return self.now - self.first_issued

    @property
    def text(self) -> str:
        """The revision in words, with its cause; empty when both values print the same."""
        unit, decimals = self.metric.unit, self.metric.decimals
        first, now = (number_format.amount(value, unit, decimals) for value in (self.first_issued, self.now))
        if first == now:
            return ""
        change = number_format.difference_as_printed(self.now, self.first_issued, decimals, unit)
        in_points = "个百分点" if unit == "%" else unit
        size = f"{'+' if change > 0 else '−'}{number_format.amount(abs(change), in_points, decimals)}"
        return f"{self.period.text}由{first}修订为{now}（{size}，{self.cause}）"


def first_issued(scope: Scope, metric: Metric) -> IssuedFigure | None:
    """Return the value of a metric in a scope as the first edition for this period stated it; None when none did.

    Editions that were made from data of the demo count only for these, and those of another definition never.
    """
    of_period = [issued for issued in _issued(scope, metric, scope.period) if issued.period == scope.period]
    return next((issued for issued in of_period if issued.definition == metric.hash), None)


def revisions(scope: Scope, metric: Metric) -> list[Revision]:
    """Return the revisions of the last periods that end before that of a scope and are final, the oldest first; at most REVISED.

    They have the span of the scope's period.
    """
    latest_first: list[Revision] = []
    for issued in reversed(_before(scope, metric)):
        now = _final(scope.over(issued.period), metric) if issued.definition == metric.hash else None
        if now is not None:
            cause = _cause(scope.results, issued, now)
            latest_first.append(Revision(metric, issued.period, Decimal(issued.value), now.value, cause))
        if len(latest_first) == REVISED:
            break
    return latest_first[::-1]


def mean_revision(scope: Scope, metric: Metric) -> Decimal | None:
    """Return the mean absolute revision of a metric before the period of a scope, in its unit; None for fewer than three periods."""
    return mean_absolute_revision([revision.size for revision in revisions(scope, metric)])


def in_words(scope: Scope, metric: Metric) -> list[str]:
    """Return the revisions that `mean_revision` rests on, in words with their causes; empty when it is not known.

    Periods that were first issued by another definition are named at the end.
    """
    listed = revisions(scope, metric)
    if mean_absolute_revision([revision.size for revision in listed]) is None:
        return []
    changed = [revision.text for revision in listed if revision.text]
    level = len(listed) - len(changed)
    unchanged = [f"{'其余' if changed else ''}{level}期按所列位数未变"] if level else []
    redefined = [issued.period.text for issued in _before(scope, metric)[-REVISED:] if _is_redefined(issued, metric)]
    return [*changed, *unchanged, *([f"{'、'.join(redefined)}{REDEFINED}"] if redefined else [])]


def answer(results: Results, metric: Metric, code: str, until: str) -> list[list[str]]:
    """Return what was first issued of a metric in a region, by its code, for periods up to a month, as JSON holds it.

    Its definition then, and which tables have changed since, are part of it.
    """
    return [
        [figure.period.slug, figure.value, *map(str, figure.halves), figure.definition, str(_changed(results, figure))]
        for figure in _until(results, metric, code, until)
    ]


def _issued(scope: Scope, metric: Metric, last: Period) -> list[IssuedFigure]:
    """Return what was first issued for periods up to `last`, the oldest first; noted in the read log."""
    results, code, until = scope.results, scope.region.code, last.months[-1]
    read_log.note(("issued", metric.id, code, until), lambda: answer(results, metric, code, until))
    return _until(results, metric, code, until)


def _before(scope: Scope, metric: Metric) -> list[IssuedFigure]:
    """Return what was first issued for periods of the same span that end before that of a scope, the oldest first."""
    year, month = divmod(scope.period.year * 12 + scope.period.through - 2, 12)
    return [issued for issued in _issued(scope, metric, Period(year, month + 1)) if issued.span == scope.period.span]


def _until(results: Results, metric: Metric, code: str, until: str) -> list[IssuedFigure]:
    """Return what was first issued, by whatever definition, from data of the same kind, for periods that end up to a month."""
    return [
        figure
        for figure in issued_figures.of(metric.id, code)
        if figure.period.months[-1] <= until and figure.synthetic == results.snapshot.synthetic
    ]


def _is_redefined(issued: IssuedFigure, metric: Metric) -> bool:
    """Return whether a figure was issued by a definition that is known to be another: hashes of two schemes tell nothing."""
    scheme, now = issued.definition.rpartition(":")[0], metric.hash.rpartition(":")[0]
    return scheme == now and issued.definition != metric.hash


def _changed(results: Results, issued: IssuedFigure) -> list[str] | None:
    """Return the labels of the tables whose rows are others than when a figure was issued; None where the edition did not say."""
    hashes = issued.hashes
    if not hashes:
        return None
    now = {name: results.snapshot.hash(TABLES[name]) or "" for name in hashes if name in TABLES}
    return [TABLES[name].label for name in now if not now[name].startswith(hashes[name])]


def _cause(results: Results, issued: IssuedFigure, now: Answer) -> str:
    """Return why a value is another than it was first issued, as far as both editions tell.

    Where the number of cases is as it was, outcomes came or were corrected. Late rows and corrected ones are not told apart, nor whether
    more regions report: of the tables only their hashes are known.
    """
    changed = _changed(results, issued)
    if changed is None:
        return UNRECORDED
    if not changed:
        return RECALCULATED
    _, denominator = issued.halves
    return f"{'、'.join(changed)}：{OUTCOMES if denominator is not None and denominator == now.denominator else CORRECTED}"


def _final(scope: Scope, metric: Metric) -> Answer | None:
    """Return the value of a period; None when outcomes are pending, and when it is refused, as where a region is missing."""
    if (outcomes.pending(scope, metric) or 0) >= PENDING:
        return None
    ask = Question(scope, metric)
    try:
        return refusal_rules.value(ask, refusal_rules.known_amount(ask, "本期"))
    except Refusal:
        return None
