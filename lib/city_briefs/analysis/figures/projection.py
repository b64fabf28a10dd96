"""The view `projection`: a rate when all outcomes of its period will be known, with its interval. Never the value of a rate."""

from decimal import Decimal

from city_briefs.analysis.compute.dimensions import KNOWN, PENDING
from city_briefs.analysis.figures import number_format, outcomes, refusal_rules
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.figures.values import pending_text
from city_briefs.analysis.statistics import pending
from city_briefs.model.metric import Metric

SO = "，不作预计"
LAST_YEAR = "0"  # the member of the dimension KNOWN of what was known for less than a year


def projection(ask: Question) -> Answer:
    """Compute a percentage when all is closed, from what became of the cases that were open on the same day a year before.

    Refused for what is no share of a dated outcome, with nothing pending, and when fewer than 30 were open then.
    """
    metric = ask.metric
    outcome = outcomes.outcome_of(ask.scope, metric)
    if outcome is None or metric.form != "ratio" or metric.unit != "%":
        raise Refusal(f"{'结果没有日期' if metric.flag else '不是结果晚于受理的比率'}{SO}")
    if ask.part[0]:
        raise Refusal(f"分项没有按办结日期的历史{SO}")
    cases, before = metric.pair.second, ask.over(ask.period.year_before)
    now = refusal_rules.known_amount(ask, "本期", SO)
    refusal_rules.known_amount(before, "上年同期", SO)
    still_open = _counted(ask, cases, outcome, PENDING)
    if not still_open:
        raise Refusal(f"没有尚未办结的{SO}")
    assert now.denominator is not None
    if now.denominator < refusal_rules.SMALL_BASE:
        raise Refusal(f"本期{cases.label}{_text(cases, now.denominator)}，基数过小{SO}")
    for each, name in ((ask, "本期"), (before, "上年同期")):
        if undated := _counted(each, outcome, outcome, PENDING):
            raise Refusal(f"{name}有{_text(outcome, undated)}没有办结日期{SO}")
    later = _counted(before, outcome, outcome, LAST_YEAR)
    then_open = sum(_counted(before, cases, outcome, member) for member in (LAST_YEAR, PENDING))
    projected = pending.projection(*map(int, (now.denominator, now.numerator, still_open, later, then_open)))
    if projected is None:
        raise Refusal(f"上年同一天尚未办结的{_text(cases, Decimal(then_open))}，基数过小{SO}")
    point, interval = projected[0], projected[1].scaled(metric.per)
    value = Decimal(str(point)) * metric.per
    printed = number_format.amount(value, metric.unit, metric.decimals)
    limits = number_format.limits(interval.low, interval.high, metric.unit, metric.decimals)
    open_now = pending_text(still_open / now.denominator) or f"另有{_text(cases, still_open)}尚未办结"
    note = f"{open_now}，按上年同一天尚未办结的{_text(cases, Decimal(then_open))}在其后一年{outcome.label}{_text(outcome, later)}推算"
    return Answer(value, f"预计办结后约{printed}（{limits}）", note=note, interval=interval)


def _counted(ask: Question, metric: Metric, outcome: Metric, member: str) -> Decimal:
    """Return how many of a metric's cases have an outcome that was known for so long.

    Raises:
        Refusal: a region did not send the day of the outcome.
    """
    amount = ask.scope.amount(metric, (KNOWN + outcome.decided, member))
    if amount.missing or amount.twice:
        raise Refusal(f"没有办结日期{SO}")
    return amount.numerator


def _text(metric: Metric, number: Decimal) -> str:
    """Return a number of cases in words."""
    return number_format.amount(number, metric.unit, metric.decimals)
