"""Coverage: which region reported which table for which month, as the data sources declare it or as their rows show it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.staging import SHEET, StagingArea
from city_briefs.analysis.validation.table_checks import COUNTED
from city_briefs.common.periods import month_name, month_number
from city_briefs.common.regions import Regions
from city_briefs.model.table import DATE, Table
from city_briefs.model.tables import ACCIDENTS, COVERAGE, RETURNS

if TYPE_CHECKING:
    from city_briefs.analysis.ingest.rejected_months import RejectedRows

ZERO_IS_A_ROW = (RETURNS, ACCIDENTS)  # tables in which a zero is a row, so that a missing row means not reported
RegionMonths = set[tuple[str, str]]  # a region's code and a month


def coverage(
    staging: StagingArea,
    sources: Iterable[DataSource],
    regions: Regions,
    rejected: "Collection[RejectedRows]" = (),
    *,
    accept: bool = False,
) -> pa.Table:
    """Return the table `coverage`: one row per table name, region code and month (YYYY-MM) that was reported.

    A source with a declared period reports all its months, also those without rows: their count is zero. A source without one
    reports the regions of which it has rows, from its first month to its last. Rows that were sent as `coverage` itself are
    included. What has rejected rows is not covered; if `accept`, it is covered where it has accepted rows, too. Rejected rows
    whose month cannot be read leave the months of their region without accepted rows uncovered.
    """
    covered: set[tuple[str, str, str]] = set()
    for table, table_sources in _monthly_sources(sources).items():
        by_source = _months_by_source(staging, table)
        with_rows = {cell for cells in by_source.values() for cell in cells}
        of_table = [rows for rows in rejected if rows.table == table.name]
        months_lost = {(rows.region, rows.month) for rows in of_table}
        if accept:
            months_lost -= with_rows
        regions_lost = {rows.region for rows in of_table if not rows.month}
        reported = with_rows | _reported_months(table, table_sources, by_source, regions)
        covered |= {
            (table.name, *cell)
            for cell in reported
            if cell not in months_lost and (cell in with_rows or cell[0] not in regions_lost)
        }
    if COVERAGE in staging:
        covered |= {(row["table"], row["region"], row["month"]) for row in staging.fetch(staging.rows(COVERAGE))}
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
    counts = grouped.mutate(month=grouped.month.strftime("%Y-%m")) if dated else grouped
    return staging.fetch_once(table, "monthly counts", counts)


def _monthly_sources(sources: Iterable[DataSource]) -> dict[Table, list[DataSource]]:
    """Return the data sources by table, only for tables that are reported by month."""
    by_table = defaultdict(list)
    for source in sources:
        if main_date(source.table):
            by_table[source.table].append(source)
    return by_table


def _reported_months(
    table: Table, sources: list[DataSource], by_source: Mapping[DataSource, RegionMonths], regions: Regions
) -> RegionMonths:
    """Return the region and month pairs that the sources of one table report, with rows and without.

    A month without a row from any source was not reported, unless it is declared.
    """
    units = {region.code for region in regions.units}
    with_rows = {month for cells in by_source.values() for _, month in cells}
    reported: RegionMonths = set()
    for source in sources:
        cells = by_source.get(source, set())
        in_rows = {code for code, _ in cells}
        if source.period:
            reported |= {(code, month) for code in source.reporting or units | in_rows for month in _months(*source.period)}
        elif cells and table not in ZERO_IS_A_ROW:
            own_months = [month for _, month in cells]
            months = [month for month in _months(min(own_months), max(own_months)) if month in with_rows]
            reported |= {(code, month) for code in source.reporting or in_rows for month in months}
    return reported


def _months_by_source(staging: StagingArea, table: Table) -> dict[DataSource, RegionMonths]:
    """Return, for each source, the region and month pairs of which it has rows."""
    by_source: dict[DataSource, RegionMonths] = defaultdict(set)
    for row in monthly_counts_by_sheet(staging, table) if table in staging else ():
        by_source[staging.sheet_of(row).source].add((row["region"], row["month"]))
    return by_source


def _months(first: str, last: str) -> list[str]:
    """Return all months (YYYY-MM) from `first` to `last`, both included."""
    return [month_name(number) for number in range(month_number(first), month_number(last) + 1)]
