"""The optional columns that a metric rests on: a source without one of them has not reported the metric, and no zero of it.

A column that a metric only asks to be empty, as 首次登记地 of a request that was not passed on, is none: without it every row counts.
"""

from collections.abc import Iterator
from functools import cache

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.graph import Node

from city_briefs.model.metric import PUBLISHED, Derived, Metric
from city_briefs.model.table import Table
from city_briefs.model.tables import RETURNS

Columns = frozenset[tuple[str, str]]  # names of a table and of its column


@cache
def columns_read(metric: Metric) -> Columns:
    """Return the optional columns whose values a metric reads, also to choose its rows by.

    Empty for a pair, whose halves read them, and for what is not counted from records.
    """
    if metric.is_pair or metric.rows in (None, RETURNS) or metric.form in PUBLISHED:
        return frozenset()
    tables = [_unbound(table) for table in metric.tables]
    rows = metric.rows.function(*tables) if isinstance(metric.rows, Derived) else tables[0]
    values = [metric.expression(rows), *(rows[day] for day in (metric.on, metric.until) if day)]
    seen: set[object] = set()
    read = {field for value in values for field in _fields(value.op(), seen)}
    optional = {(table.name, column.name) for table in metric.tables for column in table.columns if not column.required}
    return frozenset(read & optional)


def _unbound(table: Table) -> ir.Table:
    """Return a table as an expression without rows."""
    return ibis.table(ibis.schema(table.schema), name=table.name)


def _fields(node: Node, seen: set[object]) -> Iterator[tuple[str, str]]:
    """Yield table and column of each field that a node reads; `seen` holds the nodes that were looked at before."""
    if node in seen:
        return
    seen.add(node)
    if isinstance(node, ops.IsNull) and isinstance(node.arg, ops.Field):
        yield from _choosing(node.arg.rel, seen)
    elif isinstance(node, ops.Not) and isinstance(node.arg, ops.IsNull):
        yield from _fields(node.arg.arg, seen)
    elif isinstance(node, ops.Field):
        yield from _field(node, seen)
    elif isinstance(node, ops.Relation):
        yield from _choosing(node, seen)
    else:
        for child in node.__children__:
            yield from _fields(child, seen)


def _field(field: ops.Field, seen: set[object]) -> Iterator[tuple[str, str]]:
    """Yield what a field of a relation reads: a column of a table, or what the relation computes it from."""
    relation = field.rel
    while isinstance(relation, ops.Reference):
        relation = relation.parent
    if isinstance(relation, ops.UnboundTable):
        yield relation.name, field.name
    else:
        yield from _fields(relation.values[field.name], seen)
    yield from _choosing(relation, seen)


def _choosing(relation: ops.Relation, seen: set[object]) -> Iterator[tuple[str, str]]:
    """Yield what the rows of a relation are chosen by: its conditions, and those of the relations below it."""
    key = ("rows of", relation)
    if key in seen:
        return
    seen.add(key)
    for below in _below(relation):
        yield from _choosing(below, seen)
    for condition in _conditions(relation):
        yield from _fields(condition, seen)


def _below(relation: ops.Relation) -> list[ops.Relation]:
    """Return the relations that the rows of a relation come from."""
    if isinstance(relation, ops.JoinChain):
        return list(relation.tables)
    return [relation.parent] if hasattr(relation, "parent") else []


def _conditions(relation: ops.Relation) -> list[ops.Value]:
    """Return the conditions that the rows of a relation are chosen by."""
    if isinstance(relation, ops.JoinChain):
        return [condition for link in relation.rest for condition in link.predicates]
    return list(relation.predicates) if isinstance(relation, ops.Filter) else []
