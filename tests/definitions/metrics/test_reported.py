"""Metrics that are only reported: what is returned is the value."""

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered, rows, value
from tests.helpers.size import one_of_each

# Of Ashford, or of the province where it alone reports: 3 in November, 4 in December, both of 10.
EXPECTED = {"flow": 7, "stock": 4, "ratio": 40}
ADDED_UP = {"flow": 18, "stock": 10, "ratio": 20}


@pytest.mark.parametrize(
    "metric",
    one_of_each((metric for metric in CATALOGUE.values() if metric.rows is RETURNS), lambda metric: (metric.form, metric.unit)),
    ids=lambda metric: metric.id,
)
def test_a_return_is_the_value_and_the_province_adds_up_or_stands_for_itself(world, metric):
    cities = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9100", "9200", "9300"], [2021]),
        returns=_of(
            metric,
            """
            region  month    numerator  denominator
            9100    2021-11  3          10
            9100    2021-12  4          10
            9200    2021-11  5          30
            9200    2021-12  6          30
            9300    2021-11  0          10
            9300    2021-12  0          10
            """,
        ),
    )
    assert value(cities, metric, "Ashford", 2021) == EXPECTED[metric.form]
    assert value(cities, metric, "Norland", 2021) == ADDED_UP[metric.form]
    province = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9000", "9100"], [2021]),
        returns=_of(
            metric,
            """
            region  month    numerator  denominator
            9000    2021-11  3          10
            9000    2021-12  4          10
            """,
        ),
    )
    assert value(province, metric, "Norland", 2021) == EXPECTED[metric.form]
    ashford = province.regions.find("Ashford")
    assert Results(province, [metric]).amount(metric, ashford, Period(2021)).missing


def _of(metric: Metric, text: str) -> list[dict[str, str | None]]:
    return [row | {"indicator": metric.id, "span": metric.span} for row in rows(text)]
