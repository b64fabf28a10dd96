"""Key checks: keys that must be unique, and references to rows of other tables."""

from collections.abc import Iterator

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import LIMIT, RuleFindings, Severity, finding, shortened
from city_briefs.model.table import Table
from city_briefs.model.tables import RETURNS, TABLES


def repeated_keys(contents: DuckDBTables, table: Table) -> Iterator[RuleFindings]:
    """Yield the findings on rows whose key stands more than once. A key with an empty required part is not checked."""
    if not table.key or contents.is_strictly_increasing(table, table.key[0]):
        return
    rows = contents.rows(table).drop_null(
        [column.name for column in table.columns if column.required and column.name in table.key]
    )
    repeated = rows.group_by(table.key).aggregate(times=rows.count()).filter(lambda key: key.times > 1)
    total = contents.value(repeated.times.sum())
    if not total:
        return
    # Only now, since gathering row numbers per key costs more than counting them.
    keys = rows.group_by(table.key).aggregate(times=rows.count(), rows=rows[ROW].collect(), least=rows[ROW].min())
    severity: Severity = "warning" if table is RETURNS else "error"
    remedy = "It counts as not known until one of them is left." if table is RETURNS else "Keep the one that is right."
    name, warnings = ", ".join(table.key), []
    for key in contents.first(keys.filter(keys.times > 1), "least"):
        value = ", ".join(shortened(key[part]) for part in table.key)
        sentence = f"{name} '{value}' stands in {key['times']:,} rows. {remedy}"
        warnings += [finding(severity, "unique", table, row, name, value, sentence) for row in sorted(key["rows"])[:LIMIT]]
    yield RuleFindings(warnings, total)


def dangling_references(contents: DuckDBTables, table: Table) -> Iterator[RuleFindings]:
    """Yield the findings on values that refer to a missing row of another table; a table that was not given is not checked."""
    for name, (other, key) in table.references.items():
        if TABLES[other] not in contents:
            continue
        rows, referenced = contents.rows(table), contents.rows(TABLES[other]).view()
        dangling = rows.filter(rows[name].notnull()).anti_join(referenced, rows[name] == referenced[key])
        if total := contents.value(dangling.count()):
            sentence = f"{name} '{{}}' is in no row of {other}. Add that row to {other}, or correct the number."
            yield RuleFindings(
                [
                    finding("warning", "reference", table, row[ROW], name, row[name], sentence.format(shortened(row[name])))
                    for row in contents.first(dangling, ROW)
                ],
                total,
            )
