"""A real mail server on loopback, which keeps what it takes, and breaks off, waits or refuses when it is told to."""

import asyncio
import email
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult

AT_RCPT, AT_DATA, IN_BODY, LOST, KEPT, SILENT = "at RCPT", "at DATA", "in the body", "lost", "kept", "silent"


class Server(SMTP):
    """Breaks the connection at the moment that the fate of a message names; `fates` are in order of RCPT."""

    fate = ""

    def breaks(self) -> None:
        self.transport.abort()

    async def smtp_RCPT(self, arg):
        self.fate = self.event_handler.fate(arg)
        if self.fate == AT_RCPT:
            return self.breaks()
        if self.fate.startswith("RCPT "):
            return await self.push(self.fate.removeprefix("RCPT "))
        return await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if self.fate == AT_DATA:
            return self.breaks()
        if self.fate == IN_BODY:
            await self.push("354 go on")
            await self._reader.read(1000)
            return self.breaks()
        return await super().smtp_DATA(arg)


class Mailbox:
    """What the server took, and what is to become of each message that is offered."""

    def __init__(self, fate: Callable[[int, str], str] = lambda number, address: "") -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.offered = 0
        self.drops: list[str] = []
        self.users: list[str] = []
        self.decide = fate

    def fate(self, arg: str) -> str:
        self.offered += 1
        found = self.decide(self.offered, arg.partition(":")[2].strip("<> "))
        if found in (AT_RCPT, AT_DATA, IN_BODY, LOST, KEPT):
            self.drops.append(found)
        return found

    async def handle_DATA(self, server, session, envelope):
        if server.fate == SILENT:
            await asyncio.sleep(3600)
        if server.fate.startswith("DATA "):
            return server.fate.removeprefix("DATA ")
        if server.fate != LOST:
            self.taken += [(address, envelope.original_content) for address in envelope.rcpt_tos]
        if server.fate in (LOST, KEPT):
            server.breaks()
        return "250 OK"

    def mails(self) -> list[tuple[str, EmailMessage]]:
        """Each mail it took, and for whom; no property, since aiosmtpd asks for those of a handler at every connection."""
        return [(address, email.message_from_bytes(content, policy=default)) for address, content in self.taken]


class Running:
    """The server, in a thread of its own, on a port that was free."""

    def __init__(self, mailbox: Mailbox, **options) -> None:
        self.mailbox, self.options = mailbox, options
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        context = self.options.pop("ssl_context", None)
        made = self.loop.create_server(
            lambda: Server(self.mailbox, hostname="mail.test", **self.options), "127.0.0.1", 0, ssl=context
        )
        self.server = self.loop.run_until_complete(made)
        self.port = self.server.sockets[0].getsockname()[1]
        self.loop.call_soon(ready.set)
        self.loop.run_forever()
        self.server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


def with_password(user: str, password: str) -> dict:
    """Options of a server that knows this user."""

    def authenticator(server, session, envelope, mechanism, data):
        known = (data.login.decode(), data.password.decode()) == (user, password)
        server.event_handler.users += [user] if known else []
        return AuthResult(success=known, handled=False)

    return {"authenticator": authenticator, "auth_require_tls": False}


def context(certificate) -> ssl.SSLContext:
    """What a server needs to show a certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made
