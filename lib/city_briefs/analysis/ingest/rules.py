"""Rules over staged rows: which rows break them, and the sentence for each of these rows."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from string import Formatter

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.ingest.batch import REASON
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.staging import POSITION, REPEATED, SHEET, StagingArea
from city_briefs.analysis.validation.finding import LIMIT, SHOWN, RuleFindings
from city_briefs.analysis.validation.row_checks import RowRule
from city_briefs.model.table import Table

VALUE = "value_said"  # the column of a query that holds what a finding quotes


def enforce(staging: StagingArea, table: Table, rows: ir.Table, rules: Iterable[RowRule]) -> list[RuleFindings]:
    """Apply rules to staged rows of a table, and return the findings. A row that breaks a rule of severity error is rejected.

    `rows` may have further columns, for the conditions and sentences of the rules.
    """
    rules = list(rules)
    if not rules:
        return []
    sums = {str(number): rule.broken(rows).sum().fill_null(0) for number, rule in enumerate(rules)}
    counts = staging.fetch(rows.aggregate(**sums))[0].values()
    broken = [(rule, _broken_rows(table, rows, rule), count) for rule, count in zip(rules, counts, strict=True) if count]
    rule_findings = [_rule_findings(staging, rule, sentences, count) for rule, sentences, count in broken]
    errors = [
        sentences.select(POSITION, REASON, **{REPEATED: ibis.literal(rule.lossless)})
        for rule, sentences, _ in broken
        if rule.severity == "error"
    ]
    if errors:
        staging.reject(table, ibis.union(*errors) if len(errors) > 1 else errors[0])
    return rule_findings


def _broken_rows(table: Table, rows: ir.Table, rule: RowRule) -> ir.Table:
    """Return the rows that break a rule: POSITION, SHEET, ROW, VALUE (as text) and REASON (the sentence)."""
    broken = rows.filter(rule.broken(rows))
    value = quoted(broken[rule.column]) if rule.column in broken.columns else ibis.null("string")
    return broken.select(POSITION, SHEET, ROW, value.name(VALUE), _sentence(table, broken, rule.says).name(REASON))


def _rule_findings(staging: StagingArea, rule: RowRule, sentences: ir.Table, count: int) -> RuleFindings:
    """Return the first findings of a rule, and how many there are."""
    first = staging.fetch(sentences.order_by(POSITION).limit(LIMIT))
    return RuleFindings(
        [
            staging.sheet_of(row).finding(rule.severity, rule.rule, row[ROW], rule.column, row[VALUE], row[REASON])
            for row in first
        ],
        count,
    )


def _sentence(table: Table, rows: ir.Table, template: str) -> ir.StringValue:
    """Return the template filled in for every row; long values of the table are shortened."""
    parts: list[ir.StringValue] = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(ibis.literal(text))
        if name:
            value = quoted(rows[name])
            cut = ibis.ifelse(value.length() > SHOWN, value.left(SHOWN).concat("…"), value)
            parts.append(cut if name in table.schema.names else value)
    return reduce(add, parts)


def quoted(value: ir.Value) -> ir.StringValue:
    """Return a value as a sentence quotes it: empty for null, a decimal without trailing zeros."""
    text = value.cast("string").fill_null("")
    return text.re_replace(r"\.?0+$", "") if value.type().is_decimal() else text
