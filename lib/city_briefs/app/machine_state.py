"""The state of the machine: when a build last ended, the room on its disk, and whether the holidays of a year are known."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from city_briefs.common import files, paths
from city_briefs.common.disk_space import room
from city_briefs.common.language import chosen
from city_briefs.common.working_days import is_known


@dataclass(frozen=True)
class LastRun:
    """The last build that ended: when, how many packs it was to make, and how many of them failed."""

    ended: datetime
    packs: int
    failed: int


def last_run(out: Path) -> LastRun | None:
    """Return the last build that ended in a folder of outputs; None when there is no record that can be read."""
    try:
        run = json.loads(files.read_text(out / "run.json"))
        failed = sum(1 for pack in run["packs"] if pack["error"])
        return LastRun(datetime.fromisoformat(run["finished_at"]), len(run["packs"]), failed)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def warnings(out: Path) -> list[str]:
    """Return what of the machine needs attention, a sentence each: less room is free than briefs.toml asks for."""
    disk = room(out)
    if not disk.is_short:
        return []
    return [
        chosen(
            f"Less than {disk.wanted:g} GiB are free on the disk of {paths.shown(out)}. Make room there; "
            "`briefs prune` says what may go.",
            f"{paths.shown(out)}所在磁盘可用空间不足{disk.wanted:g} GiB，请腾出空间；`briefs prune`列出可以删除的内容。",
        )
    ]


def sentences(out: Path, year: int) -> list[str]:
    """Return what is said of the last build, of the disk, and of a calendar that does not know the holidays of the year."""
    run, disk = last_run(out), room(out)
    lines = [
        chosen(
            f"Last build: {run.ended.isoformat()}, packs: {run.packs}, failed: {run.failed}.",
            f"最近一次编制：{run.ended.isoformat()}，{run.packs}份，未成{run.failed}份。",
        )
        if run
        else chosen("Last build: none is recorded.", "最近一次编制：没有记录。"),
        chosen(
            f"Disk: {disk.used:.1f} GiB used, {disk.free:.1f} GiB free.",
            f"磁盘：已用{disk.used:.1f} GiB，可用{disk.free:.1f} GiB。",
        ),
    ]
    if not is_known(year):
        lines.append(
            chosen(
                f"Deadlines of {year} know weekends only: this version does not know its public holidays. Update chinesecalendar.",
                f"{year}年的法定节假日尚不在本版日历中，期限只按周末推算，请更新chinesecalendar。",
            )
        )
    return lines
