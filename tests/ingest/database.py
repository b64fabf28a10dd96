"""A real PostgreSQL: Debian's, or any other below /usr/lib/postgresql, started in a folder of its own and stopped at the end."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SUPERUSER = "bureau"


def _as_no_root(*command: str | Path) -> list[str]:
    """A command as a user who is not root: the server refuses to run as root."""
    said = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *said] if os.geteuid() == 0 else said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server() -> Iterator[str]:
    """The URL of a database that is there for as long as the block; without the programs the test is skipped, by their name."""
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("runuser is not installed")
    programs = PROGRAMS[-1]
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # not below a folder of pytest, which no other user may enter
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, port = folder / "data", _free_port()
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        made = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", SUPERUSER)
        subprocess.run(_as_no_root(programs / "initdb", "-D", data, *made), **quiet)
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c timezone=Asia/Shanghai"
        log = folder / "log"
        subprocess.run(_as_no_root(programs / "pg_ctl", "-w", "-D", data, "-o", options, "-l", log, "start"), **quiet)
        try:
            yield f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(_as_no_root(programs / "pg_ctl", "-w", "-D", data, "-m", "fast", "stop"), **quiet)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The URL of a real PostgreSQL."""
    with server() as url:
        yield url


def run(url: str, *statements: str) -> None:
    """Run statements in a database."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.commit()
