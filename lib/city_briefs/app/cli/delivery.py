"""Commands that bring packs, and word of failures, to people: deliver, warn."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, command, complete_pack
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import AsJson, PackSpan
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json

Month = Annotated[
    int | None,
    typer.Option(
        "--through", metavar="MONTH", help=both("Cut-off month, with --year. [default: 12]", "截止月份，与--year同用。[默认：12]")
    ),
]


@command(EDITIONS)
def deliver(
    packs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PACK",
            autocompletion=complete_pack,
            help=both("Packs to deliver. [default: all]", "要分送的简报。[默认：全部]"),
        ),
    ] = None,
    city: Annotated[
        list[str] | None,
        typer.Option(help=both("Region by name, short name or code. [default: all]", "地区的全称、简称或代码。[默认：全部]")),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            help=both(
                "[default: any that somebody still lacks; of drafts the newest]",
                "年份。[默认：尚有人未收到的各年；送审稿为最新一期]",
            )
        ),
    ] = None,
    through: Month = None,
    span: PackSpan = None,
    drafts: Annotated[
        bool,
        typer.Option(
            "--drafts",
            help=both("Drafts in the outputs to reviewers, not editions to readers.", "把送审稿送审核人，不把版次送读者。"),
        ),
    ] = False,
    send: Annotated[
        bool,
        typer.Option(
            "--send", help=both("Send them; without, it is only said who would get what.", "真正发送；不加则只说明谁会收到什么。")
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help=both("Where drafts lie. [default: briefs.toml]", "送审稿所在的文件夹。[默认：按briefs.toml]")),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="PUB", help=both("Public key (PEM) that all must be signed by.", "公钥（PEM），全部简报须由它签名。")
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Deliver the newest approved edition of every period, each once to everyone in recipients.csv whose region and pack it is.

    \f
    分送每期最新的已签发版次；recipients.csv中地区和简报相符的每人各收一次。
    """
    from city_briefs.production.delivery import service

    request = service.Request(packs or (), city or (), year, through, span, drafts, send, out, key)
    result = service.deliver(request, (lambda done: say_as_json(done.record)) if as_json else service.report)
    raise typer.Exit(result.exit_code)


@command(EDITIONS)
def warn(subject: Annotated[str, typer.Argument(help=both("What the mail is about.", "邮件主题。"))]) -> None:
    """Mail what comes by standard input to those who are told of failures: briefs build >log 2>&1 || briefs warn "build" <log.

    \f
    把标准输入的内容用邮件发给接收故障通知的人：briefs build >log 2>&1 || briefs warn "build" <log。
    """
    from city_briefs.production.delivery.warning import warn

    told = warn(subject, sys.stdin.read().splitlines())
    say(chosen(f"Told of it: {', '.join(told)}.", f"已通知：{'、'.join(told)}。"))
