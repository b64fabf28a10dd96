"""How a table of any notebook fits on paper: in smaller type, on a page turned sideways, or in pieces under one another.

Widths are those of the characters in the fonts of the document, in pt. A run that no column can hold is parted.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from bs4 import Tag
from fontTools.ttLib import TTFont

from city_briefs.common.theme.fonts import faces
from city_briefs.production.export.fragments import style_of

SIZES = (10.5, 9.5, 8.5, 7.5)  # pt, of the type of a table, the first that fits
PARTED = 8.5  # pt, of one in pieces
INSET = 3.0  # pt, at the left and the right of a cell
SLACK = 1.03  # what a run may be wider than its characters
MOST_RUN, MOST_LINE, LEAST_LINE = 16, 22, 5  # em: of a run kept whole, of a line, of a column of words
RUN = re.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff]+")
NUMBER = re.compile(r"[-+−]?[\d,. ]*\d[\d,. ]*%?|[-+−]?\d[\d.]*[eE][-+]?\d+|NaN|nan|NaT|—|")
MOST_INDEX = 3  # columns that are repeated in every piece


class Cell(NamedTuple):
    """A cell: its place, how far it spans, and its element."""

    row: int
    column: int
    rows: int
    columns: int
    tag: Tag

    @property
    def is_bold(self) -> bool:
        """Whether it is a heading."""
        return self.tag.name == "th"


class Grid(NamedTuple):
    """The cells of a table, the number of its columns, rows, and rows of its head."""

    cells: list[Cell]
    columns: int
    rows: int
    head: int

    @property
    def row_heads(self) -> int:
        """How many columns at the left are headings of rows."""
        body = [cell for cell in self.cells if cell.row >= self.head]
        leading = 0
        while (
            leading < min(self.columns - 1, MOST_INDEX)
            and body
            and all(cell.is_bold for cell in body if cell.column <= leading < cell.column + cell.columns)
        ):
            leading += 1
        return leading

    def numeric(self) -> set[int]:
        """Return the columns whose cells are numbers."""
        words: dict[int, list[str]] = {}
        for cell in self.cells:
            if cell.row >= self.head and cell.columns == 1:
                words.setdefault(cell.column, []).append(cell.tag.get_text(strip=True))
        return {column for column, texts in words.items() if any(texts) and all(map(NUMBER.fullmatch, texts))}


class Layout(NamedTuple):
    """The size of the type, whether the page is turned, and of each piece its columns with their widths."""

    size: float
    is_turned: bool
    pieces: list[list[tuple[int, float]]]


def grid(table: Tag) -> Grid:
    """Return the cells of a table at their places."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    head = 0
    for number, row in enumerate(rows):
        own = [tag for tag in row.find_all(["td", "th"]) if tag.find_parent("tr") is row]
        section = row.find_parent("thead")
        in_head = section is not None and section.find_parent("table") is table
        if number == head and own and (in_head or (number == 0 and all(tag.name == "th" for tag in own))):
            head += 1
        column = 0
        for tag in own:
            while (number, column) in taken:
                column += 1
            across, down = _span(tag, "colspan", 1000), min(_span(tag, "rowspan", len(rows)), len(rows) - number)
            while any((number, column + more) in taken for more in range(across)):
                column += 1
            taken.update((number + below, column + beside) for below in range(down) for beside in range(across))
            cells.append(Cell(number, column, down, across, tag))
            column += across
    if any(cell.row < head < cell.row + cell.rows for cell in cells):
        head = max(cell.row + cell.rows for cell in cells if cell.row < head)
    return Grid(
        cells, max((cell.column + cell.columns for cell in cells), default=0), len(rows), min(head, max(len(rows) - 1, 0))
    )


def layout(table: Grid, room: float, turned: float = 0) -> Layout:
    """Return how a table fits into so much room, or into the more of a turned page where there is one."""
    measured = _measured(table)
    for is_turned, width, sizes in ((False, room, SIZES), (True, turned, SIZES[1:])):
        for size in sizes if width else ():
            needs = [(least * size + 2 * INSET, wish * size + 2 * INSET) for least, wish in measured]
            if sum(least for least, _ in needs) <= width:
                return Layout(size, is_turned, [list(enumerate(_shared(needs, width)))])
    needs = [(min(least * PARTED + 2 * INSET, room), wish * PARTED + 2 * INSET) for least, wish in measured]
    return Layout(PARTED, False, _pieces(needs, table.row_heads, room))


def aligned(cell: Cell, numeric: set[int]) -> str:
    """Return the side at which a cell's words stand, or nothing: its own, else the right in a column of numbers."""
    side = style_of(cell.tag).get("text-align", "")
    return side if side in ("left", "right", "center") else "right" if cell.column in numeric and cell.columns == 1 else ""


def in_piece(table: Grid, piece: Sequence[tuple[int, float]]) -> list[tuple[Cell, int, int, float]]:
    """Return the cells of a piece, each with its first column in it, how many it spans there, and how wide these are."""
    places = {column: place for place, (column, _) in enumerate(piece)}
    widths = dict(piece)
    shown = []
    for cell in table.cells:
        runs: list[list[int]] = []
        for column in range(cell.column, cell.column + cell.columns):
            if column in places:
                if runs and places[runs[-1][-1]] == places[column] - 1:
                    runs[-1].append(column)
                else:
                    runs.append([column])
        shown += [(cell, places[run[0]], len(run), sum(widths[column] for column in run)) for run in runs]
    return shown


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide words are, in pt."""
    known = _advances(bold)
    return sum(known.get(ord(character), _guessed(character)) for character in words) * size * SLACK


def is_too_wide(run: str, size: float, room: float, *, bold: bool) -> bool:
    """Whether a run must be parted to stand in a cell so wide."""
    return width(run, size, bold=bold) > room - 2 * INSET


def _span(tag: Tag, name: str, most: int) -> int:
    """Return how far a cell spans; 0 rows mean all that are left."""
    words = str(tag.get(name) or "1").strip()
    given = int(words) if words.isdecimal() and len(words) < 6 else 1
    return min(given or (most if name == "rowspan" else 1), most)


def _measured(table: Grid) -> list[tuple[float, float]]:
    """Return of each column the least and the wished width, in em."""
    needs = [(1.0, 1.0)] * table.columns
    for cell in table.cells:
        if cell.columns > 1:
            continue
        words = cell.tag.get_text("\n")
        code = 1.1 if cell.tag.find(["code", "pre"]) else 1.0
        bold = cell.is_bold or cell.tag.find(["b", "strong"]) is not None
        run = max((width(run, 1, bold=bold) for run in RUN.findall(words)), default=0) * code
        line = max(width(line.strip(), 1, bold=bold) for line in words.split("\n")) * code
        least, wish = needs[cell.column]
        needs[cell.column] = (
            max(least, min(run, MOST_RUN), min(line, LEAST_LINE)), max(wish, min(line, MOST_LINE), min(run, MOST_RUN))
        )  # fmt: skip
    return needs


def _shared(needs: Sequence[tuple[float, float]], width: float) -> list[float]:
    """Return widths of columns between the least and the wished."""
    spare, wished = width - sum(least for least, _ in needs), sum(wish - least for least, wish in needs)
    share = min(spare / wished, 1) if wished > 0 else 0
    return [round(least + (wish - least) * share, 2) for least, wish in needs]


def _pieces(needs: Sequence[tuple[float, float]], index: int, room: float) -> list[list[tuple[int, float]]]:
    """Return the columns of each piece, the headings of rows in every one where they leave half of the room."""
    while index and sum(least for least, _ in needs[:index]) > room / 2:
        index -= 1
    groups: list[list[int]] = [[]]
    fixed = sum(least for least, _ in needs[:index])
    left = room - fixed
    for column in range(index, len(needs)):
        if groups[-1] and needs[column][0] > left:
            groups.append([])
            left = room - fixed
        groups[-1].append(column)
        left -= needs[column][0]
    pieces = []
    for group in groups:
        columns = [*range(index), *group]
        pieces.append(list(zip(columns, _shared([needs[column] for column in columns], room), strict=True)))
    return pieces


def _guessed(character: str) -> float:
    """Return the width of a character that the font of text has not, in em."""
    return 1.0 if unicodedata.east_asian_width(character) in "WF" or unicodedata.category(character) == "So" else 0.7


@cache
def _advances(bold: bool) -> dict[int, float]:
    """Return the width of each character in the font of text, in em; of bold the wider of both."""
    face = faces()["serif"]
    made: dict[int, float] = {}
    for file in filter(None, (face.file, face.bold if bold else None)):
        with TTFont(file, fontNumber=face.place if file == face.file else -1, lazy=True) as font:
            em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
            for point, name in font.getBestCmap().items():
                made[point] = max(made.get(point, 0), metrics[name][0] / em)
    return made
