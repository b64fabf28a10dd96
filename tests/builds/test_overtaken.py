"""A correction that moves what was issued: what it overtakes is made again by one command, and issued by one decision."""

import os
import pty
import subprocess
import sys

import pytest

from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import VARIABLE
from tests.helpers.project import COMMAND
from tests.helpers.province import ENTITY, Province
from tests.helpers.signing import Key

MORE = ENTITY + "    c          9100    2021-05-02\n"
SIGNED = ("--by", "签发甲", "--on", "2022-02-20")
MOVED = "Ashford 2021: city-brief, draft of edition 2 (新设立市场主体 1户 → 2户)\n"
FIRST = "Birchwood 2021: city-brief, draft of edition 1\n"
SHORT = tuple(f"{city} 2021: short-brief, draft of edition 1\n" for city in ("Ashford", "Birchwood"))


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return Key(tmp_path_factory.mktemp("keys"), 1)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory, key):
    """A province of four drafts, of which one was issued, with data that were corrected since."""
    made = Province(tmp_path_factory.mktemp("overtaken"))
    made.data(tmp_path_factory.mktemp("data") / "first")
    made.build("--year", "2021", "--jobs", "1", "--format", "html")
    done = made.briefs(
        "approve", "city-brief", "--city", "Ashford", "--year", "2021", "--by", "签发甲", "--on", "2022-01-20", **signing(key)
    )
    assert done.returncode == 0, done.stderr
    made.data(tmp_path_factory.mktemp("data") / "second", entities=MORE)
    return made


@pytest.fixture
def province(corrected, tmp_path):
    return corrected.copied(tmp_path)


def signing(key):
    return {VARIABLE: str(key.private)}


def editions(province, code="9100"):
    return sorted(folder.name for folder in (province.root / f"data/editions/2021/{code}/city-brief").glob("*"))


def answered(province, key, word, *words):
    """What `approve` says to somebody at a terminal who answers with a word."""
    ours, theirs = pty.openpty()
    environment = province._environment(signing(key))
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "approve", "--all", *words], cwd=province.root, env=environment,
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    os.write(ours, f"{word}\n".encode())
    said, complaint = process.communicate()
    os.close(ours)
    os.close(theirs)
    return process.returncode, said, complaint


def test_what_a_correction_has_overtaken_is_made_again_and_issued_with_one_decision(province, key):
    made = province.build("--outdated", "--jobs", "1")
    assert [(pack["pack"], pack["region"], pack["status"]) for pack in made["packs"]] == [("city-brief", "9100", "built")]
    assert manifest.read(province.out / "2021/9100")["city-brief"]["edition"] == 2
    done = province.briefs("approve", "--all", "--outdated", "--yes", *SIGNED, **signing(key))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{MOVED}Ashford 2021: edition 2 of city-brief is issued. data/editions/2021/9100/city-brief/2\n"
    assert (editions(province), editions(province, "9200")) == (["1", "2"], [])
    assert province.build("--outdated", "--jobs", "1")["packs"] == []
    done = province.briefs("approve", "--all", "--outdated", "--yes", *SIGNED, **signing(key))
    assert (done.returncode, done.stdout) == (0, "No draft waits for approval.\n")


def test_a_draft_that_was_made_of_older_data_says_what_moved_and_nothing_is_issued(province, key):
    done = province.briefs("approve", "--all", "--yes", *SIGNED, **signing(key))
    assert (done.returncode, editions(province), editions(province, "9200")) == (2, ["1"], [])
    assert done.stderr == (
        "Ashford 2021: the draft of short-brief is not as a build would make it now: the results of new_entities changed (9000, 9100). "
        "Build it, read it, and approve it then.\n"
    )


@pytest.mark.parametrize(
    ("word", "code", "complaint", "issued"), [("y", 0, "", ["1"]), ("", 2, "Nothing was issued.\n", []), ("n", 2, "Nothing was issued.\n", [])]
)  # fmt: skip
def test_all_that_wait_are_listed_and_somebody_at_the_terminal_decides(province, key, word, code, complaint, issued):
    province.build("--year", "2021", "--jobs", "1", "--format", "html")
    ended, said, complained = answered(province, key, word, *SIGNED)
    listed = "".join([MOVED, SHORT[0], FIRST, SHORT[1], "Issue these 4 as 签发甲, 2022-02-20? [y/N] "])
    assert (ended, complained, said[: len(listed)]) == (code, complaint, listed)
    assert editions(province, "9200") == issued


def test_where_nobody_can_be_asked_nothing_is_issued(province, key):
    province.build("--year", "2021", "--jobs", "1", "--format", "html")
    done = province.briefs("approve", "--all", *SIGNED, **signing(key))
    assert (done.returncode, editions(province, "9200")) == (2, [])
    assert done.stderr == "Nobody is there to decide. Look at the list, and add --yes to issue what it names.\n"


def test_a_pack_that_is_made_no_more_is_left_out_with_a_line(province):
    listed = province.root / "notebooks/packs.toml"
    listed.write_text(listed.read_text("utf-8").replace('id = "city-brief"', 'id = "other-brief"'), "utf-8")
    done = province.briefs("build", "--outdated", "--jobs", "1")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == "2021 9100: city-brief is left out, since packs.toml or the regions know it no more."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("build", "--outdated", "--year", "2021"), "--outdated finds the packs by itself. Leave out PACK, --city, --year, --through and --span."),
        (("build", "city-brief", "--outdated"), "--outdated finds the packs by itself. Leave out PACK, --city, --year, --through and --span."),
        (("approve", "--all", "--through", "3", *SIGNED), "--all takes every draft that waits. Leave out PACK, --year, --through, --span and --city."),
        (("approve", "--outdated", "city-brief", "--year", "2021", *SIGNED), "--outdated and --yes go with --all. Add it, or leave them out."),
        (("approve", "--year", "2021", *SIGNED), "Name a pack and its --year, or approve all drafts that wait with --all."),
        (("approve", "--all", "--yes", "--by", "签发甲", "--on", "2021-03-01"), "--on: 2021-03-01 is not after 2021-12-31, up to which the data are. Name the day on which it is issued."),
    ],
)  # fmt: skip
def test_words_that_do_not_go_together_are_refused(corrected, words, said):
    done = corrected.briefs(*words)
    assert (done.returncode, done.stderr) == (2, f"{said}\n")
