"""Checks across rows and files: errors, whose rows are rejected, and warnings, whose rows are kept.

rows                each row by itself: the rules of its table, dates after the cut-off, the span of a return
duplicates          rows whose key was read before
province_rows       rows of a province that are the total of its regions
suspicious_returns  a unit of 万, figures of the year before sent again, months left out
region_sizes        numbers of a region that are thousands of times those of the others
monthly_counts      months with too few or too many rows, regions with none in one month
"""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs.analysis.ingest import cumulative, rejected_months
from city_briefs.analysis.ingest.checks import duplicates, monthly_counts, region_sizes, rows, suspicious_returns
from city_briefs.analysis.ingest.rejected_months import RejectedRows
from city_briefs.analysis.ingest.silent_months import SilentMonth
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation import findings
from city_briefs.analysis.validation.finding import Finding, RuleFindings, Severity, limit_findings
from city_briefs.common.regions import Regions
from city_briefs.model.tables import COVERAGE, REJECTED, RETURNS


def reject_errors(staging: StagingArea, regions: Regions, day: date) -> list[RuleFindings]:
    """Reject every staged row with an error, and return the findings.

    `day` is the cut-off date of a source without a declared period.
    """
    rule_findings: list[RuleFindings] = []
    for table in staging.tables:
        rule_findings += rows.errors(staging, table, regions, day)
        rule_findings += duplicates.errors(staging, table, *(("span",) if table is RETURNS else ()))
    if RETURNS in staging:
        rule_findings += cumulative.monthly_from_cumulative(staging)
        rule_findings += duplicates.errors(staging, RETURNS)
    return rule_findings


def warnings(
    staging: StagingArea,
    regions: Regions,
    coverage: pa.Table,
    rejected: Sequence[RejectedRows] = (),
    silent: Sequence[SilentMonth] = (),
    *,
    strict: bool = False,
) -> list[Finding]:
    """Return the warnings on the accepted rows, among them and across tables, with their places in the files.

    A region without rows in one month of all is an error if `strict`.
    """
    rule_findings: list[RuleFindings] = []
    for table in staging.tables:
        rule_findings += rows.before_declared_period(staging, table)
        rule_findings.append(monthly_counts.silent_month_findings(table, regions, silent))
        rule_findings += monthly_counts.monthly_count_findings(staging, table)
        rule_findings += region_sizes.region_size_findings(staging, table, regions)
        severity: Severity = "error" if strict else "warning"
        rule_findings.append(monthly_counts.empty_region_findings(staging, table, regions, rejected, silent, severity))
    if RETURNS in staging:
        rule_findings += suspicious_returns.suspicious_return_findings(staging)
    contents = {COVERAGE: coverage, REJECTED: rejected_months.as_table(rejected)}
    files = {table: staging.folder / f"{table.name}.parquet" for table in contents}
    for table, file in files.items():
        pq.write_table(contents[table], file)  # a table in memory is looked at by pandera, whose import alone takes long
    # Repeated keys were kept out.
    return [
        *staging.with_source_places(findings({**staging.tables, **files}, regions, unique=staging.tables)),
        *limit_findings(rule_findings),
    ]
