"""What the rows of a table must be to each other and to other tables: keys that stand once, references that lead to a row."""

from collections.abc import Iterator

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import LIMIT, RuleFindings, Severity, finding, shortened
from city_briefs.model.tables import RETURNS, TABLES, Table


def repeated_keys(contents: DuckDBTables, table: Table) -> Iterator[RuleFindings]:
    """Every row of a key that stands more than once. A key of which a required part is empty is none."""
    if not table.key or contents.is_strictly_increasing(table, table.key[0]):
        return
    rows = contents.rows(table).drop_null(
        [column.name for column in table.columns if column.required and column.name in table.key]
    )
    twice = rows.group_by(table.key).aggregate(times=rows.count()).filter(lambda key: key.times > 1)
    total = contents.value(twice.times.sum())
    if not total:
        return
    # Only now, since gathering row numbers per key costs more than counting them.
    keys = rows.group_by(table.key).aggregate(times=rows.count(), rows=rows[ROW].collect(), least=rows[ROW].min())
    severity: Severity = "warning" if table is RETURNS else "error"
    remedy = "It counts as not known until one of them is left." if table is RETURNS else "Keep the one that is right."
    name, found = ", ".join(table.key), []
    for key in contents.first(keys.filter(keys.times > 1), "least"):
        value = ", ".join(shortened(key[part]) for part in table.key)
        says = f"{name} '{value}' stands in {key['times']:,} rows. {remedy}"
        found += [finding(severity, "unique", table, row, name, value, says) for row in sorted(key["rows"])[:LIMIT]]
    yield RuleFindings(found, total)


def dangling_references(contents: DuckDBTables, table: Table) -> Iterator[RuleFindings]:
    """Values that name a row of another table which is not in it; nothing is known of a table that was not given."""
    for name, (other, key) in table.references.items():
        if TABLES[other] not in contents:
            continue
        rows, known = contents.rows(table), contents.rows(TABLES[other]).view()
        lost = rows.filter(rows[name].notnull()).anti_join(known, rows[name] == known[key])
        if total := contents.value(lost.count()):
            says = f"{name} '{{}}' is in no row of {other}. Add that row to {other}, or correct the number."
            yield RuleFindings(
                [
                    finding("warning", "reference", table, row[ROW], name, row[name], says.format(shortened(row[name])))
                    for row in contents.first(lost, ROW)
                ],
                total,
            )
