"""Parquet as a typed raw table, read in a stream."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from city_briefs.analysis.ingest.raw_table import ROW, RawTable
from city_briefs.analysis.ingest.readers import content
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

BATCH = 1 << 17  # rows
TEXT = 1 << 28  # bytes of a column in a batch once its dictionary is written out: 2,000 a cell
YEAR_10000 = 253_402_300_800  # its first second
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
BROKEN = (pa.ArrowException, OSError, UnicodeError)


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """Yield the raw table of a file.

    Raises:
        DataError: the file is damaged, has two columns of one name, a column of lists, or times after the year 9999.
    """
    content.check(source, content.PARQUET, "a Parquet file")
    try:
        schema = pq.read_schema(source.location)
        names = tuple(name for name in schema.names if name != ROW)  # no table has a column of that name
    except BROKEN:
        raise _broken_file_error(source) from None
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(
            chosen(
                f"{source.name} has more than one column '{repeated[0]}'. Leave one.",
                f"{source.name}有多个名为“{repeated[0]}”的栏，请只留一个。",
            )
        )
    for name in names:
        if pa.types.is_nested(schema.field(name).type):
            raise DataError(
                chosen(
                    f"{source.name}: the column '{name}' holds lists or records. A table has one value in a cell: write it flat.",
                    f"{source.name}：“{name}”栏的一格中有多个值，数据表一格只能有一个值，请展开后报送。",
                )
            )

    if beyond := _beyond_the_calendar(source, schema):
        raise DataError(
            chosen(
                f"{source.name}: the column '{beyond}' has times after the year 9999, so that all its times may be in another unit. "
                "Write it again as dates.",
                f"{source.name}：“{beyond}”栏有9999年以后的时间，整栏的时间单位可能有误，请改为日期后重新导出。",
            )
        )

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        yield from _rows(source, names, first)

    yield RawTable(source, "", True, names, (), rows)


def _beyond_the_calendar(source: DataSource, schema: pa.Schema) -> str:
    """Return the first column with a time after the year 9999, as its statistics have it; empty when there is none.

    No register has such a time; a program that took seconds for milliseconds writes it.
    """
    try:
        metadata = pq.read_metadata(source.location)
    except BROKEN:
        raise _broken_file_error(source) from None
    for number, name in enumerate(schema.names):
        kind = schema.field(name).type
        for group in range(metadata.num_row_groups if pa.types.is_timestamp(kind) else 0):
            statistics = metadata.row_group(group).column(number).statistics
            if statistics is not None and statistics.has_min_max and statistics.max_raw >= YEAR_10000 * PER_SECOND[kind.unit]:
                return name
    return ""


def _rows(source: DataSource, names: tuple[str, ...], first: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows from number `first` on, in batches."""
    done = 0
    try:
        with pq.ParquetFile(source.location, read_dictionary=list(names)) as file:
            for batch in file.iter_batches(BATCH, columns=list(names)):
                columns = [_in_utf8(source, name, _plain(source, name, batch[name])) for name in names]
                numbers = pa.array(np.arange(done + 1, done + len(batch) + 1))
                done += len(batch)
                numbered = pa.RecordBatch.from_arrays([*columns, numbers], names=[*names, ROW])
                if done >= first:
                    yield numbered[max(0, first - (done - len(batch)) - 1) :]
    except BROKEN:
        raise _broken_file_error(source) from None


def _plain(source: DataSource, name: str, column: pa.Array) -> pa.Array:
    """Return a column without its dictionary.

    Raises:
        DataError: its texts would be longer than TEXT bytes; a few bytes of a dictionary can stand for very many.
    """
    if pa.types.is_dictionary(column.type):
        words = column.dictionary
        if pa.types.is_string(words.type) or pa.types.is_binary(words.type):
            size = pc.sum(pc.take(pc.binary_length(words), column.indices)).as_py() or 0
            if size > TEXT:
                raise DataError(
                    chosen(
                        f"{source.name}: the texts of the column '{name}' are longer than those of a table. Leave it out.",
                        f"{source.name}：“{name}”栏的文字过长，不是数据表的内容，请去掉该栏。",
                    )
                )
        return column.dictionary_decode()
    return column


def _in_utf8(source: DataSource, name: str, column: pa.Array) -> pa.Array:
    """Return a column, bytes as text.

    Raises:
        DataError: its bytes are no text, such as half of a character.
    """
    try:
        if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type) or pa.types.is_fixed_size_binary(column.type):
            return column.cast(pa.binary()).cast(pa.string())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column.validate(full=True)
    except pa.ArrowInvalid:
        raise DataError(
            chosen(
                f"{source.name}: the column '{name}' holds bytes that are no UTF-8. Write it again as text.",
                f"{source.name}：“{name}”栏的内容不是UTF-8编码的文字。请按文字重新导出。",
            )
        ) from None
    return column


def _broken_file_error(source: DataSource) -> DataError:
    """Return the error for a damaged file."""
    return DataError(
        chosen(f"{source.name} is not a whole Parquet file. Write it again.", f"{source.name}不是完整的Parquet文件，请重新生成。")
    )
