"""Columns that were not sent: what a source has no column for is missing of its regions and months, and no zero."""

from collections.abc import Iterator

import pyarrow as pa

from city_briefs.analysis.ingest.coverage import main_date, monthly_counts_by_sheet
from city_briefs.analysis.ingest.staging import SHEET, StagingArea
from city_briefs.model.table import Table
from city_briefs.model.tables import RETURNS, UNSENT


def unsent_columns(staging: StagingArea) -> pa.Table:
    """Return the columns that were not sent in the schema of UNSENT, by table, region and month; empty when all were.

    A column that no source of a table has is one row without region and month. Sources without rows are passed over.
    """
    rows = [row for table in staging.tables if table is not RETURNS and main_date(table) for row in _of_table(staging, table)]
    return pa.Table.from_pylist([dict(zip(UNSENT.schema.names, row, strict=True)) for row in rows], UNSENT.schema)


def _of_table(staging: StagingArea, table: Table) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield table name, column, region code and month of all that was not sent of one table."""
    counts = monthly_counts_by_sheet(staging, table)
    sent = {number: staging.sheets[number].sent for number in {row[SHEET] for row in counts}}
    for column in (column.name for column in table.columns if not column.required):
        lacking = {number for number, columns in sent.items() if columns is not None and column not in columns}
        if lacking and lacking == sent.keys():
            yield table.name, column, None, None
        elif lacking:
            cells = {(row["region"], row["month"]) for row in counts if row[SHEET] in lacking}
            yield from ((table.name, column, *cell) for cell in sorted(cells))
