"""A small project with an edition in its place and newer data to build from: what a build leaves when something befalls it."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import nbformat
import psutil
import pytest

from city_briefs.model.tables import ENTITIES, HAZARDS
from tests.conftest import THREE_CITIES, World, covered, rows
from tests.helpers.project import COMMAND, Project, city_brief
from tests.helpers.province import chapter

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "1"))
SEED = int(os.environ.get("FAULTS_SEED", "0"))
CITIES = {"9100": "Ashford", "9200": "Birchwood", "9300": "Cedarton"}
PATIENCE = 60  # seconds for something that takes one
BUILD = ("build", "--year", "2021", "--format", "html", "--jobs", "1")
PACK = city_brief("summary", "safety")
ENTITY = """
    entity_id  region  registered_on
    a          9100    2021-03-02
    b          9200    2021-04-02
    c          9300    2021-05-02
"""
HAZARD = """
    hazard_id  region  domain  level  found_on    due_on      measure
    a          9100    food    major  2021-06-01  2021-08-01  sealed
    b          9200    food    major  2021-06-01  2021-08-01  sealed
    c          9300    food    major  2021-06-01  2021-08-01  sealed
"""
NEWER = "".join(f"    {code}-new  {code}  2021-06-02\n" for code in CITIES)
GENERAL = HAZARD.replace("major", "general")
Files = dict[str, bytes]
rounds = pytest.mark.parametrize("round", range(ROUNDS))


def drawn(name: str, round: int) -> random.Random:
    """The chance of one round of a fault; the same in every run with the same seed, which a failing message says."""
    print(f"FAULTS_SEED={SEED}, {name}, round {round}")  # pytest shows it when the test fails
    return random.Random(f"{SEED} {name} {round}")


def owned(temporary: Path) -> list[psutil.Process]:
    """The processes whose temporary files go to this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR", "").startswith(str(temporary)) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            pass
    return found


class Build:
    """A build as a user runs it, in a session of its own and with a folder of its own for temporary files."""

    def __init__(
        self, bureau: "Bureau", *words: str, before: tuple[str, ...] = (), temporary: Path | None = None, **variables: str
    ):
        self.temporary = temporary or bureau.begun()
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", COMMAND, *BUILD, *words], cwd=bureau.root, start_new_session=True,
            env=bureau._environment({"TMPDIR": str(self.temporary), **variables}),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self.out, self.err = "", ""

    def end(self) -> int:
        """Its exit code, when it has ended by itself and nothing of it is there any more."""
        self.out, said = self.process.communicate(timeout=600)
        self.err += said
        psutil.wait_procs(owned(self.temporary), timeout=PATIENCE)
        assert owned(self.temporary) == []
        return self.process.returncode

    @property
    def remains(self) -> list[str]:
        """The temporary files, sockets among them, that it has left."""
        return sorted(file.relative_to(self.temporary).as_posix() for file in self.temporary.rglob("*"))


class Bureau(Project):
    """Three cities and two short chapters; `older` is the edition that stands, `newer` what an undisturbed build makes of newer data."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.data = self.root / "data/real"
        self.temporaries: list[Path] = []
        (self.root / "notebooks/packs.toml").write_text(PACK, "utf-8")
        for name, call in {"summary": "say(new_entities)", "safety": "hazard_list()"}.items():
            nbformat.write(chapter(name, call), self.root / f"notebooks/{name}.ipynb")
        shutil.copyfile(Path(__file__).with_name("strike.py"), self.root / "lib/city_briefs/strike.py")
        program = self.root / "lib/city_briefs/__init__.py"
        program.write_text(f"import city_briefs.strike\n{program.read_text('utf-8')}", "utf-8")
        self.snapshots = {
            "older": self._snapshot("older", ENTITY, HAZARD),
            "newer": self._snapshot("newer", ENTITY + NEWER, GENERAL),
        }
        self.older = self._edition("older")
        self.kept = shutil.copytree(self.out, folder / "kept")
        self.newer = self._edition("newer")
        self.listed = self._paths()

    def begun(self) -> Path:
        """A folder for temporary files, whose path is short enough for sockets."""
        self.temporaries.append(Path(tempfile.mkdtemp(prefix="fault-")))
        return self.temporaries[-1]

    def _snapshot(self, name: str, entities: str, hazards: str) -> Path:
        (self.folder / name).mkdir()
        coverage = [row for table in (ENTITIES, HAZARDS) for row in covered(table, CITIES, [2021])]
        return World(self.folder / name).snapshot(
            regions=THREE_CITIES, coverage=coverage, entities=rows(entities), hazards=rows(hazards)
        ).path  # fmt: skip

    def _edition(self, name: str) -> Files:
        self.put(name)
        temporary = self.begun()
        done = self.briefs(*BUILD, TMPDIR=str(temporary))
        assert (done.returncode, list(temporary.rglob("*"))) == (0, []), done.stderr
        return self.files()

    def put(self, snapshot: str) -> None:
        """Let a snapshot be the data, and the older one lie by to take its place."""
        for suffix, name in {"": snapshot, ".next": "older"}.items():
            shutil.rmtree(f"{self.data}{suffix}", ignore_errors=True)
            shutil.copytree(self.snapshots[name], f"{self.data}{suffix}")
        shutil.rmtree(f"{self.data}.before", ignore_errors=True)

    def restore(self) -> None:
        """The older edition stands, and the newer data are there to build from."""
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.kept, self.out, dirs_exist_ok=True)
        self.put("newer")

    @contextmanager
    def sources(self) -> Iterator[None]:
        """The sources, which are as before in the end."""
        self.unchanged = {
            file: file.read_bytes() for part in ("lib", "notebooks") for file in (self.root / part).rglob("*.*") if file.is_file()
        }
        try:
            yield
        finally:
            self.undo()

    def undo(self) -> None:
        """Undo what was changed of the sources."""
        for file, content in self.unchanged.items():
            if file.read_bytes() != content:
                file.write_bytes(content)

    def replace(self, file: str, old: str, new: str) -> None:
        """Change some words of a source."""
        content = (self.root / file).read_text("utf-8")
        assert old in content
        (self.root / file).write_text(content.replace(old, new, 1), "utf-8")

    def _paths(self) -> set[str]:
        return {file.relative_to(self.out).as_posix() for file in self.out.rglob("*")}

    def see_whole(self) -> None:
        """See that what stands of each city is the older edition or the newer one, to the byte."""
        found = self.files()
        for code in CITIES:
            older, newer, stands = (
                {name: content for name, content in files.items() if f"/{code}/" in name and "/incomplete/" not in name}
                for files in (self.older, self.newer, found)
            )
            assert stands in (older, newer), (code, [name for name in older | stands if older.get(name) != stands.get(name)])

    def see_repaired(self, temporary: Path | None = None) -> None:
        """See that the next build ends well, makes the newer edition to the byte, and leaves nothing, not even of the one before."""
        temporary = temporary or self.begun()
        done = self.briefs(*BUILD, TMPDIR=str(temporary))
        assert done.returncode == 0, done.stderr
        assert list(temporary.rglob("*")) == []
        assert self.files() == self.newer
        left, lacking = self._paths() - self.listed, self.listed - self._paths()
        assert not left, left
        assert all(name.startswith(".results/") for name in lacking), (
            lacking
        )  # a cache, which a full disk may have kept from filling

    def struck(self, *whom: str, chance: random.Random, do: str = "kill", place: Path | None = None) -> Build:
        """A build to some of whose processes something is done, each at a moment that is drawn."""
        while True:
            self.restore()
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            moments = {one: chance.randint(1, self.measured[one] * 9 // 10 + 1) for one in whom}
            print(moments)
            fault = {"folder": str(folder), "moments": moments, "do": do, "place": str(place or self.data)}
            done = self._faulty(fault)
            if all((folder / f"struck {one}").exists() for one in whom):  # its life may be shorter than the one that was measured
                return done

    def _faulty(self, fault: dict[str, object]) -> Build:
        """A build with a fault, when it has ended."""
        told = self.root / "fault.json"
        told.write_text(json.dumps(fault), "utf-8")
        try:
            done = Build(self)
            done.end()
        finally:
            told.unlink()
        return done

    @cached_property
    def measured(self) -> dict[str, int]:
        """How many moments each stage of each kind of process has."""
        self.restore()
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        assert self._faulty({"folder": str(folder)}).process.returncode == 0
        return {file.name: file.stat().st_size for file in folder.iterdir() if file.stat().st_size}
