"""Commands that make packs, or show what would be made: build, why, check, preview."""

from contextlib import suppress
from typing import Annotated

import typer

from city_briefs.app.cli.app import PACKS, command, complete_chapter, complete_pack, say_unknown
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import (
    LATEST,
    AsJson,
    Data,
    Day,
    Engine,
    LastMonth,
    LatestYear,
    Out,
    Pack,
    PackSpan,
    Through,
    Year,
)
from city_briefs.app.selection import FORMATS, city_of, formats_of, held, latest, opened, packs_of, periods_of
from city_briefs.common import clock, paths
from city_briefs.common.errors import DONE, NONE_MADE, SOME_NOT_MADE, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, ended, ending_with
from city_briefs.common.terminal import say, say_as_json, say_on_stderr


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
    of metrics is made along with the pages that lead to it.

    \f
    编制简报：运行各章，输出文件，写索引页。

    每份简报按自己的期间编制；不写简报名时，编制年初至该月的全部简报，或--span所指期间的全部简报。
    指标手册随引用它的页面一并编制。
    """
    from city_briefs.app import build_packs, waiting
    from city_briefs.production.build.summary import report, summary

    suffixes, into = formats_of(formats or ()), (out or paths.outputs()).absolute()
    if outdated and (packs or city or year or through or span):
        raise UsageError("--outdated finds the packs by itself. Leave out PACK, --city, --year, --through and --span.")
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
    with warning.raised(f"packs of {period.slug}"):
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
        raise UsageError(f"{pack} is made for each {wanted.per}. Name one with --city.")
    cities = [city_of(snapshot, city, [wanted])] if city is not None else []
    into = (out or paths.outputs()).absolute()
    for request, line in build_packs.order(snapshot, [wanted], cities, periods, into).why():
        say(f"{request.name}: {line}")


@command(PACKS)
def check(
    notebooks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NOTEBOOK", autocompletion=complete_chapter, help=both("Chapters. [default: all]", "章名。[默认：全部]")
        ),
    ] = None,
    city: Annotated[
        str | None,
        typer.Option(help=both("City whose packs are made. [default: the first]", "编制哪个市州的简报。[默认：第一个]")),
    ] = None,
    year: LatestYear = None,
    through: Through = 12,
    data: Data = None,
    rules: Annotated[
        bool,
        typer.Option("--rules", help=both("Only see that the rules are kept; no pack is made.", "只检查是否合规，不编制简报。")),
    ] = False,
) -> None:
    """See that chapters and remarks keep the rules (else it ends with 2), then make the packs of one city (else with 4).

    \f
    检查各章和批注是否合规（不合规退出码为2），再编制一个市州的简报（未编成退出码为4）。
    """
    from city_briefs.app import check
    from city_briefs.common import regions

    names = check.chapters(notebooks or ())
    breaches = check.findings(names, regions.known(data or paths.data()))
    say_on_stderr("".join(f"{finding}\n" for finding in breaches), end="")
    if breaches:
        raise UsageError(f"Breaches of the rules: {len(breaches)} (see above). No pack was made.")
    say_on_stderr("".join(f"{words}\n" for words in check.advice(names)), end="")
    if rules:
        say(f"The rules are kept. Chapters: {len(names)}; remarks: {len(check.notes())}.")
        return
    snapshot = opened(data)
    region = city_of(snapshot, city) if city else snapshot.regions.cities[0]
    period = held(snapshot, Period(year or latest(snapshot), through), complete=True)
    made = check.end_to_end(names, snapshot, region, ending_with(period))
    of = " and ".join(dict.fromkeys(request.region.name for request in made))
    say(
        f"The rules are kept. Chapters: {len(names)}; remarks: {len(check.notes())}; packs of {of}: {len(made)}, "
        f"in {paths.shown(check.folder())}."
    )


@command(PACKS)
def preview(
    chapter: Annotated[
        str, typer.Argument(metavar="NOTEBOOK", autocompletion=complete_chapter, help=both("The chapter.", "章名。"))
    ],
    city: Annotated[
        str | None,
        typer.Option(
            help=both("Region by name, short name or code. [default: the first]", "地区的全称、简称或代码。[默认：第一个]")
        ),
    ] = None,
    year: LatestYear = None,
    through: Through = 12,
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help=both("Port of the page on this machine. [default: a free one]", "预览页面在本机的端口。[默认：任一空闲端口]"),
        ),
    ] = 0,
    data: Data = None,
    tied: Annotated[
        bool,
        typer.Option(
            "--tied",
            help=both(
                "End with the standard input too, as the preview of JupyterLab does.",
                "标准输入结束时也退出，供JupyterLab的预览使用。",
            ),
        ),
    ] = False,
) -> None:
    """Show the set pages of a chapter as it stands in a browser of this machine, made again whenever it is saved; Ctrl+C ends it.

    \f
    在本机浏览器中显示一章排版后的页面，每次保存后自动更新；按Ctrl+C结束。
    """
    from city_briefs.app import check
    from city_briefs.app.preview.pages import ChapterPreview
    from city_briefs.app.preview.server import PreviewServer

    [name] = check.chapters([chapter])
    shown = ChapterPreview(name, opened(data))
    server = PreviewServer(shown, shown.wanted(city, year, through), port)
    if tied:
        server.stop_with_input()
    say(chosen(f"{name} is shown at {server.address}", f"{name}的预览在 {server.address}"))
    with suppress(KeyboardInterrupt):
        server.serve()
