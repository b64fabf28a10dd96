"""What rows must be to each other, across files: what must not enter, and what is likely wrong.

rows                what each row must obey: the rules of its table, not after the cut-off, a return in the span of its metric
duplicates          rows whose key was there before
suspicious_returns  the 万 slip, last year's figures sent again, months between others
monthly_counts      months with too few or too many records
"""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.ingest import cumulative
from city_briefs.analysis.ingest.checks import duplicates, monthly_counts, rows, suspicious_returns
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation import findings
from city_briefs.analysis.validation.finding import Finding, RuleFindings, limit_findings
from city_briefs.common.regions import Regions
from city_briefs.model.tables import COVERAGE, RETURNS


def reject_errors(staging: StagingArea, regions: Regions, day: date) -> list[RuleFindings]:
    """Every error among the staged rows, whose rows are rejected now. `day` is the cut-off of a source that declares no period."""
    found: list[RuleFindings] = []
    for table in staging.tables:
        found += rows.errors(staging, table, regions, day)
        found += duplicates.errors(staging, table, *(("span",) if table is RETURNS else ()))
    if RETURNS in staging:
        found += cumulative.monthly_from_cumulative(staging)
        found += duplicates.errors(staging, RETURNS)
    return found


def warnings(staging: StagingArea, regions: Regions, coverage: pa.Table) -> list[Finding]:
    """What is likely wrong with the rows that are left, and with what they are to each other."""
    found: list[RuleFindings] = []
    for table in staging.tables:
        found += rows.before_declared_period(staging, table)
        found += monthly_counts.monthly_count_findings(staging, table)
    if RETURNS in staging:
        found += suspicious_returns.suspicious_return_findings(staging)
    file = staging.folder / "coverage.parquet"
    pq.write_table(coverage, file)  # a table in memory is looked at by pandera, whose import alone takes long
    # Repeated keys were kept out.
    return [
        *staging.with_source_places(findings({**staging.tables, COVERAGE: file}, regions, unique=staging.tables)),
        *limit_findings(found),
    ]
