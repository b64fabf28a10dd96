"""The records of a snapshot, copied into the PostgreSQL that will be asked for them: each table whole or not at all, and once."""

from collections.abc import Iterator
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.analysis.snapshot.engines import SCHEMA, address, no_answer, stored_as
from city_briefs.analysis.snapshot.storage import file_name
from city_briefs.common import optional_dependency
from city_briefs.common.errors import DataError
from city_briefs.common.secrets import masked
from city_briefs.model.tables import REGIONS, TABLES, Table

AT_ONCE = 65_536  # rows
TYPES = {pa.string(): "text", pa.int64(): "bigint", pa.float64(): "double precision", pa.date32(): "date", pa.bool_(): "boolean"}


def load(snapshot: Snapshot) -> Iterator[tuple[Table, int]]:
    """Copy the tables that are not there yet; each with its rows once it is there. A server that refuses is a DataError."""
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise optional_dependency.missing("The engine postgres", "postgres") from None
    url = address()
    try:
        opened = dbapi.connect(url)
    except dbapi.Error as error:
        raise no_answer(error) from None
    try:
        with closing(opened) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.commit()
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = $1", [SCHEMA])
            there = {name for (name,) in cursor.fetchall()}
            for name, description in snapshot.descriptions.items():
                table = TABLES[name]
                place = stored_as(table, description.hash)
                if table is REGIONS or place in there:
                    continue
                cursor.execute(f'CREATE TABLE {SCHEMA}."{place}" ({_columns(table)})')
                rows = pq.ParquetFile(snapshot.path / file_name(table))
                with closing(rows):
                    batches = (batch.cast(table.schema) for batch in rows.iter_batches(AT_ONCE))
                    reader = pa.RecordBatchReader.from_batches(table.schema, batches)
                    cursor.adbc_ingest(place, reader, mode="append", db_schema_name=SCHEMA)
                connection.commit()
                yield table, description.rows
    except (dbapi.Error, OSError) as error:
        said = str(error).strip().splitlines()[0]
        raise DataError(f"{masked(url)} refuses the records: {masked(said)}. What was loaded stands; load it again.") from None


def _columns(table: Table) -> str:
    return ", ".join(f'"{field.name}" {_type(field)}' for field in table.schema)


def _type(field: pa.Field) -> str:
    kind = field.type
    name = f"numeric({kind.precision},{kind.scale})" if pa.types.is_decimal(kind) else TYPES[kind]
    return name if field.nullable else f"{name} NOT NULL"
