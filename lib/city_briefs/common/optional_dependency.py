"""Extras: libraries that only some offices need, installed by name."""

from city_briefs.common.errors import UsageError


def missing(what: str, extra: str) -> UsageError:
    """What is said when an extra is wanted that is not installed; `what` wants it, such as `--cluster`."""
    return UsageError(f"{what} needs an extra: pip install 'city-briefs[{extra}]'.")
