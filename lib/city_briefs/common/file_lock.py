"""A lock on a file: one process at a time holds it, and it is released when that process ends, however it ends."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def held(path: Path, busy: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold the lock of a path while the body runs, and delete the file of the lock at the end.

    While another process holds it, `busy` is called once and may raise; then this process waits. Yields whether the lock is held:
    False where the folder cannot be made or written to, or its file system has no locks.
    """
    from filelock import FileLock, Timeout  # whoever only looks locks nothing

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
        if lock.is_locked and os.name == "posix":
            path.unlink(
                missing_ok=True
            )  # a process that waits sees that the file is gone, and makes another; Windows deletes it on release
        lock.release()
