"""The drawing of docs/architecture.md says in words what it shows."""

from xml.etree import ElementTree

from tests.helpers import ROOT

DRAWING = ROOT / "docs/architecture.svg"


def test_the_drawing_says_in_words_what_it_shows():
    drawing = ElementTree.parse(DRAWING).getroot()
    words = {child.get("id"): child.text for child in drawing if child.get("id")}
    assert drawing.get("role") == "img"
    assert all(words[name] for name in drawing.get("aria-labelledby").split())
