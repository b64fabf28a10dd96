"""Workers of a build and their kernels descend from one zygote; whichever process is gone, the rest ends and the next pool works."""

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

from tests.helpers import ROOT

PATIENCE = 30  # seconds for something that takes one
WORK = """
import asyncio, os, signal, sys, time
from pathlib import Path
from city_briefs.production.engine.manager import Manager

def parent(pid): return int(open(f"/proc/{pid}/stat").read().rsplit(")")[1].split()[1])

async def _kernel(then):
    manager = Manager(kernel_name="python3")
    await manager.start_kernel()
    client = manager.client(); client.start_channels(); await client.wait_for_ready(timeout=60)
    pid = manager.provisioner.pid
    said = pid, parent(pid), os.getpid(), parent(parent(os.getpid()))
    if then == "die":
        Path("died").write_text(" ".join(map(str, said)))
        os.kill(os.getpid(), signal.SIGKILL)
    client.stop_channels()
    await manager.shutdown_kernel()
    return said

def kernel(then): return asyncio.run(_kernel(then))
def loaded(names): return [name for name in names if name in sys.modules]
def here(): return os.getcwd(), dict(os.environ), os.getpgrp() == os.getpid(), sys.stdin.read()
def hang(): Path("hangs").touch(); time.sleep(600)
def refuse(): raise ValueError("said")
"""
BEGIN = """
import os, signal, time
from concurrent.futures import BrokenExecutor
from pathlib import Path
import work
from city_briefs.production.build import worker_pool
from city_briefs.production.engine import launcher

environment = dict(os.environ)
def pool(jobs=1, kernels=True): return worker_pool.WorkerPool(jobs, environment, kernels=kernels)
def broken(future):
    try: future.result()
    except BrokenExecutor: return True
"""
KERNELS = """
with pool() as one: first = one.submit(work.kernel, "end").result()
zygote = launcher._held
with pool() as two: print(broken(two.submit(work.kernel, "die")))
with pool() as three: third = three.submit(work.kernel, "end").result()
second = [int(number) for number in Path("died").read_text().split()]
print({first[1], second[1], third[1], first[3], second[3], third[3]} == {zygote.process.pid}, launcher._held is zygote, zygote.process.poll())
print(len({first[2], second[2], third[2]}), [pid for pid in (first[0], second[0], third[0]) if Path(f"/proc/{pid}").exists()])
"""
LIKE_ITS_OWNER = """
with pool(2) as both:
    print(both.submit(work.here).result() == (os.getcwd(), environment, True, ""))
    try: both.submit(work.refuse).result()
    except ValueError as error: print(error)
    print(both.submit(work.loaded, ["city_briefs.production.build.make_pack", "papermill", "pandas", "matplotlib", "ibis"]).result())
"""
WITHOUT_KERNELS = """
with pool(kernels=False) as one: one.submit(work.loaded, []).result()
print("pandas" in open(f"/proc/{launcher._held.process.pid}/maps").read())
"""
BEGUN = """
early = launcher.of_build(environment, worker_pool.PARENT, kernels=False)
with pool() as one: print(one.submit(work.kernel, "end").result()[1] == early.process.pid, launcher._held is early)
"""
GIVEN_UP = """
early = launcher.of_build(environment, worker_pool.PARENT, kernels=True)
launcher.drop()
print(early.process.wait() in (0, -signal.SIGTERM), launcher._held)
with pool() as one: print(one.submit(work.kernel, "end").result()[1] == launcher._held.process.pid)
"""
NO_PARENT = """
with pool() as one: print(one.submit(work.loaded, []).result())
zygote = launcher._held
[parent] = [int(pid) for pid in open(f"/proc/{zygote.process.pid}/task/{zygote.process.pid}/children").read().split()]
os.kill(parent, signal.SIGKILL)
while zygote.worker(): pass
with pool() as two: print(two.submit(work.kernel, "end").result()[1] == zygote.process.pid)
"""
DROPPED = """
with pool(2) as both:
    asked = [both.submit(work.hang) for _ in range(2)]
    while not Path("hangs").exists(): time.sleep(0.01)
    worker_pool.drop()
    print([broken(one) for one in asked])
"""
LOST = """
both = pool(2)
asked = both.submit(work.hang)
while not Path("hangs").exists(): time.sleep(0.01)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def ran(tmp_path):
    """Run a program with a folder of its own for temporary files; return its lines once nothing of it is left."""
    temporary = Path(tempfile.mkdtemp(prefix="end-"))  # short enough for sockets

    def run(program, code=0):
        (tmp_path / "work.py").write_text(WORK, "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(temporary),
            "PYTHONPATH": os.pathsep.join((str(ROOT / "lib"), str(tmp_path))),
        }
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + program], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr
        until = time.monotonic() + PATIENCE
        while (left := (_of(temporary), list(temporary.iterdir()))) != ([], []) and time.monotonic() < until:
            os.sched_yield()
        assert left == ([], [])
        return done.stdout.splitlines()

    yield run
    shutil.rmtree(temporary)


def _of(temporary):
    """Return the processes whose temporary files go to a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR") == str(temporary) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            pass
    return found


def test_workers_share_a_zygote_and_a_kernel_ends_with_the_worker_that_asked_for_it(ran):
    assert ran(KERNELS) == ["True", "True True None", "3 []"]


def test_a_worker_has_what_a_build_gives_it_and_nothing_of_what_kernels_import(ran):
    assert ran(LIKE_ITS_OWNER) == ["True", "said", "['city_briefs.production.build.make_pack', 'papermill']"]


def test_where_no_chapter_is_to_run_nothing_is_imported_for_kernels(ran):
    assert ran(WITHOUT_KERNELS) == ["False"]


def test_workers_and_kernels_are_of_what_was_begun_before_it_was_known_what_is_due(ran):
    assert ran(BEGUN) == ["True True"]


def test_what_was_begun_ends_at_once_when_nothing_comes_of_it(ran):
    assert ran(GIVEN_UP) == ["True None", "True"]


def test_where_the_parent_of_the_workers_died_the_next_pool_has_others(ran):
    assert ran(NO_PARENT) == ["[]", "False"]


def test_workers_that_are_dropped_end_whatever_they_are_at(ran):
    assert ran(DROPPED) == ["[True, True]"]


def test_workers_end_with_the_build_that_is_killed(ran):
    assert ran(LOST, -signal.SIGKILL) == []
