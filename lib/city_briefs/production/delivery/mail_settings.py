"""The server that mail goes out by: `[mail]` of `briefs.toml`, and the user and password that the environment has."""

import os
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr

from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

USER, PASSWORD = "BRIEFS_SMTP_USER", "BRIEFS_SMTP_PASSWORD"  # names of variables
PORTS = {"smtps": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True)
class Mail:
    """How mail is sent, and from whom; `errors` are those who are told of failures, `link` is where editions are served."""

    host: str
    port: int
    tls: str
    name: str
    address: str
    errors: tuple[str, ...]
    link: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def server(self) -> str:
        """The server as messages name it."""
        return f"{self.host}:{self.port}"

    @property
    def domain(self) -> str:
        """The domain of the sender."""
        return self.address.rpartition("@")[2]

    @property
    def sender(self) -> Address:
        """Who sends, as a header has it."""
        return Address(self.name, addr_spec=self.address)


def mail() -> Mail:
    """The settings, with the user and password of the environment.

    Raises:
        UsageError: There is no server or no sender, or anything else is wrong.
    """
    settings = paths.settings().mail
    if not settings.host or not settings.sender:
        missing = "from" if settings.host else "host"
        raise UsageError(
            chosen(
                f"briefs.toml: mail has no {missing}. Name the mail server as host of [mail], and who sends as from.",
                f"briefs.toml的[mail]没有{missing}。请在host写邮件服务器，在from写发件人。",
            )
        )
    name, address = parseaddr(settings.sender)
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if bool(user) != bool(password):
        there, missing = (USER, PASSWORD) if user else (PASSWORD, USER)
        raise UsageError(
            chosen(
                f"{there} is set, and {missing} is not. Set both, or neither.",
                f"设置了{there}而没有设置{missing}。请都设置，或都不设置。",
            )
        )
    port = settings.port or PORTS[settings.tls]
    return Mail(settings.host, port, settings.tls, name, address, tuple(settings.errors), link(), user, password)


def link() -> str:
    """The address under which editions are served, without a slash at its end; empty when there is none."""
    return paths.settings().mail.link.rstrip("/")
