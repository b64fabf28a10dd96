"""Style of the workbooks for offices, and cells of which none becomes a formula."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest.control_characters import NOT_IN_XML, visible
from city_briefs.common import atomic_files
from city_briefs.common.theme import ACCENT, MUTED, PANEL, SANS

EPOCH = datetime(2000, 1, 1)  # of every workbook, since the same contents give the same bytes
LAST_ROW = 1_048_576  # of a sheet
ROWS = 20_000  # of a sheet that is sent back, and of its faults
LONGEST = 32_767  # characters of a cell
WIDTHS = (8, 40)  # of a column, in characters
WIDE = 0x2000  # characters from here on are as wide as they are high
LINE = 16  # points of a line of text
STYLES: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "wrapped": {"text_wrap": True},
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": MUTED},
    "head": {"bold": True, "bg_color": PANEL, "bottom": 1, "text_wrap": True},
    "required": {"bold": True, "bg_color": ACCENT, "font_color": "#ffffff", "bottom": 1, "text_wrap": True},
    "day": {"num_format": "yyyy-mm-dd"},
    "whole": {"num_format": "0"},
    "number": {"num_format": "General"},
    "error": {"num_format": "@", "bg_color": "#f4a9a3"},
    "warning": {"num_format": "@", "bg_color": "#ffe08a"},
    "rejected": {"num_format": "@", "bg_color": "#fdecea"},
}


class WorkbookWriter:
    """A workbook that is written row by row: no sheet is ever in memory as a whole."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.styles: dict[str, Format] = {
            name: book.add_format({"font_name": SANS, "font_size": 11, "valign": "top", **style})
            for name, style in STYLES.items()
        }

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet of this name, or of a similar name that a spreadsheet allows."""
        used_names = {sheet.name.casefold() for sheet in self.book.worksheets()}
        base_name = visible(name).strip("'")[:31] or "表"
        number = 1
        while (unique := base_name if number == 1 else f"{base_name[:26]} ({number})").casefold() in used_names:
            number += 1
        sheet = self.book.add_worksheet(unique)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, text: str, style: str = "text") -> None:
        """Write a text into a cell; rows and columns count from 0."""
        sheet.write_string(row, column, cell(text), self.styles[style])

    def lines(
        self, sheet: Worksheet, heads: Mapping[str, int], title: str, notes: Sequence[str], lines: Iterable[Sequence[str]]
    ) -> None:
        """Write a title, notes, and lines of text under headers.

        `heads` maps each header to the width of its column, in characters.
        """
        sheet.set_row(0, 2 * LINE)
        self.write(sheet, 0, 0, title, "title")
        for row, note in enumerate(notes, start=1):
            self.write(sheet, row, 0, note, "note")
        top = len(notes) + 2
        for column, (head, head_width) in enumerate(heads.items()):
            sheet.set_column(column, column, head_width)
            self.write(sheet, top - 1, column, head, "head")
        for row, line in enumerate(lines, start=top):
            sheet.set_row(
                row,
                LINE * max(1 + display_width(text) // head_width for text, head_width in zip(line, heads.values(), strict=True)),
            )
            for column, text in enumerate(line):
                self.write(sheet, row, column, text, "wrapped")
        sheet.freeze_panes(top, 0)


@contextmanager
def written(file: Path) -> Iterator[WorkbookWriter]:
    """Open a workbook for writing; it is saved at the end.

    Raises:
        OSError: the disk is full. No temporary file is left.
    """
    with atomic_files.whole(file) as made, TemporaryDirectory(prefix=".", dir=file.parent) as folder:
        book = xlsxwriter.Workbook(made, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"created": EPOCH})
        try:
            yield WorkbookWriter(book)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            for sheet in book.worksheets():
                with suppress(OSError):
                    sheet.row_data_fh.close()  # which a book that was not closed leaves open


def cell(text: str) -> str:
    """Return a text as a cell can hold it."""
    return visible(text, NOT_IN_XML)[:LONGEST]


def display_width(text: str) -> int:
    """Return the width of a text in characters; a Chinese character counts as two."""
    return sum(2 if ord(character) > WIDE else 1 for character in text)


def column_width(texts: list[str]) -> int:
    """Return the width of a column that holds these texts, in characters."""
    return min(max(max(map(display_width, texts), default=0) + 3, WIDTHS[0]), WIDTHS[1])
