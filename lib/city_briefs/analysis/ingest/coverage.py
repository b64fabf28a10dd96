"""Which region reported which table for which month, as the sources declare it, or else as their rows show it."""

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

ZERO_IS_A_ROW = (RETURNS, ACCIDENTS)  # a zero is a row of them, and a row that is missing is none
RegionMonths = set[tuple[str, str]]  # a region's code and a month


def coverage(staging: StagingArea, sources: Iterable[DataSource], regions: Regions) -> pa.Table:
    """The rows of `coverage`: for each source its declared period, or the months of its rows, and every row besides.

    What was sent as `coverage` itself is in it too. Sources without rows count: a declared month without any is a zero.
    """
    covered = {
        (table.name, *cell)
        for table, some in _monthly_sources(sources).items()
        for cell in _covered_months(staging, table, some, regions)
    }
    if COVERAGE in staging:
        covered |= {tuple(row.values()) for row in staging.fetch(staging.rows(COVERAGE).select(COVERAGE.schema.names))}
    columns = zip(*sorted(covered), strict=True) if covered else [[], [], []]
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=COVERAGE.schema)


def main_date(table: Table) -> str | None:
    """The column that says in which month a row belongs; None for a table that is not reported by month."""
    if table not in (*COUNTED, RETURNS):
        return None
    return next(
        (column.name for column in table.columns if column.name == "month" or (column.required and column.type == DATE)), None
    )


def monthly_counts_by_sheet(staging: StagingArea, table: Table) -> list[dict[str, Any]]:
    """How many rows of a table each sheet has of each region and month: SHEET, region, month (YYYY-MM) and count."""
    rows, when = staging.rows(table), main_date(table)
    dated = rows[when].type().is_date()
    month = rows[when].truncate("M") if dated else rows[when]  # as text only when grouped, which is far faster
    grouped = rows.group_by(SHEET, "region", month=month).aggregate(count=rows.count())
    return staging.fetch(grouped.mutate(month=grouped.month.strftime("%Y-%m")) if dated else grouped)


def _monthly_sources(sources: Iterable[DataSource]) -> dict[Table, list[DataSource]]:
    """The sources of every table that is reported by month."""
    found = defaultdict(list)
    for source in sources:
        if main_date(source.table):
            found[source.table].append(source)
    return found


def _covered_months(staging: StagingArea, table: Table, sources: list[DataSource], regions: Regions) -> RegionMonths:
    """What is covered of one table."""
    shown = _months_by_source(staging, table)
    units = {region.code for region in regions.units}
    rows = {cell for cells in shown.values() for cell in cells}
    covered = set(rows)
    within = _months_with_rows(shown, {month for _, month in rows}) if table not in ZERO_IS_A_ROW else []
    for source in sources:
        codes = source.reporting or units | {code for code, _ in shown.get(source, ())}
        covered |= {(code, month) for code in codes for month in (_months(*source.period) if source.period else within)}
    return covered


def _months_with_rows(shown: Mapping[DataSource, RegionMonths], any_row: set[str]) -> list[str]:
    """The months from the first to the last row that came without a declared period, less those in which no region has one."""
    months = [month for source, cells in shown.items() if not source.period for _, month in cells]
    return [month for month in _months(min(months), max(months)) if month in any_row] if months else []


def _months_by_source(staging: StagingArea, table: Table) -> dict[DataSource, RegionMonths]:
    """The regions and months of which a source has rows."""
    shown: dict[DataSource, RegionMonths] = defaultdict(set)
    for row in monthly_counts_by_sheet(staging, table) if table in staging else ():
        shown[staging.sheet_of(row).source].add((row["region"], row["month"]))
    return shown


def _months(first: str, last: str) -> list[str]:
    """The months from one to another."""
    return [month_name(number) for number in range(month_number(first), month_number(last) + 1)]
