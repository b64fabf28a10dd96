"""DuckDB tables as the rules query them: each row with its number."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from city_briefs.analysis.validation.finding import LIMIT
from city_briefs.model.table import Table

ROW = "row"  # the number of a row in the table as given, from 1; no table has a column of this name
MEMORY = "600MB"  # of one connection; it spills to disk beyond that
THREADS = min(2, os.cpu_count() or 1)  # each has sorted runs of its own in memory
BATCH_ROWS = 131_072  # rows of a file that are read at a time


def engine(**settings: str | int) -> ibis.BaseBackend:
    """Return a DuckDB connection without a progress bar, which would be output in a notebook. Close it before a fork."""
    connection = ibis.duckdb.connect(**settings)
    [[shown]] = connection.raw_sql("SELECT current_setting('enable_progress_bar')").fetchall()
    if shown:  # asked first, since inside a kernel it may not even be set to what it is
        connection.raw_sql("SET enable_progress_bar = false")
    return connection


def bounded(folder: Path) -> ibis.BaseBackend:
    """Return a connection that keeps to MEMORY, and spills to `folder`."""
    return engine(memory_limit=MEMORY, threads=THREADS, temp_directory=str(folder))


class DuckDBTables:
    """Tables in the columns and types of their schemas, in memory or as Parquet files, which may have further columns.

    Use it in a `with` statement, since no connection may be open at a fork.

    Raises:
        TypeError: a file has not the columns and types of its table.
    """

    def __init__(self, tables: Mapping[Table, pa.Table | Path]) -> None:
        for table, rows in tables.items():
            if isinstance(rows, Path) and not _fits_schema(rows, table):
                raise TypeError(f"{rows.name} has not the columns and types of the table {table.name}.")
        self._tables = {table.name: rows for table, rows in tables.items()}
        beside = next((rows.parent for rows in tables.values() if isinstance(rows, Path)), None)
        self._spill = TemporaryDirectory(prefix=".spill-", dir=beside) if beside else None
        self._connection = bounded(Path(self._spill.name)) if self._spill else engine()
        self._rows = {table.name: self._numbered(table, rows) for table, rows in tables.items()}

    def __enter__(self) -> "DuckDBTables":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.disconnect()
        if self._spill:
            self._spill.cleanup()

    def __contains__(self, table: Table) -> bool:
        return table.name in self._rows

    def _numbered(self, table: Table, rows: pa.Table | Path) -> ir.Table:
        """Return the rows with their number, from 1, in the column ROW."""
        if isinstance(rows, pa.Table):
            return ibis.memtable(rows.append_column(ROW, pa.arange(1, len(rows) + 1)))
        stored = self._connection.read_parquet(rows, file_row_number=True)
        return stored.select(*table.schema.names, (stored.file_row_number + 1).name(ROW))

    def rows(self, table: Table) -> ir.Table:
        """Return the rows of a given table, with ROW."""
        return self._rows[table.name]

    def is_strictly_increasing(self, table: Table, column: str) -> bool:
        """Return whether each value of a column is greater than the one before, and none is null; then all are unique."""
        last = None
        for values in filter(len, self._values(table, column)):
            inside = pc.all(pc.less(values[:-1], values[1:]), skip_nulls=False, min_count=0)
            across = values[0].is_valid if last is None else pc.less(last, values[0]).as_py()
            if not (across and inside.as_py()):
                return False
            last = values[-1]
        return True

    def _values(self, table: Table, column: str) -> Iterator[pa.Array]:
        """Yield the values of a column in arrays."""
        rows = self._tables[table.name]
        if isinstance(rows, pa.Table):
            return rows[column].iterchunks()
        return (batch.column(0) for batch in pq.ParquetFile(rows).iter_batches(BATCH_ROWS, columns=[column]))

    def value(self, scalar: ir.Scalar) -> Any:
        """Return the value of a scalar expression."""
        return self._connection.to_pyarrow(scalar).as_py()

    def counts(self, table: Table, conditions: list[ir.BooleanValue]) -> list[int]:
        """Count the rows of a table that meet each condition, all in one scan."""
        sums = {str(number): condition.sum().fill_null(0) for number, condition in enumerate(conditions)}
        return list(self._connection.to_pyarrow(self.rows(table).aggregate(**sums)).to_pylist()[0].values())

    def first(self, rows: ir.Table, *order: str) -> list[dict[str, Any]]:
        """Return the first LIMIT rows in this order, as dictionaries."""
        return list(self._connection.to_pyarrow(rows.order_by(order).limit(LIMIT)).to_pylist())


def _fits_schema(file: Path, table: Table) -> bool:
    """Return whether a Parquet file has the columns and types of a table."""
    types = {field.name: field.type for field in pq.read_schema(file)}
    return all(types.get(field.name) == field.type for field in table.schema)
