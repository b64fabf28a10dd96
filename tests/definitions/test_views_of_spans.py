"""Views over months, quarters and half-years equal what follows from the second count, wherever they are given."""

from collections import Counter
from fractions import Fraction

import pytest

from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from tests.definitions.second_count import SecondCount
from tests.definitions.test_second_count import COMPARED
from tests.helpers.size import FULL

PERIODS = [Period(2021, 3, "month"), Period(2022, 7, "month"), Period(2021, 6, "quarter"), Period(2022, 12, "half")]
VIEWS = ("value", "yoy", "change_pp", "share", "per_10k", "per_day", "since_year_end", "previous")
DATED = [metric for metric in COMPARED if metric.form not in ("cited", "latest")]


def number(second: SecondCount, metric, code, period):
    """What the second computation says, as one number in the unit of the metric; None where it has none."""
    found = second.number(metric.id, code, (period.year, period.through, int(period.months[0][-2:])))
    if isinstance(found, tuple):
        above, below = map(Fraction, found)
        return above / below * metric.per if below else None
    return None if found is None else Fraction(found)


def expected(second, metric, view, region, province, period):
    """What a view follows to be from values of the second computation."""

    def at(over, code=region.code):
        return number(second, metric, code, over)

    def growth(over):
        return (at(period) / at(over) - 1) * 100

    match view:
        case "value":
            return at(period)
        case "yoy":
            return growth(period.year_before)
        case "change_pp":
            return at(period) - at(period.year_before)
        case "share":
            return at(period) / at(period, province.code) * 100
        case "per_10k":
            return at(period) / number(second, CATALOGUE["population"], region.code, period) * 10_000
        case "per_day":
            return at(period) / period.days
        case "since_year_end":
            return growth(Period(period.year - 1))
        case "previous":
            return growth(period.previous)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.slug)
def test_views_over_a_span_follow_from_the_second_count(results, second, period):
    given, differing = Counter(), []
    province = results.regions.province
    for metric in DATED:
        is_late = any(half.decided or half.flag for half in ((metric.pair.first,) if metric.is_pair else (metric,)))
        for region in (province, *(results.regions.cities if FULL else results.regions.cities[:2])):
            for view in VIEWS:
                if (is_late and view in ("yoy", "change_pp")) or (view == "previous" and metric.form == "flow"):
                    continue  # compared as known earlier, or without season: these have tests of their own
                figure = look(Scope.of(results, region, period), metric, view)
                if figure.value is not None:
                    given[view] += 1
                    theirs = expected(second, metric, view, region, province, period)
                    if float(figure.value) != pytest.approx(float(theirs), rel=1e-12):
                        differing.append(f"{metric.id} {view} {region}: {figure.value}, by the second count {float(theirs)}")
    assert differing == []
    assert all(given[view] for view in VIEWS), given
