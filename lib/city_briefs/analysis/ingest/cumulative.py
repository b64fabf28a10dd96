"""Cumulative returns (1—11月累计): each month's own figure is the difference from the month before."""

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.rules import enforce
from city_briefs.analysis.ingest.staging import POSITION, SHEET, StagingArea
from city_briefs.analysis.validation.finding import RuleFindings
from city_briefs.analysis.validation.row_checks import RowRule
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import TO_DATE
from city_briefs.model.tables import RETURNS

HALVES = ("numerator", "denominator")
BEFORE = {half: f"{half}_before" for half in HALVES}
_RETURNED = [metric for metric in CATALOGUE.values() if metric.form not in ("latest", "cited")]
MONTHLY = [metric.id for metric in _RETURNED if metric.returned_span == "month"]
AT_END = [metric.id for metric in _RETURNED if metric.returned_span == "as_of"]
STOCKS = [metric.id for metric in _RETURNED if metric.returned_span == "as_of" and metric.form not in TO_DATE]
RATIOS = [metric.id for metric in _RETURNED if metric.form == "ratio"]


RULES = (
    RowRule(
        "cumulative gap",
        "error",
        "month",
        lambda rows: (rows.number > 1) & rows.month_before.isnull(),
        "{indicator} of {region} is the sum of January to {month}, and that to the month before was not sent. "
        "Send it too, or send every month's own figure.",
    ),
    RowRule(
        "cumulative fall",
        "warning",
        "numerator",
        lambda rows: rows.numerator < rows.numerator_before,
        "numerator is '{numerator}', below the {numerator_before} of January to {month_before} in {place_before}. A sum since "
        "January does not fall: correct the one that is wrong. The difference counts for the month.",
    ),
    RowRule(
        "cumulative fall",
        "error",
        "denominator",
        lambda rows: rows.denominator < rows.denominator_before,
        "denominator is '{denominator}', below the {denominator_before} of January to {month_before} in {place_before}. A sum since "
        "January does not fall: correct the one that is wrong.",
    ),
)


def monthly_from_cumulative(staging: StagingArea) -> list[RuleFindings]:
    """What is wrong with the cumulative returns on the staging, all of which are put down by month.

    January stands as it is, and so does what does not add up, whose sum since January is its state at the month's end. A return
    whose month before was not sent cannot be monthly_from_cumulative and is rejected. A fall of a numerator is kept, with a warning: the months
    then add up to what was sent last, and a city that corrects an earlier month falls rightly. A fall of a denominator is rejected.
    """
    rows = staging.rows(RETURNS)
    if not staging.fetch(rows.aggregate(any=(rows.span == "year_to_date").any()))[0]["any"]:
        return []
    with staging.materialized(_with_month_before(staging, rows)) as beside:
        found = enforce(staging, RETURNS, beside, RULES)
        staging.replace(RETURNS, _monthly_returns(staging.rows(RETURNS), beside))
    return found


def _with_month_before(staging: StagingArea, rows: ir.Table) -> ir.Table:
    """The cumulative returns of what adds up, each with that of the month before in the same year."""
    sums = rows.filter((rows.span == "year_to_date") & rows.indicator.isin(MONTHLY))
    sums = sums.mutate(year=sums.month.left(4), number=sums.month.right(2).cast("int64"))
    key = ["region", "indicator", "year", "number"]
    before = sums.select(
        *key[:3],
        number=sums.number + 1,
        month_before=sums.month,
        place_before=staging.row_places(sums),
        **{name: sums[half] for half, name in BEFORE.items()},
    )
    return sums.left_join(before, key).select(*sums.columns, "month_before", "place_before", *BEFORE.values())


def _monthly_returns(rows: ir.Table, beside: ir.Table) -> ir.Table:
    """All returns with the span of their metric; one that was sent both ways, and agrees, stands once."""
    known = beside.select(SHEET, ROW, sent=True, **{name: beside[name] for name in BEFORE.values()})
    joined = rows.left_join(known, [SHEET, ROW])
    own = {
        half: ibis.ifelse(joined.sent.notnull(), joined[half] - joined[name].fill_null(0), joined[half]).cast(rows[half].type())
        for half, name in BEFORE.items()
    }
    span = ibis.cases((joined.sent.notnull(), "month"), (joined.span == "year_to_date", "as_of"), else_=joined.span)
    whole = joined.mutate(**own, span=span)
    again = ibis.row_number().over(group_by=RETURNS.schema.names, order_by=POSITION)
    return whole.mutate(again=again).filter(lambda rows: rows.again == 0).order_by(POSITION)
