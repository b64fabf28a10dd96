"""Word of failures, by mail to those who can mend them: `errors` of `[mail]`, and the rows of `recipients.csv` that are errors-only."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from city_briefs.common import secrets
from city_briefs.common.errors import BriefError, DeliveryError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say_on_stderr
from city_briefs.production.delivery import mail_settings, recipients
from city_briefs.production.delivery.mail_settings import Mail
from city_briefs.production.delivery.message import POLICY
from city_briefs.production.delivery.smtp import NotTaken, SmtpConnection, Unanswered

LINES = 500  # of a log that never ends


def warn(subject: str, lines: Iterable[str]) -> list[str]:
    """Mail these lines to everyone on the error list; returns their addresses.

    Without anybody on it, or without a mail server, a UsageError; when somebody could not be sent it, a DeliveryError that names them.
    """
    by, reasons = mail_settings.mail(), list(lines)
    addresses = _addresses(by)
    if not addresses:
        raise UsageError(
            chosen(
                "Nobody is told of failures. Name addresses as errors of [mail] in briefs.toml.",
                "没有人接收故障通知。请在briefs.toml的[mail]里用errors写明地址。",
            )
        )
    server, failed = SmtpConnection(by), []
    try:
        for address in addresses:
            try:
                server.offer(address)
                server.hand_over(_composed(subject, reasons, address, by))
            except (NotTaken, Unanswered) as error:
                failed.append(chosen(f"{address} could not be told of failures. {error}", f"故障通知未能发给{address}。{error}"))
    finally:
        server.leave()
    if failed:
        raise DeliveryError("\n".join(failed))
    return addresses


def not_made(what: str, lines: Sequence[str]) -> None:
    """Mail what could not be made, and why, as `warn` does."""
    warn(chosen(f"City Briefs: {what} could not be made", f"城市简报：{what}未能编制"), lines)


@contextmanager
def raised(what: str) -> Iterator[None]:
    """Whatever goes wrong in here is mailed, and then goes its way: what cron makes by itself never fails in silence."""
    try:
        yield
    except Exception as error:
        try:
            not_made(what, [str(error) if isinstance(error, BriefError) else f"{type(error).__name__}: {error}"])
        except BriefError as unsent:
            say_on_stderr(unsent)
        raise


def _addresses(by: Mail) -> list[str]:
    """Who is told. Rows that cannot be read are no reason to tell nobody."""
    listed: Sequence[recipients.Recipient] = ()
    with suppress(BriefError):
        listed = recipients.listed()
    return list(
        dict.fromkeys([*by.errors, *(recipient.address for recipient in listed if recipient.role == recipients.ERRORS_ONLY)])
    )


def _composed(subject: str, lines: Sequence[str], address: str, by: Mail) -> bytes:
    """The mail, without a password of any address in it."""
    left = len(lines) - LINES
    rest = [chosen(f"… and lines left out: {left}.", f"……另有{left}行从略。")] if left > 0 else []
    message = EmailMessage(policy=POLICY)
    message["Subject"] = "".join(character if character.isprintable() else " " for character in secrets.masked(subject))
    message["From"] = by.sender
    message["To"] = address
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=by.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join([*map(secrets.masked, lines[:LINES]), *rest]) + "\n")
    return message.as_bytes()
