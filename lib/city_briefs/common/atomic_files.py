"""Atomic writes: a file or folder is made beside its place and then renamed, so that it is there complete or not at all."""

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
    """Return where this process writes a file before it is put at its path; deletes what ended processes of this machine left."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        if _is_over(left.suffix[1:]):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{MACHINE}-{os.getpid()}")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a path to write a file to; it is put at `path` when the body ends, and deleted when the body fails."""
    place = unfinished(path)
    try:
        yield place
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text file in UTF-8, complete or not at all, and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as place:
        place.write_text(text, "utf-8", newline="\n")


def sync(path: Path) -> None:
    """Flush a file or a folder to the disk (fsync); on Windows a folder is passed over."""
    if os.name == "posix" or path.is_file():
        opened = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def begun(parent: Path, name: str) -> Path:
    """Make a new folder for its owner alone and return it; its name has `name`, this machine and this process.

    Folders of the same name that ended processes of this machine left are deleted.
    """
    for left in parent.glob(f"{glob.escape(name)}-*"):
        if _is_over(left.name.removeprefix(f"{name}-").rpartition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-{MACHINE}-{os.getpid()}-", dir=parent))


def _is_over(worker: str) -> bool:
    """Return whether a word such as `a1b2c3-417` names a process of this machine that has ended."""
    machine, _, process = worker.rpartition("-")
    return machine == MACHINE and process.isdecimal() and not psutil.pid_exists(int(process))


def put(folder: Path, path: Path) -> None:
    """Put a folder at `path`; an older one there goes to where the folder was.

    A kill leaves one of the two at `path`, but for a moment where the system cannot swap folders.
    """
    folder.chmod(0o777 & ~_umask())
    if not path.exists():
        folder.rename(path)
    elif not _exchanged(folder, path):
        older = folder.with_name(f"{folder.name}.older")
        path.rename(older)
        folder.rename(path)
        older.rename(folder)


def put_once(folder: Path, path: Path) -> None:
    """Put a folder at `path`, where nothing may be.

    Raises:
        FileExistsError: there is something.
    """
    folder.chmod(0o777 & ~_umask())
    try:
        folder.rename(path)
    except OSError:  # by its name it is FileExistsError only where it is Windows
        if path.exists():
            raise FileExistsError(path) from None
        raise


def _exchanged(folder: Path, other: Path) -> bool:
    """Swap two folders in one step and return whether it was done; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    return rename is not None and rename(AT_FDCWD, os.fsencode(folder), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def _umask() -> int:
    """Return the umask of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
