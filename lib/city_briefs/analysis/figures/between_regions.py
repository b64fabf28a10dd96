"""The difference between two regions in one period: of rates and medians alone, told apart from chance or not.

A count follows the size of a region, and is never compared. Two rates are compared when both are fully reported, their outcomes are
equally mature, and their populations are of one series. It says the same whichever of the two is named first.
"""

from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import certainty, number_format, outcomes, refusal_rules, undated
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.comparability import COUNTED, kind
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.figures.views import POINTS
from city_briefs.analysis.statistics import SMALL
from city_briefs.common.characters import adjoined

NOT_COMPARED = "两地不作比较"
BY_SIZE = f"数量指标受规模影响，{NOT_COMPARED}"


def difference(ask: Question, other: Question) -> Answer:
    """Compute how much higher a rate or a median of one region is than that of another, in its unit, of a percentage in 个百分点.

    `ask` and `other` are one metric over one period, by the results of one snapshot; neither region is a part of the other.

    Raises:
        Refusal: it is a count, an amount or without a test; one of both is not known or small; or they are not equally mature.
    """
    metric = ask.metric
    if metric.form in COUNTED or metric.form == "difference":
        raise Refusal(BY_SIZE)
    own, theirs = (refusal_rules.known_amount(asked, f"{asked.region.name}本期", "，不作比较") for asked in (ask, other))
    if reason := next(filter(None, (certainty.why_not(asked, own, theirs) for asked in (ask, other))), ""):
        raise Refusal(f"{reason}，{NOT_COMPARED}")
    if own.series != theirs.series:
        raise Refusal(f"两地人口口径不同，{NOT_COMPARED}")
    _refuse_unequal_maturity(ask, other)
    for asked, amount in ((ask, own), (other, theirs)):
        _refuse_small(asked, amount)
    value, beside = (refusal_rules.value(asked, amount) for asked, amount in ((ask, own), (other, theirs)))
    verdict = certainty.beside_another(ask, own, other, theirs)
    gap = number_format.difference_as_printed(value.value, beside.value, metric.decimals, metric.unit)
    text = _text(ask, other, gap)
    if verdict == "same" and gap:
        text = f"{adjoined(ask.region.name, '与')}{other.region.name}的差异{NOT_APART}"
    return Answer(
        value.value - beside.value, text, value.value, beside.value, unit=POINTS if metric.unit == "%" else metric.unit,
        interval=certainty.change_interval(ask, own, theirs), verdict=verdict,
    )  # fmt: skip


def _text(ask: Question, other: Question, gap: Decimal) -> str:
    """Return the difference in words, as whoever subtracts the printed values finds it: 天水市比兰州市高2.1个百分点."""
    if not gap:
        return f"{ask.region.name}与{other.region.name}持平"
    metric = ask.metric
    size = f"{abs(gap):f}{POINTS}" if metric.unit == "%" else number_format.amount(abs(gap), metric.unit, metric.decimals)
    return f"{ask.region.name}比{other.region.name}{'高' if gap > 0 else '低'}{size}"


def _refuse_small(ask: Question, amount: Amount) -> None:
    """Refuse a rate or a median of fewer cases than SMALL.

    Raises:
        Refusal: it is of so few, which the reason names.
    """
    size = refusal_rules.base_size(ask.metric, amount)
    if size is not None and size < SMALL:
        what = "分母" if kind(ask.results, ask.metric) != "median" else "记录"
        raise Refusal(f"{ask.region.name}的{what}为{number_format.digits(size)}，不足{SMALL}，{NOT_COMPARED}")


def _refuse_unequal_maturity(ask: Question, other: Question) -> None:
    """Refuse two rates of which one rests on outcomes that are known for longer, or are said more often.

    Raises:
        Refusal: the last months that both cover differ, or the shares of empty flags by a 个百分点 or more.
    """
    outcome = outcomes.outcome_of(ask.scope, ask.metric)
    if outcome and len({asked.results.last_month(outcome, asked.region) for asked in (ask, other)}) > 1:
        raise Refusal(f"两地数据截止月份不同，结果待办结情况不同，{NOT_COMPARED}")
    if ask.metric.flag:
        empty, beside = undated.empty_share(ask), undated.empty_share(other)
        if empty is not None and beside is not None and abs(empty - beside) >= undated.APART:
            raise Refusal(f"结果没有日期，两地待办结情况不同，{NOT_COMPARED}")
