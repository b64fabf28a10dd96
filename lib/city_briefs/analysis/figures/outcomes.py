"""Outcomes that come later than their cases, such as the settlement of a complaint: what was known of them when, and what is pending.

The last day is that of the last month which a region covers (`compute.maturity`).
"""

from dataclasses import replace
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.dimensions import KNOWN, PENDING
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import read_log
from city_briefs.model.metric import Metric


def outcome_of(scope: Scope, metric: Metric) -> Metric | None:
    """Return the flow that rests on a dated outcome: the metric, or the first half of a ratio; None when it rests on none here."""
    outcome = metric.pair.first if scope.results.is_pair(metric) else metric
    return outcome if outcome.decided and scope.results.provenance(metric) == "records" else None


def as_known(scope: Scope, metric: Metric, years: int) -> Amount:
    """Return a metric over a period as it was known so many years before the last day of each region.

    The metric rests on a dated outcome, see `outcome_of`; the base of a share is as today.
    """
    results = scope.results
    if results.is_pair(metric):
        part, whole = as_known(scope, metric.pair.first, years), scope.amount(metric.pair.second)
        return replace(part, denominator=whole.numerator, missing=whole.missing | part.missing, twice=whole.twice | part.twice)
    by = KNOWN + metric.decided
    read_log.note(("parts", metric.id, by, scope.whole.code), lambda: results.counted(metric, by))
    early = [member for member in results.counted(metric, by) if member != PENDING and int(member) >= years]
    amounts = [scope.amount(metric, (by, member)) for member in early or [PENDING]]
    gaps = next((amount for amount in amounts if amount.missing or amount.twice), None)
    return gaps or Amount(sum((amount.numerator for amount in amounts), Decimal(0)) if early else Decimal(0))


def still_open(scope: Scope, metric: Metric) -> Decimal | None:
    """Return how many cases of a period had no outcome on the last day of each region.

    None for a metric that is no share of a dated outcome, and when it is not known.
    """
    outcome = outcome_of(scope, metric)
    if outcome is None or metric.form != "ratio":
        return None
    amount = scope.amount(metric.pair.second, (KNOWN + outcome.decided, PENDING))
    return None if amount.missing else amount.numerator


def pending(scope: Scope, metric: Metric) -> Decimal | None:
    """Return the share, 0 to 1, of these cases; None where they are not known, and without any case."""
    open_now = still_open(scope, metric)
    if open_now is None:
        return None
    whole = scope.amount(metric.pair.second)
    return None if whole.missing or not whole.numerator else open_now / whole.numerator
