"""What every way of making documents is timed on: the chapters of one pack, some cities, one year, and how many processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

from city_briefs.common.paths import DATA_VARIABLE
from city_briefs.common.regions import Region
from city_briefs.production.packs import packs_toml

PACK, YEAR = "city-brief", 2021
FORMATS = ("html", "pdf")
CHAPTERS = packs_toml.packs()[PACK].chapters


@dataclass(frozen=True)
class Work:
    """A snapshot, the cities whose documents are made, and how many processes work at a time."""

    data: Path
    cities: Sequence[Region]
    jobs: int


@dataclass(frozen=True)
class Run:
    """Seconds for the chapters of one city, and the sentences that say what failed."""

    seconds: float
    failures: list[str] = field(default_factory=list)


def program(name: str) -> str:
    """A program that is installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def environment(data: Path) -> dict[str, str]:
    """That of a user who works on this snapshot."""
    return os.environ | {DATA_VARIABLE: str(data)}


def failure(what: str, command: Sequence[str], variables: Mapping[str, str], made: Path) -> str | None:
    """Run a command that makes a file: None when it did, else a sentence."""
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode == 0 and made.is_file():
        return None
    said = done.stderr.strip().splitlines()[-1:]
    return f"{what}: {Path(command[0]).name} ended with {done.returncode} and {made.name} {'is' if made.is_file() else 'is not'} there: {said}."


@contextmanager
def processes(jobs: int, prepare: Callable[[], None], variables: Mapping[str, str]) -> Iterator[ProcessPoolExecutor]:
    """So many processes, all of them started and prepared, with these variables."""
    before = dict(os.environ)
    os.environ.update(variables)
    context = get_context("spawn")
    try:
        with ProcessPoolExecutor(jobs, context, _begin, (prepare, context.Barrier(jobs))) as pool:
            list(pool.map(_meet, range(jobs)))
            yield pool
    finally:
        os.environ.clear()
        os.environ.update(before)


def _begin(prepare: Callable[[], None], others: Barrier) -> None:
    global _others
    _others = others
    prepare()


def _meet(_: int) -> None:
    """Wait for the other processes, so that each takes one of these calls."""
    _others.wait()
