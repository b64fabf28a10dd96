"""The page of a preview: served to this machine alone under an address that nobody can guess; it follows every change by itself."""

import json
import secrets
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from city_briefs.app.preview.pages import ChapterPreview, Rendering, Wanted
from city_briefs.common import theme
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import chosen
from city_briefs.production.engine import kernel_server

HOST = "127.0.0.1"
LOOK = 0.1  # seconds between two looks at the files of the chapter
HELD = 20  # seconds that a question for what is new may wait for its answer
LONGEST = 1000  # bytes of what a page asks for
MONTHS = range(1, 13)


@dataclass
class Shown:
    """What a page shows: the last pages that could be made, and what is wrong with the chapter as it is now.

    `number` counts the states, `pages_of` is that of the state in which the pages were made.
    """

    wanted: Wanted
    number: int = 0
    pages_of: int = 0
    pages: tuple[bytes, ...] = ()
    sentences: tuple[str, ...] = ()
    is_working: bool = True
    changed: threading.Condition = field(default_factory=threading.Condition)

    def begin(self, wanted: Wanted) -> None:
        """Say that pages are being made."""
        with self.changed:
            self.number, self.wanted, self.is_working = self.number + 1, wanted, True
            self.changed.notify_all()

    def take(self, made: Rendering) -> None:
        """Show what was made; where no page could be, the pages before stay."""
        with self.changed:
            self.number, self.sentences, self.is_working = self.number + 1, made.sentences, False
            if made.pages:
                self.pages, self.pages_of = made.pages, self.number
            self.changed.notify_all()

    def after(self, number: int) -> dict[str, Any]:
        """Return the state that comes after one, as soon as there is one; the same when there is none for long."""
        with self.changed:
            self.changed.wait_for(lambda: self.number != number, HELD)
            wanted = self.wanted
            return {
                "number": self.number, "pages": [f"{self.pages_of}/{place}.png" for place in range(len(self.pages))],
                "sentences": self.sentences, "working": self.is_working,
                "region": wanted.region.code, "year": wanted.year, "through": wanted.through,
            }  # fmt: skip


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a page that was closed while it was answered."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class PreviewServer:
    """Makes the pages of a chapter whenever it is changed, and serves them until it is stopped."""

    def __init__(self, preview: ChapterPreview, wanted: Wanted, port: int = 0) -> None:
        """Begin to listen.

        Raises:
            UsageError: the port cannot be had.
        """
        self.preview, self.wanted, self.shown = preview, wanted, Shown(wanted)
        self._alone = threading.Lock()  # whoever has it may ask the preview, whose kernels take variables of this process
        self.token, self._stopped = secrets.token_urlsafe(16), threading.Event()
        try:
            self._http = _Http((HOST, port), _handler(self))
        except (OSError, OverflowError):
            raise UsageError(
                chosen(
                    f"The port {port} cannot be had on this machine. Name another with --port, or none.",
                    f"本机无法使用{port}端口。请用--port另指端口，或不指定。",
                )
            ) from None
        self.port = self._http.server_port
        self.address = f"http://{HOST}:{self.port}/{self.token}/"

    def serve(self) -> None:
        """Serve until `stop` is called."""
        serving = threading.Thread(target=self._http.serve_forever, daemon=True)
        serving.start()
        made_of: tuple[object, ...] = ()
        try:
            while not self._stopped.is_set():
                wanted = self.wanted
                if (stamp := self.preview.stamp(wanted)) != made_of:
                    is_first, made_of = not made_of, stamp
                    self.shown.begin(wanted)
                    with self._alone:
                        made = self.preview.rendering(wanted)
                    self.shown.take(made)
                    if is_first:
                        kernel_server.start_beside()  # for the check that will follow
                self._stopped.wait(LOOK)
        finally:
            self._http.shutdown()
            self._http.server_close()

    def stop(self) -> None:
        """End `serve` as soon as what is being made is made."""
        self._stopped.set()

    def stop_with_input(self) -> None:
        """Stop when the standard input ends: whoever started this process is gone by then."""

        def wait() -> None:
            while sys.stdin.buffer.read(1):
                pass
            self.stop()

        threading.Thread(target=wait, daemon=True).start()

    def ask(self, asked: Mapping[str, Any]) -> str:
        """Show what a page asks for, and return why that cannot be; empty when it can."""
        try:
            year, through = int(asked["year"]), int(asked["through"])
            with self._alone:
                self.wanted = self.preview.wanted(str(asked["region"]), year, through)
        except (KeyError, TypeError, ValueError):
            return "The page asks for no region and period. Reload it."
        except BriefError as error:
            return str(error)
        return ""

    def page(self) -> str:
        """Return the page, with the regions and years that can be chosen."""
        template = theme.templates(Path(__file__).parent).get_template("preview.html.j2")
        return template.render(
            name=self.preview.name, regions=self.preview.regions, years=self.preview.snapshot.years, months=MONTHS,
            palette=theme.PALETTE, sans=theme.SANS, nonce=self.token,
        )  # fmt: skip


def _handler(server: PreviewServer) -> type[BaseHTTPRequestHandler]:
    """Return what answers the questions of pages."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 2 * HELD

        def do_GET(self) -> None:
            """Answer with the page, its state or a picture."""
            parts = urlsplit(self.path)
            inside = self._inside(parts.path)
            if inside == "":
                self._send("text/html; charset=utf-8", server.page().encode())
            elif inside == "state":
                after = parse_qs(parts.query).get("after", ["0"])[0]
                self._send_json(server.shown.after(int(after) if after.isdecimal() else 0))
            elif picture := self._picture(inside):
                self._send("image/png", picture)
            else:
                self._send("text/plain", b"", HTTPStatus.NOT_FOUND)

        def do_POST(self) -> None:
            """Take what a page asks for."""
            length = int(self.headers.get("Content-Length") or 0)
            if self._inside(self.path) != "ask" or not 0 < length < LONGEST:
                self.close_connection = True
                self._send("text/plain", b"", HTTPStatus.NOT_FOUND)
                return
            try:
                asked = json.loads(self.rfile.read(length))
            except ValueError:
                asked = {}
            self._send_json({"wrong": server.ask(asked if isinstance(asked, dict) else {})})

        def _inside(self, path: str) -> str | None:
            """Return what of a path follows the token; None for anybody who does not know it, or who came by another name."""
            root, token, inside = (*path.split("/", 2), "", "")[:3]
            is_ours = not root and secrets.compare_digest(token.encode(), server.token.encode())
            is_named = self.headers.get("Host", "") in (f"{HOST}:{server.port}", f"localhost:{server.port}")
            return inside if is_ours and is_named else None

        def _picture(self, inside: str | None) -> bytes | None:
            pages_of, _, name = (inside or "").partition("/")
            place = name.removesuffix(".png")
            with server.shown.changed:
                pages, number = server.shown.pages, server.shown.pages_of
            is_there = pages_of == str(number) and place.isdecimal() and int(place) < len(pages)
            return pages[int(place)] if is_there else None

        def _send_json(self, content: object) -> None:
            self._send("application/json", json.dumps(content, ensure_ascii=False).encode())

        def _send(self, kind: str, content: bytes, status: HTTPStatus = HTTPStatus.OK) -> None:
            self.send_response(status)
            headers = {
                "Content-Type": kind, "Content-Length": str(len(content)), "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
                "Content-Security-Policy": "default-src 'none'; img-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; "
                f"script-src 'nonce-{server.token}'",
            }  # fmt: skip
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        log_message: Callable[..., None] = lambda *_: None  # a page asks all the time

    return Handler
