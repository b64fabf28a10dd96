"""Page one as a block: within its lengths in every city and span, every light and missed target on it or counted, every number recorded."""

import re

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.yellow_lights import lights
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one import chosen
from city_briefs.common import block_schema, page_one_line, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.common.theme import MIME
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_entities
from city_briefs.production.build import fingerprints
from tests.helpers.returned_rates import of_rates
from tests.helpers.size import in_full
from tests.unit.figures.test_contributions import COUNTIES, returned

COUNTED = re.compile(r"(黄灯|目标)(\d+)项")
RATES = {"food_pass_rate": ((970, 900), 950), "hazard_overdue_share": ((500, 500), 100), "new_entities": ((4000, 5000), 4000)}


@pytest.fixture
def page(monkeypatch, tmp_path):
    """Makes page one of a scope."""
    shown = []
    monkeypatch.setattr(publish, "publish_display_data", shown.append)
    monkeypatch.setattr(paths, "notes", lambda: tmp_path / "data/notes")

    def page(scope):
        blocks.page_one(scope)
        return block_schema.write(shown.pop()[MIME])

    return page


def whole(scope, block):
    """See that a page has room, and that no light and no missed target is left out."""
    assert 0 < len(block["conclusion"]) <= 26
    assert [lead["word"] for lead in block["leads"]] == ["好在", "差在", "要办"]
    assert all(1 < len(lead["text"]) <= 34 and lead["text"].endswith("。") for lead in block["leads"])
    assert all(0 < len(panel["title"]) <= 20 for panel in block["panels"])
    assert (len(block["panels"]) <= 2, len(block["concerns"]) <= 3) == (True, True)
    on = sum(light.on for light in lights(scope))
    missed = sum(standing.light == "滞后" for standing in standings(scope))
    marks = [concern["mark"] for concern in block["concerns"]]
    counted = {kind: int(number) for kind, number in COUNTED.findall(block["more"])}
    assert marks.count("light") + counted.get("黄灯", 0) == on
    assert marks.count("missed") + counted.get("目标", 0) == missed
    recorded = {figure["text"] for figure in block["figures"]}
    for row in block["rows"]:
        assert row["value"] + row["unit"] in recorded
        assert ("regions" in row) != bool(row["regions_words"])
    words = " ".join([block["conclusion"], *(lead["text"] for lead in block["leads"]), block["key"]])
    assert words.count("同比") <= 5


def test_every_city_and_the_province_has_a_page_that_is_whole(demo_results, page):
    for region in (*demo_results.regions.cities[:3], demo_results.regions.province):
        scope = Scope.of(demo_results, region, Period(2022))
        whole(scope, page(scope))


@in_full
@pytest.mark.parametrize(
    "period", [Period(2021), Period(2022), Period(2022, 1), Period(2022, 4, "month"), Period(2022, 6, "quarter")]
)
def test_every_page_of_every_period_is_whole(demo_results, page, period):
    for region in (*demo_results.regions.cities, demo_results.regions.province):
        scope = Scope.of(demo_results, region, period)
        whole(scope, page(scope))


def test_a_page_states_rows_panels_and_concerns(world, page):
    block = page(of_rates(world, RATES))
    assert [(row["subject"], row["label"], row["value"], row["change"], row["mark_word"]) for row in block["rows"]] == [
        ("发展", "新设立市场主体", "5000", "+25.0%", ""),
        ("安全", "食品监督抽检合格率", "90.00", "−7.00", ""),
        ("", "隐患逾期未销号率", "50.0", "0.0", "黄灯"),
    ]
    assert block["columns"] == ["", "指标", "本期", "同比", "近24个月", "6个市州，右为优", "位次", "目标或警示"]
    assert [concern["what"] for concern in block["concerns"]] == ["隐患逾期未销号比重偏高", "食品监督抽检合格率"]
    assert block["notes"][0] == "本期没有数据或数据不全的6项指标未列"
    assert [claim["said"] for claim in block["claims"]] == [panel["title"] for panel in block["panels"]]


@pytest.mark.parametrize("many", [3, 14, 60])
@pytest.mark.parametrize("name", ["Ward {}", "第{}市"])
def test_a_land_of_any_size_has_all_its_regions_on_one_scale(world, page, many, name):
    block = page(of_rates(world, RATES, many=many, name=name))
    drawn = block["rows"][1]["regions"]
    assert f"{many}个市州中" in drawn["alt"]
    assert f"{name.format(1)}为90.00%" in drawn["alt"]
    assert drawn["svg"].count("<use") >= many


def test_a_county_has_a_page_among_the_counties_of_its_city(world, page):
    made = returned(world, {"9101": (4000, 5000), "9102": (4000, 4400), "9200": (4000, 4000)}, regions=COUNTIES)
    results = Results(made, CATALOGUE.values())
    county, city = (page(Scope.of(results, made.regions.find(name), Period(2021))) for name in ("Ashford South", "Ashford"))
    assert [row["change"] for row in (*county["rows"], *city["rows"])] == ["+10.0%", "+17.5%"]
    assert county["rows"][0]["regions"]["alt"].startswith("新设立市场主体同比：South为增长10.0%；2个")
    assert [panel["title"] for panel in city["panels"]] == ["主要由Ashford North拉动", "比上年同期增长17.5%"]


def test_metrics_without_data_are_counted_and_none_is_dressed_up(real, page):
    block = page(Scope.of(Results(real, [new_entities]), real.regions.find("天水"), Period(2011)))
    assert [(row["label"], row["value"], row["mark"]) for row in block["rows"]] == [("新设立市场主体", "591", "")]
    assert (block["conclusion"], block["concerns"], block["more"]) == ("各项变化均未超出随机波动", [], "")
    assert block["notes"][:2] == ["本期没有数据或数据不全的8项指标未列", "另有7项黄灯规则未能判定"]


def test_a_change_over_an_unusual_base_is_neither_good_nor_bad_and_not_called_chance(real, page):
    block = page(Scope.of(Results(real, [new_entities]), real.regions.find("金昌"), Period(2011)))
    assert [(row["label"], row["change"]) for row in block["rows"]] == [("新设立市场主体", "−30.1%")]
    assert block["conclusion"] == "新设立市场主体降幅超出随机波动，不作好差评价"
    assert [lead["text"] for lead in block["leads"]] == [
        "超出随机波动的变化不作好差评价。", "黄灯和目标本期不作判定，超出随机波动的变化不作好差评价。", "数据不足，暂不提出。",
    ]  # fmt: skip


def test_the_conclusion_of_the_remark_stands_in_place_of_the_chosen_one(world, page):
    scope = of_rates(world, RATES)
    file = paths.note("2021", scope.region.code, "summary")
    file.parent.mkdir(parents=True)
    file.write_text("---\n标题: 结论\n作者: 处\n日期: 2022-01-10\n结论: 新设主体{{new_entities yoy}}\n---\n", "utf-8")
    assert page(scope)["conclusion"] == "新设主体增长25.0%"


def test_a_chapter_runs_again_when_its_metrics_change(monkeypatch):
    before = fingerprints._page_one()
    monkeypatch.setattr(page_one_line, "ids", lambda: ("new_entities",))
    assert fingerprints._page_one() != before
    assert chosen.metrics() == (CATALOGUE["new_entities"],)


def test_a_line_that_is_no_list_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / paths.PACKS).write_text('page_one = "entity_stock"\n', "utf-8")
    with pytest.raises(UsageError) as error:
        chosen.metrics()
    assert str(error.value) == "packs.toml: page_one is a list, not 'entity_stock'."
