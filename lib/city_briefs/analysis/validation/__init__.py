"""What is wrong with tables, said so that whoever sent them can mend it: table, row, column, value and what would be right.

column_checks  types, closed lists of words, required columns: pandera
row_checks     what each row must obey by itself
key_checks     keys that stand once, references that lead to a row
table_checks   what must be true of the numbers of some tables
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from city_briefs.analysis.validation import column_checks, key_checks, row_checks, table_checks
from city_briefs.analysis.validation.duckdb_tables import DuckDBTables
from city_briefs.analysis.validation.finding import LIMIT, Finding, RuleFindings, limit_findings
from city_briefs.common.regions import Regions
from city_briefs.model.tables import TABLES, Table

__all__ = ["LIMIT", "Finding", "findings"]


def findings(tables: Mapping[Table, pa.Table | Path], regions: Regions, *, unique: Collection[Table] = ()) -> list[Finding]:
    """Everything that is wrong with the tables, errors first; at most `LIMIT` per table and rule, the last of which counts the rest.

    An error is a row that cannot be counted as it stands; a warning is one that can be and is likely wrong. A big table is given
    as the Parquet file that holds it, its columns in the types of the contract; any others are passed over. In tables that are
    known to be `unique` each key stands once.
    """
    return limit_findings(_rule_findings({table: tables[table] for table in TABLES.values() if table in tables}, regions, unique))


def _rule_findings(
    tables: Mapping[Table, pa.Table | Path], regions: Regions, unique: Collection[Table]
) -> Iterator[RuleFindings]:
    """What is found, table by table. What the schema finds is taken as empty by the rules after it."""
    typed = {
        table: column_checks.with_table_types(given, table) for table, given in tables.items() if isinstance(given, pa.Table)
    }
    for table, one in typed.items():
        yield from column_checks.column_findings(tables[table], table, one)
    files = {table: given for table, given in tables.items() if isinstance(given, Path)}
    with DuckDBTables({table: one.rows for table, one in typed.items()} | files) as contents:
        for table in tables:
            if table in files:
                yield from column_checks.stored_column_findings(contents, table)
            yield from row_checks.row_findings(contents, table, regions)
            if table not in unique:
                yield from key_checks.repeated_keys(contents, table)
            yield from key_checks.dangling_references(contents, table)
        yield from table_checks.table_findings(contents, regions)
