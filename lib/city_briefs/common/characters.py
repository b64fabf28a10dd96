"""Characters that nobody sees: those that a text is read without, and those that no text may have; and how words are joined."""

import json
import re
from unicodedata import east_asian_width, normalize

from city_briefs.common.language import chosen

# Without width or shape, and without meaning in a word: soft hyphens, marks of direction, joiners, variation selectors, byte order marks.
IGNORED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
# Control characters but for tab and line break, separators of lines and paragraphs, changes of direction, surrogates, and no characters.
NO_CHARACTERS = "\ufdd0-\ufdef\ud800-\udfff" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
REFUSED = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb{NO_CHARACTERS}"
BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f"  # that look like a blank, and are another character
UNSEEN = re.compile(f"[\t\n\r{IGNORED}{REFUSED}]")
_REFUSED = re.compile(f"[\t\n\r{REFUSED}]")
_UNPRINTED = re.compile(f"[\r{REFUSED}]")
_COLOURED = re.compile(f"\x1b\\[[0-9;]*[A-Za-z]|[{REFUSED}]")
_NO_CHARACTER = re.compile(f"[{NO_CHARACTERS}]")
_IGNORED = re.compile(f"[{IGNORED}]")
SIGNS = ("+", "-", "−")  # before a number
_IDEOGRAPH = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")  # which needs no blank beside it


def without_ignored(text: str) -> str:
    """Return a text without the characters that it is read without."""
    return text if text.isascii() else _IGNORED.sub("", text)


def folded(text: str) -> str:
    """Return a name by which it is compared: in normal width and lower case, without blanks and what nobody sees."""
    return "".join(normalize("NFKC", without_ignored(text)).casefold().split())


def refused(line: str) -> str:
    """Return the first character of a line that no text may have, or that ends it, such as U+2028; empty when there is none."""
    match = _REFUSED.search(line)
    return f"U+{ord(match[0]):04X}" if match else ""


def half(written: str) -> str:
    r"""Return the first half of a character in a text of JSON, where it is escaped (`\ud800`), such as U+D800; empty when there is none."""
    try:
        json.dumps(json.loads(written), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return f"U+{ord(error.object[error.start]):04X}"
    return ""


def checked(line: str) -> str:
    """Return a text that stands in one line, such as a title.

    Raises:
        ValueError: it has a line break, or a character that no text may have.
    """
    if code := refused(line):
        raise ValueError(
            chosen(f"has the control character {code}, which nobody sees: take it out", f"含有不可见的控制字符{code}，请删去")
        )
    return line


def visible(text: str) -> str:
    """Return a text for a terminal, with each character that no text may have written as its code, such as [U+001B]."""
    return _UNPRINTED.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def printable(text: str) -> str:
    """Return a text as a document can hold it.

    A separator is a blank, what is no character stands as its code, such as [U+FFFE], and what only a terminal obeys is left out.
    """
    return _COLOURED.sub(lambda match: _printed(match[0]), text)


def _printed(found: str) -> str:
    """Return what stands in a document for a character that no text may have, or for a command of a terminal."""
    if _NO_CHARACTER.match(found):
        return f"[U+{ord(found):04X}]"
    return " " if found.isspace() else ""


def is_plain(text: str) -> bool:
    """Return whether a text has no character that nobody sees, and none that only looks like another, but for full width."""
    return not UNSEEN.search(text) and all(east_asian_width(each) == "F" or normalize("NFKC", each) == each for each in text)


def adjoined(*words: object) -> str:
    """Return words that follow one another as one text: Ward 24 12315平台, 兰州市12315平台.

    A blank stands where a Latin letter or a digit would run into another, or into a number with its sign, as at the end of a region's name.
    """
    text = ""
    for word in map(str, words):
        text += f" {word}" if _runs_on(text[-1:]) and (_runs_on(word[:1]) or word[:1] in SIGNS) else word
    return text


def _runs_on(character: str) -> bool:
    """Return whether a character would be read as one word with another such."""
    return character.isalnum() and not _IDEOGRAPH.match(character)
