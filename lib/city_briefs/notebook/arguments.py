"""The arguments of a call, held against its signature: a mistake is a sentence with its remedy, in a cell and before it is run.

What may stand for a parameter is its annotation: `Metric`, `Guard`, a class, `Literal`, several of these with `|`, and for texts
`Annotated[str, …]` with `Column` (a column of the metrics beside it) or `FREE` (any text). `*parameters` take one or more, unless
they are `Annotated[…, NONE_FOR_ALL]`, and none of them twice.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from city_briefs.analysis.assessments.claims import GUARDS, Guard
from city_briefs.analysis.frames import Frame
from city_briefs.common import shown_blocks
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.notebook.shown import Shown

Call = Callable[..., Any]
View = Literal["value", "yoy"]  # of a chart
FREE = "any text"
NONE_FOR_ALL = "none for all"
EXAMPLE = re.compile(r"^- Example: `(.+)`$", re.MULTILINE)
BY_LABEL = {metric.label: metric.id for metric in CATALOGUE.values()}


@dataclass(frozen=True)
class Column:
    """A parameter that names a column: `of` returns those by which a metric may be broken down."""

    of: Callable[[Metric], Iterable[str]]


@dataclass(frozen=True)
class Given:
    """What a call gives back, in the place of its result, where calls are not run: the call and the annotation of its result."""

    call: Call
    hint: Any


UNKNOWN = object()  # stands for a value that is not known before a cell runs
CALLS: dict[str, Call] = {}  # those that look at their arguments


def checked(call: Call) -> Call:
    """Return a call that looks at its arguments first, and refuses what it does not take with a UsageError.

    A call that only shows gives back what it has `Shown`.
    """

    @wraps(call)
    def checked_call(*positional: Any, **named: Any) -> Any:
        if wrong := fault(call, positional, named):
            raise UsageError(wrong)
        with shown_blocks.collected() as blocks:
            given = call(*positional, **named)
        return Shown(blocks) if given is None else given

    CALLS[call.__name__] = checked_call
    return checked_call


def fault(call: Call, positional: Sequence[Any], named: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the arguments of a call, as a sentence with its remedy; None when it takes them."""
    if call.__name__ in GUARDS and not _is_class_of(positional[:1], _parameters(call)):
        return chosen(
            f"{call.__name__} is a claim and is not called by itself.{example(call)}",
            f"{call.__name__}是成效表述，不单独调用。{example(call)}",
        )
    bound, unbound = _bound(call, positional, named)
    return unbound or next(_wrong(call, bound), None)


def result(call: Call) -> Any:
    """Return the annotation of what a call gives back; one that is a text loads what it names."""
    hint = inspect.signature(call).return_annotation
    hint = get_type_hints(inspect.unwrap(call))["return"] if isinstance(hint, str) else hint
    return type(None) if hint is None else hint


def takes(call: Call, hint: Any) -> bool:
    """Return whether a call takes what is annotated so."""
    return any(hint in _alternatives(kind) for _, kind in _parameters(call).values())


def words() -> set[str]:
    """Return the words that stand in quotes in calls: of their annotations, and the columns of metrics."""
    hints = (hint for name in sorted(CALLS) for _, hint in _parameters(CALLS[name]).values())
    literals = {word for hint in hints for kind in _alternatives(hint) if get_origin(kind) is Literal for word in get_args(kind)}
    return {word for word in literals if isinstance(word, str)} | {
        by for metric in CATALOGUE.values() for by in breakdowns(metric)
    }


def _is_class_of(values: Sequence[Any], parameters: Mapping[str, tuple[inspect.Parameter, Any]]) -> bool:
    """Return whether the first value is of the class of the first parameter; so a guard is called by `claim` alone."""
    (_, hint), *_ = parameters.values()
    return bool(values) and isinstance(values[0], hint)


@cache
def _parameters(call: Call) -> dict[str, tuple[inspect.Parameter, Any]]:
    """Return the parameters of a call by name, each with its annotation."""
    return {name: (parameter, parameter.annotation) for name, parameter in inspect.signature(call).parameters.items()}


Bound = list[tuple[str, Any, Any]]  # name of a parameter, its annotation, the value


def _bound(call: Call, positional: Sequence[Any], named: Mapping[str, Any]) -> tuple[Bound, str | None]:
    """Return the arguments by parameter, and what cannot be bound, as a sentence."""
    name, parameters, given = call.__name__, _parameters(call), list(positional)
    bound: Bound = []
    for word in named:
        if word not in parameters or parameters[word][0].kind is inspect.Parameter.VAR_POSITIONAL:
            return bound, _unknown_parameter(call, word, [each for each in parameters if each not in named])
    for parameter, hint in parameters.values():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            bound += [(parameter.name, hint, value) for value in given]
            if not given and NONE_FOR_ALL not in _marks(hint):
                return bound, chosen(f"{name} is given nothing.{example(call)}", f"{name}没有写要显示什么。{example(call)}")
            given = []
        elif given and parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            if parameter.name in named:
                twice = f"{name} is given {parameter.name} twice.{example(call)}"
                return bound, chosen(twice, f"{name}的{parameter.name}写了两次。{example(call)}")
            bound.append((parameter.name, hint, given.pop(0)))
        elif parameter.name in named:
            bound.append((parameter.name, hint, named[parameter.name]))
        elif parameter.default is inspect.Parameter.empty:
            return bound, chosen(
                f"{name} lacks its {parameter.name}.{example(call)}", f"{name}缺少{parameter.name}。{example(call)}"
            )
    return bound, _too_many(call, len(positional)) if given else None


def _unknown_parameter(call: Call, word: str, free: Sequence[str]) -> str:
    name = call.__name__
    return chosen(
        f"{name} takes no '{word}'.{suggestion(word, free) or example(call)}",
        f"{name}没有参数“{word}”。{suggestion_zh(word, free) or example(call)}",
    )


def _too_many(call: Call, number: int) -> str:
    name = call.__name__
    most = sum(parameter.kind is not inspect.Parameter.KEYWORD_ONLY for parameter, _ in _parameters(call).values())
    if not most:
        return chosen(f"{name} takes nothing in its brackets. Write {name}().", f"{name}的括号里不写内容。请写{name}()。")
    return chosen(
        f"{name} takes {most} in its brackets, not {number}.{example(call)}",
        f"{name}的括号里至多写{most}项，现有{number}项。{example(call)}",
    )


def _wrong(call: Call, bound: Bound) -> Iterator[str]:
    """Yield a sentence on each argument that is not as its parameter is annotated, or stands twice."""
    several = [(name, value) for name, _, value in bound if isinstance(value, Metric)]
    metrics = [value for _, value in several]
    for name, hint, value in bound:
        if not any(_is(value, kind) for kind in _alternatives(hint)):
            yield _wrong_type(call, name, hint, value)
    for _, hint, value in bound:
        for column in (mark for mark in _marks(hint) if isinstance(mark, Column)):
            yield from (
                _wrong_column(metric, column, value)
                for metric in metrics
                if value not in column.of(metric) and value is not UNKNOWN
            )
    for at, (name, value) in enumerate(several):
        if (name, value) in several[:at]:
            yield chosen(
                f"{call.__name__} is given {value.id} twice. Take one out.", f"{call.__name__}里{value.id}写了两次。请去掉一个。"
            )


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """Return the annotations any of which is enough; marks are left out."""
    if get_origin(hint) is Annotated:
        return _alternatives(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return tuple(kind for part in get_args(hint) for kind in _alternatives(part))
    return (hint,)


def _marks(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _is(value: Any, kind: Any) -> bool:
    """Return whether a value is of an annotation."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Given):
        return value.hint == kind
    if kind == Guard:
        return callable(value) and getattr(value, "__name__", "") in GUARDS
    if get_origin(kind) is Literal:
        return any(type(value) is type(word) and value == word for word in get_args(kind))
    if kind is None:
        return value is None
    return type(value) is int if kind is int else isinstance(value, kind)


def _wrong_column(metric: Metric, column: Column, word: Any) -> str:
    columns = list(column.of(metric))
    if not columns:
        return chosen(
            f"{metric.id} cannot be broken down by '{word}', or at all. Write say({metric.id}).",
            f"{metric.id}不能按“{word}”分，也没有其他可分的栏。请写say({metric.id})。",
        )
    return chosen(
        f"{metric.id} cannot be broken down by '{word}'. It can by {', '.join(columns)}.",
        f"{metric.id}不能按“{word}”分。可以按{'、'.join(columns)}分。",
    )


def _wrong_type(call: Call, name: str, hint: Any, value: Any) -> str:
    """Return the sentence on a value that its parameter does not take."""
    words = [word for kind in _alternatives(hint) if get_origin(kind) is Literal for word in get_args(kind)]
    if words and isinstance(value, str):
        listed = " or ".join(map(str, words))
        return chosen(
            f"{call.__name__} takes no {name} '{value}'.{suggestion(value, words) or f' It takes {listed}.'}",
            f"{call.__name__}的{name}没有“{value}”。{suggestion_zh(value, words) or f'可写{listed}。'}",
        )
    english, chinese = zip(*(_kind(kind, hint) for kind in _alternatives(hint)), strict=True)
    (what, what_zh), remedy = described(value), _remedy(call, hint, value)
    several = len(_parameters(call)) > 1
    return chosen(
        f"{call.__name__} takes {' or '.join(english)}{f' as its {name}' if several else ''}, not {what}.{remedy}",
        f"{call.__name__}{f'的{name}' if several else ''}应为{'或'.join(chinese)}，不是{what_zh}。{remedy}",
    )


def _kind(kind: Any, hint: Any) -> tuple[str, str]:
    """Return what an annotation is called, in English and in Chinese."""
    if kind is Metric:
        return "a metric", "指标"
    if kind == Guard:
        return f"a claim such as {next(iter(GUARDS))}", f"成效表述（如{next(iter(GUARDS))}）"
    if get_origin(kind) is Literal:
        return " or ".join(f'"{word}"' for word in get_args(kind)), "或".join(f'"{word}"' for word in get_args(kind))
    if kind is str:
        is_column = any(isinstance(mark, Column) for mark in _marks(hint))
        return ("a column in quotes", "加引号的栏名") if is_column else ("a text in quotes", "加引号的文字")
    if kind is int:
        return "a whole number", "整数"
    if kind is Frame:
        return "a table of pandas or Ibis", "pandas或Ibis的表"
    return f"a {kind.__name__.lower()}", kind.__name__


def described(value: Any) -> tuple[str, str]:
    """Return what a value is called in a sentence, in English and in Chinese."""
    name = getattr(value, "__name__", "")
    if isinstance(value, Metric):
        return f"the metric {value.id}", f"指标{value.id}"
    if isinstance(value, Given):
        return f"what {value.call.__name__}(…) shows", f"{value.call.__name__}(…)（它只显示内容）"
    if isinstance(value, str):
        return f"the text '{value}'", f"文字“{value}”"
    if isinstance(value, bool | int | float) or value is None:
        return f"{value}", f"{value}"
    if name in GUARDS:
        return f"the claim {name}", f"成效表述{name}"
    if callable(value) and name:
        return f"the call {name} without brackets", f"没有括号的{name}"
    kind = type(value).__name__
    return f"a {kind}", kind


def _remedy(call: Call, hint: Any, value: Any) -> str:
    """Return the remedy for a value that is not taken, with a space before it in English."""
    if isinstance(value, str) and Metric in _alternatives(hint):
        if metric := value if value in CATALOGUE else BY_LABEL.get(value):
            return chosen(f" Write {metric} without quotes.", f"请写{metric}，不加引号。")
        return chosen(suggestion(value, CATALOGUE), suggestion_zh(value, CATALOGUE))
    if isinstance(value, list | tuple | set) and value and Metric in _alternatives(hint):
        return chosen(" Write the metrics without the brackets around them.", "请去掉指标外面的括号。")
    return example(call)


def example(call: Call) -> str:
    """Return the example of a call as a remedy, with a space before it in English."""
    [words] = EXAMPLE.findall(inspect.getdoc(call) or "") or [f"{call.__name__}(…)"]
    return chosen(f" Write it as in {words}.", f"写法如{words}。")
