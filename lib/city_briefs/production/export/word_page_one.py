"""Page one as a Word document has it: its rows with pictures in the place of drawings, no wider than their columns."""

from collections.abc import Iterator, Sequence
from typing import Any

from city_briefs.common.blocks import PageOneBlock, PageOneRow, Panel
from city_briefs.production.export import word_tables

WIDTHS = (0.5, 2.4, 1.0, 0.95, 1.3, 1.7, 1.35, 1.8)  # of the columns of its table of metrics, in proportion
NUMBERS = {
    2: (("value",), 11.0),
    3: (("change",), 8.0),
    6: (("place",), 8.0),
    7: (("mark_text",), 8.0),
}  # of columns, and their type, in pt
MONTHS, REGIONS, PANEL = 0.72, 0.98, 2.8  # how wide a drawing may be, in inches


def shown(block: PageOneBlock, pictures: Iterator[dict[str, Any]], room: float) -> dict[str, Any]:
    """What the template sets of page one; `pictures` are its drawings as PNG in their order, `room` how wide text is, in pt."""
    rows: list[dict[str, Any]] = []
    for row in block["rows"]:
        months = {"months": _within(next(pictures), row["months"]["alt"], MONTHS)} if "months" in row else {}
        regions = {"regions": _within(next(pictures), row["regions"]["alt"], REGIONS)} if "regions" in row else {}
        rows.append({**row, **months, **regions})
    return {**block, "rows": rows, "panels": panels(block["panels"], pictures), "widths": _widths(block["rows"], room)}


def _widths(rows: Sequence[PageOneRow], room: float) -> list[float]:
    """Widths of the columns of the table of metrics, in pt: its numbers and places stand in one line each."""
    least = [0.0] * len(WIDTHS)
    for column, (names, size) in NUMBERS.items():
        cells = ["".join(row[name] for name in names) for row in rows]  # type: ignore[literal-required]  # of NUMBERS
        least[column] = word_tables.longest(cells) * size + word_tables.CLOSE_PADDING
    return word_tables.held([room * width / sum(WIDTHS) for width in WIDTHS], least)


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
