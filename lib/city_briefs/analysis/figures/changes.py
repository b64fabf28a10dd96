"""Views that compare a metric with another period of its own: growth, and the change of a percentage.

Both are told apart from chance or not (`certainty`); what is not has no verb. Where outcomes come later than the cases, both years are
taken as they were known at the same distance from their end.
"""

from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import certainty, number_format, outcomes, provisional, refusal_rules, undated
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.figures.values import PENDING_DECIMALS, of_amount
from city_briefs.analysis.statistics.components import two_year_average
from city_briefs.common.blocks import Verdict
from city_briefs.common.periods import FIRST_YEAR, Period
from city_briefs.model.metric import Metric

CAGR_YEARS = 5  # of 年均增长, the length of a five-year plan
PENDING_TOO_MUCH = Decimal("0.2")  # the share of pending cases from which on nothing is compared
UNUSUAL = 10  # % of growth or fall of the base year, from which on a change in the other direction is over an unusual base
HUNDRED = number_format.HUNDRED
YEAR_BEFORE = "上年同期"
AS_KNOWN = "上年同期按上年同一天已知的结果计算"
FIRST_ISSUED = "结果没有日期，上年同期用首次签发数"
NOT_APART = "未超出随机波动"
WITHIN_REVISION = "小于初步数的平均修订"


def yoy(ask: Question) -> Answer:
    """Compute 同比, growth in % over the same months a year before. Refused for a percentage, and over a missing, zero or small base."""
    return growth(ask, ask.period.year_before, YEAR_BEFORE, tested=True)


def since_year_end(ask: Question) -> Answer:
    """Compute 较上年底, growth of a stock in % over the last day of the year before. Refused for other forms, and as 同比 is."""
    if not ask.metric.at_month_end:
        raise Refusal("只有期末时点数与上年底比较")
    return growth(ask, Period(ask.period.year - 1), "上年底")


def cagr(ask: Question) -> Answer:
    """Compute 年均增长, the compound yearly growth in % over five years. Refused as 同比 is, over the base of five years before."""
    base = ask.period.of_year(max(FIRST_YEAR, ask.period.year - CAGR_YEARS))
    grown = growth(ask, base, f"{base.text}")
    assert grown.numerator is not None and grown.denominator is not None
    yearly = ((grown.numerator / grown.denominator) ** (Decimal(1) / CAGR_YEARS) - 1) * HUNDRED
    return Answer(yearly, f"年均{number_format.growth(yearly)}", grown.numerator, grown.denominator, pending=grown.pending)


def change_pp(ask: Question) -> Answer:
    """Compute the difference of a percentage from the same months a year before, in 个百分点. Refused for others, and over a small base."""
    if ask.metric.unit != "%":
        raise Refusal("只有百分率以个百分点比较")
    return _points(ask, ask.period.year_before, YEAR_BEFORE)


def change_since(ask: Question, over: Period) -> Answer:
    """Compute the growth in % over any period of the same months, or of the same kind of day; of a percentage the change in 个百分点.

    Refused as 同比 is. Of the year before it is 同比.
    """
    name = YEAR_BEFORE if over == ask.period.year_before else over.text
    return _points(ask, over, name) if ask.metric.unit == "%" else growth(ask, over, name, tested=True)


def _points(ask: Question, over: Period, name: str) -> Answer:
    """Compute the difference of a percentage from another period, which reasons call `name`, in 个百分点."""
    now_amount, base_amount = compared_amounts(ask, over, name)
    now, base = of_amount(ask, now_amount), _base(ask, base_amount, over, name)
    _refuse_small(ask, now_amount, now, "本期")
    change = now.value - base.value
    verdict = certainty.verdict(ask, now_amount, base_amount, over)
    decimals = ask.metric.decimals
    text = number_format.points_between(now.value, base.value, decimals)
    if verdict == "same" and text != number_format.LEVEL:
        text = f"由{base.text}变为{now.text}，差异{NOT_APART}"
    elif verdict in ("up", "down") and provisional.is_within_revision(ask.scope, ask.metric, change, now.pending):
        verdict, text = "same", f"由{base.text}变为{now.text}，差异{WITHIN_REVISION}"
    note = _base_note(ask, over)
    return Answer(
        change, text, now.value, base.value, note,
        interval=certainty.change_interval(ask, now_amount, base_amount), verdict=verdict, pending=now.pending,
    )  # fmt: skip


def compared_amounts(ask: Question, over: Period, name: str) -> tuple[Amount, Amount]:
    """Return the amounts of this period and of a base period, which reasons call `name`, at the same distance from their end.

    Raises:
        Refusal: one is not fully reported, too many cases are pending, or the population is of another series.
    """
    metric = ask.metric
    now, before = refusal_rules.known_amount(ask, "本期"), ask.over(over)
    base = refusal_rules.known_amount(before, name, "，不作比较")
    if base.series != now.series:
        raise Refusal(f"{name}的人口为另一口径（{base.series}），不作比较", f"{name}人口口径不同，不作比较")
    if not is_dated_later(ask):
        return now, undated.base(ask, over, base)
    if ask.part[0]:
        raise Refusal("分项没有按办结日期的历史，不作同期比较")
    pending = outcomes.pending(ask.scope, metric)
    if pending is not None and pending >= PENDING_TOO_MUCH:
        percent = number_format.amount(pending * HUNDRED, "%", PENDING_DECIMALS)
        raise Refusal(f"尚未办结的占{percent}，不作同期比较")
    known = outcomes.as_known(before.scope, metric, ask.period.year - over.year)
    if known.missing or known.twice:
        raise Refusal(f"{name}没有办结日期，不作同期比较")
    return now, known


def is_dated_later(ask: Question) -> bool:
    """Return whether the metric is counted from records here and rests on an outcome with a date of its own."""
    return outcomes.outcome_of(ask.scope, ask.metric) is not None


def value_as_known(ask: Question, years: int) -> Answer:
    """Compute the value as it was known so many years before the last day that is covered; the value itself where nothing is pending.

    It makes the years of a series comparable: each at the same distance from its end as the latest.

    Raises:
        Refusal: the value is refused.
    """
    amount = refusal_rules.known_amount(ask, "本期")
    if years and is_dated_later(ask) and not ask.part[0]:
        amount = outcomes.as_known(ask.scope, ask.metric, years)
    return of_amount(ask, amount)


def growth(ask: Question, over: Period, name: str, *, tested: bool = False) -> Answer:
    """Compute the growth in % over another period, which reasons call `name`. Refused for a percentage or a negative value.

    If `tested`, it says whether the growth is told apart from chance, and what the base itself had done.
    """
    metric = ask.metric
    if metric.unit == "%":
        raise Refusal("百分率不计算增长率，另以个百分点比较")
    now_amount, base_amount = compared_amounts(ask, over, name)
    now = of_amount(ask, now_amount)
    verdict: Verdict = "untested"
    if tested and now.value >= 0:
        verdict = certainty.verdict(ask, now_amount, base_amount, over)
    base = _base(ask, base_amount, over, name, verdict)
    if now.value < 0:
        raise Refusal("本期为负，不作比较", number_format.NOTHING)
    change = (now.value / base.value - 1) * HUNDRED
    text, unusual = number_format.growth(change), False
    if verdict == "same" and text != number_format.LEVEL:
        text = _not_apart(metric, base.text, now.text)
    elif tested and over == ask.period.year_before:
        added = _over_unusual_base(ask, change, now.value, base.value)
        text, unusual = text + added, bool(added)
    note = notes(_newcomers(ask, over), _base_note(ask, over))
    return Answer(
        change, text, now.value, base.value, note, verdict=verdict, pending=now.pending, unusual_base=unusual,
    )  # fmt: skip


def _base_note(ask: Question, over: Period) -> str:
    """Return how the base was taken where outcomes come later than the cases; empty where they do not."""
    is_year_before = over == ask.period.year_before
    if is_dated_later(ask):
        return AS_KNOWN if is_year_before else f"{over.text}按{ask.period.year - over.year}年前同一天已知的结果计算"
    if not (ask.metric.flag and undated.as_first_issued(ask.over(over))):
        return ""
    return FIRST_ISSUED if is_year_before else f"结果没有日期，{over.text}用首次签发数"


def _not_apart(metric: Metric, before: str, now: str) -> str:
    """Return the words for a growth that is not told apart from chance."""
    return f"由{before}变为{now}，{'差异' if metric.form in ('ratio', 'median') else '变化'}{NOT_APART}"


def _over_unusual_base(ask: Question, change: Decimal, now: Decimal, base: Decimal) -> str:
    """Return what is said of a growth whose base had itself changed by UNUSUAL or more in the other direction; else an empty text."""
    before = ask.period.year_before
    try:
        earlier_ask = ask.over(before)
        _, amount = compared_amounts(earlier_ask, before.year_before, "")
        if is_dated_later(ask):
            amount = outcomes.as_known(earlier_ask.over(before.year_before).scope, ask.metric, 2)
        earlier = _base(earlier_ask, amount, before.year_before, "").value
    except Refusal:
        return ""
    of_base = (base / earlier - 1) * HUNDRED
    if abs(of_base) < UNUSUAL or (of_base > 0) == (change > 0) or not change:
        return ""
    average = Decimal(str(two_year_average(float(now), float(earlier)) * 100))
    return f"（上年同期{number_format.growth(of_base)}），两年平均{number_format.growth(average)}"


def _newcomers(ask: Question, over: Period) -> str:
    """Return a note on the regions that report in this period and did not in the base; empty when there are none."""
    before = ask.results.reporters.members(ask.metric, ask.region, over)
    new = [member.name for member in ask.results.reporters.members(ask.metric, ask.region, ask.period) if member not in before]
    return f"本期包括基期未报送的{'、'.join(new)}" if new else ""


def _base(ask: Question, amount: Amount, over: Period, name: str, verdict: Verdict = "untested") -> Answer:
    """Return the value of the base period. Refused when it is zero, negative or small; `verdict` is then that of the counts alone."""
    base = refusal_rules.value(ask.over(over), amount)
    if ask.metric.unit != "%" and base.value <= 0:
        reason = f"{name}为{'零' if not base.value else '负'}，不作比较"
        raise Refusal(reason, number_format.NOTHING, verdict=verdict if not base.value else "untested")
    _refuse_small(ask, amount, base, name, verdict)
    return base


def _refuse_small(ask: Question, amount: Amount, answer: Answer, name: str, verdict: Verdict = "untested") -> None:
    """Refuse a percentage of a small number.

    Raises:
        Refusal: the amount rests on fewer records or units than SMALL_BASE.
    """
    size = refusal_rules.base_size(ask.metric, amount)
    if size is not None and size < refusal_rules.SMALL_BASE:
        reason = f"{name}为{answer.text}，基数过小，不作百分比比较"
        raise Refusal(reason, number_format.NOTHING, f"{name}{answer.text}", verdict)


def notes(*notes: str) -> str:
    """Return footnotes as one, each once; empty ones are left out."""
    return "；".join(dict.fromkeys(filter(None, notes)))
