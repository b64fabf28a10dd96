"""A lock is held by one process at a time, goes with it, and leaves no file."""

import signal
import subprocess
import sys

import pytest

from city_briefs.common.errors import UsageError
from city_briefs.common.file_lock import held

HOLD = "import sys; from pathlib import Path; from city_briefs.common.file_lock import held\nwith held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_leaves_no_file(tmp_path):
    for _ in range(2):
        with held(tmp_path / "lock") as alone:
            assert alone and (tmp_path / "lock").exists()
        assert not list(tmp_path.iterdir())


def test_who_is_busy_may_be_refused(tmp_path, other):
    def refuse():
        raise UsageError("Another is at work.")

    with pytest.raises(UsageError, match=r"^Another is at work\.$"), held(tmp_path / "lock", refuse):
        raise AssertionError("two at once")


def test_the_lock_of_a_killed_process_is_free(tmp_path, other):
    waited = []

    def kill():
        waited.append(1)
        other.send_signal(signal.SIGKILL)

    with held(tmp_path / "lock", kill) as alone:
        assert alone and waited == [1]


def test_where_nothing_can_be_locked_the_body_runs_unlocked(tmp_path):
    (tmp_path / "file").touch()
    with held(tmp_path / "file/lock") as alone:
        assert not alone
