"""The demo province: the same for the same seed, consistent, and everything that is planted shows."""

import json
import shutil
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest

from city_briefs import demo
from city_briefs.analysis.compute import read_returns as returns
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.validation import findings
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.demo.province import CHECKED, SMALL_BASE, TIE
from city_briefs.demo.returns import LEVELS
from city_briefs.metrics import CATALOGUE
from city_briefs.model.table import DATE
from city_briefs.model.tables import RETURNS, TABLES
from tests.conftest import REAL
from tests.helpers.size import in_full

ENTITIES = 20_000
GANSU, JIUQUAN, ZHANGYE, JINCHANG, BAIYIN, DINGXI, MINING = "620000", "620900", "620700", "620300", "620400", "621100", "623100"


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    return demo.write(tmp_path_factory.mktemp("demo") / "a", entities=ENTITIES)


@pytest.fixture(scope="module")
def results(province):
    return Results(province, CATALOGUE.values())


@pytest.fixture
def seen(results):
    """A figure of the demo."""
    return lambda metric, city, year, view="value": look(
        Scope.of(results, results.regions.find(city), Period(year)), CATALOGUE[metric], view
    )


@pytest.fixture
def table(province):
    """A table of the demo in pandas."""
    return lambda name: pq.read_table(province.path / f"{name}.parquet").to_pandas()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(province, tmp_path):
    again = demo.write(tmp_path / "again", entities=ENTITIES)
    assert again.id == province.id
    for file in sorted(province.path.iterdir()):
        assert (again.path / file.name).read_bytes() == file.read_bytes(), file.name
    assert demo.write(tmp_path / "other", entities=ENTITIES, seed=7).id != province.id


def test_it_says_that_it_is_synthetic_and_when_it_ended(province):
    said = json.loads((province.path / "snapshot.json").read_text("utf-8"))
    assert said["synthetic"] is True
    assert {table["ingested_at"] for table in said["tables"].values()} == {"2023-01-05"}
    assert "模拟" in province.notice


def test_it_has_every_table_but_editions(province):
    assert set(province.descriptions) == set(TABLES) - {"editions"}
    assert len(pq.read_table(province.path / "entities.parquet")) == ENTITIES
    assert all(description.rows for description in province.descriptions.values())


@pytest.mark.parametrize("cities", [14, *(pytest.param(count, marks=in_full) for count in (20, 1))])
def test_nothing_is_wrong_with_it_but_the_return_that_stands_twice(province, tmp_path, cities):
    one = province if cities == 14 else demo.write(tmp_path / "one", entities=ENTITIES, cities=cities)
    tables = {TABLES[name]: pq.read_table(one.path / f"{name}.parquet") for name in one.descriptions if name != "regions"}
    found = [(finding.severity, finding.table, finding.value) for finding in findings(tables, one.regions)]
    assert found == [("warning", "returns", "620400, 2020-12, enforcement_vehicles")] * (2 if cities == 14 else 0)


def test_ids_are_in_ascending_order(province):
    for name in province.descriptions:
        if name != "regions" and len(TABLES[name].key) == 1:
            ids = pq.read_table(province.path / f"{name}.parquet").column(TABLES[name].key[0]).to_pylist()
            assert ids == sorted(ids), name


def test_nothing_has_happened_after_the_last_day(province):
    for name in set(province.descriptions) - {"regions", "targets"}:
        for column in TABLES[name].columns:
            if column.type == DATE and column.name != "due_on":
                days = pq.read_table(province.path / f"{name}.parquet", columns=[column.name]).column(0).drop_null().to_pylist()
                assert max(days, default=date.min) <= date(2022, 12, 31), (name, column.name)


def test_a_self_employed_entity_leaves_the_register_when_it_becomes_an_enterprise(table):
    entities = table("entities").set_index("entity_id")
    new = entities[entities["converted_from"].notna()]
    old = entities.loc[new["converted_from"]]
    assert len(new) > 30
    assert set(new["kind"]) == {"enterprise"} and set(old["kind"]) == {"self_employed"}
    assert list(new["region"]) == list(old["region"])
    assert list(new["registered_on"]) == list(old["cancelled_on"])


def test_a_transferred_request_is_in_another_city_and_of_the_same_kind(table):
    requests = table("complaints").set_index("complaint_id")
    copies = requests[requests["transferred_from"].notna()]
    originals = requests.loc[copies["transferred_from"]]
    assert len(copies) > 100
    assert not (copies["region"].to_numpy() == originals["region"].to_numpy()).any()
    assert list(copies["kind"]) == list(originals["kind"])


def test_only_accepted_complaints_that_are_closed_are_settled_or_not(table):
    requests = table("complaints")
    decided = requests[requests["settled"].notna()]
    assert set(decided["kind"]) == {"complaint"} and decided["accepted"].all() and decided["closed_on"].notna().all()
    assert requests["recovered_yuan"].notna().equals(requests["settled"].fillna(False).astype(bool))


def test_no_hub_ever_holds_less_than_nothing(table):
    moved = table("cold_chain")
    sign = moved["direction"].map({"opening": 1, "in": 1, "out": -1})
    days = (moved["tonnes"].astype(float) * sign).groupby([moved["hub"], moved["moved_on"]]).sum()
    assert days.groupby(level=0).cumsum().min() > -1e-6
    assert moved["hub"].nunique() == 12


def test_every_unit_reports_every_domain_every_month_and_no_accident_is_major(province, table):
    accidents = table("accidents")
    reported = set(zip(accidents["region"], accidents["month"], strict=True))
    assert reported == province.coverage["accidents"]
    assert not accidents.duplicated(["region", "month", "domain", "grade"]).any()
    assert (accidents.groupby(["region", "month"])["domain"].nunique() == 4).all()
    assert set(accidents["grade"]) == {"ordinary"} and accidents["count"].sum() > 0


def test_every_metric_that_is_only_returned_is_in_it(results):
    returned = {metric.id for metric in CATALOGUE.values() if metric.rows is RETURNS}
    assert set(LEVELS) == returned
    assert returns.times(results.snapshot).keys() == returned


def test_targets_and_benchmarks_are_of_metrics_and_say_that_they_are_simulated(table):
    for name in ("targets", "benchmarks", "parameters"):
        rows = table(name)
        assert rows["source"].str.startswith("模拟").all()
        if "metric" in rows:
            assert set(rows["metric"]) <= set(CATALOGUE)
    assert set(table("targets")["year"]) == set(range(2017, 2024))
    assert set(table("parameters")["name"]) <= set(CATALOGUE)


def test_one_city_has_a_bad_year(table):
    entities = table("entities")
    own = entities[entities["region"] == JINCHANG]["registered_on"].map(lambda day: day.year).value_counts()
    assert own[2020] / own[2019] == pytest.approx(0.75, abs=0.1)


def test_one_city_did_not_report_a_table_for_two_months(seen, table):
    assert seen("complaints_received", DINGXI, 2022).refused == "本期数据不全（2022年5—6月未报送）"
    assert seen("complaints_received", DINGXI, 2021).value > 0
    requests = table("complaints")
    own = requests[requests["region"] == DINGXI]
    assert not own["received_on"].map(lambda day: (day.year, day.month) in {(2022, 5), (2022, 6)}).any()


def test_one_return_stands_twice(seen):
    assert seen("enforcement_vehicles", BAIYIN, 2020).refused == "本期数据有疑问（2020年12月重复报送）"
    assert seen("enforcement_vehicles", BAIYIN, 2021).value is not None


def test_one_city_has_a_small_base_in_every_year(seen):
    code, few = SMALL_BASE
    assert [seen("pledge_deals", code, year).value for year in range(2016, 2023)] == [few] * 7
    assert "基数过小" in seen("pledge_deals", code, 2021, "yoy").refused


def test_two_cities_tie(seen):
    metric, first, second, year = TIE
    assert seen(metric, first, year).value == seen(metric, second, year).value > 0


def test_one_unit_beside_the_cities_begins_later(seen, table):
    assert seen("new_entities", MINING, 2017).refused
    assert seen("new_entities", MINING, 2018).value is not None
    assert seen("new_entities", GANSU, 2017).value is not None
    entities = table("entities")
    assert entities[entities["region"] == MINING]["registered_on"].min() >= date(2018, 1, 1)


def test_growth_per_head_is_refused_over_the_break_of_the_population_series(seen):
    assert "另一口径" in seen("entity_density", GANSU, 2020, "yoy").refused
    assert seen("entity_density", GANSU, 2021, "yoy").value is not None
    assert seen("population", GANSU, 2020).value == 25_019_800


def test_growth_of_new_entities_first_has_two_digits_in_one_year(seen):
    growth = [float(seen("new_entities", GANSU, year, "yoy").value) for year in range(2017, 2022)]
    assert all(0 < one < 9 for one in growth[:-1]) and growth[-1] == pytest.approx(12.1, abs=0.2)


def test_the_province_returns_one_indicator_beside_its_regions(table, seen):
    returns = table("returns")
    own = returns[returns["indicator"] == CHECKED]
    whole = own[own["region"] == GANSU].set_index("month")["numerator"]
    parts = own[own["region"] != GANSU].groupby("month")["numerator"].sum()
    assert len(whole) == 84 and (whole.sort_index() == parts.sort_index()).all()
    assert seen(CHECKED, GANSU, 2021).value == whole[whole.index.str.startswith("2021")].sum()


def test_every_school_canteen_has_a_bright_kitchen_by_the_end_of_one_year_and_not_before(seen, results):
    assert seen("school_canteen_coverage", GANSU, 2020).value < 90
    for year in (2021, 2022):
        for city in results.regions.cities:
            figure = seen("school_canteen_coverage", city.code, year)
            assert figure.numerator == figure.denominator, (city, year)


def test_there_are_no_holes_in_the_days_of_the_register(table):
    days = set(table("complaints")["received_on"])
    assert {date(2021, 1, 1) + timedelta(number) for number in range(365)} <= days


@in_full
def test_cities_may_be_invented_or_fewer(tmp_path):
    many = demo.write(tmp_path / "many", entities=ENTITIES, cities=20)
    assert [city.name for city in many.regions.cities][::19] == ["模拟001市", "模拟020市"]
    few = demo.write(tmp_path / "few", entities=ENTITIES, cities=3, years=(2019, 2020))
    assert [city.short for city in few.regions.cities] == ["兰州", "嘉峪关", "金昌"]
    assert few.years == [2019, 2020]
    metric = CATALOGUE["new_entities"]
    for snapshot in (many, few):
        figure = look(Scope.of(Results(snapshot, [metric]), snapshot.regions.province, Period(2020)), metric, "value")
        assert figure.value > 1_000


def test_the_last_of_several_years_may_be_any(tmp_path):
    late = demo.write(tmp_path / "late", entities=ENTITIES, years=(2021, 2024))
    assert late.latest_complete_year == 2024


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"cities": 0}, "A demo province cannot have '0' cities. It has 1 to 2800."),
        ({"entities": 999}, "A demo province cannot have '999' entities. It has 1,000 to 40,000,000 of them."),
        ({"years": (2022, 2016)}, "There are no years '2022-2016'. The first comes first, such as 2016-2022."),
    ],
)
def test_a_size_that_cannot_be_is_refused(tmp_path, wrong, says):
    with pytest.raises(UsageError) as caught:
        demo.write(tmp_path / "wrong", **wrong)
    assert str(caught.value) == says


def test_a_demo_replaces_a_demo_even_a_damaged_one_but_no_real_snapshot(tmp_path):
    shutil.copytree(REAL, tmp_path / "real")
    with pytest.raises(UsageError) as error:
        demo.write(tmp_path / "real", entities=1000)
    assert str(error.value) == (
        f"{tmp_path / 'real'} holds a snapshot that is not synthetic. Name another folder for the demo province."
    )
    made = demo.write(tmp_path / "demo", cities=1, entities=1000)
    (made.path / "snapshot.json").write_text('{"synthetic": true}', "utf-8")
    assert demo.write(tmp_path / "demo", cities=1, entities=1000).id == made.id
