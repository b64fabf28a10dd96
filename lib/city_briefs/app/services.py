"""The units by which systemd runs an office: packs by the calendar, what needs attention every working day, and the pages to be read."""

import re
import sys
from pathlib import Path

import jinja2

from city_briefs.common import files, paths
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

UNITS = Path(__file__).with_name("units")
ENVIRONMENT = "city-briefs.env"  # keys and the password of the mail server; for the owner alone
EXAMPLE = """\
# 由systemd读入，只给运行的用户读（chmod 600）
# BRIEFS_SIGNING_KEY=/etc/city-briefs/key.pem
# BRIEFS_SIGNING_PASSPHRASE=
# BRIEFS_SMTP_USER=
# BRIEFS_SMTP_PASSWORD=
"""
METRICS = "outputs/status.prom"
DAYS = dict(zip("0123456", ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"), strict=True))
PLAIN = re.compile(r"[0-9*,-]+")


def write(into: Path) -> list[Path]:
    """Write the units and an example of the file with keys into a folder, and return them; a file of keys that is there stays.

    Raises:
        UsageError: the folder cannot be written to, or systemd has no word for `cron` of briefs.toml.
    """
    settings = paths.settings()
    given = {
        "folder": _escaped(paths.root()), "briefs": _escaped(Path(sys.executable).with_name("briefs")), "zone": settings.timezone,
        "environment": _escaped(into / ENVIRONMENT), "metrics": METRICS, "calendar": calendar(settings.schedule.cron, settings.timezone),
    }  # fmt: skip
    made = []
    try:
        into.mkdir(parents=True, exist_ok=True)
        for unit in sorted(UNITS.iterdir()):
            text = jinja2.Template(files.read_text(unit), keep_trailing_newline=True, undefined=jinja2.StrictUndefined).render(
                given
            )
            write_whole(into / unit.name, text)
            made.append(into / unit.name)
        if not (into / ENVIRONMENT).exists():
            write_whole(into / ENVIRONMENT, EXAMPLE)
            (into / ENVIRONMENT).chmod(0o600)
    except OSError as error:
        raise UsageError(
            chosen(
                f"{paths.shown(into)} cannot be written to: {files.reason(error)}. Name another folder with --into.",
                f"{paths.shown(into)}无法写入（{files.reason_zh(error)}），请用--into另指文件夹。",
            )
        ) from None
    return [*made, into / ENVIRONMENT]


def calendar(cron: str, zone: str) -> str:
    """Return the time of cron as OnCalendar of systemd has it, in a time zone.

    Raises:
        UsageError: a field is a step, or both a day of the month and one of the week are named, which systemd reads as both.
    """
    minute, hour, day, of_year, of_week = cron.split()
    if not all(map(PLAIN.fullmatch, (minute, hour, day, of_year))) or (day != "*" and of_week != "*"):
        raise UsageError(
            chosen(
                f"briefs.toml: cron '{cron}' has a step, or a day of the month and of the week. Name hours and days one by one.",
                f"briefs.toml的cron“{cron}”用了步长，或同时写了日和星期，systemd没有对应的写法，请逐个写明。",
            )
        )
    week = (
        ""
        if of_week == "*"
        else re.sub("[0-6]", lambda found: DAYS[found[0]], of_week.replace("7", "0")).replace("-", "..") + " "
    )
    month_day, clock = (re.sub("-", "..", part) for part in (f"{of_year}/{day}", f"{hour}/{minute}"))
    month, _, day = month_day.partition("/")
    hours, _, minutes = clock.partition("/")
    return f"{week}*-{month}-{day} {hours}:{minutes}:00 {zone}"


def _escaped(path: Path) -> str:
    """Return a path as a unit has it, where a percent sign begins what systemd fills in."""
    return str(path.absolute()).replace("%", "%%")
