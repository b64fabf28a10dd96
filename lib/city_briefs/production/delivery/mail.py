"""The server that mail goes out by: `[mail]` of `briefs.toml`, and the user and password that the environment has."""

import os
import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from city_briefs.common import paths
from city_briefs.common.errors import UsageError

USER, PASSWORD = "BRIEFS_SMTP_USER", "BRIEFS_SMTP_PASSWORD"  # names of variables
PORTS = {"smtps": 465, "starttls": 587, "none": 25}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Narrower than RFC 5321: what begins otherwise, a shell or a spreadsheet might run.
ADDRESS = re.compile(r"(?=.{3,254}\Z)[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
HOST = re.compile(r"[A-Za-z0-9.:-]+", re.ASCII)


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
    """The settings. A server that is not named, or would be sent to in the clear, is a UsageError, and so is anything else wrong."""
    settings = paths.settings()["mail"]
    name, address = parseaddr(settings["from"])
    _check_server(settings)
    if not ADDRESS.fullmatch(address) or not settings["from"].isprintable():
        raise UsageError(
            f"briefs.toml: mail.from is an address, such as briefs@example.org or Name <briefs@example.org>, not '{settings['from']}'."
        )
    for receiver in settings["errors"]:
        if not ADDRESS.fullmatch(receiver):
            raise UsageError(f"briefs.toml: mail.errors has '{receiver}', which is no address of mail.")
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if bool(user) != bool(password):
        there, missing = (USER, PASSWORD) if user else (PASSWORD, USER)
        raise UsageError(f"{there} is set, and {missing} is not. Set both, or neither.")
    port = settings["port"] or PORTS[settings["tls"]]
    return Mail(settings["host"], port, settings["tls"], name, address, tuple(settings["errors"]), link(), user, password)


def link() -> str:
    """The address under which editions are served, without a slash at its end; empty when there is none."""
    address: str = paths.settings()["mail"]["link"]
    if address and not (
        urlsplit(address).scheme in ("http", "https")
        and urlsplit(address).netloc
        and address.isprintable()
        and " " not in address
    ):
        raise UsageError(f"briefs.toml: mail.link is an address such as https://briefs.example.org/editions, not '{address}'.")
    return address.rstrip("/")


def _check_server(settings: dict[str, str]) -> None:
    if not settings["host"]:
        raise UsageError("briefs.toml: mail has no host. Name the mail server as host of [mail], and who sends as from.")
    if not HOST.fullmatch(settings["host"]):
        raise UsageError(f"briefs.toml: mail.host is the name of a server, such as mail.example.org, not '{settings['host']}'.")
    if settings["tls"] not in PORTS:
        raise UsageError(f"briefs.toml: mail.tls is smtps, starttls or none, not '{settings['tls']}'.")
    if settings["tls"] == "none" and settings["host"] not in LOOPBACK:
        raise UsageError(
            f"briefs.toml: mail.tls is none, and what goes to '{settings['host']}' could be read on the way. "
            f"That is for a server on this machine ({', '.join(LOOPBACK)}). Say smtps or starttls."
        )
    if not 0 <= int(settings["port"]) < 65536:
        raise UsageError(f"briefs.toml: mail.port is a number below 65536, not '{settings['port']}'.")
