"""Metrics: one definition each, written once, that any engine can compute.

    flow         additive over months and regions        stock      semi-additive: taken at a month's end
    ratio        sums its halves, then divides           difference one flow less another
    distinct     different values in a period            maximum, median   of the records in a period
    latest       the last figure published at a date     cited      a fixed number, quoted from a document

Growth, place, share and the like are views of a metric (`city_briefs.analysis.figures.views`), never metrics of their own.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict, Unpack, get_args

from city_briefs.model import definition_rules, evaluation
from city_briefs.model.definition_hash import definition_hash
from city_briefs.model.table import Table
from city_briefs.model.tables import RETURNS

if TYPE_CHECKING:
    import ibis.expr.types as ir

Form = Literal["flow", "stock", "ratio", "difference", "distinct", "maximum", "median", "latest", "cited"]
Better = Literal["higher", "lower", "neutral"]
ReturnSpan = Literal["month", "as_of"]
Aggregate = Callable[["ir.Table"], "ir.NumericScalar"]
Values = Callable[["ir.Table"], "ir.Column"]
PAIRS: tuple[Form, ...] = ("ratio", "difference")  # made of two other metrics
PUBLISHED: tuple[Form, ...] = ("latest", "cited")  # taken as they were published: no rows are counted
TO_DATE: tuple[Form, ...] = (
    "distinct",
    "maximum",
    "median",
)  # not additive: computed from January, or that of the span, to each month
SINCE_JANUARY, IN_PERIOD = "年初以来", "报告期内"  # in a definition of what is not additive; over a month it is of the period
AMOUNT_UNITS = ("元", "吨")  # of a sum whose size says nothing of how many records are behind it
MEASURED_UNITS = (*AMOUNT_UNITS, "个月", "天", "分钟")  # whose numbers are no count of anything


@dataclass(frozen=True, eq=False)
class Derived:
    """Rows derived from the rows of other tables, such as the spells in which a device was overdue.

    `function` takes the tables of `sources` and returns rows with a column `region`. A month is covered when it is covered in every
    source that has regions.
    """

    name: str
    label: str
    sources: tuple[Table, ...]
    function: Callable[..., "ir.Table"]


Rows = Table | Derived


@dataclass(frozen=True, eq=False, repr=False)
class Metric:
    """One metric. Its id is the name of the function that defines it, its definition that function's docstring.

    One that is only reported has no function, but a row of a file (`city_briefs.metrics.reported`). `subject` is the group that it
    belongs to. `unit` is the base unit (户, 件, 元), % for most ratios; `decimals` are those of a value in that unit. A `neutral`
    metric is never ranked, coloured or called good or bad. `by` are its dimensions, the columns that it may be broken down by. A
    ratio is multiplied by `per`, the 10,000 of 件/万人. `span` is that of its returns: in the month, or as of the month's end.
    `decided` is the column that dates the outcome it counts, when that comes later than the day `on` and may be pending; else empty.
    `undated` is the column of yes or no that says the outcome it counts, when no column dates that and it may be filled in later.
    """

    id: str
    form: Form
    label: str
    label_en: str
    unit: str
    owner: str
    definition: str
    subject: str
    decimals: int = 0
    better: Better = "neutral"
    function: Callable[..., Any] | None = None
    rows: Rows | None = None
    on: str = ""
    until: str = ""
    by: tuple[str, ...] = ()
    per: int = 1
    span: ReturnSpan = "month"
    decided: str = ""
    undated: str = ""

    def __repr__(self) -> str:
        """Return its id and label, and no more: it stands in messages."""
        return f"<Metric {self.id} {self.label}>"

    def __truediv__(self, other: "Metric") -> "Pair":
        """Return the two halves of a ratio."""
        return Pair(self, other)

    def __sub__(self, other: "Metric") -> "Pair":
        """Return the two terms of a difference."""
        return Pair(self, other)

    @property
    def pair(self) -> "Pair":
        """The two metrics that a ratio or a difference is made of.

        Raises:
            DefinitionError: its function returns something else.
        """
        assert self.function
        pair = evaluation.evaluated(self)
        if not isinstance(pair, Pair):
            raise definition_rules.refused(
                self.function,
                "it returns no two metrics. Write them as in return new_enterprises / new_entities.",
                "返回的不是两个指标。写法如return new_enterprises / new_entities。",
            )
        return pair

    def expression(self, rows: "ir.Table") -> Any:
        """Return its ibis expression over the rows that it is counted from: one count or sum of them, or a column of values.

        Raises:
            DefinitionError: it cannot be computed, gives no number, or compares a column with what it never holds.
        """
        from city_briefs.model import expression_rules  # with Ibis, which whoever only names a metric does not wait for

        expression_rules.check(self)
        return evaluation.evaluated(self, rows)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that it is counted from; empty for a pair."""
        return self.rows.sources if isinstance(self.rows, Derived) else (self.rows,) if self.rows else ()

    @property
    def is_pair(self) -> bool:
        """Whether it is made of two other metrics; a ratio that is only ever returned is not."""
        return self.form in PAIRS and self.rows is not RETURNS

    @property
    def returned_span(self) -> ReturnSpan:
        """The span in which it is returned; what is not additive is returned as of the end of the month."""
        if self.form in TO_DATE:
            return "as_of"
        return self.pair.first.returned_span if self.is_pair else self.span

    @property
    def flag(self) -> str:
        """The column of yes or no that says its outcome without a date; of a pair that of its first half; empty when there is none."""
        return self.pair.first.flag if self.is_pair else self.undated

    @property
    def at_month_end(self) -> bool:
        """Whether its value is of the last day of a period, and not of all its months."""
        if self.is_pair:
            return self.pair.first.at_month_end and self.pair.second.at_month_end
        return self.span == "as_of" and self.form not in TO_DATE

    @cached_property
    def hash(self) -> str:
        """The `definition_hash` of the metric: changes with its meaning or what it is computed from, not with the layout of its code."""
        fields = [
            self.id, self.form, self.label, self.unit, self.decimals, self.better, self.definition, self.on, self.until, self.per,
            self.span, [table.name for table in self.tables], *filter(None, [self.decided, self.undated]),
        ]  # fmt: skip
        if self.is_pair:
            return definition_hash([*fields, self.pair.first.hash, self.pair.second.hash], [])
        derived = self.rows.function if isinstance(self.rows, Derived) else None
        return definition_hash(fields, filter(None, [self.function, derived]))


@dataclass(frozen=True, eq=False)
class Pair:
    """The two metrics of a ratio or a difference, as its function returns them."""

    first: Metric
    second: Metric


class Card(TypedDict):
    """The fields that every metric must name, and those that it may; `owner` is the `OWNER` of its module where it is not named."""

    label: str
    label_en: str
    unit: str
    decimals: NotRequired[int]
    better: NotRequired[Better]
    owner: NotRequired[str]


@definition_rules.refusing
def flow(
    rows: Rows, *, on: str, by: tuple[str, ...] = (), decided: str = "", undated: str = "", **card: Unpack[Card]
) -> Callable[[Aggregate], Metric]:
    """Define an additive metric: an aggregate of the rows whose date (or month) `on` lies in the month.

    The function takes the rows and returns one count or sum of them; conditions go into `where=`, so that all metrics of a table
    and date are computed in one scan. `decided` names the column that dates the outcome which the conditions ask for, when it may
    still be pending: two years are then compared as they were known at the same distance from their end. `undated` names the column
    of yes or no that the conditions ask for, when no column dates it: a year is then compared with one as it was first issued.
    """
    return lambda function: _metric(function, "flow", card, rows=rows, on=on, by=by, decided=decided, undated=undated)


@definition_rules.refusing
def stock(
    rows: Rows, *, since: str, until: str = "", by: tuple[str, ...] = (), **card: Unpack[Card]
) -> Callable[[Aggregate], Metric]:
    """Define a semi-additive metric, taken at a month's end: an aggregate of the rows in force on its last day.

    A row is in force from the day `since` to the day before `until` (none, or empty: for ever). The aggregate must be additive
    (count or sum), because it is computed as what has come less what has gone.
    """
    return lambda function: _metric(function, "stock", card, rows=rows, on=since, until=until, by=by, span="as_of")


@definition_rules.refusing
def distinct(
    rows: Rows, *, on: str, by: tuple[str, ...] = (), undated: str = "", **card: Unpack[Card]
) -> Callable[[Values], Metric]:
    """Define a metric that counts distinct values since January: 家, where a flow counts 家次.

    The function takes the rows and returns the column whose values are counted; a row that does not count is empty there. `undated`
    is as of a flow.
    """
    return lambda function: _metric(function, "distinct", card, rows=rows, on=on, by=by, undated=undated)


@definition_rules.refusing
def maximum(rows: Rows, *, on: str, by: tuple[str, ...] = (), **card: Unpack[Card]) -> Callable[[Values], Metric]:
    """Define a metric that is the largest value since January of the column that the function returns."""
    return lambda function: _metric(function, "maximum", card, rows=rows, on=on, by=by)


@definition_rules.refusing
def median(rows: Rows, *, on: str, by: tuple[str, ...] = (), **card: Unpack[Card]) -> Callable[[Values], Metric]:
    """Define a metric that is the median since January of the column that the function returns; empty values do not count."""
    return lambda function: _metric(function, "median", card, rows=rows, on=on, by=by)


@definition_rules.refusing
def ratio(*, per: int = 1, **card: Unpack[Card]) -> Callable[[Callable[[], Pair]], Metric]:
    """Define a metric that divides one metric by another; over regions and months the halves are summed first, then divided."""
    return lambda function: _metric(function, "ratio", card, per=100 if card.get("unit") == "%" else per)


@definition_rules.refusing
def difference(**card: Unpack[Card]) -> Callable[[Callable[[], Pair]], Metric]:
    """Define a metric that is one metric less another."""
    return lambda function: _metric(function, "difference", card)


@definition_rules.refusing
def latest(table: Table, **card: Unpack[Card]) -> Callable[[Values], Metric]:
    """Define a metric that is the last figure of a region in a table, at or before the end of the period."""
    return lambda function: _metric(function, "latest", card, rows=table, span="as_of")


def derived(label: str, *sources: Table) -> Callable[[Callable[..., "ir.Table"]], Derived]:
    """Define rows derived from `sources`, which the function takes in this order. `label` is their name in a source line."""
    return lambda function: Derived(function.__name__, label, sources, function)


def _metric(function: Callable[..., Any], form: Form, card: Card, **rest: Any) -> Metric:
    """Return the metric that a function defines.

    Raises:
        DefinitionError: it has no docstring or no owner, or a field that cannot be.
    """
    module = function.__globals__
    fields = {"owner": module.get("OWNER"), **card, **rest}
    definition_rules.check_fields(function, fields, (*Card.__annotations__, *rest), get_args(Better))
    fields |= {"by": tuple(fields["by"])} if "by" in fields else {}
    return Metric(
        id=function.__name__, form=form, definition=inspect.cleandoc(function.__doc__ or ""), subject=subject_of(module["__doc__"]),
        function=function, **fields,
    )  # fmt: skip


def subject_of(docstring: str | None) -> str:
    """Return the subject of a module: its docstring up to the first 。."""
    return inspect.cleandoc(docstring or "").split("。")[0]


def defined(module: ModuleType) -> list[Metric]:
    """Return the metrics that stand in a module, in the order of their definition or import."""
    return [value for value in vars(module).values() if isinstance(value, Metric)]


def needed(metrics: Iterable[Metric]) -> list[Metric]:
    """Return some metrics and the halves of the pairs among them, at any depth, each once; halves first."""
    by_id: dict[str, Metric] = {}
    for metric in metrics:
        if metric.is_pair:
            by_id |= {part.id: part for part in needed([metric.pair.first, metric.pair.second])}
        by_id[metric.id] = metric
    return list(by_id.values())


def breakdowns(metric: Metric) -> tuple[str, ...]:
    """Return the dimensions of a metric, the columns that it may be broken down by; empty when it has none.

    A pair counted from one table has those of both halves; another pair those of its first half, such as cases by field per entity.
    """
    if not metric.is_pair:
        return metric.by
    first, second = metric.pair.first, metric.pair.second
    return tuple(by for by in first.by if by in second.by) if share_a_table(first, second) else first.by


def share_a_table(first: Metric, second: Metric) -> bool:
    """Return whether two metrics are counted from a common table, so that a column means the same in both."""
    return bool(set(first.tables) & set(second.tables))
