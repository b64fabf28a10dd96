"""docs/operations.md followed: the month, and each drill; a bureau in small does what stands there, command by command."""

import re
import shlex
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.helpers import ROOT
from tests.helpers.bureau import CITIES, FIRST, READERS, Bureau, eighth
from tests.helpers.project import Project

PAGE = (ROOT / "docs/operations.md").read_text("utf-8")
DATED = ("due", "status", "approve", "prune")  # commands that ask for the day, which is another here
WHOLE = "Nothing needs attention."


class Followed(Bureau):
    """A bureau that does what a page says; `said` is what each of its commands has answered, the last one last."""

    def __init__(self, folder):
        super().__init__(folder)
        self.day = eighth(FIRST)
        self.said = []
        (folder / "srv").mkdir()

    def follow(self, heading, *, first="", last=""):
        """Do what the first block below a heading says, from a line that begins so to before another."""
        [block] = re.findall(rf"^##+ {re.escape(heading)}$.*?^```$\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        lines = [re.sub(r"\s+# .*", "", line) for line in block.splitlines()]
        begin, end = (next(place for place, line in enumerate(lines) if line.startswith(word)) if word else default for word, default in ((first, 0), (last, len(lines))))  # fmt: skip
        for line in lines[begin:end]:
            self._do(self._placed(line))

    def _placed(self, line):
        """The line with the places of this bureau."""
        for named, place in {
            "/srv/city-briefs": self.root, "/srv/elsewhere": self.folder / "elsewhere", "/srv/restored": self.folder / "restored",
            "/srv/sent": self.records.folder, "/etc/systemd/system": self.folder / "units",
        }.items():  # fmt: skip
            line = line.replace(named, str(place))
        return line.replace("/srv/", f"{self.folder}/srv/")

    def _do(self, line):
        command, *words = shlex.split(line)
        if command == "briefs":
            self.said.append(self.told(*words, *self._added(words), code=(0, 1) if words[0] == "status" else 0))
        elif command == "cd":
            self.root = Path(words[0])
            self.out = self.root / "outputs"
        elif command == "make":
            self.said.append(self.told("upgrade"))
        elif command == "export":
            assert words == [f"BRIEFS_SIGNING_KEY={self.keys[1].private}"]
            self.key = self.keys[1]
        else:
            done = self.run("sh", "-c", line)
            assert done.returncode == 0, done.stderr
            self.said.append(done.stdout)

    def _added(self, words):
        """What a command needs here that a person at a terminal need not say."""
        on = ["--on", self.day] if words[0] in DATED and "--on" not in words else []
        return on + (["--yes"] if words[0] == "approve" else [])

    def month(self, last):
        """Take in a month, and do what belongs to it."""
        self.ingest(last)
        self.day = eighth(last)
        self.make(last)

    def had_once(self):
        """See that every reader has had each edition of theirs once."""
        for address, got in self.received().items():
            codes = [code for code, name in CITIES.items() if name[:-1] in READERS[address]]
            assert got == Counter(edition for edition in self.editions() if edition[0] in codes)


@pytest.fixture
def bureau(tmp_path):
    made = Followed(tmp_path)
    yield made
    made.server.stop()


def test_a_month_by_its_list_ends_with_nothing_that_needs_attention(bureau):
    bureau.month(FIRST)
    bureau.records.send(FIRST + 1)
    bureau.day = eighth(FIRST + 1)
    bureau.follow("每月一遍")
    assert bureau.said[-1].splitlines()[0] == WHOLE
    assert len(bureau.editions()) == 2 * len(CITIES)
    bureau.had_once()


def test_a_bureau_that_moved_goes_on_and_sends_nothing_again(bureau):
    bureau.month(FIRST)
    bureau.follow("搬到另一处")
    *_, status, deliver = bureau.said
    assert status.splitlines()[0] == WHOLE and deliver.startswith("Due: 0;")
    assert f"WorkingDirectory={bureau.folder}/elsewhere\n" in (bureau.folder / "units/briefs-due.service").read_text("utf-8")
    bureau.month(FIRST + 1)
    assert bureau.status(FIRST + 1) == []
    bureau.had_once()


def test_a_bureau_that_was_restored_has_the_same_editions_and_sends_nothing_again(bureau):
    bureau.month(FIRST)
    before = bureau.editions()
    documents = {name: content for name, content in bureau.files().items() if not name.startswith("index")}
    Project(bureau.folder / "srv").root.rename(bureau.folder / "restored")
    bureau.follow("备份和恢复")
    assert bureau.root == bureau.folder / "restored" and bureau.editions() == before
    *_, status, deliver = bureau.said
    assert status.splitlines()[0] == WHOLE and deliver.startswith("Due: 0;")
    assert {name: bureau.files()[name] for name in documents} == documents
    bureau.month(FIRST + 1)
    bureau.had_once()


def test_a_key_is_changed_from_nothing_and_every_edition_stands(bureau):
    folder = bureau.folder / "srv"
    (folder / "public-1.pem").write_bytes(bureau.key.public.read_bytes())
    bureau.month(FIRST)
    bureau.ingest(FIRST + 1)
    bureau.day = eighth(FIRST + 1)
    bureau.follow("从头换密钥", last="export")
    name, old = bureau.said[-1].strip(), bureau.key
    assert (folder / "key-2.pem").stat().st_mode & 0o077 == 0
    bureau.keys[1:] = [SimpleNamespace(private=folder / "key-2.pem", public=folder / "public-2.pem", name=name)]
    file = bureau.root / "briefs.toml"
    file.write_text(file.read_text("utf-8").replace(old.name, name), "utf-8")  # with the new one alone
    failed = [one for one in bureau.status(FIRST, code=1) if one["state"] == "failed"]
    assert len(failed) == len(CITIES)
    assert all(f"is signed by {old.name}, which is none of the signers of briefs.toml." in one["reason"] for one in failed)
    bureau.key = bureau.keys[1]
    bureau.settings()
    bureau.follow("从头换密钥", first="export")
    assert bureau.said[-1].splitlines()[-1].endswith(f"3 signed by {max(name, old.name)}, 3 signed by {min(name, old.name)}.")
    bureau.told("deliver", "--send")
    assert bureau.status(FIRST + 1) == []
    bureau.had_once()


def test_a_reader_who_left_gets_nothing_more_and_nobody_waits_for_them(bureau):
    bureau.month(FIRST)
    file = bureau.root / "data/recipients.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("".join(f"{line}\n" for line in lines if not line.startswith("wang@")), "utf-8")
    bureau.ingest(FIRST + 1)
    bureau.day = eighth(FIRST + 1)
    bureau.told("due", "--on", bureau.day)
    bureau.told("approve", "--all", "--yes", "--by", "签发甲", "--on", bureau.day)
    bureau.follow("一位读者离开")
    deliver, _ = bureau.said
    assert "li@city.test" in deliver and "wang@city.test" not in deliver
    bureau.told("deliver", "--send")
    assert bureau.status(FIRST + 1) == []
    assert {period for _, period, _ in bureau.received()["wang@city.test"]} == {"2021-11"}
    assert {period for _, period, _ in bureau.received()["li@city.test"]} == {"2021-11", "2021"}


def test_three_months_at_once_go_to_whom_they_are_for_once(bureau):
    bureau.ingest(FIRST + 2)
    bureau.day = eighth(FIRST + 2)
    bureau.follow("补做三个月")
    assert bureau.said[-1].splitlines()[0] == WHOLE
    assert {period for _, period, _ in bureau.editions()} == {"2021-11", "2021", "2022-01"}
    bureau.had_once()


def test_an_upgrade_between_two_editions_keeps_the_first_and_the_second_says_what_changed(bureau):
    bureau.month(FIRST)
    first = {edition: entry["hash"] for edition, entry in bureau.editions().items()}
    file = bureau.root / "briefs.toml"
    file.write_text(file.read_text("utf-8").replace("[schedule]\n", '[schedule]\ntimezone = "Asia/Shanghai"\n'), "utf-8")
    bureau.edit("summary", "library", "from lib.notebook import *")
    bureau.records.added["620100", FIRST] += 7
    bureau.ingest(FIRST)
    bureau.follow("两版之间升级")
    assert "outdated" in bureau.said[1] and bureau.said[-1].splitlines()[0] == WHOLE
    editions = bureau.editions()
    assert {edition: entry["hash"] for edition, entry in editions.items() if edition in first} == first
    assert editions.keys() - first.keys() == {("620100", "2021-11", 2)}
    second = bureau.root / "data/editions/2021-11/620100/city-brief/2/city-brief.html"
    assert "与上版的变化" in second.read_text("utf-8")
    bureau.had_once()
