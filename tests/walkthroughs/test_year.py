"""A year of an office in small: months, corrections, late cities, a full disk, a lost mail server, a new key, an upgrade, a move.

At its end every reader has the newest edition of each period, and each edition once; nothing is synthetic or unsigned, and nothing needs
attention.
"""

import csv
import hashlib
import json
import random
import shutil
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import PASSPHRASE, VARIABLE
from tests.delivery.server import LOST, Mailbox, Running
from tests.helpers.project import COMMAND, Project, city_brief
from tests.helpers.province import chapter
from tests.helpers.signing import Key
from tests.helpers.size import in_full

CITIES = {"620100": "兰州市", "620200": "嘉峪关市", "620300": "金昌市"}
REGIONS = "code,name,short,level,parent\n620000,甘肃省,甘肃,province,\n" + "".join(
    f"{code},{name},{name[:-1]},city,620000\n" for code, name in CITIES.items()
)
FIRST = 2021 * 12 + 10  # 2021-11, of which the first briefs are made; the records begin a year before
MONTHS, CORRECTIONS = 14, 7  # five that a person makes, and two of what a city sends late
SETTINGS = """data = "data/snapshots/bureau"
profile = "production"
signers = {signers}
[mail]
host = "127.0.0.1"
port = {port}
tls = "none"
from = "briefs@office.test"
errors = ["chief@office.test"]
[schedule]
since = 2021
deadline = 10
"""
READERS = {"li@city.test": ("兰州", "嘉峪关"), "wang@city.test": ("金昌",)}
SOURCES = 'label = "市州报送数据"\n[[source]]\nfile = "entities.csv"\ntable = "entities"\nperiod = "2020-11/{last}"\n'
KIND = {"个体工商户": "self_employed", "有限责任公司": "enterprise"}


def month(number: int) -> str:
    """A month by its number since the year 0, such as 2021-11."""
    return f"{number // 12}-{number % 12 + 1:02}"


class Records:
    """What three cities send: so many entities a month, with what a correction adds, and without what a city has not sent yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.added: Counter[tuple[str, int]] = Counter()
        self.unsent: set[tuple[str, int]] = set()

    def send(self, last: int) -> Path:
        """Write the files up to a month."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        with (self.folder / "entities.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["登记编号", "地区", "主体类型", "成立日期"])
            for number in range(FIRST - 12, last + 1):
                for code, name in CITIES.items():
                    usual = random.Random(f"{code}{number}").randrange(30, 50)
                    count = 0 if (code, number) in self.unsent else usual + self.added[code, number]
                    kinds = list(KIND)
                    rows.writerows(
                        [f"{code}-{number}-{one}", name, kinds[one % 2], f"{month(number)}-{1 + one % 28:02}"]
                        for one in range(count)
                    )
        (self.folder / "sources.toml").write_text(SOURCES.format(last=month(last)), "utf-8")
        return self.folder


class Bureau(Project):
    """An office of three cities with one brief each, a mail server, and two readers and a shared folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.records = Records(folder / "sent")
        self.keys = [Key(folder, number) for number in (1, 2)]
        self.key, self.fate = self.keys[0], ""
        self.server = Running(Mailbox(lambda number, address: self.fate))
        self.shared = folder / "shared"
        self.shared.mkdir()
        (self.root / "data/reference/regions.csv").write_text(REGIONS, "utf-8")
        (self.root / "notebooks/packs.toml").write_text(city_brief("summary"), "utf-8")
        nbformat.write(chapter("summary", "say(new_entities)"), self.root / "notebooks/summary.ipynb")
        self.edit("summary", "parameters", 'city = "兰州市"\nyear = 2021\nthrough = 12')
        self.settings()
        readers = [f"{address},{';'.join(names)},*,pdf," for address, names in READERS.items()]
        lines = ["address,regions,packs,format,role", *readers, f"folder:{self.shared},*,*,html,"]
        (self.root / "data/recipients.csv").write_text("\n".join(lines) + "\n", "utf-8")

    def settings(self, *, port: int | None = None) -> None:
        """Write briefs.toml, with every key that was in use as a signer."""
        used = self.keys[: self.keys.index(self.key) + 1]
        text = SETTINGS.format(signers=json.dumps([key.name for key in used]), port=port or self.server.port)
        (self.root / "briefs.toml").write_text(text, "utf-8")

    def told(self, *words: str, code: int | tuple[int, ...] = 0, before: tuple[str, ...] = ()) -> str:
        """What a command says that ends with a code."""
        variables = {VARIABLE: str(self.key.private), PASSPHRASE: ""}
        done = (
            self.run(*before, sys.executable, "-c", COMMAND, *words, **variables) if before else self.briefs(*words, **variables)
        )
        assert done.returncode in (code if isinstance(code, tuple) else (code,)), (words, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def ingest(self, last: int) -> None:
        """Take in what the cities have sent up to a month; what it corrects is told in the next editions."""
        place = self.root / "data/snapshots/bureau"
        after = ("--after", str(place)) if place.exists() else ()
        self.told("ingest", str(self.records.send(last)), "--into", str(place), *after)

    def make(self, last: int) -> None:
        """Do what the calendar does, and what a person does after it."""
        lines = [json.loads(line) for line in self.told("due", "--on", eighth(last), "--log").splitlines()]
        assert {line["region"] for line in lines} == set(CITIES)
        assert {line["outcome"] for line in lines} <= {"built", "kept"}
        self.issue(last)

    def issue(self, last: int) -> None:
        """Approve what waits and deliver it."""
        self.told("approve", "--all", "--yes", "--by", "签发甲", "--reviewer", "审核乙", "--on", eighth(last))
        self.told("deliver", "--send")

    def correct(self, last: int) -> None:
        """Take a correction in, and bring it to whoever had the wrong number."""
        self.ingest(last)
        assert {one["state"] for one in self.status(last, code=1)} == {"outdated"}
        self.told("build", "--outdated")
        self.told("approve", "--all", "--outdated", "--yes", "--by", "签发甲", "--on", eighth(last))
        self.told("deliver", "--send")

    def status(self, last: int, code: int = 0) -> list[dict]:
        """What needs attention on the day after the calendar has run."""
        return json.loads(self.told("status", "--json", "--on", eighth(last), code=code))

    def move(self, folder: Path) -> None:
        """Move the office to another path."""
        self.root.rename(folder)
        self.root, self.out = folder, folder / "outputs"

    def editions(self) -> dict[tuple[str, str, int], dict]:
        """The entry of every edition, by region, period and number."""
        files = (self.root / "data/editions").glob("*/*/*/*/manifest.json")
        entries = [manifest.read(file.parent)["city-brief"] for file in files]
        return {(entry["region"], entry["period"], entry["edition"]): entry for entry in entries}

    def received(self) -> dict[str, Counter[tuple[str, str, int]]]:
        """How often each reader has got each edition, known by the bytes of its PDF."""
        of_hash = {entry["outputs"]["city-brief.pdf"]: edition for edition, entry in self.editions().items()}
        got: dict[str, Counter[tuple[str, str, int]]] = {address: Counter() for address in READERS}
        for address, mail in self.server.mailbox.mails():
            if address in READERS:
                [attached] = mail.iter_attachments()
                got[address][of_hash[hashlib.sha256(attached.get_payload(decode=True)).hexdigest()]] += 1
        return got


def eighth(last: int) -> str:
    """The eighth of the month after a month, when its briefs are made."""
    after = last + 1
    return f"{month(after)}-08"


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
