"""The real counts that ship, against counts made independently of this project."""

import csv
import importlib.util
import json
from collections import Counter

import pytest

from city_briefs.metrics.business_environment import new_enterprises, new_entities
from tests.conftest import REAL, figure, shared, value
from tests.helpers import ROOT

REGISTRATIONS = "real/gansu-registrations-1980-2019.csv"
ENTITIES_BY_YEAR = {
    "兰州": {2010: 3537, 2011: 3453, 2013: 3628},
    "嘉峪关": {2011: 190},
    "天水": {2011: 591},
    "甘南": {2010: 97, 2011: 215, 2013: 888},
    "其他": {2011: 1, 2013: 1},
    "甘肃省": {2011: 8822, 2013: 11387},
}
ENTERPRISES_BY_YEAR = {
    "兰州": {2010: 3516, 2011: 3440, 2013: 3578},
    "天水": {2011: 582},
    "甘南": {2013: 885},
    "甘肃省": {2011: 8755, 2013: 11243},
}


@pytest.mark.parametrize(
    ("metric", "region", "year", "count"),
    [
        (metric, region, year, count)
        for metric, known in ((new_entities, ENTITIES_BY_YEAR), (new_enterprises, ENTERPRISES_BY_YEAR))
        for region, years in known.items()
        for year, count in years.items()
    ],
)
def test_the_counts_are_those_counted_by_hand(real, metric, region, year, count):
    assert value(real, metric, region, year) == count


def test_lanzhou_fell_by_two_point_four_percent_which_chance_explains(real):
    growth = figure(real, new_entities, "兰州", 2011, view="yoy")
    assert (growth.numerator, growth.denominator, growth.text) == (3453, 3537, "由3537户变为3453户，变化未超出随机波动")
    assert float(growth.value) == pytest.approx((3453 / 3537 - 1) * 100)
    assert f"{growth.value:.2f}" == "-2.37"


def test_growth_over_the_absent_year_2012_is_refused(real):
    refused = figure(real, new_entities, "兰州", 2013, view="yoy")
    assert (refused.value, refused.refused) == (None, "上年同期数据不全，不作比较（2012年1—12月未报送）")


def test_2019_to_april_is_compared_with_nothing(real):
    refused = figure(real, new_entities, "甘肃省", 2019, view="yoy", through=4)
    assert (refused.value, refused.refused) == (None, "上年同期数据不全，不作比较（2018年1—4月未报送）")
    assert value(real, new_entities, "甘肃省", 2019, through=4) == 4136


def test_2019_as_a_whole_is_refused_and_names_the_months(real):
    assert figure(real, new_entities, "甘肃省", 2019).refused == "本期数据不全（2019年5—12月未报送）"


def test_the_province_is_its_cities_and_the_line_of_others(real):
    everything = [*real.regions.cities, real.regions.find("其他")]
    for year in (1980, 2004, 2011, 2013):
        assert sum(value(real, new_entities, one.code, year) for one in everything) == value(real, new_entities, "甘肃省", year)


def test_a_month_without_registrations_in_a_covered_year_is_a_zero(real):
    assert value(real, new_entities, "嘉峪关", 1980) == 0


def test_the_caveat_on_kinds_ships_with_the_enterprises(real):
    caveats = [caveat for caveat in real.caveats if "new_enterprises" in caveat.metrics]
    assert [caveat.text for caveat in caveats] == ["样本中91%的记录未填写主体类型，均按企业计入新设企业。"]


def test_only_counts_ship_and_no_row():
    assert sorted(file.name for file in REAL.iterdir()) == ["coverage.parquet", "regions.csv", "returns.parquet", "snapshot.json"]
    assert set(json.loads((REAL / "snapshot.json").read_text("utf-8"))["tables"]) == {"returns", "coverage", "regions"}


def test_counting_the_file_again_gives_the_snapshot_that_ships(tmp_path, real):
    source = shared(REGISTRATIONS)
    specification = importlib.util.spec_from_file_location("count_registrations", ROOT / "data/count_registrations.py")
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    assert script.write(source, tmp_path / "again").id == real.id


def test_every_row_of_the_file_is_in_the_counts(real):
    with shared(REGISTRATIONS).open(encoding="utf-8") as file:
        years = Counter(int(row["注册日期"][:4]) for row in csv.DictReader(file))
    for year, count in years.items():
        through = 4 if year == 2019 else 12
        assert value(real, new_entities, "甘肃省", year, through=through) == count


def test_the_91_percent_of_the_caveat_is_counted():
    with shared(REGISTRATIONS).open(encoding="utf-8") as file:
        kinds = Counter(row["企业类型"] for row in csv.DictReader(file))
    assert round(kinds["N/A"] / kinds.total() * 100) == 91
