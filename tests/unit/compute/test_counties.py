"""Counties: to its counties a city is what a province is to its cities, and in its province it is the sum of them."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.explain import explanation
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import VIEWS, look
from city_briefs.analysis.recheck_reads import Answers
from city_briefs.analysis.snapshot.snapshot_json import file_name
from city_briefs.analysis.snapshot.storage import stored
from city_briefs.common import read_log
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, read
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COVERAGE, POPULATION, REGIONS, RETURNS, TABLES, TARGETS
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import SnapshotRef, plan
from tests.conftest import covered, rows
from tests.helpers.size import in_full

YEAR = Period(2021)
REPORTED = """code,name,short,level,parent
9000,Norland,Norland,province,
9100,Ashford,Ashford,city,9000
9101,Ashford North,North,county,9100
9102,Ashford South,South,county,9100
9200,Birchwood,Birchwood,city,9000
"""
NEW = CATALOGUE["new_entities"]


def write(folder, regions, tables):
    """A snapshot of these tables by name, with these regions."""
    folder.mkdir()
    demo.province.write_regions(regions, folder / "regions.csv")
    return snapshot.write(
        folder / "snapshot", {TABLES[name]: table for name, table in tables.items()},
        regions_file=folder / "regions.csv", source="模拟数据", ingested_at="2022-01-05", synthetic=True, checked_findings=(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    """A province of six cities."""
    return demo.write(tmp_path_factory.mktemp("flat") / "demo", cities=6, entities=4_000, years=(2019, 2021))


@pytest.fixture(scope="module")
def tables(flat):
    """Its tables by name, without the regions and what the province returns."""
    names = [name for name in flat.descriptions if name != REGIONS.name]
    found = {name: stored(flat.path / file_name(TABLES[name]), TABLES[name]) for name in names}
    return found | {RETURNS.name: found[RETURNS.name].filter(pc.field("region") != flat.regions.province.code)}


@pytest.fixture(scope="module")
def cities(flat):
    """Two cities that there are not, with three of the six below each."""
    halves = flat.regions.cities[:3], flat.regions.cities[3:]
    names = (("910000", "模拟甲市"), ("920000", "模拟乙市"))
    return {
        Region(code, name, name[:-1], "city", flat.regions.province.code): [
            Region(one.code, one.name, one.short, "county", code) for one in half
        ]
        for (code, name), half in zip(names, halves, strict=True)
    }


@pytest.fixture(scope="module")
def deep(flat, tables, cities, tmp_path_factory):
    """The same records, in which the six are counties of the two."""
    below = [one for city, counties in cities.items() for one in (city, *counties)]
    return write(tmp_path_factory.mktemp("deep") / "x", [flat.regions.province, *below, *flat.regions.others], tables)


def alike(one, other, region, of_other=None):
    """Whether two results say the same of a region in every metric and view."""
    for metric in CATALOGUE.values():
        for view in VIEWS:
            figures = [
                look(Scope.of(results, place, YEAR), metric, view)
                for results, place in ((one, region), (other, of_other or region))
            ]
            said = [[words and words.replace("各县区", "各市州") for words in (one.text, one.refused)] for one in figures]
            assert said[0] == said[1], (metric.id, view)


@in_full
def test_a_county_is_to_its_city_what_a_city_is_to_its_province(deep, tables, cities, tmp_path):
    city, counties = next(iter(cities.items()))
    codes = [county.code for county in counties]
    own = {
        name: table.filter(pc.field("region").isin(codes)) if "region" in table.column_names else table
        for name, table in tables.items()
    }
    as_cities = [Region(one.code, one.name, one.short, "city", city.code) for one in counties]
    whole = Region(city.code, city.name, city.short, "province")
    alone = write(tmp_path / "alone", [whole, *as_cities], own)
    one, other = (Results(made, CATALOGUE.values()) for made in (deep, alone))
    for county, as_city in zip(counties, as_cities, strict=True):
        alike(one, other, county, as_city)


def test_the_query_behind_a_number_is_of_the_county_or_of_all_counties_of_its_city(deep, cities):
    results = Results(deep, CATALOGUE.values())
    city, counties = next(iter(cities.items()))
    of_each_form = {one.form: one for one in CATALOGUE.values() if one.on or one.form == "latest"}
    assert of_each_form.keys() == {"flow", "stock", "distinct", "maximum", "median", "latest"}
    for place in (counties[0], city, deep.regions.province):
        for metric in of_each_form.values():
            shown = explanation(Scope.of(results, deep.regions.by_code[place.code], YEAR), metric)
            [number] = shown.evidence[metric.id].number.to_pyarrow()[metric.id].to_pylist()
            assert shown.value is not None and number == shown.value


def test_a_city_and_the_province_are_the_sums_of_their_counties(deep, flat, tables, cities, tmp_path):
    """As if every record had been told by the city."""
    city_of = {county.code: city.code for city, counties in cities.items() for county in counties}
    left_out = (RETURNS.name, POPULATION.name, TARGETS.name)  # numbers, which do not become those of a city by another code
    kept = {name: table for name, table in tables.items() if name not in left_out}
    kept[COVERAGE.name] = kept[COVERAGE.name].filter(pc.field("table").isin(list(kept)))
    known = deep.regions
    places = [region for region in known.all if region.level != "county"]
    as_told = {}
    for name, table in kept.items():
        if "region" in table.column_names:
            told = pa.array([city_of.get(code, code) for code in table["region"].to_pylist()])
            table = table.set_column(table.column_names.index("region"), table.schema.field("region"), told)
        as_told[name] = table.group_by(table.column_names).aggregate([]) if name == COVERAGE.name else table
    one = Results(write(tmp_path / "counties", known.all, kept), CATALOGUE.values())
    other = Results(write(tmp_path / "cities", places, as_told), CATALOGUE.values())
    for region in places:
        alike(one, other, region)


def two_counties(world, reporting):
    """Ashford North has two new entities and Ashford South one; Birchwood, which has no counties, has four."""
    told = "".join(
        f"    {name} {code} 2021-03-02\n" for name, code in zip("abcdefg", ["9101"] * 2 + ["9102"] + ["9200"] * 4, strict=True)
    )
    return world.snapshot(
        regions=REPORTED,
        coverage=covered(TABLES["entities"], reporting, [2021]),
        entities=rows("    entity_id region registered_on\n" + told),
    )


def said(results, **asked):
    return {name: look(Scope.of(results, results.regions.find(name), YEAR), NEW, view).text for name, view in asked.items()}


def test_the_share_and_sum_of_a_county_are_those_within_its_city(world):
    results = Results(two_counties(world, ["9101", "9102", "9200"]), [NEW])
    assert said(results, Norland="value", Ashford="value", North="value", South="share") == {
        "Norland": "7户", "Ashford": "3户", "North": "2户", "South": "33.3%",
    }  # fmt: skip


def test_a_city_is_not_known_while_one_of_its_counties_is_not(world):
    results = Results(two_counties(world, ["9101", "9200"]), [NEW])
    figure = look(Scope.of(results, results.regions.find("Ashford"), YEAR), NEW, "value")
    assert figure.value is None and "Ashford South" in figure.refused
    assert said(results, North="value") == {"North": "2户"}


def test_what_a_city_reports_by_itself_is_its_own_when_no_county_reports_any(world):
    made = world.snapshot(
        regions=REPORTED,
        coverage=covered(TABLES["entities"], ["9100", "9200"], [2021]),
        entities=rows("""
            entity_id  region  registered_on
            a          9100    2021-03-02
            b          9200    2021-03-02
        """),
    )
    results = Results(made, [NEW])
    assert said(results, Norland="value", Ashford="value") == {"Norland": "2户", "Ashford": "1户"}
    assert look(Scope.of(results, results.regions.find("North"), YEAR), NEW, "value").value is None


@in_full
def test_what_was_read_of_a_county_has_the_same_answer_again(deep, noting):
    results = Results(deep, CATALOGUE.values())
    for region in deep.regions.all:
        for metric in CATALOGUE.values():
            for view in ("value", "rank", "share"):
                look(Scope.of(results, region, YEAR), metric, view)
    asked = read_log.noted(noting)
    assert {words[-1] for kind, *words in asked if kind == "reporters"} >= {"620000", "910000", "920000"}
    assert Answers(Results(deep, CATALOGUE.values())).changed(asked) == []


def test_a_pack_per_county_is_made_for_counties(deep, tmp_path):
    pack = packs_toml.Pack(id="county-brief", title="简报", per="county", addressee="县区", chapters=("summary",))
    tasks = plan([pack], deep.regions, [], [YEAR], source=SnapshotRef(deep.path), out=tmp_path, formats=("html",))
    assert [task.region for task in tasks] == list(deep.regions.counties)
    assert tasks[0].parameters.model_dump() == {"county": tasks[0].region.name, "year": 2021, "through": 12}
    named = plan(
        [pack], deep.regions, [deep.regions.counties[2]], [YEAR], source=SnapshotRef(deep.path), out=tmp_path, formats=("html",)
    )
    assert [task.region for task in named] == [deep.regions.counties[2]]


SUDLAND = REPORTED + "8000,Sudland,Sudland,province,\n8100,Cedarton,Cedarton,city,8000\n"


@pytest.mark.parametrize("row", ["8200,Dunmore,Dunmore,city,8100\n", "8900,Elsewhere,Elsewhere,other,8100\n"])
def test_what_would_count_in_no_whole_is_refused(tmp_path, row):
    """A city in a city, and a unit beside the counties of a city that has none."""
    (tmp_path / "regions.csv").write_text(SUDLAND + row, "utf-8")
    code, name = row.split(",")[:2]
    with pytest.raises(DataError) as error:
        read(tmp_path / "regions.csv")
    assert str(error.value) == (
        f"regions.csv: {name} ({code}) has the parent '8100', which is no province. "
        "Where there are several provinces, each region names its own."
    )


def test_a_unit_beside_counties_counts_in_their_city(tmp_path):
    (tmp_path / "regions.csv").write_text(SUDLAND + "9199,Office,Office,other,9100\n", "utf-8")
    known = read(tmp_path / "regions.csv")
    assert known.below(known.find("Ashford")) == ["9100", "9101", "9102", "9199"]


def test_a_county_names_its_city(tmp_path):
    (tmp_path / "regions.csv").write_text(REPORTED.replace("county,9100", "county,9000"), "utf-8")
    with pytest.raises(DataError) as error:
        read(tmp_path / "regions.csv")
    assert str(error.value) == (
        "regions.csv: Ashford North (9101) is a county, and its parent '9000' is no city. Each county names its city."
    )
