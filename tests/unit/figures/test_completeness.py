"""How many months of regions were reported of those that were due, and where a brief says so."""

import pytest

from city_briefs.analysis.blocks.publish import card
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.provisional import completeness
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import entity_stock
from city_briefs.metrics.consumer_rights import (
    complaints_received,
    losses_recovered,
    median_days_to_close,
    recovered_per_complaint,
)
from city_briefs.metrics.supervision import inspections_total
from city_briefs.model.tables import COMPLAINTS, INSPECTIONS, RETURNS
from tests.conftest import covered

YEAR = Period(2021)
COUNTED = [complaints_received, losses_recovered, median_days_to_close, recovered_per_complaint]


@pytest.fixture
def results(world):
    """Complaints of all cities in 2021 but for two months; inspections of Lanzhou alone; a stock that was returned."""
    made = world.snapshot(coverage=[])
    cities = [city.code for city in made.regions.cities]
    missing = {("620100", "2021-03"), ("620200", "2021-12")}
    reported = [row for row in covered(COMPLAINTS, cities, [2020, 2021]) if (row["region"], row["month"]) not in missing]
    given = [
        {"region": code, "month": "2021-12", "indicator": "entity_stock", "numerator": "9", "span": "as_of"} for code in cities
    ]
    snapshot = world.snapshot(
        coverage=[*reported, *covered(INSPECTIONS, ["620100"], [2021]), *covered(RETURNS, cities, [2021])],
        complaints=[], inspections=[], returns=given[1:],
    )  # fmt: skip
    return Results(snapshot, [*COUNTED, entity_stock, inspections_total])


def scope(results, name, period=YEAR):
    return Scope.of(results, results.snapshot.regions.find(name), period)


@pytest.mark.parametrize("metric", COUNTED, ids=lambda metric: metric.id)
def test_two_months_of_fourteen_cities_are_missing(results, metric):
    of_province = completeness(scope(results, "甘肃"), metric)
    assert (of_province.reported, of_province.due, of_province.text) == (166, 168, "报送率98.8%")
    of_city = completeness(scope(results, "兰州"), metric)
    assert (of_city.reported, of_city.due, of_city.text) == (11, 12, "报送率91.7%")


def test_a_month_after_the_period_is_not_due(results):
    half = completeness(scope(results, "甘肃", Period(2021, 6)), complaints_received)
    assert (half.reported, half.due) == (83, 84)
    assert completeness(scope(results, "嘉峪关", Period(2021, 6)), complaints_received).text == "报送率100.0%"


def test_of_a_stock_that_is_returned_the_last_month_is_due(results):
    of_province = completeness(scope(results, "甘肃"), entity_stock)
    assert (of_province.reported, of_province.due) == (13, 14)


def notes(results, metric, *names, period=YEAR):
    """The data notes of a metric under a block that states its values of these regions, this year and the year before."""
    figures = [look(scope(results, name, when), metric, "value") for name in names for when in (period.year_before, period)]
    return card(metric, figures, results)["doubts"]


def test_the_appendix_says_it_of_every_region_whose_data_are_incomplete(results):
    assert notes(results, complaints_received, "甘肃", "兰州", "天水") == [
        "12315平台工单：甘肃省2021年报送率98.8%（应报168个月次，缺报2个月次）",
        "12315平台工单：兰州市2021年报送率91.7%（应报12个月次，缺报1个月次）",
    ]
    assert notes(results, complaints_received, "嘉峪关", period=Period(2021, 11)) == []


def test_a_region_that_reported_nothing_has_no_share(results):
    assert notes(results, inspections_total, "天水") == []
    assert completeness(scope(results, "天水"), inspections_total).reported == 0
