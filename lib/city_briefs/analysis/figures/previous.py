"""环比: a period beside the one of the same span just before it.

A stock is compared as it stands. A flow is first divided by its season, by the three full calendar years before, since neighbouring
months differ every year; what is compared is what it comes to in a month without season. January and February are one month, since the
Spring Festival moves. What has no such season, or no periods before each other, has no 环比.
"""

from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.figures import certainty, number_format, refusal_rules
from city_briefs.analysis.figures.changes import NOT_APART, growth, notes
from city_briefs.analysis.figures.comparability import why_untested
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.statistics import SMALL, control_chart
from city_briefs.analysis.statistics.comparisons import two_rates
from city_briefs.common.blocks import Verdict
from city_briefs.common.periods import Period, month_name, month_number
from city_briefs.model.metric import AMOUNT_UNITS

NAME = "上期"
FEW_YEARS = "历史月份不足三个完整年度，不作环比"
WITHOUT_SEASON = "（剔除季节因素）"
SPRING = ("01", "02")  # months that are one point of the season


@dataclass(frozen=True)
class Adjusted:
    """A flow in some months: its `amount`, and in `exposure` the sum of their seasonal factors, a month without season being 1."""

    amount: float
    exposure: float

    @property
    def monthly(self) -> Decimal:
        """What it comes to in a month without season."""
        return Decimal(str(self.amount)) / Decimal(str(self.exposure))


def previous(ask: Question) -> Answer:
    """Compute 环比, growth in % over the period before of the same span: of a stock, and of a flow without its season.

    Refused for January to a month, for other forms, and for a flow without three full years before.
    """
    before = ask.period.previous
    if before is None:
        raise Refusal("年初以来的累计数没有环比，按月、季度或半年计算的才有")
    if ask.metric.form == "stock":
        return growth(ask, before, f"{NAME}末")
    if ask.metric.form != "flow":
        raise Refusal("只有期末时点数和按月累计的数量有环比")
    return _of_flow(ask, before)


def _of_flow(ask: Question, before: Period) -> Answer:
    """Compute the growth of a flow over the period before, both without their season.

    Raises:
        Refusal: it is of one part, has outcomes that come later, is of January or February alone, has no season of three full years,
            or is not fully reported; or the base is small.
    """
    metric = ask.metric
    if ask.part[0]:
        raise Refusal("分项没有逐月的季节比重，不作环比")
    if metric.decided or metric.flag:
        raise Refusal("近期多数结果尚未出来，不作环比")
    if ask.period.span == "month" and ask.period.months[0][5:] in SPRING:
        raise Refusal("1月、2月合为一期，不作环比")
    refusal_rules.known_amount(ask, "本期")
    refusal_rules.known_amount(ask.over(before), NAME, "，不作比较")
    factors = certainty.seasonal_factors(metric, ask, ask.period.year - 1)
    if factors is None:
        raise Refusal(FEW_YEARS)
    is_after_spring = before.span == "month" and before.months[0][5:] == SPRING[1]
    earlier = (month_name(month_number(before.months[0]) - 1), *before.months) if is_after_spring else before.months
    now, base = (_adjusted(ask, months, factors) for months in (ask.period.months, earlier))
    _refuse_small(ask, base)
    change = (now.monthly / base.monthly - 1) * number_format.HUNDRED
    verdict, text = _verdict(ask, before, now, base), number_format.growth(change)
    if verdict != "same" or text == number_format.LEVEL:
        text += WITHOUT_SEASON
    else:
        first, last = (number_format.amount(side.monthly, metric.unit, metric.decimals) for side in (base, now))
        monthly = "" if before.span == "month" else "月均"
        text = f"{monthly}由{first}变为{last}{WITHOUT_SEASON}，变化{NOT_APART}"
    years = f"{ask.period.year - control_chart.YEARS}—{ask.period.year - 1}年"
    note = notes(f"已按{years}各月比重剔除季节因素", "上期为1—2月月均" if is_after_spring else "")
    return Answer(change, text, now.monthly, base.monthly, note, verdict=verdict)


def _adjusted(ask: Question, months: tuple[str, ...], factors: list[float]) -> Adjusted:
    """Return a flow in some successive months with their seasonal factors.

    Raises:
        Refusal: a month is not known.
    """
    last = Period(int(months[-1][:4]), int(months[-1][5:]))
    amounts = ask.results.monthly(ask.metric, ask.region, last, len(months))
    if amounts is None:
        raise Refusal(FEW_YEARS)
    return Adjusted(sum(amounts), sum(factors[max(0, month_number(month) % 12 - 1)] for month in months))


def _verdict(ask: Question, before: Period, now: Adjusted, base: Adjusted) -> Verdict:
    """Return whether two amounts are told apart from chance, the season taken as an exposure."""
    if why_untested(ask.results, ask.metric, ask.period):
        return "untested"
    dispersion = certainty.flow_dispersion(ask, ask.metric, before, ask.period.year - 1) or 1.0
    return certainty.direction(two_rates(now.amount, now.exposure, base.amount, base.exposure, dispersion))


def _refuse_small(ask: Question, base: Adjusted) -> None:
    """Refuse a percentage of a small number.

    Raises:
        Refusal: the base has fewer cases than SMALL; of an amount it is zero.
    """
    metric = ask.metric
    if not base.amount:
        raise Refusal(f"{NAME}为零，不作比较", number_format.NOTHING)
    if metric.unit not in AMOUNT_UNITS and base.amount < SMALL:
        words = number_format.amount(Decimal(str(base.amount)), metric.unit, metric.decimals)
        raise Refusal(f"{NAME}为{words}，基数过小，不作百分比比较", number_format.NOTHING, f"{NAME}{words}")
