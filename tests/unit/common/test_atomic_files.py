"""What is made beside its place goes when the process that made it is no more, and only then."""

import subprocess
import sys

from city_briefs.common.atomic_files import MACHINE, begun


def test_a_workplace_of_a_process_that_is_no_more_is_taken_away_by_the_next(tmp_path):
    """But not that of another machine, which sees the same folder."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".2021-{MACHINE}-{ended.pid}-abcd_123"
    (left / "rejected").mkdir(parents=True)
    names = (
        f"x-{MACHINE}-{ended.pid}-abcd_123",
        f"{ended.pid}-abcd_123",
        f"{MACHINE}-{ended.pid}",
        f"0{MACHINE}-{ended.pid}-abcd_123",
    )
    others = [
        tmp_path / "2021",
        tmp_path / f".202-{MACHINE}-{ended.pid}-abcd_123",
        *(tmp_path / f".2021-{name}" for name in names),
    ]
    for folder in others:
        folder.mkdir()
    mine = begun(tmp_path, ".2021")
    second = begun(tmp_path, ".2021")
    assert sorted(tmp_path.iterdir()) == sorted([*others, mine, second])


def test_a_workplace_is_for_its_owner_alone(tmp_path):
    assert begun(tmp_path, ".[2021]").stat().st_mode & 0o777 == 0o700
