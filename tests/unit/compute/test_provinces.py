"""Several provinces in one snapshot: each is what it would be alone."""

import pyarrow.compute as pc
import pytest

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import VIEWS, look
from city_briefs.analysis.snapshot.snapshot_json import file_name
from city_briefs.analysis.snapshot.storage import stored
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import REGIONS, TABLES
from tests.conftest import World, covered, rows
from tests.helpers.size import in_full

REPORTED = """code,name,short,level,parent
1000,Norland,Norland,province,
1100,Ashford,Ashford,city,1000
1200,Birchwood,Birchwood,city,1000
2000,Sudland,Sudland,province,
2100,Cedarton,Cedarton,city,2000
2200,Dunmore,Dunmore,city,2000
"""
YEAR = Period(2021)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two provinces of eleven cities each."""
    return demo.write(tmp_path_factory.mktemp("many") / "demo", cities=22, entities=4_000, years=(2019, 2021))


@pytest.fixture(scope="module")
def alone(many, tmp_path_factory):
    """The second of them in a snapshot of its own."""
    folder = tmp_path_factory.mktemp("alone")
    inside = many.regions.within(many.regions.provinces[1])
    demo.province.write_regions(inside.all, folder / "regions.csv")
    tables = {TABLES[name]: own(stored(many.path / file_name(TABLES[name]), TABLES[name]), inside) for name in many.descriptions}
    tables.pop(REGIONS)
    return snapshot.write(
        folder / "snapshot", tables, regions_file=folder / "regions.csv", source="模拟数据", ingested_at="2022-01-05", synthetic=True
    )  # fmt: skip


def own(table, inside):
    """The rows of a table that are of these regions, or begin with the code of their province, or are of none."""
    if "region" in table.column_names:
        return table.filter(pc.field("region").isin(list(inside.by_code)))
    ids = [name for name in table.column_names if name.endswith("_id")]
    return table.filter(pc.starts_with(table[ids[0]], inside.province.code)) if ids else table


def test_the_demo_has_more_than_one_province_when_one_would_be_too_large(many):
    assert [province.name for province in many.regions.provinces] == ["模拟01省", "模拟02省"]
    assert [len(many.regions.within(province).cities) for province in many.regions.provinces] == [11, 11]
    assert many.findings == ()


@in_full
def test_every_figure_is_that_of_a_snapshot_with_one_province(many, alone):
    together, by_itself = (Results(one, CATALOGUE.values()) for one in (many, alone))
    assert len(alone.regions.cities) == 11
    for region in alone.regions.all:
        for metric in CATALOGUE.values():
            for view in VIEWS:
                one, other = (look(Scope.of(results, region, YEAR), metric, view) for results in (together, by_itself))
                assert one == other


def test_what_a_metric_is_broken_down_by_is_what_stands_in_the_province(world):
    results = Results(two(world), [CATALOGUE["new_entities"]])
    cities = [results.regions.find(name) for name in ("Ashford", "Cedarton")]
    assert [results.within(city).parts(CATALOGUE["new_entities"], "kind") for city in cities] == [
        ["enterprise"],
        ["self_employed"],
    ]


def test_the_share_and_sum_of_a_city_are_those_within_its_province(world):
    metric = CATALOGUE["new_entities"]
    results = Results(two(world), [metric])
    seen = {
        (name, view): look(Scope.of(results, results.regions.find(name), YEAR), metric, view).text
        for name, view in [
            ("Dunmore", "share"),
            ("Sudland", "value"),
        ]
    }
    assert seen == {
        ("Dunmore", "share"): "75.0%",
        ("Sudland", "value"): "4户",
    }


def two(world: World):
    """Ashford has two enterprises and Birchwood none; Cedarton has one business of a person and Dunmore three."""
    return world.snapshot(
        regions=REPORTED,
        coverage=covered(TABLES["entities"], ["1100", "1200", "2100", "2200"], [2020, 2021]),
        entities=rows("""
            entity_id  region  kind           registered_on
            a          1100    enterprise     2021-03-02
            b          1100    enterprise     2021-03-02
            c          2100    self_employed  2021-03-02
            d          2200    self_employed  2021-03-02
            e          2200    self_employed  2021-03-02
            f          2200    self_employed  2021-03-02
        """),
    )


def test_without_a_region_several_provinces_have_no_number(world):
    made = two(world)
    from city_briefs.app.selection import region_of

    with pytest.raises(UsageError) as error:
        region_of(made, None)
    assert str(error.value) == f"{made.path} has several provinces. Name a region with --city."
    assert region_of(made, "Sudland").code == "2000"
