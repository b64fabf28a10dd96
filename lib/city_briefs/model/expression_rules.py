"""What the expression of a metric may not be: it is computed over tables without rows, once, before anything is counted by it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.graph import Node

from city_briefs.common.errors import suggestion
from city_briefs.common.language import suggestion_zh
from city_briefs.model.definition_rules import Fault, refused, wrong_columns
from city_briefs.model.evaluation import error_of, evaluated
from city_briefs.model.metric import Metric
from city_briefs.model.table import DATE, Table

ADDITIVE = (ops.CountStar, ops.Count, ops.Sum)
LINEAR = (ops.Add, ops.Subtract, ops.Negate, ops.Cast)
SCALED = (ops.Multiply, ops.Divide)  # by a number
THROUGH = (ops.Coalesce, ops.Cast, ops.NullIf, ops.IfElse)  # whose values are those of a column, or texts beside them
COMPARED = (ops.Equals, ops.NotEquals, ops.IdenticalTo, ops.InValues, ops.SimpleCase)
FORMS = {"distinct": "@distinct", "maximum": "@maximum", "median": "@median"}


def check(metric: Metric) -> None:
    """Check the expression of a metric over its tables, without rows.

    Raises:
        DefinitionError: it cannot be computed, gives no number, or compares a column with what it never holds.
    """
    if fault := _fault(metric):
        assert metric.function
        raise refused(metric.function, *fault)


@cache
def _fault(metric: Metric) -> Fault | None:
    """Return what is wrong with the expression of a metric, asked once; None for one that is right, or has no expression."""
    if metric.function is None or metric.rows is None:
        return None
    tables = [ibis.table(ibis.schema(table.schema), name=table.name) for table in metric.tables]
    rows = tables[0]
    if not isinstance(metric.rows, Table):
        try:
            rows = metric.rows.function(*tables)
        except Exception as error:
            return error_of(metric.rows, error, tuple(tables))
        types = {
            name: DATE if kind.is_date() else "bool" if kind.is_boolean() else str(kind) for name, kind in rows.schema().items()
        }
        fields = {"by": metric.by, "on": metric.on, "until": metric.until, "decided": metric.decided, "undated": metric.undated}
        if wrong := next(wrong_columns(fields, metric.rows, types), None):
            return wrong
    value = evaluated(metric, rows)
    return _shape(metric, rows, value) or next(_words(metric, value), None)


def _shape(metric: Metric, rows: ir.Table, value: Any) -> Fault | None:
    """Return why a value is not what the form of its metric computes with; None when it is."""
    if metric.form in ("flow", "stock"):
        if not isinstance(value, ir.NumericScalar) or isinstance(value, ir.BooleanScalar):
            return (
                "it returns no number. Write return rows.count(where=…) or a sum.",
                "返回的不是一个数。请写return rows.count(where=…)或求和。",
            )
        if not _is_additive(value.op()):
            return (
                f"its months do not add up. Count or sum the rows, or define it by {', '.join(FORMS.values())} or @ratio.",
                f"各月不能相加。请用count或sum，或改用{'、'.join(FORMS.values())}、@ratio。",
            )
        if _relations(value.op()) - {rows.op()}:
            return (
                "its condition stands in filter. Write it into where=, as in rows.count(where=…).",
                "条件写在了filter里。请写进where=，如rows.count(where=…)。",
            )
        return None
    if metric.form in ("distinct", "maximum", "median", "latest"):
        if not isinstance(value, ir.Column):
            return (
                "it returns no column of the rows. Write return rows.…, a column.",
                "返回的不是一栏。请写return rows.…，即一栏。",
            )
        if metric.form != "distinct" and not isinstance(value, ir.NumericColumn):
            return "it returns a column without numbers.", "返回的一栏不是数。"
    return None


def _relations(node: Node) -> set[Node]:
    """Return the rows that counts and sums are made over."""
    reductions = node.find(ADDITIVE)
    counted = {each.arg for each in reductions if isinstance(each.arg, ops.Relation)}
    return counted | {field.rel for each in reductions for field in each.find(ops.Field, filter=ops.Value)}


def _is_additive(node: Node) -> bool:
    """Return whether a node is a count or a sum, or is made of such by adding, and by multiplying with numbers."""
    if isinstance(node, ADDITIVE):
        return True
    if isinstance(node, LINEAR):
        return all(_is_additive(child) for child in node.__children__)
    if not isinstance(node, SCALED):
        return False
    sums = [child for child in node.__children__ if _is_additive(child)]
    return len(sums) == 1 and all(isinstance(child, ops.Literal) for child in node.__children__ if child not in sums)


def _words(metric: Metric, value: ir.Value) -> Iterator[Fault]:
    """Yield comparisons with a word that a column never holds, or with what is of another kind than the column."""
    columns = {(table.name, column.name): column for table in metric.tables for column in table.columns}
    for node in value.op().find(COMPARED):
        sides = _leaves(node)
        literals = [side.value for side in sides if isinstance(side, ops.Literal) and side.value is not None]
        for field in (_source(side) for side in sides if isinstance(side, ops.Field)):
            column = columns.get(field)
            if column is None:
                continue
            for word in literals:
                if column.words and word not in column.words:
                    listed = ", ".join(column.words)
                    yield (
                        f"{column.name} has no word {word!r}; it has {listed}.{suggestion(str(word), column.words)}",
                        f"{column.name}没有“{word}”，只有{listed}。{suggestion_zh(str(word), column.words)}",
                    )
                elif isinstance(word, str) and not column.words and column.type not in ("str", DATE):
                    yield (
                        f"{column.name} is compared with the text {word!r}, and holds no text.",
                        f"{column.name}与文字“{word}”比较，而这一栏不是文字。",
                    )


def _leaves(node: Node) -> list[Node]:
    """Return the fields and literals that a comparison compares, through what only fills or chooses values."""
    if isinstance(node, ops.SimpleCase):
        return [leaf for side in (node.base, *node.cases) for leaf in _leaves_of(side)]
    sides = [node.value, *node.options] if isinstance(node, ops.InValues) else [node.left, node.right]
    return [leaf for side in sides for leaf in _leaves_of(side)]


def _leaves_of(node: Node) -> list[Node]:
    if isinstance(node, ops.IfElse):
        return [leaf for side in (node.true_expr, node.false_null_expr) for leaf in _leaves_of(side)]
    if isinstance(node, THROUGH):
        return [leaf for side in node.__children__ for leaf in _leaves_of(side)]
    return [node]


def _source(field: ops.Field) -> tuple[str, str]:
    """Return table and column that a field is; a computed one is of no table."""
    node: Node = field
    while isinstance(node, ops.Field):
        relation = node.rel
        while isinstance(relation, ops.Reference | ops.Filter | ops.Sort | ops.Limit | ops.Distinct):
            relation = relation.parent
        if isinstance(relation, ops.UnboundTable):
            return relation.name, node.name
        node = getattr(relation, "values", {}).get(node.name)
    return "", ""
