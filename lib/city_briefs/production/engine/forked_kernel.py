"""A kernel that a zygote forked, as whoever asked for it has it."""

import asyncio
import os
import signal
import socket
from typing import TYPE_CHECKING

from city_briefs.production.engine import zygote

if TYPE_CHECKING:
    from city_briefs.production.engine.launcher import Zygote


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
