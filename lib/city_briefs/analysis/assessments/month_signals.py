"""Month signals: whether the last month of a period lies outside of its usual range, or the last eight on one side of their mean.

A flow is divided by its seasonal factors and held against the limits of single values (XmR), a percentage of two flows against Laney's
p′; the baseline are the 24 months before (`month_points`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from city_briefs.analysis.assessments import month_points
from city_briefs.analysis.assessments.month_points import QUARTER, MonthPoints
from city_briefs.analysis.figures import comparability, number_format
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics.control_chart import BASELINE, RUN, Limits
from city_briefs.common.periods import months_text
from city_briefs.model.metric import Metric

NO_MONTHS = "不是按月累计的数量或比率，不作异动判断"
JOINED = "（1月、2月合为一个月）"  # said of months in succession
LATE_OUTCOMES = "近月多数尚未办结，不作异动判断"


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


def month_signal(scope: Scope, metric: Metric, joins: Sequence[int] = (1, QUARTER)) -> MonthSignal:
    """Return whether the last month of a period is unusual for a metric of a region, or why that is not judged.

    Months of a percentage are joined by the first of `joins` with which there are enough cases.
    """
    try:
        points = points_of(scope, metric, joins)
    except Refusal as refusal:
        return MonthSignal(metric, scope.period.months[-1:], refused=str(refusal))
    return _signal(scope, metric, points)


def points_of(scope: Scope, metric: Metric, joins: Sequence[int] = (1, QUARTER), before: int = BASELINE) -> MonthPoints:
    """Return the points of a metric that are judged, from so many months before the last one on.

    Raises:
        Refusal: it has no months, or they are not known or too few.
    """
    _refuse_unsuited(scope, metric)
    if metric.form == "flow":
        return month_points.of_flow(scope, metric, before)
    return month_points.of_percentage(scope, metric, joins, before)


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
    if metric.form == "ratio" and not comparability.kind(results, metric):
        raise Refusal(comparability.why_no_test(metric))
    if late:
        raise Refusal(LATE_OUTCOMES)
    if results.provenance(metric) == "returns" and results.reporters.only_province(metric, scope.period):
        raise Refusal(f"只有{scope.whole.whole}报送数，不作异动判断")
    figure = look(scope, metric, "value")
    if figure.refused:
        raise Refusal(figure.refused)


def _signal(scope: Scope, metric: Metric, points: MonthPoints) -> MonthSignal:
    """Return the last point beside its usual range, with the words for a signal."""
    last = len(points.values) - 1
    months, usual, kind = points.months[last], points.usual(last), points.kind(last)
    size = Decimal(str(points.amounts[last]))
    text = ""
    if kind:
        subject = f"{months_text(months).removeprefix(f'{scope.period.year}年')}{metric.label}"
        text = f"{subject}{number_format.amount(size, metric.unit, metric.decimals)}，"
        text += (
            f"超出近两年正常波动范围（{usual_range(metric, usual)}）"
            if kind == "outside"
            else _run(metric, size, usual, len(months))
        )
    return MonthSignal(metric, months, size, usual, "outside" if kind == "outside" else "run" if kind else "", text)


def usual_range(metric: Metric, usual: Limits) -> str:
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
        return f"剔除季节因素后，近{RUN}个月{JOINED}均{above}近两年平均水平"
    return f"近{RUN}个月均{above}近两年平均水平"
