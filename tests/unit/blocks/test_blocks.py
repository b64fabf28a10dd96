"""What blocks hold: parts of a metric, comparison with other areas, headline cards."""

import ast
import re

import nbformat
import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish as block
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common import issued_figures, paths
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.periods import Period
from city_briefs.common.theme import html
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.consumer_rights import settlement_rate
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.model.tables import CASES, COMPLAINTS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows
from tests.helpers import NOTEBOOKS

CITIES = ["9100", "9200", "9300"]
DATED = [{"fine_yuan": "1", "confiscated_yuan": "0", "region": "9100"}]


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(block, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def cases(world, fields):
    given = [
        {"case_id": f"{year}-{field}-{number}", "field": field, "closed_on": f"{year}-05-01", **DATED[0]}
        for year, counts in fields.items()
        for field, count in counts.items()
        for number in range(count)
    ]
    return world.snapshot(regions=THREE_CITIES, coverage=covered(CASES, CITIES, list(fields)), cases=given)


def of(snapshot, metrics, region="Ashford", year=2021):
    return Results(snapshot, metrics), snapshot.regions.find(region), Period(year)


def test_parts_stand_by_size_with_growth_and_share(world, shown):
    snapshot = cases(world, {2020: {"food": 40, "price": 50}, 2021: {"food": 60, "price": 20, "fees": 20}})
    results, region, period = of(snapshot, [cases_total])
    blocks.breakdown(Scope.of(results, region, period), cases_total, "field")
    [table] = shown
    assert table["caption"] == "Ashford查处各类经济违法案件按领域分（2021年）"
    assert table["header"] == ["领域", "查处各类经济违法案件", "同比增减", "占比"]
    assert table["rows"] == [["食品", "60", "50.0", "60.0"], ["涉企收费", "20", "—", "20.0"], ["价格", "20", "−60.0", "20.0"]]


def test_parts_whose_growth_chance_explains_are_named_under_the_table(world, shown):
    snapshot = cases(world, {2020: {"food": 50, "price": 50, "fees": 40}, 2021: {"food": 60, "price": 90, "fees": 33}})
    results, region, period = of(snapshot, [cases_total])
    blocks.breakdown(Scope.of(results, region, period), cases_total, "field")
    [table] = shown
    assert [row[:3] for row in table["rows"]] == [["价格", "90", "80.0"], ["食品", "60", "20.0"], ["涉企收费", "33", "−17.5"]]
    assert "食品、涉企收费的同比增减未超出随机波动" in table["notes"]


def test_parts_of_what_is_only_returned_are_not_shown(world, shown):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=rows("""
            region  month    indicator    numerator  span
            9100    2021-03  cases_total  41         month
        """),
    )
    results, region, period = of(snapshot, [cases_total, new_entities])
    blocks.breakdown(Scope.of(results, region, period), cases_total, "field")
    assert shown == []
    blocks.breakdown(Scope.of(results, region, period), new_entities, "kind")
    assert shown[0]["paragraphs"] == []


def test_nothing_has_no_parts_and_the_sentence_before_has_said_so(world, shown):
    results, region, period = of(cases(world, {2020: {"food": 40}, 2021: {"food": 60}}), [cases_total], "Birchwood")
    blocks.breakdown(Scope.of(results, region, period), cases_total, "field")
    assert [one["paragraphs"] for one in shown] == [[]]
    assert [figure["text"] for figure in shown[0]["figures"]] == ["0起"]


@pytest.mark.parametrize("draw", [blocks.trend, blocks.ranking])
def test_a_chart_of_what_is_not_known_says_nothing_and_the_appendix_has_the_reason(world, shown, draw):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=[])
    results, region, period = of(snapshot, [new_entities])
    draw(Scope.of(results, region, period), new_entities)
    [block] = shown
    assert (block["kind"], block["paragraphs"]) == ("prose", [])
    assert [(figure["value"], figure["refused"]) for figure in block["figures"]] == [
        (None, "本期未报送（没有新设立市场主体的数据）")
    ]


def test_a_ranking_without_any_city_gives_the_reason_of_none_for_the_province(world, shown):
    returned = [
        {"region": city, "month": f"{year}-12", "indicator": "new_entities", "numerator": "20", "span": "month"}
        for city in CITIES
        for year in (2020, 2021)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2020, 2021]), returns=returned)
    results, region, period = of(snapshot, [new_entities], "Norland")
    blocks.ranking(Scope.of(results, region, period), new_entities, "yoy")
    assert [block["paragraphs"] for block in shown] == [["2021年，各地区新设立市场主体同比增减均没有可比数据，不作图示。"]]
    assert [figure["region"] for figure in shown[0]["figures"]] == CITIES


@pytest.mark.parametrize("file", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda file: file.stem)
def test_a_chapter_speaks_of_a_metric_before_it_draws_it(file):
    """A chart of what is not known is silent, so what is missing must have been said."""
    said = set()
    for cell in nbformat.read(file, as_version=4).cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.Call):
                named = {word.id for argument in node.args for word in ast.walk(argument) if isinstance(word, ast.Name)}
                if node.func.id in ("trend", "ranking", "breakdown", "contribution", "decompose"):
                    assert named <= said
                if node.func.id in ("say", "headlines", "distribution"):
                    said |= named


def test_other_areas_stand_beside_in_one_unit(world, shown):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=[
            {"region": city, "month": "2021-12", "indicator": "entity_stock", "numerator": "250000", "span": "as_of"}
            for city in CITIES
        ],
        benchmarks=rows("""
            area  metric        view   year  value      source
            全国  entity_stock  value  2021  154000000  公报
        """),
    )
    results, region, period = of(snapshot, [entity_stock, food_pass_rate])
    blocks.against(Scope.of(results, region, period), [entity_stock, food_pass_rate])
    [table] = shown
    assert table["header"] == ["指标", "单位", "Ashford", "Norland", "全国"]
    assert table["rows"] == [["实有市场主体", "万户", "25.00", "75.00", "15400.00"]]
    assert table["sources"][-1] == "公报"
    blocks.against(Scope.of(results, region, period), [food_pass_rate])
    assert shown[1]["paragraphs"] == ["没有引用其他地区同期的数据，本期不作横向对标。"]


def test_a_growth_beside_that_of_other_areas_is_named_when_chance_explains_it(world, shown):
    returned = [
        {"region": city, "month": f"{year}-{month:02}", "indicator": new_entities.id, "numerator": f"{number}", "span": "month"}
        for city, by_year in (("9100", {2020: 10, 2021: 11}), ("9200", {2020: 10, 2021: 20}), ("9300", {2020: 10, 2021: 20}))
        for year, number in by_year.items() for month in range(1, 13)
    ]  # fmt: skip
    cited = rows("""
        area  metric        view  year  value  source
        全国  new_entities  yoy   2021  15.4   公报
    """)
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2020, 2021]), returns=returned, benchmarks=cited
    )
    results, region, period = of(snapshot, [new_entities])
    blocks.against(Scope.of(results, region, period), [new_entities])
    [table] = shown
    assert table["rows"] == [["新设立市场主体同比", "%", "10.0", "70.0", "15.4"]]
    assert table["notes"][-1] == "Ashford新设立市场主体的同比增减未超出随机波动"


def test_cards_of_what_is_not_known_are_said_and_not_shown(world, shown):
    snapshot = cases(world, {2020: {"food": 40}, 2021: {"food": 60}})
    results, region, period = of(snapshot, [cases_total, new_entities])
    figures = [look(Scope.of(results, region, period), metric, "value") for metric in (cases_total, new_entities)]
    blocks.cards(results, figures)
    assert [card["label"] for card in shown[0]["cards"]] == ["查处各类经济违法案件"]
    assert shown[0]["cards"][0]["tone"] == ""  # neutral
    assert shown[0]["notes"] == ["本期没有数据或数据不全：新设立市场主体"]
    blocks.cards(results, figures[1:])
    assert shown[1]["paragraphs"] == ["本期没有数据或数据不全：新设立市场主体。"]


def returned(world, stock):
    """The stock that Ashford returned at the end of some years."""
    given = [
        {"region": "9100", "month": f"{year}-12", "indicator": "entity_stock", "numerator": str(number), "span": "as_of"}
        for year, number in stock.items()
    ]
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9100"], list(stock)), returns=given)


def test_a_card_has_a_spark_of_its_years_and_the_figures_that_it_draws(world, shown):
    results, region, period = of(returned(world, {2018: 100, 2019: 110, 2021: 120}), [entity_stock])
    blocks.cards(results, [look(Scope.of(results, region, period), entity_stock, "value")])
    [spark] = [card["spark"] for card in shown[0]["cards"]]
    assert spark["alt"] == "实有市场主体走势：2017年无完整数据；2018年100户；2019年110户；2020年无完整数据；2021年120户。"
    assert {"2017", "2021"} == set(re.findall(r"<text[^>]*>([^<]*)</text>", spark["svg"]))
    drawn = {one["year"]: one["value"] for one in shown[0]["figures"] if one["view"] == "value"}
    assert drawn == {2017: None, 2018: 100, 2019: 110, 2020: None, 2021: 120}
    assert "<svg" in html(shown[0]) and spark["alt"] in html(shown[0])


def test_a_card_of_two_years_has_no_spark(world, shown):
    results, region, period = of(returned(world, {2020: 110, 2021: 120}), [entity_stock])
    blocks.cards(results, [look(Scope.of(results, region, period), entity_stock, "value")])
    assert "spark" not in shown[0]["cards"][0]


def test_a_card_has_the_light_of_its_target(world, shown):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, CITIES, [2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            9100    2021-12  new_entities  120        month
        """),
        targets=rows("""
            region  metric        view   year  value  comparison  source
            9100    new_entities  value  2021  100    at_least    计划
        """),
    )
    results, region, period = of(snapshot, [new_entities])
    blocks.cards(results, [look(Scope.of(results, region, period), new_entities, "value")])
    assert shown[0]["cards"][0]["light"] == "目标达标"


def test_what_is_pending_stands_on_the_card_and_under_the_table(world, shown):
    """Of Ashford a quarter of forty is open, of Birchwood a half."""
    cases = [("9100", 30, 10), ("9200", 20, 20), ("9300", 40, 0)]
    complaints = [
        {"complaint_id": f"{city}-{number}", "region": city, "received_on": "2021-03-01", "kind": "complaint", "accepted": True,
         **({"closed_on": "2021-04-01", "settled": True} if number < closed else {})}
        for city, closed, pending in cases
        for number in range(closed + pending)
    ]  # fmt: skip
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(COMPLAINTS, [city for city, *_ in cases], [2021]), complaints=complaints
    )
    scope = Scope.of(Results(snapshot, [settlement_rate]), snapshot.regions.find("Ashford"), Period(2021))
    blocks.cards(scope.results, [look(scope, settlement_rate, "value")])
    assert shown[0]["cards"][0]["change"] == "上年同期数据不全，不作比较；另有25.0%尚未办结"
    blocks.places(scope, settlement_rate)
    assert "消费投诉和解率最少的地区另有25.0%尚未办结，最多的另有50.0%尚未办结" in shown[1]["notes"]


@pytest.mark.parametrize(("first", "estimated"), [(2018, True), (2019, False)])
def test_a_change_is_compared_without_a_dispersion_when_too_few_months_are_known(world, shown, first, estimated):
    years = list(range(first, 2022))
    returned = [
        {"region": "9100", "month": f"{year}-{month:02}", "indicator": new_entities.id, "numerator": "100", "denominator": None,
         "span": "month"}
        for year in years for month in range(1, 13)
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9100"], years), returns=returned)
    results, region, period = of(snapshot, [new_entities])
    blocks.prose(Scope.of(results, region, period), [new_entities])
    [prose] = shown
    [card] = prose["metrics"]
    assert [figure["verdict"] for figure in prose["figures"] if figure["view"] == "yoy"] == ["same"]
    assert card.get("comparisons", []) == ([] if estimated else ["离散系数未估计，按1计"])
    scope = Scope.of(results, region, period)
    block.publish_prose([], [look(scope, new_entities, "value"), look(scope.year_before, new_entities, "yoy")], results)
    assert "comparisons" not in shown[1]["metrics"][0]  # nothing of this year is compared


def test_the_revisions_behind_a_preliminary_figure_are_on_its_card(world, shown, tmp_path, monkeypatch):
    """Of forty complaints of each month from January to May thirty are settled; of May all are open."""
    complaints = [
        {"complaint_id": f"{month}-{number}", "region": "9100", "received_on": f"2021-{month:02}-01", "kind": "complaint",
         "accepted": True, **({"closed_on": f"2021-{month:02}-09", "settled": number < 30} if month < 5 else {})}
        for month in range(1, 6) for number in range(40)
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, ["9100"], [2021], 5), complaints=complaints)
    results = Results(snapshot, [settlement_rate])
    ashford = Scope.of(results, snapshot.regions.find("Ashford"), Period(2021, 5))
    monkeypatch.setattr(paths, "register", lambda: tmp_path)
    issued = [
        IssuedFigure(
            settlement_rate.id, "9100", 2021, month, 0, "2021-07-01", 1, "city-brief", "9100", settlement_rate.hash, value,
            "", f"{month * 40}", tables="complaints=0123456789ab",
        )
        for month, value in ((2, "74.5"), (3, "75"), (4, "74"))
    ]  # fmt: skip
    (tmp_path / issued_figures.FILE).write_text(issued_figures.text(issued), "utf-8")
    blocks.prose(ashford, [settlement_rate])
    [prose] = shown
    assert "初步数，近3期平均修订0.5个百分点，另有20.0%尚未办结" in prose["paragraphs"][0]
    assert prose["metrics"][0]["revisions"] == [
        "2021年1—2月由74.5%修订为75.0%（+0.5个百分点，12315平台工单：分母未变，结果更新）",
        "2021年1—4月由74.0%修订为75.0%（+1.0个百分点，12315平台工单：分母未变，结果更新）", "其余1期按所列位数未变",
    ]  # fmt: skip
    blocks.prose(ashford.over(Period(2021, 4)), [settlement_rate])
    assert "revisions" not in shown[1]["metrics"][0]  # it is final
