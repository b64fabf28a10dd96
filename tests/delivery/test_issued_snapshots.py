"""The snapshot that an edition was made from is kept when a newer one takes its place; no other is."""

import json
import shutil

import pytest

from city_briefs.analysis import snapshot
from city_briefs.app import issued_snapshots
from city_briefs.model.tables import ENTITIES
from tests.conftest import covered

ENTITY = {"kind": "enterprise", "registered_on": "2021-03-01", "region": "620100"}


@pytest.fixture
def made(world, tmp_path):
    """Makes a snapshot of so many entities at a place."""

    def make(entities, place):
        rows = [ENTITY | {"entity_id": str(number)} for number in range(entities)]
        of_city = [row for row in covered(ENTITIES, ["620100"], [2021]) if row["region"] == "620100"]
        folder = world.snapshot(entities=rows, coverage=of_city).path
        shutil.rmtree(place, ignore_errors=True)
        folder.rename(place)
        return snapshot.load(place).id

    return make


def stated(id_):
    return {"id": id_, "synthetic": False, "notice": "", "ingested_at": "2022-01-05"}


@pytest.mark.parametrize("newest", [True, False])
def test_it_is_kept_whole_under_a_name_of_its_own(office, made, tmp_path, capsys, newest):
    place = tmp_path / "bureau"
    first = made(1, place)
    office.edition(snapshot=stated(first))
    if not newest:
        office.edition(number=2, snapshot=stated("another"))
    with issued_snapshots.kept(place):
        made(2, place)
    kept = tmp_path / f"bureau.{first[:12]}"
    assert snapshot.load(kept).id == first != snapshot.load(place).id
    assert capsys.readouterr().err == (f"Editions were made from the snapshot that lay in bureau. It is kept as {kept.name}.\n")


def test_where_nothing_rests_on_it_or_it_stays_nothing_is_kept(office, made, tmp_path, capsys):
    place = tmp_path / "bureau"
    first = made(1, place)
    with issued_snapshots.kept(place):
        made(2, place)
    office.edition(snapshot=stated(snapshot.load(place).id))
    with pytest.raises(ValueError, match="it was not read"), issued_snapshots.kept(place):
        raise ValueError("it was not read")
    with issued_snapshots.kept(tmp_path / "nothing"):
        pass
    assert first not in issued_snapshots.made_from()
    assert [folder.name for folder in tmp_path.glob("bureau*")] == ["bureau"] and capsys.readouterr().err == ""


def test_an_edition_that_cannot_be_read_is_passed_over(office, made, tmp_path):
    first = made(1, tmp_path / "bureau")
    office.edition(snapshot=stated(first))
    (office.edition("620200") / "manifest.json").write_text("{", "utf-8")
    (office.edition("620300") / "manifest.json").write_text(json.dumps({"packs": {"a": None}}), "utf-8")
    assert issued_snapshots.made_from() == {first}


def test_one_that_cannot_be_kept_stops_the_reading_with_a_sentence(office, made, tmp_path, monkeypatch, briefs):
    place = tmp_path / "bureau"
    office.edition(snapshot=stated(made(1, place)))
    before = snapshot.load(place).id

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(issued_snapshots.atomic_files, "begun", full)
    code, _, err = briefs("ingest", tmp_path / "sent", "--into", place)
    assert (code, snapshot.load(place).id) == (3, before)
    assert err == (
        f"Editions were made from the snapshot in bureau, and it could not be kept as bureau.{before[:12]}: "
        "[Errno 28] No space left on device. Nothing was read. Name another folder with --into.\n"
    )
