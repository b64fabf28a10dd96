"""Engines that answer queries over the rows of a snapshot: DuckDB in this process, or an existing PostgreSQL or Spark.

The expressions are the same; only results are transferred. Each engine returns tables with the columns and types of
`city_briefs.model.tables`.
"""

import os
import weakref
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.validation.duckdb_tables import engine
from city_briefs.common.errors import DataError, UsageError, missing_extra, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.paths import shown
from city_briefs.common.secrets import masked
from city_briefs.model.table import Table

ADDRESS = "BRIEFS_POSTGRES"  # variable with the address of the PostgreSQL that snapshots are loaded into
SCHEMA = "city_briefs"  # in which their tables lie
EXTRAS = {
    "postgres": ("postgres", "psycopg"),
    "pyspark": ("spark", "pyspark"),
}  # by engine: the extra that it needs, and its module


class Database(Protocol):
    """An engine that answers queries over tables."""

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """Return a table of a snapshot as an expression: the rows of its Parquet file, whose content hash is `content`."""


class DuckDB:
    """DuckDB in this process; connected on first use, since no connection may be open at a fork."""

    @cached_property
    def connection(self) -> ibis.BaseBackend:
        """Return the connection."""
        return engine()

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """Return the rows of the Parquet file."""
        return self.connection.read_parquet(file, table_name=table.name)


class Spark:
    """The Spark of its own settings (`spark.master`, `SPARK_REMOTE`), else a local one; it reads the same files."""

    @cached_property
    def _connection(self) -> Any:
        """Return the connection to the Spark session."""
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("city-briefs").config("spark.ui.showConsoleProgress", "false")
        return ibis.pyspark.connect(builder.getOrCreate())

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """Return the rows of the Parquet file; every worker of Spark must see it at the same path."""
        return of_the_contract(self._connection.read_parquet(file, table_name=table.name), table)


class PostgreSQL:
    """The server in BRIEFS_POSTGRES, after `briefs load` has put the tables of a snapshot there."""

    @cached_property
    def _connection(self) -> Any:
        """Return the connection to the server.

        Raises:
            DataError: the server does not answer.
        """
        import psycopg

        try:
            connection: Any = ibis.connect(address())
        except psycopg.Error as error:
            raise no_answer(error) from None
        weakref.finalize(self, connection.disconnect)
        return connection

    @cached_property
    def _names(self) -> set[str]:
        """Return the names of the loaded tables."""
        return set(self._connection.list_tables(database=SCHEMA))

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """Return the rows of the loaded table.

        Raises:
            DataError: no table with these contents was loaded.
        """
        name = stored_as(table, content)
        if name not in self._names:
            raise DataError(
                chosen(
                    f"{masked(address())} has no table {table.name} of {shown(file.parent)}. "
                    f"Load it: briefs load --data {shown(file.parent)}.",
                    f"{masked(address())}里没有{shown(file.parent)}的表{table.name}。请装入：briefs load --data {shown(file.parent)}。",
                )
            )
        return of_the_contract(self._connection.table(name, database=SCHEMA), table)


DATABASES: dict[str, type[Database]] = {"duckdb": DuckDB, "postgres": PostgreSQL, "pyspark": Spark}


def database(name: str) -> Database:
    """Return the engine of this name.

    Raises:
        UsageError: there is no such engine, or its extra is not installed.
    """
    if name not in DATABASES:
        raise UsageError(
            chosen(
                f"There is no engine '{name}'.{suggestion(name, DATABASES, 'engines')}",
                f"没有“{name}”这个计算引擎。{suggestion_zh(name, DATABASES, '计算引擎')}",
            )
        )
    if name in EXTRAS:
        extra, module = EXTRAS[name]
        try:
            import_module(module)
        except ImportError:
            raise missing_extra(f"The engine {name}", extra, f"计算引擎{name}") from None
    return DATABASES[name]()


def address() -> str:
    """Return the address in BRIEFS_POSTGRES.

    Raises:
        UsageError: the variable is not set.
    """
    if url := os.environ.get(ADDRESS):
        return url
    raise UsageError(
        chosen(
            f"The engine postgres needs the address of its server in {ADDRESS}, such as postgresql://user@host/database.",
            f"计算引擎postgres要用{ADDRESS}写明服务器地址，如postgresql://user@host/database。",
        )
    )


def no_answer(error: Exception) -> DataError:
    """Return the error for a server that does not answer, without its password."""
    message = " ".join(str(error).split()).rpartition("failed: ")[2].rstrip(".")
    return DataError(
        chosen(
            f"{masked(address())} does not answer: {masked(message)}. Correct {ADDRESS}, or see that the server runs.",
            f"{masked(address())}没有应答：{masked(message)}。请改正{ADDRESS}，或确认服务器在运行。",
        )
    )


def stored_as(table: Table, content: str) -> str:
    """Return the name of a table with these contents in PostgreSQL; snapshots share tables with the same contents."""
    return f"{table.name}_{content[:16]}"


def of_the_contract(rows: ir.Table, table: Table) -> ir.Table:
    """Return the rows in the columns and types of the table's schema; an engine may have other types."""
    schema = ibis.schema(table.schema)
    return rows.select(
        *(rows[name] if rows[name].type() == kind else rows[name].cast(kind).name(name) for name, kind in schema.items())
    )
