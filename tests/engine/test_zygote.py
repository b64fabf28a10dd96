"""A zygote is there for the sources and the environment that it was made of, and nothing of it is left when its owner is gone."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from tests.helpers.project import Project
from tests.helpers.size import FULL, in_full

PATIENCE = 30  # seconds for something that takes one
MARK = "BRIEFS_TEST_MARK"
OWNER = """
import asyncio, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs the tests may itself ignore it, as a background job does
from city_briefs.production.engine.manager import Manager

async def main():
    managers = [Manager(kernel_name="python3") for _ in range(2)]
    for manager in managers:
        await manager.start_kernel()
    client = managers[0].client(); client.start_channels(); await client.wait_for_ready(timeout=60)
    client.execute("import subprocess, time; subprocess.Popen(['sleep', '600']); print(1); time.sleep(600)")
    while (await client.get_iopub_msg())["msg_type"] != "stream": pass
    print("ready", flush=True)
    {then}

asyncio.run(main())
"""
ENDS = {
    "exit": ("pass", None),
    "error": ("raise SystemExit(1)", None),
    "SIGINT": ("await asyncio.sleep(600)", signal.SIGINT),
    "SIGTERM": ("await asyncio.sleep(600)", signal.SIGTERM),
    "SIGKILL": ("await asyncio.sleep(600)", signal.SIGKILL),
}
SAME = """
import os, sys, pathlib
from city_briefs.production.engine import launcher
from city_briefs.common.paths import PACKAGE
def made(): return id(launcher.current(os.environ))
first = launcher.current(os.environ); folder = first.folder
print(made() == id(first))
os.environ["BRIEFS_DATA"] = "elsewhere"
print(made() == id(first))
os.environ["TZ"] = "Asia/Shanghai"
second = launcher.current(os.environ)
print(second is first)
(PACKAGE / "model/labels.py").write_text((PACKAGE / "model/labels.py").read_text() + "\\n", "utf-8")
third = launcher.current(os.environ)
print(third is second, folder.exists(), first.process.poll())
process = first.process
del first
print(folder.exists(), process.poll() is None)
"""


def marked(mark):
    """The processes with this mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            pass
    return found


@pytest.fixture
def temporary():
    """A folder for temporary files whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="end-"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("end", [end if end in ("exit", "SIGINT") else pytest.param(end, marks=in_full) for end in ENDS])
def test_nothing_is_left_of_kernels_when_their_owner_is_gone(end, temporary):
    """Neither a process, though one kernel works and has started another program, nor a socket, nor any file."""
    then, number = ENDS[end]
    environment = {**os.environ, MARK: str(temporary), "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", OWNER.format(then=then)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout.readline() == "ready\n"
        if number:
            assert len(marked(str(temporary))) == 5  # owner, zygote, two kernels and what one of them has started
            assert [folder.stat().st_mode & 0o777 for folder in temporary.glob("briefs-kernels-*")] == [0o700]
            owner.send_signal(number)
        owner.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while (marked(str(temporary)) or list(temporary.iterdir())) and time.monotonic() < until:
            os.sched_yield()
    assert (marked(str(temporary)), list(temporary.iterdir())) == ([], [])


@in_full
def test_another_environment_or_a_change_of_a_source_makes_another_zygote_and_the_data_do_not(tmp_path, temporary):
    project = Project(tmp_path)
    said = project.run(sys.executable, "-c", SAME, TMPDIR=str(temporary))
    assert said.stdout.split("\n") == ["True", "True", "False", "False True None", "False False", ""], said.stderr
    assert list(temporary.iterdir()) == []


NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "one", "metadata": {}, "outputs": [],
"source": "import os, city_briefs.model.labels\\nprint(open(f'/proc/{os.getppid()}/cmdline').read().split(chr(0))[1])"}], "metadata": {"kernelspec":
{"display_name": "Python 3", "language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}"""


@pytest.mark.parametrize(
    "words", [["--engine", "briefs"], *([["--engine", "warm"], ["--kernel", "warm"]] if FULL else [])], ids=" ".join
)
def test_papermill_and_jupyter_know_warm_kernels_by_name(words, tmp_path):
    (tmp_path / "in.ipynb").write_text(NOTEBOOK, "utf-8")
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "lib/city_briefs/production/engine/zygote.py" in (tmp_path / "out.ipynb").read_text("utf-8")


def test_sources_that_cannot_be_imported_stop_a_notebook_as_in_an_ordinary_kernel(tmp_path):
    project = Project(tmp_path)
    (project.root / "in.ipynb").write_text(NOTEBOOK, "utf-8")
    (project.root / "lib/city_briefs/model/labels.py").write_text("1 / 0\n", "utf-8")
    done = project.run(sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "--engine", "warm")
    assert done.returncode == 1
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n\n")
    assert "The kernel is an ordinary one, since none could be forked." in done.stderr
