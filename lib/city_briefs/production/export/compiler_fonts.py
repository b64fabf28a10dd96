"""The fonts of the compiler of PDF: those of `city_briefs.common.theme` and none else, in copies in which it finds a character quickly."""

import io
import struct
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from city_briefs.common import files, theme
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen

OPENTYPE = b"OTTO"  # the beginning of a font whose outlines are CFF
PREDEFINED = 2  # up to which the place of the list is the number of one that every reader knows
RANGES = {1: ">HB", 2: ">HH"}  # of the numbers of characters in such a font, by the form in which they are listed
IN_ORDER = 2, 1  # that form, and the first number, of a list of one range


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder of the fonts in use and nothing else, beyond which the compiler sees nothing of this machine.

    It lasts as long as the process, since the compiler reads them when it needs them.
    """
    made = tempfile.TemporaryDirectory()
    for number, file in enumerate(dict.fromkeys((*theme.FONT_FILES.values(), *theme.BOLD_FILES.values()))):
        files.write_new(Path(made.name) / f"{number}{file.suffix}", renumbered(files.read_bytes(file)))
    return made


@cache
def fonts() -> typst.Fonts:
    """What the compiler may set with: the faces of `city_briefs.common.theme` and those within it, none of the system."""
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder().name])
    if strange := set(theme.FONT_FILES) - set(loaded.families()):
        raise PackError(
            chosen(
                f"The font {min(strange)} cannot be used for PDF. Take its name out of briefs.toml.",
                f"字体{min(strange)}不能用于PDF。请从briefs.toml里去掉。",
            )
        )
    return loaded


def renumbered(font: bytes) -> bytes:
    """Return a Chinese font with its characters numbered in their order, so that the list of their numbers is one range.

    The compiler reads that list, of some ten thousand ranges, again for each character in a drawing. It makes the same PDF of both, for
    which it numbers the characters itself. Any other font is returned as it is.
    """
    with suppress(Exception), TTFont(io.BytesIO(font), lazy=True) as read:  # what cannot be read is for the compiler to refuse
        if font.startswith(OPENTYPE) and "ROS" in (top := read["CFF "].cff.topDictIndex[0]).rawDict:
            listed = top.rawDict["charset"]
            place = read.reader.tables["CFF "].offset + listed
            if listed > PREDEFINED and (form := font[place]) in RANGES:
                _, more = struct.unpack_from(RANGES[form], font, place + 1)
                if more + 2 < top.numGlyphs:  # there are others, in whose place the one range has room
                    single_range = struct.pack(">BHH", *IN_ORDER, top.numGlyphs - 2)
                    return font[:place] + single_range + font[place + len(single_range) :]
    return font
