"""Words in every colour of the theme can be read on every ground that they stand on, and lines can be seen."""

import re
from itertools import product

import pytest

from city_briefs.common import theme
from city_briefs.production.export.exporter import TEMPLATES

WHITE = "#ffffff"
GROUNDS = (WHITE, theme.PANEL)
WORDS = ("ink", "muted", "accent", "mark", "good")
READ, SEEN = 4.5, 3  # of WCAG 2: of words, and of what is no word and yet has to be seen
SHEETS = [*theme.FOLDER.glob("*.j2"), *(TEMPLATES / "brief").glob("*.html.j2")]
SET = sorted((TEMPLATES / "brief").glob("*.typ"))


def luminance(colour):
    """How light a colour is, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """The contrast of two colours, 1 to 21."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("name", "ground"), [*product(WORDS, GROUNDS)])
def test_words_can_be_read(name, ground):
    assert contrast(theme.PALETTE[name], ground) >= READ


@pytest.mark.parametrize("ground", GROUNDS)
def test_lines_can_be_seen(ground):
    assert contrast(theme.LINE, ground) >= SEEN


def test_no_style_sheet_gives_words_another_colour():
    found = {
        name for sheet in SHEETS for name in re.findall(r"(?<![-\w])color: \{\{ [\w.]*palette\.(\w+)", sheet.read_text("utf-8"))
    }
    assert found <= set(WORDS)


@pytest.mark.parametrize("file", SET, ids=lambda file: file.name)
def test_no_words_on_paper_have_another_colour(file):
    assert re.findall(r"(?:hei|text)\([^()]*fill: (pale|panel|line-colour)", file.read_text("utf-8")) == []
