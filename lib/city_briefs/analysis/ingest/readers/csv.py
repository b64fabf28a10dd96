"""CSV and TSV as a grid: streamed through Arrow, and by Python only where a row has more or fewer cells than the others."""

import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, InvalidRow, ParseOptions, ReadOptions, open_csv

from city_briefs.analysis.ingest.raw_table import HEAD, ROW, SURPLUS, Grid
from city_briefs.analysis.ingest.readers import content
from city_briefs.analysis.ingest.readers.encoding import UTF_8, UTF_16, encoding
from city_briefs.analysis.ingest.readers.letters import COLUMNS, letters
from city_briefs.analysis.ingest.source import Source
from city_briefs.common.errors import DataError

DELIMITERS = ",;\t|"
SAMPLE = 1 << 20  # characters in which the delimiter is looked for
BLOCK = 1 << 23  # bytes parsed at once; a row is no longer
UNCLOSED = (
    "a quote is opened and not closed, so that whole lines lie in one cell. Close it, or double a quote that belongs to the text."
)


@dataclass(frozen=True)
class Layout:
    """How a file is written: its encoding, what stands between two cells, and how many cells a row has."""

    encoding: str
    delimiter: str
    width: int


def grids(source: Source) -> Iterator[Grid]:
    """The grid of a file. One that is no text, in no known encoding, or with nothing in its head is a DataError."""
    if not content.first(source).startswith((b"\xff\xfe", b"\xfe\xff")):
        content.check(source, None, "a table of text")
    written = _layout(source)
    if written.width > COLUMNS:
        raise DataError(
            f"{source.name} has {written.width:,} columns. A table has at most {COLUMNS:,}: send the columns asked for."
        )
    names = tuple(letters(number) for number in range(written.width))

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        for batch in _batches(source, written, names):
            above = int(np.searchsorted(batch[ROW], first))
            if above < len(batch):
                yield batch[above:]

    yield Grid(source, "", False, names, _head(source, rows, names), rows)


def _head(
    source: Source, rows: Callable[[int], Iterator[pa.RecordBatch]], names: tuple[str, ...]
) -> tuple[tuple[str | None, ...], ...]:
    """The first rows; when nothing stands in them, a DataError."""
    head: list[tuple[str | None, ...]] = []
    for batch in rows(1):
        columns = [batch[name][: HEAD - len(head)].to_pylist() for name in names]
        head += zip(*columns, strict=True)
        if len(head) == HEAD:
            break
    if not any(cell for row in head for cell in row):
        raise DataError(f"{source.name}: the first {HEAD} rows are empty. Begin with the heading.")
    return tuple(head)


def _layout(source: Source) -> Layout:
    """How a file is written, from its head: the delimiter that gives most rows the same number of cells, and more of them."""
    name = encoding(source)
    try:
        with Path(source.place).open(encoding=name, newline="") as file:
            sample = file.read(SAMPLE)
    except UnicodeError:
        raise _undecodable(source) from None
    widths = {delimiter: _widths(source, sample, delimiter) for delimiter in DELIMITERS}

    def usual(delimiter: str) -> tuple[int, int]:
        many = Counter(width for width in widths[delimiter] if width > 1).most_common(1)
        return (many[0][1], many[0][0]) if many else (0, 1)

    delimiter = max(DELIMITERS, key=usual)
    # A row that is longer than both is a fault of that row; the heading may be longer, where empty cells at the end are not written.
    heading = next((width for width in widths[delimiter] if width > 1), 1)
    return Layout(name, delimiter, max(heading, usual(delimiter)[1]))


def _widths(source: Source, sample: str, delimiter: str) -> list[int]:
    """How many cells each row of the head has."""
    try:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), HEAD)]
    except csv.Error:  # a cell longer than the module's limit
        raise DataError(f"{source.name}: in the first {HEAD} rows {UNCLOSED}") from None
    return widths[:-1] if len(sample) == SAMPLE and 1 < len(widths) < HEAD else widths


def _undecodable(source: Source) -> DataError:
    return DataError(f"{source.name} begins as UTF-16 and is not so throughout. Save the file again, as CSV UTF-8.")


def _batches(source: Source, written: Layout, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    """All rows, numbered."""
    ragged: deque[InvalidRow] = deque()

    def keep(row: InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    number = 1
    try:
        for read in _read(source, written, names, keep):
            last = number + read.num_rows
            others = []
            while ragged and ragged[0].number < last:
                others.append(ragged.popleft())
                last += 1
            numbers = np.delete(np.arange(number, last), [row.number - number for row in others])
            columns = [*read.columns, pa.nulls(len(read), pa.string()), pa.array(numbers, pa.int64())]
            batch = pa.RecordBatch.from_arrays(columns, schema=_schema(names))
            yield _checked(source, written, _merged(batch, _padded(others, written, names)) if others else batch)
            number = last
        if ragged:
            yield _checked(source, written, _padded(ragged, written, names))
    except (UnicodeError, pa.ArrowInvalid, csv.Error) as error:
        raise _refusal(source, written, number, error) from None


def _read(source: Source, written: Layout, names: tuple[str, ...], keep: Callable[[InvalidRow], str]) -> Iterator[pa.RecordBatch]:
    """What Arrow makes of a file: all cells text, an empty one null; rows of another width go to `keep`."""
    encoding = "utf8" if written.encoding == UTF_8 else written.encoding
    # One thread: only then Arrow says which row it is that has another width.
    reading = ReadOptions(column_names=names, block_size=BLOCK, use_threads=False, encoding=encoding)
    parsing = ParseOptions(
        delimiter=written.delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
    )
    text: Any = dict.fromkeys(names, pa.string())
    yield from open_csv(
        source.place, reading, parsing, ConvertOptions(column_types=text, strings_can_be_null=True, null_values=[""])
    )


def _refusal(source: Source, written: Layout, number: int, error: Exception) -> DataError:
    """Why the rows from `number` on cannot be read."""
    if written.encoding == UTF_16:
        return _undecodable(source)
    if "straddling" in str(error) or isinstance(
        error, csv.Error
    ):  # a row longer than a block, or a cell longer than Python reads
        return DataError(f"{source.name}: in row {number:,} or further down {UNCLOSED}")
    return DataError(f"{source.name} cannot be read as a table of text: {str(error).splitlines()[0]}.")


def _schema(names: tuple[str, ...]) -> pa.Schema:
    return pa.schema([*((name, pa.string()) for name in (*names, SURPLUS)), (ROW, pa.int64())])


def _padded(rows: deque[InvalidRow] | list[InvalidRow], written: Layout, names: tuple[str, ...]) -> pa.RecordBatch:
    """Rows of another width in the width of the table; what is more than that, unless it is empty, stands in SURPLUS."""
    full = []
    for row in rows:
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=written.delimiter))
        own, more = cells[: written.width], cells[written.width :]
        own += [""] * (written.width - len(own))
        full.append([*(cell or None for cell in own), written.delimiter.join(more) if any(more) else None, row.number])
    return pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*full, strict=True)], names=_schema(names).names).cast(
        _schema(names)
    )


def _merged(batch: pa.RecordBatch, others: pa.RecordBatch) -> pa.RecordBatch:
    """Both, in the order of the file."""
    both = pa.Table.from_batches([batch, others]).combine_chunks()
    return both.sort_by(ROW).combine_chunks().to_batches()[0]


def _checked(source: Source, written: Layout, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch itself. A cell in which a whole line lies is a DataError: its rows would be lost without a word."""
    stop = "\\t" if written.delimiter == "\t" else f"\\{written.delimiter}"
    line = rf"\n(?:[^{stop}\n]*{stop}){{{min(max(1, written.width - 1), 100)}}}"
    for column in batch.columns[: written.width + 1]:  # with SURPLUS
        if pc.any(pc.match_substring(column, "\n")).as_py():
            swallowed = pc.index(pc.match_substring_regex(column, line), True).as_py()
            if swallowed >= 0:
                raise DataError(f"{source.name}, row {batch[ROW][swallowed].as_py():,}: {UNCLOSED}")
    return batch
