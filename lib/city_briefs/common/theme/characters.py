"""The text that is printed for a character: itself, or its code when no font in use has it; none for one without shape."""

import unicodedata

from city_briefs.common.theme import fonts

BRACKETS = "⟨⟩"  # in the fonts of the compiler itself
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # they choose among shapes of one character


class _Shapes(dict[int, str]):
    """The text that is printed for each code point, computed when it is first needed."""

    def __missing__(self, point: int) -> str:
        self[point] = shape = _shape(chr(point))
        return shape


def _shape(character: str) -> str:
    """Return the text that is printed for a character; empty for one without shape."""
    if character in "\n\t" or character in BRACKETS or ord(character) in fonts.characters():
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf") or any(ord(character) in some for some in SELECTORS):
        return ""
    return f"⟨U+{ord(character):04X}⟩"


SHAPES = _Shapes()  # of every code point, to translate words with
