"""An ingest that is killed, or whose disk is full, leaves the snapshot that was there, or the new one, and never a half."""

import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from functools import partial

import pytest

from city_briefs.analysis import snapshot
from city_briefs.analysis.ingest.pipeline import ingest
from city_briefs.common.errors import DataError
from tests.ingest.sent import complaints, text

DAY = date(2022, 1, 5)
ROWS = 2_000
POINTS = 20
OLDER, NEWER = "older", "newer"
IN_A_PROCESS = "import sys; from pathlib import Path; from tests.ingest import test_kill; test_kill.kill_all(Path(sys.argv[1]))"
ENOUGH = 64 << 20  # bytes
SPARE = [0, *(4096 << number for number in range(8))]  # bytes that are free, of the megabyte that it takes


def put(folder, count):
    """A folder with so many complaints."""
    rows = ((f"C{n}", "兰州市", "投诉", f"2021-{n % 12 + 1:02}-{n % 28 + 1:02}", "价格") for n in range(count))
    text(folder / "complaints.csv", complaints(*rows, ("X", "nowhere", "投诉", "2021-01-01", "")))
    return folder


def take_in(folder, place):
    return ingest([str(folder)], place, strict=False, day=DAY)


def in_a_fork(work):
    """What some work in a process of its own returned as text, and how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writing, "w") as out:
            out.write(str(work()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        return said.read(), os.waitpid(child, 0)[1]


def counted(work, last=None):
    """How many times some work asked anything of the system; at the last of these times it is killed."""
    asked = 0

    def ask(event, _):
        nonlocal asked
        asked += event != "builtins.id"  # which is nothing of the system's
        if asked == last:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(ask)
    work()
    return asked


def kill_all(folder):
    """Kill an ingest over an older snapshot at its end and at random points; print how each ended and what stood there then."""
    for name in ("ibis.backends.duckdb", "pandas"):
        importlib.import_module(name)  # once for all children
    place = folder / "2021"

    def newer():
        take_in(folder / NEWER, place)

    def restored():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder / "before", place)

    restored()
    total = int(in_a_fork(lambda: counted(newer))[0])
    # The last first, when no earlier kill has left anything that the next ingest has to take away before it comes so far.
    points = [total - 1, *random.Random(2021).sample(range(1, total + 1), POINTS - 1)]
    found = []
    for point in points:
        restored()
        _, status = in_a_fork(partial(counted, newer, point))
        found.append((os.waitstatus_to_exitcode(status), in_a_fork(lambda: snapshot.load(place).id)[0]))
    print(json.dumps(found))


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Where an ingest was killed again and again: the folder, the ids of before and after, and how each ended and what it left."""
    folder = tmp_path_factory.mktemp("killed")
    ids = [
        take_in(put(folder / name, rows), folder / place).snapshot
        for name, rows, place in ((OLDER, 10, "before"), (NEWER, ROWS, "after"))
    ]
    done = subprocess.run([sys.executable, "-c", IN_A_PROCESS, folder], capture_output=True, text=True, check=True)
    return folder, ids, json.loads(done.stdout)


def test_killed_at_twenty_points_it_leaves_the_older_snapshot_or_the_newer(killed):
    _, ids, found = killed
    assert [code for code, _ in found] == [-signal.SIGKILL] * POINTS
    assert {left for _, left in found} <= set(ids)
    assert set(ids) == {left for _, left in found}  # both were seen, so that some kills came before the change and some after


def test_the_next_ingest_takes_away_what_the_killed_ones_left(killed):
    folder, ids, _ = killed
    assert list(folder.glob(".2021-*"))
    assert take_in(folder / NEWER, folder / "2021").snapshot == ids[1]
    assert not list(folder.glob(".2021-*"))
    assert sorted(file.name for file in folder.iterdir()) == ["2021", "after", "before", NEWER, OLDER]


@contextmanager
def small_disk(folder, size):
    """A file system of so many bytes; gives what changes its size. The test is skipped where none may be mounted."""

    def mount(*options):
        return subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", folder], capture_output=True, check=False).returncode

    folder.mkdir()
    if mount("-o", f"size={size}"):
        pytest.skip("a tmpfs may not be mounted")
    try:
        yield lambda size: mount("-o", f"remount,size={size}")
    finally:
        subprocess.run(["umount", folder], check=True)


def files(folder):
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_full_disk_leaves_the_older_snapshot_and_nothing_else(tmp_path):
    older, newer = (put(tmp_path / name, rows) for name, rows in ((OLDER, 10), (NEWER, ROWS)))
    with small_disk(tmp_path / "disk", ENOUGH) as resize:
        place = tmp_path / "disk/2021"
        take_in(older, place)
        before = files(tmp_path / "disk")
        used = ENOUGH - shutil.disk_usage(place).free
        for spare in SPARE:
            assert not resize(used + spare)
            with pytest.raises(DataError) as refused:
                take_in(newer, place)
            assert str(refused.value) == f"{place} could not be written: the disk is full. What was there before stands."
            assert files(tmp_path / "disk") == before
            assert [file.name for file in (tmp_path / "disk").iterdir()] == ["2021"]
        resize(ENOUGH)
        assert take_in(newer, place).accepted == ROWS
