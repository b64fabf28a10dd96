"""The shared kernel of a worker: stateless chapters run in it one after the other.

Each finds it as one that has just started (`city_briefs.notebook.new_chapter`), but for what those before have found, which stands with
its reads (`once` of `common/read_log`). Where that cannot be had, and after a chapter that has not come to its end, the kernel ends and
the next chapter starts another. So a chapter that fails costs that chapter alone. It ends after so many CHAPTERS, too, since what they
have found stays in it, and when no chapter is left to execute (`let_go`).
"""

import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from nbclient import NotebookClient
from nbformat import NotebookNode

from city_briefs.common import files, paths
from city_briefs.production.engine.forked_kernel import ForkedKernel
from city_briefs.production.engine.launcher import OF_A_KERNEL

if TYPE_CHECKING:
    from city_briefs.production.engine.limits import LimitedClient

OF_A_CHAPTER = OF_A_KERNEL - {paths.DATA_VARIABLE}  # variables that differ from chapter to chapter
CHAPTERS = 64  # that run in a kernel: those of eight cities, which have found some 30 MiB
PART = 1 << 20  # bytes of a file that are copied at once
BEGIN = "__import__('city_briefs.notebook.new_chapter', fromlist=['begin']).begin({variables!r})"


@dataclass
class _Shared:
    """A kernel that runs: how many chapters it has run, its environment, manager and client, and the file of its standard streams."""

    chapters: int
    environment: dict[str, str]
    manager: Any
    client: Any
    streams: IO[bytes]


_shared: _Shared | None = None


def execute(client: "LimitedClient", log: IO[bytes] | None) -> NotebookNode:
    """Return the notebook of a client with its outputs, executed in the shared kernel.

    What reaches the standard streams of the kernel, past the cells, goes to `log`.
    """
    global _shared
    shared, _shared = _shared, None
    taken = _taken(shared, client)
    streams, chapters = (taken.streams, taken.chapters) if taken else (files.unnamed(), 0)
    begin = os.fstat(streams.fileno()).st_size
    is_over = False
    try:
        notebook = client.execute(cleanup_kc=False, stdout=streams, stderr=streams)
        is_over = not any(output.output_type == "error" for cell in notebook.cells for output in cell.get("outputs", ()))
    finally:
        if log:
            _copy(streams.fileno(), begin, log)
        if is_over and isinstance(client.km.provisioner.process, ForkedKernel):
            _shared = _Shared(chapters + 1, _environment(), client.km, client.kc, streams)
        else:
            _end(client, streams)
    return notebook


def let_go() -> None:
    """End the kernel that waits for another chapter, if there is one; the next chapter starts another."""
    global _shared
    shared, _shared = _shared, None
    if shared:
        client = NotebookClient(NotebookNode(), km=shared.manager, shutdown_kernel="immediate")
        client.kc = shared.client
        _end(client, shared.streams)


def _taken(shared: _Shared | None, client: "LimitedClient") -> _Shared | None:
    """Give a client the kernel that is there, and return it; None when there is none for it, and it starts another."""
    if shared is None:
        return None
    client.km, client.kc = shared.manager, shared.client
    if shared.chapters < CHAPTERS and shared.environment == _environment() and _is_as_new(client):
        return shared
    _end(client, shared.streams)
    client.km = client.kc = None
    return None


def _is_as_new(client: "LimitedClient") -> bool:
    """Return whether the kernel of a client has begun anew for another chapter."""
    variables = {name: os.environ[name] for name in sorted(OF_A_CHAPTER & os.environ.keys())}
    try:
        reply = client.wait_for_reply(client.kc.execute(BEGIN.format(variables=variables), silent=True, store_history=False))
    except Exception:  # it has ended, or does not answer
        return False
    return bool(reply and reply["content"]["status"] == "ok")


def _copy(streams: int, begin: int, log: IO[bytes]) -> None:
    """Copy a file from a place on, which its kernel goes on writing: so the place at which it writes stays as it is."""
    while part := os.pread(streams, PART, begin):
        log.write(part)
        begin += len(part)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OF_A_CHAPTER}


def _end(client: NotebookClient, streams: IO[bytes]) -> None:
    if client.km is not None:
        client._cleanup_kernel()
    streams.close()
