"""Numbers whose unit differs by row: by the metric of the row, and by a column of units (计量单位)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.match_headers import HeaderMatch
from city_briefs.analysis.ingest.misfit import Misfit
from city_briefs.analysis.ingest.parse_columns import ColumnParser, ParsedColumn, text
from city_briefs.analysis.ingest.units import ONE, PERCENT, Unit
from city_briefs.analysis.validation.finding import SHOWN, shortened
from city_briefs.metrics import CATALOGUE
from city_briefs.model.table import Column, Table
from city_briefs.model.tables import PARAMETERS

GROWTH = "yoy"  # a view whose numbers are percent, whatever the metric
SEPARATOR = "\x1f"
ASKED = "（单位？）"  # what a rejected number is followed by whose unit is not known


@dataclass(frozen=True)
class RowUnit:
    """How the numbers of some rows were sent: in `unit`, for numbers that the tables have in `base`, empty when not known.

    `misfit` says why their unit is none, None when it is one. `word` is what their unit was sent as.
    """

    base: str
    unit: Unit = ONE
    misfit: Misfit | None = None
    word: str = ""


@dataclass(frozen=True)
class RowKeys:
    """What the unit of the numbers of a row depends on.

    `values` has a row for each of the batch, with `metric` (the id, or null), `view`, `base` (the unit of the tables where no
    metric tells it), and `unit` (that of the row as it was sent). `has_unit_column` says that there is a column of units.
    `other_bases` are the units in the tables of all number columns that were sent.
    """

    values: pa.Table
    has_unit_column: bool
    other_bases: frozenset[str]


def parse_by_row(
    table: Table,
    header: HeaderMatch,
    parsers: Mapping[Column, ColumnParser],
    batch: pa.RecordBatch,
    sent: Mapping[str, pa.Array],
    cells: Mapping[str, ParsedColumn],
) -> dict[str, ParsedColumn]:
    """Return the columns of numbers whose unit differs by row, parsed in the unit of each row.

    `cells` are all columns, parsed in the units of the tables. Where that left no misfit, and no unit is stated, it stands.
    """
    metric, empty = units.metric_column(table), pa.nulls(len(batch), pa.string())
    numbers = [
        column for column in parsers if units.is_number(column) and column.name != "year" and column.name in header.columns
    ]
    other_bases = frozenset(base for column in numbers if (base := units.base(column)))
    parsed: dict[str, ParsedColumn] = {}
    for column in numbers:
        stated, has_base = header.columns[column.name].stated, bool(units.base(column))
        in_doubt = bool(stated or cells[column.name].misfits) and not has_base
        if not in_doubt and header.unit_column is None:
            continue
        values = {
            "metric": cells[metric].values if metric else empty,
            "view": cells["view"].values if metric and "view" in cells else empty,
            "base": cells["unit"].values if table is PARAMETERS else pa.repeat(units.base(column), len(batch)),
            "unit": text(batch[header.unit_column.raw_name]) if header.unit_column else empty,
        }
        keys = RowKeys(pa.table(values), header.unit_column is not None, other_bases)
        parsed[column.name] = parse(replace(parsers[column], unit=ONE), sent[column.name], stated, keys)
    return parsed


def parse(parser: ColumnParser, sent: pa.Array, stated: Sequence[Unit], keys: RowKeys) -> ParsedColumn:
    """Parse the numbers of one batch, those of each metric and unit together. `stated` are the units given for the column."""
    parts_of_key = [
        pc.replace_substring(pc.fill_null(column.combine_chunks(), ""), SEPARATOR, "") for column in keys.values.columns
    ]
    encoded = pc.binary_join_element_wise(*parts_of_key, SEPARATOR).dictionary_encode()
    order = pc.array_sort_indices(encoded.indices)
    grouped, sent_in_order = encoded.indices.take(order), text(sent).take(order)
    counts = {item["values"]: item["counts"] for item in pc.value_counts(grouped).to_pylist()}
    parts, start = list[ParsedColumn](), 0
    for number, key in enumerate(encoded.dictionary.to_pylist()):
        group = sent_in_order.slice(start, counts[number])
        parts.append(_parse_group(parser, group, _row_unit(parser.column, *key.split(SEPARATOR), stated=stated, keys=keys)))
        start += counts[number]
    return _joined(parts, pc.array_sort_indices(order))


def _row_unit(
    column: Column, metric_id: str, view: str, base: str, sent: str, *, stated: Sequence[Unit], keys: RowKeys
) -> RowUnit:
    """Return the unit of the numbers of some rows."""
    metric = CATALOGUE.get(metric_id)
    is_half = metric is not None and metric.form == "ratio" and not view
    if metric:
        base = PERCENT if view == GROWTH else "" if is_half else metric.unit
    given = tuple(stated)
    if keys.has_unit_column:
        if not sent.strip():
            return _misfit(base, "Its unit is empty. Write the unit of every row.", ASKED)
        known = units.named(sent)
        if known is None:
            return _misfit(base, f"Its unit '{shortened(sent)}' is not known. Write it as 元, 万元, 户 or 件.", ASKED)
        if not metric and units.converted(known, base) is None and _fits_another(known, keys):
            given = tuple(stated)
        elif any(units.converted(unit, base) != units.converted(known, base) for unit in stated):
            words = f"{stated[0].name} by its heading or the lines around the table, and {sent} by the column of units"
            return _misfit(base, f"Its unit is {words}. Correct the one that is wrong.", ASKED)
        else:
            given = (known,)
    if not given:
        return RowUnit(base)
    words = "、".join(unit.name for unit in given)
    if is_half and all(unit.factor == 1 for unit in given):
        return RowUnit("")
    if not base and not metric and len(given) == 1:  # a total, or a metric that is not known
        return RowUnit(given[0].base, given[0], word=words)
    fitting = list(dict.fromkeys(unit for named in given if (unit := units.converted(named, base))))
    if len(fitting) == 1:
        return RowUnit(base, fitting[0], word="" if fitting[0].factor == 1 else fitting[0].name)
    name = metric_id or column.name
    counted = (
        f"{name} is counted in {base}"
        if base
        else f"{name} is a ratio of two numbers"
        if metric
        else f"that of {name} is not known"
    )
    return _misfit(base, f"Its unit is {words}, and {counted}. Write the unit beside the number.", words)


def _misfit(base: str, remedy: str, word: str) -> RowUnit:
    """Return the unit of rows that is none."""
    return RowUnit(base, ONE, Misfit("unit", remedy), word)


def _fits_another(known: Unit, keys: RowKeys) -> bool:
    """Return whether the unit of a row is that of another of its numbers."""
    return any(units.converted(known, base) for base in keys.other_bases)


def _parse_group(parser: ColumnParser, sent: pa.Array, of_rows: RowUnit) -> ParsedColumn:
    """Parse the numbers of rows that have one unit."""
    words = pa.repeat(of_rows.word, len(sent)) if of_rows.word else pa.nulls(len(sent), pa.string())
    misfit = of_rows.misfit
    if misfit is None:
        return replace(replace(parser, base=of_rows.base, unit=of_rows.unit)(sent), units=words)
    filled = pc.fill_null(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(sent)), 0), False)
    shown = pc.if_else(
        pc.greater(pc.utf8_length(sent), SHOWN),
        pc.binary_join_element_wise(pc.utf8_slice_codeunits(sent, 0, SHOWN), "…", ""),
        sent,
    )
    says = pc.binary_join_element_wise(f"{parser.column.name} is '", shown, f"'. {misfit.remedy}", "")
    sentences = pc.if_else(filled, says, pa.scalar(None, pa.string()))
    return ParsedColumn(pa.nulls(len(sent), parser.column.field.type), {misfit.rule: sentences}, units=words)


def _joined(parts: Sequence[ParsedColumn], order: pa.Array) -> ParsedColumn:
    """Return parts as one column, in this order."""
    rules = dict.fromkeys(rule for part in parts for rule in part.misfits)

    def column(arrays: Sequence[pa.Array]) -> pa.Array:
        return pa.chunked_array(arrays).combine_chunks().take(order)

    misfits = {
        rule: column([part.misfits.get(rule, pa.nulls(len(part.values), pa.string())) for part in parts]) for rule in rules
    }
    return ParsedColumn(column([part.values for part in parts]), misfits, units=column([part.units for part in parts]))
