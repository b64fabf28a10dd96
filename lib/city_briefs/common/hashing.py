"""Hashes of files: SHA-256, as hexadecimal digits."""

import hashlib
from pathlib import Path


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def holds(file: Path, digest: str) -> bool:
    """Return whether a file is there and has this hash."""
    return verified_bytes(file, digest) is not None


def verified_bytes(file: Path, digest: str | None) -> bytes | None:
    """Return the bytes of a file; None when it cannot be read, or has another hash."""
    try:
        content = file.read_bytes()
    except (OSError, ValueError):  # no path
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
