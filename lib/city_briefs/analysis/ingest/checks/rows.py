"""Rows checked one by one: the rules of their table, and the period that their source reports."""

from collections.abc import Callable, Iterator
from datetime import date

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.ingest.coverage import main_date
from city_briefs.analysis.ingest.cumulative import AT_END, MONTHLY, RATIOS, STOCKS
from city_briefs.analysis.ingest.rules import enforce
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.staging import SHEET, StagingArea
from city_briefs.analysis.validation.finding import RuleFindings
from city_briefs.analysis.validation.row_checks import Condition, RowRule, row_rules
from city_briefs.common.periods import Period
from city_briefs.common.regions import Regions
from city_briefs.model.table import DATE, Table
from city_briefs.model.tables import RETURNS

AHEAD = ("due_on", "effective_from")  # dates that may be later than the day on which they were sent
FIRST, LAST, CUT_OFF = (
    "first_month",
    "last_day",
    "cut_off",
)  # columns of a query, with the period that the source of a row reports


def errors(staging: StagingArea, table: Table, regions: Regions, day: date) -> list[RuleFindings]:
    """Reject the rows that break a rule, and return the findings. `day` is the cut-off date of a source without a period."""
    rows = staging.rows(table)
    last_days = {sheet: _last_day(sheet) or day for sheet in staging.sheets}
    cut_off_texts = {
        sheet: f"{last_days[sheet]}, the {'last day of the declared period' if sheet.source.period else 'day on which it was sent'}"
        for sheet in staging.sheets
    }
    rows = rows.mutate(
        **{LAST: _value_by_sheet(staging, rows, last_days.get), CUT_OFF: _value_by_sheet(staging, rows, cut_off_texts.get)}
    )
    rules = [rule for rule in row_rules(table, regions) if rule.severity == "error"]
    return enforce(staging, table, rows, [*rules, *_cut_off_rules(table), *(_metric_rules() if table is RETURNS else ())])


def before_declared_period(staging: StagingArea, table: Table) -> list[RuleFindings]:
    """Return the warnings on rows from before the declared period of their source; these rows are kept."""
    date_column = main_date(table)
    declared = [sheet for sheet in staging.sheets if sheet.source.period and sheet.source.table is table]
    if date_column is None or not declared:
        return []
    rows = staging.rows(table)
    first = _value_by_sheet(staging, rows, lambda sheet: sheet.source.period[0] if sheet.source.period else None)
    sentence = (
        f"{date_column} is '{{{date_column}}}', before {{{FIRST}}}, the first month of the declared period. "
        "Correct it, or declare it earlier."
    )
    # As text, in which every day of a month is after the month.
    rule = RowRule(
        "declared period", "warning", date_column, lambda rows: rows[date_column].cast("string") < rows[FIRST], sentence
    )
    return enforce(staging, table, rows.mutate(**{FIRST: first}), [rule])


def _last_day(sheet: SourceSheet) -> date | None:
    """Return the last day of the declared period of a sheet; None when none is declared."""
    if not sheet.source.period:
        return None
    last = sheet.source.period[1]
    return Period(int(last[:4]), int(last[5:])).end


def _value_by_sheet(staging: StagingArea, rows: ir.Table, value: Callable[[SourceSheet], object]) -> ir.Value:
    """Return an expression for a value that depends on the sheet of a row."""
    numbers_by_value: dict[object, list[int]] = {}
    for number, sheet in enumerate(staging.sheets):
        numbers_by_value.setdefault(value(sheet), []).append(number)
    if len(numbers_by_value) == 1:
        return ibis.literal(next(iter(numbers_by_value)))
    return ibis.cases(
        *((rows[SHEET].isin(numbers), ibis.literal(sheet_value)) for sheet_value, numbers in numbers_by_value.items())
    )


def _cut_off_rules(table: Table) -> Iterator[RowRule]:
    """Yield the rules that no date or month is later than the cut-off date."""
    for column in table.columns:
        name = column.name
        sentence = f"{name} is '{{{name}}}', after {{{CUT_OFF}}}. Correct it, or declare a later period."
        if column.type == DATE and name not in AHEAD:
            yield RowRule("after the cut-off", "error", name, _is_after_cut_off(name), sentence)
        elif name == "month":
            yield RowRule("after the cut-off", "error", name, lambda rows: rows.month > rows[LAST].strftime("%Y-%m"), sentence)


def _is_after_cut_off(name: str) -> Condition:
    """Return the condition that a date is later than the cut-off date."""
    return lambda rows: rows[name] > rows[LAST]


def _metric_rules() -> Iterator[RowRule]:
    """Yield the rules that a return has the span of its metric, and a denominator when the metric is a ratio."""
    says = "span is '{span}'. {indicator} is returned"
    yield RowRule(
        "span",
        "error",
        "span",
        lambda rows: (rows.span == "as_of") & rows.indicator.isin(MONTHLY),
        f"{says} for a month: write month, or year_to_date for the sum since January.",
    )
    yield RowRule(
        "span",
        "error",
        "span",
        lambda rows: (
            (rows.span == "month") & rows.indicator.isin(AT_END) | (rows.span == "year_to_date") & rows.indicator.isin(STOCKS)
        ),
        f"{says} as it stands at the end of a month: write as_of.",
    )
    yield RowRule(
        "both halves",
        "error",
        "denominator",
        lambda rows: rows.denominator.isnull() & rows.indicator.isin(RATIOS),
        "denominator is empty. {indicator} is a ratio, and is returned with both halves.",
    )
