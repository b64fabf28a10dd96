"""The compiler makes the same of fonts whose characters are numbered in their order."""

import io
import struct
from pathlib import Path

import matplotlib
import pytest
import typst
from fontTools.ttLib import TTFont

from city_briefs.common import theme
from city_briefs.production.export.compiler_fonts import folder, fonts, renumbered

FILES = sorted({*theme.FONT_FILES.values(), *theme.BOLD_FILES.values()})
WORDS = "市场监管〇一 12,345.6% “Ag”"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60">{}</svg>'.format(
    "".join(
        f'<text x="2" y="{14 * place}" font-family="{family}">{WORDS}</text>'
        for place, family in enumerate(theme.FONT_FILES, start=1)
    )
)
SOURCE = "\n".join(
    [
        '#set document(title: "样张", date: datetime(year: 2021, month: 12, day: 31))',
        *(f'#text(font: "{family}")[{WORDS} *{WORDS}*]' for family in theme.FONT_FILES),
        '#image("drawn.svg", alt: "图")',
    ]
)
TRUE_TYPE = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"


def test_a_document_and_its_drawings_are_the_same_with_the_fonts_as_they_are(tmp_path):
    for number, file in enumerate(FILES):
        (tmp_path / f"{number}.otf").write_bytes(file.read_bytes())
    as_they_are = typst.Fonts(include_system_fonts=False, font_paths=[str(tmp_path)])
    given = {"main.typ": SOURCE.encode(), "drawn.svg": SVG.encode()}
    for options in ({"format": "pdf", "pdf_standards": ["a-2a", "ua-1"]}, {"format": "png", "ppi": 144}):
        made = [typst.compile(given, root=folder().name, font_paths=each, **options) for each in (as_they_are, fonts())]
        assert made[0] == made[1]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_chinese_font_has_its_characters_in_one_range_and_nothing_else_changed(file):
    given = file.read_bytes()
    made = renumbered(given)
    assert len(made) == len(given)
    assert sum(one != other for one, other in zip(made, given, strict=True)) <= 5
    with TTFont(io.BytesIO(made), lazy=True) as font:
        names = font.getGlyphOrder()
        assert names[1:] == [f"cid{number:05}" for number in range(1, len(names))]
    assert renumbered(made) == made


@pytest.mark.parametrize(
    "font",
    [b"", b"OTTO", b"no font", TRUE_TYPE.read_bytes(), FILES[0].read_bytes()[:5000]],
    ids=["none", "head", "words", "ttf", "part"],
)
def test_any_other_font_is_as_it_was(font):
    assert renumbered(font) == font


def test_a_font_that_names_a_list_which_every_reader_knows_is_as_it_was():
    given = FILES[0].read_bytes()
    with TTFont(io.BytesIO(given), lazy=True) as font:
        listed = font["CFF "].cff.topDictIndex[0].rawDict["charset"]
    place = struct.pack(">Bh", 28, listed) + b"\x0f"  # as a number of two bytes, before the operator
    assert given.count(place) == 1
    known = given.replace(place, struct.pack(">Bh", 28, 0) + b"\x0f")
    assert renumbered(known) == known != renumbered(given)
