"""One tidy table: covered zeros, missing months, records before returns, pooled ratios."""

from decimal import Decimal

import pytest

from city_briefs.analysis.compute.results import COLUMNS, Results
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import enterprise_share_of_new, entity_stock, new_enterprises, new_entities
from city_briefs.model.metric import ratio
from city_briefs.model.tables import ENTITIES, RETURNS
from tests.conftest import THREE_CITIES, covered, figure, rows, value

CITIES = ["9100", "9200", "9300"]


def test_the_table_is_tidy_and_has_a_zero_for_each_covered_month_without_records(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(ENTITIES, ["9100"], [2021], through=2),
        entities=rows("""
            entity_id  region  registered_on
            a          9100    2021-02-03
        """),
    )
    table = Results(snapshot, [new_entities]).table
    assert list(table.columns) == COLUMNS
    assert table.to_dict("records") == [
        {
            "metric": "new_entities",
            "region": "9100",
            "month": "2021-01",
            "window": "month",
            "numerator": Decimal(0),
            "denominator": None,
            "records": None,
        },
        {
            "metric": "new_entities",
            "region": "9100",
            "month": "2021-02",
            "window": "month",
            "numerator": Decimal(1),
            "denominator": None,
            "records": None,
        },
    ]


def test_a_month_that_is_not_covered_is_missing_and_not_zero(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, ["9100"], [2021], through=11), entities=[])
    assert value(snapshot, new_entities, "Ashford", 2021, through=11) == 0
    assert figure(snapshot, new_entities, "Ashford", 2021).refused == "本期数据不全（2021年12月未报送）"


def test_a_metric_comes_from_records_when_the_snapshot_has_them(world):
    coverage = covered(ENTITIES, CITIES, [2021]) + covered(RETURNS, CITIES, [2021])
    returned = rows("""
        region  month    indicator     numerator  span
        9100    2021-01  new_entities  99         month
        9100    2021-12  entity_stock  500        as_of
    """)
    records = rows("""
        entity_id  region  registered_on
        a          9100    2021-02-03
    """)
    both = world.snapshot(regions=THREE_CITIES, coverage=coverage, entities=records, returns=returned)
    only_returns = world.snapshot(regions=THREE_CITIES, coverage=coverage, returns=returned)
    assert (value(both, new_entities, "Ashford", 2021), Results(both, [new_entities]).provenance(new_entities)) == (1, "records")
    assert (
        value(only_returns, new_entities, "Ashford", 2021),
        Results(only_returns, [new_entities]).provenance(new_entities),
    ) == (99, "returns")
    assert value(only_returns, entity_stock, "Ashford", 2021) == 500
    assert Results(only_returns, [new_enterprises]).provenance(new_enterprises) is None


def test_the_province_pools_the_halves_of_a_ratio_and_never_averages(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=rows("""
            region  month    indicator        numerator  span
            9100    2021-01  new_entities     100        month
            9100    2021-01  new_enterprises  10         month
            9200    2021-01  new_entities     300        month
            9200    2021-01  new_enterprises  90         month
            9300    2021-01  new_entities     600        month
        """),
    )
    assert value(snapshot, enterprise_share_of_new, "Norland", 2021) == 10  # (10 + 90 + 0) / 1000, not (10 + 30 + 0) / 3
    assert figure(snapshot, enterprise_share_of_new, "Norland", 2021).denominator == 1000


def test_a_ratio_that_is_returned_as_such_keeps_its_halves(world):
    @ratio(label="合格率", label_en="pass rate", unit="%", decimals=2, better="higher", owner="处")
    def pass_rate():
        """合格批次占比。"""
        return new_enterprises / new_entities

    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021], through=2),
        returns=rows("""
            region  month    indicator  numerator  denominator  span
            9100    2021-01  pass_rate  9          10           month
            9100    2021-02  pass_rate  70         90           month
        """),
    )
    assert value(snapshot, pass_rate, "Ashford", 2021, through=2) == 79
    assert figure(snapshot, pass_rate, "Norland", 2021, through=2).refused == "Norland数未报送（仅Ashford报送）"


def test_the_province_counts_other_regions_from_the_year_in_which_they_first_report(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2020, 2021]) + covered(RETURNS, ["9900"], [2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2020-01  new_entities  4          month
            9200    2020-01  new_entities  1          month
            9100    2021-01  new_entities  7          month
            9900    2021-04  new_entities  2          month
        """),
    )
    assert value(snapshot, new_entities, "Norland", 2020) == 5
    assert value(snapshot, new_entities, "Norland", 2021) == 9


def test_what_only_the_province_returns_is_its_own_and_no_citys(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9000", *CITIES], [2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9000    2021-03  new_entities  41         month
        """),
    )
    results = Results(snapshot, [new_entities])
    assert value(snapshot, new_entities, "Norland", 2021) == 41
    assert results.amount(new_entities, snapshot.regions.find("Ashford"), Period(2021, 3)).missing


def test_a_return_that_stands_twice_is_not_known_and_is_named(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2021-03  new_entities  41         month
            9100    2021-03  new_entities  42         month
            9200    2021-03  new_entities  5          month
        """),
    )
    assert figure(snapshot, new_entities, "Ashford", 2021).refused == "本期数据有疑问（2021年3月重复报送）"
    assert figure(snapshot, new_entities, "Norland", 2021).refused == "本期数据有疑问（Ashford 2021年3月重复报送）"
    assert value(snapshot, new_entities, "Ashford", 2021, through=2) == 0
    assert value(snapshot, new_entities, "Birchwood", 2021) == 5


def test_a_cumulative_return_is_not_taken_for_a_monthly_one(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2021-03  new_entities  41         year_to_date
        """),
    )
    with pytest.raises(DataError) as error:
        value(snapshot, new_entities, "Ashford", 2021)
    assert str(error.value).endswith("returns: new_entities has the span 'year_to_date'. A flow is returned with the span month.")


def test_an_other_region_that_stops_reporting_is_missed(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2020, 2021]) + covered(RETURNS, ["9900"], [2020]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2020-01  new_entities  5          month
            9100    2021-01  new_entities  5          month
            9200    2021-01  new_entities  5          month
            9900    2020-04  new_entities  100        month
        """),
    )
    assert figure(snapshot, new_entities, "Norland", 2021).refused == "本期数据不全（Elsewhere 2021年1—12月未报送）"


def test_records_of_a_region_that_there_is_not_are_refused_and_not_dropped(world):
    with pytest.raises(DataError) as error:
        world.snapshot(
            regions=THREE_CITIES,
            coverage=covered(ENTITIES, CITIES, [2021]),
            entities=rows("""
                entity_id  region  registered_on
                a          9199    2021-02-03
            """),
        )
    assert "entities, row 1: region is '9199'. It is not in regions.csv" in str(error.value)


def test_a_ratio_returned_without_a_denominator_is_refused(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=rows("""
            region  month    indicator                numerator  denominator  span
            9100    2021-01  enterprise_share_of_new  9          10           month
            9100    2021-02  enterprise_share_of_new  70         -            month
        """),
    )
    with pytest.raises(DataError) as error:
        value(snapshot, enterprise_share_of_new, "Ashford", 2021)
    assert str(error.value).endswith(
        "returns: enterprise_share_of_new of 9100 for 2021-02 has no denominator. A ratio is returned with both halves."
    )


def test_a_register_without_rows_or_coverage_is_no_mistake(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), entities=[])
    assert figure(snapshot, entity_stock, "Ashford", 2021).refused == "本期数据不全（2021年12月未报送）"
