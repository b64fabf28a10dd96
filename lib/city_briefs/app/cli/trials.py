"""Commands that try chapters: check, preview, and the server that has both begin at once: serve-kernels."""

from contextlib import nullcontext, suppress
from typing import Annotated

import typer

from city_briefs.app.cli.app import PACKS, command, complete_chapter
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import (
    Data,
    LatestYear,
    Through,
)
from city_briefs.app.selection import city_of, held, latest, opened
from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period, ending_with
from city_briefs.common.terminal import say, say_on_stderr


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
    with nullcontext() if rules else check.begun(names, data) as begun:
        breaches = check.findings(names, regions.known(data or paths.data()))
        say_on_stderr("".join(f"{finding}\n" for finding in breaches), end="")
        if breaches:
            raise UsageError(
                chosen(
                    f"Breaches of the rules: {len(breaches)} (see above). No pack was made.",
                    f"不合规的有{len(breaches)}处（见上）。没有编制简报。",
                )
            )
        say_on_stderr("".join(f"{words}\n" for words in check.advice(names)), end="")
        remarks = len(check.notes())
        kept = chosen(
            f"The rules are kept. Chapters: {len(names)}; remarks: {remarks}",
            f"各章和批注合规。章{len(names)}个，批注{remarks}条",
        )
        if rules:
            say(f"{kept}{chosen('.', '。')}")
            return
        snapshot = opened(data)
        region = city_of(snapshot, city) if city else snapshot.regions.cities[0]
        period = held(snapshot, Period(year or latest(snapshot), through), complete=True)
        made = check.end_to_end(names, snapshot, region, ending_with(period), begun)
        of, where = (
            chosen(" and ", "、").join(dict.fromkeys(request.region.name for request in made)),
            paths.shown(check.folder()),
        )
        say(kept + chosen(f"; packs of {of}: {len(made)}, in {where}.", f"；{of}的简报{len(made)}份，在{where}。"))


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


@command(PACKS)
def serve_kernels(
    stop: Annotated[
        bool, typer.Option("--stop", help=both("End every kernel server of this user.", "结束本用户的全部内核服务。"))
    ] = False,
) -> None:
    """Start the kernel server, which has imported all that a build needs, so that the next builds and checks begin at once.

    A build, a check, a preview and JupyterLab start it by themselves. It ends when nothing was built for ten minutes, or the program
    was changed. Nothing is started or used with BRIEFS_KERNEL_SERVER=off.

    \f
    启动内核服务：编制所需的程序预先载入，此后编制和检查随即开始。

    编制、检查、预览和JupyterLab都会自行启动它；十分钟没有编制，或程序有改动，它即自行结束。
    设BRIEFS_KERNEL_SERVER=off则不启动也不使用。
    """
    from city_briefs.production.build import begun
    from city_briefs.production.engine import kernel_server

    if stop:
        number = kernel_server.stop()
        say(chosen(f"Kernel servers ended: {number}.", f"已结束内核服务{number}个。"))
    elif begun.start_server():
        say(chosen("The kernel server is there. It ends by itself.", "内核服务已启动，闲置后自行结束。"))
    elif not kernel_server.is_wanted():
        raise UsageError(
            chosen(
                f"There is no kernel server where {kernel_server.VARIABLE} is {kernel_server.OFF}, or the system has none. "
                "Builds are the same without it.",
                f"{kernel_server.VARIABLE}为{kernel_server.OFF}，或操作系统不支持，不能启动内核服务。编制不受影响。",
            )
        )
    else:
        place = paths.shown(kernel_server.place())
        raise UsageError(
            chosen(
                f"The kernel server cannot be started: {place} has to be a folder of this user's, which nobody else may enter. "
                "Delete it, or name another place by TMPDIR. Builds are the same without it.",
                f"内核服务无法启动：{place}应是本用户所有、他人不能进入的文件夹。请删除它，或用TMPDIR另指文件夹。编制不受影响。",
            )
        )
