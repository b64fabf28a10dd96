"""The font of pages for the screen: of Noto Sans SC what a page has, within the page, so that it reads where no Chinese font is installed.

It is never the font of an office that `briefs.toml` names: its licence may not allow that. Nothing is packed: what a compressor makes
differs between its editions, and a page has the same bytes on every machine.
"""

import base64
import re
from functools import lru_cache
from pathlib import Path

from city_briefs.common.theme import fonts

FACE = fonts.INCLUDED["sans"]
BOLD = (
    f"{FACE.family} Bold"  # a family of its own: a character that it lacks is drawn by the regular font, made bold by the browser
)
FALLBACKS = '"Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
BOLD_TAGS, BOLD_CLASSES = ("b", "strong", "dt"), ("conclusion", "value", "name", "light")  # in which bold words stand
BOLD_WORDS = re.compile(
    rf"""<(?P<tag>{"|".join(BOLD_TAGS)})\b[^>]*>(.*?)</(?P=tag)>|class="[^"]*\b(?:{"|".join(BOLD_CLASSES)})\b[^"]*"[^>]*>([^<]*)""",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")
LEFT_OUT = ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]  # tables that lines of text do without
NAMES = [0, 1, 2, 4, 6, 13, 14]  # the rights and the licence go along
PLACE = "/* the font of this page */"  # stands in a page's style sheet until its words are known


def stack(sans: str) -> str:
    """Return the value of `font-family` of a page whose font is `sans`."""
    return ", ".join([*dict.fromkeys([f'"{sans}"', f'"{FACE.family}"']), FALLBACKS])


def bold_stack(sans: str) -> str:
    """Return the value of `font-family` of what is bold on a page whose font is `sans`."""
    return stack(sans) if sans != FACE.family else f'"{BOLD}", {stack(sans)}'


def embedded(page: str) -> str:
    """Return a page with the fonts that its words need in the place of PLACE."""
    rules = (_rule(family, file, points) for (family, file), points in _needed(page).items())
    return page.replace(PLACE, "\n".join(rules), 1)


def _needed(page: str) -> dict[tuple[str, Path], frozenset[int]]:
    """Return the fonts of a page by family and file, each with its characters."""
    heavy = "".join(TAG.sub("", "".join(words)) for _, *words in BOLD_WORDS.findall(page))
    needed = {(FACE.family, FACE.file): page, **({(BOLD, FACE.bold): heavy} if heavy and FACE.bold else {})}
    return {font: frozenset(map(ord, words)) for font, words in needed.items()}


def _rule(family: str, file: Path, points: frozenset[int]) -> str:
    weight = " font-weight: bold;" if family == BOLD else ""
    data = base64.b64encode(_subset(file, points)).decode()
    return f'@font-face {{ font-family: "{family}";{weight} src: url(data:font/otf;base64,{data}) format("opentype"); }}'


@lru_cache(maxsize=8)
def _subset(file: Path, points: frozenset[int]) -> bytes:
    """Return the font of a file with these characters alone, without hints, as a screen needs it."""
    import uharfbuzz as harfbuzz  # a command that makes no page need not wait for it

    asked = harfbuzz.SubsetInput()
    asked.sets(harfbuzz.SubsetInputSets.UNICODE).update(points)
    names = asked.sets(harfbuzz.SubsetInputSets.NAME_ID)
    names.clear()  # of those that it keeps of itself
    names.update(NAMES)
    asked.sets(harfbuzz.SubsetInputSets.LAYOUT_FEATURE_TAG).clear()
    asked.sets(harfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(table.encode()) for table in LEFT_OUT)
    asked.flags = harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.DESUBROUTINIZE | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    return bytes(harfbuzz.subset(harfbuzz.Face(harfbuzz.Blob.from_file_path(str(file))), asked).blob.data)
