"""Quotes of a CSV file: a cell over several lines is read, and a quote that is never closed is refused, since rows would be lost."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

UNCLOSED = (
    "a quote is opened and not closed, so that whole lines lie in one cell. Close it, or double a quote that belongs to the text."
)
UNCLOSED_ZH = "有引号没有配对，以致整行落在一格中，请补上引号；属于文字的引号请写两个。"


@dataclass(frozen=True)
class CsvFormat:
    """The format of a file: its encoding, its delimiter, and the number of cells in a row."""

    encoding: str
    delimiter: str
    width: int


def check(source: DataSource, csv_format: CsvFormat, batch: pa.RecordBatch, *, are_complete: bool) -> None:
    """Check that no cell holds a row of the file. `are_complete` says that every row has as many cells as the table.

    A cell may have several lines, also with delimiters in them. It holds a row when one of its lines has as many cells as a row,
    and is like the row around it where that is complete; or when one quote of a pair is left in it.

    Raises:
        DataError: a cell holds a row, which would be lost.
    """
    for number, column in enumerate(batch.columns[: csv_format.width + 1]):  # with SURPLUS
        if not pc.any(pc.match_substring(column, "\n")).as_py():
            continue
        for at in pc.indices_nonzero(pc.match_substring(column, "\n").fill_null(False)).to_pylist():
            row = [batch.column(other)[at].as_py() or "" for other in range(csv_format.width + 1)]
            if _holds_row(row, number, csv_format, is_complete=are_complete):
                row_number = batch[ROW][at].as_py()
                raise DataError(
                    chosen(f"{source.name}, row {row_number:,}: {UNCLOSED}", f"{source.name}第{row_number}行：{UNCLOSED_ZH}")
                )


def _holds_row(row: Sequence[str], number: int, csv_format: CsvFormat, *, is_complete: bool) -> bool:
    """Return whether the cell of this number holds another row."""
    cell = row[number]
    if cell.count('"') % 2:
        return True
    lines = [line for line in cell.split("\n")[1:] if line.count(csv_format.delimiter) >= max(1, csv_format.width - 1)]
    return any(not is_complete or _are_alike(line.split(csv_format.delimiter), row, number) for line in lines)


def _are_alike(cells: Sequence[str], row: Sequence[str], number: int) -> bool:
    """Return whether cells have digits wherever the row has them, but for its cell of this number: so ids and dates agree."""
    pairs = [pair for at, pair in enumerate(zip(cells, row, strict=False)) if at != number]
    return all(_has_digit(cell) for cell, other in pairs if _has_digit(other))


def _has_digit(cell: str) -> bool:
    """Return whether there is a digit in a cell."""
    return any(map(str.isdigit, cell))
