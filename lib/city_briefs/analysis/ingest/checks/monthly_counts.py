"""Monthly counts of rows that are far from the months around, and regions without rows in one month of all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

from city_briefs.analysis.ingest.coverage import ZERO_IS_A_ROW, main_date, monthly_counts_by_sheet
from city_briefs.analysis.ingest.rejected_months import RejectedRows
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import Finding, RuleFindings, Severity, finding
from city_briefs.analysis.validation.table_checks import COUNTED
from city_briefs.common.periods import month_name, month_number
from city_briefs.common.regions import Regions
from city_briefs.model.tables import Table

EXPECTED = 30  # records a month; with fewer, a month without any is ordinary
AROUND = 3  # months before and after that say how many to expect
TENFOLD = 8  # times more or fewer; seasons and campaigns stay below it
YEAR = 12
FILLED = 2  # months with rows, with which a month without any is told


def monthly_count_findings(staging: StagingArea, table: Table) -> Iterator[RuleFindings]:
    """Yield the findings on the row counts of each region and month."""
    date_column = main_date(table)
    if table not in COUNTED or date_column is None:
        return
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in monthly_counts_by_sheet(staging, table):
        counts[row["region"]][month_number(row["month"])] += row["count"]
    warnings = [
        warning
        for region, month_counts in sorted(counts.items())
        for warning in _region_findings(table, date_column, region, month_counts)
    ]
    for rule in ("month missing", "records of a month"):
        of_rule = [warning for warning in warnings if warning.rule == rule]
        yield RuleFindings(of_rule, len(of_rule))


def empty_region_findings(
    staging: StagingArea, table: Table, regions: Regions, rejected: Iterable[RejectedRows], severity: Severity
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
    sent = declared | {(rows.region, rows.month) for rows in rejected if rows.table == table.name}
    every = set().union(*counts.values())
    findings = []
    for region, month_counts in sorted(counts.items()):
        empty = [month_name(month) for month in range(min(every), max(every) + 1) if month not in month_counts]
        if len(empty) != 1 or len(month_counts) < FILLED or (region, empty[0]) in sent:
            continue
        warnings = _region_findings(table, date_column, region, Counter(month_counts))
        missing = {warning.value for warning in warnings if warning.rule == "month missing"}
        if severity == "error" or empty[0] not in missing:
            name = regions.by_code[region].name
            sentence = (
                f"{name} ({region}) has no row for {empty[0]} ({date_column}), and rows for every other month. "
                "Send those of that month; if there are none, declare the period in sources.toml."
            )
            findings.append(finding(severity, "region empty", table, None, date_column, f"{name} {empty[0]}", sentence))
    return RuleFindings(findings, len(findings))


def _region_findings(table: Table, date_column: str, region: str, counts: Counter[int]) -> Iterator[Finding]:
    """Yield a finding for each month of a region that differs from the months around, and from the same month of other years."""
    first, last = min(counts), max(counts)
    for month in range(first, last + 1):
        usual = round(median(counts[other] for other in range(month - AROUND, month + AROUND + 1) if other != month))
        count, month_text = counts[month], month_name(month)
        same_month = [counts[other] for other in (month - YEAR, month + YEAR) if first <= other <= last]
        if usual < EXPECTED or any(_are_similar(count, other) for other in (usual, *same_month)):
            continue
        sentence = (
            f"{region} has {count:,} rows for {month_text} ({date_column}), where the months around it have about {usual:,}."
        )
        if count == 0:
            sentence = f"{sentence} Send the rows of that month, if there are any."
            yield finding("warning", "month missing", table, None, date_column, month_text, sentence)
        else:
            sentence = f"{sentence} See whether rows are missing, or stand there that belong elsewhere."
            yield finding("warning", "records of a month", table, None, date_column, count, sentence)


def _are_similar(first: int, second: int) -> bool:
    """Return whether two row counts differ by less than TENFOLD times."""
    return max(first, second) < TENFOLD * max(min(first, second), 1)
