"""Word of what went wrong while nobody looked: what Dagster and cron make by themselves never fails in silence."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from city_briefs.common.errors import BriefError
from city_briefs.production.delivery import warning


def send(what: str, reasons: Sequence[str]) -> None:
    """Mail to those who are to know it what could not be made, and why; a mail that cannot be sent is a BriefError."""
    warning.warn(f"City Briefs: {what} could not be made", reasons)


@contextmanager
def raised(what: str) -> Iterator[None]:
    """Whatever goes wrong in here is mailed, and then goes its way."""
    try:
        yield
    except Exception as error:
        try:
            send(what, [str(error) if isinstance(error, BriefError) else f"{type(error).__name__}: {error}"])
        except BriefError as unsent:
            print(unsent, file=sys.stderr)
        raise
