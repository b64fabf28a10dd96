"""The command that says what needs attention: status."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, AsJson, Data, app
from city_briefs.app.selection import opened
from city_briefs.common import clock, files, paths
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json
from city_briefs.common.working_days import is_known

NOTHING, SOMETHING, NO_ANSWER = 0, 1, 2  # with which it ends
GIB = 1 << 30


@app.command(rich_help_panel=EDITIONS)
def status(
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="[default: today]")] = None,
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Where packs lie. [default: briefs.toml]")] = None,
    alert: Annotated[bool, typer.Option("--alert", help="Mail it to those who are told of failures, when something is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say which packs need attention: failed, late, outdated, undelivered, drafted, due, unreported. Ends with 1 when one does, else 0."""
    from city_briefs.app.status import matters

    day = (on or clock.now()).date()
    into = (out or paths.outputs()).absolute()
    try:
        needing = matters(opened(data), into, day)
    except BriefError as error:
        if alert:
            _tell(chosen("no answer could be given", "无法给出结果"), str(error).split("\n"))
        raise UsageError(str(error)) from None  # which ends with NO_ANSWER
    lines = [matter.text for matter in needing]
    if as_json:
        say_as_json([matter.record for matter in needing])
    else:
        say("\n".join([*lines, *_machine(into, day.year)]))
    if alert and lines:
        _tell(chosen(f"{len(lines)} matters need attention", f"{len(lines)}件事需要处理"), lines)
    raise typer.Exit(SOMETHING if needing else NOTHING)


def _tell(what: str, lines: list[str]) -> None:
    """Mail these lines to those who are told of failures."""
    from city_briefs.production.delivery.warning import warn

    warn(chosen(f"City Briefs: {what}", f"城市简报：{what}"), lines)


def _machine(out: Path, year: int) -> list[str]:
    """What is said of the last run, the disk and the calendar."""
    lines = []
    try:
        run = json.loads(files.read_text(out / "run.json"))
        failed = sum(1 for pack in run["packs"] if pack["error"])
        count, at = len(run["packs"]), run["finished_at"]
        lines.append(
            chosen(f"Last build: {at}, packs: {count}, failed: {failed}.", f"最近一次编制：{at}，{count}份，未成{failed}份。")
        )
    except (OSError, ValueError, KeyError, TypeError):
        lines.append(chosen("Last build: none is recorded.", "最近一次编制：没有记录。"))
    there = next(folder for folder in (out, *out.parents) if folder.is_dir())
    disk = shutil.disk_usage(there)
    used, free = disk.used / GIB, disk.free / GIB
    lines.append(chosen(f"Disk: {used:.1f} GiB used, {free:.1f} GiB free.", f"磁盘：已用{used:.1f} GiB，可用{free:.1f} GiB。"))
    if not is_known(year):
        lines.append(
            chosen(
                f"Deadlines of {year} know weekends only: this version does not know its public holidays. Update chinesecalendar.",
                f"{year}年的法定节假日尚不在本版日历中，期限只按周末推算，请更新chinesecalendar。",
            )
        )
    return lines
