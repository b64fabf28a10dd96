"""A bureau in small: three cities with one brief each, what they send month by month, a mail server, two readers and a shared folder."""

import csv
import hashlib
import json
import random
import shutil
import sys
from collections import Counter
from pathlib import Path

import nbformat

from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import PASSPHRASE, VARIABLE
from tests.delivery.server import Mailbox, Running
from tests.helpers.project import COMMAND, Project, city_brief
from tests.helpers.province import chapter
from tests.helpers.signing import Key

CITIES = {"620100": "兰州市", "620200": "嘉峪关市", "620300": "金昌市"}
REGIONS = "code,name,short,level,parent\n620000,甘肃省,甘肃,province,\n" + "".join(
    f"{code},{name},{name[:-1]},city,620000\n" for code, name in CITIES.items()
)
FIRST = 2021 * 12 + 10  # 2021-11, of which the first briefs are made; the records begin a year before
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
