"""What the rows of a table must obey among themselves: keys that stand once, and references that lead somewhere."""

from collections.abc import Iterator
from functools import reduce

import ibis.expr.types as ir

from lib.findings.contents import ROW, Contents
from lib.findings.finding import LIMIT, Faults, Severity, finding
from lib.tables import RETURNS, Table


def repeated(contents: Contents, table: Table) -> Iterator[Faults]:
    """Every row of a key that stands more than once. A key of which a required part is empty is none."""
    rows = contents.get(table.name)
    if rows is None or not table.key:
        return
    required = [column.name for column in table.columns if column.required and column.name in table.key]
    keyed = rows.drop_null(required)
    groups = keyed.group_by(table.key).aggregate(times=keyed.count()).filter(lambda group: group.times > 1)
    _, keys = contents.first(groups, *table.key)
    if not keys:
        return
    # Only now are row numbers gathered per key, which costs more than counting them.
    gathered = keyed.group_by(table.key).aggregate(times=keyed.count(), rows=keyed[ROW].collect(), least=keyed[ROW].min())
    worst, _ = contents.first(gathered.filter(lambda group: group.times > 1), "least")
    severity: Severity = "warning" if table is RETURNS else "error"
    name = ", ".join(table.key)
    found = []
    for group in worst:
        value = ", ".join(str(group[part]) for part in table.key)
        says = f"{name} '{value}' stands in {group['times']} rows. " + (
            "The figure counts as not known until one is left." if table is RETURNS else "Keep the one that is right."
        )
        found += [finding(severity, "unique", table, row, name, value, says) for row in sorted(group["rows"])[:LIMIT]]
    yield Faults(found[:LIMIT], contents.total(groups.times))
