"""The fonts of all documents, and the text that is printed for a character: itself, or its code when no font in use has it.

The fonts are the first of those that `briefs.toml` names and this machine has, else the two that come along.
No other font of the system is ever used, so that machines with the same settings and fonts print the same.
"""

import os
import struct
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.common import files, language
from city_briefs.common.errors import UsageError
from city_briefs.common.paths import settings

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

VARIABLE = "BRIEFS_FONTS"  # names the folders of the fonts of the user to a process of a build
COLLECTIONS = {".ttc", ".otc"}
SUFFIXES = {".ttf", ".otf", *COLLECTIONS}
FAMILY, TYPOGRAPHIC = 1, 16  # ids of the name table
REGULAR = 400  # weight
BRACKETS = "⟨⟩"  # in the fonts of the compiler itself
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # they choose among shapes of one character
NEVER = {"Co", "Cs"}  # characters of private use and halves of pairs, which the archival standards forbid


@dataclass(frozen=True)
class Face:
    """A font: the family name that compilers and browsers use, its file, and its index in the file when that is a collection.

    `bold` is the file of its bold weight; a font of this machine has none, and its emphasis is of regular weight.
    """

    family: str
    file: Path
    place: int = 0
    bold: Path | None = None


FOLDER = Path(__file__).parent / "font_files"  # of the fonts that come along, their licence and their hashes
INCLUDED = {
    "serif": Face("Noto Serif SC", FOLDER / "NotoSerifSC-Regular.otf", bold=FOLDER / "NotoSerifSC-Bold.otf"),
    "sans": Face("Noto Sans SC", FOLDER / "NotoSansSC-Regular.otf", bold=FOLDER / "NotoSansSC-Bold.otf"),
}


@cache
def faces() -> dict[str, Face]:
    """Return the font of each use: serif, sans and title.

    Raises:
        UsageError: a font that comes with the project is missing.
    """
    for face in INCLUDED.values():
        for file in filter(None, (face.file, face.bold)):
            if not file.is_file():
                raise UsageError(
                    language.chosen(
                        f"The font {face.family} is not at {file}. Install the project again.",
                        f"{file}处没有字体{face.family}。请重新安装程序。",
                    )
                )
    installed = {use: _first_installed(tuple(names)) for use, names in settings().fonts}
    chosen = {use: installed[use] or face for use, face in INCLUDED.items()}
    return {**chosen, "title": installed["title"] or chosen["sans"]}


def not_installed() -> dict[str, list[str]]:
    """Return the uses for which `briefs.toml` names fonts and this machine has none of them, each with those names."""
    return {use: names for use, names in settings().fonts if names and not _first_installed(tuple(names))}


@cache
def characters() -> frozenset[int]:
    """Return the code points that can be printed: those of the fonts in use and of the two that come along."""
    from fontTools.ttLib import TTFont  # who only names the fonts does not wait for it

    points: set[int] = set()
    for face in {*faces().values(), *INCLUDED.values()}:
        with TTFont(face.file, fontNumber=face.place, lazy=True) as font:
            font.setGlyphOrder([""] * font["maxp"].numGlyphs)  # the names of glyphs, which would be read for as long again
            points.update(font.getBestCmap())
    return frozenset(point for point in points if unicodedata.category(chr(point)) not in NEVER)


class _Shapes(dict[int, str]):
    """The text that is printed for each code point, computed when it is first needed."""

    def __missing__(self, point: int) -> str:
        self[point] = shape = _shape(chr(point))
        return shape


def _shape(character: str) -> str:
    """Return the text that is printed for a character; empty for one without shape."""
    if character in "\n\t" or character in BRACKETS or ord(character) in characters():
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf") or any(ord(character) in some for some in SELECTORS):
        return ""
    return f"⟨U+{ord(character):04X}⟩"


SHAPES = _Shapes()  # of every code point, to translate words with


def _first_installed(names: tuple[str, ...]) -> Face | None:
    """Return the font of the first name that this machine has, in any language of its names; None when it has none."""
    if not names:
        return None
    installed = _installed()
    return next((installed[name.casefold()] for name in names if name.casefold() in installed), None)


@cache
def _installed() -> dict[str, Face]:
    """Return the fonts of this machine by every name of their family; of each family the upright font nearest to regular weight."""
    best: dict[str, tuple[int, Face]] = {}
    for folder in folders():
        for file in sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES):
            for face, names, distance in _read(file):
                for name in names:
                    if name not in best or distance < best[name][0]:
                        best[name] = (distance, face)
    return {name: face for name, (_, face) in best.items()}


def _read(file: Path) -> list[tuple[Face, set[str], int]]:
    """Return the fonts of a file, each with its names and its distance from upright and regular; empty when it cannot be read."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # as above

    try:
        with files.opened(file) as stream:
            collection = file.suffix.lower() in COLLECTIONS
            fonts = TTCollection(stream, lazy=True).fonts if collection else [TTFont(stream, lazy=True)]
            return [_described(font, file, place) for place, font in enumerate(fonts)]
    except (
        TTLibError,
        OSError,
        KeyError,
        IndexError,
        UnicodeError,
        AssertionError,
        StopIteration,
        struct.error,
    ):  # damaged, or of another kind
        return []


def _described(font: "TTFont", file: Path, place: int) -> tuple[Face, set[str], int]:
    """Return a font of a file with its case-folded family names and its distance from upright and regular."""
    names = [(record.nameID, record.toUnicode()) for record in font["name"].names]
    family = next(name for identity, name in names if identity == FAMILY)
    distance = abs(font["OS/2"].usWeightClass - REGULAR) + round(abs(font["post"].italicAngle) * REGULAR)
    return Face(family, file, place), {name.casefold() for identity, name in names if identity in (FAMILY, TYPOGRAPHIC)}, distance


def folders() -> list[Path]:
    """Return the folders of installed fonts, those of the user first."""
    if sys.platform == "win32":
        common = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        common = [Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    else:
        common = [Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    return [*personal_folders(), *common]


def personal_folders() -> list[Path]:
    """Return the folders of the fonts of the user: those that BRIEFS_FONTS names to a process of a build, whose HOME is another."""
    if (named := os.environ.get(VARIABLE)) is not None:
        return [Path(entry) for entry in named.split(os.pathsep) if entry]
    try:
        home = Path.home()
    except RuntimeError:  # the user has none
        return []
    if sys.platform == "win32":
        return [Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"]
    if sys.platform == "darwin":
        return [home / "Library/Fonts"]
    return [Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts", home / ".fonts"]
