"""The owner's end of a zygote: asks it for kernels, and sees that it goes when nobody needs it any more."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.common import atomic_files, paths, read_log, source_hash
from city_briefs.production.engine import warm_imports, zygote
from city_briefs.production.engine.forked_kernel import ForkedKernel

if TYPE_CHECKING:
    from city_briefs.production.engine.kernel_server import Served

POSSIBLE = sys.platform == "linux" and hasattr(os, "pidfd_open")  # elsewhere a fork is not to be had, or not safe
NAME = "briefs-kernels"
LONGEST = 50  # characters of a folder that sockets lie in; the system allows about 100 with their own names
# What a kernel is told each time. Any other variable makes another zygote, so also the one by which a build's snapshot is known.
OF_A_KERNEL = {paths.DATA_VARIABLE, paths.REMARK_VARIABLE, read_log.VARIABLE, "JPY_PARENT_PID", "JPY_SESSION_NAME"}
OF_A_ZYGOTE = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel sets it, before matplotlib is imported
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning of the debugger's, at its import
}
START, END = 60, 5  # seconds that a kernel may take to listen, and a zygote to go


class Zygote:
    """A zygote that another process has started, and lends to a worker: the line to it, and the folder of the sockets of its kernels."""

    is_lent = True

    def __init__(self, environment: Mapping[str, str], folder: Path, channel: socket.socket) -> None:
        self.environment, self.folder, self.channel = _of_a_zygote(environment), folder, channel
        self.workers: socket.socket | None = None  # the line to the parent of the workers of a build

    def get_ready(self) -> None:
        """Have it import what kernels need, before the first is asked for; whoever lends one has seen to that."""

    def end(self) -> None:
        """End it, whatever it is at; one that is lent goes with its owner."""

    def _ask(self, what: bytes, told: Mapping[str, Any], streams: Sequence[int] = ()) -> socket.socket:
        """Ask the zygote for a process, and return the line to it, over which it is told what it is to be."""
        line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                socket.send_fds(self.channel, [what], [theirs.fileno(), *streams])
            line.send(json.dumps(told).encode())
        except OSError:
            line.close()
            raise
        return line

    def worker(self) -> socket.socket | None:
        """Return the line to a new worker; None when there is none to be had."""
        if not self.workers:
            return None
        line, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.workers, [zygote.WORKERS], [theirs.fileno(), self.channel.fileno()])
        except OSError:
            line.close()
            return None
        return line

    def serves(self, environment: Mapping[str, str]) -> bool:
        """Return whether it lives, with this environment and the sources as they are; of one that is lent, as they were."""
        return self.environment == _of_a_zygote(environment) and self._lives()

    def _lives(self) -> bool:
        try:
            return bool(self.channel.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def kernel(
        self, arguments: list[str], folder: str, environment: Mapping[str, str], streams: Sequence[int] = ()
    ) -> ForkedKernel | None:
        """A kernel that listens; None when there is none to be had. `streams` are its standard output and error, if not the zygote's."""
        try:
            line = self._ask(zygote.KERNEL, {"arguments": arguments, "folder": folder, "environment": dict(environment)}, streams)
        except OSError:
            return None
        line.setblocking(False)
        try:
            async with asyncio.timeout(START):
                pid = int(await asyncio.get_running_loop().sock_recv(line, zygote.MESSAGE) or 0)
        except OSError:  # a TimeoutError is one
            pid = 0
        if pid > 0:
            return ForkedKernel(pid, line, self)
        line.close()
        return None


class OwnZygote(Zygote):
    """A zygote that this process has started: it goes with this process, or when let go.

    For a build it has workers, too, of the module of their parent that is named; each has its own kernels of it. What only kernels
    need it imports with `get_ready`, or when it is first asked for one.
    """

    is_lent = False

    def __init__(self, environment: Mapping[str, str], parent_of_workers: str = "") -> None:
        channel, theirs = socket.socketpair()
        super().__init__(environment, _new_folder(), channel)
        self.sources = source_hash.program_stamp()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, zygote.__file__, str(self.folder)],
                stdin=theirs.fileno(),
                env={**OF_A_ZYGOTE, **environment},
                start_new_session=True,  # Ctrl-C in the terminal is for its owner to act on
            )
        weakref.finalize(self, _let_go, os.getpid(), self.channel, self.process, self.folder)
        self._is_told = False  # that kernels will be asked for
        if parent_of_workers:
            with suppress(OSError):  # it has ended: whoever asks it for something meets that again
                self.workers = self._ask(zygote.WORKERS, {"module": parent_of_workers, "environment": dict(environment)})

    def get_ready(self) -> None:
        """Have it import what kernels need, before the first is asked for."""
        if not self._is_told:
            self._is_told = True
            with suppress(OSError):  # as above
                self.channel.send(zygote.GET_READY)

    def end(self) -> None:
        """End it, whatever it is at."""
        self.process.terminate()

    def _lives(self) -> bool:
        return self.sources == source_hash.program_stamp() and self.process.poll() in (None, warm_imports.UNFIT)


class ServedZygote(Zygote):
    """A zygote that the kernel server has forked for a build of this process, and the parent of its workers; both go as an own one does."""

    is_lent = False

    def __init__(self, environment: Mapping[str, str], folder: Path, served: "Served") -> None:
        super().__init__(environment, folder, served.channel)
        self.workers, self.sources, self._served = served.workers, source_hash.program_stamp(), served
        self._let_go = weakref.finalize(self, _let_go_served, os.getpid(), served, folder)

    def get_ready(self) -> None:
        """Have it read what each kernel of the build needs; all that kernels need is imported."""
        with suppress(OSError):  # it has ended: whoever asks it for something meets that again
            self.channel.send(zygote.GET_READY)

    def worker(self) -> socket.socket | None:
        """Return the line to a new worker; None when the server has not taken the build on."""
        return super().worker() if self._served.is_taken() else None

    def end(self) -> None:
        """End it, whatever it is at, without waiting for it."""
        self._let_go.detach()
        self._served.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _lives(self) -> bool:
        return self.sources == source_hash.program_stamp() and super()._lives()


def current(environment: Mapping[str, str]) -> Zygote | None:
    """The zygote for kernels with this environment and the sources as they are now; None where there can be none."""
    if not POSSIBLE:
        return None
    if not (_held and _held.serves(environment)):
        hold(OwnZygote(environment) if possible() else None)
        if _held:
            _held.get_ready()
    return _held


def of_build(environment: Mapping[str, str], parent_of_workers: str, *, kernels: bool) -> Zygote | None:
    """The zygote for the workers of a build, of the module of their parent, and for their kernels; None where there can be none.

    It may be asked for before it is known whether there will be `kernels`, and then once more.
    """
    if not possible():
        return None
    if not (_held and _held.workers and _held.serves(environment)):
        hold(_served(environment, parent_of_workers) or OwnZygote(environment, parent_of_workers))
    if _held and kernels:
        _held.get_ready()
    return _held


def _served(environment: Mapping[str, str], parent_of_workers: str) -> ServedZygote | None:
    """Return the zygote of a build from the kernel server; None where there is none, and when one has failed this build already."""
    from city_briefs.production.engine import kernel_server  # which not every system has

    if isinstance(_held, ServedZygote) and not _held.serves(_held.environment):
        return None
    folder = _new_folder()
    if served := kernel_server.ask(environment, folder, parent_of_workers):
        return ServedZygote(environment, folder, served)
    shutil.rmtree(folder, ignore_errors=True)
    return None


def is_worker() -> bool:
    """Whether this process is a worker of a build whose kernels the zygote of the build forks."""
    return _held is not None and _held.is_lent


def possible() -> bool:
    """Whether processes can be forked here from one that listens on a socket of the system's temporary folder."""
    return POSSIBLE and len(tempfile.gettempdir()) <= LONGEST


def hold(zygote: Zygote | None) -> None:
    """Take this one for the kernels to come, while it serves them."""
    global _held
    _held = zygote


def drop() -> None:
    """End the zygote that is held, whatever it is at."""
    if _held:
        _held.end()
    hold(None)


_held: Zygote | None = None
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: hold(None))  # it is its parent's


def _of_a_zygote(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in OF_A_KERNEL}


def begin_worker(environment: Mapping[str, str], zygote: Zygote | None, forsaken: Callable[[], object]) -> None:
    """Begin a worker of a build with an environment and a zygote.

    Ctrl-C in the terminal is for the build to act on. Without it a worker ends: `forsaken` is a call that returns when the build is gone.
    """
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it is found again by TMPDIR
    hold(zygote)
    if hasattr(os, "setpgrp"):
        os.setpgrp()

    def end() -> None:
        forsaken()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def _new_folder() -> Path:
    return atomic_files.begun(Path(tempfile.gettempdir()), NAME)


def _let_go_served(owner: int, served: "Served", folder: Path) -> None:
    if os.getpid() == owner:  # else it is not ours to wait for
        served.end(END)
        shutil.rmtree(folder, ignore_errors=True)
    served.close()


def _let_go(owner: int, channel: socket.socket, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    channel.close()
    if os.getpid() != owner:
        process.returncode = 0  # it is not ours to wait for
        return
    try:
        process.wait(END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
