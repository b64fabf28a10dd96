"""All cities on many metrics: what the tables, tile maps and heat tables hold, and what they leave blank."""

import re
from statistics import median

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.charts.steps import steps
from city_briefs.analysis.charts.tiles import placed, positions
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.special_equipment import overdue_share
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered, rows

PASSED = {"9100": (940, 1000), "9200": (990, 1000), "9300": (940, 1000), "9900": (9, 10)}
NEUTRAL = "该指标不分优劣"
METRICS = [new_entities, food_pass_rate, cases_total, entity_stock]


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


@pytest.fixture
def province(world):
    """Three cities and the rest: pass rates of all, cases of all, new entities of two of the cities, no stock."""
    returns = [
        {"region": code, "month": "2021-01", "indicator": "food_pass_rate", "numerator": passed, "denominator": tested}
        for code, (passed, tested) in PASSED.items()
    ]
    returns += [
        {"region": code, "month": "2021-01", "indicator": "cases_total", "numerator": 40 + place, "denominator": None}
        for place, code in enumerate(PASSED)
    ]
    given = [{**row, "numerator": str(row["numerator"]), "span": "month"} for row in returns]
    for row in given:
        row["denominator"] = row["denominator"] and str(row["denominator"])
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, PASSED, [2021], 1), returns=given)
    return Results(snapshot, METRICS), snapshot.regions.province, Period(2021, 1)


def of_real(real, *metrics, year=2011):
    return Results(real, metrics), real.regions.province, Period(year)


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_metrics_stand_side_by_side_with_value_places_and_how_a_rate_is_beside_the_others(province, shown):
    results, region, period = province
    blocks.compare(Scope.of(results, region, period), [food_pass_rate, cases_total])
    [table] = shown
    assert table["header"] == [
        "地区",
        "食品监督抽检合格率（%）",
        "位次",
        "与其他地区比",
        "查处各类经济违法案件（起）",
    ]  # neutral: no place
    assert table["rows"] == [
        ["Norland", "95.65", "", "", "166"],
        ["Ashford", "94.00", "2（2—3）", "低于", "40"],
        ["Birchwood", "99.00", "1（1）", "高于", "41"],
        ["Cedarton", "94.00", "2（2—3）", "低于", "42"],
        ["Elsewhere", "90.00", "", "", "43"],
    ]
    assert table["notes"] == ["“高于”“低于”指与Norland其余地区的差异超出随机波动，“接近”指未超出随机波动，分母不足30的不比"]
    assert (table["totals"], table["caption"]) == ([0], "2021年1月各地区食品监督抽检合格率、查处各类经济违法案件比较")
    assert len(table["widths"]) == len(table["align"]) == 5
    said = {made["id"]: made.get("comparisons", []) for made in table["metrics"]}
    assert said == {
        "food_pass_rate": ["离散系数未估计，按1计"],
        "cases_total": [],
    }  # one month is known, and a count is not held beside


def test_numbers_and_rates_that_chance_makes_have_no_places_and_the_notes_say_why(world, shown):
    numbers = {"9100": ("194", "40"), "9200": ("195", "60"), "9300": ("196", "90")}
    returns = [
        {"region": city, "month": "2021-01", "indicator": indicator, "numerator": number, "denominator": of, "span": "month"}
        for city, (passed, new) in numbers.items()
        for indicator, number, of in (("food_pass_rate", passed, "200"), ("new_entities", new, None))
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, numbers, [2021], 1), returns=returns)
    scope = Scope.of(Results(snapshot, METRICS), snapshot.regions.province, Period(2021, 1))
    reasons = ["食品监督抽检合格率：各市州差异未超出随机波动，不排位次", "新设立市场主体：数量指标受规模影响，不排位次"]
    blocks.compare(scope, [food_pass_rate, new_entities])
    assert shown[0]["header"] == ["地区", "食品监督抽检合格率（%）", "新设立市场主体（户）"]
    assert shown[0]["notes"][:2] == reasons
    assert shown[0]["notes"][-1] == "食品监督抽检合格率：各市州与其余地区均接近"
    blocks.heat(scope, [food_pass_rate, new_entities])
    assert shown[1]["paragraphs"] == [f"2021年1月，{'；'.join(reasons)}。"]
    blocks.places(scope, new_entities)
    assert shown[2]["header"][-1] == "占Norland"
    assert reasons[1] in shown[2]["notes"]
    blocks.places(scope, food_pass_rate)
    assert reasons[0] in shown[3]["notes"]


def test_a_city_that_may_have_any_place_has_a_blank_one(world, shown):
    passed = {"9100": ("900", "1000"), "9200": ("990", "1000"), "9300": ("38", "40")}
    returns = [
        {"region": city, "month": "2021-01", "indicator": "food_pass_rate", "numerator": good, "denominator": of, "span": "month"}
        for city, (good, of) in passed.items()
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, passed, [2021], 1), returns=returns)
    scope = Scope.of(Results(snapshot, METRICS), snapshot.regions.province, Period(2021, 1))
    blocks.places(scope, food_pass_rate)
    assert [row[-1] for row in shown[0]["rows"]] == ["", "3（2—3）", "1（1—2）", ""]
    assert "食品监督抽检合格率位次空白的，可能在第1—3位，不排位次" in shown[0]["notes"]
    assert [row[1:3] for row in shown[0]["rows"]] == [
        ["94.51", "93.44—95.42"], ["90.00", "87.98—91.71"], ["99.00", "98.17—99.46"], ["95.00", "83.50—98.62"],
    ]  # fmt: skip
    assert shown[0]["header"][1:3] == ["食品监督抽检合格率", "95%区间"]


def test_a_metric_without_data_is_named_and_when_there_is_none_it_is_a_sentence(province, shown):
    results, region, period = province
    blocks.compare(Scope.of(results, region, period), [food_pass_rate, entity_stock])
    assert "本期没有数据、未列入的指标：实有市场主体" in shown[0]["notes"]
    blocks.compare(Scope.of(results, region, period), [entity_stock])
    assert shown[1]["paragraphs"] == ["2021年1月，实有市场主体本期没有数据，不作比较。"]


def test_more_metrics_than_a_page_is_wide_make_more_tables(demo_results, shown):
    rates = ["food_pass_rate", "drug_pass_rate", "overdue_share", "on_time_closing_rate", "settlement_rate", "entity_density"]
    metrics = [*map(CATALOGUE.find, rates), new_entities]
    blocks.compare(Scope.of(demo_results, demo_results.regions.province, Period(2021)), metrics)
    assert len(shown) == 2
    assert shown[0]["caption"] == "2021年各地区食品监督抽检合格率等指标比较"
    assert all(sum(table["widths"]) <= 9.3 for table in shown)


@pytest.mark.parametrize(("rescues", "width"), [(90, 0.8), (110, 1.0), (11000, 1.26)])
def test_a_rate_of_long_numbers_has_a_wider_column(world, shown, rescues, width):
    """Rescues over a thousand lifts, for ten thousand of these: 900.00, 1100.00, 110000.00."""
    given = [
        {"region": city, "month": "2021-01", "indicator": indicator, "numerator": number, "span": span}
        for city in ("9100", "9200", "9300")
        for indicator, number, span in (("elevator_entrapments", f"{rescues}", "month"), ("elevators", "1000", "as_of"))
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, PASSED, [2021], 1), returns=given)
    metric = CATALOGUE.find("entrapments_per_10k_lifts")
    results = Results(snapshot, [metric])
    blocks.compare(Scope.of(results, snapshot.regions.province, Period(2021, 1)), [metric])
    [table] = shown
    assert table["rows"][1][1] == f"{rescues}0.00" and round(table["widths"][1], 2) == width


def test_a_heat_table_prints_the_possible_places_and_ties_share_one(province, shown):
    results, region, period = province
    blocks.heat(Scope.of(results, region, period), [food_pass_rate, cases_total, entity_stock])
    [chart] = shown
    assert [word for word in texts(chart["svg"]) if "（" in word] == ["2（2—3）", "1（1）", "2（2—3）"]
    assert chart["alt"] == (
        "位次热力表：食品监督抽检合格率，Birchwood第1位（可能在第1位）、Ashford并列第2位（可能在第2—3位）、"
        "Cedarton并列第2位（可能在第2—3位）。"
    )
    assert chart["notes"][1:] == ["查处各类经济违法案件：该指标不分优劣，不排位次", "实有市场主体：本期未报送"]


def test_more_metrics_than_a_heat_table_can_head_make_more_tables(world, shown):
    rates = [metric for metric in CATALOGUE.values() if metric.unit == "%" and metric.better != "neutral"]
    rates = [metric for metric in rates if metric.is_pair and not metric.at_month_end][:9]
    returns = [
        {"region": city, "month": "2021-01", "indicator": metric.id, "numerator": part, "denominator": "1000", "span": "month"}
        for city, part in (("9100", "700"), ("9200", "800"), ("9300", "900"))
        for metric in rates
    ]
    cities = ["9100", "9200", "9300"]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, cities, [2021], 1), returns=returns)
    blocks.heat(Scope.of(Results(snapshot, rates), snapshot.regions.province, Period(2021, 1)), rates)
    assert [re.search(r"等(\d+)项指标位次(.+)", chart["caption"]).groups() for chart in shown] == [
        ("4", "（一）"),
        ("5", "（二）"),
    ]


def test_a_distribution_marks_the_city_and_says_the_median_and_the_ends(demo_province, shown):
    city = demo_province.regions.find("金昌")
    results, period = Results(demo_province, [food_pass_rate, overdue_share, cases_total]), Period(2021)
    blocks.distribution(Scope.of(results, city, period), [food_pass_rate, overdue_share, cases_total])
    [chart] = shown
    values = {figure["region"]: figure for figure in chart["figures"] if figure["metric"] == "overdue_share"}
    least, most = (pick(values.values(), key=lambda figure: figure["value"])["text"] for pick in (min, max))
    middle = f"{median(figure['value'] for figure in values.values()):.2f}%"
    own = values[city.code]["text"]
    assert len(values) == 14
    assert chart["alt"].endswith(f"；特种设备超期未检率，金昌{own}，市州中位数{middle}，最低{least}，最高{most}。")
    said = texts(chart["svg"])
    assert {f"金昌 {own}", "（低者居右）", least, most} <= set(said)
    x = {word: float(re.search(rf'<text[^>]* x="([0-9.]+)"[^>]*>{word}</text>', chart["svg"])[1]) for word in (least, most)}
    assert x[least] > x[most]  # the lower is the better
    assert chart["notes"][-1] == "查处各类经济违法案件不分优劣，未列入"


def test_a_distribution_of_the_province_marks_no_city(demo_province, shown):
    results, region, period = Results(demo_province, [food_pass_rate]), demo_province.regions.province, Period(2021)
    blocks.distribution(Scope.of(results, region, period), [food_pass_rate])
    assert shown[0]["alt"].startswith("分布图：食品监督抽检合格率，市州中位数")
    assert not [word for word in texts(shown[0]["svg"]) if region.short in word]


def test_what_has_no_distribution_is_said(province, shown):
    results, _, period = province
    ashford = results.regions.find("Ashford")
    blocks.distribution(Scope.of(results, ashford, period), [food_pass_rate, cases_total, entity_stock])
    assert shown[0]["paragraphs"] == [
        "2021年1月，食品监督抽检合格率有数据的市州不足5个，未列入；查处各类经济违法案件不分优劣，未列入；"
        "实有市场主体受规模影响，未列入，不作分布图。"
    ]


def test_what_cannot_be_ranked_is_a_sentence(province, shown):
    results, region, period = province
    blocks.heat(Scope.of(results, region, period), [cases_total])
    blocks.heat(Scope.of(results, region, period), [entity_stock])
    assert [one["paragraphs"] for one in shown] == [
        ["2021年1月，查处各类经济违法案件：该指标不分优劣，不排位次。"],
        ["2021年1月，实有市场主体：本期未报送。"],
    ]


def test_a_column_with_a_gap_is_blank_and_names_no_city(world, shown):
    returns = rows("""
        region  month    indicator       numerator  denominator  span
        9100    2021-01  food_pass_rate  400        500          month
        9200    2021-01  food_pass_rate  500        510          month
    """)
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9100", "9200"], [2021], 1), returns=returns)
    scope = Scope.of(Results(snapshot, METRICS), snapshot.regions.province, Period(2021, 1))
    reason = "食品监督抽检合格率：部分地区数据不全，不排位次"
    blocks.heat(scope, [food_pass_rate])
    assert shown[0]["paragraphs"] == [f"2021年1月，{reason}。"]
    blocks.compare(scope, [food_pass_rate])
    assert shown[1]["notes"] == ["食品监督抽检合格率空白的，本期数据不全", reason]


def test_every_city_of_gansu_has_a_tile_of_its_own(real):
    assert placed(real.regions.cities, positions())
    assert not placed([*real.regions.cities, Region("9100", "Ashford", "Ashford", "city")], positions())
    two = real.regions.cities[:2]
    assert not placed(two, {city.code: (1, 1) for city in two})


def test_a_tile_map_says_name_and_value_and_draws_no_boundary(real, shown):
    results, region, period = of_real(real, new_entities)
    blocks.tiles(Scope.of(results, region, period), new_entities, "yoy")
    [chart] = shown
    assert chart["caption"] == "2011年各地区新设立市场主体同比增减"
    assert {"兰州", "−2.4%", "嘉峪关"} <= set(texts(chart["svg"]))
    assert chart["alt"].startswith("方格图：新设立市场主体同比增减，由高到低为甘南增长121.6%、")
    assert "不表示行政区域界线" in "".join(chart["notes"])
    assert len([word for word in texts(chart["svg"]) if "～" in word]) == 4  # the key


def test_a_city_that_cannot_be_compared_has_an_empty_tile(real, shown):
    results, region, period = of_real(real, new_entities, year=2003)
    blocks.tiles(Scope.of(results, region, period), new_entities, "yoy")
    assert {"无可比数据", "—"} <= set(texts(shown[0]["svg"]))
    assert "无可比数据。" in shown[0]["alt"]


def test_where_no_city_can_be_compared_it_is_a_sentence_even_when_the_province_can(real, shown):
    results, region, period = of_real(real, new_entities, year=1999)
    blocks.tiles(Scope.of(results, region, period), entity_stock)
    assert shown[0]["paragraphs"] == ["1999年，各地区实有市场主体均没有可比数据，不作图示。"]


def test_cities_without_tiles_are_ranked_instead(province, shown):
    results, region, period = province
    blocks.tiles(Scope.of(results, region, period), food_pass_rate)
    assert shown[0]["alt"].startswith("排序图：食品监督抽检合格率，Birchwood 99.00%、")


def test_a_neutral_metric_has_no_tile_map(province, shown):
    results, region, period = province
    blocks.tiles(Scope.of(results, region, period), cases_total)
    assert shown[0]["kind"] == "prose"


def test_the_leading_cities_stand_with_value_base_and_places_and_the_refused_on_record(province, shown):
    results, region, period = province
    blocks.leaders(Scope.of(results, region, period), [food_pass_rate, cases_total, new_entities])
    [table] = shown
    assert table["rows"] == [["食品监督抽检合格率", "95.65%", "Birchwood"]]
    assert table["notes"][-1] == "食品监督抽检合格率：Birchwood 99.00%（990/1000），第1位（可能在第1位）"
    assert [claim["refused"] for claim in table["claims"]] == [None, NEUTRAL, "数量指标受规模影响，不排位次"]


def test_when_nobody_may_be_said_to_lead_it_is_a_sentence(province, shown):
    results, region, period = province
    blocks.leaders(Scope.of(results, region, period), [cases_total])
    assert shown[0]["paragraphs"] == ["查处各类经济违法案件均不具备列出居前市州的条件。"]
    assert shown[0]["claims"][0]["refused"] == NEUTRAL


def test_equal_values_have_one_shade():
    assert steps([5, 1, 1, 1, 9]) == [2, 0, 0, 0, 3]
    assert steps([7]) == [0]
