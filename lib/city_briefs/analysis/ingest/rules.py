"""A rule over staged rows: which of them break it, and what each of these is told."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from string import Formatter

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.staging import POSITION, SHEET, StagingArea
from city_briefs.analysis.validation.finding import LIMIT, SHOWN, RuleFindings
from city_briefs.analysis.validation.row_checks import RowRule
from city_briefs.model.tables import Table

VALUE = "value_said"  # the column of a query that holds what a finding quotes


def enforce(staging: StagingArea, table: Table, rows: ir.Table, rules: Iterable[RowRule]) -> list[RuleFindings]:
    """What breaks the rules among staged rows of a table; a row that breaks one whose severity is error is rejected.

    `rows` may have further columns for the rules to speak of.
    """
    rules = list(rules)
    if not rules:
        return []
    sums = {str(number): rule.broken(rows).sum().fill_null(0) for number, rule in enumerate(rules)}
    counts = staging.fetch(rows.aggregate(**sums))[0].values()
    broken = [(rule, _broken_rows(table, rows, rule), count) for rule, count in zip(rules, counts, strict=True) if count]
    found = [_rule_findings(staging, rule, told, count) for rule, told, count in broken]
    if errors := [told.select(POSITION, REASON) for rule, told, _ in broken if rule.severity == "error"]:
        staging.reject(table, ibis.union(*errors) if len(errors) > 1 else errors[0])
    return found


def _broken_rows(table: Table, rows: ir.Table, rule: RowRule) -> ir.Table:
    """The rows that break a rule, with what each is told."""
    wrong = rows.filter(rule.broken(rows))
    value = quoted(wrong[rule.column]) if rule.column in wrong.columns else ibis.null("string")
    return wrong.select(POSITION, SHEET, ROW, value.name(VALUE), _sentence(table, wrong, rule.says).name(REASON))


def _rule_findings(staging: StagingArea, rule: RowRule, told: ir.Table, count: int) -> RuleFindings:
    first = staging.fetch(told.order_by(POSITION).limit(LIMIT))
    return RuleFindings(
        [
            staging.sheet_of(row).finding(rule.severity, rule.rule, row[ROW], rule.column, row[VALUE], row[REASON])
            for row in first
        ],
        count,
    )


def _sentence(table: Table, rows: ir.Table, template: str) -> ir.StringValue:
    """A template of columns, filled for every row; a long value of the table is cut, as `shortened` cuts it."""
    parts: list[ir.StringValue] = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(ibis.literal(text))
        if name:
            value = quoted(rows[name])
            cut = ibis.ifelse(value.length() > SHOWN, value.left(SHOWN).concat("…"), value)
            parts.append(cut if name in table.schema.names else value)
    return reduce(add, parts)


def quoted(value: ir.Value) -> ir.StringValue:
    """A value as a sentence quotes it: empty for none, a decimal without the zeros that only its type gives it."""
    text = value.cast("string").fill_null("")
    return text.re_replace(r"\.?0+$", "") if value.type().is_decimal() else text
