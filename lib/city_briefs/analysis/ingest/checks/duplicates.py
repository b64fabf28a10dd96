"""Rows whose key was there before, in the same file or another: the first stays."""

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.rules import enforce, quoted
from city_briefs.analysis.ingest.staging import POSITION, SHEET, StagingArea
from city_briefs.analysis.validation.finding import RuleFindings
from city_briefs.analysis.validation.row_checks import RowRule
from city_briefs.model.tables import Table

KEY, FIRST, DIFFERENCES = "key_said", "first_said", "differences_said"  # columns of a query that the sentences speak of


def errors(staging: StagingArea, table: Table, *also: str) -> list[RuleFindings]:
    """Later rows of a key; they are rejected. `also` are columns that tell rows of one key apart."""
    if not table.key:
        return []
    key = [*table.key, *also]
    rows = staging.rows(table)
    twice = rows.group_by(key).having(rows.count() > 1).aggregate(times=rows.count())
    with staging.materialized(twice) as repeated:
        if not staging.fetch(repeated.aggregate(keys=repeated.count()))[0]["keys"]:
            return []
        with staging.materialized(_later_rows(staging, table, key, rows, repeated)) as later:
            return enforce(staging, table, later, _rules(table))


def _rules(table: Table) -> list[RowRule]:
    """Two kinds of repeats: a row that was sent again, and another that claims the same key."""
    name = ", ".join(table.key)
    stands = f"{name} '{{{KEY}}}' stands in {{{FIRST}}} already"
    return [
        RowRule(
            "repeated row", "error", name, lambda rows: rows[DIFFERENCES] == "", f"{stands}, with the same values. Leave one out."
        ),
        RowRule(
            "repeated key",
            "error",
            name,
            lambda rows: rows[DIFFERENCES] != "",
            f"{stands}, where {{{DIFFERENCES}}}. Keep the one that is right.",
        ),
    ]


def _later_rows(staging: StagingArea, table: Table, key: list[str], rows: ir.Table, repeated: ir.Table) -> ir.Table:
    """Every row of a repeated key but its first, with the key, the place of the first, and how it differs, as text."""
    same = [rows[part].identical_to(repeated[part]) for part in key]
    some = rows.semi_join(repeated, same)
    first = ibis.window(group_by=key, order_by=POSITION)
    others = [name for name in table.schema.names if name not in key]
    firsts = {f"first_{name}": some[name].first(include_null=True).over(first) for name in [*others, ROW, SHEET, POSITION]}
    known = some.mutate(**firsts)
    later = known.filter(known[POSITION] != known[f"first_{POSITION}"])
    said = {
        KEY: ibis.literal(", ").join([quoted(later[part]) for part in table.key]),
        FIRST: staging.row_places(later, f"first_{SHEET}", f"first_{ROW}"),
        DIFFERENCES: _differences(later, others),
    }
    return later.mutate(**said).drop(*firsts)


def _differences(later: ir.Table, columns: list[str]) -> ir.StringValue:
    """Where a row is not as the first of its key: the columns, with both values; empty when it is in all."""
    said = [
        ibis.ifelse(
            later[name].identical_to(later[f"first_{name}"]),
            ibis.null("string"),
            ibis.literal(f"{name} is '") + quoted(later[f"first_{name}"]) + "' and here '" + quoted(later[name]) + "'",
        )
        for name in columns
    ]
    parts = ibis.array(said).filter(lambda part: part.notnull())
    return parts.join(", ").fill_null("") if columns else ibis.literal("")
