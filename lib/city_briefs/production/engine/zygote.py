"""The zygote, a program: a Python that has imported all that a chapter needs, and forks a kernel whenever it is asked for one.

Its standard input is a socket. For each kernel it is handed another, the kernel's line, and descriptors for its standard streams, which
are the zygote's own where none are handed. Over the line the child is told what an ordinary
kernel is told when it is started, and answers with its number once it listens; after its end the zygote says its exit code there.
When whoever asked for a kernel closes its line, by dying for instance, the kernel is ended.
When the first socket closes, the owner is gone: the zygote then ends its kernels, takes their folder away and goes too.

A build has its workers of it, too. What workers and kernels both need is imported first (SHARED of `warm_imports`). Then a process is
forked that imports the rest of what workers need, and forks them; meanwhile the zygote imports the rest of what kernels need. It is named
over its line.

It is run by its path, and imports by name, so that a kernel has nothing that an ordinary one has not. Until it forks it starts no
thread of Python's, no event loop, no ZeroMQ context and no connection to DuckDB: none of them would work in a child.

A kernel server (`serve_kernels`) forks zygotes that have imported all this already.
"""

import atexit
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KERNEL, WORKERS, GET_READY, TAKE_STREAMS = b"k", b"w", b"r", b"s"  # what the zygote is asked for
MESSAGE = 1 << 20  # bytes: more than the system lets through at once
OUT_OF_MEMORY = b"memory"  # on the line of a kernel in place of an exit code: it held more than that, with what it shares
LOOK = 0.3  # seconds between two looks at the memory of the kernels


@dataclass(eq=False)
class Kernel:
    """A kernel that was forked: its number, a descriptor that is ready when it has ended, its line, and its memory.

    It is `full` once it was killed for holding too much. The parent of the workers has no `memory`: nobody looks at what it holds.
    """

    pid: int
    ended: int
    line: socket.socket
    memory: Any
    full: bool = False


def main(folder: str) -> None:
    """Serve until the owner is gone; in a forked child, be what it was forked for."""
    channel, before, here = begin(folder)
    be_zygote(channel, folder, before, here)


def begin(folder: str) -> tuple[socket.socket, dict[str, str], int]:
    """Begin a process that forks, in a folder where there is no `matplotlibrc`, and import what all that is forked needs.

    Returns the socket that was its standard input, its variables before anything was imported, and a descriptor of where it was started.
    """
    gc.disable()  # until `warm_imports.freeze`: what is imported stays, and to look through it time and again takes a fifth of the start
    atexit.register(_leave)  # as the first, and so called as the last
    if not sys.flags.safe_path:
        sys.path.pop(0)  # where this file lies
    channel = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    before, here = dict(os.environ), os.open(".", os.O_PATH)
    os.chdir(folder)
    from city_briefs.production.engine import warm_imports

    warm_imports.import_all(*warm_imports.SHARED)
    return channel, before, here


def be_zygote(channel: socket.socket, folder: str, before: Mapping[str, str], here: int) -> None:
    """Serve one owner until it is gone; in a forked child, be the kernel or the parent of workers. The folder goes with the zygote.

    `before` are the variables without those that imports have set, `here` is the folder of the owner.
    """
    from city_briefs.production.engine import kernel_process, processes, warm_imports

    processes.adopt()
    asked, line = _serve(channel, folder, processes, warm_imports)
    if line and asked == WORKERS:
        go_to(here)
    os.close(here)
    if line and asked == KERNEL:
        kernel_process.be_kernel(line, {name: value for name, value in os.environ.items() if before.get(name) != value})
    elif line:
        _be_parent_of_workers(line, folder)


def go_to(folder: int) -> None:
    """Go to a folder by its descriptor, unless this user may not enter it."""
    with suppress(OSError):
        os.fchdir(folder)


def _leave() -> None:
    """End without taking apart what was imported: it would be copied for that, and takes longer than all the rest of a start."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream:
            stream.flush()
    os._exit(0)


def _serve(channel: socket.socket, folder: str, processes: Any, warm_imports: Any) -> tuple[bytes, socket.socket | None]:
    """Nothing, once the owner is gone; in a forked child, what it was asked for, KERNEL or WORKERS, and its line."""
    zygote, kernels, looked = os.getpid(), dict[int, Kernel](), 0.0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with select.epoll() as events:
        events.register(channel, select.EPOLLIN)
        try:
            while True:
                looked = _watched(kernels, looked, processes.MEMORY)
                for ready, _ in events.poll(LOOK if kernels else None):
                    if ready == channel.fileno():
                        asked, line, streams = _handed(channel)
                        if not asked:
                            return asked, None
                        if asked == TAKE_STREAMS:
                            take(streams)
                            continue
                        if asked != WORKERS:
                            warm_imports.read_results()
                        if line is None:
                            continue
                        if (pid := fork()) == 0:
                            _close(channel, kernels)
                            take(streams)
                            return asked, line
                        for stream in streams:
                            os.close(stream)
                        if pid:
                            kernel = Kernel(pid, os.pidfd_open(pid), line, processes.Memory() if asked == KERNEL else None)
                            kernels |= {kernel.ended: kernel, line.fileno(): kernel}
                            events.register(kernel.ended, select.EPOLLIN)
                            events.register(line, 0)  # told when its other end is closed, which is always told
                        else:
                            line.close()
                    elif told := kernels.pop(ready, None):  # which may be told of twice at once
                        if ready == told.ended:
                            kernels.pop(told.line.fileno(), None)
                            _report(told)
                            processes.end_orphans(kernel.pid for kernel in kernels.values())
                        else:  # who asked for it has died
                            events.unregister(ready)
                            _kill(told.pid)
        finally:
            if os.getpid() == zygote:
                _end(kernels.values())
                processes.end_orphans(())
                shutil.rmtree(folder, ignore_errors=True)


def _watched(kernels: dict[int, Kernel], looked: float, most: int) -> float:
    """Kill each kernel that holds more than so many bytes of memory, when it is time to look, and return when it was looked last."""
    if time.monotonic() < looked + LOOK:
        return looked
    for kernel in set(kernels.values()):
        if not kernel.full and kernel.memory and kernel.memory.held(kernel.pid, most) > most:
            kernel.full = True
            _kill(kernel.pid)
    return time.monotonic()


def _handed(channel: socket.socket) -> tuple[bytes, socket.socket | None, list[int]]:
    """What is asked for, nothing when the owner is gone; the line of what is to be forked; and its standard output and error, if any."""
    asked, handed, _, _ = socket.recv_fds(channel, 1, 3)
    lines = 0 if asked == TAKE_STREAMS else 1
    return asked, (socket.socket(fileno=handed[0]) if handed[:lines] else None), list(handed[lines:])


def take(streams: Sequence[int]) -> None:
    """Make these the standard output and error of this process."""
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)


def fork() -> int | None:
    """As `os.fork`; None when the machine has no room for another process, which is no reason to end the others."""
    with suppress(OSError), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the threads of numpy and Arrow, which see to forks themselves
        return os.fork()
    return None


def _close(channel: socket.socket, kernels: dict[int, Kernel]) -> None:
    """Part with what is the zygote's and the other kernels'."""
    channel.close()
    for kernel in set(kernels.values()):
        os.close(kernel.ended)
        kernel.line.close()


def _report(kernel: Kernel) -> None:
    """Say the exit code of a kernel on its line, as `subprocess` counts it."""
    _, status = os.waitpid(kernel.pid, 0)
    os.close(kernel.ended)
    with kernel.line, suppress(OSError):  # nobody may be listening any more
        kernel.line.send(OUT_OF_MEMORY if kernel.full else str(os.waitstatus_to_exitcode(status)).encode())
    with suppress(ProcessLookupError):
        os.killpg(kernel.pid, signal.SIGKILL)  # what it has started and left
    if kernel.full:
        kernel.memory.free()


def _kill(pid: int) -> None:
    """Kill a kernel with all that it has started."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _end(kernels: Iterable[Kernel]) -> None:
    """Kill what kernels there are, and wait for them."""
    for pid in {kernel.pid for kernel in kernels}:
        _kill(pid)
        os.waitpid(pid, 0)


def _be_parent_of_workers(line: socket.socket, folder: str) -> None:
    """Be the module that is named over the line, with the environment of a build. The kernels of its workers are those of this zygote."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asked: dict[str, Any] = json.loads(line.recv(MESSAGE))
    os.environ.clear()
    os.environ.update(asked["environment"])
    importlib.import_module(asked["module"]).serve(line, folder)


if __name__ == "__main__":
    main(sys.argv[1])
