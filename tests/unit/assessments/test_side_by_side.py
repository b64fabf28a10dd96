"""Two regions and two periods side by side: what is told apart, and why other values are not compared."""

import pytest

from city_briefs.analysis.assessments.side_by_side import counts, lines, pairs
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COMPLAINTS, INSPECTIONS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows
from tests.unit.figures.test_undated import inspections

CITIES = ["9100", "9200", "9300"]
CASES = """
    region  month    indicator       numerator  denominator  span
    9100    2019-01  food_pass_rate  400        1000         month
    9100    2020-01  food_pass_rate  940        1000         month
    9100    2021-01  food_pass_rate  950        1000         month
    9200    2021-01  food_pass_rate  700        1000         month
    9300    2021-01  food_pass_rate  20         29           month
    9100    2019-01  new_entities    100        -            month
    9100    2020-01  new_entities    250        -            month
    9100    2021-01  new_entities    260        -            month
    9100    2021-02  new_entities    400        -            month
    9200    2021-01  new_entities    900        -            month
    9300    2021-01  new_entities    0          -            month
    9100    2021-12  entity_stock    900        -            as_of
    9100    2021-11  entity_stock    600        -            as_of
    9200    2021-12  entity_stock    800        -            as_of
"""


@pytest.fixture
def scope(world):
    """Gives the scope of a city over a period."""
    made = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2019, 2020, 2021]), returns=rows(CASES))
    results = Results(made, CATALOGUE.values())
    return lambda city, *period: Scope.of(results, made.regions.find(city), Period(*period))


def said(first, second, metric="food_pass_rate"):
    """The state and the words of one metric."""
    [pair] = pairs(first, second, [CATALOGUE[metric]])
    return pair.state, pair.explained


def test_rates_of_two_cities_are_told_apart_whichever_is_named_first(scope):
    ashford, birchwood = scope("Ashford", 2021, 1), scope("Birchwood", 2021, 1)
    assert said(ashford, birchwood) == ("apart", "Birchwood比Ashford低25.00个百分点")
    assert said(birchwood, ashford) == ("apart", "Ashford比Birchwood高25.00个百分点")


def test_a_count_of_two_cities_is_never_compared(scope):
    by_size = ("not_compared", "数量指标受规模影响，两地不作比较")
    for metric, month in (("new_entities", 1), ("entity_stock", 12)):
        assert said(scope("Ashford", 2021, month), scope("Birchwood", 2021, month), metric) == by_size


def test_a_rate_of_twenty_nine_is_not_compared(scope):
    few = ("not_compared", "Cedarton的分母为29，不足30，两地不作比较")
    assert said(scope("Ashford", 2021, 1), scope("Cedarton", 2021, 1)) == few
    assert said(scope("Cedarton", 2021, 1), scope("Ashford", 2021, 1)) == few


def test_a_city_without_a_value_is_named(scope):
    expected = ("not_compared", "Birchwood本期数据不全，不作比较（2020年1月未报送）")
    assert said(scope("Ashford", 2020, 1), scope("Birchwood", 2020, 1)) == expected


def test_two_years_that_follow_each_other_are_the_growth_of_a_year(scope):
    assert said(scope("Ashford", 2020, 1), scope("Ashford", 2021, 1)) == ("same", "差异未超出随机波动")
    assert said(scope("Ashford", 2020, 1), scope("Ashford", 2021, 1), "new_entities") == ("same", "差异未超出随机波动")


def test_two_years_apart_are_compared_as_well_and_the_earlier_is_named(scope):
    assert said(scope("Ashford", 2019, 1), scope("Ashford", 2021, 1)) == ("apart", "提高55.00个百分点")
    assert said(scope("Ashford", 2019, 1), scope("Ashford", 2021, 1), "new_entities") == ("apart", "增长160.0%")
    missing = ("not_compared", "2019年1月数据不全，不作比较（2019年1月未报送）")
    assert said(scope("Birchwood", 2019, 1), scope("Birchwood", 2021, 1)) == missing


def test_months_are_compared_where_they_are_alike(scope):
    """Days of a stock are; sums of another length, and months that another lies between, are not."""
    assert said(scope("Ashford", 2021, 11), scope("Ashford", 2021, 12), "entity_stock") == (
        "untested",
        "增长50.0%（期末时点数不作检验）",
    )
    longer = ("not_compared", "两段累计数长短不同，不作比较")
    assert said(scope("Ashford", 2021, 1), scope("Ashford", 2021, 2), "new_entities") == longer
    january, december = scope("Ashford", 2021, 1, "month"), scope("Ashford", 2021, 12, "month")
    assert said(january, december, "new_entities") == ("not_compared", "不是相邻的期间，季节不同，不作比较")


def test_a_metric_without_any_value_is_left_out_and_the_others_are_counted(scope):
    listed = pairs(scope("Ashford", 2021, 1), scope("Birchwood", 2021, 1), CATALOGUE.values())
    assert {"food_pass_rate", "new_entities"} == {pair.metric.id for pair in listed}
    assert "settlement_rate" not in {pair.metric.id for pair in listed}
    assert sum(counts(listed).values()) == len(listed)
    said = list(lines(listed))
    assert said[:2] == ["\n差异超出随机波动", "  食品监督抽检合格率：95.00% → 70.00%；Birchwood比Ashford低25.00个百分点"]


def test_a_record_has_both_figures_and_the_unrounded_difference(scope):
    [pair] = pairs(scope("Ashford", 2021, 1), scope("Birchwood", 2021, 1), [CATALOGUE["food_pass_rate"]])
    record = pair.record()
    assert (record["first"]["text"], record["second"]["text"]) == ("95.00%", "70.00%")
    assert [record[name] for name in ("difference", "unit", "verdict", "state")] == [-25, "个百分点", "down", "apart"]
    [pair] = pairs(scope("Ashford", 2021, 1), scope("Birchwood", 2021, 1), [CATALOGUE["new_entities"]])
    assert [pair.record()[name] for name in ("difference", "unit", "verdict")] == [None, None, None]


@pytest.mark.parametrize(("empty", "state"), [(0, "apart"), (2, "apart"), (3, "not_compared")])
def test_outcomes_without_a_date_are_compared_where_equally_many_are_said(world, empty, state):
    """Of 300 inspections of Birchwood so many have no finding yet; of those of Ashford none."""
    made = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(INSPECTIONS, CITIES, [2021]),
        inspections=[*inspections(2021, "9100", 0, 100), *clean(inspections(2021, "9200", empty, 300))],
    )
    results = Results(made, CATALOGUE.values())
    first, second = (Scope.of(results, made.regions.find(city), Period(2021)) for city in ("Ashford", "Birchwood"))
    found, reason = said(first, second, "problem_found_rate")
    assert found == state
    assert (reason == "结果没有日期，两地待办结情况不同，两地不作比较") == (state == "not_compared")


def clean(given):
    """Inspections of which two thirds have found nothing."""
    return [row | ({"problem_found": "False"} if row["problem_found"] and place % 3 else {}) for place, row in enumerate(given)]


@pytest.mark.parametrize(("last", "state"), [(12, "apart"), (11, "not_compared")])
def test_outcomes_that_one_city_knows_for_longer_are_not_compared(world, last, state):
    complaints = [
        {"complaint_id": f"{region}{number}", "region": region, "received_on": "2021-03-01", "kind": "complaint", "category": "食品",
         "accepted": "True", "withdrawn": "False", "closed_on": "2021-04-01", "settled": str(number % 10 < many)}
        for region, many in (("9100", 3), ("9200", 8))
        for number in range(200)
    ]  # fmt: skip
    coverage = [*covered(COMPLAINTS, ["9100", "9300"], [2021]), *covered(COMPLAINTS, ["9200"], [2021], last)]
    made = world.snapshot(regions=THREE_CITIES, coverage=coverage, complaints=complaints)
    results = Results(made, CATALOGUE.values())
    first, second = (Scope.of(results, made.regions.find(city), Period(2021, 6)) for city in ("Ashford", "Birchwood"))
    found, reason = said(first, second, "settlement_rate")
    assert found == state
    assert (reason == "两地数据截止月份不同，结果待办结情况不同，两地不作比较") == (state == "not_compared")
