"""The figures of the speech on the demo province: in order, at the mask's form, each computed from records."""

import csv
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from city_briefs.analysis import snapshot
from city_briefs.analysis.assessments import speech_figures
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS, TABLES
from tests.conftest import THREE_CITIES, covered, shared
from tests.helpers.size import in_full

YEAR = 2021
CITIES = ["9100", "9200", "9300"]
HEADER = "figure,section,quote,metric,view,area,region,unit,decimals,rounding,scope,years_ahead"


def sheet(of, cubes, region="620000", year=YEAR):
    return speech_figures.sheet(Scope.of(Results(of, speech_figures.metrics(), cubes), of.regions.find(region), Period(year)))


@pytest.fixture(scope="module")
def lines(demo_province, cubes):
    return {line.entry.figure: line for line in sheet(demo_province, cubes)}


def test_all_figures_stand_in_the_order_of_the_speech(lines):
    with shared("figures.csv").open(encoding="utf-8") as file:
        contract = [(int(row["figure"]), row["metric"], row["view"], row["unit"]) for row in csv.DictReader(file)]
    said = [line.record() for line in lines.values()]
    assert [(row["figure"], row["metric"], row["view"], row["unit"]) for row in said] == contract
    assert len(said) == 104
    assert all(set(row) == {"figure", "metric", "view", "region", "value", "unit", "text", "refused"} for row in said)


def test_each_has_the_decimals_and_the_unit_of_its_mask_or_a_refusal(lines):
    for line in lines.values():
        if line.refused:
            assert line.value is None
        elif line.entry.unit == "分数":
            assert re.fullmatch(r"\d+/\d+|[\d.]+%", line.text)
        else:
            decimals = rf"\.\d{{{line.entry.decimals}}}" if line.entry.decimals else ""
            assert re.fullmatch(rf"−?\d+{decimals}{re.escape(line.entry.unit)}", line.text)


def test_what_is_said_three_times_is_the_same_each_time(lines):
    for figures in ((33, 169, 172), (122, 173), (118, 174)):
        assert len({lines[figure].text for figure in figures}) == 1


def test_a_floored_figure_is_not_over_its_value(lines):
    for figure in (83, 138, 166, 175):
        line = lines[figure]
        assert float(re.match(r"[\d.]+", line.text)[0]) <= line.value


def test_the_refusals_are_those_of_the_planted_data(lines):
    """At a hundredth of its size the province has no stock that passes a round number; its science projects are few at any size."""
    refused = {figure: line.refused for figure, line in lines.items() if line.refused}
    assert {figure: reason.split("，")[-1] for figure, reason in refused.items()} == {
        **dict.fromkeys((33, 169, 172), "本期未越过整数关口"),
        90: "不作百分比比较",
    }


def test_a_table_not_reported_for_two_months_refuses_just_what_is_counted_from_it(demo_province, cubes):
    refused = {line.entry.figure: line.refused for line in sheet(demo_province, cubes, year=2022) if line.refused}
    assert {figure for figure, reason in refused.items() if "定西市2022年5—6月未报送" in reason} == {144, 145, 146, 147}


def test_a_city_gets_its_own_figures_and_none_of_the_province_alone(demo_province, cubes):
    of_city = {line.entry.figure: line for line in sheet(demo_province, cubes, "兰州")}
    assert of_city[7].refused == speech_figures.NOT_OF_A_CITY
    assert of_city[152].refused == speech_figures.NOT_OF_A_CITY  # of the leading city
    assert of_city[83].refused == "该数字只属白银市"
    assert {line.entry.figure: line for line in sheet(demo_province, cubes, "白银")}[83].refused is None
    assert of_city[39].refused is None


def test_the_leading_city_is_named(lines):
    assert re.fullmatch("..市，各地区中最高", lines[152].given.note)


def test_a_record_names_the_region_whose_figure_it_is(demo_province, cubes, lines):
    def regions(sheet):
        return {line.entry.figure: line.record()["region"] for line in sheet if line.entry.figure in (37, 83, 152, 166)}

    [leader] = [city.code for city in demo_province.regions.cities if lines[152].given.note == f"{city.name}，各地区中最高"]
    assert regions(lines.values()) == {37: "620000", 83: "620400", 152: leader, 166: "620000"}
    assert regions(sheet(demo_province, cubes, "兰州")) == {37: "620100", 83: "620400", 152: "620100", 166: "620100"}


def test_the_highest_fine_is_the_provinces_and_names_no_city(lines):
    line = lines[166]
    assert line.entry.metric.better == "neutral" and line.value
    assert (line.given.note, line.given.region.level) == ("", "province")


@pytest.mark.parametrize(
    ("metric", "numbers", "region", "outcome"),
    [
        ("accidents_total", (5, 0, 7), "9200", "0起（Birchwood，各地区中最低）"),
        ("new_entities", (5, 7, 7), "9200", "7户（Birchwood、Cedarton，各地区中最高）"),
        ("new_entities", (0, 0, 0), "9000", "各地区均为零，没有居首的地区"),
        ("cases_total", (5, 7, 7), "9000", "该指标不分优劣，没有居首的地区"),
    ],
)
def test_the_figure_of_the_leading_city_is_that_citys_and_without_one_there_is_none(
    world, monkeypatch, metric, numbers, region, outcome
):
    returns = [
        {"region": city, "month": "2021-12", "indicator": metric, "numerator": str(number), "span": "month"}
        for city, number in zip(CITIES, numbers, strict=True)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), returns=returns)
    table = f"{HEADER}\n1,x,x,{metric},value,,(leading),{CATALOGUE[metric].unit},0,nearest,city,0\n"
    (world.folder / "figures.csv").write_text(table, "utf-8")
    monkeypatch.setattr(speech_figures.paths, "reference", lambda: world.folder)
    [line] = speech_figures.sheet(Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.province, Period(YEAR)))
    assert line.record()["region"] == region
    assert (line.refused or f"{line.text}（{line.given.note}）") == outcome
    assert (line.given.numerator is None) == (line.refused is not None)


def changed(of, folder, table, change):
    """The snapshot with one table changed."""
    contents = {TABLES[name]: pq.read_table(of.path / f"{name}.parquet") for name in of.descriptions if name != "regions"}
    contents[TABLES[table]] = change(contents[TABLES[table]])
    return snapshot.write(
        folder / "changed",
        contents,
        regions_file=of.path / "regions.csv",
        source="改一条",
        ingested_at="2023-01-05",
        synthetic=True,
    )


def first(rows, cells):
    """The place of the first row with these values; a date is given by its month."""
    return next(
        place
        for place, row in enumerate(rows)
        if all((f"{row[name]:%Y-%m}" if isinstance(row[name], date) else row[name]) == value for name, value in cells.items())
    )


def without_first(**cells):
    """Leave out the first row with these values."""

    def change(table):
        place = first(table.to_pylist(), cells)
        return pa.concat_tables([table.slice(0, place), table.slice(place + 1)])

    return change


def more(column, by, **cells):
    """Raise a number of the first row with these values."""

    def change(table):
        rows = table.to_pylist()
        rows[first(rows, cells)][column] += by
        return pa.Table.from_pylist(rows, schema=table.schema)

    return change


MORE_RECORDS = [
    ("entities", without_first(kind="self_employed", registered_on="2020-05"), {37, 38, 40}),
    ("cases", without_first(closed_on="2020-03", field="food"), {139, 140}),
    (
        "complaints",
        without_first(received_on="2021-02", closed_on="2021-02", settled=True, transferred_from=None),
        {144, 145, 146, 147},
    ),
    ("trademarks", without_first(registered_on="2021-03", lapsed_on=None), {118, 119, 174}),
    ("returns", more("numerator", 1, indicator="nonpublic_party_coverage", region="620100", month="2020-12"), {29}),
    ("benchmarks", more("value", 1000, metric="entity_stock", area="广东", year=2021), {175, 176}),
    ("parameters", more("value", 1, name="whistle_reward_cap"), {49}),
]


@pytest.mark.parametrize(
    ("table", "change", "moved"),
    [
        ("entities", without_first(kind="enterprise", registered_on="2021-05", cancelled_on=None), {37, 38, 39, 40, 41}),
        ("elevator_rescues", without_first(occurred_on="2021-08"), {63, 64}),
        ("returns", more("numerator", 1, indicator="direct_units", region="620000", month="2021-12"), {168}),
        *(pytest.param(*case, marks=in_full) for case in MORE_RECORDS),
    ],
)
def test_one_record_moves_exactly_the_figures_that_rest_on_it(demo_province, lines, cubes, tmp_path, table, change, moved):
    after = sheet(changed(demo_province, tmp_path, table, change), cubes)
    assert {line.entry.figure for line in after if line.value != lines[line.entry.figure].value} == moved
