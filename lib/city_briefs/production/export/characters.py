"""The characters of a document as its fonts can print them; what no font has stands as its code, and where is kept.

A character that has no shape (a mark of direction, a byte order mark, a control) is left out. Alternative texts are read, not
printed, and stay as they are.
"""

from typing import Any
from xml.etree import ElementTree

from city_briefs.common.theme.fonts import BRACKETS, SHAPES

AROUND = 12  # characters shown before and after one that is missing
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
