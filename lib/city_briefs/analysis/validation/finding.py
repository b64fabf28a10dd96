"""What can be said of a table: one finding, and how many of a kind are listed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from city_briefs.model.tables import Table

LIMIT = 20  # findings listed per table and rule; a sender who sees twenty alike knows the fault
SHOWN = 60  # characters of a faulty value that are printed

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `row` counts from 1 in the table as given, and is None for what concerns no single row.

    `more` is how many are like it and not listed; only the last of a rule has any. What came through the door also has the place
    where its sender finds it: `file`, `sheet` (empty for what has none) and `cell` (such as C5; empty for a whole row or sheet), and
    then `row` counts as that file does.
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
    """The findings of one rule in one table, the first `LIMIT` of them at least, and how many there are in all."""

    findings: list[Finding]
    total: int


def finding(severity: Severity, rule: str, table: Table, row: int | None, column: str, value: Any, says: str) -> Finding:
    """A finding whose text is `says` with its place before it; `says` starts where the subject is already named."""
    place = f"{table.name}, row {row}" if row else table.name
    return Finding(severity, table.name, row, column, shortened(value), rule, f"{place}: {says}")


def shortened(value: Any) -> str:
    """A value as a sentence quotes it, cut when it is long; empty for none."""
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def limit_findings(faults: Iterable[RuleFindings]) -> list[Finding]:
    """All findings, errors first, at most `LIMIT` per table and rule; the last of these says how many more there are."""
    groups: dict[tuple[str, str, str], RuleFindings] = {}
    for some in faults:
        if some.findings:
            first = some.findings[0]
            key = (first.severity, first.table, first.rule)
            known = groups.get(key, RuleFindings([], 0))
            groups[key] = RuleFindings([*known.findings, *some.findings], known.total + some.total)
    found = [one for group in groups.values() for one in _first_findings(group)]
    return sorted(found, key=lambda one: one.severity != "error")


def _first_findings(faults: RuleFindings) -> list[Finding]:
    """The first of them; what is left out is said."""
    found = faults.findings[:LIMIT]
    if (more := faults.total - len(found)) > 0:
        found[-1] = replace(found[-1], text=f"{found[-1].text} {more:,} more are like it.", more=more)
    return found
