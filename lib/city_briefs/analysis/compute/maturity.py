"""Maturity: for how many years outcomes had been known, so that two years are compared at the same distance from their end.

An outcome that comes later than the case, such as the settlement of a complaint, is pending for a while. The last day of a region is
that of the last month that it covers. What was known a year before is what was decided up to the same calendar day of that year.

An outcome that a flag says, a column of yes or no, and nothing dates cannot be put back so. Of it the rows are counted that have no
answer yet.
"""

from collections.abc import Iterable
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from city_briefs.analysis.compute.dimensions import PENDING
from city_briefs.common.periods import Period
from city_briefs.model.metric import Derived, Metric, Rows
from city_briefs.model.table import Table


def with_years_known(rows: ir.Table, decided: str, covered: Iterable[tuple[str, str]]) -> ir.Table:
    """Return rows with the column `part`: for how many full years an outcome was known on the last day of its region, or PENDING.

    `rows` has the columns region and `decided`, the date of the outcome. `covered` are the pairs of region code and month that are
    covered; rows of a region that covers nothing are left out. Of a last day of 29 February a full year ends on the 28th.
    """
    last_months: dict[str, str] = {}
    for code, month in covered:
        last_months[code] = max(month, last_months.get(code, ""))
    ends = {code: Period(int(month[:4]), int(month[5:])).end for code, month in last_months.items()}
    last_days = pa.table(
        {
            "region": pa.array(list(ends), pa.string()),
            "last_year": pa.array([day.year for day in ends.values()], pa.int64()),
            "last_day": pa.array([day.month * 100 + day.day for day in ends.values()], pa.int64()),
        }
    )
    rows = rows.join(ibis.memtable(last_days), "region")
    day = rows[decided]
    later = (day.month().cast("int64") * 100 + day.day().cast("int64") > rows.last_day).ifelse(1, 0)
    years = rows.last_year - day.year().cast("int64") - later
    known = (years >= 0).ifelse(years.cast("string"), PENDING)
    return rows.mutate(part=known.fill_null(PENDING)).drop("last_year", "last_day")


def source_of(rows: Rows) -> Table:
    """Return the table that has the flag: the first of derived rows, which may have been chosen by it."""
    return rows.sources[0] if isinstance(rows, Derived) else rows


def regardless(metric: Metric) -> Metric:
    """Return the flow of the rows that a metric would count if the flag `undated` of every row said yes.

    Of derived rows it counts all rows of their source. Of different values it counts the rows that have one.
    """
    is_derived = isinstance(metric.rows, Derived)
    assert metric.rows

    def count(rows: ir.Table) -> ir.Value:
        if is_derived:
            return rows.count()
        yes = {rows[metric.undated].op(): ibis.literal(True).op()}
        counted: ir.Value = metric.expression(rows).op().replace(yes).to_expr()
        return counted if metric.form == "flow" else rows.count(where=counted.notnull())

    return replace(metric, form="flow", function=count, rows=source_of(metric.rows))
