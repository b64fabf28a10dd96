"""Pages are served to be read, on this machine, to whoever asks for this machine; nothing else is shown."""

import http.client
import threading

import pytest

from city_briefs.app import serve


@pytest.fixture
def site(office):
    """An office with an edition and a draft, served; asks for an address and gives the status, the type and the content."""
    office.edition()
    office.edition("620200", draft=True)
    for folder in (office.out, office.register):
        (folder / "index.html").write_text(f"<p>{folder.name}</p>", "utf-8")
    (office.out / ".chapters").mkdir()
    (office.out / ".chapters/a.html").write_text("kept", "utf-8")
    (office.folder / "secret.html").write_text("secret", "utf-8")
    (office.out / "out.html").symlink_to(office.folder / "secret.html")
    (office.out / "away").symlink_to(office.folder)
    server = serve.server(0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()

    def ask(address, method="GET", host=None):
        line = http.client.HTTPConnection("127.0.0.1", server.server_port)
        line.putrequest(method, address, skip_host=True)
        line.putheader("Host", host or f"127.0.0.1:{server.server_port}")
        line.endheaders()
        answer = line.getresponse()
        found = answer.status, answer.getheader("Content-Type"), answer.read()
        line.close()
        return found

    yield ask
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html"), ("/outputs/", "text/html"), ("/outputs", "text/html"), ("/editions/", "text/html"),
        ("/outputs/2021/620200/city-brief.pdf", "application/pdf"), ("/editions/2021/620100/city-brief/1/city-brief.html?a=b", "text/html"),
    ],
)  # fmt: skip
def test_what_a_page_leads_to_is_shown(site, address, kind):
    status, shown, content = site(address)
    assert (status, shown) == (200, kind) and content
    assert site(address, "HEAD") == (200, kind, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/outputs/2021/620200/manifest.json", "/outputs/.chapters/a.html", "/outputs/2021", "/outputs/2021/", "/elsewhere/index.html",
        "/outputs/../secret.html", "/outputs/%2e%2e/secret.html", "/outputs/..%2fsecret.html", "/outputs/out.html", "/outputs/away/secret.html",
        "/outputs//etc/passwd", "/outputs/%00.html", "/outputs/2021/620200/city-brief.md", "/editions/2021/620100/city-brief/1/notebooks/a.ipynb",
    ],
)  # fmt: skip
def test_anything_else_is_not(site, address):
    status, _, content = site(address)
    assert status == 404 and b"secret" not in content and b"kept" not in content


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_done_but_read(site, method):
    assert site("/outputs/", method)[0] == 501


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("[::1]:8100", 200), ("evil.example", 421), ("", 421)])
def test_a_page_elsewhere_cannot_ask_under_a_name_of_its_own(site, host, status):
    assert site("/outputs/", host=host or " ")[0] == status


def test_a_port_that_is_taken_is_a_sentence(office):
    from city_briefs.common.errors import UsageError

    with serve.server(0) as taken, pytest.raises(UsageError) as error:
        serve.server(taken.server_port)
    assert str(error.value) == (
        f"Port {taken.server_port} of 127.0.0.1 cannot be had: Address already in use. Name another with --port."
    )
