"""Undated outcomes: a flag that is filled in later and dated by nothing, so that a year cannot be put back to what was known of it.

Its base is the value that was first issued for the base period. Without such an edition two years are compared as they stand, unless
their shares of empty flags differ.
"""

from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.dimensions import FLAG, SAYINGS
from city_briefs.analysis.figures import revisions
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.common.periods import Period
from city_briefs.model.labels import UNSAID

APART = Decimal("0.01")  # difference of two shares of empty flags from which on two years are not compared
UNEQUAL = "结果没有日期，待办结情况不同，不作同期比较"


def base(ask: Question, over: Period, base: Amount) -> Amount:
    """Return the base of a comparison over another period: as first issued, else as it stands.

    `base` is the amount over that period as it stands; it is returned for a metric whose outcome is no undated flag.

    Raises:
        Refusal: nothing was issued for that period, and the shares of empty flags differ by a 个百分点 or more.
    """
    if not ask.metric.flag:
        return base
    if issued := as_first_issued(ask.over(over)):
        return issued
    now, before = empty_share(ask), empty_share(ask.over(over))
    if now is not None and before is not None and abs(now - before) >= APART:
        raise Refusal(UNEQUAL)
    return base


def as_first_issued(ask: Question) -> Amount | None:
    """Return the amount of a period as the first edition for it stated it; None when none did, and for a part, which is not kept."""
    issued = None if ask.part[0] else revisions.first_issued(ask.scope, ask.metric)
    if issued is None:
        return None
    numerator, denominator = issued.halves
    return Amount(Decimal(issued.value) if numerator is None else numerator, denominator)


def empty_share(ask: Question) -> Decimal | None:
    """Return the share, 0 to 1, of the rows behind a metric whose flag is empty; of a part that of the whole.

    None when it has no flag, is not counted from records, is not fully reported, or has no rows.
    """
    results, metric = ask.results, ask.metric.pair.first if ask.metric.is_pair else ask.metric
    if not metric.flag or results.provenance(ask.metric) != "records":
        return None
    by = FLAG + metric.flag
    amounts = [results.amount(metric, ask.region, ask.period, (by, saying)) for saying in (UNSAID, *SAYINGS)]
    rows = sum((amount.numerator for amount in amounts), Decimal(0))
    return None if any(amount.missing for amount in amounts) or not rows else amounts[0].numerator / rows
