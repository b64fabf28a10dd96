"""Views and their refusals, on a province of three cities."""

import pytest

from lib.errors import UsageError
from lib.metric import flow
from lib.metrics.business_environment import enterprise_share_of_new, entity_stock, new_enterprises, new_entities
from lib.tables import ENTITIES, RETURNS
from tests.conftest import THREE_CITIES, covered, figure, rows, value

CITIES = ["9100", "9200", "9300"]


@flow(ENTITIES, on="registered_on", label="案件", label_en="cases", unit="起", decimals=0, better="neutral", owner="处")
def neutral(rows):
    """中性指标。"""
    return rows.count()


@flow(ENTITIES, on="registered_on", label="困人", label_en="entrapments", unit="起", decimals=0, better="lower", owner="处")
def fewer(rows):
    """越少越好。"""
    return rows.count()


@pytest.fixture
def province(world):
    return world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2020, 2021]),
        returns=rows("""
            region  month    indicator        numerator  span
            9100    2020-01  new_entities     200        month
            9100    2021-01  new_entities     250        month
            9200    2020-01  new_entities     29         month
            9200    2021-01  new_entities     250        month
            9300    2021-01  new_entities     100        month
            9100    2021-01  neutral          5          month
            9100    2021-01  fewer            5          month
            9200    2021-01  fewer            7          month
            9300    2021-01  fewer            5          month
            9100    2020-01  new_enterprises  30         month
            9100    2021-01  new_enterprises  30         month
            9100    2021-12  entity_stock     900        as_of
        """),
    )


def test_growth_compares_with_the_same_months_a_year_before(province):
    growth = figure(province, new_entities, "Ashford", 2021, view="yoy")
    assert (growth.value, growth.unit, growth.text) == (25, "%", "增长25.0%")


def test_a_base_of_thirty_is_compared_and_one_of_twenty_nine_is_not(province):
    assert figure(province, new_enterprises, "Ashford", 2021, view="yoy").text == "基本持平"
    refused = figure(province, new_entities, "Birchwood", 2021, view="yoy")
    assert (refused.value, refused.text, refused.prose) == (None, "—", refused.refused)
    assert refused.refused == "上年同期为29户，基数过小，不作百分比比较"


def test_growth_over_zero_is_a_dash(province):
    refused = figure(province, new_entities, "Cedarton", 2021, view="yoy")
    assert (refused.value, refused.text, refused.refused) == (None, "—", "上年同期为零，不作比较")


def test_growth_over_a_missing_year_is_refused(province):
    refused = figure(province, new_entities, "Ashford", 2020, view="yoy")
    assert (refused.value, refused.text) == (None, "上年同期数据不全，不作比较")
    assert refused.refused == "上年同期数据不全，不作比较（2019年1—12月未报送）"


def test_a_percentage_does_not_grow_by_percent(province):
    assert (
        figure(province, enterprise_share_of_new, "Ashford", 2021, view="yoy").refused == "百分率不计算增长率，另以个百分点比较"
    )


def test_ties_share_a_place_and_the_next_is_skipped(province):
    places = {name: value(province, new_entities, name, 2021, view="rank") for name in ("Ashford", "Birchwood", "Cedarton")}
    assert places == {"Ashford": 1, "Birchwood": 1, "Cedarton": 3}
    assert figure(province, new_entities, "Ashford", 2021, view="rank").text == "并列第1位"


def test_where_less_is_better_the_least_is_first(province):
    places = {name: value(province, fewer, name, 2021, view="rank") for name in ("Ashford", "Birchwood", "Cedarton")}
    assert places == {"Ashford": 1, "Birchwood": 3, "Cedarton": 1}


def test_a_neutral_metric_is_never_ranked(province):
    assert figure(province, neutral, "Ashford", 2021, view="rank").refused == "该指标不分优劣，不排位次"


@pytest.mark.parametrize("region", ["Norland", "Elsewhere"])
def test_only_cities_have_places(province, region):
    assert figure(province, new_entities, region, 2021, view="rank").refused == f"{region}不参加排位"


def test_no_place_is_given_while_a_city_has_not_reported(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, ["9100", "9300"], [2021]), entities=[])
    assert figure(snapshot, new_entities, "Ashford", 2021, view="rank").refused == "部分地区数据不全，不排位次（Birchwood）"
    assert figure(snapshot, new_entities, "Norland", 2021).refused == "本期数据不全（Birchwood2021年1—12月未报送）"


def test_the_share_is_of_the_whole_province(province):
    part = figure(province, new_entities, "Cedarton", 2021, view="share")
    assert (part.numerator, part.denominator, part.text) == (100, 600, "16.7%")


def test_a_ratio_has_no_share(province):
    assert figure(province, enterprise_share_of_new, "Ashford", 2021, view="share").refused == "比率不计算占比"


def test_the_share_of_nothing_is_refused(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, CITIES, [2021]), entities=[])
    assert figure(snapshot, new_entities, "Ashford", 2021, view="share").refused == "Norland合计为零，不计算占比"


def test_per_day_divides_by_calendar_days_elapsed(province):
    daily = figure(province, new_entities, "Ashford", 2021, view="per_day", through=2)
    assert (daily.numerator, daily.denominator, daily.unit) == (250, 59, "户/日")


def test_a_stock_has_no_daily_average(province):
    assert figure(province, entity_stock, "Ashford", 2021, view="per_day").refused == "只有期间累计数计算日均"


def test_a_ratio_over_nothing_is_refused(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, CITIES, [2021]), entities=[])
    assert figure(snapshot, enterprise_share_of_new, "Ashford", 2021).refused == "新设主体中企业占比的分母为零，不作计算"


def test_a_metric_without_any_data_was_not_reported(province):
    assert figure(province, new_entities, "Ashford", 2021).refused is None
    assert figure(province, entity_stock, "Birchwood", 2021).refused == "本期数据不全（2021年12月未报送）"


def test_a_metric_that_the_snapshot_does_not_know_says_so(real):
    assert figure(real, entity_stock, "兰州", 2011).refused == "本期未报送（没有实有市场主体的数据）"


def test_an_unknown_view_is_answered_with_the_nearest(province):
    with pytest.raises(UsageError) as error:
        figure(province, new_entities, "Ashford", 2021, view="yoj")
    assert str(error.value) == "There is no view 'yoj'. Did you mean yoy?"
