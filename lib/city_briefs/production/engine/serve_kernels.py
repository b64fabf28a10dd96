"""The kernel server, a program: it has imported what builds need, and forks a zygote and a parent of workers for each build that asks.

Its standard input is a socket that listens. A build (`kernel_server`) sends one message: its environment, its folder, its umask and its
limits, with the descriptors of two lines and of its working folder; its standard streams come over those lines. Nothing else is of the
server in what is forked: it ends with its build, also when the server was killed meanwhile.

The server ends, and its folder with it, when no build was there for IDLE seconds, when the program was changed, or when it is told to.
"""

import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from shutil import rmtree
from typing import Any, NoReturn

IDLE = 600  # seconds
LOOK = 2  # seconds between two looks at the files of the program
SOON = 1  # seconds in which whoever has called says what it wants
LINES = 3  # descriptors that come with a message
TAKEN = b"t"  # answered when the parent of workers was asked for
WORDS = 1 << 20  # bytes of a message: more than the system lets through at once
UCRED = struct.Struct("3i")  # of a peer: process, user, group


def main(folder: str, module: str, stamp: str) -> None:
    """Serve; in a forked child, be the zygote of a build or the parent of its workers, which is the module that is named.

    `stamp` is that of the program as the server was asked for.
    """
    from city_briefs.production.engine import warm_imports, zygote

    listener, before, here = zygote.begin(folder)
    os.close(here)
    workers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        listener.close()
        workers.close()
        _fork_parents_of_workers(theirs, module)
        return
    theirs.close()
    signal.signal(signal.SIGTERM, lambda *_: _end(folder))
    asked = _serve(listener, workers, stamp, warm_imports, zygote)
    if asked is None:
        _end(folder)
    told, (channel, line, here) = asked
    os.close(line)
    imported = {name: value for name, value in os.environ.items() if before.get(name) != value}
    _become(told)
    own = dict(os.environ)
    os.environ.update(imported)
    os.chdir(told["folder"])
    zygote.be_zygote(socket.socket(fileno=channel), told["folder"], own, here)


def _serve(
    listener: socket.socket, workers: socket.socket, stamp: str, warm_imports: Any, zygote: Any
) -> tuple[Any, Sequence[int]] | None:
    """None when it is time to end; in a forked child, what a build has asked for, and the descriptors that came with it."""
    from city_briefs.common.source_hash import program_stamp

    zygotes: dict[int, int] = {}  # number by a descriptor that is ready when it has ended
    used, is_ready = time.monotonic(), False
    while True:
        ready, _, _ = select.select([listener.fileno(), workers.fileno(), *zygotes], [], [], LOOK if is_ready else 0)
        for ended in zygotes.keys() & set(ready):
            os.waitpid(zygotes.pop(ended), 0)
            os.close(ended)
            used = time.monotonic()
        if workers.fileno() in ready or (listener.fileno() in ready and program_stamp() != stamp):
            return None  # the parent of the parents has died, or what is imported may be of another program
        if listener.fileno() in ready:
            told, lines = _accepted(listener, workers)
            if told is None:
                return None
            if lines:
                warm_imports.get_ready()
                if (pid := zygote.fork()) == 0:
                    listener.close()
                    workers.close()
                    for ended in zygotes:
                        os.close(ended)
                    return told, lines
                if pid:
                    zygotes[os.pidfd_open(pid)] = pid
            for descriptor in lines:
                os.close(descriptor)
        elif not is_ready:
            warm_imports.get_ready()
            warm_imports.freeze()
            is_ready = True
        elif not zygotes and (time.monotonic() > used + IDLE or program_stamp() != stamp):
            return None


def _accepted(listener: socket.socket, workers: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """What somebody of this user asks for with its descriptors, when the parent of workers was asked for; None to end the server."""
    line, _ = listener.accept()
    lines: list[int] = []
    with line:
        try:
            _, user, _ = UCRED.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, UCRED.size))
            line.settimeout(SOON)
            words, lines, _, _ = socket.recv_fds(line, WORDS, LINES)
            told = json.loads(words) if words and user == os.geteuid() else {}
            if told is None:
                return None, lines
            if len(lines) == LINES:
                socket.send_fds(workers, [words], lines[1:])
                line.send(TAKEN)
                return told, lines
        except (OSError, ValueError, RecursionError):  # it has ended, or is none of ours
            pass
    for descriptor in lines:
        os.close(descriptor)
    return {}, []


def _fork_parents_of_workers(line: socket.socket, module: str) -> None:
    """Fork the parent of the workers of each build that comes over the line, until the server has ended; in a child, be it."""
    from city_briefs.production.engine import zygote

    parent = importlib.import_module(module)
    parent.get_ready()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    while True:
        words, lines, _, _ = socket.recv_fds(line, WORDS, LINES)
        if not words:
            return
        if zygote.fork() == 0:
            line.close()
            told, (channel, here) = json.loads(words), lines
            _become(told)
            zygote.go_to(here)
            os.close(here)
            parent.serve(socket.socket(fileno=channel), told["folder"])
            return
        for descriptor in lines:
            os.close(descriptor)


def _become(told: Mapping[str, Any]) -> None:
    """Take on what a process inherits, from the build that has asked."""
    import resource  # not everywhere to be had

    os.setsid()
    _take_signals(told["ignored"], told["blocked"])
    os.umask(told["umask"])
    for number, soft in told["limits"]:
        resource.setrlimit(number, (soft, resource.getrlimit(number)[1]))
    os.environ.clear()
    os.environ.update(told["environment"])
    tempfile.tempdir = None  # it is found again by TMPDIR


def _take_signals(ignored: Collection[int], blocked: Iterable[int]) -> None:
    """Ignore and block the signals that the build does; any other is as a Python that was just started has it."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if number in ignored:
            signal.signal(number, signal.SIG_IGN)
        elif number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)
        elif signal.getsignal(number) != signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _end(folder: str) -> NoReturn:
    """End with the folder; what was forked goes on."""
    with suppress(OSError):
        rmtree(folder)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
