"""The page of Dagster, on this machine and behind a guard: a page of another origin can neither read it nor have it do anything.

Whoever may open the page can start runs, and a browser that is open beside it could be told to. So requests are answered for the names
of this machine alone, those that change something only when they come from the page itself, and GraphQL by POST alone.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from city_briefs.common import file_lock, files, paths
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import UsageError, missing_extra
from city_briefs.common.language import chosen
from city_briefs.common.settings import LOOPBACK

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HOME = ".dagster"  # in the outputs: runs, ticks and logs of Dagster
MODULE = "city_briefs.app.schedule"
METHODS = {"GET", "HEAD", "POST"}


class SameOrigin:
    """Refuses what a page of another origin asks for, other methods than METHODS, and GraphQL that is not posted."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request, or hand it on."""
        from starlette.responses import PlainTextResponse

        answer: ASGIApp = self._app
        if status := _refused(scope):
            answer = PlainTextResponse("Refused.", status)
        await answer(scope, receive, send)


def _refused(scope: "Scope") -> int:
    """Return with which status a request is refused; 0 when it is not."""
    from starlette.datastructures import Headers

    if scope["type"] not in ("http", "websocket"):
        return 0
    headers, method = Headers(scope=scope), scope.get("method", "")
    if method and (method not in METHODS or (method != "POST" and scope["path"].rstrip("/").endswith("/graphql"))):
        return 405
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return 403
    is_elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return 403 if is_elsewhere and headers.get("sec-fetch-dest") != "document" else 0  # a link may be followed


def serve(port: int) -> None:
    """Serve the page until the process ends.

    Raises:
        UsageError: Dagster is not installed, or the version that is cannot be guarded.
    """
    try:
        from dagster_webserver import app, cli
        from dagster_webserver.webserver import DagsterWebserver
        from starlette.middleware import Middleware
        from starlette.middleware.trustedhost import TrustedHostMiddleware
    except ImportError:
        raise missing_extra("The schedule", "schedule", "定时任务") from None
    if getattr(app, "DagsterWebserver", None) is not DagsterWebserver:
        raise UsageError(
            chosen(
                "This version of Dagster cannot be guarded. Install the one that the lock names.",
                "不能限制谁访问这一版Dagster的网页。请安装锁定文件所列的版本。",
            )
        )

    class Guarded(DagsterWebserver[Any, Any]):
        """The page, with the guard before it."""

        def build_middleware(self) -> list[Middleware]:
            trusted = Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK), www_redirect=False)
            return [trusted, Middleware(SameOrigin), *super().build_middleware()]

    app.DagsterWebserver = Guarded  # type: ignore[attr-defined]
    sys.argv = ["dagster-webserver", "-h", "127.0.0.1", "-p", str(port), "-m", MODULE]
    cli.main()


def be_daemon() -> None:
    """Become the daemon of Dagster, which starts what the calendar asks for; a page is not needed for that."""
    program = Path(sys.executable).with_name("dagster-daemon")
    if not program.exists():
        raise missing_extra("The schedule", "schedule", "定时任务")
    os.execv(program, [str(program), "run", "-m", MODULE])  # noqa: S606  # words of our own


def prepare() -> None:
    """Lay the settings of Dagster into its home, and name that to its processes; page and daemon may begin at the same moment.

    Raises:
        UsageError: the home cannot be written to, or Dagster is not installed.
    """
    home = paths.outputs().absolute() / HOME
    try:
        home.mkdir(parents=True, exist_ok=True)
        os.environ["DAGSTER_HOME"] = str(home)
        with file_lock.held(home / ".begun"):  # of two that write its settings or make its databases at once, one would fail
            write_whole(home / "dagster.yaml", files.read_text(Path(__file__).with_name("schedule.yaml")))
            _make_databases()
    except OSError as error:
        raise UsageError(
            chosen(
                f"{paths.shown(home)} cannot be written to: {files.reason(error)}. Give this user the right to write there.",
                f"{paths.shown(home)}无法写入（{files.reason_zh(error)}），请授予写入权限。",
            )
        ) from None


def _make_databases() -> None:
    """Have Dagster make its databases, when they are not there."""
    try:
        import dagster as dg
    except ImportError:
        raise missing_extra("The schedule", "schedule", "定时任务") from None
    with dg.DagsterInstance.get() as instance:
        instance.get_runs(limit=1)
        instance.all_instigator_state()
