"""Workplaces: folders in which something is made beside its place, so that it is put there whole or not at all."""

import ctypes
import glob
import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

MACHINE = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]  # in a shared folder others work too
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of Linux, linux/fcntl.h and linux/fs.h


def unfinished(path: Path) -> Path:
    """Where a file is written before it is put at its path; what processes that are no more have left there is taken away."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        if _is_over(left.suffix[1:]):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{MACHINE}-{os.getpid()}")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Another path, to write a file to: it is put at `path` when the body ends, and is taken away when that fails."""
    place = unfinished(path)
    try:
        yield place
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as place:
        place.write_text(text, "utf-8", newline="\n")


def sync(path: Path) -> None:
    """Have a file or a folder on the disk, and not only on its way there; Windows can do this with no folder."""
    if os.name == "posix" or path.is_file():
        opened = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def begun(parent: Path, name: str) -> Path:
    """A new folder, for its owner alone, named for what is made in it and for the process that works there.

    Those for the same name whose processes are no more, as a kill leaves them, are taken away, but for those of other machines.
    """
    for left in parent.glob(f"{glob.escape(name)}-*"):
        if _is_over(left.name.removeprefix(f"{name}-").rpartition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-{MACHINE}-{os.getpid()}-", dir=parent))


def _is_over(worker: str) -> bool:
    """Whether this names a process of this machine that is no more."""
    machine, _, process = worker.rpartition("-")
    return machine == MACHINE and process.isdecimal() and not psutil.pid_exists(int(process))


def put(folder: Path, path: Path) -> None:
    """Let the folder be at `path`, and an older one where the folder was; a kill leaves the one or the other."""
    folder.chmod(0o777 & ~_umask())
    if not path.exists():
        folder.rename(path)
    elif not _exchanged(folder, path):
        older = folder.with_name(f"{folder.name}.older")
        path.rename(older)
        folder.rename(path)
        older.rename(folder)


def put_once(folder: Path, path: Path) -> None:
    """Let the folder be at `path`, where nothing may be yet; else a FileExistsError."""
    folder.chmod(0o777 & ~_umask())
    try:
        folder.rename(path)
    except OSError:  # by its name it is FileExistsError only where it is Windows
        if path.exists():
            raise FileExistsError(path) from None
        raise


def _exchanged(folder: Path, other: Path) -> bool:
    """Whether two folders have changed places in one step; False where the system cannot, and then there is a moment between."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    return rename is not None and rename(AT_FDCWD, os.fsencode(folder), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
