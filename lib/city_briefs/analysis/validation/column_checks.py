"""Types, closed lists of words and required columns, by pandera on Arrow-backed columns, which copies nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import LIMIT, Finding, RuleFindings, finding, shortened
from city_briefs.common.errors import suggestion
from city_briefs.model.tables import BOOL, DATE, DECIMAL, FLOAT, INT, Column, Table

KINDS = {INT: "a whole number", FLOAT: "a number", DATE: "a date such as 2021-02-28", BOOL: "true or false"}


@dataclass(frozen=True)
class TypedRows:
    """Rows in the columns and types of the contract; per column that has values which do not fit, which of them.

    A value that does not fit is empty, and so is a column that is not there.
    """

    rows: pa.Table
    unfit: dict[str, pa.ChunkedArray]


def with_table_types(rows: pa.Table, table: Table) -> TypedRows:
    """The rows of a table as its contract has them."""
    columns, unfit = [], {}
    for field in table.schema:
        if field.name in rows.column_names:
            values, wrong = _cast(rows[field.name], field.type)
            columns.append(values)
            if wrong is not None:
                unfit[field.name] = wrong
        else:
            columns.append(pa.nulls(len(rows), field.type))
    return TypedRows(pa.table(columns, names=table.schema.names), unfit)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> tuple[pa.ChunkedArray, pa.ChunkedArray | None]:
    """A column in another type, and which of its values do not fit; None when all do."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        return column.cast(kind), None
    except pa.ArrowInvalid:
        wrong = pc.is_in(column, pa.concat_arrays(_uncastable(column.unique(), kind)))
        return pc.if_else(wrong, pa.scalar(None, column.type), column).cast(kind), wrong
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError):  # nothing of the one type is ever of the other
        return pa.nulls(len(column), kind), column.is_valid()


def _uncastable(values: pa.Array, kind: pa.DataType) -> list[pa.Array]:
    """Those of the values that cannot be cast, found by halving, since a cast says only that there is one."""
    try:
        values.cast(kind)
    except pa.ArrowInvalid:
        half = len(values) // 2
        return [*_uncastable(values[:half], kind), *_uncastable(values[half:], kind)] if half else [values]
    return []


def column_findings(rows: pa.Table, table: Table, typed: TypedRows) -> Iterator[RuleFindings]:
    """What pandera finds wrong with the rows as they were given; `typed` is what became of them."""
    # Not at the top: every kernel imports this module, and only who writes a snapshot needs them.
    import pandas as pd
    import pandera.pandas as pandera
    from pandera.errors import SchemaErrorReason, SchemaErrors

    fitting = set(table.schema.names) - set(typed.unfit)
    read = {name: typed.rows[name] if name in fitting else rows[name] for name in rows.column_names}

    def fits(name: str) -> pandera.Check:
        fitting = pd.Series(pc.invert(typed.unfit[name]).to_numpy())
        return pandera.Check(lambda filled: fitting[filled.index], name="type")

    def column(of: Column) -> pandera.Column:
        if of.name in typed.unfit:
            return pandera.Column(nullable=not of.required, checks=fits(of.name))
        words = pandera.Check.isin(of.words, name="closed list") if of.words else None
        return pandera.Column(pd.ArrowDtype(of.field.type), nullable=not of.required, checks=words)

    schema = pandera.DataFrameSchema({of.name: column(of) for of in table.columns}, strict=True)
    try:
        schema.validate(pa.table(read).to_pandas(types_mapper=pd.ArrowDtype), lazy=True, inplace=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            cases: Any = error.failure_cases
            if error.reason_code is SchemaErrorReason.CHECK_ERROR:
                raise error from None  # a fault of the check itself
            if isinstance(cases, str):
                yield RuleFindings([_column_finding(table, cases, rows)], 1)
            else:
                rule = str(error.check.name) if isinstance(error.check, pandera.Check) else "required"
                worst = cases.head(LIMIT)
                of = next(of for of in table.columns if of.name == error.schema.name)
                found = [
                    _cell_finding(rule, table, int(index) + 1, of, value)
                    for index, value in zip(worst["index"], worst["failure_case"], strict=True)
                ]
                yield RuleFindings(found, len(cases))


def stored_column_findings(contents: DuckDBTables, table: Table) -> Iterator[RuleFindings]:
    """The same of rows that lie in a file: their types are right, so which are empty, and which are none of the words."""
    rows = contents.rows(table)
    rules = [("required", of, rows[of.name].isnull()) for of in table.columns if of.required]
    rules += [("closed list", of, ~rows[of.name].isin(of.words)) for of in table.columns if of.words]
    counts = contents.counts(table, [broken for _, _, broken in rules])
    for (rule, of, broken), count in zip(rules, counts, strict=True):
        if count:
            worst = contents.first(rows.filter(broken), ROW)
            yield RuleFindings([_cell_finding(rule, table, row[ROW], of, row[of.name]) for row in worst], count)


def _column_finding(table: Table, name: str, rows: pa.Table) -> Finding:
    """A column that is not there, or one that the contract does not have."""
    known = {column.name: column for column in table.columns}
    if name in known:
        says = f"there is no column {known[name].meaning_zh} ({name}). It has {', '.join(rows.column_names)}."
        return finding("error", "column missing", table, None, name, None, says)
    hint = suggestion(name, set(known) - set(rows.column_names)) or " Leave it out, or name it as the table does."
    says = f"the column '{name}' is not one of this table and is not kept.{hint}"
    return finding("warning", "column unknown", table, None, name, None, says)


def _cell_finding(rule: str, table: Table, row: int, column: Column, value: Any) -> Finding:
    """A value that is empty, of another type, or none of the words."""
    if rule == "required":
        return finding("error", rule, table, row, column.name, None, f"{column.name} is empty. Every row has one.")
    if rule == "closed list":
        wanted, hint = f"one of {', '.join(column.words)}", suggestion(shortened(value), column.words)
    else:
        number = DECIMAL.fullmatch(column.type)
        wanted, hint = f"a number with at most {number[2]} decimals" if number else KINDS.get(column.type, "text"), ""
    return finding(
        "error", rule, table, row, column.name, value, f"{column.name} is '{shortened(value)}'. It must be {wanted}.{hint}"
    )
