"""The tables as the rules query them: in DuckDB, each row with its number."""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from lib.findings.finding import LIMIT
from lib.tables import Table

ROW = "row"  # the number of a row in the table as given, from 1; no table has a column of this name


class Contents:
    """Tables in the columns and types of the contract. To be closed, since DuckDB must not be connected at a fork."""

    def __init__(self, tables: Mapping[Table, pa.Table]) -> None:
        self._tables = {table.name: rows for table, rows in tables.items()}
        self._connection = ibis.duckdb.connect()
        self._rows = {
            table.name: ibis.memtable(rows.append_column(ROW, pa.arange(1, len(rows) + 1))) for table, rows in tables.items()
        }

    def __enter__(self) -> "Contents":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.disconnect()

    def __contains__(self, table: Table) -> bool:
        return table.name in self._rows

    def rows(self, table: Table) -> ir.Table:
        """The rows of a table that was given."""
        return self._rows[table.name]

    def rising(self, table: Table, column: str) -> bool:
        """Whether each value of a column is greater than the one before, and so stands once; none is empty."""
        values = self._tables[table.name][column]
        return bool(pc.all(pc.less(values[:-1], values[1:]), skip_nulls=False, min_count=0).as_py())

    def value(self, scalar: ir.Scalar) -> Any:
        """The value of one expression."""
        return self._connection.to_pyarrow(scalar).as_py()

    def counts(self, table: Table, conditions: list[ir.BooleanValue]) -> list[int]:
        """How many rows of a table meet each condition, all in one scan."""
        sums = {str(number): condition.sum().fill_null(0) for number, condition in enumerate(conditions)}
        return list(self._connection.to_pyarrow(self.rows(table).aggregate(**sums)).to_pylist()[0].values())

    def first(self, wrong: ir.Table, *order: str) -> list[dict[str, Any]]:
        """The first rows of some, each as a dictionary."""
        return list(self._connection.to_pyarrow(wrong.order_by(order).limit(LIMIT)).to_pylist())
