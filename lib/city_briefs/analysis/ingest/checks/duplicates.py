"""Duplicates: rows whose key was read before, in the same file or in another. The first row is kept."""

import ibis
import ibis.expr.types as ir

from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.rules import enforce, quoted
from city_briefs.analysis.ingest.staging import POSITION, SHEET, StagingArea
from city_briefs.analysis.validation.finding import RuleFindings
from city_briefs.analysis.validation.row_checks import RowRule
from city_briefs.model.table import Table

KEY, FIRST, DIFFERENCES = "key_said", "first_said", "differences_said"  # columns of a query that the sentences speak of


def errors(staging: StagingArea, table: Table, *also: str) -> list[RuleFindings]:
    """Reject later rows of a key, and return the findings. `also` names further columns that tell rows of one key apart."""
    if not table.key:
        return []
    key = [*table.key, *also]
    rows = staging.rows(table)
    repeated_keys = rows.group_by(key).having(rows.count() > 1).aggregate(times=rows.count())
    with staging.materialized(repeated_keys) as repeated:
        if not staging.fetch(repeated.aggregate(keys=repeated.count()))[0]["keys"]:
            return []
        with staging.materialized(_later_rows(staging, table, key, rows, repeated)) as later:
            return enforce(staging, table, later, _rules(table))


def _rules(table: Table) -> list[RowRule]:
    """Return the two rules: an equal row was sent again, or a different row has the same key."""
    name = ", ".join(table.key)
    text = f"{name} '{{{KEY}}}' stands in {{{FIRST}}} already"
    return [
        RowRule(
            "repeated row",
            "error",
            name,
            lambda rows: rows[DIFFERENCES] == "",
            f"{text}, with the same values. Leave one out.",
            lossless=True,
        ),
        RowRule(
            "repeated key",
            "error",
            name,
            lambda rows: rows[DIFFERENCES] != "",
            f"{text}, where {{{DIFFERENCES}}}. Keep the one that is right.",
        ),
    ]


def _later_rows(staging: StagingArea, table: Table, key: list[str], rows: ir.Table, repeated: ir.Table) -> ir.Table:
    """Return every row of a repeated key but its first, with the columns KEY, FIRST and DIFFERENCES as text."""
    key_matches = [rows[part].identical_to(repeated[part]) for part in key]
    rows_of_keys = rows.semi_join(repeated, key_matches)
    first = ibis.window(group_by=key, order_by=POSITION)
    others = [name for name in table.schema.names if name not in key]
    firsts = {
        f"first_{name}": rows_of_keys[name].first(include_null=True).over(first) for name in [*others, ROW, SHEET, POSITION]
    }
    with_first = rows_of_keys.mutate(**firsts)
    later = with_first.filter(with_first[POSITION] != with_first[f"first_{POSITION}"])
    text_columns = {
        KEY: ibis.literal(", ").join([quoted(later[part]) for part in table.key]),
        FIRST: staging.row_places(later, f"first_{SHEET}", f"first_{ROW}"),
        DIFFERENCES: _differences(later, others),
    }
    return later.mutate(**text_columns).drop(*firsts)


def _differences(later: ir.Table, columns: list[str]) -> ir.StringValue:
    """Return how each row differs from the first of its key, as text with both values; empty when it does not."""
    differences = [
        ibis.ifelse(
            later[name].identical_to(later[f"first_{name}"]),
            ibis.null("string"),
            ibis.literal(f"{name} is '") + quoted(later[f"first_{name}"]) + "' and here '" + quoted(later[name]) + "'",
        )
        for name in columns
    ]
    parts = ibis.array(differences).filter(lambda part: part.notnull())
    return parts.join(", ").fill_null("") if columns else ibis.literal("")
