"""Tables on their way into a snapshot: few rows in memory, many in a Parquet file, to which they are added part by part."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.model.table import Table

MOST_HELD = 500_000  # rows of a table that are held in memory; more go to a file
ROW_GROUP = 1 << 18  # rows of a file that are read together


class Staged:
    """Tables that are being added to, in a folder of their own. Use it in a `with` statement, and `tables` after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[Table, list[pa.Table]] = {}
        self._writers: dict[Table, pq.ParquetWriter] = {}
        self._pool = ThreadPoolExecutor(1)  # writes a part while the next one is made
        self._pending: Future[None] | None = None

    def __enter__(self) -> "Staged":
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._wait()
        finally:
            self._pool.shutdown()
            for writer in self._writers.values():
                writer.close()

    def add(self, table: Table, rows: pa.Table) -> None:
        """Add the next rows of a table."""
        if table not in self._writers:
            held = self._held.setdefault(table, [])
            held.append(rows)
            if sum(map(len, held)) <= MOST_HELD:
                return
            rows = pa.concat_tables(self._held.pop(table))
            self._writers[table] = _writer(self._file(table), table)
        self._wait()
        self._pending = self._pool.submit(self._writers[table].write_table, rows, ROW_GROUP)

    def _wait(self) -> None:
        if self._pending:
            self._pending.result()
            self._pending = None

    def _file(self, table: Table) -> Path:
        return self._folder / f"{table.name}.parquet"

    @property
    def tables(self) -> Mapping[Table, pa.Table | Path]:
        """Return each table: its rows, or the file that has them."""
        return {table: pa.concat_tables(held) for table, held in self._held.items()} | {
            table: self._file(table) for table in self._writers
        }


def _writer(file: Path, table: Table) -> pq.ParquetWriter:
    """Return a writer of a file that is read a few times and then deleted: fast rather than small."""
    repeating = [column.name for column in table.columns if column.name not in (*table.key, *table.references)]
    return pq.ParquetWriter(file, table.schema, compression="lz4", use_dictionary=repeating, write_statistics=False)
