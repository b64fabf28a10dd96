"""The zygote, a program: a Python that has imported all that a chapter needs, and forks a kernel whenever it is asked for one.

Its standard input is a socket. For each kernel it is handed another, the kernel's line, and descriptors for its standard streams, which
are the zygote's own where none are handed. Over the line the child is told what an ordinary
kernel is told when it is started, and answers with its number once it listens; after its end the zygote says its exit code there.
When whoever asked for a kernel closes its line, by dying for instance, the kernel is ended.
When the first socket closes, the owner is gone: the zygote then ends its kernels, takes their folder away and goes too.

A build has its workers of it, too. What workers and kernels both need is imported first (SHARED). Then a process is forked that imports
the rest of what workers need, and forks them; meanwhile the zygote imports the rest of what kernels need. It is named over its line.

It is run by its path, and imports by name, so that a kernel has nothing that an ordinary one has not. Until it forks it starts no
thread of Python's, no event loop, no ZeroMQ context and no connection to DuckDB: none of them would work in a child.
"""

import atexit
import ctypes
import gc
import importlib
import json
import logging
import os
import select
import shutil
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHARED = (  # what kernels need, and workers of a build need too
    "jupyter_client.session",
    "pyarrow.fs",
    "pydantic",
    "jinja2",
    "yaml",
    "psutil",
    "filelock",
    "PIL.Image",
    "fontTools.ttLib",
    "city_briefs.common.atomic_files",
    "city_briefs.common.block_schema",
    "city_briefs.common.issued_figures",
    "city_briefs.common.regions",
    "city_briefs.common.source_hash",
    "city_briefs.common.theme",
)
WARM = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel_launcher",  # this and the next ones are what every kernel imports as it starts
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "city_briefs.notebook",
    "matplotlib.backends.backend_svg",  # this and what follows would be imported at the first chart or query
    "ibis.backends.duckdb.converter",
    "ibis.formats.pandas",
    "pyarrow.dataset",
    "pyarrow.acero",
    "pyarrow.substrait",
    "pyarrow.pandas_compat",
)
KERNEL, WORKERS, GET_READY = b"k", b"w", b"r"  # what the zygote is asked for
UNFIT = 3  # its exit code when it cannot be a zygote, as when the package cannot be imported
MESSAGE = 1 << 20  # bytes: more than the system lets through at once
MEMORY = 4 << 30  # bytes of data that a process of a kernel may have; beyond it a cell meets a MemoryError, and not the machine
OUT_OF_MEMORY = b"memory"  # on the line of a kernel in place of an exit code: it held more than that, with what it shares
HELD = MEMORY  # bytes that a kernel and all that it has started may hold together, what they share among them
LOOK = 0.3  # seconds between two looks at the memory of the kernels
CLOSING = 0.5  # seconds; then SIGALRM ends it
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


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
    """Serve until the owner is gone; in a forked child, be the kernel."""
    atexit.register(_leave)  # as the first, and so called as the last
    if not sys.flags.safe_path:
        sys.path.pop(0)  # where this file lies
    channel = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    before, here = dict(os.environ), os.open(".", os.O_PATH)
    os.chdir(folder)  # where there is no `matplotlibrc`
    _import(*SHARED)
    processes = importlib.import_module("city_briefs.production.engine.processes")
    processes.adopt()
    asked, line = _serve(channel, folder, processes)
    if line and asked == WORKERS:
        with suppress(OSError):  # a folder that this user may not enter
            os.fchdir(here)
    os.close(here)
    if line and asked == KERNEL:
        _be_kernel(line, {name: value for name, value in os.environ.items() if before.get(name) != value})
    elif line:
        _be_parent_of_workers(line, folder)


def _import(*names: str) -> None:
    """Import modules; where one cannot be imported, end: a notebook meets it again in an ordinary kernel, and tells."""
    try:
        for name in names:
            importlib.import_module(name)
    except Exception:
        os._exit(UNFIT)


@cache
def _get_ready() -> None:
    """Import and do once what each kernel needs."""
    _import(*WARM)
    try:
        importlib.import_module("city_briefs.notebook.warmup").rehearse()
    except Exception:
        os._exit(UNFIT)
    if threading.active_count() > 1:
        os._exit(UNFIT)
    gc.collect()
    gc.freeze()  # what is here is for all kernels; looking through it would copy it for each


def _leave() -> None:
    """End without taking apart what was imported: it would be copied for that, and takes longer than all the rest of a start."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream:
            stream.flush()
    os._exit(0)


def _serve(channel: socket.socket, folder: str, processes: Any) -> tuple[bytes, socket.socket | None]:
    """Nothing, once the owner is gone; in a forked child, what it was asked for, KERNEL or WORKERS, and its line."""
    zygote, kernels, looked = os.getpid(), dict[int, Kernel](), 0.0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with select.epoll() as events:
        events.register(channel, select.EPOLLIN)
        try:
            while True:
                looked = _watched(kernels, looked)
                for ready, _ in events.poll(LOOK if kernels else None):
                    if ready == channel.fileno():
                        asked, line, streams = _handed(channel)
                        if not asked:
                            return asked, None
                        if asked != WORKERS:
                            _get_ready()
                        if line is None:
                            continue
                        if (pid := _fork()) == 0:
                            _close(channel, kernels)
                            _take(streams)
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


def _watched(kernels: dict[int, Kernel], looked: float) -> float:
    """Kill each kernel that holds too much memory, when it is time to look, and return when it was looked last."""
    if time.monotonic() < looked + LOOK:
        return looked
    for kernel in set(kernels.values()):
        if not kernel.full and kernel.memory and kernel.memory.held(kernel.pid, HELD) > HELD:
            kernel.full = True
            _kill(kernel.pid)
    return time.monotonic()


def _handed(channel: socket.socket) -> tuple[bytes, socket.socket | None, list[int]]:
    """What is asked for, nothing when the owner is gone; the line of what is to be forked; and its standard output and error, if any."""
    asked, handed, _, _ = socket.recv_fds(channel, 1, 3)
    return asked, (socket.socket(fileno=handed[0]) if handed else None), list(handed[1:])


def _take(streams: list[int]) -> None:
    """Make these the standard output and error of this process."""
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)


def _fork() -> int | None:
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


def _be_kernel(line: socket.socket, imported: dict[str, str]) -> None:
    """An ordinary kernel from here on, in the state in which a process of its own would begin.

    `imported` are the variables that imports have set.
    """
    parent = os.getppid()
    os.setsid()
    importlib.import_module("city_briefs.production.engine.processes").adopt()
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _bound_memory()
    asked: dict[str, Any] = json.loads(line.recv(MESSAGE))
    os.environ.clear()
    os.environ.update(asked["environment"] | imported)
    os.chdir(asked["folder"])
    sys.argv = [importlib.import_module("ipykernel_launcher").__file__ or "", *asked["arguments"]]
    importlib.import_module("numpy").random.seed()  # the modules of Python see to themselves

    app = importlib.import_module("ipykernel.kernelapp").IPKernelApp.instance()
    app.initialize([*asked["arguments"], f"--IPKernelApp.parent_handle={parent}"])
    for name in ("prompt", "house_style"):  # as their import does where there is a shell by then
        importlib.import_module(f"city_briefs.notebook.{name}").install()
    # Called just before ipykernel closes its sockets, which now and then waits many seconds for a thread that has ended.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, CLOSING)
    # Nor is it of interest that one of its threads still wanted to use a socket that it has closed.
    atexit.register(logging.getLogger("tornado.general").setLevel, logging.CRITICAL)
    line.send(str(os.getpid()).encode())
    line.close()
    app.start()


def _bound_memory() -> None:
    import resource  # not everywhere to be had

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))


if __name__ == "__main__":
    main(sys.argv[1])
