"""The characters of a document as its fonts can print them; what no font has stands as its code, and where is kept.

A character that has no shape (a mark of direction, a byte order mark, a control) is left out. Alternative texts are read, not
printed, and stay as they are.
"""

import json
import re
from typing import Any
from xml.etree import ElementTree

from city_briefs.common import characters
from city_briefs.common.theme.fonts import BRACKETS, SHAPES

AROUND = 12  # characters shown before and after one that is missing
HALF = re.compile(r"[\ud800-\udfff]")  # of a pair that would be one character
BEYOND = re.compile("[\U00010000-\U0010ffff]")  # the first plane of Unicode, which a set of characters is slow to look up
ILLEGAL = re.compile(f"[{BEYOND.sub('', characters.REFUSED)}]")
ESCAPES = ("\\u00", "\\b", "\\f")  # with which JSON writes what is illegal below U+0020
READ = "alt"
DRAWN = "svg"
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


class Printer:
    """Makes texts printable; `missing` has, for each code that stands for a character, the words around its first place."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}

    def text(self, words: str) -> str:
        """The words as they can be printed."""
        printed = words.translate(SHAPES)
        if printed != words:
            for character in dict.fromkeys(words):
                if SHAPES[ord(character)].startswith(BRACKETS[0]) and character not in BRACKETS:
                    before, after = words.split(character, 1)
                    around = f"{before[-AROUND:]}{character}{after[:AROUND]}".translate(SHAPES)
                    self.missing.setdefault(SHAPES[ord(character)], " ".join(around.split()))
        return printed

    def data(self, value: Any) -> Any:
        """The same JSON with every text in it printable."""
        if isinstance(value, dict):
            return {
                key: part if key == READ else self.drawing(part) if key == DRAWN else self.data(part)
                for key, part in value.items()
            }
        if isinstance(value, list):
            return [self.data(part) for part in value]
        return self.text(value) if isinstance(value, str) else value

    def drawing(self, svg: str) -> str:
        """An SVG with every text in it printable; one that is no XML as it is."""
        if svg.translate(SHAPES) == svg and "&#" not in svg:
            return svg
        try:
            root = ElementTree.fromstring(svg)  # noqa: S314  # drawn by a cell of the notebook that is being set
        except ElementTree.ParseError:
            return svg
        for element in root.iter():
            element.text, element.tail = (words and self.text(words) for words in (element.text, element.tail))
        return ElementTree.tostring(root, encoding="unicode")


def whole(value: Any, replaced: dict[str, str]) -> Any:
    """Return a value whose texts have no half of a pair: each stands as its code, and is kept in `replaced` with the words around it."""
    if isinstance(value, dict):
        return {key: whole(each, replaced) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each, replaced) for each in value]
    if not isinstance(value, str):
        return value
    for half in dict.fromkeys(HALF.findall(value)):
        before, after = value.split(half, 1)
        around = f"{HALF.sub('', before)[-AROUND:]}{_code(half)}{HALF.sub('', after)[:AROUND]}"
        replaced.setdefault(_code(half), " ".join(characters.printable(around).split()))
    return HALF.sub(lambda half: _code(half[0]), value)


def _code(character: str) -> str:
    return characters.printable(character)


def is_whole(value: Any) -> bool:
    """Whether no text in a value of JSON has half of a pair."""
    return not HALF.search(json.dumps(value, ensure_ascii=False))


def legal(value: Any) -> Any:
    """Return a value of JSON whose texts are as a document can hold them: itself, when they are."""
    written = json.dumps(value, ensure_ascii=False)
    is_plain = not ILLEGAL.search(written) and not BEYOND.search(written) and not any(map(written.__contains__, ESCAPES))
    return value if is_plain else _legal(value)


def _legal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _legal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_legal(each) for each in value]
    return characters.printable(value) if isinstance(value, str) else value
