"""The language of messages: Chinese or English, as `language` in briefs.toml says, else as the locale does."""

import os
from collections.abc import Iterable, Sequence

from city_briefs.common import paths
from city_briefs.common.errors import BriefError, nearest

NAMED = 3  # of many texts, how many are named
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts, as in POSIX


def is_chinese() -> bool:
    """Return whether messages are in Chinese; without a setting and in the locale C they are in English."""
    try:
        language: str = paths.settings().language
    except (BriefError, FileNotFoundError):  # whoever reads the settings, or needs the working directory, says what is wrong
        language = ""
    return (language or next((locale for name in LOCALE if (locale := os.environ.get(name))), "")).startswith("zh")


def chosen(english: str, chinese: str) -> str:
    """Return the sentence in the language of messages. Both say the same, with the same names and values."""
    return chinese if is_chinese() else english


def suggestion_zh(word: str, words: Iterable[str]) -> str:
    """Return “是否应为……？”, the Chinese of `suggestion`; empty when none of the words is alike."""
    near = nearest(word, words)
    return f"是否应为“{near}”？" if near else ""


def some(texts: Sequence[str]) -> str:
    """Return the first of some texts, and how many more there are, in the language of messages."""
    more = len(texts) - NAMED
    return chosen(", ", "、").join(texts[:NAMED]) + (chosen(f" and {more} more", f"等{len(texts)}项") if more > 0 else "")
