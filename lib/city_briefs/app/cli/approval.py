"""The command that issues editions: approve."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, Data, PackSpan, Through, app, complete_pack
from city_briefs.app.selection import opened, packs_of, periods_of, regions_for
from city_briefs.common import clock, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.common.terminal import say

LONGEST = 40  # characters of a name


@app.command(rich_help_panel=EDITIONS)
def approve(
    pack: Annotated[str, typer.Argument(metavar="PACK", autocompletion=complete_pack, help="Id of a pack.")],
    year: Annotated[int, typer.Option(help="Year.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who issues it (签发人).")],
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who reviewed it (审核人). [default: as --by]")] = None,
    on: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of issue. [default: today]")] = None,
    city: Annotated[
        list[str] | None, typer.Option(help="Region by name, short name or code; of a province pack, all when unsaid.")
    ] = None,
    through: Through = 12,
    span: PackSpan = None,
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Where packs lie. [default: briefs.toml]")] = None,
) -> None:
    """Issue the drafts that stand of a pack: signed, without 送审稿, and kept in the register of editions."""
    from city_briefs.app import build_packs
    from city_briefs.production.packs.edition import Approval

    [wanted] = packs_of([pack], span)
    if not city and wanted.per != "province":
        raise UsageError(f"{pack} is made for each {wanted.per}. Name those that are approved with --city.")
    snapshot = opened(data)
    [period] = periods_of(snapshot, [wanted], year, through)
    signed = Approval(_name(reviewer or by, "--reviewer" if reviewer else "--by"), _name(by, "--by"), _day(on, period))
    regions = regions_for(snapshot, wanted, city or ())
    into = (out or paths.outputs()).absolute()
    for request, edition in build_packs.order(snapshot, [wanted], regions, [period], into, formats=()).issue(signed):
        say(f"{request.name}: edition {edition.number} of {pack} is issued. {paths.shown(edition.folder or into)}")


def _name(written: str, option: str) -> str:
    """The name of a person as it is printed."""
    name = " ".join(written.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UsageError(f"{option}: '{written}' is no name. A name has up to {LONGEST} characters that can be printed.")
    return name


def _day(written: str | None, period: Period) -> str:
    """A day after the end of the period, as it is written in the manifest; today when none is said."""
    try:
        day = date.fromisoformat(written) if written is not None else clock.today()
    except ValueError:
        raise UsageError(f"--on: there is no day '{written}'. A day is written YYYY-MM-DD, such as 2022-01-20.") from None
    if day <= period.end:
        raise UsageError(f"--on: {day} is not after {period.end}, up to which the data are. Name the day on which it is issued.")
    return day.isoformat()
