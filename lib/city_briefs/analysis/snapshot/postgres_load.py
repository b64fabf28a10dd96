"""PostgreSQL load: the tables of a snapshot, copied to the server, each as a whole or not at all, and once."""

from collections.abc import Iterator
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.analysis.snapshot.engines import SCHEMA, address, no_answer, stored_as
from city_briefs.analysis.snapshot.snapshot_json import file_name
from city_briefs.common.errors import DataError, missing_extra
from city_briefs.common.language import chosen
from city_briefs.common.secrets import masked
from city_briefs.model.table import Table
from city_briefs.model.tables import REGIONS, TABLES

AT_ONCE = 65_536  # rows
TYPES = {pa.string(): "text", pa.int64(): "bigint", pa.float64(): "double precision", pa.date32(): "date", pa.bool_(): "boolean"}


def load(snapshot: Snapshot) -> Iterator[tuple[Table, int]]:
    """Copy the tables that are not on the server yet; yield each with its row count once it is there.

    Raises:
        DataError: the server does not answer, or refuses the rows.
        UsageError: BRIEFS_POSTGRES is not set.
    """
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise missing_extra("The engine postgres", "postgres", "计算引擎postgres") from None
    url = address()
    try:
        database = dbapi.connect(url)
    except dbapi.Error as error:
        raise no_answer(error) from None
    try:
        with closing(database) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.commit()
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = $1", [SCHEMA])
            loaded = {name for (name,) in cursor.fetchall()}
            for name, description in snapshot.descriptions.items():
                if name == REGIONS.name or name not in TABLES or stored_as(TABLES[name], description.hash) in loaded:
                    continue
                table, stored_name = TABLES[name], stored_as(TABLES[name], description.hash)
                cursor.execute(f'CREATE TABLE {SCHEMA}."{stored_name}" ({_columns(table)})')
                rows = pq.ParquetFile(snapshot.path / file_name(table))
                with closing(rows):
                    batches = (batch.cast(table.schema) for batch in rows.iter_batches(AT_ONCE))
                    reader = pa.RecordBatchReader.from_batches(table.schema, batches)
                    cursor.adbc_ingest(stored_name, reader, mode="append", db_schema_name=SCHEMA)
                connection.commit()
                yield table, description.rows
    except (dbapi.Error, OSError) as error:
        message = str(error).strip().splitlines()[0]
        raise DataError(
            chosen(
                f"{masked(url)} refuses the records: {masked(message)}. What was loaded stands; load it again.",
                f"{masked(url)}不接收记录：{masked(message)}。已装入的保留，请重新装入。",
            )
        ) from None


def _columns(table: Table) -> str:
    """Return the column definitions of a table, as SQL."""
    return ", ".join(f'"{field.name}" {_type(field)}' for field in table.schema)


def _type(field: pa.Field) -> str:
    """Return the type of a column, as SQL."""
    kind = field.type
    name = f"numeric({kind.precision},{kind.scale})" if pa.types.is_decimal(kind) else TYPES[kind]
    return name if field.nullable else f"{name} NOT NULL"
