"""CSV and TSV as a raw_table: streamed through Arrow, and by Python only where a row has more or fewer cells than the others."""

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

from city_briefs.analysis.ingest.raw_table import HEAD, ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.readers import content
from city_briefs.analysis.ingest.readers.encoding import UTF_8, UTF_16, encoding
from city_briefs.analysis.ingest.readers.letters import COLUMNS, letters
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError

DELIMITERS = ",;\t|"
SAMPLE = 1 << 20  # characters in which the delimiter is looked for
BLOCK = 1 << 23  # bytes parsed at once; a row is no longer
UNCLOSED = (
    "a quote is opened and not closed, so that whole lines lie in one cell. Close it, or double a quote that belongs to the text."
)


@dataclass(frozen=True)
class CsvFormat:
    """How a file is csv_format: its encoding, what stands between two cells, and how many cells a row has."""

    encoding: str
    delimiter: str
    width: int


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """The raw_table of a file. One that is no text, in no known encoding, or with nothing in its head is a DataError."""
    if not content.first(source).startswith((b"\xff\xfe", b"\xfe\xff")):
        content.check(source, None, "a table of text")
    csv_format = _csv_format(source)
    if csv_format.width > COLUMNS:
        raise DataError(
            f"{source.name} has {csv_format.width:,} columns. A table has at most {COLUMNS:,}: send the columns asked for."
        )
    names = tuple(letters(number) for number in range(csv_format.width))

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        for batch in _batches(source, csv_format, names):
            above = int(np.searchsorted(batch[ROW], first))
            if above < len(batch):
                yield batch[above:]

    yield RawTable(source, "", False, names, _head(source, rows, names), rows)


def _head(
    source: DataSource, rows: Callable[[int], Iterator[pa.RecordBatch]], names: tuple[str, ...]
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


def _csv_format(source: DataSource) -> CsvFormat:
    """How a file is csv_format, from its head: the delimiter that gives most rows the same number of cells, and more of them."""
    name = encoding(source)
    try:
        with Path(source.location).open(encoding=name, newline="") as file:
            sample = file.read(SAMPLE)
    except UnicodeError:
        raise _undecodable_error(source) from None
    widths = {delimiter: _widths(source, sample, delimiter) for delimiter in DELIMITERS}

    def usual(delimiter: str) -> tuple[int, int]:
        many = Counter(width for width in widths[delimiter] if width > 1).most_common(1)
        return (many[0][1], many[0][0]) if many else (0, 1)

    delimiter = max(DELIMITERS, key=usual)
    # A row that is longer than both is a fault of that row; the heading may be longer, where empty cells at the end are not csv_format.
    heading = next((width for width in widths[delimiter] if width > 1), 1)
    return CsvFormat(name, delimiter, max(heading, usual(delimiter)[1]))


def _widths(source: DataSource, sample: str, delimiter: str) -> list[int]:
    """How many cells each row of the head has."""
    try:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), HEAD)]
    except csv.Error:  # a cell longer than the module's limit
        raise DataError(f"{source.name}: in the first {HEAD} rows {UNCLOSED}") from None
    return widths[:-1] if len(sample) == SAMPLE and 1 < len(widths) < HEAD else widths


def _undecodable_error(source: DataSource) -> DataError:
    return DataError(f"{source.name} begins as UTF-16 and is not so throughout. Save the file again, as CSV UTF-8.")


def _batches(source: DataSource, csv_format: CsvFormat, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    """All rows, numbered."""
    ragged: deque[InvalidRow] = deque()

    def keep(row: InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    number = 1
    try:
        for read in _arrow_batches(source, csv_format, names, keep):
            last = number + read.num_rows
            others = []
            while ragged and ragged[0].number < last:
                others.append(ragged.popleft())
                last += 1
            numbers = np.delete(np.arange(number, last), [row.number - number for row in others])
            columns = [*read.columns, pa.nulls(len(read), pa.string()), pa.array(numbers, pa.int64())]
            batch = pa.RecordBatch.from_arrays(columns, schema=_schema(names))
            yield _check_quotes(source, csv_format, _merge_rows(batch, _pad_rows(others, csv_format, names)) if others else batch)
            number = last
        if ragged:
            yield _check_quotes(source, csv_format, _pad_rows(ragged, csv_format, names))
    except (UnicodeError, pa.ArrowInvalid, csv.Error) as error:
        raise _unreadable_error(source, csv_format, number, error) from None


def _arrow_batches(
    source: DataSource, csv_format: CsvFormat, names: tuple[str, ...], keep: Callable[[InvalidRow], str]
) -> Iterator[pa.RecordBatch]:
    """What Arrow makes of a file: all cells text, an empty one null; rows of another width go to `keep`."""
    encoding = "utf8" if csv_format.encoding == UTF_8 else csv_format.encoding
    # One thread: only then Arrow says which row it is that has another width.
    reading = ReadOptions(column_names=names, block_size=BLOCK, use_threads=False, encoding=encoding)
    parsing = ParseOptions(
        delimiter=csv_format.delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
    )
    text: Any = dict.fromkeys(names, pa.string())
    yield from open_csv(
        source.location, reading, parsing, ConvertOptions(column_types=text, strings_can_be_null=True, null_values=[""])
    )


def _unreadable_error(source: DataSource, csv_format: CsvFormat, number: int, error: Exception) -> DataError:
    """Why the rows from `number` on cannot be read."""
    if csv_format.encoding == UTF_16:
        return _undecodable_error(source)
    if "straddling" in str(error) or isinstance(
        error, csv.Error
    ):  # a row longer than a block, or a cell longer than Python reads
        return DataError(f"{source.name}: in row {number:,} or further down {UNCLOSED}")
    return DataError(f"{source.name} cannot be read as a table of text: {str(error).splitlines()[0]}.")


def _schema(names: tuple[str, ...]) -> pa.Schema:
    return pa.schema([*((name, pa.string()) for name in (*names, SURPLUS)), (ROW, pa.int64())])


def _pad_rows(rows: deque[InvalidRow] | list[InvalidRow], csv_format: CsvFormat, names: tuple[str, ...]) -> pa.RecordBatch:
    """Rows of another width in the width of the table; what is more than that, unless it is empty, stands in SURPLUS."""
    full = []
    for row in rows:
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=csv_format.delimiter))
        own, more = cells[: csv_format.width], cells[csv_format.width :]
        own += [""] * (csv_format.width - len(own))
        full.append([*(cell or None for cell in own), csv_format.delimiter.join(more) if any(more) else None, row.number])
    return pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*full, strict=True)], names=_schema(names).names).cast(
        _schema(names)
    )


def _merge_rows(batch: pa.RecordBatch, others: pa.RecordBatch) -> pa.RecordBatch:
    """Both, in the order of the file."""
    both = pa.Table.from_batches([batch, others]).combine_chunks()
    return both.sort_by(ROW).combine_chunks().to_batches()[0]


def _check_quotes(source: DataSource, csv_format: CsvFormat, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch itself. A cell in which a whole line lies is a DataError: its rows would be lost without a word."""
    stop = "\\t" if csv_format.delimiter == "\t" else f"\\{csv_format.delimiter}"
    line = rf"\n(?:[^{stop}\n]*{stop}){{{min(max(1, csv_format.width - 1), 100)}}}"
    for column in batch.columns[: csv_format.width + 1]:  # with SURPLUS
        if pc.any(pc.match_substring(column, "\n")).as_py():
            swallowed = pc.index(pc.match_substring_regex(column, line), True).as_py()
            if swallowed >= 0:
                raise DataError(f"{source.name}, row {batch[ROW][swallowed].as_py():,}: {UNCLOSED}")
    return batch
