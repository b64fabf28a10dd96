"""Files as they are opened: to be read, a regular file of bounded size; to be written, one that was not there.

Everything that the package reads whole or writes goes through here, and `tests/unit/test_files_opened.py` holds it. A named pipe, a
socket or a device is refused at once, and is never waited for. No link is followed by a write. In a process of a build, a file that the
build has sealed is read whole and compared (`common.imports`).
"""

import errno
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BufferedWriter, BytesIO, FileIO, TextIOWrapper
from pathlib import Path
from typing import IO

from city_briefs.common import imports

MOST = 1 << 30  # bytes of a file that is read whole: notebooks and documents
BY_HAND = 1 << 22  # bytes of a file that a person writes: settings, declarations, lists, remarks, keys
PART = 1 << 16  # bytes that are read at a time of a file that grows; as many as are asked for have their place at once
NAME = 255  # bytes of the name of a file or folder, on any system
READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
NEW = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
KINDS = {
    stat.S_IFIFO: ("a named pipe", "命名管道"), stat.S_IFSOCK: ("a socket", "套接字"), stat.S_IFDIR: ("a folder", "文件夹"),
    stat.S_IFCHR: ("a device", "设备"), stat.S_IFBLK: ("a device", "设备"), stat.S_IFLNK: ("a link", "链接"),
}  # fmt: skip
ERRNO = re.compile(r"\[Errno ([0-9]+)\]")
REASONS_ZH = {
    errno.ENOENT: "没有这个文件", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EISDIR: "它是文件夹",
    errno.ENOTDIR: "上级不是文件夹", errno.ENOSPC: "磁盘已满", errno.EROFS: "磁盘只读", errno.ELOOP: "它是链接",
}  # fmt: skip


class NotReadable(OSError):
    """What is no regular file, or has too many bytes. Its words, in English and in Chinese, are the rest of “… cannot be read: ”."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(errno.EINVAL, english)
        self.chinese = chinese

    def __str__(self) -> str:
        return str(self.strerror)


def reason(error: OSError) -> str:
    """Return why the system refuses, in its own words, without number and path; of several reasons the first."""
    error = _first(error)
    return str(error.strerror or error)


def reason_zh(error: OSError) -> str:
    """Return in Chinese what `reason` says in English; the words of the system where it is a rare one."""
    error = _first(error)
    return getattr(error, "chinese", "") or REASONS_ZH.get(error.errno or 0, str(error.strerror or error))


def _first(error: OSError) -> OSError:
    """Return the first of the errors that copying a folder has gathered, of which it keeps only the texts; else the error itself."""
    if isinstance(error, shutil.Error) and (number := ERRNO.search(str(error))):
        return OSError(int(number[1]), os.strerror(int(number[1])))
    return error


def opened(path: Path | str, *, links: bool = True) -> BufferedReader:
    """Open a regular file to be read; without `links`, one that is a link is not.

    Raises:
        NotReadable: it is something else.
        OSError: it is not there, or may not be read.
    """
    _check_kind(Path(path).stat(follow_symlinks=links).st_mode)  # before it is opened, which a device may act upon
    descriptor = os.open(path, READ | (0 if links else NO_LINK))
    try:
        _check_kind(os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def _check_kind(mode: int) -> None:
    kind = stat.S_IFMT(mode)
    if kind != stat.S_IFREG:
        english, chinese = KINDS.get(kind, ("something else", "其他对象"))
        raise NotReadable(f"it is {english}, and no file", f"它是{chinese}，不是文件")


def read_bytes(path: Path, most: int = MOST, *, links: bool = True) -> bytes:
    """Return the bytes of a regular file that has at most `most` of them.

    Raises:
        NotReadable: it is something else, or has more.
        OSError: it is not there, or may not be read.
        DataError: it is not as a build has sealed it.
    """
    if imports.sealed_hash(path) and not path.exists():
        imports.compared(path, None)
    with opened(path, links=links) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(size + 1) if size <= most else b""
        while size <= most and (more := file.read(PART)):  # it grows
            content, size = content + more, len(content) + len(more)
    if max(size, len(content)) > most:
        raise _too_large(most)
    return imports.compared(path, content) if imports.is_sealed(path) else content


def _too_large(most: int) -> NotReadable:
    return NotReadable(f"it has more than {most >> 20} MB", f"它超过{most >> 20}MB")


def read_text(path: Path, encoding: str = "utf-8", most: int = MOST, *, links: bool = True) -> str:
    """Return the text of a regular file that has at most `most` bytes, each line ended by \\n; without `links`, of none that is a link.

    Raises:
        NotReadable: it is no regular file, or has more.
        OSError: it is not there, or may not be read.
        UnicodeDecodeError: it is in another encoding.
    """
    return read_bytes(path, most, links=links).decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def opened_text(path: Path, encoding: str = "utf-8", most: int | None = BY_HAND) -> TextIOWrapper:
    """Open a regular file of text to be read that has at most `most` bytes, its lines as they end, as the module csv wants it.

    Raises:
        NotReadable: it is something else, or has more.
        OSError: it is not there, or may not be read.
        DataError: it is not as a build has sealed it.
    """
    if imports.is_sealed(path):
        return TextIOWrapper(BytesIO(read_bytes(path, most or MOST)), encoding, newline="")
    file = opened(path)
    if most is not None and os.fstat(file.fileno()).st_size > most:
        file.close()
        raise _too_large(most)
    return TextIOWrapper(file, encoding, newline="")


def created(path: Path | str, folder: int | None = None) -> BufferedWriter:
    """Open a new file to be written; `path` may be a name in the folder of a descriptor.

    Raises:
        FileExistsError: there is something at the path, be it a link that leads nowhere.
    """
    return os.fdopen(os.open(path, NEW, 0o666, dir_fd=folder), "wb")


def write_new(path: Path, content: bytes | str) -> None:
    """Write a new file; a text is written in UTF-8, its lines as they are.

    Raises:
        FileExistsError: there is something at the path.
    """
    with created(path) as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def link(source: Path | str, target: Path | str) -> None:
    """Let a file that is never written to have a second name; copy it where the disk has no links.

    Raises:
        OSError: it cannot be copied either.
    """
    try:
        os.link(source, target)
    except OSError:
        copy(Path(source), Path(target))


def copy(source: Path | str, path: Path | str, *, links: bool = True) -> Path | str:
    """Copy a regular file to where nothing is, with the time of its last change, and return the path.

    Raises:
        NotReadable: the source is no regular file, or without `links` a link.
        FileExistsError: there is something at the path.
    """
    with opened(source, links=links) as file, created(path) as made:
        shutil.copyfileobj(file, made)
        made.flush()
        if os.utime in os.supports_fd:
            state = os.fstat(file.fileno())
            os.utime(made.fileno(), ns=(state.st_atime_ns, state.st_mtime_ns))
    return path


def appended(path: Path) -> FileIO:
    """Open a regular file, made when there is none, to be read and written to at its end, without a buffer.

    Raises:
        OSError: it is a link or something else, or cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | READ | NO_LINK, 0o666)
    try:
        _check_kind(os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return FileIO(descriptor, "r+")


def unnamed() -> IO[bytes]:
    """Return a file without a name, to be read and written to, which goes when it is closed."""
    return tempfile.TemporaryFile()


@contextmanager
def held(folder: Path, root: Path | None = None) -> Iterator[int | None]:
    """Yield a descriptor of a folder, which stays that folder whatever is put at its path; None where there are no such descriptors.

    With a `root`, no folder on the way from there may be a link.

    Raises:
        OSError: the folder is not there, or is reached through a link.
    """
    if os.open not in os.supports_dir_fd:
        yield None
        return
    descriptor = os.open(root or folder, FOLDER)
    try:
        for name in folder.relative_to(root).parts if root else ():
            try:
                below = os.open(name, FOLDER | NO_LINK, dir_fd=descriptor)
            except NotADirectoryError:
                raise OSError(errno.ELOOP, f"{name} is a link or no folder, and what is made stays in {root}") from None
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def at(folder: Path, descriptor: int | None, name: str) -> Path | str:
    """Return how a file of a folder that is `held` is named to the system."""
    return folder / name if descriptor is None else name
