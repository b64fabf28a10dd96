"""Commands that bring packs, and word of failures, to people: deliver, warn."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from city_briefs.app.cli.app import app
from city_briefs.app.cli.options import AsJson, print_json
from city_briefs.common import paths
from city_briefs.common.errors import DONE, NONE_MADE, SOME_NOT_MADE, BriefError, UsageError
from city_briefs.common.periods import Period

if TYPE_CHECKING:
    from city_briefs.production.delivery.mail import Mail
    from city_briefs.production.delivery.round import Delivery, Outcome

FAILED = "City Briefs: not everything was delivered"
Month = Annotated[int | None, typer.Option("--through", metavar="MONTH", help="Cut-off month, with --year. [default: 12]")]


@app.command()
def deliver(
    packs: Annotated[list[str] | None, typer.Argument(metavar="[PACK]...", help="Packs to deliver. [default: all]")] = None,
    city: Annotated[list[str] | None, typer.Option(help="Region by name, short name or code. [default: all]")] = None,
    year: Annotated[int | None, typer.Option(help="[default: of each pack the newest period]")] = None,
    through: Month = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Drafts in the outputs to reviewers, not editions to readers.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Send them; without, it is only said who would get what.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where drafts lie. [default: briefs.toml]")] = None,
    key: Annotated[Path | None, typer.Option(metavar="PUB", help="Public key (PEM) that all must be signed by.")] = None,
    as_json: AsJson = False,
) -> None:
    """Deliver the newest approved editions, each once to everyone in recipients.csv whose region and pack it is."""
    from city_briefs.production.delivery import documents, recipients, round
    from city_briefs.production.editions import signature

    with _told(send):
        wanted = _wanted(packs, city, year, through)
        signer = signature.public(key) if key else None
        listed = recipients.listed()
        folder = (out or paths.outputs()).absolute()
        found = documents.drafts(folder, wanted) if drafts else documents.issued(wanted)
        these = round.deliveries(found.documents, listed, recipients.REVIEWER if drafts else recipients.READER)
        outcomes = _send(these, signer) if send else _plan(these, signer)
    failures = [*found.faults, *dict.fromkeys(one.text for one in outcomes if one.failed)]
    if as_json:
        print_json(_record(outcomes, found.faults))
    else:
        _report(outcomes, failures, send)
    if send and failures:
        _tell(FAILED, failures)
    reached = not send or any(not one.failed for one in outcomes)
    raise typer.Exit(DONE if not failures else SOME_NOT_MADE if reached else NONE_MADE)


@app.command()
def warn(subject: Annotated[str, typer.Argument(help="What the mail is about.")]) -> None:
    """Mail what comes by standard input to those who are told of failures: briefs build >log 2>&1 || briefs warn "build" <log."""
    from city_briefs.production.delivery.warning import warn

    print(f"Told of it: {', '.join(warn(subject, sys.stdin.read().splitlines()))}.")


def _wanted(
    packs: list[str] | None, city: list[str] | None, year: int | None, through: int | None
) -> Callable[[dict[str, Any]], bool]:
    """Whether a pack is asked for, by what its manifest says of it."""
    from city_briefs.common import regions
    from city_briefs.production.packs import packs_toml

    if through is not None and year is None:
        raise UsageError("--through is the cut-off month of a year. Name that with --year.")
    known = packs_toml.packs()
    ids = {packs_toml.find(known, word).id for word in packs or known}
    codes = {regions.known(paths.data()).find(word).code for word in city or ()}
    period = Period(year, through or 12).slug if year is not None else ""

    def wanted(entry: dict[str, Any]) -> bool:
        return entry["pack"] in ids and (not codes or entry["region"] in codes) and period in ("", entry["period"])

    return wanted


def _plan(these: "Sequence[Delivery]", signer: str | None) -> "list[Outcome]":
    """What would become of each."""
    from city_briefs.production.delivery import journal, round, unconfirmed

    folder = paths.deliveries()
    outcomes = round.planned(these, journal.read(folder), unconfirmed.decisions(folder), signer)
    _server(outcomes)
    return outcomes


def _send(these: "Sequence[Delivery]", signer: str | None) -> "list[Outcome]":
    """What became of each."""
    from city_briefs.production.delivery import journal, round, unconfirmed

    folder = paths.deliveries()
    with journal.opened(folder) as kept:
        round.settle(kept, unconfirmed.decisions(folder))
        outcomes = round.planned(these, kept.last, {}, signer)
        try:
            return list(round.deliver(outcomes, kept, _server(outcomes)))
        finally:
            unconfirmed.write(folder, kept.last.values())


def _server(outcomes: "Sequence[Outcome]") -> "Mail | None":
    """The mail server, when any mail is due; a link that would lead nowhere is a UsageError."""
    from city_briefs.production.delivery import mail, round

    due = [one.delivery for one in outcomes if one.status == round.DUE and one.delivery.by_mail]
    if linked := [one.address for one in due if not one.formats and not mail.link()]:
        raise UsageError(
            f"{linked[0]} gets links, and briefs.toml does not say where editions are served. Name the address as link of [mail]."
        )
    return mail.mail() if due else None


@contextmanager
def _told(send: bool) -> Iterator[None]:
    """Let those who are told of failures know too what stops a delivery that was to be sent."""
    try:
        yield
    except BriefError as error:
        if send:
            _tell(FAILED, str(error).splitlines())
        raise


def _tell(subject: str, lines: Sequence[str]) -> None:
    """Mail these lines to those who are told of failures; when that fails too, say so here."""
    from city_briefs.production.delivery.warning import warn

    try:
        warn(subject, lines)
    except BriefError as error:
        print(error, file=sys.stderr)


def _report(outcomes: "Sequence[Outcome]", failures: Sequence[str], send: bool) -> None:
    """Say what was or would be done; what failed comes last, where it is seen."""
    from city_briefs.production.delivery import journal, round

    for one in outcomes:
        if one.status in (round.DUE, journal.SENT):
            print(one.text)
    done = Counter(one.status for one in outcomes)
    new = f"Sent: {done[journal.SENT]}" if send else f"Due: {done[round.DUE]}"
    print(
        f"{new}; before: {done[round.BEFORE]}; not delivered: {len(failures)}.{'' if send else ' Nothing was sent; --send does it.'}"
    )
    print("".join(f"{line}\n" for line in failures), end="", file=sys.stderr)
    if done[round.UNCONFIRMED]:
        file = paths.shown(paths.deliveries() / "unconfirmed.csv")
        print(f"{file}: write sent or again into the column decision of each row, and deliver again.", file=sys.stderr)


def _record(outcomes: "Sequence[Outcome]", faults: Sequence[str]) -> dict[str, Any]:
    """What was or would be done, the contract of `briefs deliver --json`."""
    from city_briefs.production.delivery import round

    counts = Counter(one.status for one in outcomes)
    return {
        **{status: counts[status] for status in round.STATUSES},
        "faults": list(faults),
        "deliveries": [one.record for one in outcomes],
    }
