"""A workbook as a person uses it: contents with links, sheets under their titles that print on A4, numbers that can be calculated with.

A cell of text stays text: nothing becomes a formula, and no link leads out of the workbook.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from city_briefs.common.theme import PALETTE, SANS
from city_briefs.production.export.cells import Cell
from city_briefs.production.export.figure_sheets import Sheet

MOST_CHARACTERS = 32_767  # of a cell
CONTENTS, BACK = "目录", "返回目录"
HEAD = 3  # the row of the heads of columns, under title, way back and what all numbers have in common
LONGEST_NAME = 31  # units of a name of a sheet, as programs count
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONG_HEAD = 24  # characters of the head of a column, from which it has three lines, not two
NARROWEST, WIDEST = 8, 44  # characters, of a column
NARROWEST_SHEET = 64  # of all together, so that a title has room
PORTRAIT = 115  # characters of columns that a page upright holds
A4, LINE = 9, 16.5  # the number of the paper; the height of a line, in pt
MOST_HEIGHT = 400.0  # pt, of a row; programs hold 409


class Workbook:
    """Writes the sheets of one workbook; `title` and `notice` stand at the head of each printed page."""

    def __init__(self, book: xlsxwriter.Workbook, title: str, notice: str) -> None:
        self.book, self._title, self._notice = book, title, notice
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()

    def look(self, **own: Any) -> Format:
        """Return the format of a cell; each is made once."""
        key = tuple(sorted(own.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": SANS, "font_size": 10, "valign": "top", **own})
        return self._formats[key]

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet with a name that is allowed, and that no other has."""
        return self.book.add_worksheet(self.name(name))

    def name(self, wanted: str) -> str:
        """Return a name of a sheet that programs allow, as near as may be to the wanted one, and take it."""
        base = NOT_IN_NAMES.sub(" ", wanted).strip(" '") or "表"
        number = 1
        while (name := _cut(base, f"（{number}）" if number > 1 else "")).casefold() in {*self._names, "history"}:
            number += 1
        self._names.add(name.casefold())
        return name

    def write(self, sheet: Worksheet, row: int, column: int, cell: Cell, **own: Any) -> None:
        """Write a cell: a number as a number, text as text."""
        if isinstance(cell.content, str):
            sheet.write_string(row, column, cell.content[:MOST_CHARACTERS], self.look(**own))
        elif cell.content is not None:
            sheet.write_number(
                row, column, cell.content, self.look(num_format=cell.form, **own) if cell.form else self.look(**own)
            )
        elif own:
            sheet.write_blank(row, column, None, self.look(**own))

    def table(self, sheet: Worksheet, shown: Sheet) -> None:
        """Write a table under its title, with the way back, notes and sources."""
        widths = _widths(shown)
        last = len(shown.heads) - 1
        self.write(sheet, 0, 0, Cell(shown.title), bold=True, font_size=13)
        link(sheet, 1, 0, CONTENTS, BACK, self.look(font_color=PALETTE["accent"], underline=1))
        self.write(sheet, 2, 0, Cell(shown.above or None), font_size=9, font_color=PALETTE["muted"])
        for column, (head, width) in enumerate(zip(shown.heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            self.write(
                sheet,
                HEAD,
                column,
                Cell(head),
                bold=True,
                text_wrap=True,
                top=1,
                bottom=1,
                bg_color=PALETTE["panel"],
                **_side(shown, column),
            )
        sheet.set_row(HEAD, _height(shown.heads, widths))
        for place, row in enumerate(shown.rows, start=HEAD + 1):
            kind = {"bold": True} if place - HEAD - 1 in {*shown.totals, *shown.marked} else {}
            for column, cell in enumerate(row):
                self.write(
                    sheet,
                    place,
                    column,
                    cell,
                    text_wrap=True,
                    **_side(shown, column),
                    **kind,
                )
            sheet.set_row(place, _height([cell.content if isinstance(cell.content, str) else "" for cell in row], widths))
        end = HEAD + len(shown.rows)
        for words in shown.below:
            end += 1
            self.line(sheet, end, last, words, sum(widths))
        sheet.freeze_panes(HEAD + 1, min(shown.row_heads, last))
        self.printed(sheet, end, last, is_wide=sum(widths) > PORTRAIT, again=HEAD)

    def line(self, sheet: Worksheet, row: int, last: int, words: str, width: float) -> None:
        """Write a line over all columns up to the last, as high as its words need."""
        form = self.look(text_wrap=True, font_size=9, font_color=PALETTE["muted"])
        if last:
            sheet.merge_range(row, 0, row, last, "", form)
        sheet.write_string(row, 0, words[:MOST_CHARACTERS], form)
        sheet.set_row(row, _height([words], [width]))

    def printed(self, sheet: Worksheet, row: int, column: int, *, is_wide: bool, again: int | None = None) -> None:
        """Let a sheet print on A4, as wide as the page, up to a row and column, with a row of heads again on each page."""
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, row, column)
        sheet.set_margins(0.5, 0.5, 0.7, 0.7)
        sheet.set_header(f"&L{_escaped(self._title)}&R{_escaped(self._notice)}")
        sheet.set_footer("&C第&P页　共&N页")
        if is_wide:
            sheet.set_landscape()
        if again is not None:
            sheet.repeat_rows(again)


def link(sheet: Worksheet, row: int, column: int, name: str, words: str, form: Format) -> None:
    """Write a link to a sheet of the same workbook."""
    quoted = name.replace("'", "''")
    sheet.write_url(row, column, f"internal:'{quoted}'!A1", form, words)


def _cut(base: str, end: str) -> str:
    """Return a name with an end, no longer than names may be."""
    while len((base + end).encode("utf-16-le")) // 2 > LONGEST_NAME:
        base = base[:-1]
    return base.rstrip(" '") + end


def _escaped(words: str) -> str:
    """Return words as the head of a page has them, where & begins a sign; cut to what programs hold."""
    return " ".join(words.split())[:90].replace("&", "&&")


def _side(shown: Sheet, column: int) -> dict[str, Any]:
    """Return the side to which a column is set, a little from its edge."""
    return {"align": "right", "indent": 1} if column in shown.right else {"align": "left"}


def _length(words: str) -> int:
    """Return about how wide words are, in characters: a Chinese one is two."""
    return max((sum(1 if letter.isascii() else 2 for letter in line) for line in words.split("\n")), default=0)


def _widths(shown: Sheet) -> list[float]:
    """Return the widths of columns: what their cells need, within limits; a head may take several lines."""
    columns = zip(*[[cell.content for cell in row] for row in shown.rows], strict=True) if shown.rows else [()] * len(shown.heads)
    made = []
    for head, cells in zip(shown.heads, columns, strict=True):
        longest = max(
            (_length(cell) if isinstance(cell, str) else len(f"{cell:,.2f}") + 4 for cell in cells if cell is not None), default=0
        )
        made.append(
            float(
                min(WIDEST, max(NARROWEST, longest + 2, math.ceil(_length(head) / (2 if _length(head) < LONG_HEAD else 3)) + 3))
            )
        )
    made[0] += max(NARROWEST_SHEET - sum(made), 0)
    return made


def _height(words: Sequence[str], widths: Sequence[float]) -> float:
    """Return how high a row is whose cells have these words, in pt."""
    lines = [
        sum(max(1, math.ceil(_length(line) / max(width, 1))) for line in cell.split("\n"))
        for cell, width in zip(words, widths, strict=True)
    ]
    return min(LINE * max(1, *lines, 1), MOST_HEIGHT)
