"""The value of a metric in its period and a year before, with its interval and the share of cases that are still pending."""

from dataclasses import replace
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import certainty, number_format, outcomes, refusal_rules
from city_briefs.analysis.figures.figure import Answer, Question

PENDING_SAID = Decimal("0.01")  # the share of pending cases from which on it is said
PENDING_DECIMALS = 1  # of that share in %


def value(ask: Question) -> Answer:
    """Compute the metric itself: flows summed from January, stocks at the cut-off, ratios pooled. Refused unless fully reported."""
    return of_amount(ask, refusal_rules.known_amount(ask, "本期"))


def of_amount(ask: Question, amount: Amount) -> Answer:
    """Return the answer of an amount of this period, with its interval, and the share of its cases that are pending.

    Raises:
        Refusal: the denominator is zero, or it is a median or a maximum of no records.
    """
    answer = refusal_rules.value(ask, amount)
    pending = outcomes.pending(ask.scope, ask.metric)
    note = "；".join(filter(None, (answer.note, pending_text(pending))))
    return replace(answer, interval=certainty.value_interval(ask, amount), pending=pending, note=note)


def value_before(ask: Question) -> Answer:
    """Compute the value of the same months a year before. Refused unless they are fully reported."""
    before = ask.over(ask.period.year_before)
    return refusal_rules.value(before, refusal_rules.known_amount(before, "上年同期", "，不作比较"))


def pending_text(pending: Decimal | None) -> str:
    """Return the share of pending cases in words; empty below one percent, and where outcomes do not come later."""
    if pending is None or pending < PENDING_SAID:
        return ""
    return f"另有{number_format.amount(pending * number_format.HUNDRED, '%', PENDING_DECIMALS)}尚未办结"
