"""What is cut short, or turns in one bit, after it was issued or sent: named, and it costs no other pack, and nobody a second mail."""

import json

import pytest

from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.production.delivery import journal
from city_briefs.production.editions import first_issued, manifest, register
from city_briefs.production.review.verify import verify
from tests.faults.harness import drawn, rounds
from tests.helpers.issued import register_of_two_cities

LINES = 5
KINDS = ("cut", "turned")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A register of two cities with two editions each, in the working directory."""
    return register_of_two_cities(tmp_path, monkeypatch)


def damage(file, chance, kind):
    """Cut a file at a byte that is drawn, or turn one of its bits."""
    content = bytearray(file.read_bytes())
    place = chance.randrange(len(content))
    if kind == "cut":
        del content[place:]
    else:
        content[place] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


@rounds
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1, 2])
def test_a_manifest_of_the_register_is_named_and_costs_its_own_pack(root, kind, number, round):
    file = root / f"2021/9100/city-brief/{number}/{manifest.MANIFEST}"
    damage(file, drawn(f"manifest {kind} {number}", round), kind)
    assert f"{paths.shown(file)}" in "\n".join(verify(root).differences)
    with pytest.raises(DataError, match=r"^editions/2021/9100/city-brief/\d/manifest\.json is not as it was issued\. "):
        register.editions("city-brief", "9100", "2021")
    assert len(register.editions("city-brief", "9200", "2021")) == 2
    first_issued.keep()


@rounds
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_the_register_is_named(root, kind, round):
    file = root / "2021/9200/city-brief/2/summary.ipynb"
    damage(file, drawn(f"document {kind}", round), kind)
    assert f"{paths.shown(file)} is not as it was made: its hash differs from that in manifest.json." in verify(root).differences


@rounds
def test_a_journal_that_is_cut_has_all_its_whole_lines_and_goes_on_after_them(tmp_path, round):
    with journal.opened(tmp_path) as opened:
        for number in range(LINES):
            line = journal.JournalLine(str(number), "li@city.test", "city-brief", "620100", "2021", 1, "0" * 64)
            opened.add(line, journal.SENT)
    file = tmp_path / journal.FILE
    content = file.read_bytes()
    file.write_bytes(content[: drawn("journal", round).randrange(len(content))])
    whole = file.read_bytes().count(b"\n")
    assert list(journal.read(tmp_path)) == [str(number) for number in range(whole)]
    with journal.opened(tmp_path) as opened:
        opened.add(journal.JournalLine("last", "li@city.test", "city-brief", "620100", "2021", 1, "0" * 64), journal.SENT)
    assert [json.loads(line)["id"] for line in file.read_bytes().split(b"\n")[:-1]] == [*map(str, range(whole)), "last"]
