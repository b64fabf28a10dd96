"""Coverage: which region reported which table for which month, as the data sources declare it or as their rows show it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.staging import SHEET, StagingArea
from city_briefs.analysis.validation.table_checks import COUNTED
from city_briefs.common.periods import month_name, month_number
from city_briefs.common.regions import Regions
from city_briefs.model.tables import ACCIDENTS, COVERAGE, DATE, RETURNS, Table

ZERO_IS_A_ROW = (RETURNS, ACCIDENTS)  # tables in which a zero is a row, so that a missing row means not reported
RegionMonths = set[tuple[str, str]]  # a region's code and a month


def coverage(staging: StagingArea, sources: Iterable[DataSource], regions: Regions) -> pa.Table:
    """Return the table `coverage`: one row per table name, region code and month (YYYY-MM) that was reported.

    A source with a declared period reports all its months, also those without rows: their count is zero. A source without one
    reports the months in which it has rows. Rows that were sent as `coverage` itself are included.
    """
    covered = {
        (table.name, *cell)
        for table, table_sources in _monthly_sources(sources).items()
        for cell in _covered_months(staging, table, table_sources, regions)
    }
    if COVERAGE in staging:
        covered |= {tuple(row.values()) for row in staging.fetch(staging.rows(COVERAGE).select(COVERAGE.schema.names))}
    columns = zip(*sorted(covered), strict=True) if covered else [[], [], []]
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=COVERAGE.schema)


def main_date(table: Table) -> str | None:
    """Return the name of the column that gives the month of a row; None for a table that is not reported by month."""
    if table not in (*COUNTED, RETURNS):
        return None
    return next(
        (column.name for column in table.columns if column.name == "month" or (column.required and column.type == DATE)), None
    )


def monthly_counts_by_sheet(staging: StagingArea, table: Table) -> list[dict[str, Any]]:
    """Count the rows of a table by sheet, region and month.

    Returns dictionaries with the keys `sheet` (its number), `region` (its code), `month` (YYYY-MM) and `count`.
    """
    rows, date_column = staging.rows(table), main_date(table)
    dated = rows[date_column].type().is_date()
    month = rows[date_column].truncate("M") if dated else rows[date_column]  # as text only when grouped, which is far faster
    grouped = rows.group_by(SHEET, "region", month=month).aggregate(count=rows.count())
    return staging.fetch(grouped.mutate(month=grouped.month.strftime("%Y-%m")) if dated else grouped)


def _monthly_sources(sources: Iterable[DataSource]) -> dict[Table, list[DataSource]]:
    """Return the data sources by table, only for tables that are reported by month."""
    by_table = defaultdict(list)
    for source in sources:
        if main_date(source.table):
            by_table[source.table].append(source)
    return by_table


def _covered_months(staging: StagingArea, table: Table, sources: list[DataSource], regions: Regions) -> RegionMonths:
    """Return the region and month pairs that the sources of one table report."""
    by_source = _months_by_source(staging, table)
    units = {region.code for region in regions.units}
    with_rows = {cell for cells in by_source.values() for cell in cells}
    covered = set(with_rows)
    undeclared_months = _months_with_rows(by_source, {month for _, month in with_rows}) if table not in ZERO_IS_A_ROW else []
    for source in sources:
        codes = source.reporting or units | {code for code, _ in by_source.get(source, ())}
        covered |= {
            (code, month) for code in codes for month in (_months(*source.period) if source.period else undeclared_months)
        }
    return covered


def _months_with_rows(by_source: Mapping[DataSource, RegionMonths], with_rows: set[str]) -> list[str]:
    """Return the months from the first to the last row of sources without a declared period, but only those in `with_rows`."""
    months = [month for source, cells in by_source.items() if not source.period for _, month in cells]
    return [month for month in _months(min(months), max(months)) if month in with_rows] if months else []


def _months_by_source(staging: StagingArea, table: Table) -> dict[DataSource, RegionMonths]:
    """Return, for each source, the region and month pairs of which it has rows."""
    by_source: dict[DataSource, RegionMonths] = defaultdict(set)
    for row in monthly_counts_by_sheet(staging, table) if table in staging else ():
        by_source[staging.sheet_of(row).source].add((row["region"], row["month"]))
    return by_source


def _months(first: str, last: str) -> list[str]:
    """Return all months (YYYY-MM) from `first` to `last`, both included."""
    return [month_name(number) for number in range(month_number(first), month_number(last) + 1)]
