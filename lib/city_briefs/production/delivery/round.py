"""A round of delivery: each document to each who may have it, once. What cannot be known to have arrived is left to a person."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from city_briefs.common import atomic_files
from city_briefs.common.errors import DeliveryError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.production.delivery import message, smtp
from city_briefs.production.delivery.documents import Document
from city_briefs.production.delivery.journal import AGAIN, INTENT, REFUSED, SENT, UNANSWERED, Journal, JournalLine
from city_briefs.production.delivery.mail_settings import Mail
from city_briefs.production.delivery.recipients import FOLDER, Recipient
from city_briefs.production.delivery.smtp import NotTaken, SmtpConnection, Unanswered, Unreachable

DUE, BEFORE, UNCONFIRMED, WITHHELD = "due", "before", "unconfirmed", "withheld"
STATUSES = (DUE, SENT, BEFORE, REFUSED, UNCONFIRMED, WITHHELD)
STATUSES_ZH = {DUE: "待发", SENT: "已发", BEFORE: "以前已发", REFUSED: "被拒收", UNCONFIRMED: "未确认", WITHHELD: "暂不发送"}
IN_A_ROW = 5  # messages without an answer, after which a server is left alone
NO_ANSWER = (
    f"The mail server left {IN_A_ROW} messages in a row without an answer, and was sent no more.",
    f"邮件服务器连续{IN_A_ROW}封没有答复，不再发送。",
)
DECIDED = "Decided by a person."


@dataclass(frozen=True)
class Delivery:
    """One document for one recipient, in some formats; without any, as links."""

    address: str
    document: Document
    formats: tuple[str, ...]

    @property
    def by_mail(self) -> bool:
        """Whether it goes by mail, and not to a folder."""
        return not self.address.startswith(FOLDER)

    @cached_property
    def line(self) -> JournalLine:
        """What the journal says of it before anything has come to pass."""
        entry = self.document.entry
        identity = message.identity(self.document, self.address)
        issued_on = entry["approval"]["issued_on"] if "approval" in entry else ""
        return JournalLine(
            identity,
            self.address,
            entry["pack"],
            entry["region"],
            entry["period"],
            self.document.number,
            entry.get("hash", ""),
            issued_on,
        )


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery, and why: it is due, was sent now or before, was refused, is unconfirmed, or was withheld by us.

    What may go another time is to be tried `again`.
    """

    delivery: Delivery
    status: str
    why: str = ""
    again: bool = False

    @property
    def failed(self) -> bool:
        """Whether it should have arrived and is not known to have."""
        return self.status in (REFUSED, UNCONFIRMED, WITHHELD)

    @property
    def record(self) -> dict[str, Any]:
        """It as plain JSON."""
        line = self.delivery.line
        facts = {
            "address": line.address,
            "pack": line.pack,
            "region": line.region,
            "period": line.period,
            "edition": line.edition,
        }
        return {**facts, "formats": list(self.delivery.formats), "message_id": line.id, "status": self.status, "why": self.why}

    @property
    def text(self) -> str:
        """As a sentence."""
        document, address = self.delivery.document.name, self.delivery.address
        if self.status == WITHHELD:
            return chosen(f"{document} is withheld. {self.why}", f"{document}暂不发送。{self.why}")
        return chosen(
            f"{address}: {document} is {self.status}. {self.why}", f"{address}：{document}{STATUSES_ZH[self.status]}。{self.why}"
        ).rstrip()


def deliveries(documents: Iterable[Document], recipients: Sequence[Recipient], role: str) -> list[Delivery]:
    """Each document with each address of that role that may have it, in all formats that any row of theirs asks for."""
    wanted = []
    for document in documents:
        formats: dict[str, tuple[str, dict[str, None]]] = {}
        for recipient in recipients:
            if recipient.role == role and recipient.gets(document.entry):
                formats.setdefault(recipient.address.casefold(), (recipient.address, {}))[1].update(
                    dict.fromkeys(recipient.formats)
                )
        wanted += [Delivery(address, document, tuple(asked)) for address, asked in formats.values()]
    return wanted


def planned(
    these: Sequence[Delivery], last: Mapping[str, JournalLine], decided: Mapping[str, str], key: str | None
) -> list[Outcome]:
    """What is known of each before a round: by the journal, by what a person has decided, and by the files that would be sent.

    Only what is due and as it was made, and signed by the key if one is given, stays due.
    """
    outcomes = known(these, last, decided)
    documents = {outcome.delivery.document.folder: outcome.delivery.document for outcome in outcomes if outcome.status == DUE}
    differences = {folder: chosen(" ", "").join(document.differences(key)) for folder, document in documents.items()}
    return [
        Outcome(outcome.delivery, WITHHELD, reasons)
        if outcome.status == DUE and (reasons := differences[outcome.delivery.document.folder])
        else outcome
        for outcome in outcomes
    ]


def known(these: Iterable[Delivery], last: Mapping[str, JournalLine], decided: Mapping[str, str]) -> list[Outcome]:
    """What the journal and a person's decisions say of each: it is due, was sent before, or is unconfirmed."""
    return [_known(delivery, last, decided) for delivery in these]


def _known(delivery: Delivery, last: Mapping[str, JournalLine], decided: Mapping[str, str]) -> Outcome:
    line = last.get(delivery.line.id)
    if line is None:
        return Outcome(delivery, DUE)
    event = decided.get(line.id, line.event) if line.is_unconfirmed else line.event
    if event == SENT:
        return Outcome(delivery, BEFORE)
    return Outcome(delivery, UNCONFIRMED, line.reason) if event in (INTENT, UNANSWERED) else Outcome(delivery, DUE)


def settle(journal: Journal, decided: Mapping[str, str]) -> None:
    """Write what a person has decided into the journal."""
    for line in [line for line in journal.last.values() if line.is_unconfirmed and line.id in decided]:
        journal.add(line, SENT if decided[line.id] == SENT else AGAIN, DECIDED)


def deliver(outcomes: Sequence[Outcome], journal: Journal, mail: Mail | None) -> Iterator[Outcome]:
    """Deliver what is due, and say of each what became of it, as it comes; what failed for now is tried again after some time."""
    yield from (outcome for outcome in outcomes if outcome.status != DUE)
    waiting = [outcome.delivery for outcome in outcomes if outcome.status == DUE]
    put_off: list[Outcome] = []
    with closing(_Round(journal, mail)) as round_:
        for pause in (0, *smtp.BACK_OFF):
            time.sleep(pause if waiting else 0)
            put_off = []
            for due in waiting:
                outcome = round_.attempt(due)
                if outcome.again:
                    put_off.append(outcome)
                else:
                    yield outcome
            waiting = [outcome.delivery for outcome in put_off]
    yield from put_off


class _Round:
    """The way to the recipients, until it is found closed."""

    def __init__(self, journal: Journal, mail: Mail | None) -> None:
        self.journal = journal
        self.server = SmtpConnection(mail) if mail else None
        self.closed = ""
        self.unanswered = 0

    def close(self) -> None:
        """Take leave of the server."""
        if self.server:
            self.server.leave()

    def attempt(self, delivery: Delivery) -> Outcome:
        """Deliver one, and say what became of it."""
        if self.closed and delivery.by_mail:
            return self._not_taken(delivery, self.closed)
        try:
            self._hand_over(delivery)
        except Unreachable as error:
            self.closed = str(error)
            return self._not_taken(delivery, self.closed)
        except NotTaken as error:
            return self._not_taken(delivery, str(error), again=not error.permanent)
        except Unanswered as error:
            self.journal.add(delivery.line, UNANSWERED, str(error))
            self.unanswered += 1
            self.closed = chosen(*NO_ANSWER) if self.unanswered == IN_A_ROW else ""
            return Outcome(delivery, UNCONFIRMED, str(error))
        except DeliveryError as error:
            return Outcome(delivery, WITHHELD, str(error))
        self.unanswered = 0 if delivery.by_mail else self.unanswered
        return Outcome(delivery, SENT)

    def _not_taken(self, delivery: Delivery, why: str, *, again: bool = False) -> Outcome:
        """Note that it was not taken; by the line it is known later that the recipient was served at this time (`backlog`)."""
        self.journal.add(delivery.line, REFUSED, why)
        return Outcome(delivery, REFUSED, why, again)

    def _hand_over(self, delivery: Delivery) -> None:
        """Give it to its folder or to the server, with a line in the journal before and after."""
        document = delivery.document
        files = {document.file_name(form): document.file(form) for form in delivery.formats}
        if not delivery.by_mail:
            place = Path(delivery.address.removeprefix(FOLDER))
            _check_folder(place)
            self.journal.add(delivery.line, INTENT)
            _write_folder(place, files)
        else:
            assert self.server is not None
            content = message.composed(document, delivery.address, files, self.server.mail)
            self.server.offer(delivery.address)
            self.journal.add(delivery.line, INTENT)
            self.server.hand_over(content)
        self.journal.add(delivery.line, SENT)


def _check_folder(folder: Path) -> None:
    """See that the folder is there; one that is not is NotTaken, since a share that is not mounted would hide what is written."""
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise NotTaken(
            chosen(
                f"The folder {shown(folder)} is not there, or cannot be written to. Make it, or mount it.",
                f"文件夹{shown(folder)}不存在或无法写入。请建立或挂载。",
            ),
            permanent=True,
        )


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, by their names, on the disk when this returns; what cannot be written is NotTaken."""
    try:
        for name, content in files.items():
            with atomic_files.whole(folder / name) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise NotTaken(
            chosen(
                f"The folder {shown(folder)} cannot be written to: {error.strerror}.",
                f"文件夹{shown(folder)}无法写入（{error.strerror}）。",
            )
        ) from None
