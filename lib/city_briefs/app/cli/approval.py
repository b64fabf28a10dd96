"""The command that issues editions: approve."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, command, complete_pack, say_unknown
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import Data, LastMonth, Made, PackSpan
from city_briefs.app.selection import LEVELS_ZH, opened, packs_of, periods_of, regions_for
from city_briefs.common import clock, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period
from city_briefs.common.terminal import say

if TYPE_CHECKING:
    from city_briefs.app.build_packs import Order
    from city_briefs.app.outdated import Moved
    from city_briefs.production.editions.standing import Standing

LONGEST = 40  # characters of a name


@command(EDITIONS)
def approve(
    by: Annotated[str, typer.Option(metavar="NAME", help=both("Who issues it (签发人).", "签发人。"))],
    pack: Annotated[
        str | None,
        typer.Argument(
            metavar="PACK",
            autocompletion=complete_pack,
            help=both("Id of a pack; not with --all.", "简报的编号，不与--all同用。"),
        ),
    ] = None,
    year: Annotated[int | None, typer.Option(help=both("Year; not with --all.", "年份，不与--all同用。"))] = None,
    reviewer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=both("Who reviewed it (审核人). [default: as --by]", "审核人。[默认：同--by]")),
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help=both("Day of issue. [default: today]", "签发日期。[默认：今天]"))
    ] = None,
    city: Annotated[
        list[str] | None,
        typer.Option(
            help=both(
                "Region by name, short name or code; of a province pack, all when unsaid.",
                "地区的全称、简称或代码；省级简报不写即为全部。",
            )
        ),
    ] = None,
    through: LastMonth = None,
    span: PackSpan = None,
    all_drafts: Annotated[
        bool,
        typer.Option(
            "--all",
            help=both("All drafts that wait: one list, and one decision.", "全部待签发的送审稿：列出一份清单，一次决定。"),
        ),
    ] = False,
    outdated: Annotated[
        bool,
        typer.Option(
            "--outdated",
            help=both("With --all: only those of an edition that was overtaken.", "与--all同用：只签发上一版已过时的。"),
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help=both("With --all: decide without being asked.", "与--all同用：不再询问，直接签发。"))
    ] = False,
    data: Data = None,
    out: Made = None,
) -> None:
    """Issue the drafts that stand of a pack: signed, without 送审稿, and kept in the register of editions.

    \f
    签发一份简报现有的送审稿：署名，去掉“送审稿”字样，存入版次登记簿。
    """
    from city_briefs.app import waiting
    from city_briefs.production.packs.edition import Approval
    from city_briefs.production.review.approve import list_again

    into = (out or paths.outputs()).absolute()
    names = _name(reviewer or by, "--reviewer" if reviewer else "--by"), _name(by, "--by")
    if all_drafts:
        if pack or year or city or through or span:
            raise UsageError(
                chosen(
                    "--all takes every draft that waits. Leave out PACK, --year, --through, --span and --city.",
                    "--all签发全部待签发的送审稿。请去掉PACK、--year、--through、--span和--city。",
                )
            )
        drafts = waiting.drafts(into)
        snapshot = opened(data)
        moved = waiting.overtaken(snapshot, into)
        order, unknown = waiting.order(snapshot, [id_ for id_ in drafts if id_ in moved or not outdated], into, formats=())
        say_unknown(unknown)
        if not order.requests:
            list_again(into)
            say(chosen("No draft waits for approval.", "没有待签发的送审稿。"))
            return
        signed = Approval(*names, _day(on, max((request.period for request in order.requests), key=lambda period: period.end)))
        for request in order.requests:
            id_ = waiting.id_of(request)
            say(_listed(request.name, drafts[id_], moved.get(id_, ())))
        _decide(len(order.requests), signed.issued_by, signed.issued_on, yes=yes)
    else:
        if outdated or yes:
            raise UsageError(
                chosen(
                    "--outdated and --yes go with --all. Add it, or leave them out.",
                    "--outdated和--yes须与--all同用。请加--all，或去掉它们。",
                )
            )
        if not pack or not year:
            raise UsageError(
                chosen(
                    "Name a pack and its --year, or approve all drafts that wait with --all.",
                    "请写明简报和--year，或用--all签发全部待签发的送审稿。",
                )
            )
        order, period = _named(pack, year, through or 12, span, city or (), data, into)
        signed = Approval(*names, _day(on, period))
    for request, edition in order.issue(signed):
        number, where = edition.number, paths.shown(edition.folder or into)
        say(
            chosen(
                f"{request.name}: edition {number} of {request.pack.id} is issued. {where}",
                f"{request.name}：{request.pack.id}第{number}版已签发，见{where}。",
            )
        )


def _named(
    pack: str, year: int, through: int, span: str | None, cities: Sequence[str], data: Path | None, into: Path
) -> "tuple[Order, Period]":
    """Return the order of the packs that the words of the command name, and their period."""
    from city_briefs.app import build_packs

    [wanted] = packs_of([pack], span)
    if not cities and wanted.per != "province":
        raise UsageError(
            chosen(
                f"{pack} is made for each {wanted.per}. Name those that are approved with --city.",
                f"{pack}按{LEVELS_ZH[wanted.per]}编制。请用--city写明签发哪些。",
            )
        )
    snapshot = opened(data)
    [period] = periods_of(snapshot, [wanted], year, through)
    regions = regions_for(snapshot, wanted, cities)
    return build_packs.order(snapshot, [wanted], regions, [period], into, formats=()), period


def _listed(name: str, draft: "Standing", moved: "Sequence[Moved]") -> str:
    """Return the line of a draft in the list that is decided on: what it is, and what a correction has moved in the edition before."""
    from city_briefs.app.outdated import text

    pack, number = draft.entry["pack"], draft.edition
    line = chosen(f"{name}: {pack}, draft of edition {number}", f"{name}：{pack}，第{number}版送审稿")
    return line + (chosen(f" ({text(moved)})", f"（{text(moved)}）") if moved else "")


def _decide(count: int, by: str, day: str, *, yes: bool) -> None:
    """Ask whoever is at the terminal whether the drafts of the list are issued.

    Raises:
        UsageError: nobody is there to be asked, or the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            chosen(
                "Nobody is there to decide. Look at the list, and add --yes to issue what it names.",
                "没有人在终端前作决定。请先看清单，再加--yes签发所列各份。",
            )
        )
    say(chosen(f"Issue these {count} as {by}, {day}? [y/N] ", f"以{by}名义、{day}签发以上{count}份？[y/N] "), end="")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "是"):
        raise UsageError(chosen("Nothing was issued.", "没有签发。"))


def _name(written: str, option: str) -> str:
    """The name of a person as it is printed."""
    name = " ".join(written.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UsageError(
            chosen(
                f"{option}: '{written}' is no name. A name has up to {LONGEST} characters that can be printed.",
                f"{option}：“{written}”不是姓名。姓名不超过{LONGEST}个可打印的字。",
            )
        )
    return name


def _day(written: str | None, period: Period) -> str:
    """A day after the end of the period, as it is written in the manifest; today when none is said."""
    try:
        day = date.fromisoformat(written) if written is not None else clock.today()
    except ValueError:
        raise UsageError(
            chosen(
                f"--on: there is no day '{written}'. A day is written YYYY-MM-DD, such as 2022-01-20.",
                f"--on：没有“{written}”这一天。日期写作YYYY-MM-DD，如2022-01-20。",
            )
        ) from None
    if day <= period.end:
        raise UsageError(
            chosen(
                f"--on: {day} is not after {period.end}, up to which the data are. Name the day on which it is issued.",
                f"--on：数据截至{period.end}，{day}不在其后。请写签发的日期。",
            )
        )
    return day.isoformat()
