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
from city_briefs.analysis.ingest.staging import Stage
from city_briefs.analysis.validation import findings
from city_briefs.analysis.validation.finding import Faults, Finding, listed
from city_briefs.common.regions import Regions
from city_briefs.model.tables import COVERAGE, RETURNS


def keep_out(stage: Stage, regions: Regions, day: date) -> list[Faults]:
    """Every error among the staged rows, whose rows are rejected now. `day` is the cut-off of a source that declares no period."""
    found: list[Faults] = []
    for table in stage.tables:
        found += rows.errors(stage, table, regions, day)
        found += duplicates.errors(stage, table, *(("span",) if table is RETURNS else ()))
    if RETURNS in stage:
        found += cumulative.differenced(stage)
        found += duplicates.errors(stage, RETURNS)
    return found


def warnings(stage: Stage, regions: Regions, coverage: pa.Table) -> list[Finding]:
    """What is likely wrong with the rows that are left, and with what they are to each other."""
    found: list[Faults] = []
    for table in stage.tables:
        found += rows.outside(stage, table)
        found += monthly_counts.faults(stage, table)
    if RETURNS in stage:
        found += suspicious_returns.faults(stage)
    file = stage.folder / "coverage.parquet"
    pq.write_table(coverage, file)  # a table in memory is looked at by pandera, whose import alone takes long
    # Repeated keys were kept out.
    return [*stage.placed(findings({**stage.tables, COVERAGE: file}, regions, unique=stage.tables)), *listed(found)]
