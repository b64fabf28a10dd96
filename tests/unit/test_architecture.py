"""docs/architecture.md speaks of what is there."""

import re
from xml.etree import ElementTree

from tests.helpers import ROOT

PAGE = ROOT / "docs/architecture.md"
DRAWING = ROOT / "docs/architecture.svg"
MADE = ("outputs/",)  # what only a build makes


def test_every_place_that_the_page_names_is_there():
    text = PAGE.read_text("utf-8")
    named = re.findall(r"`((?:lib|tests|notebooks|data|outputs)(?:/[\w./-]+)+)`", text)
    linked = re.findall(r"\]\(([\w./-]+)\)", text)
    assert len(named) > 20 and linked
    assert [place for place in named if not place.startswith(MADE) and not (ROOT / place).exists()] == []
    assert [place for place in linked if not (PAGE.parent / place).exists()] == []


def test_the_drawing_says_in_words_what_it_shows():
    drawing = ElementTree.parse(DRAWING).getroot()
    words = {child.get("id"): child.text for child in drawing if child.get("id")}
    assert drawing.get("role") == "img"
    assert all(words[name] for name in drawing.get("aria-labelledby").split())
