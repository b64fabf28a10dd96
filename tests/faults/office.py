"""A bureau whose states are kept, the commands of its year, and what is so when each has run again after something befell it."""

import csv
import io
import os
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from city_briefs.production.delivery import journal
from city_briefs.production.editions.signature import PASSPHRASE, VARIABLE
from tests.helpers import warm
from tests.helpers.bureau import CITIES, FIRST, READERS, Bureau, eighth

ON = eighth(FIRST)
APPROVE = ("approve", "--all", "--yes", "--by", "签发甲", "--on", ON)
STATUS = ("status", "--json", "--page", "--metrics", "outputs/status.prom", "--on", ON)
OLD = 1_500_000_000  # seconds, in 2017
PARTS = ("outputs", "data/editions", "data/deliveries", "notebooks", "briefs.toml")
Files = dict[str, bytes]


class Office:
    """A bureau of which states are kept, to begin from again and again."""

    def __init__(self, folder: Path) -> None:
        self.bureau = Bureau(folder)
        self.root, self.folder = self.bureau.root, folder
        self._measured: dict[str, tuple[int, Files]] = {}
        self.bureau.ingest(FIRST)
        self.bureau.told("due", "--on", ON)
        self.keep("drafted")
        self.bureau.told(*APPROVE)
        self.keep("approved")
        self.bureau.told("deliver", "--send")
        self._age()
        self.keep("old")
        self.put("approved")
        self._of_an_older_version()
        self.keep("older version")

    def keep(self, state: str) -> None:
        """Keep what is now, as a state."""
        for part in PARTS:
            _copy(self.root / part, self.folder / state / part)

    def put(self, state: str) -> None:
        """Let everything be as in a state; nothing has been mailed."""
        for part in PARTS:
            _copy(self.folder / state / part, self.root / part)
        shutil.rmtree(self.bureau.shared)
        self.bureau.shared.mkdir()
        self.bureau.server.mailbox.taken.clear()

    def undisturbed(self, command: str) -> tuple[int, Files]:
        """Return how many moments a command has that nobody kills, and the files in the end."""
        if command not in self._measured:
            state, words, code, see = COMMANDS[command]
            self.put(state)
            assert self.killed(words, 0) == code
            see(self)
            self._measured[command] = int((self.folder / "moments").read_text("utf-8")), self.files()
        return self._measured[command]

    def killed(self, words: tuple[str, ...], moment: int) -> int:
        """Run a command that is killed at a moment, or at none when it is 0; return the code with which it ended."""
        counted = self.folder / "moments"
        told = {warm.BEFORE: str(Path(__file__).with_name("moments.py")), "MOMENT": str(moment), "MOMENTS": str(counted)}
        return self.run(*words, **told)[0]

    def run(self, *words: str, **variables: str) -> tuple[int, str]:
        """Run a command as somebody who may sign; return its code and what it says, in which there is no traceback."""
        done = self.bureau.briefs(*words, **variables, **{VARIABLE: str(self.bureau.key.private), PASSPHRASE: ""})
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    def files(self) -> Files:
        """Every file that is of use, by its path: what is kept for later is left out, and so is the clock of the page."""
        return {
            file.relative_to(self.root).as_posix(): file.read_bytes()
            for part in PARTS
            for file in ([self.root / part] if (self.root / part).is_file() else sorted((self.root / part).rglob("*")))
            if file.is_file() and not set(file.relative_to(self.root).parts) & {".chapters", ".results"}
            and file.name not in ("status.html", "status.prom", "run.json", journal.FILE, f"{journal.FILE}.lock")
        }  # fmt: skip

    def _age(self) -> None:
        """Let all that is kept for later be old, so that it may go."""
        for file in self.bureau.out.rglob("*"):
            os.utime(file, (OLD, OLD))

    def _of_an_older_version(self) -> None:
        """Let settings and a chapter be written as an older version had them."""
        file = self.root / "briefs.toml"
        file.write_text(file.read_text("utf-8").replace("[schedule]\n", '[schedule]\ntimezone = "Asia/Shanghai"\n'), "utf-8")
        self.bureau.edit("summary", "library", "from lib.notebook import *")


def _copy(source: Path, target: Path) -> None:
    """Let a file or folder be as another, with its times."""
    if target.is_dir():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    elif source.exists():
        shutil.copy2(source, target)


def see_issued(office: Office) -> None:
    """The next approval and the next build end well; each edition is there once, and as it was issued."""
    office.bureau.told(*APPROVE)
    office.bureau.told("due", "--on", ON)
    assert sorted(office.bureau.editions()) == [(code, "2021-11", 1) for code in CITIES]
    office.bureau.told("verify", "data/editions")
    office.bureau.told("verify", "outputs")


def see_delivered(office: Office) -> None:
    """Nobody has an edition twice, and whoever has none is named; when a person has decided, each has each once."""
    office.bureau.told("deliver", "--send", code=(0, 4, 5))
    due = Counter((address, (code, "2021-11", 1)) for code, name in CITIES.items() for address in READERS if name[:-1] in READERS[address])  # fmt: skip
    got = Counter((address, edition) for address, editions in office.bureau.received().items() for edition in editions.elements())
    named = _unconfirmed(office)
    assert got <= due and due - got <= Counter({(row["address"], (row["region"], row["period"], 1)): 1 for row in named})
    for row in named:
        row["decision"] = "sent" if got[row["address"], (row["region"], row["period"], 1)] else "again"
    _decide(office, named)
    office.bureau.told("deliver", "--send")
    got = Counter((address, edition) for address, editions in office.bureau.received().items() for edition in editions.elements())
    assert got == due
    assert len([*office.bureau.shared.rglob("*.html")]) == len(CITIES)
    assert office.bureau.status(FIRST) == []


def _unconfirmed(office: Office) -> list[dict[str, str]]:
    """The rows that wait for a person."""
    file = office.root / "data/deliveries/unconfirmed.csv"
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))) if file.exists() else []


def _decide(office: Office, rows: list[dict[str, str]]) -> None:
    """Write what a person has decided."""
    if rows:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        (office.root / "data/deliveries/unconfirmed.csv").write_text(text.getvalue(), "utf-8-sig")


def see_status(office: Office) -> None:
    """The next status says what an undisturbed one says, and the pages are whole."""
    assert {one["state"] for one in office.bureau.status(FIRST, code=1)} == {"undelivered"}
    office.bureau.told(*STATUS, code=1)
    assert (office.bureau.out / "status.html").read_text("utf-8").endswith("</html>")
    assert "briefs_matters" in (office.bureau.out / "status.prom").read_text("utf-8")


def see_pruned(office: Office) -> None:
    """The next prune ends well and leaves nothing that is old; what was issued stands, and what is needed is made again."""
    office.bureau.told("prune", "--delete", "--on", ON)
    assert office.bureau.told("prune", "--json", "--on", ON) == "[]\n"
    assert not [*office.bureau.out.glob(".chapters/*/*")] and sorted(office.bureau.editions()) == [(code, "2021-11", 1) for code in CITIES]  # fmt: skip
    office.bureau.told("verify", "data/editions")
    assert office.bureau.status(FIRST) == []


def see_upgraded(office: Office) -> None:
    """The next upgrade ends well, and settings and chapters are those of this version."""
    office.bureau.told("upgrade")
    said = tomllib.loads((office.root / "briefs.toml").read_text("utf-8"))
    assert said["timezone"] == "Asia/Shanghai" and "timezone" not in said["schedule"]
    assert "from lib" not in (office.root / "notebooks/summary.ipynb").read_text("utf-8")


COMMANDS: dict[str, tuple[str, tuple[str, ...], int, Callable[[Office], None]]] = {
    "approve": ("drafted", APPROVE, 0, see_issued),
    "deliver": ("approved", ("deliver", "--send"), 0, see_delivered),
    "status": ("approved", STATUS, 1, see_status),
    "prune": ("old", ("prune", "--delete", "--on", ON), 0, see_pruned),
    "upgrade": ("older version", ("upgrade",), 0, see_upgraded),
}  # each from which state, with which words and code, and what is so when it has run again
