"""What every metric that is only returned must do with a return."""

from types import ModuleType

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.common.periods import Period
from city_briefs.model.metric import Catalogue, Metric
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, World, covered, rows, value

# Of Ashford, or of the province where it alone reports: 3 in November, 4 in December, both of 10.
EXPECTED = {"flow": 7, "stock": 4, "ratio": 40}
ADDED_UP = {"flow": 18, "stock": 10, "ratio": 20}


def returned(module: ModuleType) -> list:
    """The metrics of a module that are only returned, as parameters of a test."""
    return [pytest.param(metric, id=metric.id) for metric in Catalogue(module).values() if metric.rows is RETURNS]


def assert_value_is_the_return(world: World, metric: Metric) -> None:
    """A return of a city is its value and part of the province's; a return of the province alone stands for itself."""
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
