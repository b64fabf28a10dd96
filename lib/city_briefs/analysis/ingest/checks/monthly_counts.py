"""Months in which a region has far fewer or far more records than around them: a file that is missing, or was made otherwise."""

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
    """What the numbers of records by region and month show."""
    when = main_date(table)
    if table not in COUNTED or when is None:
        return
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in monthly_counts_by_sheet(staging, table):
        counts[row["region"]][month_number(row["month"])] += row["count"]
    found = [one for region, known in sorted(counts.items()) for one in _region_findings(table, when, region, known)]
    for rule in ("month missing", "records of a month"):
        some = [one for one in found if one.rule == rule]
        yield RuleFindings(some, len(some))


def _region_findings(table: Table, when: str, region: str, counts: Counter[int]) -> Iterator[Finding]:
    """The months of one region that differ from the months around them, and from the same month of the years beside."""
    first, last = min(counts), max(counts)
    for number in range(first, last + 1):
        usual = round(median(counts[other] for other in range(number - AROUND, number + AROUND + 1) if other != number))
        count, name = counts[number], month_name(number)
        beside = [counts[other] for other in (number - YEAR, number + YEAR) if first <= other <= last]
        if usual < EXPECTED or any(_are_similar(count, other) for other in (usual, *beside)):
            continue
        says = f"{region} has {count:,} rows for {name} ({when}), where the months around it have about {usual:,}."
        if count == 0:
            says = f"{says} Send the rows of that month, if there are any."
            yield finding("warning", "month missing", table, None, when, name, says)
        else:
            says = f"{says} See whether rows are missing, or stand there that belong elsewhere."
            yield finding("warning", "records of a month", table, None, when, count, says)


def _are_similar(one: int, other: int) -> bool:
    """Whether two numbers of records are of one order; what comes once a year is like the year before."""
    return max(one, other) < TENFOLD * max(min(one, other), 1)
