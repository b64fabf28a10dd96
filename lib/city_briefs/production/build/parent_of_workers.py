"""The parent of the workers of a build: it has imported and done once what each of them needs, and forks them.

A zygote or a kernel server forks it, and imports this module by its name.
"""

import os
import signal
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from city_briefs.production.build import worker_pool
from city_briefs.production.engine import warm_imports, zygote
from city_briefs.production.engine.launcher import Zygote
from city_briefs.production.packs.chapter_notebook import import_quickly


@cache
def get_ready() -> None:
    """Import and do once what each worker needs."""
    with suppress(Exception):  # a worker meets it again, and tells
        import_quickly("city_briefs.production.build.run_chapter", "city_briefs.production.build.make_pack")
        sys.modules["city_briefs.production.build.make_pack"].rehearse()
    warm_imports.freeze()


def serve(channel: socket.socket, folder: str) -> None:
    """Fork a worker for each line that comes over the channel, until nobody is there to ask. With it comes the way to their zygote."""
    get_ready()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    workers: list[int] = []  # a descriptor of each: its number may be another's by the end
    while True:
        asked, handed, _, _ = socket.recv_fds(channel, 1, 2)
        if not asked:
            break
        if asked == zygote.TAKE_STREAMS:
            zygote.take(handed)
            continue
        line, home = (socket.socket(fileno=number) for number in handed)
        with suppress(OSError):  # there is no room for another process: the line is closed, as if it had died
            if (pid := os.fork()) == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                channel.close()
                for worker in workers:
                    os.close(worker)
                worker_pool.serve_forked(line, Zygote(os.environ, Path(folder), home))
                return
            workers.append(os.pidfd_open(pid))
        line.close()
        home.close()
    for worker in workers:  # one whose threads cannot run does not see by itself that the build is gone
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(worker, signal.SIGKILL)
