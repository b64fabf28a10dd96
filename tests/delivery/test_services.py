"""The units for systemd: systemd itself finds no fault in them, and their times are those of `cron`."""

import shutil
import subprocess

import pytest

from city_briefs.app import services
from city_briefs.common.errors import UsageError

SYSTEMD = shutil.which("systemd-analyze")


def test_systemd_finds_no_fault_in_the_units(office, tmp_path):
    if not SYSTEMD:
        pytest.skip("no systemd-analyze on this machine")
    made = services.write(tmp_path / "units")
    (tmp_path / "units" / services.ENVIRONMENT).write_text("BRIEFS_SIGNING_KEY=/etc/key.pem\n", "utf-8")
    units = [str(file) for file in made if file.suffix in (".service", ".timer")]
    assert len(units) == 7
    found = subprocess.run([SYSTEMD, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    of_ours = [line for line in found.stderr.splitlines() if "briefs-" in line]
    assert of_ours == []
    services.write(tmp_path / "units")
    assert "key.pem" in (tmp_path / "units" / services.ENVIRONMENT).read_text("utf-8")  # what an office wrote there stays


@pytest.mark.parametrize(
    ("cron", "calendar"),
    [
        ("0 6 8 * *", "*-*-8 6:0:00 Asia/Shanghai"),
        ("30 5,17 1-3 1,7 *", "*-1,7-1..3 5,17:30:00 Asia/Shanghai"),
        ("0 7 * * 1-5", "Mon..Fri *-*-* 7:0:00 Asia/Shanghai"),
        ("0 7 * * 7", "Sun *-*-* 7:0:00 Asia/Shanghai"),
    ],
)
def test_the_time_is_that_of_cron(cron, calendar):
    assert services.calendar(cron, "Asia/Shanghai") == calendar
    if SYSTEMD:
        assert subprocess.run([SYSTEMD, "calendar", calendar], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("cron", ["*/5 6 8 * *", "0 6 8 * 1", "0 6-8/2 * * *"])
def test_a_time_that_systemd_would_read_otherwise_is_refused(cron):
    with pytest.raises(UsageError) as error:
        services.calendar(cron, "Asia/Shanghai")
    assert str(error.value) == (
        f"briefs.toml: cron '{cron}' has a step, or a day of the month and of the week. Name hours and days one by one."
    )
