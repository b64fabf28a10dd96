"""The owner's end of a zygote: asks it for kernels, and sees that it goes when nobody needs it any more."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from city_briefs.common import atomic_files, paths, read_log, source_hash
from city_briefs.production.engine import zygote

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


class ForkedKernel:
    """A kernel that a zygote forked: what a provisioner uses of a `Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, line: socket.socket, owner: "Zygote") -> None:
        self.pid = pid
        self.owner = owner  # which lasts as long as its kernels
        self.returncode: int | None = None
        self.out_of_memory = False  # whether it was ended for holding more than it may, with all that it shares
        self._line = line

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        if self.returncode is None:
            try:
                self._ended(self._line.recv(zygote.MESSAGE))
            except BlockingIOError:
                return None
        return self.returncode

    def wait(self) -> int | None:
        """The exit code; for a kernel of which `poll` has said that it has ended."""
        return self.poll()

    async def end(self, seconds: float) -> None:
        """Return as soon as it has ended, or after so many seconds."""
        if self.poll() is None:
            try:
                async with asyncio.timeout(seconds):
                    self._ended(await asyncio.get_running_loop().sock_recv(self._line, zygote.MESSAGE))
            except TimeoutError:
                pass

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and to what it has started. When that kills it, it counts as ended: its zygote sees to the rest."""
        if self.poll() is None:
            os.killpg(self.pid, number)
            if number == signal.SIGKILL:
                self._ended(b"")

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, code: bytes) -> None:
        self.out_of_memory = code == zygote.OUT_OF_MEMORY
        self.returncode = int(
            (not self.out_of_memory and code) or -signal.SIGKILL
        )  # nothing is said when the zygote is dead, and its kernels with it
        self._line.close()


class Zygote:
    """A zygote and the folder in which its kernels have their sockets. It goes with the process that started it, or when let go.

    For a build it has workers, too, of the module of their parent that is named; each has its own kernels of it. What only kernels
    need it imports with `get_ready`, or when it is first asked for one.
    """

    def __init__(self, environment: Mapping[str, str], parent_of_workers: str = "") -> None:
        self.environment, self.sources = _of_a_zygote(environment), program_stamp()
        self.folder = atomic_files.begun(Path(tempfile.gettempdir()), NAME)
        self.workers: socket.socket | None = None
        self.channel, theirs = socket.socketpair()
        with theirs:
            self.process: subprocess.Popen[bytes] | None = subprocess.Popen(  # noqa: S603
                [sys.executable, zygote.__file__, str(self.folder)],
                stdin=theirs.fileno(),
                env={**OF_A_ZYGOTE, **environment},
                start_new_session=True,  # Ctrl-C in the terminal is for its owner to act on
            )
        weakref.finalize(self, _let_go, os.getpid(), self.channel, self.process, self.folder)
        self._ready = False  # whether it was told that kernels will be asked for
        if parent_of_workers:
            with suppress(OSError):  # it has ended: whoever asks it for something meets that again
                self.workers = self._ask(zygote.WORKERS, {"module": parent_of_workers, "environment": dict(environment)})

    @classmethod
    def lent(cls, channel: socket.socket, folder: Path, environment: Mapping[str, str]) -> "Zygote":
        """Return a zygote that another process has started, for a worker of it."""
        lent = cls.__new__(cls)
        lent.environment, lent.folder, lent.channel = _of_a_zygote(environment), folder, channel
        lent.process = lent.workers = None
        lent._ready = True  # whoever has lent it sees to that
        return lent

    def get_ready(self) -> None:
        """Have it import what kernels need, before the first is asked for."""
        if not self._ready:
            self._ready = True
            with suppress(OSError):  # as above
                self.channel.send(zygote.GET_READY)

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
        """Whether it lives and its kernels have this environment, and the sources as they are; of one that was handed, as they were."""
        if self.environment != _of_a_zygote(environment):
            return False
        if self.process:
            return self.sources == program_stamp() and self.process.poll() in (None, zygote.UNFIT)
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


def current(environment: Mapping[str, str]) -> Zygote | None:
    """The zygote for kernels with this environment and the sources as they are now; None where there can be none."""
    if not POSSIBLE:
        return None
    if not (_held and _held.serves(environment)):
        hold(Zygote(environment) if possible() else None)
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
        hold(Zygote(environment, parent_of_workers))
    if _held and kernels:
        _held.get_ready()
    return _held


def is_worker() -> bool:
    """Whether this process is a worker of a build whose kernels the zygote of the build forks."""
    return _held is not None and _held.process is None


def possible() -> bool:
    """Whether processes can be forked here from one that listens on a socket of the system's temporary folder."""
    return POSSIBLE and len(tempfile.gettempdir()) <= LONGEST


def hold(zygote: Zygote | None) -> None:
    """Take this one for the kernels to come, while it serves them."""
    global _held
    _held = zygote


def drop() -> None:
    """End the zygote that is held, whatever it is at."""
    if _held and _held.process:
        _held.process.terminate()
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


def program_stamp() -> tuple[object, ...]:
    """Differs when a source of the package, the lock or the settings have been changed."""
    files = (*source_hash.package(), paths.lock(), paths.root() / paths.SETTINGS)
    stats = ((str(file), file.stat()) for file in files if file.exists())
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


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
