"""Monthly values: how the monthly course of a metric is made, from January to the last month of a period, whatever its span.

A stock is that of the month's end, everything else is of the month alone. Each month of a flow, and of a percentage of two, is judged
against the 24 months before it (`month_signals`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from city_briefs.analysis.assessments.month_points import QUARTER
from city_briefs.analysis.assessments.month_signals import JOINED, NO_MONTHS, MonthSignal, month_signal, points_of
from city_briefs.analysis.assessments.monthly_course import Change, Course, CourseMonth, CoursePoint, months_label
from city_briefs.analysis.compute.aggregate import ZERO, Amount
from city_briefs.analysis.figures import certainty, refusal_rules
from city_briefs.analysis.figures.changes import compared_amounts, is_dated_later
from city_briefs.analysis.figures.figure import Figure, Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, look, look_as_known
from city_briefs.analysis.statistics.change_point import change_point
from city_briefs.analysis.statistics.control_chart import YEARS
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric

WITHOUT_MONTHS = ("latest", "cited")  # forms of which a month has no number of its own


def course(scope: Scope, metric: Metric) -> Course:
    """Return the months of a metric up to the end of a period, or why it has none."""
    if metric.form in WITHOUT_MONTHS:
        return _without_months(scope, metric)
    joins = _joins(scope, metric)
    months = tuple(
        CourseMonth(look(own, metric, "value"), _before(own, metric), month_signal(to_date, metric, joins))
        for own, to_date in _scopes(scope)
    )
    return Course(scope, metric, months, tuple(_points(scope, metric, months)), _change(scope, metric, joins))


def _scopes(scope: Scope) -> Iterator[tuple[Scope, Scope]]:
    """Yield the scope of each month up to the end of a period, and that of January to it."""
    for through in range(1, scope.period.through + 1):
        month = Period(scope.period.year, through, "month")
        yield scope.over(month), scope.over(month.to_date)


def _without_months(scope: Scope, metric: Metric) -> Course:
    """Return the course of a metric of which a month has no number: every month is refused."""
    nothing = [
        Figure(metric, "value", each.region, each.period, metric.unit, None, None, None, NO_MONTHS, NO_MONTHS)
        for own, _ in _scopes(scope)
        for each in (own, own.year_before)
    ]
    signals = [MonthSignal(metric, figure.period.months, refused=NO_MONTHS) for figure in nothing[::2]]
    months = map(CourseMonth, nothing[::2], nothing[1::2], signals)
    return Course(scope, metric, tuple(months), refused=NO_MONTHS)


def _joins(scope: Scope, metric: Metric) -> tuple[int, ...]:
    """Return how many months make a point: as many as of the last that is judged, so that a course says of it what `month_signal` does."""
    if metric.form == "ratio":
        for _, to_date in reversed([*_scopes(scope)]):
            signal = month_signal(to_date, metric)
            if signal.usual:
                return (len(signal.months),)
    return 1, QUARTER


def _before(scope: Scope, metric: Metric) -> Figure:
    """Return the value of the same month a year before at the same distance from its end, or why the two are not compared."""
    ask, before = Question(scope, metric), scope.period.year_before
    figure = look_as_known(scope, metric, before)
    try:
        refusal_rules.known_amount(ask.over(before), "上年同月")
        if figure.refused:
            return replace(figure, refused=f"上年同月{figure.refused}")
        if look(scope, metric, "value").value is None:
            return figure
        _, amount = compared_amounts(ask, before, "上年同月")
        answer = refusal_rules.value(ask.over(before), amount)
    except Refusal as refusal:
        return replace(
            figure, value=None, numerator=None, denominator=None, interval=None, text=refusal.text, refused=str(refusal)
        )
    return replace(
        figure, view=AS_KNOWN if is_dated_later(ask) else "value", value=answer.value, numerator=answer.numerator,
        denominator=answer.denominator, text=answer.text, interval=certainty.value_interval(ask.over(before), amount),
    )  # fmt: skip


def _points(scope: Scope, metric: Metric, months: Sequence[CourseMonth]) -> Iterator[CoursePoint]:
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
            _interval(scope, metric, [month.value for month in group]),
        )


def _together(metric: Metric, figures: Sequence[Figure]) -> Decimal | None:
    """Return the value of several months: of a flow their sum, of a percentage that of its halves; None when one has none."""
    if any(figure.value is None for figure in figures):
        return None
    if len(figures) == 1:
        return figures[0].value
    if metric.form == "flow":
        return sum((figure.number for figure in figures), Decimal(0))
    numerator = sum((figure.numerator or Decimal(0) for figure in figures), Decimal(0))
    denominator = sum((figure.denominator or Decimal(0) for figure in figures), Decimal(0))
    return numerator / denominator * metric.per if denominator else None


def _interval(scope: Scope, metric: Metric, figures: Sequence[Figure]) -> Interval | None:
    """Return the limits of a ratio over several months with 95 %; None for other metrics, and when one has no halves."""
    if metric.form != "ratio":
        return None
    if len(figures) == 1:
        return figures[0].interval
    part, whole = ([getattr(figure, half) for figure in figures] for half in ("numerator", "denominator"))
    if None in part or None in whole:
        return None
    return certainty.value_interval(Question(scope, metric), Amount(sum(part, ZERO), sum(whole, ZERO)))


def _cases(figures: Sequence[Figure]) -> Decimal | None:
    """Return the denominators of several months together; None when one has none."""
    wholes = [figure.denominator for figure in figures]
    return sum((whole for whole in wholes if whole is not None), Decimal(0)) if None not in wholes else None


def _change(scope: Scope, metric: Metric, joins: Sequence[int]) -> Change | None:
    """Return the change that lasts to the last month of a period; None when the chart shows none, or three full years are not known."""
    year, through = scope.period.year, scope.period.through
    joined = 2 if metric.form == "flow" and through == 2 else 1
    try:
        points = points_of(scope.to_date, metric, joins, YEARS * 12 + through - joined)
    except Refusal:
        return None
    judged = sum(months[0] >= f"{year}-01" for months in points.months)
    change = change_point(points.values, points.limits, points.baseline, judged) if judged else None
    if change is None:
        return None
    since, size = points.months[change.place], len(points.months[-1])
    count = len(points.values) - change.place
    when = since[0][:4] + "年" if since[-1] < f"{year}-01" else ""
    start = f"{when}{months_label(since)}"
    side = "高于" if change.is_above else "低于"
    if change.is_outside:
        return Change(since, count, change.is_above, f"自{start}起{side}近两年正常波动范围")
    unit = f"期（每期{QUARTER}个月）" if size == QUARTER else "个月"
    is_joined = metric.form == "flow" and any(len(months) > 1 for months in points.months[change.place :])
    joined_words = JOINED if is_joined else ""
    season = "剔除季节因素后，" if metric.form == "flow" else ""
    return Change(since, count, change.is_above, f"{season}{start}起连续{count}{unit}{joined_words}{side}此前两年平均水平")
