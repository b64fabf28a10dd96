"""Monthly counts of rows that are far from the months around, and regions without rows in one month of all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

from city_briefs.analysis.ingest import silent_months
from city_briefs.analysis.ingest.coverage import ZERO_IS_A_ROW, main_date, monthly_counts_by_sheet
from city_briefs.analysis.ingest.rejected_months import RejectedRows
from city_briefs.analysis.ingest.silent_months import SilentMonth
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import Finding, RuleFindings, Severity, finding
from city_briefs.analysis.validation.table_checks import COUNTED
from city_briefs.common.periods import month_name, month_number
from city_briefs.common.regions import Regions
from city_briefs.model.table import Table

EXPECTED = 30  # records a month; with fewer, a tenth or tenfold is ordinary
AROUND = 3  # months before and after that say how many to expect
TENFOLD = 8  # times more or fewer; seasons and campaigns stay below it
YEAR = 12
FILLED = 2  # months with rows, with which a month without any is told


def silent_month_findings(table: Table, regions: Regions, silent: Iterable[SilentMonth]) -> RuleFindings:
    """Return the findings on the silent months of a table."""
    warnings = []
    for month in silent:
        if month.table == table.name:
            name = regions.by_code[month.region].name
            sentence = (
                f"{name} ({month.region}) has no row for {month.month} ({main_date(table)}), where the months around it have "
                f"about {month.usual:,}. Send the rows of that month, if there are any."
            )
            value = f"{name} {month.month}"
            warnings.append(finding("warning", "month missing", table, None, str(main_date(table)), value, sentence))
    return RuleFindings(warnings, len(warnings))


def monthly_count_findings(staging: StagingArea, table: Table) -> Iterator[RuleFindings]:
    """Yield the findings on the row counts of each region and month that has rows."""
    if table in COUNTED and main_date(table) is not None:
        counts = silent_months.counts_by_region(staging, table)
        warnings = [
            warning
            for region, month_counts in sorted(counts.items())
            for warning in _region_findings(table, region, month_counts)
        ]
        yield RuleFindings(warnings, len(warnings))


def empty_region_findings(
    staging: StagingArea,
    table: Table,
    regions: Regions,
    rejected: Iterable[RejectedRows],
    silent: Iterable[SilentMonth],
    severity: Severity,
) -> RuleFindings:
    """Return a finding for each region that has rows in every month of a table but one, of the sources without a declared period.

    A month of which rows were rejected is not without rows. A warning is left out where the rule "month missing" has one.
    """
    date_column = main_date(table)
    if table not in COUNTED or table in ZERO_IS_A_ROW or date_column is None:
        return RuleFindings([], 0)
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    declared: set[tuple[str, str]] = set()
    for row in monthly_counts_by_sheet(staging, table):
        if staging.sheet_of(row).source.period:
            declared.add((row["region"], row["month"]))
        else:
            counts[row["region"]][month_number(row["month"])] += row["count"]
    told = {(month.region, month.month) for month in silent if month.table == table.name}
    sent = declared | {(rows.region, rows.month) for rows in rejected if rows.table == table.name}
    every = set().union(*counts.values())
    findings = []
    for region, month_counts in sorted(counts.items()):
        empty = [month_name(month) for month in range(min(every), max(every) + 1) if month not in month_counts]
        if len(empty) != 1 or len(month_counts) < FILLED or (region, empty[0]) in sent:
            continue
        if severity == "error" or (region, empty[0]) not in told:
            name = regions.by_code[region].name
            sentence = (
                f"{name} ({region}) has no row for {empty[0]} ({date_column}), and rows for every other month. "
                "Send those of that month; if there are none, declare the period in sources.toml."
            )
            findings.append(finding(severity, "region empty", table, None, date_column, f"{name} {empty[0]}", sentence))
    return RuleFindings(findings, len(findings))


def _region_findings(table: Table, region: str, counts: Counter[int]) -> Iterator[Finding]:
    """Yield a finding for each month of a region that differs from the months around, and from the same month of other years."""
    first, last = min(counts), max(counts)
    for month, count in sorted(counts.items()):
        usual = round(median(counts[other] for other in range(month - AROUND, month + AROUND + 1) if other != month))
        same_month = [counts[other] for other in (month - YEAR, month + YEAR) if first <= other <= last]
        if usual < EXPECTED or any(_are_similar(count, other) for other in (usual, *same_month)):
            continue
        sentence = (
            f"{region} has {count:,} rows for {month_name(month)} ({main_date(table)}), where the months around it have about "
            f"{usual:,}. See whether rows are missing, or stand there that belong elsewhere."
        )
        yield finding("warning", "records of a month", table, None, str(main_date(table)), count, sentence)


def _are_similar(first: int, second: int) -> bool:
    """Return whether two row counts differ by less than TENFOLD times."""
    return max(first, second) < TENFOLD * max(min(first, second), 1)
