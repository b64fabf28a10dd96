"""Hashes of files (SHA-256, as hexadecimal digits), and their bytes, for files that others may have put there.

Only a regular file is read: a pipe would keep whoever reads it waiting for ever, and a device has no end.
"""

import errno
import hashlib
import io
import os
import stat
from pathlib import Path

AT_ONCE = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)  # a pipe is opened without a writer


def opened(file: Path) -> io.BufferedReader:
    """Return a regular file, or what a link to one leads to, open for reading.

    Raises:
        OSError: it cannot be read, or is a pipe, a socket, a device or a folder.
        ValueError: it is no path.
    """
    descriptor = os.open(file, os.O_RDONLY | AT_ONCE)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "It is no regular file", str(file))
    return os.fdopen(descriptor, "rb")


def regular_bytes(file: Path, most: int | None = None) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        OSError: as of `opened`, or it has more than `most` bytes.
        ValueError: it is no path.
    """
    with opened(file) as stream:
        if most is not None and os.fstat(stream.fileno()).st_size > most:
            raise OSError(errno.EFBIG, "It is too large", str(file))
        return stream.read()


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with opened(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def holds(file: Path, digest: str) -> bool:
    """Return whether a file is there and has this hash."""
    try:
        return file_hash(file) == digest
    except (OSError, ValueError):  # no path
        return False


def verified_bytes(file: Path, digest: str | None) -> bytes | None:
    """Return the bytes of a file; None when it cannot be read, or has another hash."""
    try:
        content = regular_bytes(file)
    except (OSError, ValueError):  # no path
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
