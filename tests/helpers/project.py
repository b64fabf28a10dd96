"""A copy of the project, whose notebooks and data a test may change; its command runs as a user runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from city_briefs.common.paths import CHECKED_VARIABLE, DATA_VARIABLE, HOME_VARIABLE, ROOT_VARIABLE
from tests.helpers import ROOT, warm

COMMAND = "from city_briefs.app.cli import main; main()"
OF_A_BUILD = {CHECKED_VARIABLE, DATA_VARIABLE, HOME_VARIABLE, ROOT_VARIABLE}  # by which a process knows project and snapshot
PARTS = ("lib", "notebooks", "data", "requirements.lock")


def city_brief(*chapters: str) -> str:
    """A packs.toml of the city brief alone, with these chapters, and the metrics of page one that most data of tests have."""
    named = ", ".join(f'"{chapter}"' for chapter in chapters)
    return f"""
page_one = ["entity_stock", "new_entities", "food_pass_rate"]

[[pack]]
id = "city-brief"
title = "市场监管工作简报"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = [{named}]
"""


# They stand for all packs: what is tested with them is the run, and each chapter costs a kernel.
TWO_CHAPTERS = city_brief("summary", "business-environment")


def sentences(stderr: str) -> list[str]:
    """The sentences on stderr, without the lines that count packs and without what a library's native code may print there."""
    return [line for line in stderr.splitlines() if line.endswith(".")]


def placed(source: str, target: str) -> None:
    """Copy a file; a font, which is large and which no test writes, is a link."""
    (os.symlink if source.endswith(".otf") else shutil.copy2)(source, target)


class Project:
    """The copy, in a folder of its own; it reads the real counts unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.root.mkdir()
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(
                    ROOT / part,
                    self.root / part,
                    copy_function=placed,
                    ignore=shutil.ignore_patterns("snapshots", "editions") if part == "data" else None,
                )
            else:
                shutil.copyfile(ROOT / part, self.root / part)
        (self.root / "notebooks/packs.toml").write_text(TWO_CHAPTERS, "utf-8")
        (self.root / "briefs.toml").write_text('data = "data/real"\n', "utf-8")
        self.out = self.root / "outputs"

    def take_packs(self) -> None:
        """Let it have all packs, each with its documents, also where there is nothing to list."""
        packs = (ROOT / "notebooks/packs.toml").read_text("utf-8").replace("only_of_something = true", "")
        (self.root / "notebooks/packs.toml").write_text(packs, "utf-8")

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        """The copy's `lib` before the installed one, and no snapshot but the one that is named."""
        inherited = {name: value for name, value in os.environ.items() if name not in OF_A_BUILD}
        return {**inherited, "PYTHONPATH": str(self.root / "lib"), **variables}

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Any command, to its end."""
        environment = self._environment(variables)
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    def briefs(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The command `briefs`, to its end, in a process that need not import the libraries again."""
        if not warm.POSSIBLE:
            return self.command(*words, **variables)
        return warm.call(words, self.root, self._environment(variables))

    def command(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The command `briefs`, to its end, started as a user starts it."""
        return self.run(sys.executable, "-c", COMMAND, *words, **variables)

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """The command `briefs`, running in a session of its own."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words], cwd=self.root, env=self._environment(variables), start_new_session=True,
            stdout=pipe, stderr=pipe, text=True, encoding="utf-8",
        )  # fmt: skip

    def build(self, *words: str, code: int = 0) -> dict:
        """What `briefs build --json` says, having ended with `code`."""
        done = self.briefs("build", "--json", *words)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    def edit(self, chapter: str, cell: str, source: str) -> None:
        """Change one cell of a chapter, by its id."""
        file = self.root / "notebooks" / f"{chapter}.ipynb"
        notebook = nbformat.read(file, as_version=4)
        next(one for one in notebook.cells if one.id == cell)["source"] = source
        nbformat.write(notebook, file)

    def replace(self, file: str, old: str, new: str) -> None:
        """Put other words in the place of those that a file of the project has."""
        text = (self.root / file).read_text("utf-8")
        assert old in text
        (self.root / file).write_text(text.replace(old, new), "utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file of the outputs but the log of the run and what is kept for the next, by its path."""
        return {
            file.relative_to(self.out).as_posix(): file.read_bytes()
            for file in sorted(self.out.rglob("*"))
            if file.is_file() and file.name != "run.json" and not file.relative_to(self.out).parts[0].startswith(".")
        }
