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
from city_briefs.analysis.validation.duckdb_tables import Contents
from city_briefs.analysis.validation.finding import LIMIT, Faults, Finding, listed
from city_briefs.common.regions import Regions
from city_briefs.model.tables import TABLES, Table

__all__ = ["LIMIT", "Finding", "findings"]


def findings(tables: Mapping[Table, pa.Table | Path], regions: Regions, *, unique: Collection[Table] = ()) -> list[Finding]:
    """Everything that is wrong with the tables, errors first; at most `LIMIT` per table and rule, the last of which counts the rest.

    An error is a row that cannot be counted as it stands; a warning is one that can be and is likely wrong. A big table is given
    as the Parquet file that holds it, its columns in the types of the contract; any others are passed over. In tables that are
    known to be `unique` each key stands once.
    """
    return listed(_faults({table: tables[table] for table in TABLES.values() if table in tables}, regions, unique))


def _faults(tables: Mapping[Table, pa.Table | Path], regions: Regions, unique: Collection[Table]) -> Iterator[Faults]:
    """What is found, table by table. What the schema finds is taken as empty by the rules after it."""
    typed = {table: column_checks.typed(given, table) for table, given in tables.items() if isinstance(given, pa.Table)}
    for table, one in typed.items():
        yield from column_checks.faults(tables[table], table, one)
    files = {table: given for table, given in tables.items() if isinstance(given, Path)}
    with Contents({table: one.rows for table, one in typed.items()} | files) as contents:
        for table in tables:
            if table in files:
                yield from column_checks.stored_faults(contents, table)
            yield from row_checks.faults(contents, table, regions)
            if table not in unique:
                yield from key_checks.repeated(contents, table)
            yield from key_checks.dangling(contents, table)
        yield from table_checks.faults(contents, regions)
