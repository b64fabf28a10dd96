"""Column checks by pandera: types, closed lists and required columns. Columns stay in Arrow, so nothing is copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.validation.duckdb_tables import ROW, DuckDBTables
from city_briefs.analysis.validation.finding import LIMIT, Finding, RuleFindings, finding, shortened
from city_briefs.common.errors import suggestion
from city_briefs.model.table import BOOL, DATE, DECIMAL, FLOAT, INT, Column, Table

KINDS = {INT: "a whole number", FLOAT: "a number", DATE: "a date such as 2021-02-28", BOOL: "true or false"}


@dataclass(frozen=True)
class TypedRows:
    """Rows in the columns and types of the schema, and, by column, which of its values do not fit (a boolean per row).

    A value that does not fit is null, and so is every value of a missing column. `unfit` lacks the columns whose values all
    fit.
    """

    rows: pa.Table
    unfit: dict[str, pa.ChunkedArray]


def with_table_types(rows: pa.Table, table: Table) -> TypedRows:
    """Return the rows of a table in the types of its schema, and which values do not fit."""
    columns, unfit = [], {}
    for field in table.schema:
        if field.name in rows.column_names:
            values, is_unfit = _cast(rows[field.name], field.type)
            columns.append(values)
            if is_unfit is not None:
                unfit[field.name] = is_unfit
        else:
            columns.append(pa.nulls(len(rows), field.type))
    return TypedRows(pa.table(columns, names=table.schema.names), unfit)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> tuple[pa.ChunkedArray, pa.ChunkedArray | None]:
    """Return a column in another type, and which of its values do not fit; None when all fit."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        return column.cast(kind), None
    except pa.ArrowInvalid:
        is_unfit = pc.is_in(column, pa.concat_arrays(_uncastable(column.unique(), kind)))
        return pc.if_else(is_unfit, pa.scalar(None, column.type), column).cast(kind), is_unfit
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError):  # no value of the one type is ever of the other
        return pa.nulls(len(column), kind), column.is_valid()


def _uncastable(values: pa.Array, kind: pa.DataType) -> list[pa.Array]:
    """Return the values that cannot be cast, in arrays of one; found by halving, since a cast only tells that there is one."""
    try:
        values.cast(kind)
    except pa.ArrowInvalid:
        half = len(values) // 2
        return [*_uncastable(values[:half], kind), *_uncastable(values[half:], kind)] if half else [values]
    return []


def column_findings(rows: pa.Table, table: Table, typed: TypedRows) -> Iterator[RuleFindings]:
    """Yield what pandera finds wrong with the rows as they were given; `typed` has the same rows in the types of the schema.

    Raises:
        SchemaError: a check itself fails, which is a fault of this program.
    """
    # Not at the top: every kernel imports this module, and only who writes a snapshot needs them.
    import pandas as pd
    import pandera.pandas as pandera
    from pandera.errors import SchemaErrorReason, SchemaErrors

    fitting_names = set(table.schema.names) - set(typed.unfit)
    given_columns = {name: typed.rows[name] if name in fitting_names else rows[name] for name in rows.column_names}

    def fits(name: str) -> pandera.Check:
        is_fit = pd.Series(pc.invert(typed.unfit[name]).to_numpy())
        return pandera.Check(lambda filled: is_fit[filled.index], name="type")

    def column(contract_column: Column) -> pandera.Column:
        if contract_column.name in typed.unfit:
            return pandera.Column(nullable=not contract_column.required, checks=fits(contract_column.name))
        words = pandera.Check.isin(contract_column.words, name="closed list") if contract_column.words else None
        return pandera.Column(pd.ArrowDtype(contract_column.field.type), nullable=not contract_column.required, checks=words)

    schema = pandera.DataFrameSchema(
        {contract_column.name: column(contract_column) for contract_column in table.columns}, strict=True
    )
    try:
        schema.validate(pa.table(given_columns).to_pandas(types_mapper=pd.ArrowDtype), lazy=True, inplace=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            failures: Any = error.failure_cases
            if error.reason_code is SchemaErrorReason.CHECK_ERROR:
                raise error from None  # a fault of the check itself
            if isinstance(failures, str):
                yield RuleFindings([_column_finding(table, failures, rows)], 1)
            else:
                rule = str(error.check.name) if isinstance(error.check, pandera.Check) else "required"
                first_cases = failures.head(LIMIT)
                contract_column = next(
                    contract_column for contract_column in table.columns if contract_column.name == error.schema.name
                )
                findings = [
                    _cell_finding(rule, table, int(index) + 1, contract_column, value)
                    for index, value in zip(first_cases["index"], first_cases["failure_case"], strict=True)
                ]
                yield RuleFindings(findings, len(failures))


def stored_column_findings(contents: DuckDBTables, table: Table) -> Iterator[RuleFindings]:
    """Yield the findings on rows in a Parquet file: their types are right, so only empty values and closed lists are checked."""
    rows = contents.rows(table)
    rules = [("required", column, rows[column.name].isnull()) for column in table.columns if column.required]
    rules += [("closed list", column, ~rows[column.name].isin(column.words)) for column in table.columns if column.words]
    counts = contents.counts(table, [broken for _, _, broken in rules])
    for (rule, column, broken), count in zip(rules, counts, strict=True):
        if count:
            first_rows = contents.first(rows.filter(broken), ROW)
            yield RuleFindings([_cell_finding(rule, table, row[ROW], column, row[column.name]) for row in first_rows], count)


def _column_finding(table: Table, name: str, rows: pa.Table) -> Finding:
    """Return the finding on a column that is missing, or that the table does not have."""
    by_name = {column.name: column for column in table.columns}
    if name in by_name:
        sentence = f"there is no column {by_name[name].meaning_zh} ({name}). It has {', '.join(rows.column_names)}."
        return finding("error", "column missing", table, None, name, None, sentence)
    hint = suggestion(name, set(by_name) - set(rows.column_names)) or " Leave it out, or name it as the table does."
    sentence = f"the column '{name}' is not one of this table and is not kept.{hint}"
    return finding("warning", "column unknown", table, None, name, None, sentence)


def _cell_finding(rule: str, table: Table, row: int, column: Column, value: Any) -> Finding:
    """Return the finding on a value that is empty, of another type, or not in the closed list."""
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
