"""Each claim on both sides of its edge; a refused one says why."""

import pytest

from city_briefs.analysis.assessments import claims
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.food_safety import food_pass_rate, school_canteen_coverage
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.safety import accident_reports, major_accidents
from city_briefs.metrics.special_equipment import elevator_entrapments
from city_briefs.model.labels import DOMAINS
from city_briefs.model.tables import ACCIDENTS, BENCHMARKS, ENTITIES, FOOD_UNITS, PARAMETERS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows

CITIES = ["9100", "9200", "9300"]
TEN_CITIES = "code,name,short,level,parent\n9000,Norland,Norland,province,\n" + "".join(
    f"9{number}00,City{number},C{number},city,9000\n" for number in range(1, 11)
)


def claim(guard, snapshot, metric, region, year, **more):
    names = [metric, *more.pop("also", ())]
    scope = Scope.of(Results(snapshot, names), snapshot.regions.find(region), Period(year, more.pop("through", 12)))
    return guard(scope, metric, **more)


def yearly(world, counts, *, metric="new_entities", span="month", **tables):
    """One return a year, in December, of each city: `counts` is years → number per city."""
    years = sorted(counts)
    returned = [
        {"region": city, "month": f"{year}-12", "indicator": metric, "numerator": str(number), "span": span}
        for year in years
        for city, number in zip(CITIES, counts[year], strict=True)
    ]
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, years), returns=returned, **tables)


def test_first_double_digit_needs_ten_percent_now_and_less_in_three_earlier_years(world):
    grown = {2017: 100, 2018: 105, 2019: 109, 2020: 112}
    for now, said in ((123.2, "新设立市场主体增幅2018年以来首次突破两位数"), (123, "")):
        snapshot = yearly(world, {year: [number * 1000, 0, 0] for year, number in {**grown, 2021: now}.items()})
        made = claim(claims.first_double_digit, snapshot, new_entities, "Ashford", 2021)
        assert made.text == said
        assert (made.refused is None) == bool(said)
    assert made.refused == "同比增长9.8%，未达到两位数"
    nearly = yearly(world, {2020: [100_000, 0, 0], 2021: [109_960, 0, 0]})
    assert claim(claims.first_double_digit, nearly, new_entities, "Ashford", 2021).refused == "同比增长9.96%，未达到两位数"


def test_first_double_digit_names_the_year_that_is_missing(world):
    counts = {year: [1000 + year, 0, 0] for year in (2014, 2015, 2016, 2018, 2019, 2020)}
    snapshot = yearly(world, {**counts, 2021: [4000, 0, 0]})
    refused = claim(claims.first_double_digit, snapshot, new_entities, "Ashford", 2021).refused
    assert refused == "没有2017年、2018年的同比，不能说首次"


def test_first_double_digit_of_part_of_a_year_is_of_the_same_months(world):
    counts = {2017: 1000, 2018: 1010, 2019: 1020, 2020: 1030, 2021: 1300}
    returned = [
        {"region": city, "month": f"{year}-06", "indicator": "new_entities", "numerator": str(number), "span": "month"}
        for city in CITIES
        for year, number in counts.items()
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, counts, 6), returns=returned)
    made = claim(claims.first_double_digit, snapshot, new_entities, "Ashford", 2021, through=6)
    assert made.text == "新设立市场主体增幅2018年以来同期首次突破两位数"


def test_first_double_digit_is_refused_when_an_earlier_year_had_it_too(world):
    counts = {2016: 100, 2017: 120, 2018: 121, 2019: 122, 2020: 123, 2021: 150}
    snapshot = yearly(world, {year: [number * 10, 0, 0] for year, number in counts.items()})
    assert claim(claims.first_double_digit, snapshot, new_entities, "Ashford", 2021).refused == "2017年同比已达到两位数，不是首次"


def test_first_double_digit_is_refused_with_fewer_than_three_earlier_rates(world):
    snapshot = yearly(world, {2018: [1000, 0, 0], 2019: [1010, 0, 0], 2020: [1020, 0, 0], 2021: [1300, 0, 0]})
    refused = claim(claims.first_double_digit, snapshot, new_entities, "Ashford", 2021).refused
    assert refused == "此前只有2年的同比，不足3年，不能说首次"


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (99_999, 100_000, "实有市场主体突破10万户大关"),
        (100_000, 199_999, ""),  # passed last year already
        (60_000, 99_999, ""),  # not yet
        (890_000, 905_000, "实有市场主体突破90万户大关"),
        (1_000_000, 1_499_999, ""),  # from a million on the step is half a million
        (1_480_000, 1_500_000, "实有市场主体突破150万户大关"),
    ],
)
def test_a_milestone_is_a_round_number_passed_since_last_year(world, before, now, said):
    snapshot = yearly(world, {2020: [before, 0, 0], 2021: [now, 0, 0]}, metric="entity_stock", span="as_of")
    made = claim(claims.milestone, snapshot, entity_stock, "Ashford", 2021)
    assert made.text == said
    assert made.refused == (None if said else made.refused) and (said or made.refused)


def test_a_milestone_that_is_nearly_reached_is_not_printed_as_reached(world):
    snapshot = yearly(world, {2020: [999_000, 0, 0], 2021: [999_960, 0, 0]}, metric="entity_stock", span="as_of")
    reason = "实有市场主体99.996万户，上年同期99.90万户，本期未越过整数关口"
    assert claim(claims.milestone, snapshot, entity_stock, "Ashford", 2021).refused == reason


def test_the_step_of_milestones_is_a_parameter(world):
    steps = rows("""
        name            value  unit  effective_from  source
        milestone_step  50000  户    2020-01-01      规定
    """)
    snapshot = yearly(
        world, {2020: [149_000, 0, 0], 2021: [151_000, 0, 0]}, metric="entity_stock", span="as_of", parameters=steps
    )
    assert snapshot.has(PARAMETERS)
    assert claim(claims.milestone, snapshot, entity_stock, "Ashford", 2021).text == "实有市场主体突破15万户大关"


def canteens(world, bright, number):
    units = [
        {"unit_id": f"u{place}", "region": "9100", "kind": "school_canteen", "opened_on": "2019-01-01",
         "bright_kitchen_on": "2020-01-01" if place < bright else None}
        for place in range(number)
    ]  # fmt: skip
    coverage = covered(FOOD_UNITS, CITIES, [2021])
    return world.snapshot(regions=THREE_CITIES, coverage=coverage, food_units=units)


def test_full_coverage_is_of_every_one_and_not_rounded(world):
    everyone = claim(claims.full_coverage, canteens(world, 300, 300), school_canteen_coverage, "Ashford", 2021)
    assert (everyone.text, everyone.note) == ("学校食堂明厨亮灶覆盖率达到100%", "300/300")
    but_one = claim(claims.full_coverage, canteens(world, 299, 300), school_canteen_coverage, "Ashford", 2021)
    assert (but_one.text, but_one.refused) == ("", "299与300不相等，只是四舍五入为100%")


def accidents(world, *, grade="ordinary", leave_out=None):
    """Every city reports zero for each domain and month of 2021, but one accident in Ashford; `leave_out` is a row not reported."""
    reports = [
        {"region": city, "month": f"2021-{month:02}", "domain": domain, "grade": "ordinary", "count": "0"}
        for city in CITIES
        for month in range(1, 13)
        for domain in DOMAINS
        if (city, month, domain) != leave_out
    ]
    reports.append({"region": "9100", "month": "2021-05", "domain": "food", "grade": grade, "count": "1"} if grade != "ordinary" else
                   {"region": "9100", "month": "2021-05", "domain": "food", "grade": "larger", "count": "1"})  # fmt: skip
    return world.snapshot(regions=THREE_CITIES, coverage=covered(ACCIDENTS, CITIES, [2021]), accidents=reports)


def no_major(snapshot):
    return claim(claims.no_major_accident, snapshot, major_accidents, "Norland", 2021, also=[accident_reports])


def test_no_major_accident_when_all_reported_zero_and_smaller_ones_do_not_refuse_it(world):
    assert no_major(accidents(world)).text == "没有发生重大“三品一特”事故"


def test_a_major_accident_refuses_the_claim(world):
    assert no_major(accidents(world, grade="major")).refused == "1起重大以上事故"
    assert no_major(accidents(world, grade="extraordinary")).refused == "1起重大以上事故"


def test_one_domain_of_one_month_not_reported_refuses_the_claim(world):
    refused = no_major(accidents(world, leave_out=("9300", 7, "drug"))).refused
    assert refused == "Cedarton 2021年7月没有药品事故报告，零报告不全"


def rated(world, passed, batches):
    """Ten cities with their pass rates in 2021, as returned."""
    cities = [f"9{number}00" for number in range(1, 11)]
    returned = [
        {"region": city, "month": f"2021-{month:02}", "indicator": "food_pass_rate", "numerator": str(good if month == 12 else 0),
         "denominator": str(of if month == 12 else 0), "span": "month"}
        for city, good, of in zip(cities, passed, batches, strict=True)
        for month in range(1, 13)
    ]  # fmt: skip
    return world.snapshot(regions=TEN_CITIES, coverage=covered(RETURNS, cities, [2021]), returns=returned)


APART = [700, 980, 710, 970, 720, 960, 730, 740, 750, 760]  # three cities that no chance brings down to the others
THOUSAND = [1000] * 10


def leading(snapshot, region="Norland", metric=food_pass_rate):
    return claim(claims.leading, snapshot, metric, region, 2021)


def test_the_leading_cities_are_the_top_thirty_percent_in_the_order_of_their_codes(world):
    snapshot = rated(world, APART, THOUSAND)
    made = leading(snapshot)
    assert (made.subject, made.text) == ("City2、City4、City6", f"食品监督抽检合格率走在{snapshot.regions.province.whole}前列")
    assert made.note == (
        "City2 98.00%（980/1000），第1位（可能在第1—2位）；City4 97.00%（970/1000），第2位（可能在第1—3位）；"
        "City6 96.00%（960/1000），第3位（可能在第2—3位）"
    )
    own = leading(snapshot, "City4")
    assert (own.subject, own.text) == ("", made.text)
    assert leading(snapshot, "City10").refused == "不在前3名之内"


def test_who_may_be_in_the_lower_half_is_not_leading(world):
    snapshot = rated(world, [180, 194, 182, 192, 184, 190, 186, 187, 188, 140], [200] * 10)
    assert leading(snapshot, "City6").refused == "City6可能在第1—9位，不能确定在前5位之内"
    refused = leading(snapshot).refused
    assert refused == "City2可能在第1—6位、City4可能在第1—7位、City6可能在第1—9位，不能确定在前5位之内"


def test_of_the_first_only_those_lead_whose_every_place_is_in_the_upper_half(world):
    snapshot = rated(world, [700, 980, 710, 970, 720, 82, 730, 740, 750, 760], [1000, 1000, 1000, 1000, 1000, 101, *[1000] * 4])
    assert leading(snapshot).subject == "City2、City4"
    assert leading(snapshot, "City6").refused == "City6可能在第3—7位，不能确定在前5位之内"


def test_nobody_leads_where_chance_explains_the_order(world):
    snapshot = rated(world, [180, 186, 182, 184, 184, 186, 186, 188, 186, 184], [200] * 10)
    assert leading(snapshot).refused == "各市州差异未超出随机波动，不排位次"


def test_a_tie_across_the_cut_leaves_nobody_leading(world):
    snapshot = rated(world, [700, 980, 710, 970, 720, 960, 960, 740, 750, 760], THOUSAND)
    assert leading(snapshot).refused == "City6、City7并列在第3名上下"


def test_a_tie_within_the_leading_is_no_matter(world):
    snapshot = rated(world, [700, 980, 710, 980, 720, 960, 730, 740, 750, 760], THOUSAND)
    assert leading(snapshot).subject == "City2、City4、City6"


def test_a_city_with_a_small_base_has_no_place_and_is_named(world):
    snapshot = rated(world, [29, *APART[1:]], [29, *THOUSAND[1:]])
    made = leading(snapshot)
    assert made.subject == "City2、City4"  # thirty percent of nine
    assert made.note.endswith("；分母不足30、未参加排位的：City1")
    assert leading(snapshot, "City1").refused == "不在前2名之内"


def test_a_neutral_metric_has_no_leaders(world):
    snapshot = yearly(world, {2021: [500, 400, 300]}, metric="cases_total")
    assert claim(claims.leading, snapshot, cases_total, "Norland", 2021).refused == "该指标不分优劣"


def nation(percent, year=2021, metric="new_entities", view="yoy"):
    return rows(f"""
        area  metric    view    year    value      source
        全国  {metric}  {view}  {year}  {percent}  国家统计公报
    """)


@pytest.mark.parametrize(
    ("percent", "said", "refused"),
    [
        ("15.42", "新设立市场主体增速高于全国平均水平4.6个百分点", None),
        ("20.0", "", "增长20.0%，全国增长20.0%，不高于全国"),
        ("21", "", "增长20.0%，全国增长21.0%，不高于全国"),
        ("19.96", "新设立市场主体增速高于全国平均水平0.04个百分点", None),
        ("20.04", "", "增长20.00%，全国增长20.04%，不高于全国"),
    ],
)
def test_above_the_nation_is_a_difference_in_points_from_a_cited_growth(world, percent, said, refused):
    snapshot = yearly(world, {2019: [990, 0, 0], 2020: [1000, 0, 0], 2021: [1200, 0, 0]}, benchmarks=nation(percent))
    assert snapshot.has(BENCHMARKS)
    made = claim(claims.above_nation, snapshot, new_entities, "Ashford", 2021)
    assert (made.text, made.refused) == (said, refused)


@pytest.mark.parametrize(
    ("counts", "refused"),
    [
        ((99, 100, 120), "由100户变为120户，变化未超出随机波动"),
        ((1326, 1000, 1536), "同比增长53.6%（上年同期下降24.6%），两年平均增长7.6%，基数异常，不作评价"),
        ((None, 1000, 1536), "没有2020年的同比，不能排除基数异常，不作评价"),
    ],
)
@pytest.mark.parametrize("guard", [claims.above_nation, claims.first_double_digit])
def test_a_growth_by_chance_or_after_an_unusual_year_is_not_praised(world, guard, counts, refused):
    years = {year: [number, 0, 0] for year, number in zip((2019, 2020, 2021), counts, strict=True) if number is not None}
    snapshot = yearly(world, years, benchmarks=nation("5"))
    assert claim(guard, snapshot, new_entities, "Ashford", 2021).refused == refused


@pytest.mark.parametrize(
    ("passed", "said", "refused"),
    [
        (960, "", "高于全国平均但未超出随机波动"),  # its one-sided limit is 94.85
        (964, "食品监督抽检合格率高于全国平均水平1.40个百分点", None),  # 95.30
        (950, "", "95.00%，全国95.00%，不高于全国"),
    ],
)
def test_a_rate_above_the_nation_lies_past_it_with_its_limit(world, passed, said, refused):
    cited = nation("95", metric="food_pass_rate", view="value")
    returns = [
        {"region": city, "month": f"2021-{month:02}", "indicator": "food_pass_rate", "numerator": str(passed if month == 12 else 0),
         "denominator": str(1000 if month == 12 else 0), "span": "month"}
        for city in CITIES
        for month in range(1, 13)
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), returns=returns, benchmarks=cited)
    made = claim(claims.above_nation, snapshot, food_pass_rate, "Ashford", 2021)
    assert (made.text, made.refused) == (said, refused)


def test_above_the_nation_is_refused_without_a_cited_figure(world):
    counts = {2020: [100, 0, 0], 2021: [120, 0, 0]}
    for cited in ({}, {"benchmarks": nation("15.42", year=2020)}):
        made = claim(claims.above_nation, yearly(world, counts, **cited), new_entities, "Ashford", 2021)
        assert made.refused == "没有引用新设立市场主体全国同期数据的出处"


def test_first_of_peers_needs_peers_and_to_be_ahead_of_all_beyond_chance(world):
    peers = rows("""
        area  metric          view   year  value  source
        安徽  food_pass_rate  value  2021  95     安徽公报
        宁夏  food_pass_rate  value  2021  90     宁夏公报
    """)

    def first(passed, **cited):
        cities = {"9100": passed, "9200": 900, "9300": 900}
        returns = [
            {"region": city, "month": f"2021-{month:02}", "indicator": "food_pass_rate", "numerator": str(good // 6),
             "denominator": str(1200 // 6), "span": "month"}
            for city, good in cities.items()
            for month in range(1, 13)
        ]  # fmt: skip
        snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), returns=returns, **cited)
        return claim(claims.first_of_peers, snapshot, food_pass_rate, "Ashford", 2021)

    ahead = first(1176, benchmarks=peers)
    assert ahead.text == "食品监督抽检合格率在引用的3个地区中位列第一"
    assert "安徽公报" in ahead.note
    assert first(1146, benchmarks=peers).refused == "高于安徽但未超出随机波动"
    assert first(1140, benchmarks=peers).refused == "安徽不低于本地区"
    assert first(1176).refused == "没有引用通报或同类地区的数据"


def test_the_largest_number_is_not_the_first_of_peers(world):
    peers = rows("""
        area  metric        view   year  value  source
        宁夏  new_entities  value  2021  80     宁夏公报
    """)
    snapshot = yearly(world, {2021: [1200, 0, 0]}, benchmarks=peers)
    assert claim(claims.first_of_peers, snapshot, new_entities, "Ashford", 2021).refused == "数量指标受规模影响，不排位次"


def test_doubled_is_twice_the_base_at_least(world):
    for now, said in ((200, "新设立市场主体实现翻番"), (199, "")):
        snapshot = yearly(world, {2019: [98, 0, 0], 2020: [100, 0, 0], 2021: [now, 0, 0]})
        made = claim(claims.doubled, snapshot, new_entities, "Ashford", 2021)
        assert made.text == said
    assert made.refused == "同比增长99.0%，不到上年同期的2倍"
    nearly = yearly(world, {2020: [10_000, 0, 0], 2021: [19_996, 0, 0]})
    assert claim(claims.doubled, nearly, new_entities, "Ashford", 2021).refused == "同比增长99.96%，不到上年同期的2倍"


def test_doubled_after_a_bad_year_is_not_praised(world):
    snapshot = yearly(world, {2019: [200, 0, 0], 2020: [100, 0, 0], 2021: [210, 0, 0]})
    refused = claim(claims.doubled, snapshot, new_entities, "Ashford", 2021).refused
    assert refused == "同比增长110.0%（上年同期下降50.0%），两年平均增长2.5%，基数异常，不作评价"


def test_a_stock_that_doubled_is_not_tested_and_not_praised(world):
    counts = {2019: [90, 0, 0], 2020: [100, 0, 0], 2021: [210, 0, 0]}
    snapshot = yearly(world, counts, metric="entity_stock", span="as_of")
    assert claim(claims.doubled, snapshot, entity_stock, "Ashford", 2021).refused == "期末时点数不作检验，不作评价"


def test_a_claim_over_missing_months_is_refused_as_its_figure_is(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, CITIES, [2021], through=6), entities=[])
    for guard in claims.GUARDS.values():
        made = claim(guard, snapshot, new_entities, "Norland", 2021, also=[accident_reports])
        assert made.refused and not made.text


@pytest.mark.parametrize(
    "guard", [claims.doubled, claims.above_nation, claims.first_double_digit], ids=lambda guard: guard.__name__
)
def test_more_of_what_is_neutral_or_better_low_is_no_merit(world, guard):
    counts = {2020: [100, 0, 0], 2021: [300, 0, 0]}
    for metric, reason in ((cases_total, "该指标不分优劣"), (elevator_entrapments, "该指标以低为好")):
        snapshot = yearly(world, counts, metric=metric.id)
        made = claim(guard, snapshot, metric, "Ashford", 2021)
        assert not made.text
        assert made.refused == reason or guard is claims.first_double_digit


def test_full_coverage_is_of_a_percentage_that_is_better_high(world):
    snapshot = yearly(world, {2021: [65, 0, 0]}, metric="elevator_entrapments")
    assert claim(claims.full_coverage, snapshot, elevator_entrapments, "Ashford", 2021).refused == "该指标以低为好"
    snapshot = yearly(world, {2021: [65, 0, 0]})
    assert claim(claims.full_coverage, snapshot, new_entities, "Ashford", 2021).refused == "不是百分率"


def test_a_fall_is_not_above_the_nation_even_when_the_nation_fell_more(world):
    snapshot = yearly(world, {2020: [1000, 0, 0], 2021: [900, 0, 0]}, benchmarks=nation("-15"))
    assert claim(claims.above_nation, snapshot, new_entities, "Ashford", 2021).refused == "同比下降10.0%"


def test_only_rates_lead(world):
    snapshot = yearly(world, {2020: [1000, 800, 900], 2021: [1100, 1600, 910]})
    assert leading(snapshot, metric=new_entities).refused == "数量指标受规模影响，不排位次"
