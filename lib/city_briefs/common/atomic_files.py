"""Atomic writes: a file or folder is made beside its place and then renamed, so that it is there complete or not at all."""

import ctypes
import errno
import glob
import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from city_briefs.common import files

MACHINE = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]  # in a shared folder others work too
RENAME_EXCHANGE = 2  # of Linux, linux/fs.h
NAMED = 50  # characters of a name that a file on the way to it begins with: no name is longer than 255 bytes


@contextmanager
def whole(path: Path, root: Path | None = None) -> Iterator[BinaryIO]:
    """Yield a new file to write to; it is put at `path` when the body ends, and deleted when the body fails.

    It has a name that nobody can guess, and what ended processes of this machine left beside it is deleted.

    Raises:
        OSError: it cannot be written, another file was put in its place meanwhile, or below `root` a folder on the way is a link.
    """
    stem = f".{path.name[:NAMED]}."
    for left in path.parent.glob(f"{glob.escape(stem)}*"):
        if _is_over(left.name.removeprefix(stem).rpartition("-")[0]):
            left.unlink(missing_ok=True)
    with files.held(path.parent, root) as folder:
        made = files.at(path.parent, folder, f"{stem}{MACHINE}-{os.getpid()}-{token_hex(8)}")
        place = files.at(path.parent, folder, path.name)
        try:
            with files.created(made, folder) as file:
                yield file
                file.flush()
                written = os.fstat(file.fileno())
            os.replace(made, place, src_dir_fd=folder, dst_dir_fd=folder)
            if folder is not None and not os.path.samestat(os.stat(place, dir_fd=folder, follow_symlinks=False), written):
                raise OSError(errno.ESTALE, "another file was put in its place meanwhile")
        finally:
            with suppress(FileNotFoundError):
                os.unlink(made, dir_fd=folder)


def write_whole(path: Path, text: str, root: Path | None = None) -> None:
    """Write a text file in UTF-8, complete or not at all, and make its folder.

    Raises:
        OSError: it cannot be written, or below `root` a folder on the way is a link.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path, root) as file:
        file.write(text.encode())


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
    if machine != MACHINE or not process.isdecimal():
        return False
    import psutil  # only where something was left

    return not psutil.pid_exists(int(process))


def put(folder: Path, path: Path, root: Path | None = None) -> None:
    """Put a folder at `path` beside it; an older one there goes to where the folder was.

    A kill leaves one of the two at `path`, but for a moment where the system cannot swap folders.

    Raises:
        OSError: it cannot be put there, or below `root` a folder on the way is a link.
    """
    with _siblings(folder, path, root) as (parent, made, place):
        try:
            os.stat(place, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(made, place, src_dir_fd=parent, dst_dir_fd=parent)
            return
        if not _exchanged(parent, made, place):
            older = files.at(path.parent, parent, f"{folder.name}.older")
            os.rename(place, older, src_dir_fd=parent, dst_dir_fd=parent)
            os.rename(made, place, src_dir_fd=parent, dst_dir_fd=parent)
            os.rename(older, made, src_dir_fd=parent, dst_dir_fd=parent)


def put_once(folder: Path, path: Path, root: Path | None = None) -> None:
    """Put a folder at `path` beside it, where nothing may be.

    Raises:
        FileExistsError: there is something.
        OSError: it cannot be put there, or below `root` a folder on the way is a link.
    """
    with _siblings(folder, path, root) as (parent, made, place):
        try:
            os.rename(made, place, src_dir_fd=parent, dst_dir_fd=parent)
        except OSError:  # by its name it is FileExistsError only where it is Windows
            if os.path.lexists(path):
                raise FileExistsError(path) from None
            raise


@contextmanager
def _siblings(folder: Path, path: Path, root: Path | None) -> Iterator[tuple[int | None, Path | str, Path | str]]:
    """Yield the descriptor of the folder in which both lie, and how each is named in it; the first gets the mode of any folder."""
    with files.held(path.parent, root) as parent:
        made = files.at(path.parent, parent, folder.name)
        if parent is None:
            folder.chmod(0o777 & ~umask())
        else:
            opened = os.open(made, files.FOLDER | files.NO_LINK, dir_fd=parent)
            try:
                os.fchmod(opened, 0o777 & ~umask())
            finally:
                os.close(opened)
        yield parent, made, files.at(path.parent, parent, path.name)


def _exchanged(parent: int | None, one: Path | str, other: Path | str) -> bool:
    """Swap two folders in one step and return whether it was done; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if parent is not None else None
    return rename is not None and rename(parent, os.fsencode(one), parent, os.fsencode(other), RENAME_EXCHANGE) == 0


def umask() -> int:
    """Return the umask of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
