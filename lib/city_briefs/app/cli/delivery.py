"""Commands that bring packs, and word of failures, to people: deliver, warn."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, AsJson, PackSpan, app, complete_pack
from city_briefs.common.terminal import say, say_as_json

Month = Annotated[int | None, typer.Option("--through", metavar="MONTH", help="Cut-off month, with --year. [default: 12]")]


@app.command(rich_help_panel=EDITIONS)
def deliver(
    packs: Annotated[
        list[str] | None, typer.Argument(metavar="PACK", autocompletion=complete_pack, help="Packs to deliver. [default: all]")
    ] = None,
    city: Annotated[list[str] | None, typer.Option(help="Region by name, short name or code. [default: all]")] = None,
    year: Annotated[int | None, typer.Option(help="[default: any that somebody still lacks; of drafts the newest]")] = None,
    through: Month = None,
    span: PackSpan = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Drafts in the outputs to reviewers, not editions to readers.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Send them; without, it is only said who would get what.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where drafts lie. [default: briefs.toml]")] = None,
    key: Annotated[Path | None, typer.Option(metavar="PUB", help="Public key (PEM) that all must be signed by.")] = None,
    as_json: AsJson = False,
) -> None:
    """Deliver the newest approved edition of every period, each once to everyone in recipients.csv whose region and pack it is."""
    from city_briefs.production.delivery import service

    request = service.Request(packs or (), city or (), year, through, span, drafts, send, out, key)
    result = service.deliver(request, (lambda done: say_as_json(done.record)) if as_json else service.report)
    raise typer.Exit(result.exit_code)


@app.command(rich_help_panel=EDITIONS)
def warn(subject: Annotated[str, typer.Argument(help="What the mail is about.")]) -> None:
    """Mail what comes by standard input to those who are told of failures: briefs build >log 2>&1 || briefs warn "build" <log."""
    from city_briefs.production.delivery.warning import warn

    say(f"Told of it: {', '.join(warn(subject, sys.stdin.read().splitlines()))}.")
