"""Cumulative returns (1—11月累计): the figure of a month is the difference from the month before."""

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
    """Replace the staged cumulative returns by monthly ones, and return the findings.

    The figure of January stays. A metric that does not add up over months keeps its figure, as the state at the end of the
    month. A return is rejected when the month before was not sent. A numerator that falls is kept with a warning, so that the
    months add up to the last figure that was sent: a city that corrects an earlier month may rightly fall. A denominator that
    falls is rejected.
    """
    rows = staging.rows(RETURNS)
    if not staging.fetch(rows.aggregate(any=(rows.span == "year_to_date").any()))[0]["any"]:
        return []
    with staging.materialized(_with_month_before(staging, rows)) as with_before:
        rule_findings = enforce(staging, RETURNS, with_before, RULES)
        staging.replace(RETURNS, _monthly_returns(staging.rows(RETURNS), with_before))
    return rule_findings


def _with_month_before(staging: StagingArea, rows: ir.Table) -> ir.Table:
    """Return the cumulative returns of metrics that add up, each joined with the same return of the month before in its year."""
    cumulative = rows.filter((rows.span == "year_to_date") & rows.indicator.isin(MONTHLY))
    cumulative = cumulative.mutate(year=cumulative.month.left(4), number=cumulative.month.right(2).cast("int64"))
    key = ["region", "indicator", "year", "number"]
    before = cumulative.select(
        *key[:3],
        number=cumulative.number + 1,
        month_before=cumulative.month,
        place_before=staging.row_places(cumulative),
        **{name: cumulative[half] for half, name in BEFORE.items()},
    )
    return cumulative.left_join(before, key).select(*cumulative.columns, "month_before", "place_before", *BEFORE.values())


def _monthly_returns(rows: ir.Table, with_before: ir.Table) -> ir.Table:
    """Return all returns with the span of their metric; equal rows, sent both ways, are kept once."""
    sums_before = with_before.select(SHEET, ROW, sent=True, **{name: with_before[name] for name in BEFORE.values()})
    joined = rows.left_join(sums_before, [SHEET, ROW])
    monthly = {
        half: ibis.ifelse(joined.sent.notnull(), joined[half] - joined[name].fill_null(0), joined[half]).cast(rows[half].type())
        for half, name in BEFORE.items()
    }
    span = ibis.cases((joined.sent.notnull(), "month"), (joined.span == "year_to_date", "as_of"), else_=joined.span)
    all_returns = joined.mutate(**monthly, span=span)
    repeats = ibis.row_number().over(group_by=RETURNS.schema.names, order_by=POSITION)
    return all_returns.mutate(again=repeats).filter(lambda rows: rows.again == 0).order_by(POSITION)
