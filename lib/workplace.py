"""Workplaces: folders in which something is made beside its place, so that it is put there whole or not at all."""

import ctypes
import glob
import os
import re
import shutil
import tempfile
from pathlib import Path

import psutil

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of Linux, linux/fcntl.h and linux/fs.h


def unfinished(path: Path) -> Path:
    """Where a file is written before it is put at its path; what processes that are no more have left there is taken away."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        if left.suffix[1:].isdecimal() and not psutil.pid_exists(int(left.suffix[1:])):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}")


def begun(parent: Path, name: str) -> Path:
    """A new folder, for its owner alone, named for what is made in it and for the process that works there.

    Those for the same name whose processes are no more, as a kill leaves them, are taken away.
    """
    for left in parent.glob(f"{glob.escape(name)}-*"):
        process = re.fullmatch(rf"{re.escape(name)}-(\d+)-\w+", left.name)
        if process and not psutil.pid_exists(int(process[1])):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=parent))


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


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two folders have changed places in one step; False where the system cannot, and then there is a moment between."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    return rename is not None and rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
