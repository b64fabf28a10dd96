"""Month signals: whether the last month of a period lies outside of its usual range, or the last eight on one side of their mean.

A flow is divided by its seasonal factors and held against the limits of single values (XmR), a percentage of two flows against Laney's
p′; the baseline are the 24 months before. January and February of a flow are one month, since the Spring Festival moves. Where months
of a percentage have few cases, all are joined by threes, counted back from the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics import EXPECTED, SMALL, control_chart
from city_briefs.analysis.statistics.control_chart import BASELINE, RUN, YEARS, Limits
from city_briefs.common.periods import Period, month_name, month_number, months_text
from city_briefs.model.metric import AMOUNT_UNITS, Metric

NO_MONTHS = "不是按月累计的数量或比率，不作异动判断"
FEW_MONTHS = "历史月份不足，不作异动判断"
JANUARY = "1月、2月合为一期，2月末起判断"
LATE_OUTCOMES = "近月多数尚未办结，不作异动判断"
QUARTER = 3  # months that are joined where each has few cases


@dataclass(frozen=True)
class MonthSignal:
    """The last month of a period beside its usual range, both in the unit of the metric; `refused` is the reason when it has none.

    `months` are those judged (YYYY-MM), more than one where they are joined. `kind` is "outside" of the range, a "run" of eight on one
    side of the mean, or empty for no signal. `text` says the signal in words; it is empty without one.
    """

    metric: Metric
    months: tuple[str, ...]
    value: Decimal | None = None
    usual: Limits | None = None
    kind: Literal["outside", "run", ""] = ""
    text: str = ""
    refused: str | None = None

    @property
    def is_signal(self) -> bool:
        """Whether the month is unusual."""
        return bool(self.kind)


def month_signal(scope: Scope, metric: Metric) -> MonthSignal:
    """Return whether the last month of a period is unusual for a metric of a region, or why that is not judged."""
    try:
        _refuse_unsuited(scope, metric)
        return _of_flow(scope, metric) if metric.form == "flow" else _of_percentage(scope, metric)
    except Refusal as refusal:
        return MonthSignal(metric, scope.period.months[-1:], refused=str(refusal))


def _refuse_unsuited(scope: Scope, metric: Metric) -> None:
    """Refuse what has no months.

    Raises:
        Refusal: it is neither a flow nor a percentage of two, its outcomes come later, only the province returns it, or it is not
            fully reported.
    """
    results = scope.results
    if metric.form == "flow":
        late = metric.decided
    elif results.is_pair(metric) and metric.unit == "%" and metric.pair.first.form == metric.pair.second.form == "flow":
        late = metric.pair.first.decided
    else:
        raise Refusal(NO_MONTHS)
    if late:
        raise Refusal(LATE_OUTCOMES)
    if results.provenance(metric) == "returns" and results.only_province(metric, scope.period):
        raise Refusal(f"只有{scope.whole.whole}报送数，不作异动判断")
    figure = look(scope, metric, "value")
    if figure.refused:
        raise Refusal(figure.refused)


def _of_flow(scope: Scope, metric: Metric) -> MonthSignal:
    """Return the signal of a flow, in terms of the month as it is: its usual range times its seasonal factor.

    Raises:
        Refusal: fewer than three full years are known, they have too few cases, or a month of the year never has any.
    """
    through, year = scope.period.through, scope.period.year
    if through == 1:
        raise Refusal(JANUARY)
    joined = 2 if through == 2 else 1  # months of the last point
    months = scope.results.monthly(metric, scope.region, scope.period, BASELINE + joined)
    if months is None or scope.results.monthly(metric, scope.region, Period(year - 1), YEARS * 12) is None:
        raise Refusal(FEW_MONTHS)
    if metric.unit not in AMOUNT_UNITS:
        _refuse_few(sum(months[:-joined]))
    factors = certainty.seasonal_factors(metric, Question(scope, metric), year - 1)
    if factors is None:
        raise Refusal("有的月份历年均为零，不作异动判断")
    points, places = control_chart.series(1 if joined == 2 else through, months)
    *baseline, last = (point / factors[place] for point, place in zip(points, places, strict=True))
    limits = control_chart.xmr(baseline)
    scale = factors[places[-1]] * joined
    usual = Limits(limits.mean * scale, max(0.0, limits.low * scale), limits.high * scale)
    kind = control_chart.signal(baseline, limits, last)
    return _signal(scope, metric, joined, sum(months[-joined:]), usual, kind)


def _of_percentage(scope: Scope, metric: Metric) -> MonthSignal:
    """Return the signal of a percentage of two flows.

    Raises:
        Refusal: fewer than 24 months before are known, or they have too few cases even when joined by threes.
    """
    halves = (metric.pair.first, metric.pair.second)
    for joined in (1, QUARTER):
        monthly = [scope.results.monthly(half, scope.region, scope.period, BASELINE + joined) for half in halves]
        if None in monthly:
            raise Refusal(FEW_MONTHS)
        parts, wholes = ([sum(months[at : at + joined]) for at in range(0, len(months), joined)] for months in monthly if months)
        if not _are_few(parts, wholes):
            break
    else:
        raise Refusal("各月数量过少，不作异动判断")
    limits = control_chart.laney(parts[:-1], wholes[:-1], wholes[-1])
    *baseline, last = (part / whole for part, whole in zip(parts, wholes, strict=True))
    usual = Limits(limits.mean * metric.per, limits.low * metric.per, limits.high * metric.per)
    kind = control_chart.signal(baseline, limits, last)
    return _signal(scope, metric, joined, last * metric.per, usual, kind)


def _are_few(parts: Sequence[float], wholes: Sequence[float]) -> bool:
    """Return whether in some month fewer than five events, or others, are expected."""
    rate = sum(parts) / sum(wholes) if any(wholes) else 0.0
    return min(wholes) * min(rate, 1 - rate) < EXPECTED


def _refuse_few(cases: float) -> None:
    """Refuse a baseline of few cases.

    Raises:
        Refusal: there are fewer than SMALL.
    """
    if cases < SMALL:
        raise Refusal(f"近两年基数过小（{number_format.digits(Decimal(str(cases)))}），不作异动判断")


def _signal(scope: Scope, metric: Metric, joined: int, value: float, usual: Limits, kind: str) -> MonthSignal:
    """Return a month beside its usual range, with the words for a signal."""
    last = month_number(scope.period.months[-1])
    months = tuple(month_name(number) for number in range(last - joined + 1, last + 1))
    size = Decimal(str(value))
    text = ""
    if kind:
        when = months_text(months)
        subject = f"{when.removeprefix(f'{scope.period.year}年')}{metric.label}"
        text = f"{subject}{number_format.amount(size, metric.unit, metric.decimals)}，"
        text += f"超出近两年正常波动范围（{_range(metric, usual)}）" if kind == "outside" else _run(metric, size, usual, joined)
    return MonthSignal(metric, months, size, usual, "outside" if kind == "outside" else "run" if kind else "", text)


def _range(metric: Metric, usual: Limits) -> str:
    """Return the usual range in words, rounded inwards, so that what is outside does not print like a limit: 310—520件."""
    low, high = Decimal(str(usual.low)), Decimal(str(usual.high))
    (first, unit), (second, other) = (
        number_format.scaled(low, metric.unit, metric.decimals, "ceiling"),
        number_format.scaled(high, metric.unit, metric.decimals, "floor"),
    )
    return f"{first}{'' if unit == other != '%' else unit}—{second}{other}"


def _run(metric: Metric, size: Decimal, usual: Limits, joined: int) -> str:
    """Return the words for eight months on one side of the mean."""
    above = "高于" if size > Decimal(str(usual.mean)) else "低于"
    if joined == QUARTER:
        return f"近{RUN}期（每期{QUARTER}个月）均{above}近两年平均水平"
    if metric.form == "flow":
        return f"剔除季节因素后，近{RUN}个月（1月、2月合为一个月）均{above}近两年平均水平"
    return f"近{RUN}个月均{above}近两年平均水平"
