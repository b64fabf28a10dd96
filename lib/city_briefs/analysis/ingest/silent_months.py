"""Silent months: a region sent no row of a table in a month, and always did in the months around. It is a zero only if someone says so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median

import pyarrow as pa

from city_briefs.analysis.ingest.coverage import ZERO_IS_A_ROW, main_date, monthly_counts_by_sheet
from city_briefs.analysis.ingest.rejected_months import RejectedRows
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.table_checks import COUNTED
from city_briefs.common.periods import month_name, month_number
from city_briefs.model.table import Table
from city_briefs.model.tables import SILENT

YEAR = 12  # months before and after that are looked at
LEAST = 3  # months that must be there to tell what is usual
ALWAYS = 0.9  # share of these months that must have rows
USUAL = (
    7  # rows in half of them or more: if the month were like them, chance would leave it empty once in a thousand times, exp(-7)
)


@dataclass(frozen=True)
class SilentMonth:
    """A month (YYYY-MM) without rows of one table and region (its code), and the `usual` number of rows in the months around."""

    table: str
    region: str
    month: str
    usual: int


def silent_months(staging: StagingArea, coverage: pa.Table, rejected: Iterable[RejectedRows]) -> list[SilentMonth]:
    """Return the silent months of all tables that are counted by month, sorted.

    A month is looked at when it lies between the first and the last that the region covers or has rows of. One of which rows were
    rejected is not silent, and neither is one that is empty in the year before or after, too: that is a season.
    """
    covered: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in coverage.to_pylist():
        covered[row["table"], row["region"]].append(month_number(row["month"]))
    lost = {(rows.table, rows.region, rows.month) for rows in rejected}
    silent: list[SilentMonth] = []
    for table in staging.tables:
        if table in COUNTED and table not in ZERO_IS_A_ROW and main_date(table):
            for region, counts in sorted(counts_by_region(staging, table).items()):
                months = [*covered[table.name, region], *counts]
                silent += [
                    SilentMonth(table.name, region, month_name(month), usual)
                    for month, usual in _of_region(counts, min(months), max(months))
                    if (table.name, region, month_name(month)) not in lost
                ]
    return silent


def as_table(silent: Iterable[SilentMonth]) -> pa.Table:
    """Return silent months in the schema of SILENT."""
    return pa.Table.from_pylist([asdict(month) for month in silent], SILENT.schema)


def counts_by_region(staging: StagingArea, table: Table) -> dict[str, Counter[int]]:
    """Return the number of rows of a table by region code and number of the month."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in monthly_counts_by_sheet(staging, table):
        counts[row["region"]][month_number(row["month"])] += row["count"]
    return counts


def _of_region(counts: Counter[int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the number of each silent month of a region, with the usual number of rows."""
    for month in range(first, last + 1):
        around = [counts[other] for other in range(max(first, month - YEAR), min(last, month + YEAR) + 1) if other != month]
        if counts[month] or len(around) < LEAST:
            continue
        is_season = any(first <= other <= last and not counts[other] for other in (month - YEAR, month + YEAR))
        always = sum(map(bool, around)) >= ALWAYS * len(around)
        if always and median(around) >= USUAL and not is_season:
            yield month, round(median(around))
