"""Rows of a sheet as a person reads them: numbers as their formats show them, and merged cells in each of their rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.raw_table import CellRemark
from city_briefs.analysis.ingest.readers import sheet_remarks
from city_briefs.analysis.ingest.readers.cell_marks import CellMarks
from city_briefs.analysis.ingest.readers.number_formats import NumberFormat, ShownNumber, plain_text

Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column
NEVER = (1 << 40, 0, 0)


class OpenedSheet(Protocol):
    """A sheet with its cells, as python-calamine gives it: rows from the first of the sheet on, from its first filled column."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def start(self) -> tuple[int, int] | None:
        """Return the first filled row and column."""

    @property
    def end(self) -> tuple[int, int] | None:
        """Return the last filled row and column."""

    @property
    def merged_cell_ranges(self) -> list[Merge] | None:
        """Return the ranges of merged cells."""

    def iter_rows(self) -> Iterator[list[Any]]:
        """Yield the rows; an empty cell is ""."""


@dataclass
class DifferentNumbers:
    """Numbers of a column that are shown otherwise than they are held: the first of them, and how many there are."""

    row: int
    value: str
    shown: str
    count: int = 0


class SheetRows:
    """The rows of a sheet, from its first row and its column `left` (from 0) on.

    An error is its text, a formula without a value is the formula, and a number with a format that matters is the text that is
    shown. The value of merged cells is in each of their rows, in the first of their columns.
    """

    def __init__(
        self, sheet: OpenedSheet, marks: CellMarks, merges: list[Merge], left: int, only: Collection[int] | None = None
    ) -> None:
        """Prepare the rows. Where few are wanted, `only` has their numbers from 1, and numbers of others stay as they are held."""
        self._sheet, self._marks, self._left, self._only = sheet, marks, left, only
        self._merges_by_row: dict[int, list[Merge]] = {}
        for merge in merges:
            self._merges_by_row.setdefault(merge[0][0], []).append(merge)
        self._rounded: dict[int, DifferentNumbers] = {}
        self._hidden: dict[int, DifferentNumbers] = {}

    def __iter__(self) -> Iterator[list[Any]]:
        """Yield the rows."""
        texts: dict[int, dict[int, str]] = {}
        for (row_number, column), text in self._marks.texts.items():
            texts.setdefault(row_number, {})[column - self._left] = text
        styled = self._marks.styled_cells()
        first = next(styled, NEVER)
        if not self._merges_by_row and not texts and first is NEVER:
            yield from self._sheet.iter_rows()
            return
        open_merges: dict[int, tuple[int, Any]] = {}  # per column the last row of a merge, and its value
        row: list[Any]
        for number, row in enumerate(self._sheet.iter_rows()):
            for column, text in texts.get(number, {}).items():
                row[column] = text
            while first[0] <= number:
                if self._only is None or number + 1 in self._only:
                    self._show(row, *first)
                first = next(styled, NEVER)
            open_merges = {column: value for column, value in open_merges.items() if value[0] >= number}
            for column, (_, value) in open_merges.items():
                row[column] = value
            for (_, column), (last, _) in self._merges_by_row.get(number, ()):
                if last > number:
                    open_merges[column - self._left] = (last, row[column - self._left])
            yield row

    def remarks(self) -> Iterator[CellRemark]:
        """Yield a remark for each column with numbers that were read otherwise than they are held; complete after the last row."""
        for column, numbers in self._rounded.items():
            letters = xl_col_to_name(column)
            yield sheet_remarks.shown_rounded(numbers.row, letters, numbers.value, numbers.shown, _more(numbers))
        for column, numbers in self._hidden.items():
            english = f"the cell holds {numbers.value} and its number format shows nothing; the number is read{_more(numbers)}."
            yield CellRemark("warning", "number not shown", numbers.row, xl_col_to_name(column), numbers.value, english)

    def _show(self, row: list[Any], number: int, column: int, style: int) -> None:
        """Replace the number of a cell by its text, in place."""
        value = row[column - self._left]
        if type(value) is not float and type(value) is not int:
            return
        styles = self._marks.styles
        shown = _shown(styles.notable.get(style) or styles.decimal[style], float(value))
        row[column - self._left] = shown.text
        if shown.is_rounded or shown.is_hidden:
            numbers = (self._rounded if shown.is_rounded else self._hidden).setdefault(
                column, DifferentNumbers(number + 1, plain_text(value), shown.text)
            )
            numbers.count += 1


@lru_cache(1 << 16)
def _shown(number_format: NumberFormat, value: float) -> ShownNumber:
    """Return what is read of a number; the same numbers come again and again."""
    return number_format.shown(value)


def _more(numbers: DifferentNumbers) -> str:
    """Return how many more cells of the column are alike."""
    return f", as in {numbers.count - 1:,} more of the column" if numbers.count > 1 else ""
