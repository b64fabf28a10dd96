"""Hashes of files (SHA-256, as hexadecimal digits), and their bytes, for files that others may have put there.

Only a regular file is read: a pipe would keep whoever reads it waiting for ever, and a device has no end.
"""

import hashlib
from pathlib import Path

from city_briefs.common import files


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with files.opened(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def holds(file: Path, digest: str) -> bool:
    """Return whether a file is there and has this hash."""
    try:
        return file_hash(file) == digest
    except (OSError, ValueError):  # no path
        return False


def verified_bytes(file: Path, digest: str | None) -> bytes | None:
    """Return the bytes of a file; None when it is a link, cannot be read, or has another hash."""
    try:
        content = files.read_bytes(file, links=False)
    except (OSError, ValueError):  # no path
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
