"""Commands that look after an office.

status says what needs attention, prune takes away what is old, serve shows what is there, schedule is Dagster.
"""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, command
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import AsJson, Data, Day, Made
from city_briefs.app.selection import opened
from city_briefs.common import clock, paths
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json

NOTHING, SOMETHING, NO_ANSWER = 0, 1, 2  # with which it ends
MIB = 1 << 20


@command(EDITIONS)
def status(
    on: Day = None,
    data: Data = None,
    out: Made = None,
    alert: Annotated[
        bool,
        typer.Option(
            "--alert",
            help=both("Mail it to those who are told of failures, when something is.", "有事项时，发邮件给接收故障通知的人。"),
        ),
    ] = False,
    metrics: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=both("Write numbers for node_exporter there too.", "同时把供node_exporter读取的数写入该文件。")
        ),
    ] = None,
    page: Annotated[
        bool,
        typer.Option(
            "--page",
            help=both(
                "Write it as status.html among the packs too, which `briefs serve` shows.",
                "同时写成简报文件夹中的status.html，用`briefs serve`查看。",
            ),
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say which packs need attention: failed, late, outdated, undelivered, drafted, due, unreported. Ends with 1 when one does, else 0.

    \f
    列出需要处理的简报：编制失败、逾期、过时、未送到、待签发、待编制、未报送。有则退出码为1，没有为0。
    """
    from city_briefs.app import machine_state, status_page
    from city_briefs.app.status import matters

    day = (on or clock.now()).date()
    into = (out or paths.outputs()).absolute()
    try:
        needing = matters(opened(data), into, day)
    except BriefError as error:
        if page:
            status_page.write(into, str(error), day)
        if alert:
            _tell(chosen("no answer could be given", "无法给出结果"), str(error).split("\n"))
        raise UsageError(str(error)) from None  # which ends with NO_ANSWER
    if metrics:
        from city_briefs.app import metrics_file

        metrics_file.write(metrics.absolute(), needing, into)
    if page:
        status_page.write(into, needing, day)
    warnings = machine_state.warnings(into)
    lines = [*(matter.text for matter in needing), *warnings]
    if as_json:
        say_as_json([matter.record for matter in needing])
    else:
        of_all = filter(None, [status_page.summary(needing, warnings)])
        say("\n".join([*lines, *of_all, *machine_state.sentences(into, day.year)]))
    if alert and lines:
        _tell(chosen(f"{len(lines)} matters need attention", f"{len(lines)}件事需要处理"), lines)
    raise typer.Exit(SOMETHING if lines else NOTHING)


@command(EDITIONS)
def prune(
    on: Day = None,
    out: Made = None,
    delete: Annotated[
        bool,
        typer.Option(
            "--delete", help=both("Take it away; without, it is only said what would go.", "真正删除；不加则只说明会删除什么。")
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is older than `[retention]` of briefs.toml allows, or take it away; never an edition or a snapshot that one rests on.

    \f
    列出或删除超过briefs.toml中`[retention]`期限的内容；版次及其所依据的快照从不删除。
    """
    from city_briefs.app import prune

    into = (out or paths.outputs()).absolute()
    leftovers = prune.found(into, (on or clock.now()).date())
    if delete:
        prune.remove(leftovers, into)
    if as_json:
        say_as_json([{"kind": one.kind, "path": paths.shown(one.path), "bytes": one.size} for one in leftovers])
        return
    for kind, chinese in prune.KINDS.items():
        of_kind = [one for one in leftovers if one.kind == kind]
        size = sum(one.size for one in of_kind) / MIB
        if of_kind:
            say(chosen(f"{kind}: {len(of_kind)}, {size:.1f} MiB", f"{chinese}：{len(of_kind)}项，{size:.1f} MiB"))
    if not leftovers:
        say(chosen("Nothing is older than briefs.toml allows.", "没有超过保留期限的内容。"))
    elif not delete:
        say(chosen("Nothing was taken away. Add --delete to do it.", "尚未删除任何内容，加--delete才删除。"))


@command(EDITIONS)
def serve(
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help=both("Of 127.0.0.1; 0 for one that is free.", "127.0.0.1的端口；0为任一空闲端口。")),
    ] = 8100,
) -> None:
    """Let browsers of this machine read the outputs and the register of editions, until Ctrl-C; behind a proxy, others too.

    \f
    供本机浏览器查看编制的简报和版次登记簿，按Ctrl-C结束；前面有代理时，其他机器也可查看。
    """
    from city_briefs.app import serve

    with serve.server(port) as server, suppress(KeyboardInterrupt):
        say(f"http://127.0.0.1:{server.server_port}/{serve.OUTPUTS}/ http://127.0.0.1:{server.server_port}/{serve.EDITIONS}/")
        server.serve_forever()


@command(EDITIONS)
def schedule(
    port: Annotated[int, typer.Option(min=1, max=65535, help=both("Of 127.0.0.1.", "127.0.0.1的端口。"))] = 3000,
    daemon: Annotated[
        bool,
        typer.Option("--daemon", help=both("Start what the calendar asks for, without the page.", "按日历启动编制，不开网页。")),
    ] = False,
) -> None:
    """Show the page of Dagster on this machine, until Ctrl-C; with --daemon, be what makes packs by its calendar.

    \f
    在本机显示Dagster的网页，按Ctrl-C结束；加--daemon则按日历编制简报。
    """
    from city_briefs.app import schedule_page

    schedule_page.prepare()
    if daemon:
        schedule_page.be_daemon()
    say(f"http://127.0.0.1:{port}")
    schedule_page.serve(port)


def _tell(what: str, lines: list[str]) -> None:
    """Mail these lines to those who are told of failures."""
    from city_briefs.production.delivery.warning import warn

    warn(chosen(f"City Briefs: {what}", f"城市简报：{what}"), lines)
