"""The real file through the whole door, by a declaration of a few lines: what was counted by hand comes out."""

import json
from datetime import date

import pytest

from city_briefs.analysis.compute.snapshot_diff import movements
from city_briefs.analysis.ingest.pipeline import ingest
from city_briefs.analysis.snapshot import load
from city_briefs.metrics.business_environment import new_enterprises, new_entities
from tests.conftest import shared, value

FILE = "gansu-registrations-1980-2019.csv"
DAY = date(2022, 1, 5)
DECLARED = """
[[source]]
file = "{file}"
table = "entities"
columns.entity_id = "#"
columns.region = {region}
columns.registered_on = "注册日期"
columns.kind = {{ from = "企业类型", values = {{ "个体*" = "self_employed", "农民专业合作*" = "cooperative", "*" = "enterprise" }} }}
"""
AS_NAMED = '"地区"'
ELSEWHERE = '{ from = "地区", values = { "N/A" = "629999" } }'
WITHOUT_CITY = {12_896: "2004-09-10", 24_151: "2007-10-12", 52_929: "2011-11-11", 64_760: "2013-12-18"}  # by line of the file


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory):
    """The report on the real file, ingested with its regions as declared, in an encoding."""

    def run(region, encoding="utf-8"):
        folder = tmp_path_factory.mktemp("registrations")
        (folder / FILE).write_bytes(shared(f"real/{FILE}").read_text("utf-8").encode(encoding))
        (folder / "sources.toml").write_text(DECLARED.format(file=FILE, region=region), "utf-8")
        return ingest([str(folder)], folder / "snapshot", strict=False, day=DAY)

    return run


@pytest.fixture(scope="module")
def without(taken_in):
    """Without the line that says where a record without a city counts."""
    return taken_in(AS_NAMED)


@pytest.fixture(scope="module")
def whole(taken_in):
    """With it."""
    return taken_in(ELSEWHERE)


def test_records_without_a_city_are_rejected_each_with_its_line_and_the_others_go_in(without):
    assert without.sources[FILE, "entities"] == {"rows": 69_553, "accepted": 69_549, "rejected": 4, "aside": 0}
    errors = [one for one in without.findings if one.severity == "error"]
    assert [(one.file, one.row, one.value, one.rule) for one in errors] == [
        (FILE, line, "N/A", "known region") for line in WITHOUT_CITY
    ]
    assert errors[0].text == (
        f"{FILE}, row 12896: region is 'N/A'. It is not in regions.csv: add it there, or count the row under a region that is."
    )


def test_rejected_records_are_kept_as_they_were_sent_with_their_line(without):
    lines = (without.place / "rejected/entities.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == [str(line) for line in WITHOUT_CITY]
    assert [line.split('"')[-2] for line in lines[1:]] == list(WITHOUT_CITY.values())


def test_declared_elsewhere_they_are_accepted(whole):
    assert (whole.accepted, whole.rejected) == (69_553, 0)
    assert not (whole.place / "rejected").exists()


def test_every_number_is_that_of_the_counts_that_ship(whole, real):
    moved = movements(real, load(whole.place), [new_entities, new_enterprises])
    # What differs is what no row can show: who covered a month without a record. Every number that is one is the same.
    assert {(one.before or 0, one.after or 0) for one in moved} == {(0, 0)}


def test_the_counts_of_2011_are_those_counted_by_hand(whole):
    snapshot = load(whole.place)
    assert value(snapshot, new_entities, "兰州", 2011) == 3453
    assert value(snapshot, new_enterprises, "兰州", 2011) == 3440
    assert value(snapshot, new_entities, "甘肃省", 2011) == 8822


def test_the_same_records_in_gb18030_are_the_same_snapshot(taken_in, whole):
    assert taken_in(ELSEWHERE, "gb18030").snapshot == whole.snapshot


def test_the_same_file_again_gives_the_same_report_and_the_same_snapshot_byte_for_byte(taken_in, without):
    again = taken_in(AS_NAMED)
    files = [
        {file.relative_to(one.place): file.read_bytes() for file in one.place.rglob("*") if file.is_file()}
        for one in (without, again)
    ]
    assert files[0] == files[1]
    assert json.loads(files[0].pop(next(name for name in files[0] if name.name == "report.json")))["snapshot"] == again.snapshot
