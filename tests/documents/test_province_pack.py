"""A pack of the province, from the plan to the index page, of an invented province without tiles."""

import json
import shutil
from pathlib import Path

import pytest

from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.model.tables import RETURNS
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import SnapshotRef, plan
from tests.conftest import THREE_CITIES, covered, rows
from tests.helpers import NOTEBOOKS
from tests.helpers.project import Project

PACK = "province-overview"
RETURNED = rows("""
    region  month    indicator        numerator  span
    9100    2020-01  new_entities     200        month
    9100    2021-01  new_entities     250        month
    9200    2020-01  new_entities     100        month
    9200    2021-01  new_entities     90         month
    9300    2020-01  new_entities     300        month
    9300    2021-01  new_entities     320        month
""")


@pytest.fixture
def snapshot(world):
    return world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, ["9100", "9200", "9300"], [2020, 2021]), returns=RETURNED
    )


def planned(snapshot, packs, *cities):
    named = [snapshot.regions.find(city) for city in cities]
    tasks = plan(
        packs, snapshot.regions, named, [Period(2021)], source=SnapshotRef(Path("data")), out=Path("out"), formats=("pdf",)
    )
    return [(task.pack.id, task.region.code) for task in tasks]


def test_there_is_one_for_the_province_and_none_when_cities_are_named(snapshot):
    packs = [packs_toml.packs()[name] for name in ("city-brief", PACK)]
    assert planned(snapshot, packs) == [(packs[0].id, code) for code in ("9100", "9200", "9300")] + [(PACK, "9000")]
    assert planned(snapshot, packs, "Ashford") == [("city-brief", "9100")]


def test_it_takes_a_province_and_no_city():
    pack = packs_toml.packs()[PACK]
    packs_toml.check_chapters(pack)
    assert packs_toml.parameters(pack, year=2021, province="甘肃省").model_dump() == {
        "year": 2021,
        "through": 12,
        "province": "甘肃省",
    }
    with pytest.raises(UsageError) as error:
        packs_toml.parameters(pack, year=2021, city="兰州市")
    assert str(error.value) == f"{PACK} takes province, year, through and span, not 'city'."


def test_it_is_built_listed_and_kept(snapshot, tmp_path):
    project = Project(tmp_path)
    shutil.copyfile(NOTEBOOKS / "packs.toml", project.root / "notebooks/packs.toml")
    shutil.rmtree(project.root / "data/real")
    shutil.copytree(snapshot.path, project.root / "data/real")
    said = project.build(PACK, "--year", "2021")
    assert [(pack["pack"], pack["region"], pack["status"]) for pack in said["packs"]] == [(PACK, "9000", "built")]
    folder = project.out / "2021/9000"
    page = (folder / f"{PACK}.html").read_text("utf-8")
    assert (folder / f"{PACK}.pdf").read_bytes().startswith(b"%PDF-")
    assert "Norland新设立市场主体660户，同比由600户变为660户，变化未超出随机波动" in page
    assert "排序图：新设立市场主体同比增减，Ashford +25.0%、" in page  # no tile map without tiles
    page = page.replace("甘肃省市场监督管理局综合规划处", "")  # the office of the masthead, which packs.toml names
    assert "甘肃" not in page and "兰州" not in page and "不参加排位" not in page
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["packs"][PACK]["parameters"] == {"year": 2021, "through": 12, "province": "Norland"}
    assert set(manifest["packs"][PACK]["chapters"]) == {
        "province-page", "where-to-look", "province-summary", "city-comparison", "places-by-metric",
    }  # fmt: skip
    index = (project.out / "index.html").read_text("utf-8")
    assert f'href="2021/9000/{PACK}.pdf"' in index
    assert "Norland市场监管综合分析（2021年）" in index
    assert [pack["status"] for pack in project.build(PACK, "--year", "2021")["packs"]] == ["kept"]
