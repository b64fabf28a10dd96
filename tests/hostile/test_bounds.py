"""What is matched, asked for and set has an end, whatever is sent: patterns of values, rows and replies of servers, pages."""

import fnmatch
import re
import socket
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_briefs.analysis.ingest.parse_values import _pattern, mapping_parser
from city_briefs.analysis.ingest.readers import postgres
from city_briefs.common.errors import DataError
from city_briefs.production.delivery import smtp
from city_briefs.production.delivery.mail_settings import Mail

LONG = 10_000
EVIL = {
    "stars": ("*a" * 30 + "*b", "a" * LONG),
    "stars and one": ("*?" * 30 + "b", "a" * LONG),
    "stars alone": ("*" * 500 + "b", "a" * LONG),
    "two letters": ("*ab" * 40 + "c", "ab" * LONG),
    "letters that repeat": ("*aaaaaaaab" * 9, "a" * LONG),
    "one of many": ("?" * 200 + "*" + "?" * 200 + "x", "a" * LONG),
    "Chinese": ("*投诉" * 30 + "*举报", "投诉" * LONG),
    "lines": ("*\n" * 30 + "x", "\n" * LONG),
}


@pytest.mark.parametrize("case", EVIL)
def test_no_pattern_goes_back_and_forth(case):
    """Without bounds each of these takes longer than the world has stood; the limit of pytest would end it."""
    key, text = EVIL[case]
    assert mapping_parser({key: "met"}, str)(text) == text
    assert mapping_parser({key: "met"}, str)(text + "b") in ("met", text + "b")


@given(st.text("ab*?.[", max_size=8), st.text("ab.[\n", max_size=9))
def test_a_pattern_means_what_it_means_in_a_shell(key, text):
    wanted = fnmatch.translate(key.replace("[", "[[]"))
    assert bool(_pattern(key).fullmatch(text)) == bool(re.match(wanted, text))


@pytest.mark.parametrize(
    ("key", "text", "met"),
    [
        ("食品*", "食品安全", True), ("*安全", "食品安全", True), ("*", "", True), ("?", "", False), ("食?安全", "食品安全", True),
        ("a*a", "a", False), ("a*a", "aa", True), ("*a*", "bab", True), ("a.c", "abc", False), ("(a+)+", "aa", False), ("[ab]", "a", False),
        ("", "", True), ("**a**", "bab", True), ("*ab*ab", "ab", False), ("*ab*ab", "abab", True), ("*a?", "aaa", True),
    ],
)  # fmt: skip
def test_a_pattern_by_example(key, text, met):
    assert mapping_parser({key: "met"}, str)(text) == ("met" if met else text)


class Endless:
    """A server on loopback that greets, then says the same for ever, or until its client has gone."""

    def __init__(self, greeting, words, pause):
        self.greeting, self.words, self.pause, self.sent = greeting, words, pause, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            with client:
                try:
                    client.sendall(self.greeting)
                    while True:
                        client.sendall(self.words)
                        self.sent += len(self.words)
                        time.sleep(self.pause)
                except OSError:
                    pass


ENDLESS = {
    "lines of a greeting": (b"", b"220-hello\r\n" * 1000, 0),
    "a line": (b"", b"2" * 8192, 0),
    "lines of a reply": (b"220 hello\r\n", b"250-hello\r\n" * 1000, 0),
    "a byte at a time": (b"", b"2", 0.02),
    "an empty line at a time": (b"220 hello\r\n", b"250-\r\n", 0.02),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_a_reply_of_a_mail_server_has_an_end(monkeypatch, case):
    monkeypatch.setattr(smtp, "BACK_OFF", ())
    monkeypatch.setattr(smtp, "TIMEOUT", 1)
    server = Endless(*ENDLESS[case])
    mail = Mail("127.0.0.1", server.port, "none", "a", "a@b.test", (), "")
    with pytest.raises(
        smtp.Unreachable,
        match=rf"^The mail server 127\.0\.0\.1:{server.port} (broke the connection|takes no mail now: it says 500)\.$",
    ):
        smtp.SmtpConnection(mail).offer("c@d.test")
    server.server.close()
    assert server.sent < 64 << 20


@pytest.mark.parametrize("case", ["nothing", "a byte at a time", "a line"])
def test_a_database_that_never_answers_is_given_up(monkeypatch, case):
    monkeypatch.setattr(postgres, "ANSWER", 2)
    server = Endless(b"", b"", 0.02) if case == "nothing" else Endless(*ENDLESS[case])
    with pytest.raises(DataError) as error:
        postgres.tables(f"postgresql://127.0.0.1:{server.port}/x?sslmode=disable")
    server.server.close()
    assert str(error.value).startswith(f"the database x at 127.0.0.1:{server.port}: ")
    assert str(error.value).endswith("See that it runs, and that host and port of the URL are right.")


STUCK = """
import ctypes
from city_briefs.production.build import make_pack, scheduler
scheduler.MAKING = 1
make_pack.draft = lambda request, failures: {stuck}
print(scheduler._assemble(scheduler.IncompletePack(None, {{}})))
"""


@pytest.mark.parametrize(
    ("stuck", "code", "said"), [("ctypes.PyDLL(None).pause()", 1, ""), ("'made'", 0, "made\n")], ids=["stuck", "made"]
)
def test_a_document_that_takes_for_ever_ends_its_process(stuck, code, said):
    """Also where no line of Python is reached any more, as in a compiler: PyDLL keeps the interpreter to itself."""
    done = subprocess.run(
        [sys.executable, "-c", STUCK.format(stuck=stuck)], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout) == (code, said), done.stderr
