"""The one look of figures, HTML and PDF: colours, faces, and how a block of a brief is drawn in HTML.

A block is what a cell of a chapter shows, as plain JSON: `kind` (prose, cards, table or chart) and what that kind holds. It travels
in a display bundle of type MIME: written by `lib.display`, read by `lib.export`.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pylopdf_fonts_zh_cn as fonts

MIME = "application/vnd.city-briefs+json"

INK = "#1c2b3a"  # text and what a chart is about
MUTED = "#5b6773"  # notes and labels; contrast 5.7 on white
LINE = "#8a97a6"
PALE = "#c9d3de"  # what a chart compares with
PANEL = "#eef2f6"
ACCENT = "#1f5fa8"  # this city, and the line of growth
MARK = "#b3261e"  # what is worse
GOOD = "#2e6b4f"

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
FONT_FILES = {SANS: fonts.sans_path(), SERIF: fonts.serif_path()}

PALETTE = {"ink": INK, "muted": MUTED, "line": LINE, "pale": PALE, "panel": PANEL, "accent": ACCENT, "mark": MARK, "good": GOOD}


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@cache
def css() -> str:
    """The style sheet of blocks."""
    return _templates().get_template("blocks.css.j2").render(palette=PALETTE, sans=SANS, serif=SERIF)


def html(block: dict[str, Any], ordinal: int | None = None) -> str:
    """A block as HTML, everything in it escaped as text; `ordinal` is its number among the figures or tables of a pack."""
    return _templates().get_template("blocks.html.j2").render(block=block, ordinal=ordinal).strip()
