"""A finding: one thing that is wrong with a table, as a sentence with its place and its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from city_briefs.model.table import Table

LIMIT = 20  # findings listed per table and rule; a sender who sees twenty alike knows the fault
SHOWN = 60  # characters of a faulty value that are printed

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `row` counts from 1 in the table as given; None for what concerns no single row.

    `more` counts similar findings that are left out; only the last finding of a rule has any. A finding from ingest also has
    its place in the sender's file: `file`, `sheet` (empty without sheets) and `cell` (such as C5; empty for a whole row or
    sheet); `row` then counts as in that file.
    """

    severity: Severity
    table: str
    row: int | None
    column: str
    value: str
    rule: str
    text: str
    more: int = 0
    file: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True)
class RuleFindings:
    """The findings of one rule in one table: the first `LIMIT` or more of them, and their total number."""

    findings: list[Finding]
    total: int


def finding(severity: Severity, rule: str, table: Table, row: int | None, column: str, value: Any, sentence: str) -> Finding:
    """Return a finding whose text is the sentence, with table and row before it."""
    place = f"{table.name}, row {row}" if row else table.name
    return Finding(severity, table.name, row, column, shortened(value), rule, f"{place}: {sentence}")


def shortened(value: Any) -> str:
    """Return a value as a sentence quotes it, cut when it is long; empty for None."""
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def limit_findings(rule_findings: Iterable[RuleFindings]) -> list[Finding]:
    """Return the findings, errors first, at most `LIMIT` per table and rule; the last of a rule counts those left out."""
    groups: dict[tuple[str, str, str], RuleFindings] = {}
    for of_rule in rule_findings:
        if of_rule.findings:
            first = of_rule.findings[0]
            key = (first.severity, first.table, first.rule)
            earlier = groups.get(key, RuleFindings([], 0))
            groups[key] = RuleFindings([*earlier.findings, *of_rule.findings], earlier.total + of_rule.total)
    limited = [item for group in groups.values() for item in _first_findings(group)]
    return sorted(limited, key=lambda item: item.severity != "error")


def _first_findings(of_rule: RuleFindings) -> list[Finding]:
    """Return the first findings; the last of them counts those left out."""
    first = of_rule.findings[:LIMIT]
    if (more := of_rule.total - len(first)) > 0:
        first[-1] = replace(first[-1], text=f"{first[-1].text} {more:,} more are like it.", more=more)
    return first
