"""The zygote, a program: a Python that has imported all that a chapter needs, and forks a kernel at each request.

Its standard input is a socket. For each kernel it is handed another one, the kernel's line, over which the child gets what an
ordinary kernel gets at its start, says its number when it listens, and is reported by its exit code when it has ended. When the
first socket closes, its owner is gone, and it takes its kernels and their folder along.

Run by its path, so that nothing of the packages it lies in is in a kernel's way. Until it forks, it has no thread of Python's, no
event loop, no socket of ZeroMQ's and no connection of DuckDB's: none of them would survive.
"""

import ctypes
import importlib
import json
import os
import resource
import select
import selectors
import shutil
import signal
import socket
import sys
import threading

WARM = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",  # this and the next two are imported by every kernel as it starts
    "IPython.core.completer",
    "IPython.core.history",
    "seaborn",
    "matplotlib.backends.backend_svg",
    "lib.notebook",
)
MESSAGE = 1 << 20  # bytes of a request at most; a longer one does not go through a socket either
MEMORY = 4 << 30  # bytes of data of a kernel and of each of its processes; beyond it allocation fails, and the machine does not
UNFIT = 3  # exit code when it cannot be a zygote at all, as when `lib` cannot be imported
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(folder: str) -> None:
    """Serve until the owner is gone; in a forked child, be the kernel."""
    sys.path.pop(0)  # where this file lies
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    try:
        for name in WARM:
            importlib.import_module(name)
    except Exception:  # a notebook meets it again in an ordinary kernel, and tells
        sys.exit(UNFIT)
    if threading.active_count() > 1:
        sys.exit(UNFIT)
    line = _serve(channel, folder)
    if line:
        _be_kernel(line)


def _serve(channel: socket.socket, folder: str) -> socket.socket | None:
    """Nothing, once the owner is gone; in a forked child, its line."""
    owner, kernels = os.getpid(), selectors.DefaultSelector()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    kernels.register(channel, selectors.EVENT_READ)
    try:
        while True:
            for ready, _ in kernels.select():
                if ready.data:
                    _report(kernels, ready)
                    continue
                _, handed, _, _ = socket.recv_fds(channel, 1, 1)
                if not handed:
                    return None
                line = socket.socket(fileno=handed[0])
                zygote_forks = os.fork()
                if not zygote_forks:
                    return line
                kernels.register(os.pidfd_open(zygote_forks), selectors.EVENT_READ, (zygote_forks, line))
    finally:
        if os.getpid() == owner:
            _end(kernels, folder)
