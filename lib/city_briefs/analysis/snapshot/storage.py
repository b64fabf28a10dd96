"""Storage of the rows of a snapshot: their canonical order, their files and their hashes."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from city_briefs.common.hashing import file_hash
from city_briefs.model.table import Table
from city_briefs.model.tables import REGIONS

MANY = 500_000  # rows that DuckDB sorts in half the time of Arrow; its start alone costs more than sorting few
ROWS_AT_ONCE = 65_536  # of the text that is hashed; the hash does not depend on it
ROW_GROUP = 262_144  # rows of a file that are encoded together, and held in memory
WRITERS = 2  # threads: one encodes rows while the other hashes them


def canonical(rows: pa.Table, table: Table) -> pa.Table:
    """Return the rows in the columns, types and order of the table's schema, sorted by all columns.

    The same contents are thus always the same table.
    """
    typed = rows.select(table.schema.names).cast(table.schema)
    return typed if in_order(typed) else sorted_rows(typed)


def in_order(rows: pa.Table) -> bool:
    """Return whether the rows are sorted by all columns, nulls last; False also where that cannot be told simply, as with NaN."""
    import pyarrow.compute as pc  # whoever only reads a snapshot need not wait for it

    tied = None  # which rows equal the one before in all columns so far
    for column in rows.columns:
        before, after = column[:-1], column[1:]
        equal = pc.or_(pc.equal(before, after).fill_null(False), pc.and_(before.is_null(), after.is_null()))
        less = pc.or_(pc.less(before, after).fill_null(False), pc.and_(before.is_valid(), after.is_null()))
        ordered = pc.or_(less, equal) if tied is None else pc.or_(pc.or_(less, equal), pc.invert(tied))
        if not pc.all(ordered, min_count=0).as_py():
            return False
        tied = equal if tied is None else pc.and_(equal, tied)
        if not pc.any(tied, min_count=0).as_py():
            return True
    return True


def sorted_rows(rows: pa.Table) -> pa.Table:
    """Return the rows sorted by all columns, nulls last."""
    if len(rows) < MANY:
        return rows.sort_by([(name, "ascending") for name in rows.column_names])
    import ibis

    from city_briefs.analysis.validation.duckdb_tables import engine  # few need it: reading a snapshot waits for no DuckDB

    connection = engine()
    try:
        return connection.to_pyarrow(ibis.memtable(rows).order_by(rows.column_names)).cast(rows.schema)
    finally:
        connection.disconnect()  # DuckDB must not be connected at a fork


def row_groups(rows: pa.Table | Path, table: Table, spill: Path) -> Iterator[pa.Table]:
    """Yield the canonical rows, ROW_GROUP at a time. Rows of a file that are not in order are sorted on disk, in the folder `spill`."""
    if isinstance(rows, pa.Table):
        sorted_table = canonical(rows, table)
        yield from (sorted_table.slice(start, ROW_GROUP).combine_chunks() for start in range(0, len(sorted_table), ROW_GROUP))
    elif _file_in_order(rows, table):
        yield from _of_file(rows, table.schema.names)
    else:
        yield from _grouped(_sorted_file(rows, table, spill))


def _sorted_file(file: Path, table: Table, spill: Path) -> Iterator[pa.Table]:
    """Yield the rows of a file sorted by all columns, some at a time."""
    from city_briefs.analysis.validation.duckdb_tables import bounded

    connection = bounded(spill)
    try:
        stored = connection.read_parquet(file).select(table.schema.names)
        # Not by Ibis, which gathers the whole result before it hands out the first batch.
        for batch in connection.con.sql(connection.compile(stored.order_by(table.schema.names))).to_arrow_reader(ROW_GROUP):
            yield pa.table(batch).cast(table.schema)
    finally:
        connection.disconnect()  # DuckDB must not be connected at a fork


def _grouped(given: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the same rows ROW_GROUP at a time; DuckDB hands out sorted rows in batches of its own size."""
    waiting: list[pa.Table] = []
    for rows in given:
        waiting.append(rows)
        while (count := sum(map(len, waiting))) >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, ROW_GROUP).combine_chunks()
            waiting = [whole.slice(ROW_GROUP)] if count > ROW_GROUP else []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _file_in_order(file: Path, table: Table) -> bool:
    """Return whether the rows of a file are sorted by all columns. Often the first column says so, and is the only one that is read."""
    first, *others = table.schema.names
    return _follow(file, [first], _increasing) or (bool(others) and _follow(file, [first, *others], in_order))


def _follow(file: Path, names: list[str], holds: Callable[[pa.Table], bool]) -> bool:
    """Return whether this holds of the rows of each part of a file, together with the last row before it."""
    last = None
    for part in _of_file(file, names):
        if not holds(part if last is None else pa.concat_tables([last, part])):
            return False
        last = part.slice(len(part) - 1)
    return True


def _increasing(rows: pa.Table) -> bool:
    """Return whether each value of the first column is greater than the one before, and none is null."""
    import pyarrow.compute as pc  # as above

    values = rows.column(0)
    return pc.all(pc.less(values[:-1], values[1:]), skip_nulls=False, min_count=0).as_py() is True


def _of_file(file: Path, names: list[str]) -> Iterator[pa.Table]:
    """Yield the rows of a file in these columns, ROW_GROUP at a time."""
    with pq.ParquetFile(file) as opened:
        yield from (pa.table(batch) for batch in opened.iter_batches(ROW_GROUP, columns=names))


def keep(groups: Iterable[pa.Table], table: Table, file: Path) -> tuple[int, str, str]:
    """Write the rows of a table to a file; return the row count, the content hash and the file hash."""
    count, content, pending = 0, ContentHash(table.schema), list[Future[None]]()
    with (
        pq.ParquetWriter(file, table.schema, compression="zstd") as writer,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        for rows in groups:
            for task in pending:
                task.result()
            pending = [pool.submit(writer.write_table, rows, ROW_GROUP), pool.submit(content.add, rows)]
            count += len(rows)
        for task in pending:
            task.result()
    return count, content.hexdigest(), file_hash(file)


class _Digest(io.RawIOBase):
    """A writable file that keeps the SHA-256 of what is written, and nothing else."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        """Return True, as a file that can be written to."""
        return True

    def write(self, text: Any) -> int:
        """Add bytes to the hash, and return how many."""
        self.sha256.update(text)
        return len(text)


class ContentHash:
    """The SHA-256 of rows written as CSV, so that anyone can recompute it with any tool."""

    def __init__(self, schema: pa.Schema) -> None:
        self._digest = _Digest()
        options = pyarrow.csv.WriteOptions(batch_size=ROWS_AT_ONCE)
        self._text = pyarrow.csv.CSVWriter(self._digest, schema, write_options=options)

    def add(self, rows: pa.Table) -> None:
        """Add the next rows."""
        self._text.write_table(rows)

    def hexdigest(self) -> str:
        """Return the hash of all rows; no rows can be added afterwards."""
        self._text.close()
        return self._digest.sha256.hexdigest()


def content_hash(rows: pa.Table) -> str:
    """Return the content hash of a whole table."""
    content = ContentHash(rows.schema)
    content.add(rows)
    return content.hexdigest()


def numbers(array: pa.Array) -> np.ndarray:
    """Return an array of integers without nulls as one of numpy, a view of its buffer.

    What pyarrow itself has for it imports pandas, which a command that only looks need not wait for.
    """
    kind = np.dtype(str(array.type))
    return np.frombuffer(array.buffers()[1], kind)[array.offset :][: len(array)]


def stored(file: Path, table: Table) -> pa.Table:
    """Read the rows of a stored table; regions are read as text, so that codes keep their leading zeros."""
    if table is not REGIONS:
        return pq.read_table(file)
    options = pyarrow.csv.ConvertOptions(column_types=REGIONS.schema, strings_can_be_null=False)
    return pyarrow.csv.read_csv(file, convert_options=options)
