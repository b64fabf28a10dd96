"""Control characters, and other characters that nobody sees or no file can hold, written as their codes."""

import re

from city_briefs.common.characters import UNSEEN

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def visible(text: str, pattern: re.Pattern[str] = UNSEEN) -> str:
    """Return the text with each character that matches `pattern` written as its code, such as [U+001B]."""
    return pattern.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
