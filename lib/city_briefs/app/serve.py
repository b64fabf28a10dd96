"""A small web server on this machine alone: the outputs and the register, to be read; behind a proxy it is what `link` names.

It answers GET and HEAD for files that a page of packs leads to, lists no folder, and shows nothing whose name begins with a dot.
"""

import mimetypes
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from city_briefs.common import files, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.settings import LOOPBACK
from city_briefs.common.terminal import say_on_stderr
from city_briefs.production.build.index_page import FILE

OUTPUTS, EDITIONS = "outputs", "editions"  # the first name of an address
SHOWN = {".html", ".pdf", ".docx", ".xlsx"}  # manifests and notebooks are not for readers
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
PATIENCE = 30  # seconds for a request to come


def served_file(address: str, roots: dict[str, Path]) -> Path | None:
    """Return the file that an address leads to, such as /outputs/2021/620100/city-brief.pdf; None for what is not shown.

    `roots` are the folders by the first name of an address. A link on the way below a root leads nowhere.
    """
    first, *names = [name for name in unquote(urlsplit(address).path).split("/") if name] or [OUTPUTS]
    root = roots.get(first)
    if root is None or any(name.startswith(".") or "\\" in name or "\0" in name for name in names):
        return None
    file = root.joinpath(*(names or [FILE]))
    below = [root.joinpath(*names[: end + 1]) for end in range(len(names))]
    if file.suffix not in SHOWN or any(place.is_symlink() for place in below) or not file.is_file():
        return None
    return file


def server(port: int) -> ThreadingHTTPServer:
    """Return a server that listens on 127.0.0.1 at a port; 0 for one that is free.

    Raises:
        UsageError: the port cannot be had.
    """
    roots = {OUTPUTS: paths.outputs().absolute(), EDITIONS: paths.register().absolute()}
    link = urlsplit(paths.settings().mail.link).hostname
    hosts = {*LOOPBACK, *([link] if link else [])}
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, roots, hosts))
    except OSError as error:
        raise UsageError(
            chosen(
                f"Port {port} of 127.0.0.1 cannot be had: {files.reason(error)}. Name another with --port.",
                f"无法使用127.0.0.1的{port}端口（{files.reason_zh(error)}），请用--port另指端口。",
            )
        ) from None


class _Handler(SimpleHTTPRequestHandler):
    """Answers for files alone, to requests for a host that this is."""

    timeout = PATIENCE
    server_version, sys_version = "briefs", ""

    def __init__(self, roots: dict[str, Path], hosts: set[str], *given: object) -> None:
        self.roots, self.hosts = roots, hosts
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        """Send what is said of a file."""
        self._answer(with_content=False)

    def log_message(self, format: str, *words: object) -> None:
        """Say a request on stderr, for the journal."""
        say_on_stderr(format % words)

    def _answer(self, *, with_content: bool) -> None:
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        if host not in self.hosts:  # what a page elsewhere asks for under a name of its own
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        try:
            file = served_file(self.path, self.roots)
            content = files.read_bytes(file, links=False) if file else None
        except (OSError, ValueError):
            content = None
        if file is None or content is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", mimetypes.types_map.get(file.suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_content:
            self.wfile.write(content)
