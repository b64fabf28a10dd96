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
from city_briefs.metrics.business_environment import entity_stock, new_enterprises, new_entities
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


def test_metrics_stand_side_by_side_with_value_and_place(province, shown):
    results, region, period = province
    blocks.compare(Scope.of(results, region, period), [food_pass_rate, cases_total])
    [table] = shown
    assert table["header"] == ["地区", "食品监督抽检合格率（%）", "位次", "查处各类经济违法案件（起）"]  # neutral: no place
    assert table["rows"] == [
        ["Norland", "97.06", "", "166"],
        ["Ashford", "97.00", "2", "40"],
        ["Birchwood", "99.00", "1", "41"],
        ["Cedarton", "97.00", "2", "42"],
        ["Elsewhere", "90.00", "", "43"],
    ]
    assert (table["totals"], table["caption"]) == ([0], "2021年1月各地区食品监督抽检合格率、查处各类经济违法案件比较")
    assert len(table["widths"]) == len(table["align"]) == 4


def test_a_metric_without_data_is_named_and_when_there_is_none_it_is_a_sentence(province, shown):
    results, region, period = province
    blocks.compare(Scope.of(results, region, period), [food_pass_rate, entity_stock])
    assert "本期没有数据、未列入的指标：实有市场主体" in shown[0]["notes"]
    blocks.compare(Scope.of(results, region, period), [entity_stock])
    assert shown[1]["paragraphs"] == ["2021年1月，实有市场主体本期没有数据，不作比较。"]


def test_more_metrics_than_a_page_is_wide_make_more_tables(real, shown):
    results, region, period = of_real(real, new_entities, new_enterprises)
    blocks.compare(Scope.of(results, region, period), [new_entities, new_enterprises] * 3)
    assert [len(table["header"]) for table in shown] == [9, 5]
    assert shown[0]["caption"] == "2011年各地区新设立市场主体等指标比较"


def test_a_heat_table_prints_places_and_ties_share_one(province, shown):
    results, region, period = province
    blocks.heat(Scope.of(results, region, period), [food_pass_rate, cases_total, entity_stock])
    [chart] = shown
    assert [word for word in texts(chart["svg"]) if word.isdigit()] == ["2", "1", "2"]
    assert chart["alt"] == "位次热力表：食品监督抽检合格率，Birchwood第1位、Ashford并列第2位、Cedarton并列第2位。"
    assert chart["notes"][1:] == ["本期没有数据、未列入的指标：实有市场主体", "不分优劣、不列入位次的指标：查处各类经济违法案件"]


def test_more_metrics_than_a_heat_table_can_head_make_more_tables(demo_province, shown):
    rates = [metric for metric in CATALOGUE.values() if metric.form == "ratio" and metric.better != "neutral"][:12]
    results, region, period = Results(demo_province, rates), demo_province.regions.province, Period(2021)
    blocks.heat(Scope.of(results, region, period), rates)
    assert [chart["caption"][-3:] for chart in shown] == ["（一）", "（二）"]
    assert [re.search(r"等(\d+)项指标位次", chart["caption"])[1] for chart in shown] == ["5", "6"]  # one is not reported


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
        "实有市场主体本期未报送，未列入，不作分布图。"
    ]


def test_what_cannot_be_ranked_is_a_sentence(province, shown):
    results, region, period = province
    blocks.heat(Scope.of(results, region, period), [cases_total])
    blocks.heat(Scope.of(results, region, period), [entity_stock])
    assert [one["paragraphs"] for one in shown] == [
        ["2021年1月，查处各类经济违法案件不分优劣，不排位次。"],
        ["2021年1月，没有可排位次的指标：实有市场主体本期未报送或数据不全。"],
    ]


def test_a_column_with_a_gap_is_blank_and_names_no_city(world, shown):
    returns = rows("""
        region  month    indicator     numerator  span
        9100    2021-01  new_entities  40         month
        9200    2021-01  new_entities  50         month
    """)
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9100", "9200"], [2021], 1), returns=returns)
    results, region, period = Results(snapshot, METRICS), snapshot.regions.province, Period(2021, 1)
    blocks.heat(Scope.of(results, region, period), [new_entities])
    assert not [word for word in texts(shown[0]["svg"]) if word.isdigit()]
    assert shown[0]["notes"][1:] == ["新设立市场主体位次空白的，部分地区数据不全，不排位次"]
    blocks.compare(Scope.of(results, region, period), [new_entities])
    assert shown[1]["notes"] == ["新设立市场主体空白的，本期数据不全", "新设立市场主体位次空白的，部分地区数据不全，不排位次"]


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
    assert shown[0]["alt"].startswith("排序图：食品监督抽检合格率，Birchwood99.00%、")


def test_a_neutral_metric_has_no_tile_map(province, shown):
    results, region, period = province
    blocks.tiles(Scope.of(results, region, period), cases_total)
    assert shown[0]["kind"] == "prose"


def test_the_leading_cities_stand_with_value_base_and_places_and_the_refused_on_record(province, shown):
    results, region, period = province
    blocks.leaders(Scope.of(results, region, period), [food_pass_rate, cases_total, new_entities])
    [table] = shown
    assert table["rows"] == [["食品监督抽检合格率", "95.65%", "Birchwood"]]
    assert table["notes"][-1] == "食品监督抽检合格率：Birchwood99.00%（990/1000），第1位（可能在第1位）"
    assert [claim["refused"] for claim in table["claims"]] == [None, NEUTRAL, "数量指标受规模影响，不排位次"]


def test_when_nobody_may_be_said_to_lead_it_is_a_sentence(province, shown):
    results, region, period = province
    blocks.leaders(Scope.of(results, region, period), [cases_total])
    assert shown[0]["paragraphs"] == ["查处各类经济违法案件均不具备列出居前市州的条件。"]
    assert shown[0]["claims"][0]["refused"] == NEUTRAL


def test_equal_values_have_one_shade():
    assert steps([5, 1, 1, 1, 9]) == [2, 0, 0, 0, 3]
    assert steps([7]) == [0]
