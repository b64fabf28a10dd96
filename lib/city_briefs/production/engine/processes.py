"""The processes of a kernel: all that descend from it, the memory that they hold together, and that none outlives it. Linux alone.

A limit on the data of a process (RLIMIT_DATA) knows no memory that processes share: maps, `/dev/shm`, memfd. Here it is counted.
"""

import ctypes
import os
import signal
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
SHARED = "/dev/shm/"  # noqa: S108  # it is looked at, and nothing is made there
IN_MEMORY = {"tmpfs", "ramfs", "devtmpfs"}
PATIENCE = 5.0  # seconds in which processes that start others while they are killed are killed, too
BLOCK = 512  # bytes, of st_blocks
# Bytes of data that a process of a kernel may have; beyond it a cell meets a MemoryError, and not the machine. As many may a kernel and all
# that it has started hold together, what they share among them.
MEMORY = 4 << 30
Inode = tuple[int, int]  # device and number


def adopt() -> None:
    """Become the parent of every process below this one whose own parent ends, such as one that makes itself a daemon."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1)


def children(pid: int) -> list[int]:
    """Return the processes that a process is the parent of, those that have ended and not been waited for among them."""
    found: list[int] = []
    with suppress(OSError):
        for thread in _names(f"/proc/{pid}/task"):
            found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found


def below(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:  # which grows meanwhile
        found += children(each)
    return found


def end_orphans(kept: Iterable[int]) -> None:
    """Kill every child of this process but those that are kept, and what descends from it, and wait for them."""
    known, until = set(kept), time.monotonic() + PATIENCE
    while (orphans := [pid for pid in children(os.getpid()) if pid not in known]) and time.monotonic() < until:
        for pid in orphans:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)  # what it was the parent of is ours by the next look
            with suppress(OSError):
                os.waitpid(pid, 0)


def give_back() -> None:
    """Give to the system what this process has freed, where its C library keeps it: some 25 MiB after an HTML page."""
    with suppress(AttributeError):  # not glibc
        ctypes.CDLL(None).malloc_trim(0)


class Memory:
    """The memory of the processes of one kernel; files in memory are remembered when they are closed, too."""

    def __init__(self) -> None:
        self._files: dict[Inode, str] = {}

    def held(self, pid: int, most: int) -> int:
        """Return the bytes that a kernel and all below it hold; more than `most` only when they are counted one by one.

        Memory of several processes counts once. Of what is mapped and what lies in files the larger counts: it may be the same.
        """
        processes = below(pid)
        lying = self._in_files(processes)
        fields = [_fields(f"/proc/{each}/status") for each in processes]
        anonymous = sum(field.get("RssAnon", 0) + field.get("VmSwap", 0) for field in fields)
        mapped = sum(field.get("RssShmem", 0) for field in fields)
        if anonymous + mapped + lying > most:
            parts = [_fields(f"/proc/{each}/smaps_rollup") for each in processes]
            if any("Pss_Shmem" in part for part in parts):  # not before Linux 5.4
                anonymous = sum(part.get("Pss_Anon", 0) + part.get("SwapPss", 0) for part in parts)
                mapped = sum(part.get("Pss_Shmem", 0) for part in parts)
        return anonymous + max(mapped, lying)

    def free(self) -> None:
        """Delete the files in `/dev/shm` that these processes wrote: they hold memory after their end."""
        for inode, path in self._files.items():
            with suppress(OSError):
                if path.startswith(SHARED) and _inode(os.stat(path, follow_symlinks=False)) == inode:  # noqa: PTH116
                    Path(path).unlink()

    def _in_files(self, processes: Iterable[int]) -> int:
        """Return the bytes of files in memory that processes have written, whether open or closed."""
        sizes: dict[Inode, int] = {}
        for pid in processes:
            with suppress(OSError):
                for number in _names(f"/proc/{pid}/fd"):
                    with suppress(OSError):
                        self._look(f"/proc/{pid}/fd/{number}", f"/proc/{pid}/fdinfo/{number}", sizes)
        for inode, path in list(self._files.items()):
            with suppress(OSError):
                state = os.stat(path, follow_symlinks=False)  # noqa: PTH116
                if _inode(state) == inode:
                    sizes[inode] = state.st_blocks * BLOCK
        return sum(sizes.values())

    def _look(self, descriptor: str, about: str, sizes: dict[Inode, int]) -> None:
        """Take down what a descriptor leads to when it is a file in memory that may be written to."""
        state = os.stat(descriptor)  # noqa: PTH116
        if not stat.S_ISREG(state.st_mode):
            return
        path = os.readlink(descriptor)  # noqa: PTH115
        if not path.startswith("/memfd:") and state.st_dev not in _devices():
            return
        flags = next(int(line.split()[1], 8) for line in _read(about).split("\n") if line.startswith("flags:"))
        if flags & os.O_ACCMODE != os.O_RDONLY:
            sizes[_inode(state)] = state.st_blocks * BLOCK
            self._files[_inode(state)] = path


def _inode(state: os.stat_result) -> Inode:
    return state.st_dev, state.st_ino


def _devices() -> set[int]:
    """Return the devices of file systems that lie in memory."""
    if not _known:
        for line in _read("/proc/self/mountinfo").split("\n")[:-1]:
            numbers, kind = line.split()[2], line.partition(" - ")[2].split()[0]
            if kind in IN_MEMORY:
                major, minor = map(int, numbers.split(":"))
                _known.add(os.makedev(major, minor))
    return _known


_known: set[int] = set()


def _fields(file: str) -> dict[str, int]:
    """Return the fields of a file of `/proc` that are in kB, in bytes; none when the process is gone."""
    with suppress(OSError):
        words = (line.split() for line in _read(file).split("\n"))
        return {line[0].rstrip(":"): int(line[1]) << 10 for line in words if len(line) == 3 and line[2] == "kB"}
    return {}


def _names(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _read(file: str) -> str:
    with open(file, encoding="utf-8", errors="replace") as opened:  # noqa: PTH123  # of the system, which is no file on any disk
        return opened.read()
