"""Where the records of a snapshot are asked: DuckDB in this process, or a PostgreSQL or Spark that is there already.

The expressions are the same; only results come back. Each gives a table in the columns and types of `city_briefs.model.tables`.
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
from city_briefs.common import optional_dependency
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.paths import shown
from city_briefs.common.secrets import masked
from city_briefs.model.tables import Table

ADDRESS = "BRIEFS_POSTGRES"  # variable with the address of the PostgreSQL that snapshots are loaded into
SCHEMA = "city_briefs"  # in which they lie there
EXTRAS = {"postgres": ("postgres", "psycopg"), "pyspark": ("spark", "pyspark")}  # the extra that each needs, and its module


class Database(Protocol):
    """An engine that answers queries over tables."""

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """A table of a snapshot as an expression: the rows of its Parquet file, whose contents have this hash."""


class DuckDB:
    """In this process; connected on first use, since it must not be at a fork."""

    @cached_property
    def connection(self) -> ibis.BaseBackend:
        """Its connection."""
        return engine()

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """The rows of its Parquet file."""
        return self.connection.read_parquet(file, table_name=table.name)


class Spark:
    """The Spark that its own settings name (`spark.master`, `SPARK_REMOTE`), else one in this process; it reads the same files."""

    @cached_property
    def _connection(self) -> Any:
        from pyspark.sql import SparkSession

        named = SparkSession.builder.appName("city-briefs").config("spark.ui.showConsoleProgress", "false")
        return ibis.pyspark.connect(named.getOrCreate())

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """The rows of its Parquet file, which every worker of Spark has to see at the same place."""
        return of_the_contract(self._connection.read_parquet(file, table_name=table.name), table)


class PostgreSQL:
    """The server that BRIEFS_POSTGRES names, after `briefs load` has put the tables of a snapshot there."""

    @cached_property
    def _connection(self) -> Any:
        import psycopg

        try:
            connection: Any = ibis.connect(address())
        except psycopg.Error as error:
            raise no_answer(error) from None
        weakref.finalize(self, connection.disconnect)
        return connection

    @cached_property
    def _names(self) -> set[str]:
        return set(self._connection.list_tables(database=SCHEMA))

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """The rows that were loaded; a DataError when those of other contents were, or none."""
        name = stored_as(table, content)
        if name not in self._names:
            raise DataError(
                f"{masked(address())} has no table {table.name} of {shown(file.parent)}. "
                f"Load it: briefs load --data {shown(file.parent)}."
            )
        return of_the_contract(self._connection.table(name, database=SCHEMA), table)


DATABASES: dict[str, type[Database]] = {"duckdb": DuckDB, "postgres": PostgreSQL, "pyspark": Spark}


def database(name: str) -> Database:
    """The engine of this name. One that there is not, or whose extra is not installed, is a UsageError."""
    if name not in DATABASES:
        every = f" The engines are {', '.join(DATABASES)}."
        raise UsageError(f"There is no engine '{name}'.{suggestion(name, DATABASES) or every}")
    if name in EXTRAS:
        extra, module = EXTRAS[name]
        try:
            import_module(module)
        except ImportError:
            raise optional_dependency.missing(f"The engine {name}", extra) from None
    return DATABASES[name]()


def address() -> str:
    """The address in BRIEFS_POSTGRES; without one, a UsageError."""
    if said := os.environ.get(ADDRESS):
        return said
    raise UsageError(
        f"The engine postgres needs the address of its server in {ADDRESS}, such as postgresql://user@host/database."
    )


def no_answer(error: Exception) -> DataError:
    """What is said of a server that lets nobody in, without its password."""
    said = " ".join(str(error).split()).rpartition("failed: ")[2].rstrip(".")
    return DataError(f"{masked(address())} does not answer: {masked(said)}. Correct {ADDRESS}, or see that the server runs.")


def stored_as(table: Table, content: str) -> str:
    """What a table of these contents is called in PostgreSQL, so that snapshots share what they have in common."""
    return f"{table.name}_{content[:16]}"


def of_the_contract(rows: ir.Table, table: Table) -> ir.Table:
    """The rows in the columns and types of the contract, in which an engine may have others."""
    wanted = ibis.schema(table.schema)
    return rows.select(
        *(rows[name] if rows[name].type() == kind else rows[name].cast(kind).name(name) for name, kind in wanted.items())
    )
