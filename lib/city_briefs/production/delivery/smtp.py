"""Mail handed to the server by SMTP, so that it is known at each step whether it can have been delivered.

Before the final dot of a message nothing can. After it only the server's answer says; without one it is not known.
"""

import re
import select
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from typing import Any

from city_briefs.common.errors import DeliveryError
from city_briefs.common.language import chosen
from city_briefs.production.delivery.mail_settings import Mail

TIMEOUT = 60  # seconds for a connection and for each answer
FINAL_TIMEOUT = 600  # seconds for the answer to a whole message, RFC 5321, 4.5.3.2.6
BACK_OFF = (1, 10, 30)  # seconds before what failed for now is tried again, in one run
PIECE = 1 << 14  # bytes of a message that are sent at once
REPLY_LENGTH = 200
REPLY_MOST = 1 << 16  # bytes of a whole reply; RFC 5321 has lines of 512


class NotTaken(DeliveryError):
    """It has surely not been delivered; `permanent` when the server will not take it later either."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Unanswered(DeliveryError):
    """It may have been delivered or not."""


class Unreachable(DeliveryError):
    """No mail can be sent at all."""


class _Reply:
    """A reply as it comes, line by line: not longer than REPLY_MOST, and whole within the time that the socket waits for a part."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._stream = sock, sock.makefile("rb")
        self.begin()

    def begin(self) -> None:
        """Begin the next reply."""
        self._left, self._until = REPLY_MOST, time.monotonic() + (self._sock.gettimeout() or TIMEOUT)

    def readline(self, most: int) -> bytes:
        """Return the next line, or `most` bytes of it; nothing at the end. A reply without end is an OSError."""
        line = b""
        while not line.endswith(b"\n") and len(line) < most and (there := self._stream.peek(1)[: most - len(line)]):
            line += self._stream.read(there.find(b"\n") + 1 or len(there))
            if time.monotonic() > self._until or len(line) > self._left:
                raise TimeoutError("The reply has no end")
        self._left -= len(line)
        return line

    def close(self) -> None:
        """Close it."""
        self._stream.close()


class _Bounded:
    """Has smtplib read bounded replies."""

    file: Any
    sock: Any

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the words of a reply."""
        if self.file is None and self.sock:
            self.file = _Reply(self.sock)
        if self.file:
            self.file.begin()
        answer: tuple[int, bytes] = super().getreply()  # type: ignore[misc]
        return answer


class _Smtp(_Bounded, smtplib.SMTP):
    pass


class _SmtpOverTls(_Bounded, smtplib.SMTP_SSL):
    pass


class SmtpConnection:
    """A mail server, and the connection to it, which is made when it is needed and made again when it broke."""

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        self._smtp: smtplib.SMTP | None = None

    def leave(self) -> None:
        """Take leave of the server."""
        with suppress(smtplib.SMTPException, OSError):
            if self._smtp:
                self._smtp.quit()
        self._close()

    def offer(self, address: str) -> None:
        """Say that a message for this address will come; when it is not wanted, NotTaken. Nothing of the message is sent."""
        smtp = self._connected()
        try:
            code, reply = smtp.mail(self.mail.address)
            if code == 250:
                code, reply = smtp.rcpt(address)
        except (smtplib.SMTPException, OSError):
            self._close()
            raise NotTaken(chosen("The connection broke before the message was sent.", "邮件发出前连接中断。")) from None
        if code not in (250, 251):
            self._refused(code, reply)

    def hand_over(self, message: bytes) -> None:
        """Send the message that was offered; it is the server's when this returns. Else NotTaken, or Unanswered."""
        smtp = self._smtp
        assert smtp is not None and smtp.sock is not None
        body = re.sub(rb"(?m)^\.", b"..", message)
        try:
            code, reply = smtp.docmd("DATA")
            if code == 354:
                self._send(smtp, body if body.endswith(b"\r\n") else body + b"\r\n")
                if select.select([smtp.sock], [], [], 0)[0]:  # it has spoken, or left, before its turn
                    raise smtplib.SMTPServerDisconnected
        except (smtplib.SMTPException, OSError):
            self._close()
            raise NotTaken(chosen("The connection broke before the message was whole.", "邮件发完前连接中断。")) from None
        if code != 354:
            self._refused(code, reply)
        self._finish(smtp)

    def _send(self, smtp: smtplib.SMTP, body: bytes) -> None:
        """Send the whole of a message to a server that takes at least PIECE bytes in TIMEOUT seconds, however long that takes in all."""
        for start in range(0, len(body), PIECE):  # the time of a socket is for all that is handed to it at once
            smtp.send(body[start : start + PIECE])

    def _finish(self, smtp: smtplib.SMTP) -> None:
        """Send the final dot, and wait for what the server says."""
        try:
            smtp.sock.settimeout(FINAL_TIMEOUT)  # type: ignore[union-attr]
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
            smtp.sock.settimeout(TIMEOUT)  # type: ignore[union-attr]
        except (smtplib.SMTPException, OSError):
            code, reply = -1, b""
        if 400 <= code < 600:
            self._refused(code, reply)
        if not 200 <= code < 300:
            self._close()
            raise Unanswered(
                chosen("The server had the whole message, and did not answer.", "服务器已收到整封邮件，但没有答复。")
            )

    def _refused(self, code: int, reply: bytes) -> None:
        """Raise what the server has said, and make ready for the next message."""
        try:
            if code == 421 or self._smtp is None or self._smtp.rset()[0] != 250:
                self._close()
        except (smtplib.SMTPException, OSError):
            self._close()
        words = "".join(character if character.isprintable() else " " for character in reply.decode("utf-8", "replace"))[
            :REPLY_LENGTH
        ]
        if self.mail.password:
            words = words.replace(self.mail.password, "…")
        said = f"{code} {words}".rstrip(" .")
        raise NotTaken(chosen(f"The server refuses it: {said}.", f"服务器拒收：{said}。"), permanent=code >= 500)

    def _close(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        """The connection; where none can be had, Unreachable."""
        for pause in (*BACK_OFF, None):
            if self._smtp:
                break
            try:
                self._smtp = self._open()
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, TimeoutError, ConnectionError) as error:
                if pause is None:
                    raise Unreachable(self._unreachable(error)) from None
                time.sleep(pause)
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(self._unreachable(error)) from None
        assert self._smtp is not None
        return self._smtp

    def _open(self) -> smtplib.SMTP:
        """A new connection, its certificate verified, its user known."""
        mail, context = self.mail, ssl.create_default_context()
        if mail.tls == "smtps":
            smtp: smtplib.SMTP = _SmtpOverTls(mail.host, mail.port, mail.domain, timeout=TIMEOUT, context=context)
        else:
            smtp = _Smtp(mail.host, mail.port, mail.domain, timeout=TIMEOUT)
        try:
            assert smtp.sock is not None  # after a lone dot the system would else wait for more to send with it
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if mail.tls == "starttls":
                smtp.starttls(context=context)
            if mail.user:
                smtp.login(mail.user, mail.password)
            else:
                smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _unreachable(self, error: Exception) -> str:
        """Why there is no connection. Of what a server says to a password nothing is repeated."""
        server, server_zh, tls = f"The mail server {self.mail.server}", f"邮件服务器{self.mail.server}", self.mail.tls
        match error:
            case smtplib.SMTPAuthenticationError():
                return chosen(
                    f"{server} does not know the user and the password of BRIEFS_SMTP_USER and BRIEFS_SMTP_PASSWORD ({error.smtp_code}).",
                    f"{server_zh}不认BRIEFS_SMTP_USER和BRIEFS_SMTP_PASSWORD的用户名和密码（{error.smtp_code}）。",
                )
            case smtplib.SMTPNotSupportedError():
                return chosen(
                    f"{server} does not offer what is asked for: STARTTLS, or a way to log in. See tls of [mail] in briefs.toml.",
                    f"{server_zh}不支持所要求的STARTTLS或登录方式。请查看briefs.toml里[mail]的tls。",
                )
            case ssl.SSLCertVerificationError():
                why = error.verify_message
                return chosen(
                    f"{server} has a certificate that does not hold: {why}. SSL_CERT_FILE names those that are trusted.",
                    f"{server_zh}的证书无效：{why}。受信任的证书由SSL_CERT_FILE指定。",
                )
            case ssl.SSLError():
                return chosen(
                    f"{server} does not speak TLS as tls = '{tls}' has it. See host, port and tls of [mail] in briefs.toml.",
                    f"{server_zh}的TLS方式不是tls = '{tls}'。请查看briefs.toml里[mail]的host、port和tls。",
                )
            case smtplib.SMTPResponseException():
                return chosen(
                    f"{server} takes no mail now: it says {error.smtp_code}.", f"{server_zh}现在不收邮件：答复{error.smtp_code}。"
                )
            case smtplib.SMTPException():
                return chosen(f"{server} broke the connection.", f"{server_zh}中断了连接。")
        reason = getattr(error, "strerror", None) or str(error)
        return chosen(
            f"{server} does not answer: {reason}. See host and port of [mail] in briefs.toml.",
            f"{server_zh}没有应答：{reason}。请查看briefs.toml里[mail]的host和port。",
        )
