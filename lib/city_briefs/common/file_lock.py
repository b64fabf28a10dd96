"""A lock on a file: one process at a time holds it, and it goes with that process, however it ends."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def held(path: Path, busy: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold the lock of a path while the body runs; the file of the lock is taken away at the end.

    While another process holds it, `busy` is called once, which may raise, and then this one waits. The value is False where nothing
    can be locked, since the folder cannot be made or written to, or lies on a file system without locks.
    """
    lock = FileLock(path, fallback_to_soft=False)
    with suppress(OSError):
        try:
            lock.acquire(blocking=False)
        except Timeout:
            busy()
            lock.acquire()
    try:
        yield lock.is_locked
    finally:
        if (
            lock.is_locked and os.name == "posix"
        ):  # who waits sees that the file is gone, and asks anew; Windows does it on release
            path.unlink(missing_ok=True)
        lock.release()
