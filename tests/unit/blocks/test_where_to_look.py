"""Where the province has to look: what is out of line in each city, said to the province and to nobody else."""

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments import targets, yellow_lights
from city_briefs.analysis.assessments.strengths import all_spots
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.model.tables import RETURNS
from city_briefs.notebook import documents
from city_briefs.notebook.cells import faults
from tests.conftest import THREE_CITIES, covered


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


@pytest.fixture
def six(world):
    """The scope of a province of six cities with returned pass rates, so many of a thousand each."""

    def of(*passed):
        names = ("Ashford", "Birchwood", "Cedarton", "Dunmore", "Eastham", "Ward 6")
        codes = [f"9{place}00" for place in range(1, 7)]
        cities = "\n".join(f"{code},{name},{name},city,9000" for code, name in zip(codes, names, strict=True))
        regions = "".join(THREE_CITIES.splitlines(keepends=True)[:2])
        returned = [
            {"region": code, "month": "2021-01", "indicator": "food_pass_rate", "numerator": str(number), "denominator": "1000", "span": "month"}
            for code, number in zip(codes, passed, strict=True)
        ]  # fmt: skip
        snapshot = world.snapshot(regions=regions + cities, coverage=covered(RETURNS, codes, [2021], 1), returns=returned)
        return Scope.of(Results(snapshot, [food_pass_rate, cases_total]), snapshot.regions.province, Period(2021, 1))

    return of


def test_each_city_has_its_own_lights_targets_and_rates(demo_results, shown):
    scope = Scope.of(demo_results, demo_results.regions.province, Period(2022))
    blocks.where_to_look(scope)
    [table] = shown
    assert table["header"] == ["市州", "亮灯", "滞后目标", "弱于其他市州", "强于其他市州"]
    assert [row[0] for row in table["rows"]] == [city.short for city in scope.peers]
    for city, (_, lit, behind, weak, strong) in zip(scope.peers, table["rows"], strict=True):
        of_city = scope.at(city)
        assert [
            light.rule.label for light in yellow_lights.lights(of_city) if light.is_exception and light.rule.label not in lit
        ] == []
        late = [one.name for one in targets.standings(of_city) if one.light == "滞后"]
        assert [name for name in late if name not in behind and name not in " ".join(table["notes"])] == []
        for spots, cell in zip(all_spots(of_city), (strong, weak), strict=True):
            assert cell == ("、".join(f"{spot.value.metric.label}{spot.value.text}" for spot in spots) or "无")


def test_a_rate_names_the_cities_that_stand_out_beyond_chance_and_who_is_like_the_others_is_not_named(six, shown):
    blocks.standing_out(six(800, 940, 940, 940, 940, 990), [food_pass_rate])
    [table] = shown
    assert table["rows"] == [["食品监督抽检合格率", "92.50%", "Ashford 80.00%", "Ward 6 99.00%"]]


def test_a_rate_in_which_nobody_stands_out_and_one_that_is_not_compared_are_a_sentence(six, shown):
    blocks.standing_out(six(940, 941, 942, 943, 942, 941), [food_pass_rate, cases_total])
    assert shown[0]["paragraphs"] == ["各市州均在正常离散范围之内的：食品监督抽检合格率；没有可比数据的：查处各类经济违法案件。"]


def test_what_cannot_be_judged_is_not_said_to_be_in_order(six, shown):
    blocks.where_to_look(six(940, 941, 942, 943, 942, 941))
    [table] = shown
    assert table["rows"] == [
        [city, "无；另有7项未能判定", "未引用目标", "无", "无"]
        for city in ("Ashford", "Birchwood", "Cedarton", "Dunmore", "Eastham", "Ward 6")
    ]


@pytest.mark.parametrize("call", documents.PROVINCE_ONLY)
def test_nobody_but_the_province_is_shown_who_lags(call, six, monkeypatch):
    of_city = next(scope.at(city) for scope in [six(800, 940, 940, 940, 940, 990)] for city in scope.peers)
    monkeypatch.setattr(documents, "scope", lambda: of_city)
    words = f"{call} names the cities that lag, to the province alone. Use it in a chapter with the parameter province."
    arguments = [] if call == "where_to_look" else [food_pass_rate]
    with pytest.raises(UsageError) as refused:
        getattr(documents, call)(*arguments)
    assert str(refused.value) == words
    source = f"{call}({'food_pass_rate' if arguments else ''})"
    assert list(faults(source, "city")) == list(faults(source, "county")) == [(1, f": {words}")]
    assert list(faults(source, "province")) == []


def test_all_metrics_of_the_catalogue_may_be_asked_for(demo_results, shown):
    blocks.standing_out(Scope.of(demo_results, demo_results.regions.province, Period(2022)), list(CATALOGUE.values()))
    assert all(weak != "无" or strong != "无" for _, _, weak, strong in shown[0]["rows"])
