"""Monthly course: a metric month by month up to the end of a period, with the year before, the usual range, and since when it has changed.

The months are January to the last of the period, whatever its span. A flow and a percentage of two flows are those of the month, a stock
is that of its end. Each month of a flow or percentage is judged against the 24 months before it (`month_signals`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from city_briefs.analysis.assessments.month_points import QUARTER
from city_briefs.analysis.assessments.month_signals import NO_MONTHS, MonthSignal, month_signal, points_of
from city_briefs.analysis.figures import refusal_rules
from city_briefs.analysis.figures.changes import PENDING_TOO_MUCH, compared_amounts, is_dated_later
from city_briefs.analysis.figures.figure import Figure, Question, Refusal, plain
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, look, look_as_known
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.change_point import change_point
from city_briefs.analysis.statistics.control_chart import RUN, YEARS, Limits
from city_briefs.common.periods import Period, months_text
from city_briefs.model.metric import TO_DATE, Metric

WITHIN = "各月均在近两年正常波动范围之内"
WITHOUT_MONTHS = (*TO_DATE, "latest", "cited")  # forms of which a month has no number of its own


@dataclass(frozen=True)
class CourseMonth:
    """A month of a course: its value, that of the same month a year before as it was known at the same distance, and its signal."""

    value: Figure
    before: Figure
    signal: MonthSignal

    @property
    def month(self) -> str:
        """The month as YYYY-MM."""
        return self.value.period.months[-1]

    @property
    def is_pending(self) -> bool:
        """Whether so many of its outcomes are not known yet that it is compared with nothing."""
        return self.value.pending is not None and self.value.pending >= PENDING_TOO_MUCH


@dataclass(frozen=True)
class CoursePoint:
    """A point of a course's chart: a month, or months that are judged together; numbers are of all of them, in the metric's unit.

    `value` and `before` are None when one of the months has none. `cases` is the denominator of a ratio; None for other metrics.
    """

    months: tuple[str, ...]
    value: Decimal | None
    before: Decimal | None
    signal: MonthSignal
    cases: Decimal | None = None
    is_pending: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it is a percentage of so few cases that chance moves it widely."""
        return self.signal.metric.unit == "%" and self.cases is not None and self.cases < SMALL

    @property
    def label(self) -> str:
        """Its months in words: 3月, 1—2月."""
        return months_label(self.months)

    @property
    def side(self) -> int:
        """On which side of the mean it is a signal: 1 above, −1 below; 0 when it is none."""
        usual, size = self.signal.usual, self.signal.value
        return 0 if not self.signal.kind or usual is None or size is None else 1 if float(size) > usual.mean else -1


@dataclass(frozen=True)
class Change:
    """A change that lasts to the end of a course: the months of its first point, how many points it has, and the words for it."""

    since: tuple[str, ...]
    points: int
    is_above: bool
    text: str


@dataclass(frozen=True)
class Course:
    """The months of a metric of a region up to the end of a period, in order.

    `refused` says why the metric has no months; there are none then. `change` is None when the chart shows none.
    """

    scope: Scope
    metric: Metric
    months: tuple[CourseMonth, ...] = ()
    points: tuple[CoursePoint, ...] = ()
    change: Change | None = None
    refused: str | None = None

    @property
    def is_judged(self) -> bool:
        """Whether any of its months has a usual range."""
        return any(point.signal.usual for point in self.points)

    @property
    def text(self) -> str:
        """Since when the metric has changed, which months are unusual, or that none is; else why it is not judged."""
        judged = [point for point in self.points if point.signal.usual]
        if not self.is_judged:
            return self.refused or next((month.signal.refused or "" for month in reversed(self.months)), "")
        parts = [self.change.text] if self.change else []
        rest = [point for point in judged if not self.change or point.months < self.change.since]
        outside = "、".join(point.label for point in rest if point.signal.kind == "outside")
        parts += [f"{outside}超出近两年正常波动范围"] if outside else []
        parts += _runs(rest)
        unjudged = "、".join(point.label for point in self.points if not point.signal.usual)
        if not parts:
            return f"{unjudged}不作判断，其余{WITHIN}" if unjudged else WITHIN
        return "；".join([*parts, *([f"{unjudged}不作判断"] if unjudged else [])])

    def records(self) -> list[dict[str, Any]]:
        """Return the months as JSON objects, the contract of `briefs value --by month --json` without the snapshot."""
        return [
            {
                "month": month.month,
                **month.value.record(),
                "before": {"value": plain(month.before.value), "text": month.before.text, "refused": month.before.refused},
                "judged": _judged(month.signal),
                "changed_since": self.change.since[0] if self.change and month.month >= self.change.since[0] else None,
            }
            for month in self.months
        ]


def course(scope: Scope, metric: Metric) -> Course:
    """Return the months of a metric up to the end of a period, or why it has none."""
    if _has_no_months(scope, metric):
        return Course(scope, metric, refused=NO_MONTHS)
    joins = _joins(scope, metric)
    months = tuple(
        CourseMonth(look(own, metric, "value"), _before(own, metric), month_signal(to_date, metric, joins))
        for own, to_date in _scopes(scope)
    )
    return Course(scope, metric, months, tuple(_points(metric, months)), _change(scope, metric, joins))


def months_label(months: Sequence[str]) -> str:
    """Return months without the year of the last: 3月, 1—2月; those of the year before with theirs."""
    year = f"{months[-1][:4]}年"
    return months_text(months).replace(f"、{year}", "、").removeprefix(year)


def _scopes(scope: Scope) -> Iterator[tuple[Scope, Scope]]:
    """Yield the scope of each month up to the end of a period, and that of January to it."""
    for through in range(1, scope.period.through + 1):
        own = Period(scope.period.year, through, "month")
        yield scope.over(own), scope.over(own.to_date)


def _has_no_months(scope: Scope, metric: Metric) -> bool:
    """Return whether a month has no number of its own: what is counted to date, and a pair of it."""
    if scope.results.is_pair(metric):
        return any(half.form in TO_DATE for half in (metric.pair.first, metric.pair.second))
    return metric.form in WITHOUT_MONTHS


def _joins(scope: Scope, metric: Metric) -> tuple[int, ...]:
    """Return how many months make a point: as many as of the last month, so that a course says of it what `month_signal` does."""
    signal = month_signal(scope.over(scope.period.to_date), metric)
    return (len(signal.months),) if signal.usual and metric.form == "ratio" else (1, QUARTER)


def _before(scope: Scope, metric: Metric) -> Figure:
    """Return the value of the same month a year before at the same distance from its end, or why the two are not compared."""
    before = scope.period.year_before
    figure = look_as_known(scope, metric, before)
    if figure.value is None or look(scope, metric, "value").value is None:
        return figure
    ask = Question(scope, metric)
    try:
        _, amount = compared_amounts(ask, before, "上年同期")
        answer = refusal_rules.value(ask.over(before), amount)
    except Refusal as refusal:
        return replace(
            figure, value=None, numerator=None, denominator=None, interval=None, text=refusal.text, refused=str(refusal)
        )
    view = AS_KNOWN if is_dated_later(ask) else "value"
    return replace(
        figure, view=view, value=answer.value, numerator=answer.numerator, denominator=answer.denominator, text=answer.text
    )


def _points(metric: Metric, months: Sequence[CourseMonth]) -> Iterator[CoursePoint]:
    """Yield the points: months that are judged together are one. January and February of a flow are one, judged or not."""
    names = [month.month for month in months]
    size = (
        next((len(month.signal.months) for month in reversed(months) if month.signal.usual), 1) if metric.form == "ratio" else 1
    )
    at = len(months) % size
    while at < len(months):
        is_january = metric.form == "flow" and at == 0 and len(months) > 1
        group = months[at : at + (2 if is_january else size)]
        at += len(group)
        yield CoursePoint(
            tuple(names[at - len(group) : at]),
            _together(metric, [month.value for month in group]),
            _together(metric, [month.before for month in group]),
            group[-1].signal,
            _cases([month.value for month in group]),
            any(month.is_pending for month in group),
        )


def _together(metric: Metric, figures: Sequence[Figure]) -> Decimal | None:
    """Return the value of several months: of a flow their sum, of a percentage that of its halves; None when one has none."""
    if any(figure.value is None for figure in figures):
        return None
    if len(figures) == 1:
        return figures[0].value
    if metric.form == "flow":
        return sum((figure.number for figure in figures), Decimal(0))
    whole = sum((figure.denominator or Decimal(0) for figure in figures), Decimal(0))
    part = sum((figure.numerator or Decimal(0) for figure in figures), Decimal(0))
    return part / whole * metric.per if whole else None


def _cases(figures: Sequence[Figure]) -> Decimal | None:
    """Return the denominators of several months together; None when one has none."""
    wholes = [figure.denominator for figure in figures]
    return sum((whole for whole in wholes if whole is not None), Decimal(0)) if None not in wholes else None


def _change(scope: Scope, metric: Metric, joins: Sequence[int]) -> Change | None:
    """Return the change that lasts to the last month of a period; None when the chart shows none, or three full years are not known."""
    year, through = scope.period.year, scope.period.through
    joined = 2 if metric.form == "flow" and through == 2 else 1
    try:
        points = points_of(scope.over(scope.period.to_date), metric, joins, YEARS * 12 + through - joined)
    except Refusal:
        return None
    judged = sum(months[0] >= f"{year}-01" for months in points.months)
    found = change_point(points.values, points.limits, points.baseline, judged) if judged else None
    if found is None:
        return None
    since, size = points.months[found.place], len(points.months[-1])
    count = len(points.values) - found.place
    when = since[0][:4] + "年" if since[-1] < f"{year}-01" else ""
    start = f"{when}{months_label(since)}"
    side = "高于" if found.is_above else "低于"
    if found.is_outside:
        return Change(since, count, found.is_above, f"自{start}起{side}近两年正常波动范围")
    unit = f"期（每期{QUARTER}个月）" if size == QUARTER else "个月"
    is_joined = metric.form == "flow" and any(len(months) > 1 for months in points.months[found.place :])
    joined_words = "（1月、2月合为一个月）" if is_joined else ""
    season = "剔除季节因素后，" if metric.form == "flow" else ""
    return Change(since, count, found.is_above, f"{season}{start}起连续{count}{unit}{joined_words}{side}此前两年平均水平")


def _runs(points: Sequence[CoursePoint]) -> Iterator[str]:
    """Yield the words for the last point on each side of the mean that ends a run of eight."""
    for point in {point.side: point for point in points if point.signal.kind == "run"}.values():
        unit = f"期（每期{QUARTER}个月）" if len(point.months) == QUARTER else "个月"
        yield f"截至{point.label}连续{RUN}{unit}{'高于' if point.side > 0 else '低于'}近两年平均水平"


def _judged(signal: MonthSignal) -> dict[str, Any]:
    """Return a signal as a JSON object: the months that are judged together, their value, usual value and limits, and the kind."""
    return {
        "months": list(signal.months),
        "value": plain(signal.value),
        "usual": _digits(signal.usual, "mean"),
        "low": _digits(signal.usual, "low"),
        "high": _digits(signal.usual, "high"),
        "signal": signal.kind,
        "refused": signal.refused,
    }


def _digits(limits: Limits | None, name: str) -> float | None:
    """Return a limit with the digits that are the same on every machine; None for none."""
    return None if limits is None else float(f"{getattr(limits, name):.9g}")
