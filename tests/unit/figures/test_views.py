"""Views and their refusals, on a province of three cities."""

from decimal import Decimal

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import certainty
from city_briefs.analysis.figures.figure import Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.metrics import markup_ceiling
from city_briefs.metrics.business_environment import (
    enterprise_share,
    enterprise_share_of_new,
    entity_density,
    entity_stock,
    new_enterprises,
    new_entities,
)
from city_briefs.metrics.cold_chain import coldchain_stock
from city_briefs.metrics.consumer_rights import median_days_to_close
from city_briefs.metrics.intellectual_property import pledge_amount
from city_briefs.metrics.market_order import cases_per_10k_entities
from city_briefs.metrics.special_equipment import overdue_share
from city_briefs.metrics.supervision import units_inspected
from city_briefs.model.metric import Metric, breakdowns, flow
from city_briefs.model.tables import COLD_CHAIN, ENTITIES, IP_PLEDGES, RETURNS
from tests.conftest import THREE_CITIES, covered, figure, rows

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
    assert (refused.value, refused.text, refused.prose) == (None, "—", "上年同期29户")
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


SHARES = """
    region  month    indicator      numerator  denominator  span
    9100    2021-12  covered_share  90         100          as_of
    9200    2021-12  covered_share  180        200          as_of
    9300    2021-12  covered_share  50         100          as_of
"""


def share_of(better):
    """A percentage that is returned with its halves, as of the end of the month."""
    return Metric(
        "covered_share", "ratio", "覆盖率", "coverage", "%", "处", "所占比重。", "测试", 1, better, rows=RETURNS, per=100, span="as_of"
    )  # fmt: skip


def shares(world, returned=SHARES, cities=CITIES):
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, cities, [2021]), returns=rows(returned))


def test_ties_share_a_place_and_the_next_is_skipped(world):
    snapshot = shares(world)
    assert {name: seen(snapshot, share_of("higher"), "rank", name) for name in ("Ashford", "Birchwood", "Cedarton")} == {
        "Ashford": "并列第1位（可能在第1—2位）", "Birchwood": "并列第1位（可能在第1—2位）", "Cedarton": "第3位（可能在第3位）",
    }  # fmt: skip


def test_where_less_is_better_the_least_is_first(world):
    snapshot = shares(world)
    assert {name: seen(snapshot, share_of("lower"), "rank", name) for name in ("Ashford", "Birchwood", "Cedarton")} == {
        "Ashford": "并列第2位（可能在第2—3位）", "Birchwood": "并列第2位（可能在第2—3位）", "Cedarton": "第1位（可能在第1位）",
    }  # fmt: skip


def test_cities_that_chance_may_put_in_any_order_have_no_place(world):
    snapshot = shares(world, SHARES.replace(" 50  ", " 88  "))
    assert seen(snapshot, share_of("higher"), "rank") == "各市州差异未超出随机波动，不排位次"


def test_a_city_with_a_small_denominator_has_no_place_and_is_named_to_the_others(world):
    snapshot = shares(world, SHARES.replace(" 90         100", " 9          29 "))
    assert seen(snapshot, share_of("higher"), "rank") == "分母不足30，不排位次"
    other = figure(snapshot, share_of("higher"), "Cedarton", 2021, view="rank")
    assert (other.text, other.note) == ("第2位（可能在第2位）", "分母不足30、未参加排位的：Ashford")


def test_a_percentage_that_was_returned_over_a_hundred_has_no_halves_to_test(world):
    assert seen(shares(world), share_of("higher"), "rank", "Ashford") != (
        reason := "只报送百分率，没有分子分母，不作检验，不排位次"
    )
    whole = SHARES.replace("180        200", "90         100")
    assert seen(shares(world, whole), share_of("higher"), "rank") == reason


def test_a_count_has_no_place(province):
    assert figure(province, fewer, "Ashford", 2021, view="rank").refused == "数量指标受规模影响，不排位次"


def test_a_neutral_metric_is_never_ranked(province):
    assert figure(province, neutral, "Ashford", 2021, view="rank").refused == "该指标不分优劣，不排位次"


@pytest.mark.parametrize("region", ["Norland", "Elsewhere"])
def test_only_cities_have_places(province, region):
    assert figure(province, new_entities, region, 2021, view="rank").refused == f"{region}不参加排位"


def test_no_place_is_given_while_a_city_has_not_reported(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, ["9100", "9300"], [2021]), entities=[])
    without = "\n".join(line for line in SHARES.splitlines() if "9200" not in line)
    assert seen(shares(world, without, ["9100", "9300"]), share_of("higher"), "rank") == "部分地区数据不全，不排位次（Birchwood）"
    assert figure(snapshot, new_entities, "Norland", 2021).refused == "本期数据不全（Birchwood 2021年1—12月未报送）"


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


def years(world, counts, *, metric="new_entities", span="month", through=12, **tables):
    """Ashford alone counts: years → its number, returned in the last month."""
    returned = [
        {"region": city, "month": f"{year}-{through:02}", "indicator": metric, "numerator": str(number if city == "9100" else 0), "span": span}
        for year, number in counts.items()
        for city in CITIES
    ]  # fmt: skip
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, list(counts)), returns=returned, **tables)


def seen(snapshot, metric, view, region="Ashford", year=2021, **more):
    made = figure(snapshot, metric, region, year, view=view, **more)
    return made.refused or made.text


RATE = "enterprise_share_of_new"


def rates(world, halves):
    returned = [
        {
            "region": "9100",
            "month": f"{year}-01",
            "indicator": RATE,
            "numerator": str(over),
            "denominator": str(under),
            "span": "month",
        }
        for year, (over, under) in halves.items()
    ]
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, list(halves)), returns=returned)


def test_a_percentage_is_compared_in_points_and_never_in_percent(world):
    snapshot = rates(world, {2020: (40, 100), 2021: (45, 100)})
    change = figure(snapshot, enterprise_share_of_new, "Ashford", 2021, view="change_pp", through=1)
    assert (change.value, change.unit, change.text) == (5, "个百分点", "提高5.0个百分点")
    assert seen(snapshot, enterprise_share_of_new, "yoy", through=1) == "百分率不计算增长率，另以个百分点比较"


def test_points_over_a_small_or_missing_base_are_refused(world):
    small = rates(world, {2020: (10, 29), 2021: (45, 100)})
    assert seen(small, enterprise_share_of_new, "change_pp", through=1) == "上年同期为34.5%，基数过小，不作百分比比较"
    missing = rates(world, {2021: (45, 100)})
    assert seen(missing, enterprise_share_of_new, "change_pp", through=1) == "上年同期数据不全，不作比较（2020年1月未报送）"
    assert seen(small, new_entities, "change_pp") == "只有百分率以个百分点比较"


def test_a_stock_is_compared_with_the_last_day_of_last_year(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2020, 2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2020-06  entity_stock  900        as_of
            9100    2020-12  entity_stock  1000       as_of
            9100    2021-06  entity_stock  1080       as_of
            9100    2021-06  new_entities  80         month
        """),
    )
    assert seen(snapshot, entity_stock, "since_year_end", through=6) == "增长8.0%"
    assert seen(snapshot, entity_stock, "yoy", through=6) == "增长20.0%"
    assert seen(snapshot, new_entities, "since_year_end", through=6) == "只有期末时点数与上年底比较"


def test_the_average_growth_of_five_years_is_compound(world):
    snapshot = years(world, {2016: 100, 2017: 1, 2018: 1, 2019: 1, 2020: 1, 2021: 200})
    yearly = figure(snapshot, new_entities, "Ashford", 2021, view="cagr")
    assert yearly.text == "年均增长14.9%"  # not 20 %
    assert f"{yearly.value:.4f}" == "14.8698"
    assert seen(snapshot, new_entities, "cagr", year=2020) == "2015年数据不全，不作比较（2015年1—12月未报送）"


PEOPLE = """
    region  year  persons  basis     series
    9100    2019  90000    year_end  2010普查口径
    9100    2020  100000   census    2020普查口径
    9100    2021  110000   year_end  2020普查口径
"""


def test_per_head_divides_by_the_last_population_counted_and_says_its_year(world):
    snapshot = years(world, {2020: 50, 2021: 55}, population=rows(PEOPLE))
    whole = figure(snapshot, new_entities, "Ashford", 2021, view="per_10k")
    assert (whole.value, whole.denominator, whole.text, whole.note) == (5, 110000, "5.00户/万人", "按2021年人口计算")
    early = figure(snapshot, new_entities, "Ashford", 2021, view="per_10k", through=11)
    assert (early.denominator, early.note) == (100000, "按2020年人口计算")
    assert seen(snapshot, new_entities, "per_10k", "Norland") == "没有Norland 2021年及以前的人口数"
    assert seen(snapshot, enterprise_share_of_new, "per_10k") == "比率不再按人口平均"


def test_the_province_has_its_own_population_or_that_of_its_cities(world):
    cities = rows("""
        region  year  persons  series
        9100    2020  100      甲
        9200    2020  200      甲
        9300    2020  300      甲
    """)
    own = rows("""
        region  year  persons  series
        9000    2020  599      甲
    """)
    for people, persons in ((cities, 600), (cities + own, 599), (cities[:2], None)):
        snapshot = years(world, {2021: 50}, population=people)
        assert figure(snapshot, new_entities, "Norland", 2021, view="per_10k").denominator == persons


def test_growth_per_head_across_a_break_of_the_population_series_is_refused(world):
    returned = {2019: 900, 2020: 1000, 2021: 1210}
    snapshot = years(world, returned, metric="entity_stock", span="as_of", population=rows(PEOPLE))
    assert seen(snapshot, entity_density, "yoy", year=2021) == "增长10.0%"
    assert seen(snapshot, entity_density, "yoy", year=2020) == "上年同期的人口为另一口径（2010普查口径），不作比较"
    assert seen(snapshot, entity_density, "value", year=2018) == "没有Ashford 2018年及以前的人口数"


def targets(*, metric, view, value, year=2021):
    return rows(f"""
        region  metric    view    year    value    comparison  source
        9100    {metric}  {view}  {year}  {value}  at_least    年度计划
    """)


def test_a_target_is_quoted_with_its_source_and_compared_on_the_view_it_names(world):
    on_value = years(world, {2020: 100, 2021: 96}, targets=targets(metric="new_entities", view="value", value="120"))
    target = figure(on_value, new_entities, "Ashford", 2021, view="target")
    assert (target.value, target.unit, target.text, target.note) == (120, "户", "120户", "年度计划")
    assert seen(on_value, new_entities, "vs_target") == "为目标的80.0%"
    on_growth = years(world, {2020: 100, 2021: 110}, targets=targets(metric="new_entities", view="yoy", value="12.5"))
    growth = figure(on_growth, new_entities, "Ashford", 2021, view="target")
    assert (growth.unit, growth.text) == ("%", "增长12.5%")
    gap = figure(on_growth, new_entities, "Ashford", 2021, view="vs_target")
    assert (gap.value, gap.unit, gap.text) == (Decimal("-2.5"), "个百分点", "比目标低2.5个百分点")
    assert seen(on_value, new_entities, "target", "Birchwood") == "没有引用新设立市场主体2021年目标"
    assert seen(on_value, new_entities, "vs_target", year=2020) == "没有引用新设立市场主体2020年目标"


CITED = rows("""
    area  metric        view   year  value    source    as_of
    广东  new_entities  value  2021  1000     广东公报  -
    全国  new_entities  value  2021  10000    全国公报  2021-12-31
    全国  new_entities  yoy    2021  15.42    全国公报  -
    上海  new_entities  value  2021  500      上海公报  2021-06-30
""")


def cited(snapshot, view, area, base="", through=12):
    made = look(
        Scope.of(Results(snapshot, [new_entities]), snapshot.regions.find("Ashford"), Period(2021, through)),
        new_entities,
        view,
        area=area,
        base=base,
    )
    return made.refused or (made.text, made.unit, made.note)


def test_a_benchmark_is_quoted_with_its_source_for_its_own_period(world):
    snapshot = years(world, {2021: 400}, benchmarks=CITED)
    assert cited(snapshot, "benchmark", "全国") == ("1.00万户", "户", "全国公报")
    assert cited(snapshot, "benchmark", "全国", "yoy") == ("增长15.4%", "%", "全国公报")
    assert cited(snapshot, "benchmark", "安徽") == "没有引用新设立市场主体安徽同期数据的出处"
    assert cited(snapshot, "benchmark", "上海") == "没有引用新设立市场主体上海同期数据的出处"
    assert cited(snapshot, "benchmark", "上海", through=6) == ("500户", "户", "上海公报")
    assert cited(snapshot, "benchmark", "广东", through=6) == "没有引用新设立市场主体广东同期数据的出处"
    assert cited(snapshot, "vs_benchmark", "广东") == ("2.5倍", "倍", "广东公报")
    assert cited(snapshot, "share", "广东/全国") == ("1/10", "分数", "广东公报；全国公报")


def test_a_parameter_is_the_one_in_force(world):
    snapshot = years(
        world,
        {2021: 1},
        parameters=rows("""
            name            value  unit  effective_from  source
            markup_ceiling  40     %     2020-01-01      旧意见
            markup_ceiling  35     %     2021-07-01      新意见
        """),
    )
    for through, said in ((6, "40%"), (7, "35%")):
        assert seen(snapshot, markup_ceiling, "parameter", through=through) == said
    assert seen(snapshot, markup_ceiling, "parameter", year=2019) == "没有引用规定商品进销差率上限的文件"
    assert seen(snapshot, markup_ceiling, "value") == "规定值不统计，只引用"
    assert seen(snapshot, new_entities, "parameter") == "不是规定值，没有可引用的文件"


def test_an_amount_over_few_records_is_not_compared_and_a_large_amount_of_few_units_is(world):
    def pledges(deals):
        given = [
            {
                "pledge_id": f"{year}-{number}",
                "region": "9100",
                "pledged_on": f"{year}-03-01",
                "patents": "1",
                "amount_yuan": "1000000",
            }
            for year in (2020, 2021)
            for number in range(deals)
        ]
        return world.snapshot(regions=THREE_CITIES, coverage=covered(IP_PLEDGES, CITIES, [2020, 2021]), ip_pledges=given)

    assert seen(pledges(30), pledge_amount, "yoy") == "基本持平"
    assert seen(pledges(29), pledge_amount, "yoy") == "上年同期为2900.00万元，基数过小，不作百分比比较"


def test_a_target_from_above_says_that_it_is_not_exceeded(world):
    def targeted(value, comparison):
        aim = [{**targets(metric="new_entities", view="value", value=value)[0], "comparison": comparison}]
        return seen(years(world, {2020: 100, 2021: 96}, targets=aim), new_entities, "vs_target")

    assert targeted("80", "at_least") == "为目标的120.0%，已达到"
    assert targeted("120", "at_most") == "为目标的80.0%，未超过"
    assert targeted("80", "at_most") == "为目标的120.0%，已超过"


def test_a_target_on_a_percentage_is_compared_in_points(world):
    returned = [
        {
            "region": "9100",
            "month": f"2021-{month:02}",
            "indicator": RATE,
            "numerator": "60",
            "denominator": "100",
            "span": "month",
        }
        for month in range(1, 13)
    ]
    aim = targets(metric=RATE, view="value", value="80")
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), returns=returned, targets=aim)
    assert seen(snapshot, enterprise_share_of_new, "vs_target") == "比目标低20.0个百分点"


def test_an_area_is_only_of_what_is_cited(province):
    with pytest.raises(UsageError) as error:
        cited(province, "value", "全国")
    assert str(error.value) == (
        "The view value takes no area '全国'. benchmark and vs_benchmark take one, share two such as 广东/全国."
    )
    for view, area in (("share", "广东"), ("share", "广东/全国/上海"), ("benchmark", "广东/全国")):
        with pytest.raises(UsageError):
            cited(province, view, area)


def test_what_only_the_province_returns_is_not_asked_of_a_city(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9000", *CITIES], [2020, 2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9000    2020-12  new_entities  500        month
            9000    2021-12  new_entities  99         month
            9100    2021-12  new_entities  60         month
            9200    2021-12  new_entities  30         month
        """),
    )
    assert seen(snapshot, new_entities, "value", year=2020) == "只有Norland数，不分地区"
    assert seen(snapshot, new_entities, "value", "Norland", year=2020) == "500户"
    assert seen(snapshot, new_entities, "value", "Norland") == "90户"  # cities return it: the province's own is a check


ONE_CITY = """
    region  month    indicator        numerator  span
    9100    2020-12  new_entities     40         month
    9200    2020-12  new_entities     50         month
    9100    2021-12  new_entities     60         month
    9200    2021-12  new_entities     70         month
    9100    2021-12  new_enterprises  20         month
"""


def test_what_one_city_alone_returns_is_that_citys_and_no_provinces(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, ["9000", *CITIES], [2020, 2021]), returns=rows(ONE_CITY)
    )
    reason = "Norland数未报送（仅Ashford报送）"
    assert figure(snapshot, new_enterprises, "Ashford", 2021).text == "20户"
    for view in ("value", "yoy", "per_day"):
        refused = figure(snapshot, new_enterprises, "Norland", 2021, view=view)
        assert (refused.value, refused.refused, refused.text) == (None, reason, "Norland数未报送")
    assert figure(snapshot, new_enterprises, "Ashford", 2021, view="share").refused == reason  # of a province that has no number
    assert figure(snapshot, enterprise_share_of_new, "Norland", 2021).refused == reason  # one half is one city's
    assert figure(snapshot, enterprise_share_of_new, "Ashford", 2021).text == "33.3%"
    assert figure(snapshot, new_entities, "Norland", 2021).text == "130户"  # two cities return it, and the third had none


def test_a_base_that_one_city_alone_returned_is_no_base_of_the_province(world):
    returned = [row for row in rows(ONE_CITY) if (row["region"], row["month"]) != ("9200", "2020-12")]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2020, 2021]), returns=returned)
    growth = figure(snapshot, new_entities, "Norland", 2021, view="yoy")
    assert (growth.refused, growth.text) == (
        "上年同期Norland数未报送，不作比较（仅Ashford报送）", "上年同期Norland数未报送，不作比较",
    )  # fmt: skip


def test_beside_the_return_of_one_city_the_province_has_its_own(world):
    own = rows("""
        region  month    indicator        numerator  span
        9000    2021-03  new_enterprises  35         month
    """)
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, ["9000", *CITIES], [2020, 2021]), returns=[*rows(ONE_CITY), *own]
    )
    assert figure(snapshot, new_enterprises, "Norland", 2021).text == "35户"
    assert figure(snapshot, new_enterprises, "Norland", 2021, through=2).text == "0户"  # what it leaves out is zero
    assert figure(snapshot, new_enterprises, "Ashford", 2021).text == "20户"
    assert figure(snapshot, new_enterprises, "Ashford", 2021, view="share").text == "57.1%"


def test_what_an_other_region_alone_returns_is_its_own(world):
    returned = rows("""
        region  month    indicator        numerator  span
        9900    2021-12  new_enterprises  5          month
    """)
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, [*CITIES, "9900"], [2021]), returns=returned)
    assert figure(snapshot, new_enterprises, "Norland", 2021).refused == "Norland数未报送（仅Elsewhere报送）"


def test_a_stock_rests_on_every_month_since_the_region_first_reported(world):
    movements = rows("""
        movement_id  region  hub  direction  moved_on    tonnes
        a            9100    h    opening    2021-01-01  100
        b            9100    h    in         2021-03-01  10
    """)
    months = covered(COLD_CHAIN, CITIES, [2021])
    gap = [row for row in months if (row["region"], row["month"]) != ("9100", "2021-06")]
    assert seen(world.snapshot(regions=THREE_CITIES, coverage=months, cold_chain=movements), coldchain_stock, "value") == "110吨"
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=gap, cold_chain=movements)
    assert seen(snapshot, coldchain_stock, "value") == "本期数据不全（2021年6月未报送）"
    assert seen(snapshot, coldchain_stock, "value", through=5) == "110吨"


def test_growth_of_a_province_that_has_gained_a_region_says_so(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2020, 2021]) + covered(RETURNS, ["9900"], [2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2020-12  new_entities  60         month
            9200    2020-12  new_entities  40         month
            9100    2021-12  new_entities  60         month
            9200    2021-12  new_entities  40         month
            9900    2021-12  new_entities  50         month
        """),
    )
    growth = figure(snapshot, new_entities, "Norland", 2021, view="yoy")
    assert (growth.text, growth.note) == ("增长50.0%", "本期包括基期未报送的Elsewhere")


def test_medians_and_distinct_counts_are_not_compared_with_the_year_end(province):
    for metric in (units_inspected, median_days_to_close):
        assert seen(province, metric, "since_year_end") == "只有期末时点数与上年底比较"


def test_a_breakdown_of_a_pair_is_by_a_column_of_both_or_of_the_first_alone():
    assert breakdowns(enterprise_share) == ("industry",)  # not by kind, which only the whole can be
    assert breakdowns(cases_per_10k_entities) == ("field",)
    assert "kind" in breakdowns(overdue_share)


@pytest.mark.parametrize("province", ["40          60 ", "150         160", "90          100"])
def test_a_region_beside_a_province_that_returned_its_own_less_is_not_tested(world, province):
    """The return of the province is less than that of its one city, or the same: there is no rest to compare with."""
    returned = f"""
        region  month    indicator      numerator   denominator  span
        9100    2021-12  covered_share  150         160          as_of
        9000    2021-12  covered_share  {province}         as_of
    """
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9000", "9100"], [2021]), returns=rows(returned))
    metric = share_of("higher")
    scope = Scope.of(Results(snapshot, [metric]), snapshot.regions.find("Ashford"), Period(2021))
    assert certainty.beside_the_rest(Question(scope, metric)) is None
