"""Evidence: the records that make a number, and the query that makes it of them, as expressions over the tables of a snapshot."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd

from city_briefs.analysis.compute.count_records import read
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.model.metric import TO_DATE, Derived, Metric, Rows
from city_briefs.model.table import Column
from city_briefs.model.tables import PARAMETERS, POPULATION, RETURNS

LIST = re.compile(r"',\n\s+'")  # between the codes of regions, which stand on one line
VALUE = "value"  # the column of what was computed of a record, where a metric is of values


@dataclass(frozen=True)
class Evidence:
    """The records that a metric is computed from, of all that was asked for, and its number; the metric is no pair of others.

    `number` is one row: the metric under its id, or both halves of a ratio that was returned; empty for the sum of no records.
    """

    metric: Metric
    source: Rows
    records: ir.Table
    number: ir.Table
    order: tuple[ir.Value | str, ...]

    @property
    def sql(self) -> str:
        """The query of the number for DuckDB; its tables are the Parquet files of the snapshot of the same names."""
        return LIST.sub("', '", str(ibis.to_sql(self.number, dialect="duckdb")))

    @cached_property
    def count(self) -> int:
        """The number of records."""
        return int(self.records.count().execute())

    def first(self, rows: int) -> pd.DataFrame:
        """Return at most `rows` records, the first by their date; of a maximum, the largest."""
        records: pd.DataFrame = self.records.order_by(*self.order).limit(rows).to_pyarrow().to_pandas()
        return records

    @property
    def columns(self) -> dict[str, Column]:
        """The columns of its tables, by name."""
        sources = self.source.sources if isinstance(self.source, Derived) else (self.source,)
        return {column.name: column for source in reversed(sources) for column in source.columns}


def evidence(scope: Scope, metric: Metric) -> Evidence | None:
    """Return the evidence of a metric of one region over a period; None when the snapshot has no data of it."""
    provenance = scope.results.provenance(metric)
    if provenance is None or metric.rows is None:
        return None
    if metric.form == "latest":
        return _counted_people(scope, metric)
    if metric.form == "cited":
        return _cited(scope.results, metric, scope.period)
    members = [member.code for member in scope.reporting(metric)]
    if provenance == "returns":
        return _returned(scope.results, metric, members, scope.period)
    rows = read(scope.snapshot, metric.rows)
    rows = _in_force(rows, metric, scope.period) if metric.form == "stock" else _within(rows, metric.on, scope.period)
    return (_of_values if metric.form in TO_DATE else _added_up)(metric, rows.filter(rows.region.isin(members)))


def _added_up(metric: Metric, rows: ir.Table) -> Evidence:
    """Return the evidence of a flow or a stock: the records that its one count or sum counts; of an expression of several, all."""
    total = metric.expression(rows)
    operation, counting = total.op(), list[ir.BooleanValue]()
    if isinstance(operation, ops.Sum | ops.Count):
        counting.append(operation.arg.to_expr().notnull())
    if isinstance(operation, ops.Sum | ops.Count | ops.CountStar) and operation.where is not None:
        counting.append(operation.where.to_expr())
    return _evidence(metric, rows.filter(*counting) if counting else rows, rows.aggregate(total.name(metric.id)))


def _of_values(metric: Metric, rows: ir.Table) -> Evidence:
    """Return the evidence of a number of different values, a median or a maximum: the records that have a value."""
    valued = rows.mutate(**{VALUE: metric.expression(rows)})
    valued = valued.filter(valued[VALUE].notnull())
    values = valued[VALUE]
    if metric.form == "distinct":
        return _evidence(metric, valued, valued.aggregate(values.nunique().name(metric.id)))
    if metric.form == "maximum":
        return _evidence(metric, valued, valued.aggregate(values.max().name(metric.id)), values.desc())
    kind = values.type()
    finer = values.cast(f"decimal(38,{kind.scale + 1})") if kind.is_decimal() else values  # the middle of two lies between them
    return _evidence(metric, valued, valued.aggregate(finer.median().name(metric.id)))


def _returned(results: Results, metric: Metric, members: Collection[str], period: Period) -> Evidence:
    """Return the evidence of a metric that the regions returned."""
    months = period.months[-1:] if metric.returned_span == "as_of" else period.months
    rows = results.snapshot.expression(RETURNS)
    rows = rows.filter(rows.indicator == metric.id, rows.region.isin(members), rows.month.isin(months))
    halves = [rows.numerator.sum().name("numerator"), rows.denominator.sum().name("denominator")]
    sums = halves if metric.form == "ratio" else [rows.numerator.sum().name(metric.id)]
    return Evidence(metric, RETURNS, rows, rows.aggregate(sums), ("month", "region"))


def _counted_people(scope: Scope, metric: Metric) -> Evidence:
    """Return the evidence of a population: the last counts of the region, or of its parts."""
    counts = scope.results.population.counted(scope.region, scope.period)
    rows = scope.snapshot.expression(POPULATION)
    regions, years, bases = ({row[name] or "" for row in counts} for name in ("region", "year", "basis"))
    rows = rows.filter(
        rows.region.isin(sorted(regions)), rows.year.isin(sorted(years)), rows.basis.fill_null("").isin(sorted(bases))
    )
    return Evidence(metric, POPULATION, rows, rows.aggregate(rows.persons.sum().name(metric.id)), ("region", "year"))


def _cited(results: Results, metric: Metric, period: Period) -> Evidence:
    """Return the evidence of a parameter: the rows that came into force by the end of the period, of which the last one counts."""
    rows = results.snapshot.expression(PARAMETERS)
    rows = rows.filter(rows.name == metric.id, rows.effective_from <= ibis.literal(period.end))
    last = rows.order_by(rows.effective_from.desc()).limit(1)
    return Evidence(metric, PARAMETERS, rows, last.select(last.value.name(metric.id)), (rows.effective_from.desc(),))


def _evidence(metric: Metric, rows: ir.Table, number: ir.Table, *order: ir.Value | str) -> Evidence:
    """Return the evidence of records of tables, by `order` and then by their dates."""
    assert metric.rows
    key = metric.tables[0].key or metric.tables[0].schema.names
    return Evidence(metric, metric.rows, rows, number, (*order, *dict.fromkeys([metric.on, *key])))


def _within(rows: ir.Table, on: str, period: Period) -> ir.Table:
    """Return the rows with a day, or a month, of the period."""
    if rows[on].type().is_string():
        return rows.filter(rows[on].isin(period.months))
    return rows.filter(rows[on] >= ibis.date(period.year, 1, 1), rows[on] <= ibis.literal(period.end))


def _in_force(rows: ir.Table, metric: Metric, period: Period) -> ir.Table:
    """Return the rows that are in force on the last day of the period."""
    end = ibis.literal(period.end)
    come = rows.filter(rows[metric.on] <= end)
    return come.filter(come[metric.until].isnull() | (come[metric.until] > end)) if metric.until else come
