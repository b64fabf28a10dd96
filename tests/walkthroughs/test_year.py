"""A year of an office in small: months, corrections, late cities, a full disk, a lost mail server, a new key, an upgrade, a move.

At its end every reader has the newest edition of each period, and each edition once; nothing is synthetic or unsigned, and nothing needs
attention.
"""

import hashlib

import pytest

from tests.delivery.server import LOST
from tests.helpers.bureau import CITIES, FIRST, READERS, Bureau, eighth, month
from tests.helpers.size import in_full

MONTHS, CORRECTIONS = 14, 7  # five that a person makes, and two of what a city sends late


@pytest.fixture
def bureau(tmp_path):
    made = Bureau(tmp_path)
    yield made
    made.server.stop()


def late(bureau, last, code):
    """A city has not sent a month: it is said, its brief waits for nobody's zero, and what it sends later reaches the readers."""
    bureau.records.unsent.add((code, last))
    bureau.ingest(last)
    states = {(one["region"], one["state"]) for one in bureau.status(last, code=1)}
    assert (code, "unreported") in states, states
    bureau.make(last)
    bureau.records.unsent.clear()
    bureau.ingest(last)
    bureau.told("build", "--outdated")
    bureau.issue(last)


def full_disk(bureau, last):
    """A disk that takes no file of more than half a KiB fails the run with a sentence, and the next run does it."""
    bureau.ingest(last)
    bureau.told("due", "--on", eighth(last), before=("sh", "-c", 'ulimit -f 1; exec "$0" "$@"'), code=(1, 3, 4))
    assert {"late", "due", "failed"} & {one["state"] for one in bureau.status(last, code=1)}
    bureau.make(last)


def lost_server(bureau, last):
    """A mail server that is lost when it has the mail leaves a decision to a person, who finds that nothing came."""
    bureau.ingest(last)
    bureau.told("due", "--on", eighth(last))
    bureau.told("approve", "--all", "--yes", "--by", "签发甲", "--on", eighth(last))
    bureau.fate = LOST
    bureau.told("deliver", "--send", code=(4, 5))
    bureau.fate = ""
    assert {one["state"] for one in bureau.status(last, code=1)} == {"undelivered"}
    file = bureau.root / "data/deliveries/unconfirmed.csv"
    if file.exists():
        file.write_text(file.read_text("utf-8-sig").replace("\n,", "\nagain,"), "utf-8-sig")
    bureau.told("deliver", "--send")


def new_key(bureau, last):
    """The key is changed: what was issued stands, and the next editions are of the new one."""
    bureau.key = bureau.keys[1]
    bureau.settings()
    bureau.ingest(last)
    bureau.make(last)


def upgraded(bureau, last):
    """Settings and a chapter of an older version are rewritten by the upgrade, which makes no pack."""
    file = bureau.root / "briefs.toml"
    file.write_text(file.read_text("utf-8").replace("[schedule]\n", '[schedule]\ntimezone = "Asia/Shanghai"\n'), "utf-8")
    bureau.edit("summary", "library", "from lib.notebook import *")
    before = bureau.files()
    bureau.told("upgrade")
    assert bureau.files() == before
    assert 'timezone = "Asia/Shanghai"\n[mail]' in file.read_text("utf-8").replace("\n\n", "\n")
    bureau.ingest(last)
    bureau.make(last)


def moved(bureau, last):
    """The office is moved to another path, and goes on."""
    bureau.move(bureau.folder / "elsewhere")
    bureau.ingest(last)
    bureau.make(last)


def corrected(*months_before):
    """Months before the last one are corrected for a city, after the briefs of the last were made."""

    def happen(bureau, last):
        bureau.ingest(last)
        bureau.make(last)
        for back, code in months_before:
            bureau.records.added[code, last - back] += 7
        bureau.correct(last)

    return happen


EVENTS = {
    2: lambda bureau, last: late(bureau, last, "620300"), 3: corrected((2, "620100")), 4: full_disk, 5: lost_server,
    6: corrected((1, "620200"), (4, "620100")), 7: new_key, 8: corrected((0, "620300")), 9: upgraded, 10: corrected((3, "620300")),
    11: moved, 12: corrected((1, "620100")), 13: lambda bureau, last: late(bureau, last, "620200"),
}  # fmt: skip


@in_full
def test_at_the_end_of_a_year_every_reader_has_the_newest_edition_of_each_period_once(bureau):
    for step in range(MONTHS):
        last = FIRST + step
        happen = EVENTS.get(step)
        if happen:
            happen(bureau, last)
        else:
            bureau.ingest(last)
            bureau.make(last)
        assert bureau.status(last) == [], month(last)
    editions = bureau.editions()
    newest = {(region, period): number for region, period, number in sorted(editions)}
    periods = {month(FIRST + step) if (FIRST + step) % 12 != 11 else month(FIRST + step)[:4] for step in range(MONTHS)}
    assert newest.keys() == {(code, period) for code in CITIES for period in periods}
    assert len(editions) - len(newest) >= CORRECTIONS
    assert not any(entry["snapshot"]["synthetic"] for entry in editions.values())
    assert {entry["signature"]["key"] for entry in editions.values()} == {key.name for key in bureau.keys}
    for address, got in bureau.received().items():
        codes = [code for code, name in CITIES.items() if name[:-1] in READERS[address]]
        assert {edition: count for edition, count in got.items() if count > 1} == {}
        assert set(got) == {edition for edition in editions if edition[0] in codes}
    shared = {hashlib.sha256(file.read_bytes()).hexdigest() for file in bureau.shared.rglob("*.html")}
    assert shared >= {
        editions[region, period, number]["outputs"]["city-brief.html"] for (region, period), number in newest.items()
    }
    bureau.told("verify", "data/editions")
    bureau.told("verify", "outputs")
    assert bureau.told("deliver", "--send").splitlines()[-1].startswith("Sent: 0;")
