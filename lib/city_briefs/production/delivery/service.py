"""A delivery from end to end: what is asked for, who gets it, what became of it, and word of what failed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from city_briefs.common import paths, regions
from city_briefs.common.errors import DONE, NONE_MADE, SOME_NOT_MADE, BriefError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import FIRST_YEAR, Period, Span, ending_with
from city_briefs.common.terminal import say, say_on_stderr
from city_briefs.production.build import index_page
from city_briefs.production.delivery import backlog, documents, journal, mail_settings, recipients, round, unconfirmed, warning
from city_briefs.production.delivery.documents import Choice
from city_briefs.production.delivery.journal import JournalLine
from city_briefs.production.delivery.mail_settings import Mail
from city_briefs.production.delivery.round import Delivery, Outcome
from city_briefs.production.editions import signature
from city_briefs.production.packs import packs_toml

FAILED = "City Briefs: not everything was delivered", "城市简报：没有全部送达"


@dataclass(frozen=True)
class Request:
    """What is to be delivered: editions to readers, or drafts to reviewers; `send` says whether it is sent or only planned.

    Without packs or cities all are meant, without a span packs of every span. Without a year, editions of any period go that somebody
    still lacks (`backlog`), and drafts of the newest period. With the file of a public key, all must be signed by it. `out` is where
    drafts lie.
    """

    packs: Sequence[str] = ()
    cities: Sequence[str] = ()
    year: int | None = None
    through: int | None = None
    span: str | None = None
    drafts: bool = False
    send: bool = False
    out: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Result:
    """What became of a request: the outcome of each delivery, and the faults of documents that could not be delivered at all.

    `left_out` is the number of editions of earlier periods that are left out, by address.
    """

    request: Request
    outcomes: Sequence[Outcome]
    faults: Sequence[str]
    left_out: Mapping[str, int]

    @cached_property
    def failures(self) -> list[str]:
        """What failed, a sentence each."""
        return [*self.faults, *dict.fromkeys(outcome.text for outcome in self.outcomes if outcome.failed)]

    @property
    def exit_code(self) -> int:
        """With which the command ends."""
        if not self.failures:
            return DONE
        return SOME_NOT_MADE if not self.request.send or any(not outcome.failed for outcome in self.outcomes) else NONE_MADE

    @property
    def record(self) -> dict[str, Any]:
        """It as plain JSON, the contract of `briefs deliver --json`."""
        counts = Counter(outcome.status for outcome in self.outcomes)
        return {
            **{status: counts[status] for status in round.STATUSES},
            "faults": list(self.faults),
            "left_out": dict(self.left_out),
            "deliveries": [outcome.record for outcome in self.outcomes],
        }


def report(result: Result) -> None:
    """Say what was or would be done; what failed comes last, where it is seen."""
    send = result.request.send
    for outcome in result.outcomes:
        if outcome.status in (round.DUE, journal.SENT):
            say(outcome.text)
    done = Counter(outcome.status for outcome in result.outcomes)
    sent, due, before, failed = done[journal.SENT], done[round.DUE], done[round.BEFORE], len(result.failures)
    new, new_zh = (f"Sent: {sent}", f"已发{sent}份") if send else (f"Due: {due}", f"待发{due}份")
    nothing, nothing_zh = ("", "") if send else (" Nothing was sent; --send does it.", "尚未发送，加--send才发送。")
    say(
        chosen(
            f"{new}; before: {before}; not delivered: {failed}.{nothing}",
            f"{new_zh}，以前已发{before}份，未送达{failed}份。{nothing_zh}",
        )
    )
    say("".join(f"{line}\n" for line in backlog.sentences(result.left_out)), end="")
    say_on_stderr("".join(f"{line}\n" for line in result.failures), end="")
    if done[round.UNCONFIRMED]:
        file = paths.shown(paths.deliveries() / "unconfirmed.csv")
        say_on_stderr(
            chosen(
                f"{file}: write sent or again into the column decision of each row, and deliver again.",
                f"{file}：请在每行decision栏写sent或again，再分送一次。",
            )
        )


def deliver(request: Request, show: Callable[[Result], None] = report) -> Result:
    """Deliver what is asked for, each document once to everyone who may have it, and show what became of it.

    Those who are told of failures are told of what was not sent, and of what stopped a request that was to be sent.
    """
    with _told(request):
        wanted = _wanted(request)
        signer = signature.public(request.key) if request.key else None
        listed = recipients.listed()
        folder = (request.out or paths.outputs()).absolute()
        at_hand = documents.drafts(folder, wanted) if request.drafts else documents.issued(wanted)
        due = round.deliveries(at_hand.documents, listed, recipients.REVIEWER if request.drafts else recipients.READER)
        outcomes, left_out = (_send if request.send else _plan)(request, due, signer)
    result = Result(request, outcomes, at_hand.faults, left_out)
    show(result)
    if request.send and result.failures:
        _tell(result.failures)
    return result


def _list(out: Path) -> None:
    """Write the index of the outputs, which says what has arrived; where there is none, or it cannot be written, the next build does."""
    if (out / index_page.FILE).is_file():
        with suppress(OSError):
            index_page.write(out)


def _wanted(request: Request) -> Choice:
    """Whether a pack is asked for, by what its manifest says of it."""
    if request.through is not None and request.year is None:
        raise UsageError(
            chosen(
                "--through is the cut-off month of a year. Name that with --year.",
                "--through是某年的截止月份。请用--year指定年份。",
            )
        )
    if request.span is not None:
        Period(FIRST_YEAR, span=cast(Span, request.span))  # which says when there is no such span
    packs = packs_toml.packs()
    named = [packs_toml.find(packs, word) for word in request.packs or packs]
    ids = {pack.id for pack in named if request.span in (None, pack.span)}
    codes = {regions.known(paths.data()).find(word).code for word in request.cities}
    last = Period(request.year, request.through or 12) if request.year is not None else None
    asked = {period.slug for period in ending_with(last)} if last else set()

    def wanted(entry: dict[str, Any]) -> bool:
        is_of_region = not codes or entry["region"] in codes
        return entry["pack"] in ids and is_of_region and (not asked or entry["period"] in asked)

    return wanted


def _plan(request: Request, due: Sequence[Delivery], signer: str | None) -> tuple[list[Outcome], Mapping[str, int]]:
    """What would become of each, and what is left out."""
    folder = paths.deliveries()
    last = journal.read(folder)
    going, left_out = _parted(request, due, last)
    outcomes = round.planned(going, last, unconfirmed.decisions(folder), signer)
    _server(outcomes)
    return outcomes, left_out


def _send(request: Request, due: Sequence[Delivery], signer: str | None) -> tuple[list[Outcome], Mapping[str, int]]:
    """What became of each, and what is left out."""
    folder = paths.deliveries()
    with journal.opened(folder) as kept:
        round.settle(kept, unconfirmed.decisions(folder))
        going, left_out = _parted(request, due, kept.last)
        outcomes = round.planned(going, kept.last, {}, signer)
        try:
            done = list(round.deliver(outcomes, kept, _server(outcomes)))
        except BaseException:
            with suppress(OSError):  # such as a full disk, which is said already
                _write_lists(request, folder, kept)
            raise
        _write_lists(request, folder, kept)
        return done, left_out


def _write_lists(request: Request, folder: Path, kept: journal.Journal) -> None:
    """Write what follows from the journal: what waits for a person, and what stands in outputs."""
    unconfirmed.write(folder, kept.last.values())
    _list((request.out or paths.outputs()).absolute())


def _parted(
    request: Request, due: Sequence[Delivery], last: Mapping[str, JournalLine]
) -> tuple[Sequence[Delivery], Mapping[str, int]]:
    """Those that go, and how many are left out by address: none of drafts, which are of the newest period, nor where a year is named."""
    return (due, {}) if request.drafts or request.year is not None else backlog.part(due, last)


def _server(outcomes: Sequence[Outcome]) -> Mail | None:
    """The mail server, when any mail is due; a link that would lead nowhere is a UsageError."""
    due = [outcome.delivery for outcome in outcomes if outcome.status == round.DUE and outcome.delivery.by_mail]
    if linked := [delivery.address for delivery in due if not delivery.formats and not mail_settings.link()]:
        raise UsageError(
            chosen(
                f"{linked[0]} gets links, and briefs.toml does not say where editions are served. Name the address as link of [mail].",
                f"{linked[0]}收链接，而briefs.toml没有写明在哪里查看各版简报。请在[mail]的link写明网址。",
            )
        )
    return mail_settings.mail() if due else None


@contextmanager
def _told(request: Request) -> Iterator[None]:
    """Let those who are told of failures know too what stops a delivery that was to be sent."""
    try:
        yield
    except BriefError as error:
        if request.send:
            _tell(str(error).split("\n"))
        raise


def _tell(lines: Sequence[str]) -> None:
    """Mail these lines to those who are told of failures; when that fails too, say so here."""
    try:
        warning.warn(chosen(*FAILED), lines)
    except BriefError as error:
        say_on_stderr(error)
