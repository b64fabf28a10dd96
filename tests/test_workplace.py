"""What is made beside its place goes when the process that made it is no more, and only then."""

import subprocess
import sys

from lib.workplace import begun


def test_a_workplace_of_a_process_that_is_no_more_is_taken_away_by_the_next(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".2021-{ended.pid}-abcd_123"
    (left / "rejected").mkdir(parents=True)
    others = [
        tmp_path / name for name in (f".2021-x-{ended.pid}-abcd_123", f".202-{ended.pid}-abcd_123", f".2021-{ended.pid}", "2021")
    ]
    for folder in others:
        folder.mkdir()
    mine = begun(tmp_path, ".2021")
    second = begun(tmp_path, ".2021")
    assert sorted(tmp_path.iterdir()) == sorted([*others, mine, second])


def test_a_workplace_is_for_its_owner_alone(tmp_path):
    assert begun(tmp_path, ".[2021]").stat().st_mode & 0o777 == 0o700
