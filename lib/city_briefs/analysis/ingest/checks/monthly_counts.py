"""Monthly counts of rows that are far from the months around: a file is missing, or holds other months."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import median

from city_briefs.analysis.ingest.coverage import main_date, monthly_counts_by_sheet
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import Finding, RuleFindings, finding
from city_briefs.analysis.validation.table_checks import COUNTED
from city_briefs.common.periods import month_name, month_number
from city_briefs.model.tables import Table

EXPECTED = 30  # records a month; with fewer, a month without any is ordinary
AROUND = 3  # months before and after that say how many to expect
TENFOLD = 8  # times more or fewer; seasons and campaigns stay below it
YEAR = 12


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
