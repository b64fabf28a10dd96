"""What is older than the policy goes, and nothing else: no edition, no snapshot, no chapter of a draft that waits."""

import json
import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from city_briefs.app import prune
from city_briefs.common import disk_space, settings

DAY = date(2022, 12, 31)
OLD, NEW = "2022-01-10", "2022-12-01"
POLICY = "chapters = 180\nresults = 180\ndrafts = 200\nlogs = 90\n"


def aged(path: Path, day: str) -> Path:
    """Let everything at a path be of a day."""
    moment = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    for file in (path, *path.rglob("*")):
        os.utime(file, (moment, moment))
    return path


@pytest.fixture
def policy(office):
    """Sets the policy of the office."""
    before = (office.folder / "briefs.toml").read_text("utf-8")

    def write(words=POLICY):
        (office.folder / "briefs.toml").write_text(f"{before}[retention]\n{words}", "utf-8")
        settings.read.cache_clear()

    write()
    return write


@pytest.fixture
def chapter(office):
    """Writes an executed chapter of a period and region, last touched on a day."""

    def write(period, day, region="620100", name="summary.ipynb"):
        file = office.out / f".chapters/{period}/{region}/{name}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}", "utf-8")
        aged(file.parent, day)
        return file

    return write


def names(office):
    return sorted((one.kind, one.path.relative_to(office.out).as_posix()) for one in prune.found(office.out, DAY))


def test_chapters_and_results_go_by_their_newest_file(office, policy, chapter):
    chapter("2021-01", OLD)
    chapter("2021-02", OLD)
    mixed = chapter("2021-02", OLD, name="safety.ipynb")
    aged(mixed, NEW)
    chapter("2021-03", NEW)
    (office.out / ".results").mkdir()
    for name, day in (("old.arrow", OLD), ("new.arrow", NEW)):
        (office.out / ".results" / name).write_text("x", "utf-8")
        aged(office.out / ".results" / name, day)
    assert names(office) == [("chapters", ".chapters/2021-01/620100"), ("results", ".results/old.arrow")]


@pytest.mark.parametrize(("day", "goes"), [("2022-07-03", True), ("2022-07-04", False)])
def test_a_day_counts_as_the_office_has_it(office, policy, chapter, day, goes):
    chapter("2021-01", day)
    assert bool(names(office)) == goes


def test_nothing_goes_where_the_policy_says_for_ever(office, policy, chapter):
    policy("chapters = 0\nresults = 0\n")
    chapter("2021-01", "1990-01-01")
    aged(office.edition(draft=True), "1990-01-01")
    assert names(office) == []


def test_the_chapters_of_a_draft_that_waits_stay(office, policy, chapter):
    office.edition(period="2021-01", draft=True)
    office.edition(period="2021-02")
    office.edition(period="2021-02", draft=True)  # the draft of what was issued waits for nobody
    for period in ("2021-01", "2021-02"):
        chapter(period, OLD)
    assert names(office) == [("chapters", ".chapters/2021-02/620100")]


def test_an_old_draft_goes_with_its_folder_and_one_beside_an_edition_stays(office, policy):
    aged(office.edition(period="2021-01", draft=True), OLD)
    issued = {"reviewed_by": "审核人甲", "issued_by": "签发人乙", "issued_on": "2022-01-20"}
    office.edition(period="2021-02", draft=True)
    aged(office.edition(period="2021-02", pack="targets", draft=True, approval=issued), OLD)
    assert names(office) == [("drafts", "2021-01/620100")]


def test_what_is_none_of_ours_or_damaged_stays(office, policy):
    for place in ("2021/620100/manifest.json", "work/mine/manifest.json", "work/mine/incomplete/thesis/text.md", "system.log"):
        (office.out / place).parent.mkdir(parents=True, exist_ok=True)
        (office.out / place).write_text("{", "utf-8")
    aged(office.out, OLD)
    assert names(office) == []


def test_what_a_failed_attempt_left_goes(office, policy):
    aged(office.edition(period="2021-01", unmade=True), OLD)
    assert names(office) == [("drafts", "2021-01/620100/incomplete/city-brief")]


def test_logs_go_and_links_are_not_followed(office, policy, chapter, tmp_path):
    chapter("2021-01", NEW)
    aged(chapter("2021-01", NEW, name="summary.log"), OLD)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("x", "utf-8")
    aged(elsewhere, OLD)
    (office.out / ".chapters/2021-02").mkdir()
    (office.out / ".chapters/2021-02/620100").symlink_to(elsewhere)
    assert names(office) == [("logs", ".chapters/2021-01/620100/summary.log")]
    prune.remove(prune.found(office.out, DAY), office.out)
    assert (elsewhere / "precious").exists() and (office.out / ".chapters/2021-02/620100").is_symlink()


def test_the_command_says_what_would_go_and_takes_it_away_when_told(office, policy, chapter, briefs):
    file = chapter("2021-01", OLD)
    edition = aged(office.edition(), "1990-01-01")
    before = {place: place.read_bytes() for place in edition.rglob("*") if place.is_file()}
    said = "chapters: 1, 0.0 MiB\nNothing was taken away. Add --delete to do it.\n"
    assert briefs("prune", "--on", DAY) == (0, said, "") and file.exists()
    assert json.loads(briefs("prune", "--on", DAY, "--json")[1]) == [
        {"kind": "chapters", "path": "outputs/.chapters/2021-01/620100", "bytes": 2}
    ]
    assert briefs("prune", "--on", DAY, "--delete") == (0, "chapters: 1, 0.0 MiB\n", "")
    assert not file.parent.parent.exists()
    assert briefs("prune", "--on", DAY, "--delete") == (0, "Nothing is older than briefs.toml allows.\n", "")
    assert {place: place.read_bytes() for place in before} == before


def test_what_cannot_be_taken_away_is_said_and_the_rest_is_done(office, policy, chapter, monkeypatch, briefs):
    chapter("2021-01", OLD)
    chapter("2021-02", OLD)
    removed = prune.shutil.rmtree

    def refusing(path, **words):
        if "2021-02" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        removed(path, **words)

    monkeypatch.setattr(prune.shutil, "rmtree", refusing)
    code, _, err = briefs("prune", "--on", DAY, "--delete")
    place = office.out / ".chapters/2021-02/620100"
    assert (code, err) == (4, f"outputs: {place} cannot be taken away: Permission denied. Mend it and run it again.\n")
    assert not (office.out / ".chapters/2021-01").exists()


@pytest.mark.parametrize(("free", "code", "said"), [(0, 0, False), (10**9, 1, True)])
def test_a_disk_with_too_little_room_needs_attention(office, policy, briefs, world, monkeypatch, free, code, said):
    policy(f"free = {free}\n")
    monkeypatch.setattr("city_briefs.app.status.matters", lambda *_: [])
    there = world.snapshot(coverage=[]).path
    ended, out, _ = briefs("status", "--data", there)
    sentence = f"Less than {free:g} GiB are free on the disk of outputs. Make room there; `briefs prune` says what may go."
    assert (ended, sentence in out) == (code, said)
    assert briefs("status", "--data", there, "--json")[:2] == (code, "[]\n")


def test_room_is_that_of_the_nearest_folder_that_is_there(office, policy, tmp_path):
    policy("free = 0.5\n")
    room = disk_space.room(tmp_path / "not/there/yet")
    assert room.wanted == 0.5 and room.used > 0 and not room.is_short
