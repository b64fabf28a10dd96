"""Remarks on a sheet: what is hidden, struck through or calculated, and which sheets beside it were not read."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.match_headers import LISTS
from city_briefs.analysis.ingest.raw_table import CellRemark
from city_briefs.analysis.ingest.readers.cell_marks import CellMarks, FormulaCells

LISTED = 10  # places that a remark lists


def remarks(marks: CellMarks, columns: range, hidden_sheets: Mapping[str, int]) -> Iterator[CellRemark]:
    """Yield the remarks on a sheet. `columns` are the numbers of its columns, `hidden_sheets` the rows of those left unread, by name."""
    yield from of_hidden_sheets(hidden_sheets)
    for row, letters in sorted(marks.struck.items()):
        yield struck_through(row, letters)
    if marks.hidden_rows:
        yield hidden_rows(marks.hidden_rows)
    for number in sorted({number for first, last in marks.hidden_columns for number in columns if first <= number <= last}):
        english = "the column is hidden and is read like any other. Delete it if it does not count."
        yield CellRemark("warning", "hidden column", None, xl_col_to_name(number), xl_col_to_name(number), english)
    if marks.formulas:
        yield formula_values(_formula_places(marks.formulas))
    if marks.uncalculated:
        places = _formula_places(marks.uncalculated)
        english = (
            f"there are formulas without a value in {places}, since a program wrote them. "
            "Open the workbook in a spreadsheet and save it, or paste the cells as values."
        )
        yield CellRemark("warning", "formula without value", None, "", places, english)


def of_hidden_sheets(rows: Mapping[str, int]) -> Iterator[CellRemark]:
    """Yield a remark on each hidden sheet, but for that of a template with its drop-down lists.

    `rows` has the number of rows of each hidden sheet, its heading included; each row below that counts as left out.
    """
    for name, count in rows.items():
        if name != LISTS:
            english = f"a row of the hidden sheet '{name}' was not read. Unhide the sheet to send it, or delete it."
            yield CellRemark("warning", "sheet not read", None, "", name, english, max(1, count - 1))


def struck_through(row: int, letters: str) -> CellRemark:
    """Return the remark on a row with text that is struck through, first in the column of these letters."""
    english = (
        "there is text that is struck through, so that the row may not count. Delete the row, or take the line off the text."
    )
    return CellRemark("error", "struck through", row, letters, "", english)


def hidden_rows(rows: Iterable[int]) -> CellRemark:
    """Return the remark on rows that are hidden and were read."""
    places = spans(rows)
    english = (
        f"the rows {places} are hidden, by a filter or by hand, and are read like any other. Delete those that do not count."
    )
    return CellRemark("warning", "hidden rows", None, "", places, english)


def formula_values(places: str) -> CellRemark:
    """Return the remark on formulas whose values were read."""
    english = f"there are formulas in {places}: the values that were last shown are read."
    return CellRemark("warning", "formula values", None, "", places, english)


def shown_rounded(row: int, letters: str, held: str, shown: str, more: str) -> CellRemark:
    """Return the remark on a number that was read as it is shown, without its noise; `more` says how many are like it."""
    english = f"the cell holds {held}, which no one rounded, and shows {shown}, which is read{more}. Round it, if another number is meant."
    return CellRemark("warning", "shown rounded", row, letters, held, english)


def spans(rows: Iterable[int]) -> str:
    """Return rows as spans, such as 2-5, 8; of many the first."""
    ordered = sorted(set(rows))
    starts = [ordered[0], *(later for earlier, later in pairwise(ordered) if later > earlier + 1)]
    ends = [*(earlier for earlier, later in pairwise(ordered) if later > earlier + 1), ordered[-1]]
    texts = [f"{start}-{end}" if end > start else str(start) for start, end in zip(starts, ends, strict=True)]
    return ", ".join(texts[:LISTED]) + (", …" if len(texts) > LISTED else "")


def _formula_places(formulas: dict[str, FormulaCells]) -> str:
    """Return where formulas are: the first and the last of each column; of many columns the first."""
    texts = [
        f"{letters}{cells.first}" if cells.count == 1 else f"{letters}{cells.first}-{letters}{cells.last}"
        for letters, cells in formulas.items()
    ]
    return ", ".join(texts[:LISTED]) + (", …" if len(texts) > LISTED else "")
