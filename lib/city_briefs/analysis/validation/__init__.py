"""Validation of tables: findings with table, row, column, value and remedy, so that the sender can correct them.

column_checks  types, closed lists, required columns: pandera
row_checks     rules on single rows
key_checks     unique keys, and references to other tables
table_checks   rules on the numbers of a table
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.analysis.validation.finding import LIMIT, Finding, RuleFindings, limit_findings
from city_briefs.common.regions import Regions
from city_briefs.model.table import Table
from city_briefs.model.tables import GAPS, TABLES

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LIMIT", "Finding", "findings"]


def findings(tables: "Mapping[Table, pa.Table | Path]", regions: Regions, *, unique: Collection[Table] = ()) -> list[Finding]:
    """Return everything that is wrong with the tables, errors first, at most `LIMIT` findings per table and rule.

    The last finding of a rule counts those left out. An error is a row that cannot be counted as it stands; a warning is a
    row that can be counted and is likely wrong. A big table is given as its Parquet file, with the columns in the types of
    the schema; its other columns are not checked. Keys of the tables in `unique` are taken to be unique.
    """
    return limit_findings(
        _rule_findings({table: tables[table] for table in (TABLES | GAPS).values() if table in tables}, regions, unique)
    )


def _rule_findings(
    tables: "Mapping[Table, pa.Table | Path]", regions: Regions, unique: Collection[Table]
) -> Iterator[RuleFindings]:
    """Yield the findings table by table. A value that does not fit its column counts as empty in later rules."""
    # Imported here, since whoever only reads a snapshot needs `Finding` of this package, and neither a rule nor Ibis.
    import pyarrow as pa

    from city_briefs.analysis.validation import column_checks, key_checks, row_checks, table_checks
    from city_briefs.analysis.validation.duckdb_tables import DuckDBTables

    typed = {
        table: column_checks.with_table_types(given, table) for table, given in tables.items() if isinstance(given, pa.Table)
    }
    for table, typed_rows in typed.items():
        yield from column_checks.column_findings(tables[table], table, typed_rows)
    files = {table: given for table, given in tables.items() if isinstance(given, Path)}
    with DuckDBTables({table: typed_rows.rows for table, typed_rows in typed.items()} | files) as contents:
        for table in tables:
            if table in files:
                yield from column_checks.stored_column_findings(contents, table)
            yield from row_checks.row_findings(contents, table, regions)
            if table not in unique:
                yield from key_checks.repeated_keys(contents, table)
            yield from key_checks.dangling_references(contents, table)
        yield from table_checks.table_findings(contents, regions)
