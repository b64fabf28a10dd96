"""Months of a metric as page one draws them: single months, and January to each month; those of years before as they were known then.

A value of a year before is taken as it was known at the same distance from its end. Where outcomes come later than the cases there are
only the months that both years have, and of these not those of which too many outcomes are still to come: their fall is no fall.
A percentage that has few cases in a month is by quarters, and there is none where a quarter has few.
"""

from collections.abc import Sequence

from city_briefs.analysis.assessments.monthly_values import WITHOUT_MONTHS
from city_briefs.analysis.figures.changes import PENDING_TOO_MUCH, is_dated_later
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, look, look_as_known
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
    if is_small(figures):
        ended, first = last - (last + 1) % QUARTER, (count // QUARTER - 1) * QUARTER
        figures = _known(scope, metric, [_span(ended - back, "quarter") for back in range(first, -1, -QUARTER)])
        if is_small(figures):
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
    here = scope.to_date
    if is_dated_later(Question(scope, metric)):
        periods = [
            period for period in periods if period.through <= here.period.through and not _is_pending(scope, metric, period)
        ]
    return tuple(look_as_known(here, metric, period) for period in periods)


def _is_pending(scope: Scope, metric: Metric, period: Period) -> bool:
    """Return whether too many outcomes of the same months of this year are still to come."""
    pending = look(scope.over(period.of_year(scope.period.year)), metric, "value").pending
    return pending is not None and pending >= PENDING_TOO_MUCH


def is_small(figures: Sequence[Figure]) -> bool:
    """Return whether one of the percentages is of so few cases that chance moves it widely."""
    percentages = (figure for figure in figures if figure.metric.unit == "%" and figure.view in ("value", AS_KNOWN))
    return any(figure.denominator is not None and figure.denominator < SMALL for figure in percentages)
