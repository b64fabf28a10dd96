"""Control characters, and other characters that nobody sees or no file can hold, written as their codes."""

import re

# Control characters, marks of text direction, characters without width, surrogates, and code points that are no characters.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def visible(text: str, pattern: re.Pattern[str] = UNSEEN) -> str:
    """Return the text with each character that matches `pattern` written as its code, such as [U+001B]."""
    return pattern.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
