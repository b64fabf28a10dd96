"""An entry of the register that is not as it was issued costs its own pack, and everyone who is asked says so with one sentence."""

import json
import shutil

import pytest

from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.production.build import index_page
from city_briefs.production.editions import first_issued, manifest, register
from city_briefs.production.review import verify

PLACE = "2021/620100/city-brief/1"
SAID = f"editions/{PLACE}/manifest.json is not as it was issued. Put it back from a copy of the register."
DAMAGES = {
    "no hash": {"hash": ...},
    "hash null": {"hash": None},
    "no signature": {"signature": ...},
    "signature null": {"signature": None},
    "signature of nobody": {"signature": {"key": "A" * 43 + "=", "ed25519": "AAAA"}},
    "no day of issue": {"approval": {"reviewed_by": "甲", "issued_by": "乙"}},
    "a day that is none": {"approval": {"reviewed_by": "甲", "issued_by": "乙", "issued_on": "2021-02-30"}},
    "a day otherwise": {"approval": {"reviewed_by": "甲", "issued_by": "乙", "issued_on": "20220120"}},
    "approval null": {"approval": None},
    "until otherwise": {"until": "12-31"},
    "until null": {"until": None},
    "period null": {"period": None},
    "no snapshot": {"snapshot": ...},
    "edition null": {"edition": None},
    "outputs null": {"outputs": None},
}


@pytest.fixture
def damaged(office):
    """An office with editions of two cities; gives what damages the first one's entry."""
    office.recipients("li@city.test,兰州,*,pdf,", "wang@city.test,嘉峪关,*,pdf,")
    folder = office.edition()
    office.edition("620200")

    def damage(said):
        entries = json.loads((folder / "manifest.json").read_text("utf-8"))["packs"]
        entry = entries["city-brief"] | said
        entries["city-brief"] = {name: value for name, value in entry.items() if value is not ...}
        (folder / "manifest.json").write_text(json.dumps({"packs": entries}), "utf-8")
        index_page.write_of_editions(paths.register())
        first_issued.keep()

    return damage


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_costs_its_own_pack_one_sentence_wherever_one_asks(damaged, bureau, briefs, served, damage):
    mailbox = served()
    damaged(DAMAGES[damage])
    told = [one for one in bureau() if one.state == "failed"]
    assert [(one.pack, one.region, one.period, one.details["reason"]) for one in told] == [("city-brief", "620100", "2021", SAID)]
    with pytest.raises(DataError) as error:  # as a build and an approval ask
        register.editions("city-brief", "620100", "2021")
    assert str(error.value) == SAID
    code, out, err = briefs("deliver", "--send")
    assert (code, err.splitlines()[0]) == (4, SAID) and out.splitlines()[-1] == "Sent: 1; before: 0; not delivered: 1."
    assert [address for address, _ in mailbox.mails()] == ["wang@city.test", "chief@office.test"]
    differences = verify.verify(paths.register()).differences
    assert differences and all(line.startswith(f"editions/{PLACE}/") for line in differences), differences
    assert verify.verify(paths.register() / "2021/620200").differences == []


@pytest.mark.parametrize("place", ["2021-13/620100/city-brief", "x/620100/city-brief", "2021/99/city-brief", "2021/620100/X y"])
def test_a_folder_of_a_period_region_or_pack_that_is_none_is_told_and_costs_nothing_else(damaged, bureau, briefs, served, place):
    served()
    shutil.copytree(paths.register() / PLACE, paths.register() / place / "1")
    told = [one for one in bureau() if one.state == "failed"]
    reason = f"editions/{place}/1/manifest.json is not as it was issued. Put it back from a copy of the register."
    assert [one.details["reason"] for one in told] == [reason]
    code, out, _ = briefs("deliver", "--send")
    assert code in (0, 4) and out.splitlines()[-1].startswith("Sent: 2;")
    assert any(f"editions/{place}/1" in line for line in verify.verify(paths.register()).differences)


def test_an_entry_that_was_put_back_is_told_no_more(damaged, bureau, office):
    before = (office.register / PLACE / manifest.MANIFEST).read_bytes()
    damaged({"signature": None})
    assert [one.details["reason"] for one in bureau() if one.state == "failed"] == [SAID]
    (office.register / PLACE / manifest.MANIFEST).write_bytes(before)
    assert [one for one in bureau() if one.state == "failed"] == []
