"""A document followed word by word: its commands are run and its edits made in a clone, one after the other."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest

from city_briefs.common.paths import DATA_VARIABLE
from tests.helpers import ROOT

BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHELL, SAID = "sh", "text"
PATIENCE = 120  # seconds until JupyterLab must answer
NEWS = "@jupyterlab/apputils-extension:announcements"  # which would ask the network, and the reader
STAMPS = (".uv", ".runtime", ".dev")  # by which make knows that an environment is complete
ANYBODY = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"), "a@example.org")


@dataclass(frozen=True)
class Step:
    """One block of a document: its language, what else its first line says, its text."""

    language: str
    words: tuple[str, ...]
    text: str


def steps(document: str) -> list[Step]:
    """The blocks of a document that say a language, in their order."""
    return [Step(language, tuple(words.split()), text) for language, words, text in BLOCK.findall(document)]


class Clone:
    """This tree as somebody has just cloned it, with the environment that runs the tests; its shell keeps variables and path."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        for name in self._files():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.root / name)
        self.settings = folder / "jupyter"
        self.kept = folder / "environment"  # what a shell has exported, for the next
        self.kept.write_text("", "utf-8")
        variables = {
            name: value
            for name, value in os.environ.items()
            if name != DATA_VARIABLE and not name.startswith(("GIT_", "MAKE", "MFLAGS"))
        }
        self.environment = {
            **variables,
            "PYTHONPATH": str(self.root / "lib"),
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            **ANYBODY,
        }
        self._link_environment()
        self.shell("git init -q && git add -A && git commit -qm clone")

    @staticmethod
    def _files() -> Iterator[str]:
        """The files of the tree that are committed or would be."""
        if not shutil.which("git"):
            pytest.skip("git is not installed")
        listed = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if listed.returncode:
            pytest.skip("this is no clone")
        return (name for name in listed.stdout.split("\0") if (ROOT / name).is_file())

    def _link_environment(self) -> None:
        """An environment that is complete, of the programs of the one that runs the tests."""
        (self.root / ".venv").mkdir()
        (self.root / ".venv/bin").symlink_to(Path(sys.executable).parent)
        for stamp in STAMPS:
            (self.root / ".venv" / stamp).touch()
        if (ROOT / ".mypy_cache").is_dir():
            shutil.copytree(ROOT / ".mypy_cache", self.root / ".mypy_cache")

    def shell(self, commands: str, code: int = 0) -> str:
        """What commands say, having ended with `code`."""
        script = f'set -e\n. "{self.kept}"\ntrap \'export -p > "{self.kept}"\' EXIT\n{commands}'
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.root, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{commands}\n{done.stdout}"
        return done.stdout

    @contextmanager
    def lab(self, command: str) -> Iterator[str]:
        """The address of the JupyterLab that a command starts, on this machine alone; it ends with the block."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = {"port": port, "port_retries": 0, "token": "", "open_browser": False, "allow_root": True}
        (self.settings / "labconfig").mkdir(parents=True, exist_ok=True)
        (self.settings / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": server}))
        (self.settings / "labconfig/page_config.json").write_text(json.dumps({"disabledExtensions": {NEWS: True}}))
        environment = self.environment | {
            "JUPYTER_CONFIG_DIR": str(self.settings), "JUPYTER_RUNTIME_DIR": str(self.settings / "run"),
        }  # fmt: skip
        script = f'. "{self.kept}"\nexport JUPYTER_CONFIG_DIR JUPYTER_RUNTIME_DIR\n{command}'
        lab = subprocess.Popen(
            ["bash", "-c", script], cwd=self.root, env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield _answering(f"http://127.0.0.1:{port}", lab)
        finally:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.wait()

    def edit(self, step: Step) -> None:
        """Write what a block says to write: more of a file, a new cell, or what stands in place of the block before it."""
        name, how = step.words
        file = self.root / name
        if how == "append":
            file.write_text(f"{file.read_text('utf-8').rstrip()}\n\n\n{step.text}", "utf-8")
        elif how == "cell":
            add_cell(file, step)
        elif how == "from":
            self.sought = step.text
        elif file.suffix == ".ipynb":
            replace_cell(file, self.sought.rstrip(), step.text.rstrip())
        else:
            before = file.read_text("utf-8")
            assert before.count(self.sought) == 1, f"{name} has {before.count(self.sought)} times\n{self.sought}"
            file.write_text(before.replace(self.sought, step.text), "utf-8")

    def follow(self, step: Step, said: str) -> str:
        """Do one step; what its commands say, or what was said before."""
        if step.language == SHELL:
            return self.shell(step.text, int(step.words[0]) if step.words else 0)
        if step.language == SAID:
            assert_said(step.text, said)
        else:
            self.edit(step)
        return said


def _answering(address: str, server: subprocess.Popen[bytes]) -> str:
    """The address, as soon as it answers."""
    for _ in range(PATIENCE * 10):
        assert server.poll() is None, "JupyterLab has ended"
        try:
            with urlopen(f"{address}/api"):
                return address
        except URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")


def add_cell(file: Path, step: Step) -> None:
    """Put a cell at the end of a notebook, new when it is not there."""
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    new = nbformat.v4.new_notebook(metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    notebook = nbformat.read(file, as_version=4) if file.exists() else new
    make = nbformat.v4.new_markdown_cell if step.language == "markdown" else nbformat.v4.new_code_cell
    tags = {"tags": ["parameters"]} if step.text.startswith("city = ") else {}
    notebook.cells.append(make(step.text.rstrip(), id=f"cell-{len(notebook.cells)}", metadata=tags))
    nbformat.write(notebook, file)


def replace_cell(file: Path, before: str, after: str) -> None:
    """Change the one cell of this text."""
    notebook = nbformat.read(file, as_version=4)
    [cell] = [cell for cell in notebook.cells if cell.source == before]
    cell.source = after
    nbformat.write(notebook, file)


def assert_said(shown: str, said: str) -> None:
    """Every line that a document shows was said, in this order; … stands for anything."""
    lines = iter(said.splitlines())
    for line in shown.splitlines():
        sought = re.compile(".*".join(map(re.escape, line.split("…"))))
        assert any(sought.fullmatch(one) for one in lines), f"not said, or not in this order: {line}\n\n{said}"
