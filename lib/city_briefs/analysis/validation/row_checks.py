"""Row checks: rules on single rows, as data, counted in one scan of the table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import Finding, RuleFindings, Severity, finding, shortened
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.common.regions import Regions
from city_briefs.model.table import DATE, DECIMAL, INT, Table
from city_briefs.model.tables import COMPLAINTS, ELEVATOR_RESCUES, PERSONS_FREED, POPULATION, RETURNS

INHABITANTS = (1, 2_000_000_000)
MONTH = r"^(19|2\d)\d\d-(0[1-9]|1[0-2])$"  # the years that a period may have
SIGNED = {(RETURNS, "numerator")}  # a net figure, such as net_new_entities, may be below zero; a warning

Condition = Callable[[ir.Table], ir.BooleanValue]


@dataclass(frozen=True)
class RowRule:
    """A rule on rows: its name, severity and column, the condition under which a row breaks it, and the sentence to say.

    `says` is a template with the names of columns. A row that breaks a `lossless` rule is missing in no number: an equal one is
    counted.
    """

    rule: str
    severity: Severity
    column: str
    broken: Condition
    says: str
    lossless: bool = False


def row_rules(table: Table, regions: Regions) -> Iterator[RowRule]:
    """Yield all rules of a table, most of them derived from the names and types of its columns."""
    for column in table.columns:
        name, text = column.name, f"{column.name} is '{{{column.name}}}'."
        if name == "region":
            remedy = "It is not in regions.csv: add it there, or count the row under a region that is."
            yield RowRule("known region", "error", name, _is_none_of(name, list(regions.by_code)), f"{text} {remedy}")
        elif name == "month":
            yield RowRule("month", "error", name, _is_no_month(name), f"{text} Write it as YYYY-MM, such as 2021-02.")
        elif column.type == DATE:
            remedy = f"A year lies between {FIRST_YEAR} and {LAST_YEAR}; a date that is not known is left empty."
            yield RowRule("possible date", "error", name, _is_impossible_date(name), f"{text} {remedy}")
        elif column.type == INT or DECIMAL.fullmatch(column.type):
            severity: Severity = "warning" if (table, name) in SIGNED else "error"
            yield RowRule(
                "not negative", severity, name, _is_negative(name), f"{text} It cannot be below zero: correct the number."
            )
            if name == "year":
                remedy = f"A year lies between {FIRST_YEAR} and {LAST_YEAR}."
                yield RowRule("possible year", "error", name, _is_outside(name, (FIRST_YEAR, LAST_YEAR)), f"{text} {remedy}")
    for before, after in table.order:
        text = f"{after} {{{after}}} is before {before} {{{before}}}. Correct the one that is wrong."
        yield RowRule("dates in order", "error", after, _is_before(after, before), text)
    yield from TABLE_RULES.get(table, ())


def _is_none_of(name: str, words: list[str]) -> Condition:
    """Return the condition that a value is none of these words."""
    return lambda rows: ~rows[name].isin(words)


def _is_no_month(name: str) -> Condition:
    """Return the condition that a text is no month."""
    return lambda rows: ~rows[name].re_search(MONTH)


def _is_impossible_date(name: str) -> Condition:
    """Return the condition that a year is out of range."""
    return lambda rows: ~rows[name].between(ibis.date(FIRST_YEAR, 1, 1), ibis.date(LAST_YEAR, 12, 31))


def _is_negative(name: str) -> Condition:
    """Return the condition that a number is below zero."""
    return lambda rows: rows[name] < 0


def _is_outside(name: str, ends: tuple[int, int]) -> Condition:
    """Return the condition that a number is not below zero, and less than the first or more than the second of two."""
    return lambda rows: (rows[name] >= 0) & ~rows[name].between(*ends)


def _is_before(name: str, other: str) -> Condition:
    """Return the condition that one date is before another."""
    return lambda rows: rows[name] < rows[other]


# Rules of single tables.
TABLE_RULES: dict[Table, tuple[RowRule, ...]] = {
    POPULATION: (
        RowRule(
            "possible population",
            "error",
            "persons",
            _is_outside("persons", INHABITANTS),
            f"persons is '{{persons}}'. A region has {INHABITANTS[0]} to {INHABITANTS[1]:,} inhabitants: correct the number or its unit.",
        ),
    ),
    ELEVATOR_RESCUES: (
        RowRule(
            "persons per rescue",
            "warning",
            "persons",
            lambda rows: (rows.persons >= 0) & ~rows.persons.between(*PERSONS_FREED),
            f"persons is {{persons}}. A rescue frees {PERSONS_FREED[0]} to {PERSONS_FREED[1]}: correct the number, or split the row.",
        ),
    ),
    COMPLAINTS: (
        RowRule(
            "recovered when closed",
            "warning",
            "recovered_yuan",
            lambda rows: rows.recovered_yuan.notnull() & rows.closed_on.isnull(),
            "recovered_yuan is {recovered_yuan} and closed_on is empty, so it is in no month. Give the day on which it was closed.",
        ),
    ),
}


def row_findings(contents: DuckDBTables, table: Table, regions: Regions) -> Iterator[RuleFindings]:
    """Yield the findings on the rows of a table."""
    rules = list(row_rules(table, regions))
    if not rules:
        return
    rows = contents.rows(table)
    for rule, count in zip(rules, contents.counts(table, [rule.broken(rows) for rule in rules]), strict=True):
        if count:
            yield RuleFindings([_finding(rule, table, row) for row in contents.first(rows.filter(rule.broken(rows)), ROW)], count)


def _finding(rule: RowRule, table: Table, row: dict[str, Any]) -> Finding:
    """Return the finding on one row."""
    sentence = rule.says.format_map({name: shortened(value) for name, value in row.items()})
    return finding(rule.severity, rule.rule, table, row[ROW], rule.column, row[rule.column], sentence)
