"""Word of what went wrong while nobody looked."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lib.errors import BriefError


def send(what: str, said: Sequence[str]) -> None:
    """Mail to those who are to know it what could not be done, and why."""
    print(f"{what}: {' '.join(said)}", file=sys.stderr)


@contextmanager
def raised(what: str) -> Iterator[None]:
    """Whatever goes wrong in here is mailed, and then goes its way."""
    try:
        yield
    except Exception as error:
        send(what, [str(error) if isinstance(error, BriefError) else f"{type(error).__name__}: {error}"])
        raise
