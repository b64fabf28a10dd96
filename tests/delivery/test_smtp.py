"""Mail goes over TLS whose certificate holds, as a user that the server knows; whatever is in the way is a sentence without a password."""

import io
import socket
import threading
import time

import pytest

from city_briefs.common.errors import DeliveryError, UsageError
from city_briefs.production.delivery import mail_settings, smtp, warning
from tests.delivery.server import SILENT, context, with_password
from tests.helpers.waiting import WAIT

SECRET = "planted-smtp-password"


@pytest.fixture
def user(monkeypatch):
    monkeypatch.setenv(mail_settings.USER, "briefs")
    monkeypatch.setenv(mail_settings.PASSWORD, SECRET)


@pytest.fixture
def trusted(monkeypatch, certificate):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def refused(kind=smtp.Unreachable):
    with pytest.raises(kind) as error:
        warning.warn("subject", ["line"])
    return str(error.value)


def test_mail_goes_over_tls_from_the_first_byte_with_a_password(office, running, certificate, trusted, user):
    server = running(ssl_context=context(certificate), **with_password("briefs", SECRET))
    office.settings(server.port, tls="smtps")
    assert warning.warn("subject", ["line"]) == ["chief@office.test"]
    assert len(server.mailbox.taken) == 1 and server.mailbox.users == ["briefs"]


def test_mail_goes_over_tls_that_a_connection_is_raised_to(office, running, certificate, trusted, user):
    server = running(tls_context=context(certificate), require_starttls=True, **with_password("briefs", SECRET))
    office.settings(server.port, tls="starttls")
    warning.warn("subject", ["line"])
    assert len(server.mailbox.taken) == 1 and server.mailbox.users == ["briefs"]


@pytest.mark.parametrize(("tls", "option"), [("smtps", "ssl_context"), ("starttls", "tls_context")])
def test_a_certificate_that_does_not_hold_is_sent_nothing(office, running, certificate, user, tls, option):
    server = running(**{option: context(certificate)})
    office.settings(server.port, tls=tls)
    said = f"The mail server 127.0.0.1:{server.port} has a certificate that does not hold: self-signed certificate. SSL_CERT_FILE names those that are trusted."
    assert refused() == said and server.mailbox.offered == 0


def test_a_server_that_offers_no_tls_is_sent_nothing(office, running, user):
    server = running()
    office.settings(server.port, tls="starttls")
    assert (
        refused()
        == f"The mail server 127.0.0.1:{server.port} does not offer what is asked for: STARTTLS, or a way to log in. See tls of [mail] in briefs.toml."
    )
    office.settings(server.port, tls="smtps")
    assert (
        refused()
        == f"The mail server 127.0.0.1:{server.port} does not speak TLS as tls = 'smtps' has it. See host, port and tls of [mail] in briefs.toml."
    )
    assert server.mailbox.offered == 0


def test_a_wrong_password_is_said_without_it(office, running, certificate, trusted, user):
    server = running(ssl_context=context(certificate), **with_password("briefs", "another"))
    office.settings(server.port, tls="smtps")
    assert (
        refused()
        == f"The mail server 127.0.0.1:{server.port} does not know the user and the password of BRIEFS_SMTP_USER and BRIEFS_SMTP_PASSWORD (535)."
    )


def test_a_server_that_is_not_there_is_named(office):
    assert (
        refused()
        == "The mail server 127.0.0.1:1 does not answer: Connection refused. See host and port of [mail] in briefs.toml."
    )


def test_a_server_that_is_not_there_leaves_all_for_a_later_run(briefs, office):
    office.edition()
    office.recipients("li@city.test,*,*,pdf,", "wang@city.test,*,*,pdf,")
    said = "The mail server 127.0.0.1:1 does not answer: Connection refused. See host and port of [mail] in briefs.toml.\n"
    code, _, err = briefs("deliver", "--send")
    assert code == 5 and err == "".join(
        [f"{name}@city.test: 兰州市 2021 city-brief, edition 1 is refused. {said}" for name in ("li", "wang")] + [said]
    )
    assert office.events() == ["refused", "refused"] and not office.unconfirmed.exists()  # so that both are served later


def test_a_server_that_repeats_the_password_is_not_repeated(briefs, office, running, user):
    server = running(lambda number, address: f"RCPT 550 {SECRET} is not it", **with_password("briefs", SECRET))
    office.settings(server.port)
    office.edition()
    office.recipients("li@city.test,*,*,pdf,")
    code, out, err = briefs("deliver", "--send")
    assert (
        code == 5
        and "li@city.test: 兰州市 2021 city-brief, edition 1 is refused. The server refuses it: 550 … is not it.\n" in err
    )
    assert SECRET not in out + err + office.journal.read_text("utf-8")


def test_no_secret_is_in_anything_that_is_sent_or_kept(briefs, office, running, certificate, trusted, user):
    server = running(ssl_context=context(certificate), **with_password("briefs", SECRET))
    office.settings(server.port, tls="smtps")
    office.edition()
    office.recipients("li@city.test,*,*,pdf,", "wang@city.test,*,*,docx,")
    (office.register / "2021/620100/city-brief/1/city-brief.docx").unlink()
    office.edition("620200")
    code, out, err = briefs("deliver", "--send")
    assert code == 4 and len(server.mailbox.taken) == 3
    kept = b"".join(file.read_bytes() for file in office.folder.rglob("*") if file.is_file())
    assert SECRET.encode() not in b"".join(content for _, content in server.mailbox.taken) + kept + (out + err).encode()
    assert SECRET not in repr(mail_settings.mail())


def test_word_of_failures_says_whom_it_did_not_reach(office, served):
    served(lambda number, address: "RCPT 550 no" if address == "a@office.test" else "")
    office.mail["errors"] = ["a@office.test", "b@office.test"]
    office.settings(**office.mail)
    assert refused(DeliveryError) == "a@office.test could not be told of failures. The server refuses it: 550 no."


def test_word_of_failures_comes_by_standard_input(briefs, office, served, monkeypatch):
    mailbox = served()
    monkeypatch.setattr("sys.stdin", io.StringIO("金昌市 2021: safety stopped.\npostgresql://a:planted-dsn@db/x\n"))
    assert briefs("warn", "build of\n2021") == (0, "Told of it: chief@office.test.\n", "")
    [(_, mail)] = mailbox.mails()
    assert (mail["Subject"], mail.get_content().splitlines()) == (
        "build of 2021",
        ["金昌市 2021: safety stopped.", "postgresql://a:…@db/x"],
    )


def test_a_log_without_end_is_cut(office, served):
    mailbox = served()
    warning.warn("subject", (f"line {number}" for number in range(1000)))
    assert mailbox.mails()[0][1].get_content().splitlines()[-2:] == ["line 499", "… and lines left out: 500."]


def test_a_server_that_does_not_answer_in_time_was_not_sent_anything(office, served, monkeypatch):
    monkeypatch.setattr(smtp, "FINAL_TIMEOUT", 0.1)
    served(lambda number, address: SILENT)
    assert (
        refused(DeliveryError)
        == "chief@office.test could not be told of failures. The server had the whole message, and did not answer."
    )


class Slow:
    """A server on loopback that takes `lots` of the bytes of a message, one after another with a pause, and then no more; all when None."""

    LOT, ROOM, PAUSE = 1 << 13, 1 << 12, 0.05  # bytes, bytes, seconds

    def __init__(self, lots=None):
        self.lots, self.taken = lots, b""
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.ROOM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.port = self.socket.getsockname()[1]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        client, _ = self.socket.accept()
        with client:
            client.sendall(b"220 hello\r\n")
            for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                client.recv(1 << 10)
                client.sendall(answer)
            while not self.taken.endswith(b"\r\n.\r\n"):
                if self.lots is not None and len(self.taken) >= self.lots * self.LOT:
                    self.over.wait(WAIT)
                    return
                self.taken += client.recv(self.LOT)
                time.sleep(self.PAUSE)
            client.sendall(b"250 taken\r\n")
            client.recv(1 << 10)

    def close(self):
        self.over.set()
        self.socket.close()


@pytest.fixture
def slow(monkeypatch):
    """Starts slow servers; whatever of a message a system would hold on the way is little."""
    connected = socket.create_connection

    def connect(*given, **said):
        made = connected(*given, **said)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, Slow.ROOM)
        return made

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(smtp, "TIMEOUT", 1)
    monkeypatch.setattr(smtp, "BACK_OFF", ())
    started = []

    def start(lots=None):
        started.append(Slow(lots))
        mail = mail_settings.Mail("127.0.0.1", started[-1].port, "none", "a", "a@b.test", (), "")
        return started[-1], smtp.SmtpConnection(mail)

    yield start
    for one in started:
        one.close()


MESSAGE = b"From: a@b.test\r\n\r\n" + b"0123456789abcde\r\n" * 24_000  # 400 KB, at 160 KB a second at most


def test_a_server_that_takes_longer_than_it_may_be_silent_gets_the_whole_message(slow):
    server, connection = slow()
    begun = time.monotonic()
    connection.offer("c@d.test")
    connection.hand_over(MESSAGE)
    assert server.taken == MESSAGE + b".\r\n" and time.monotonic() - begun > 2 * smtp.TIMEOUT


def test_a_server_that_takes_no_more_is_left_and_the_message_is_known_not_to_be_taken(slow):
    _, connection = slow(lots=2)
    connection.offer("c@d.test")
    with pytest.raises(smtp.NotTaken) as error:
        connection.hand_over(MESSAGE)
    assert str(error.value) == "The connection broke before the message was whole." and not error.value.permanent


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"host": ""}, "briefs.toml: mail has no host. Name the mail server as host of [mail], and who sends as from."),
        ({"host": "a b"}, "briefs.toml: mail.host is the name of a server, such as mail.example.org, not 'a b'."),
        ({"tls": "ssl"}, "briefs.toml: mail.tls is 'smtps', 'starttls' or 'none', not 'ssl'."),
        ({"host": "mail.test"}, "briefs.toml: mail has tls none, and what goes to 'mail.test' could be read on the way. That is for a server on this machine (localhost, 127.0.0.1, ::1). Say smtps or starttls."),
        ({"port": 70000}, "briefs.toml: mail.port is less than 65536, not '70000'."),
        ({"from": ""}, "briefs.toml: mail has no from. Name the mail server as host of [mail], and who sends as from."),
        ({"from": "a@b.test\r\nBcc: c@d.test"}, "briefs.toml: mail.from is an address, such as briefs@example.org or Name <briefs@example.org>, not 'a@b.test\r\nBcc: c@d.test'."),
        ({"errors": ["chief"]}, "briefs.toml: mail.errors.0 is an address of mail, not 'chief'."),
        ({"errors": []}, "Nobody is told of failures. Name addresses as errors of [mail] in briefs.toml."),
        ({"errors": "a@b.test"}, "briefs.toml: mail.errors is a list, not 'a@b.test'."),
        ({"port": "25"}, "briefs.toml: mail.port is a whole number, not '25'."),
        ({"hots": "x"}, "briefs.toml: there is no key 'mail.hots'. Did you mean host?"),
        ({"link": "ftp://x"}, "briefs.toml: mail.link is an address such as https://briefs.example.org/editions, not 'ftp://x'."),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused(office, said, fault):
    office.settings(**({"host": "127.0.0.1"} | said))
    assert refused(UsageError) == fault


@pytest.mark.parametrize(
    ("there", "missing"), [(mail_settings.USER, mail_settings.PASSWORD), (mail_settings.PASSWORD, mail_settings.USER)]
)
def test_a_user_has_a_password(office, monkeypatch, there, missing):
    monkeypatch.setenv(there, SECRET)
    assert refused(UsageError) == f"{there} is set, and {missing} is not. Set both, or neither."
