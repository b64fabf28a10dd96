"""Commands that make packs, or show what would be made: build, due, why."""

from typing import Annotated

import typer

from city_briefs.app.cli.app import PACKS, command, complete_pack, say_unknown, unnamed
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import (
    LATEST,
    AsJson,
    Data,
    Day,
    Engine,
    LastMonth,
    Out,
    Pack,
    PackSpan,
    Through,
    Year,
)
from city_briefs.app.selection import city_of, formats_of, held, latest, opened, packs_of, periods_of
from city_briefs.common import clock, paths
from city_briefs.common.errors import DONE, NONE_MADE, SOME_NOT_MADE, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, ended, ending_with
from city_briefs.common.terminal import say, say_as_json
from city_briefs.production.packs.formats import FORMATS


@command(PACKS)
def build(
    packs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PACK",
            autocompletion=complete_pack,
            help=both("Packs to make. [default: all of the span]", "要编制的简报。[默认：该期间的全部简报]"),
        ),
    ] = None,
    city: Annotated[
        list[str] | None,
        typer.Option(
            help=both("City or county by name, short name or code. [default: all]", "市州或县区的全称、简称或代码。[默认：全部]")
        ),
    ] = None,
    year: Annotated[list[int] | None, typer.Option(help=LATEST)] = None,
    through: LastMonth = None,
    span: PackSpan = None,
    outdated: Annotated[
        bool,
        typer.Option(
            "--outdated",
            help=both(
                "Make again, of any period, what a correction has overtaken since it was issued.",
                "重做签发后因数据更正而过时的简报，不限报告期。",
            ),
        ),
    ] = False,
    data: Data = None,
    out: Out = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help=both(f"{' or '.join(FORMATS)}. [default: all]", f"{'、'.join(FORMATS)}，可多选。[默认：全部]")
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help=both("Processes at once. [default: one per core]", "同时运行的进程数。[默认：每核一个]")),
    ] = None,
    engine: Engine = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=both("Let the workers of a Dask cluster do the work, not --jobs.", "交由Dask集群编制，不用--jobs。"),
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help=both("Make again what already stands.", "已有的也重做。"))] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help=both("Name the files of each pack too.", "同时列出每份简报的文件。"))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make packs: run their chapters, export them, and write the index page.

    Each pack is made over its own span; without names, all packs over January to the month, or over the span that is named. The manual
    of metrics is made along with the pages that lead to it: as a page, and in the formats in which it stands.

    \f
    编制简报：运行各章，输出文件，写索引页。

    每份简报按自己的期间编制；不写简报名时，编制年初至该月的全部简报，或--span所指期间的全部简报。
    指标手册随引用它的页面一并编制：只出网页，已有的其他格式同时更新。
    """
    from city_briefs.app import build_packs, waiting
    from city_briefs.production.build.summary import report, summary

    suffixes, into = formats_of(formats or ()), (out or paths.outputs()).absolute()
    if outdated and (packs or city or year or through or span):
        raise UsageError(
            chosen(
                "--outdated finds the packs by itself. Leave out PACK, --city, --year, --through and --span.",
                "--outdated自行查找简报。请去掉PACK、--city、--year、--through和--span。",
            )
        )
    if outdated:
        snapshot = opened(data, engine)
        order, unknown = waiting.order(snapshot, waiting.overtaken(snapshot, into), into, suffixes)
        say_unknown(unknown)
    else:
        wanted = packs_of(packs or (), span or (None if packs else YTD))
        snapshot = opened(data, engine)
        cities = [city_of(snapshot, word, wanted) for word in city or ()]
        years = year or [latest(snapshot)]
        periods = [period for number in years for period in periods_of(snapshot, wanted, number, through or 12)]
        order = build_packs.order(snapshot, wanted, cities, periods, into, formats=suffixes).with_manuals()
    outcomes = order.build(jobs=jobs, fresh=fresh, cluster=cluster)
    done = summary(outcomes)
    if as_json:
        say_as_json(done)
    else:
        report(outcomes, into, verbose=verbose)
    raise typer.Exit(DONE if not done["failed"] else SOME_NOT_MADE if done["built"] + done["kept"] else NONE_MADE)


@command(PACKS)
def due(
    on: Day = None,
    data: Data = None,
    out: Out = None,
    log: Annotated[
        bool,
        typer.Option(
            "--log",
            help=both(
                "Say a JSON object on a line for each pack, for the journal of a service.",
                "每份简报输出一行JSON，供服务日志使用。",
            ),
        ),
    ] = False,
) -> None:
    """Make every pack whose period ended with the month before; whatever goes wrong is mailed. For cron, where there is no Dagster.

    \f
    编制上月末到期的全部简报；出了任何问题都发邮件。没有Dagster时，由cron调用。
    """
    from city_briefs.app import build_packs, prune
    from city_briefs.production.build.summary import report, say_log
    from city_briefs.production.delivery import warning

    period = ended((on or clock.now()).date())
    into = (out or paths.outputs()).absolute()
    with warning.raised(chosen(f"packs of {period.slug}", f"{period.slug}的简报")):
        snapshot = opened(data)
        held(snapshot, period, complete=True)
        order = build_packs.order(snapshot, packs_of(), [], ending_with(period), into)
        outcomes = order.build()
        if log:
            say_log(outcomes)
        build_packs.check(outcomes)
        prune.remove(prune.found(into, clock.today()), into)
    if not log:
        report(outcomes, into)


@command(PACKS)
def why(
    pack: Pack,
    year: Year,
    city: Annotated[
        str | None,
        typer.Option(
            help=both(
                "City by name, short name or code, for a pack made per city.", "市州的全称、简称或代码，用于按市州编制的简报。"
            )
        ),
    ] = None,
    through: Through = 12,
    span: PackSpan = None,
    data: Data = None,
    out: Out = None,
) -> None:
    """What a build would make again of a pack, and because of what; nothing is made.

    \f
    说明再次编制时哪些会重做、为什么；不编制任何简报。
    """
    from city_briefs.app import build_packs

    [wanted] = packs_of([pack], span)
    snapshot = opened(data)
    periods = periods_of(snapshot, [wanted], year, through)
    if city is None and wanted.per != "province":
        raise unnamed(pack, wanted.per)
    cities = [city_of(snapshot, city, [wanted])] if city is not None else []
    into = (out or paths.outputs()).absolute()
    for request, line in build_packs.order(snapshot, [wanted], cities, periods, into).why():
        say(f"{request.name}: {line}")
