"""The process of a kernel that was forked: it has all that a kernel needs, and becomes one as if it had just been started."""

import atexit
import ctypes
import gc
import importlib
import json
import logging
import os
import signal
import socket
import sys
from typing import Any

from city_briefs.production.engine import processes

MESSAGE = 1 << 20  # bytes: more than the system lets through at once
COLLECTED = 200_000  # objects, after which the collector looks for rings; between two chapters of a shared kernel it looks for them anyway
CLOSING = 0.5  # seconds; then SIGALRM ends it
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def be_kernel(line: socket.socket, imported: dict[str, str]) -> None:
    """An ordinary kernel from here on, in the state in which a process of its own would begin.

    `imported` are the variables that imports have set.
    """
    parent = os.getppid()
    os.setsid()
    processes.adopt()
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _bound_memory()
    gc.set_threshold(COLLECTED)
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
    resource.setrlimit(
        resource.RLIMIT_DATA, (processes.MEMORY if most == resource.RLIM_INFINITY else min(processes.MEMORY, most), most)
    )
