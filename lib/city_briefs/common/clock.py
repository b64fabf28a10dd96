"""The clock of the office: its time zone is `timezone` of briefs.toml, whatever that of the machine is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from city_briefs.common import paths


def zone() -> ZoneInfo:
    """Return the time zone of the office."""
    return ZoneInfo(paths.settings().timezone)


def now() -> datetime:
    """Return this moment, in the time zone of the office."""
    return datetime.now(zone())


def today() -> date:
    """Return the day that it is in the office."""
    return now().date()


def stamp() -> str:
    """Return this moment to the second, as it is written into records: 2022-01-20T09:30:00+08:00."""
    return now().isoformat(timespec="seconds")
