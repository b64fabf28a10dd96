"""The clock of the office goes by its own time zone, whatever that of the machine is."""

import re
import time

import pytest

from city_briefs.common import clock
from city_briefs.common import settings as briefs_toml
from city_briefs.common.errors import UsageError

EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"  # 26 hours apart: it is never the same day in both


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office whose time zone can be said, on a machine that is in another."""
    from city_briefs.common import paths

    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "briefs.toml")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()

    def in_zone(name):
        (tmp_path / "briefs.toml").write_text(f'timezone = "{name}"\n', "utf-8")
        briefs_toml.read.cache_clear()

    yield in_zone
    monkeypatch.undo()
    time.tzset()
    briefs_toml.read.cache_clear()


def test_a_day_is_that_of_the_office(office):
    office(EAST)
    there = clock.today()
    office(WEST)
    assert there > clock.today()


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Shanghai", "+08:00"), (EAST, "+14:00"), ("UTC", "+00:00")])
def test_a_stamp_says_the_offset_of_the_office_and_no_parts_of_a_second(office, zone, offset):
    office(zone)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d" + re.escape(offset), clock.stamp())


def test_an_edition_is_issued_on_the_day_of_the_office(office, monkeypatch):
    from city_briefs.app.cli import approval
    from city_briefs.common.periods import Period

    office(EAST)
    assert approval._day(None, Period(2020)) == clock.today().isoformat()
    office(WEST)
    assert approval._day(None, Period(2020)) == clock.today().isoformat()


def test_a_zone_that_does_not_exist_is_refused(office):
    office("Asia/Lanzhow")
    with pytest.raises(UsageError, match="Asia/Lanzhow"):
        clock.now()
