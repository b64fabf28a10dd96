"""What a metric is: one definition, written once, that any engine can compute.

Three forms: a `flow` adds up over months, a `stock` is taken at a month's end, a `ratio` keeps its halves apart and pools them.
Growth, place, share and the like are views of a metric (`lib.views`), never metrics of their own.
"""

import hashlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, TypedDict, Unpack

import ibis.expr.types as ir

from lib.errors import UsageError, suggestion
from lib.tables import Table

Form = Literal["flow", "stock", "ratio"]
Better = Literal["higher", "lower", "neutral"]
Aggregate = Callable[[ir.Table], ir.NumericScalar]


@dataclass(frozen=True, eq=False)
class Metric:
    """One metric. Its id is the name of the function that defines it, its definition that function's docstring.

    `unit` is the base unit (户, 件, 元), % for most ratios; `decimals` are those of a value in that unit; a `neutral` metric is
    never ranked, coloured or called good or bad.
    """

    id: str
    form: Form
    label: str
    label_en: str
    unit: str
    decimals: int
    better: Better
    owner: str
    definition: str
    function: Callable[..., Any]
    table: Table | None = None
    on: str = ""
    until: str = ""

    def __truediv__(self, other: "Metric") -> "Quotient":
        """The two halves of a ratio."""
        return Quotient(self, other)

    @property
    def halves(self) -> "Quotient":
        """Numerator and denominator of a ratio."""
        quotient: Quotient = self.function()
        return quotient

    @property
    def hash(self) -> str:
        """Changes when anything that the metric means or is computed from changes: its halves and the constants it names included."""
        said = (self.id, self.form, self.label, self.unit, self.decimals, self.better, self.definition, self.on, self.until)
        parts = [self.halves.numerator.hash, self.halves.denominator.hash] if self.form == "ratio" else []
        named = {name: vars(inspect.getmodule(self.function)).get(name) for name in self.function.__code__.co_names}
        constants = [f"{name}={value!r}" for name, value in sorted(named.items()) if isinstance(value, str | int | float | tuple)]
        text = [*map(str, said), inspect.getsource(self.function), *constants, *parts]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Quotient:
    """What a ratio's function returns."""

    numerator: Metric
    denominator: Metric


class Card(TypedDict):
    """What every metric must say of itself."""

    label: str
    label_en: str
    unit: str
    decimals: int
    better: Better
    owner: str


def flow(table: Table, *, on: str, **card: Unpack[Card]) -> Callable[[Aggregate], Metric]:
    """A metric that adds up over time: an aggregate of the rows of `table` whose date `on` lies in the month.

    The function takes the rows and returns one aggregate of them; conditions go into `where=`, so that all metrics of a table
    and date are computed in one scan.
    """
    return lambda function: _metric(function, "flow", card, table=table, on=on)


def stock(table: Table, *, since: str, until: str, **card: Unpack[Card]) -> Callable[[Aggregate], Metric]:
    """A metric taken at a month's end: an aggregate of the rows in force on its last day.

    A row is in force from the day `since` to the day before `until` (empty: for ever). The aggregate must add up (count or sum),
    because it is computed as what has come less what has gone.
    """
    return lambda function: _metric(function, "stock", card, table=table, on=since, until=until)


def ratio(**card: Unpack[Card]) -> Callable[[Callable[[], Quotient]], Metric]:
    """A metric that divides one metric by another; over regions and months the halves are summed first, then divided."""
    return lambda function: _metric(function, "ratio", card)


def _metric(
    function: Callable[..., Any], form: Form, card: Card, *, table: Table | None = None, on: str = "", until: str = ""
) -> Metric:
    """The metric that a function defines; one without a docstring is a bug."""
    if not function.__doc__:
        raise TypeError(f"{function.__name__} has no docstring. A metric's definition is its docstring.")
    definition = inspect.cleandoc(function.__doc__)
    return Metric(
        id=function.__name__, form=form, definition=definition, function=function, table=table, on=on, until=until, **card
    )


class Catalogue(dict[str, Metric]):
    """Every metric under its id."""

    def __init__(self, *modules: ModuleType) -> None:
        """All metrics defined in `modules`, in the order of their definition; an id used twice is a bug."""
        super().__init__()
        for module in modules:
            for value in vars(module).values():
                if isinstance(value, Metric):
                    if self.get(value.id, value) is not value:
                        raise TypeError(f"{module.__name__}: the metric {value.id} is defined twice.")
                    self[value.id] = value

    def find(self, word: str) -> Metric:
        """The metric of this id; none is a UsageError that names the nearest."""
        if word in self:
            return self[word]
        raise UsageError(f"There is no metric '{word}'.{suggestion(word, self) or ' `briefs metrics` lists them.'}")


def needed(metrics: Iterable[Metric]) -> list[Metric]:
    """These metrics and the halves of the ratios among them, each once."""
    found: dict[str, Metric] = {}
    for metric in metrics:
        if metric.form == "ratio":
            found |= {half.id: half for half in needed([metric.halves.numerator, metric.halves.denominator])}
        found[metric.id] = metric
    return list(found.values())
