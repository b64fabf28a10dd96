"""One record of one city is changed: chapters that do not print it stand, and all comes out as if it had been made anew."""

import shutil
from datetime import date

import pyarrow as pa
import pytest

from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot.snapshot_json import file_name
from city_briefs.analysis.snapshot.storage import stored
from city_briefs.model.tables import REGIONS, TABLES
from city_briefs.production.packs.plan import CHAPTERS
from tests.helpers.project import Project
from tests.helpers.size import FULL

CITY, OTHER = "620100", "620200"
YEAR = 2021
PACK = "city-brief"
# Chapters that judge the record and say nothing of it, and so run to the same notebook: none of another city.
IDLE = {
    "elevator_rescues": set(),
    "hazards": {f"{CITY}/warnings"},
    "inspections": {f"{CITY}/summary"},
    "complaints": set(),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory, demo_province):
    """A project with the briefs of two cities."""
    project = Project(tmp_path_factory.mktemp("two cities"))
    project.take_packs()
    build(project, demo_province.path, project.out)
    return project


def build(project, data, out):
    where = ("--year", str(YEAR), "--data", str(data), "--out", str(out))
    project.build(PACK, "--city", CITY, "--city", OTHER, "--format", "html", *where)


def without_one(opened, name, into):
    """Write a snapshot like another, but for one record of the first city in the year; return its folder."""
    held = {TABLES[table]: opened.path / file_name(TABLES[table]) for table in opened.descriptions if table != REGIONS.name}
    table = TABLES[name]
    records = stored(held[table], table).to_pylist()
    day = next(column.name for column in table.columns if any(isinstance(record[column.name], date) for record in records))
    of_city = [at for at, record in enumerate(records) if record["region"] == CITY and record[day] and record[day].year == YEAR]
    del records[of_city[len(of_city) // 2]]
    said = opened.descriptions[name]
    snapshot.write(
        into, {**held, table: pa.Table.from_pylist(records, schema=table.schema)}, regions_file=opened.path / file_name(REGIONS),
        source=said.source, ingested_at=said.ingested_at, synthetic=opened.synthetic, caveats=opened.caveats,
        checked_findings=opened.findings,
    )  # fmt: skip
    return into


def contents(out):
    """All executed chapters and pages, by their place."""
    files = [*out.glob(f"{CHAPTERS}/{YEAR}/*/*.ipynb"), *out.glob(f"{YEAR}/*/{PACK}.html")]
    return {str(file.relative_to(out)): file.read_bytes() for file in files}


@pytest.mark.parametrize("table", IDLE if FULL else ["elevator_rescues"])
def test_chapters_that_do_not_print_a_record_stand(made, demo_province, tmp_path, table):
    data = without_one(demo_province, table, tmp_path / "data")
    shutil.copytree(made.out, tmp_path / "out")
    before = contents(tmp_path / "out")
    build(made, data, tmp_path / "out")
    build(made, data, tmp_path / "anew")
    after, anew = contents(tmp_path / "out"), contents(tmp_path / "anew")
    assert after == anew
    ran = {
        place
        for place in after
        if place.endswith(".ipynb") and (tmp_path / "out" / place).stat().st_mtime_ns != (made.out / place).stat().st_mtime_ns
    }
    idle = {
        f"{place.split('/')[2]}/{place.split('/')[3].removesuffix('.ipynb')}" for place in ran if after[place] == before[place]
    }
    assert ran and idle == IDLE[table]
