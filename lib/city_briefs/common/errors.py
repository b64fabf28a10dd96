"""Errors that a user can mend; each kind ends the command with its exit code.

    BriefError
    ├── UsageError          2   asked for wrongly: unknown city, metric, pack or parameter; a year the snapshot does not hold
    │   └── DefinitionError     a metric that is defined wrongly
    ├── DataError           3   data rejected: no snapshot, or one whose hash differs; `briefs ingest` ends so when it rejected rows, too
    ├── PackError           4   one pack could not be made; the others are (5 when none was)
    ├── BundleError         5   no bundle could be made: a wheel that is not to be had
    ├── DeliveryError       4   a pack that could not be delivered; the others are (5 when none was)
    ├── VerificationError   6   packs that are not as they were made
    └── Interrupted       130   stopped by a person or a scheduler, as the shell has it

A message is one sentence or two: the subject first, what is wrong, what would be right, the user's own word in quotes.
Anything that is not a BriefError is a bug and shows its traceback.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from traceback import format_exception

DONE, SOME_NOT_MADE, NONE_MADE = 0, 4, 5
LIKENESS = 0.5  # difflib ratio; two Chinese characters of which one is right are 0.5 alike


class BriefError(Exception):
    """A mistake that its message explains to the person who can mend it."""

    exit_code = 1
    _is_shown = False

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of the error: the sentence without the stack; asked again, as by `%tb`, with it."""
        if self._is_shown:
            return "".join(format_exception(self)).splitlines()
        self._is_shown = True
        return [f"{type(self).__name__}: {self}"]


class UsageError(BriefError):
    """Asked for wrongly."""

    exit_code = 2


class DefinitionError(UsageError, TypeError):
    """A metric that is defined wrongly."""


class DataError(BriefError):
    """Data that cannot be trusted, and so is not read."""

    exit_code = 3


class PackError(BriefError):
    """A pack that could not be made: a chapter that stopped, or a document that could not be set."""

    exit_code = SOME_NOT_MADE


class BundleError(BriefError):
    """A bundle that could not be made."""

    exit_code = NONE_MADE


class DeliveryError(BriefError):
    """A pack that could not be delivered, or word of a failure that could not be sent."""

    exit_code = SOME_NOT_MADE


class VerificationError(BriefError):
    """Packs that are not as they were made, or would be made otherwise now."""

    exit_code = 6


class Interrupted(BriefError):
    """Stopped by Ctrl-C or SIGTERM."""

    exit_code = 130


def missing_extra(what: str, extra: str, what_zh: str = "") -> UsageError:
    """Return the error that `what`, such as `--cluster`, needs an extra that is not installed; `what_zh` is its Chinese, if another."""
    from city_briefs.common.language import chosen  # which knows these errors

    return UsageError(
        chosen(
            f"{what} needs an extra: pip install 'city-briefs[{extra}]'.",
            f"{what_zh or what}需要另装组件：pip install 'city-briefs[{extra}]'。",
        )
    )


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of some words that is most like `word`; None when none is alike."""
    return next(iter(get_close_matches(word, list(words), n=1, cutoff=LIKENESS)), None)


def suggestion(word: str, words: Iterable[str], every: str = "") -> str:
    """Return “ Did you mean …?” with a leading space; when none of the words is alike, all of them under their name `every`.

    Without that name it is empty then.
    """
    listed = list(words)
    if near := nearest(word, listed):
        return f" Did you mean {near}?"
    return f" The {every} are {', '.join(listed)}." if every else ""
