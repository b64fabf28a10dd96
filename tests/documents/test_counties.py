"""Packs of a county, whose chapters an office copies from those of the city: four pages at most, and no word of the province."""

from dataclasses import replace

import pytest

from city_briefs.analysis import snapshot
from city_briefs.common.regions import Region
from city_briefs.demo.province import Province, write_regions
from tests.helpers import pages as layout
from tests.helpers.lands import PERSONS, YEARS, land, tables_of
from tests.helpers.project import Project
from tests.helpers.shared import once
from tests.helpers.size import in_full

COUNTIES, ENTITIES = 8, 400_000
COUNTY = "9101"
PACKS = {"county-brief": ("period-summary", "warnings", "period-changes"), "county-year": ("summary", "warnings", "all-metrics")}
PACK = """
[[pack]]
id = "{name}"
title = "县区简报"
per = "county"
addressee = "县（区）党委、政府分管领导"
masthead = {{ office = "首府市市场监督管理局", first_issue = "2020-01", copies = "市局有关科室" }}
chapters = [{chapters}]
body = 11
appendix = "manual"
"""


def snapshot_of_counties(folder):
    """Return a snapshot of one city, whose counties have the records that the cities of a land of as many would have."""
    province, *cities, rest = land(COUNTIES, "chinese").all
    census = tuple(PERSONS // COUNTIES + 10_000 * place for place, _ in enumerate(cities))
    tables = tables_of(Province(land(COUNTIES, "chinese"), census, YEARS, ENTITIES / 2_000_000, 2021), ENTITIES)
    city = Region("9050", "首府市", "首府", "city", province.code)
    counties = [replace(county, level="county", parent=city.code) for county in cities]
    write_regions((province, city, *counties, rest), folder / "regions.csv")
    return snapshot.write(
        folder / "snapshot", tables, regions_file=folder / "regions.csv", source="测试数据", ingested_at="2022-01-05", synthetic=True
    ).path  # fmt: skip


def copied(project, chapter):
    """Return the name of a chapter's copy that is made for a county."""
    written = (project.root / f"notebooks/{chapter}.ipynb").read_text("utf-8")
    for old, new in {"city = ": "county = ", "(city": "(county", f'remark(\\"{chapter}': f'remark(\\"county-{chapter}'}.items():
        written = written.replace(old, new)
    (project.root / f"notebooks/county-{chapter}.ipynb").write_text(written, "utf-8")
    return f"county-{chapter}"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    def make(folder):
        project = Project(folder)
        project.take_packs()
        listed = project.root / "notebooks/packs.toml"
        packs = [PACK.format(name=name, chapters=", ".join(f'"{copied(project, one)}"' for one in PACKS[name])) for name in PACKS]
        listed.write_text(listed.read_text("utf-8") + "".join(packs), "utf-8")
        project.build(*PACKS, "--city", COUNTY, "--year", "2021", "--data", str(snapshot_of_counties(folder)))

    return once(tmp_path_factory, "counties", make) / "project/outputs/2021" / COUNTY


@in_full
@pytest.mark.parametrize("name", PACKS)
def test_a_pack_of_a_county_has_four_pages_at_most_and_speaks_of_its_city(built, name):
    document = layout.opened(built / f"{name}.pdf")
    said = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert 2 <= len(document) <= 4
    assert "全市" in said and "全省" not in said and "市州" not in said
