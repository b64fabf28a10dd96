"""What somebody may put where a file is expected, and nobody should read."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30  # seconds, after which whoever reads is said to wait for ever


def _socket(file: Path) -> None:
    here = Path.cwd()
    os.chdir(file.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(file.name)
    finally:
        os.chdir(here)


def _sparse(file: Path) -> None:
    with file.open("wb") as written:
        written.truncate(1 << 42)


ODD: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "socket": _socket,
    "device": lambda file: file.symlink_to("/dev/zero"),
    "folder": lambda file: file.mkdir(),
    "loop": lambda file: file.symlink_to(file.name),
    "nowhere": lambda file: file.symlink_to("nowhere"),
    "4 TB of nothing": _sparse,
}


def plant(kind: str, file: Path) -> None:
    """Put one of ODD in the place of a file, which need not be there."""
    if file.exists():
        file.unlink()
    ODD[kind](file)


@contextmanager
def patience() -> Iterator[None]:
    """Fail what waits for ever."""

    def late(number: int, frame: object) -> None:
        raise AssertionError(f"nothing came for {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
