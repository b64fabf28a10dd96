"""The theme of charts, HTML and PDF: colours, fonts, and the HTML of a block.

A block (`city_briefs.common.blocks`) travels in a display bundle of type MIME: written by `city_briefs.analysis.blocks`, read by
`city_briefs.production.export`.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

from city_briefs.common import files
from city_briefs.common.theme import fonts, screen_fonts

if TYPE_CHECKING:
    import jinja2

    from city_briefs.common.blocks import Block, MetricCard, TableBlock

FOLDER = Path(__file__).parent  # of the templates
MIME = "application/vnd.city-briefs+json"

INK = "#1c2b3a"  # text and what a chart is about
MUTED = "#5b6773"  # notes and labels; contrast 5.7 on white
LINE = "#7b8998"  # contrast 3.2 on PANEL
PALE = "#c9d3de"  # what a chart compares with
PANEL = "#eef2f6"
ACCENT = "#1f5fa8"  # this city, and the line of growth
OWN, OTHERS = INK, LINE  # the mark of this region, and those that it is seen beside: luminance differs by more than 3:1
MARK = "#b3261e"  # what is worse
DEEP_MARK = "#761612"  # the same among strokes of LINE: three times as dark in grey print
GOOD = "#2e6b4f"

SANS, SERIF, TITLE = (fonts.faces()[use].family for use in ("sans", "serif", "title"))
FONT_FILES = {face.family: face.file for face in (*fonts.faces().values(), *fonts.INCLUDED.values())}
BOLD_FILES = {face.family: face.bold for face in fonts.INCLUDED.values() if face.bold}

WORDS = 12  # characters of a cell that a column of a phone holds
MOST_WORDS = 36  # of one in three lines
WORDED, PART = 3, 4  # columns of words, and which part of the rows is long, from which on a row is a card on a phone

PALETTE = {"ink": INK, "muted": MUTED, "line": LINE, "pale": PALE, "panel": PANEL, "accent": ACCENT, "mark": MARK, "good": GOOD}


@cache
def templates(folder: Path) -> "jinja2.Environment":
    """Return the templates of a folder; those whose names end in `.txt.j2` escape nothing."""
    import jinja2  # the words and colours are had without it

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt.j2",), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def css() -> str:
    """Return the style sheet of blocks."""
    return (
        templates(FOLDER)
        .get_template("blocks.css.j2")
        .render(palette=PALETTE, sans=screen_fonts.stack(SANS), bold=screen_fonts.bold_stack(SANS))
    )


@cache
def script(page: str = "page") -> str:
    """Return the script of a page: `page` makes tables of a pack sortable and places definitions, `index` finds packs."""
    return files.read_text(Path(__file__).parent / f"{page}.js")


@cache
def script_source(page: str = "page") -> str:
    """Return the source of a Content-Security-Policy that allows this script and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script(page).encode()).digest()).decode()}'"


def html(block: "Block", ordinal: int | None = None, manual: str = "") -> str:
    """Return a block as HTML, everything in it escaped as text; `ordinal` is its number among the figures or tables of a pack.

    `manual` is the address of the manual, to which metrics are linked where that defines them; else the appendix does.
    """
    template = templates(FOLDER).get_template("blocks.html.j2")
    return template.render(block=block, ordinal=ordinal, manual=manual, term=term, wordy=is_wordy).strip()


def is_wordy(table: "TableBlock") -> bool:
    """Return whether a row of a table is a card on a phone: three columns have words, many rows have long cells, or one is very long."""
    if table["align"][1:].count("left") >= WORDED:
        return True
    longest = [max((len(line) for cell in row[1:] for line in cell.split("\n")), default=0) for row in table["rows"]]
    return any(length > MOST_WORDS for length in longest) or sum(length > WORDS for length in longest) * PART > len(longest)


def definition(metric: "MetricCard") -> str:
    """Return a metric's definition as it is printed, a line for each paragraph."""
    return "\n".join(paragraph.replace("\n", "") for paragraph in metric["definition"].split("\n\n"))


class Term(TypedDict):
    """Words split at the metric that they name; with `before` alone when they name none."""

    before: str
    label: NotRequired[str]
    after: NotRequired[str]
    id: NotRequired[str]
    definition: NotRequired[str]


def term(words: str, metrics: "Sequence[MetricCard]", *, begins: bool = False) -> Term:
    """Return words split at the metric that they name (or begin with), by the longest label; metrics without data are passed over."""
    named = [metric for metric in metrics if metric["provenance"] and metric["label"] in words]
    named = [metric for metric in named if not begins or words.startswith(metric["label"])]
    if not named:
        return {"before": words}
    metric = max(named, key=lambda metric: len(metric["label"]))
    before, after = words.split(metric["label"], 1)
    text = f"{metric['label']}：{definition(metric)}"
    return {"before": before, "label": metric["label"], "after": after, "id": metric["id"], "definition": text}
