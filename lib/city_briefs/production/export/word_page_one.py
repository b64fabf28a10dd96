"""Page one as a Word document has it: its rows with pictures in the place of drawings, no wider than their columns."""

from collections.abc import Iterator, Sequence
from typing import Any

from city_briefs.common.blocks import PageOneBlock, Panel

WIDTHS = (0.5, 2.4, 1.0, 0.95, 1.3, 1.7, 1.35, 1.8)  # of the columns of its table of metrics, in proportion
MONTHS, REGIONS, PANEL = 0.72, 0.98, 2.8  # how wide a drawing may be, in inches


def shown(block: PageOneBlock, pictures: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """What the template sets of page one; `pictures` are its drawings as PNG in their order."""
    rows: list[dict[str, Any]] = []
    for row in block["rows"]:
        months = {"months": _within(next(pictures), row["months"]["alt"], MONTHS)} if "months" in row else {}
        regions = {"regions": _within(next(pictures), row["regions"]["alt"], REGIONS)} if "regions" in row else {}
        rows.append({**row, **months, **regions})
    return {**block, "rows": rows, "panels": panels(block["panels"], pictures), "widths": WIDTHS}


def panels(given: Sequence[Panel], pictures: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the template sets of panels."""
    return [
        {**panel, "drawing": _within(next(pictures), panel["drawing"]["alt"], PANEL)} if "drawing" in panel else dict(panel)
        for panel in given
    ]


def end_page(word: Any) -> None:
    """Begin a page of a Word document with the chapter that follows page one, whose conclusion is the first heading; none may follow."""
    of_chapters = (paragraph for paragraph in word.paragraphs if paragraph.style and paragraph.style.name == "Heading 1")
    for heading in list(of_chapters)[1:2]:
        heading.paragraph_format.page_break_before = True


def _within(picture: dict[str, Any], alt: str, most: float) -> dict[str, Any]:
    """A picture of a drawing with what it shows in words, no wider than it may be."""
    return {**picture, "inches": min(picture["inches"], most), "alt": alt}
