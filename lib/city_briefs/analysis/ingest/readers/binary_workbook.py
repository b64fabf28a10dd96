"""Binary workbooks (.xlsb), read record by record: the cells of a sheet, and the same marks of them as in the XML of a workbook."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from math import isfinite
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.raw_table import FOOT
from city_briefs.analysis.ingest.readers import archive, cell_styles
from city_briefs.analysis.ingest.readers.binary_records import records, short_number, text, whole_number
from city_briefs.analysis.ingest.readers.cell_marks import CellMarks
from city_briefs.analysis.ingest.readers.number_formats import TYPED, NumberFormat
from city_briefs.analysis.ingest.readers.sheet import COLUMNS, HELD, SheetContents, check_text, too_many_cells
from city_briefs.analysis.ingest.readers.sheet_rows import Merge
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.language import chosen

# The numbers of records, as [MS-XLSB] has them.
ROW_HEADER, BLANK, SHORT, LAST_SHORT, SHARED_TEXT, FORMAT, FONT, STYLE = 0, 1, 12, 18, 19, 44, 43, 47
COLUMN, RICH_TEXT, END_SHEET, BEGIN_CELLS, END_CELLS, WORKBOOK, SHEET, CALCULATION = 60, 62, 130, 145, 146, 153, 156, 157
MERGED, BEGIN_FONTS, END_FONTS, BEGIN_STYLES, END_STYLES = 176, 611, 612, 617, 618
NUMBER, ERROR, TRUTH, REAL, TEXT, SHARED, FORMULA_TEXT, FORMULA_REAL, FORMULA_TRUTH, FORMULA_ERROR = range(2, 12)
BESIDE_CELLS = {*range(35, 39), 49, 50}  # of the records below RICH_TEXT those that stand between cells and are none
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
STRUCK, HIDDEN_ROW = 0x08, 0x10  # bits of a font, and of a row
DATES, DURATIONS = {*range(14, 23), 45, 47}, {46}  # number formats of a spreadsheet
EPOCH, DAY, LAST_DAY = datetime(1899, 12, 30), 86_400_000, 2_958_466  # milliseconds; the day after 31 December 9999
DAYS_TO_1904 = 1462
BROKEN = (struct.error, IndexError, KeyError, OverflowError, expat.ExpatError, *archive.BROKEN)


@dataclass(frozen=True)
class BinarySheet(SheetContents):
    """A sheet, with its cells: by row the value of each filled column, numbered from 0."""

    name: str
    merged_cell_ranges: list[Merge]
    cells: dict[int, dict[int, Any]]

    @property
    def start(self) -> tuple[int, int]:
        """Return the first filled row and column."""
        return min(self.cells, default=0), min((min(row) for row in self.cells.values()), default=0)

    @property
    def end(self) -> tuple[int, int]:
        """Return the last filled row and column."""
        return max(self.last_row - 1, 0), self.last_column

    def iter_rows(self) -> Iterator[list[Any]]:
        """Yield the rows from the first of the sheet on, each from the first filled column to the last; an empty cell is ""."""
        columns = range(self.start[1], self.last_column + 1)
        for number in range(self.last_row):
            row = self.cells.get(number, {})
            yield [row.get(column, "") for column in columns]


@dataclass
class _Cells:
    """What is collected of a sheet."""

    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    merged: list[Merge] = field(default_factory=list)
    styled: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    text_size: int = 0


class BinaryWorkbook:
    """A binary workbook: its sheets, and what all of them share."""

    def __init__(self, source: DataSource, file: ZipFile) -> None:
        """Read all but the sheets.

        Raises:
            DataError: it cannot be read, or has too many texts.
        """
        self._source, self._file = source, file
        self._parts = {name.casefold(): name for name in file.namelist()}
        self.sheets: list[archive.WorkbookSheet] = []
        self.counts_from_1904 = False
        self._calculated = True
        self._texts: list[str] = []
        self._struck_texts: set[int] = set()
        self._held = 0
        try:
            self._read_list()
        except BROKEN:
            raise archive.unreadable_list(source) from None
        archive.check_names(source, [sheet.name for sheet in self.sheets])
        try:
            self._read_styles()
        except BROKEN:
            raise cell_styles.unreadable(source) from None
        try:
            self._read_texts()
        except BROKEN:
            raise archive.unreadable(self._source) from None

    def sheet(self, listed: archive.WorkbookSheet) -> BinarySheet:
        """Return a sheet with its cells.

        Raises:
            DataError: it cannot be read, or is too large.
        """
        place = chosen(f"{self._source.name}, sheet {listed.name}", f"{self._source.name}工作表“{listed.name}”")
        marks, cells = CellMarks(place, self._styles, frozenset(), calculated=self._calculated), _Cells()
        kind, inside, row, column = -1, False, -1, -1
        try:
            for kind, body in records(self._file, listed.part):
                if kind in (BEGIN_CELLS, END_CELLS):
                    inside, row = kind == BEGIN_CELLS, -1
                elif inside and kind == ROW_HEADER:
                    row, column = whole_number(body, 0), -1
                    if body[11] & HIDDEN_ROW:
                        cells.hidden_rows.add(row)
                elif inside and kind <= RICH_TEXT and kind not in BESIDE_CELLS:
                    column = self._read_cell(kind, body, row, column, cells, marks)
                elif kind == COLUMN and body[16] & 1:
                    marks.hidden_columns.append((whole_number(body, 0), whole_number(body, 4)))
                elif kind == MERGED:
                    self._hold()
                    top, bottom, left, right = struct.unpack_from("<4I", body)
                    cells.merged.append(((top, left), (bottom, min(right, COLUMNS - 1))))
            if kind != END_SHEET or inside:
                raise ValueError
        except BROKEN:
            raise archive.unreadable(self._source) from None
        check_text(place, cells.text_size)
        filled = sorted(cells.rows)
        marks.last_rows = [row + 1 for row in filled[-FOOT:]]
        marks.hidden_rows = [row + 1 for row in filled if row in cells.hidden_rows]
        marks.add_styled(cells.styled)
        last_column = max((max(row) for row in cells.rows.values()), default=0)
        return BinarySheet(filled[-1] + 1 if filled else 0, last_column, marks, listed.name, cells.merged, cells.rows)

    def _read_cell(self, kind: int, body: bytes, row: int, before: int, cells: _Cells, marks: CellMarks) -> int:
        """Read a cell of a row, and return its column. A short record lies in the column after `before`."""
        if SHORT <= kind <= LAST_SHORT:
            kind, column, body = kind - SHORT + BLANK, before + 1, bytes(4) + body
        else:
            column = whole_number(body, 0)
        if not (0 <= row < 1 << 20 and column < COLUMNS):
            raise ValueError
        style, value = whole_number(body, 4) & 0xFFFFFF, self._value(kind, body)
        if kind in (NUMBER, REAL, FORMULA_REAL):
            if not isfinite(value):
                raise ValueError
            if style in self._styles.notable or (style in self._styles.decimal and value != round(value, TYPED)):
                cells.styled.append((row, column, style))
            value = self._dated(value, style)
        if FORMULA_TEXT <= kind <= FORMULA_ERROR:
            marks.add_formula(xl_col_to_name(column), row + 1, has_value=self._calculated)
            value = value if self._calculated else "=?"  # what the cell shows is not known
        if value == "":
            return column
        self._hold()
        cells.rows.setdefault(row, {})[column] = value
        if isinstance(value, str):
            cells.text_size += 2 * len(value)
        if style in self._styles.struck or self._is_struck(kind, body):
            marks.struck.setdefault(row + 1, xl_col_to_name(column))
        return column

    def _value(self, kind: int, body: bytes) -> Any:
        """Return the value of a cell; empty text for an empty one."""
        if kind == BLANK:
            return ""
        if kind == NUMBER:
            return short_number(whole_number(body, 8))
        if kind in (REAL, FORMULA_REAL):
            return struct.unpack_from("<d", body, 8)[0]
        if kind in (TRUTH, FORMULA_TRUTH):
            return bool(body[8])
        if kind in (ERROR, FORMULA_ERROR):
            return ERRORS.get(body[8], "#VALUE!")
        if kind == SHARED:
            return self._texts[whole_number(body, 8)]
        if kind in (TEXT, FORMULA_TEXT, RICH_TEXT):
            return text(body, 9 if kind == RICH_TEXT else 8)[0]
        raise ValueError

    def _dated(self, value: float, style: int) -> Any:
        """Return a number as the date, time or duration that its style shows, or as it is."""
        if style in self._durations and abs(value) < LAST_DAY:
            return timedelta(milliseconds=round(value * DAY))
        if style not in self._dates or not 0 <= value < LAST_DAY - DAYS_TO_1904:
            return value
        if value < 1:
            return (EPOCH + timedelta(milliseconds=round(value * DAY) % DAY)).time()
        days = value + (DAYS_TO_1904 if self.counts_from_1904 else 1 if value < 60 else 0)  # 1900 has 29 February there
        moment = EPOCH + timedelta(milliseconds=round(days * DAY))
        return moment.date() if moment.time() == time() else moment

    def _is_struck(self, kind: int, body: bytes) -> bool:
        """Return whether part of the text of a cell is struck through."""
        if kind == SHARED:
            return whole_number(body, 8) in self._struck_texts
        return kind == RICH_TEXT and self._has_struck_part(body, 8)

    def _has_struck_part(self, body: bytes, at: int) -> bool:
        """Return whether a text with fonts, which begins here, is struck through in part."""
        if not body[at] & 1:
            return False
        end = text(body, at + 1)[1]
        fonts = [struct.unpack_from("<H", body, end + 6 + 4 * run)[0] for run in range(whole_number(body, end))]
        return any(self._struck_fonts[font] for font in fonts if font < len(self._struck_fonts))

    def _read_list(self) -> None:
        """Read the list of sheets."""
        targets = archive.related_parts(self._file, "xl/_rels/workbook.bin.rels")
        for kind, body in records(self._file, self._parts[archive.BINARY], archive.DESCRIBED):
            if kind == SHEET:
                related, end = text(body, 8)
                self.sheets.append(archive.WorkbookSheet(text(body, end)[0], whole_number(body, 0) == 0, targets[related]))
            elif kind == WORKBOOK:
                self.counts_from_1904 = bool(body[0] & 1)
            elif kind == CALCULATION:
                self._calculated = not body[24] & 1  # when it is opened, all is calculated

    def _read_styles(self) -> None:
        """Read the styles of cells; there may be none."""
        codes: dict[int, str] = {}
        self._struck_fonts: list[bool] = []
        styles: list[tuple[int, int]] = []
        section, part = -1, self._parts.get("xl/styles.bin")
        for kind, body in records(self._file, part, archive.DESCRIBED) if part else ():
            if kind in (BEGIN_FONTS, END_FONTS, BEGIN_STYLES, END_STYLES):
                section = kind
            elif kind == FORMAT:
                codes[struct.unpack_from("<H", body)[0]] = text(body, 2)[0]
            elif kind == FONT and section == BEGIN_FONTS:
                self._struck_fonts.append(bool(body[2] & STRUCK))
            elif kind == STYLE and section == BEGIN_STYLES:
                _, number_format, font = struct.unpack_from("<3H", body)
                styles.append((number_format, font))
        self._styles = cell_styles.collected(codes, self._struck_fonts, styles)
        dates = DATES | {number for number, code in codes.items() if NumberFormat(code).is_date}
        durations = DURATIONS | {number for number in dates if number in codes and NumberFormat(codes[number]).is_duration}
        self._durations = {number for number, (code, _) in enumerate(styles) if code in durations}
        self._dates = {number for number, (code, _) in enumerate(styles) if code in dates - durations}

    def _read_texts(self) -> None:
        """Read the texts that cells share; there may be none."""
        part = self._parts.get("xl/sharedstrings.bin")
        for kind, body in records(self._file, part) if part else ():
            if kind == SHARED_TEXT:
                self._hold()
                if self._has_struck_part(body, 0):
                    self._struck_texts.add(len(self._texts))
                self._texts.append(text(body, 1)[0])

    def _hold(self) -> None:
        """Count a cell, a text or a merge that is held."""
        self._held += 1
        if self._held > HELD:
            raise too_many_cells(self._source)
