"""CSV and TSV as a raw table: read by Arrow in a stream, and by Python only for rows of another width."""

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, InvalidRow, ParseOptions, ReadOptions, open_csv
from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.raw_table import FOOT, HEAD, ROW, SURPLUS, RawTable
from city_briefs.analysis.ingest.readers import content, csv_quotes
from city_briefs.analysis.ingest.readers.csv_quotes import UNCLOSED, UNCLOSED_ZH, CsvFormat
from city_briefs.analysis.ingest.readers.encoding import UTF_8, UTF_16, encoding
from city_briefs.analysis.ingest.readers.sheet import COLUMNS
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import files
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

DELIMITERS = ",;\t|"
SAMPLE = 1 << 20  # characters in which the delimiter is looked for
BLOCK = 1 << 23  # bytes parsed at once; a row is no longer
TAIL = 1 << 16  # bytes at the end, among which the last rows are looked for
WRAPPED = r'^="((?:[^"]|"")*)"\s*$'


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """Yield the raw table of a file.

    Raises:
        DataError: it is no text, its encoding is unknown, its first rows are empty, or a quote is not closed.
    """
    if not content.first(source).startswith((b"\xff\xfe", b"\xfe\xff")):
        content.check(source, None, "a table of text")
    csv_format = _csv_format(source)
    if csv_format.width > COLUMNS:
        raise DataError(
            chosen(
                f"{source.name} has {csv_format.width:,} columns. A table has at most {COLUMNS:,}: send the columns asked for.",
                f"{source.name}有{csv_format.width}栏，最多{COLUMNS}栏，请只报要求的栏。",
            )
        )
    names = tuple(xl_col_to_name(number) for number in range(csv_format.width))

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        for batch in _batches(source, csv_format, names):
            above = int(np.searchsorted(batch[ROW], first))
            if above < len(batch):
                yield batch[above:]

    yield RawTable(source, "", False, names, _head(source, rows, names), rows, foot=_foot(source, csv_format))


def _head(
    source: DataSource, rows: Callable[[int], Iterator[pa.RecordBatch]], names: tuple[str, ...]
) -> tuple[tuple[str | None, ...], ...]:
    """Return the first HEAD rows.

    Raises:
        DataError: all of them are empty.
    """
    head: list[tuple[str | None, ...]] = []
    for batch in rows(1):
        columns = [batch[name][: HEAD - len(head)].to_pylist() for name in names]
        head += zip(*columns, strict=True)
        if len(head) == HEAD:
            break
    if not any(cell for row in head for cell in row):
        raise DataError(
            chosen(
                f"{source.name}: the first {HEAD} rows are empty. Begin with the heading.",
                f"{source.name}：前{HEAD}行是空的，请从表头开始。",
            )
        )
    return tuple(head)


def _csv_format(source: DataSource) -> CsvFormat:
    """Return the format of a file: the delimiter that gives most rows the same number of cells, and the most cells."""
    name = encoding(source)
    try:
        with files.opened_text(Path(source.location), name, most=None) as file:
            sample = file.read(SAMPLE)
    except UnicodeError:
        raise _undecodable_error(source) from None
    widths = {delimiter: _widths(source, sample, delimiter) for delimiter in DELIMITERS}

    def usual(delimiter: str) -> tuple[int, int]:
        """Return how many rows have the commonest width, and that width."""
        commonest = Counter(width for width in widths[delimiter] if width > 1).most_common(1)
        return (commonest[0][1], commonest[0][0]) if commonest else (0, 1)

    delimiter = max(DELIMITERS, key=usual)
    if usual(delimiter)[1] == 1:
        _check_delimiter(source, sample)
    # A row longer than both is faulty. The header row may be longer than the others, whose empty cells at the end may be left out.
    heading = next((width for width in widths[delimiter] if width > 1), 1)
    return CsvFormat(name, delimiter, max(heading, usual(delimiter)[1]))


def _check_delimiter(source: DataSource, sample: str) -> None:
    """Check that the rows of a text of one column are not divided by a Chinese comma.

    Raises:
        DataError: they are.
    """
    lines = [line for line in sample.splitlines()[:HEAD] if line.strip()]
    for sign in "，；、":
        if len(lines) > 1 and len(numbers := {line.count(sign) for line in lines}) == 1 and min(numbers) > 1:
            raise DataError(
                chosen(
                    f"{source.name}: the cells are divided by {sign}, which may also stand in a text. Save it again, as CSV UTF-8.",
                    f"{source.name}用中文标点“{sign}”分隔各栏，无法与文字中的标点区分。请用WPS或Excel另存为“CSV UTF-8”，再重新报送。",
                )
            )


def _widths(source: DataSource, sample: str, delimiter: str) -> list[int]:
    """Return the number of cells of each row of the sample."""
    try:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), HEAD)]
    except csv.Error:  # a cell longer than the module's limit
        raise DataError(
            chosen(f"{source.name}: in the first {HEAD} rows {UNCLOSED}", f"{source.name}：前{HEAD}行中{UNCLOSED_ZH}")
        ) from None
    return widths[:-1] if len(sample) == SAMPLE and 1 < len(widths) < HEAD else widths


def _undecodable_error(source: DataSource) -> DataError:
    """Return the error for a file that begins as UTF-16 and does not stay so."""
    return DataError(
        chosen(
            f"{source.name} begins as UTF-16 and is not so throughout. Save the file again, as CSV UTF-8.",
            f"{source.name}开头是UTF-16编码，后面不是，请重新另存为“CSV UTF-8”。",
        )
    )


def _batches(source: DataSource, csv_format: CsvFormat, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    """Yield all rows in batches, numbered."""
    pending: deque[InvalidRow] = deque()

    def keep(row: InvalidRow) -> str:
        pending.append(row)
        return "skip"

    number = 1
    try:
        for batch in _arrow_batches(source, csv_format, names, keep):
            last = number + batch.num_rows
            ragged_rows = []
            while pending and pending[0].number < last:
                ragged_rows.append(pending.popleft())
                last += 1
            numbers = np.delete(np.arange(number, last), [row.number - number for row in ragged_rows])
            columns = [*map(_unwrapped, batch.columns), pa.nulls(len(batch), pa.string()), pa.array(numbers, pa.int64())]
            numbered = pa.RecordBatch.from_arrays(columns, schema=_schema(names))
            csv_quotes.check(source, csv_format, numbered, are_complete=True)
            if ragged_rows:
                padded = _pad_rows(ragged_rows, csv_format, names)
                csv_quotes.check(source, csv_format, padded, are_complete=False)
                numbered = _merge_rows(numbered, padded)
            yield numbered
            number = last
        if pending:
            padded = _pad_rows(pending, csv_format, names)
            csv_quotes.check(source, csv_format, padded, are_complete=False)
            yield padded
    except (UnicodeError, pa.ArrowInvalid, csv.Error) as error:
        raise _unreadable_error(source, csv_format, number, error) from None


def _arrow_batches(
    source: DataSource, csv_format: CsvFormat, names: tuple[str, ...], on_invalid_row: Callable[[InvalidRow], str]
) -> Iterator[pa.RecordBatch]:
    """Yield the batches that Arrow reads: cells as text, an empty one as null; rows of another width go to `on_invalid_row`."""
    encoding = "utf8" if csv_format.encoding == UTF_8 else csv_format.encoding
    # One thread: only then Arrow says which row it is that has another width.
    reading = ReadOptions(column_names=names, block_size=BLOCK, use_threads=False, encoding=encoding)
    parsing = ParseOptions(
        delimiter=csv_format.delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=on_invalid_row
    )
    text: Any = dict.fromkeys(names, pa.string())
    yield from open_csv(
        source.location, reading, parsing, ConvertOptions(column_types=text, strings_can_be_null=True, null_values=[""])
    )


def _unreadable_error(source: DataSource, csv_format: CsvFormat, number: int, error: Exception) -> DataError:
    """Return the error for rows from `number` on that cannot be read."""
    if csv_format.encoding == UTF_16:
        return _undecodable_error(source)
    if "straddling" in str(error) or isinstance(
        error, csv.Error
    ):  # a row longer than a block, or a cell longer than Python reads
        return DataError(
            chosen(
                f"{source.name}: in row {number:,} or further down {UNCLOSED}", f"{source.name}：第{number}行或以下{UNCLOSED_ZH}"
            )
        )
    reason = str(error).splitlines()[0]
    return DataError(
        chosen(f"{source.name} cannot be read as a table of text: {reason}.", f"{source.name}无法作为文本表格读取（{reason}）。")
    )


def _schema(names: tuple[str, ...]) -> pa.Schema:
    """Return the schema of a batch: the columns as text, SURPLUS (text) and ROW (int64)."""
    return pa.schema([*((name, pa.string()) for name in (*names, SURPLUS)), (ROW, pa.int64())])


def _pad_rows(rows: deque[InvalidRow] | list[InvalidRow], csv_format: CsvFormat, names: tuple[str, ...]) -> pa.RecordBatch:
    """Return rows of another width in the width of the table; filled cells beyond it are joined in SURPLUS."""
    padded = []
    for row in rows:
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=csv_format.delimiter))
        inside, surplus = cells[: csv_format.width], cells[csv_format.width :]
        inside += [""] * (csv_format.width - len(inside))
        padded.append(
            [*(cell or None for cell in inside), csv_format.delimiter.join(surplus) if any(surplus) else None, row.number]
        )
    return pa.RecordBatch.from_arrays(
        [pa.array(column) for column in zip(*padded, strict=True)], names=_schema(names).names
    ).cast(_schema(names))


def _merge_rows(batch: pa.RecordBatch, ragged: pa.RecordBatch) -> pa.RecordBatch:
    """Return the rows of both batches, in the order of the file."""
    merged = pa.Table.from_batches([batch, ragged]).combine_chunks()
    return merged.sort_by(ROW).combine_chunks().to_batches()[0]


def _unwrapped(column: pa.Array) -> pa.Array:
    """Return a column with the text of each cell such as ="2021-0001", as which systems export what shall stay text."""
    if not pc.any(pc.starts_with(column, '="')).as_py():
        return column
    return pc.replace_substring_regex(column, WRAPPED, r"\1")


def _foot(source: DataSource, csv_format: CsvFormat) -> tuple[tuple[str | None, ...], ...]:
    """Return the last FOOT rows with cells, in the width of the table; only the end of a long file is read."""
    path = Path(source.location)
    with files.opened(path) as file:
        mark = file.read(2)
        size = path.stat().st_size
        start = max(size - TAIL, 0) & ~1  # UTF-16 has two bytes for a character
        file.seek(start)
        end = file.read()
    wide = csv_format.encoding == UTF_16
    name = ("utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be") if wide else csv_format.encoding
    text = end.decode(name, "replace")
    lines = io.StringIO(text.partition("\n")[2] if start else text.removeprefix("\ufeff"), newline="")
    try:
        rows = deque(filter(any, csv.reader(lines, delimiter=csv_format.delimiter)), FOOT)
    except csv.Error:  # a cell longer than the module's limit, of which whoever reads the rows tells
        return ()
    width = csv_format.width
    return tuple(tuple(cell or None for cell in (*row[:width], *[""] * (width - len(row)))) for row in rows)
