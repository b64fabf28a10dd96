"""The language of messages: Chinese or English, as `language` in briefs.toml says, else as the locale does.

While the settings are read, and where they are wrong, the locale counts. Nothing is imported here before a message is made, so that
whatever reads the settings can itself say what is wrong in both languages.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from city_briefs.common.errors import BriefError, nearest

NAMED = 3  # of many texts, how many are named
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts, as in POSIX
_asks = ContextVar("_asks", default=False)  # whether the settings are asked already, whose own mistakes are messages too
_answer = ContextVar[bool | None]("_answer", default=None)  # whether they are in Chinese, where that is asked once


def is_chinese() -> bool:
    """Return whether messages are in Chinese; without a setting and in the locale C they are in English."""
    answer = _answer.get()
    return _is_chinese() if answer is None else answer


@contextmanager
def asked_once() -> Iterator[None]:
    """Have the language asked now, and not again while the body runs: a command has one, and may make thousands of messages."""
    before = _answer.set(_is_chinese())
    try:
        yield
    finally:
        _answer.reset(before)


def _is_chinese() -> bool:
    return (_set_language() or next((locale for name in LOCALE if (locale := os.environ.get(name))), "")).startswith("zh")


def _set_language() -> str:
    """Return `language` of the settings; empty without one, while they are read, and where they are wrong, which their reader says."""
    if _asks.get():
        return ""
    asked = _asks.set(True)
    try:
        from city_briefs.common import paths  # which itself has messages

        settings = getattr(paths, "settings", None)  # None as long as it is imported, when a file of the program may be at fault
        language: str = settings().language if settings else ""
    except (BriefError, FileNotFoundError):  # whoever reads the settings, or needs the working directory, says what is wrong
        return ""
    finally:
        _asks.reset(asked)
    return language


def chosen(english: str, chinese: str) -> str:
    """Return the sentence in the language of messages. Both say the same, with the same names and values."""
    return chinese if is_chinese() else english


def suggestion_zh(word: str, words: Iterable[str], every: str = "") -> str:
    """Return “是否应为……？”, the Chinese of `suggestion`; when none is alike, all under their name `every`, and nothing without it."""
    listed = list(words)
    if near := nearest(word, listed):
        return f"是否应为“{near}”？"
    return f"{every}有{'、'.join(listed)}。" if every else ""


def some(texts: Sequence[str]) -> str:
    """Return the first of some texts, and how many more there are, in the language of messages."""
    more = len(texts) - NAMED
    return chosen(", ", "、").join(texts[:NAMED]) + (chosen(f" and {more} more", f"等{len(texts)}项") if more > 0 else "")
