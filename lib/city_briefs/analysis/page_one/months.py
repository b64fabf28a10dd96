"""Months of a metric as page one draws them: single months, and January to each month; those of years before as they were known then.

A value of a year before is taken as it was known at the same distance from its end; of a month of which no more was known then there is
none. Months of which most is still to come, as PENDING_TOO_MUCH has it, are left out in both years, since their fall is no fall. A percentage that has few cases in a month is by quarters, and there is none where a quarter has few.
"""

from collections.abc import Sequence
from decimal import Decimal

from city_briefs.analysis.assessments.monthly_values import WITHOUT_MONTHS
from city_briefs.analysis.figures.changes import PENDING_TOO_MUCH, is_dated_later
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look, look_as_known
from city_briefs.analysis.statistics import SMALL
from city_briefs.common.periods import Period, Span, month_name, month_number
from city_briefs.model.metric import Metric

QUARTER = 3


def single(scope: Scope, metric: Metric, count: int) -> tuple[Figure, ...]:
    """Return so many months up to the end of a period, or the quarters of them that have ended; empty for a metric without months."""
    if metric.form in WITHOUT_MONTHS:
        return ()
    last = month_number(scope.period.months[-1])
    figures = _known(scope, metric, [_span(number, "month") for number in range(last - count + 1, last + 1)])
    if metric.unit == "%" and _is_small(figures):
        ended = last - (last + 1) % QUARTER
        figures = _known(scope, metric, [_span(ended - back, "quarter") for back in range(count - QUARTER, -1, -QUARTER)])
        if _is_small(figures):
            return ()
    return figures


def to_date(scope: Scope, metric: Metric, year: int) -> tuple[Figure, ...]:
    """Return January to each month of a year: to the end of the period of this year, of one before all months of which as much is known."""
    if metric.form in WITHOUT_MONTHS:
        return ()
    through = scope.period.through if year == scope.period.year else 12
    return _known(scope, metric, [Period(year, month) for month in range(1, through + 1)])


def _span(number: int, span: Span) -> Period:
    """Return the month or quarter that ends with the month of a number."""
    year, month = month_name(number).split("-")
    return Period(int(year), int(month), span)


def _known(scope: Scope, metric: Metric, periods: Sequence[Period]) -> tuple[Figure, ...]:
    """Return the values of periods as they were known at the same distance from their end."""
    here, late = scope.to_date, is_dated_later(Question(scope, metric))
    if not late:
        return tuple(look_as_known(here, metric, period) for period in periods)
    open_now = {
        period.through: look(here.over(period), metric, "value").pending for period in periods if period.year == here.period.year
    }
    return tuple(
        look_as_known(here, metric, period)
        for period in periods
        if period.through in open_now and (open_now[period.through] or Decimal(0)) < PENDING_TOO_MUCH
    )


def left_out(scope: Scope, metric: Metric) -> bool:
    """Return whether the last months are left out since most of their outcomes are not known yet."""
    drawn = single(scope, metric, 1)
    return not drawn and is_dated_later(Question(scope, metric))


def _is_small(figures: Sequence[Figure]) -> bool:
    """Return whether one of the percentages is of so few cases that chance moves it widely."""
    return any(figure.denominator is not None and figure.denominator < SMALL for figure in figures)
