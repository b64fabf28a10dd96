"""What the fields of a metric may not be, found where it is defined; each fault is a sentence that names the metric and its file.

Its expression is looked at apart (`city_briefs.model.expression_rules`).
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

from city_briefs.common.errors import DefinitionError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.labels import COLUMNS
from city_briefs.model.table import DATE, Table

Given = ParamSpec("Given")
Function = Callable[..., Any]
Fault = tuple[str, str]  # English and Chinese
DAYS = ("on", "until", "decided")  # fields that name a column of days, or of months
MOST_DECIMALS = 6
SIZED = re.compile(r"\d|[十百千万亿](?![克米瓦帕伏])")  # a unit that begins so has a size


def refused(function: Callable[..., Any], english: str, chinese: str) -> DefinitionError:
    """Return the error on the definition that a function makes; the sentence follows its name and its file."""
    file = Path(inspect.unwrap(function).__code__.co_filename).name
    return DefinitionError(chosen(f"{function.__name__} in {file}: {english}", f"{file}里的{function.__name__}：{chinese}"))


def refusing(decorator: Callable[Given, Callable[[Function], Any]]) -> Callable[Given, Callable[[Function], Any]]:
    """Return a decorator whose missing or surplus arguments are a DefinitionError of the function that it stands over."""

    @wraps(decorator)
    def refusing_decorator(*arguments: Given.args, **named: Given.kwargs) -> Callable[[Function], Any]:
        word = decorator.__name__
        if arguments and inspect.isfunction(function := arguments[0]):
            raise refused(function, f"@{word} has no brackets. Write @{word}(…).", f"@{word}没有括号。请写@{word}(…)。")
        try:
            inspect.signature(decorator).bind(*arguments, **named)
        except TypeError as error:
            what = str(error).replace("missing a required argument: ", "no ")
            english, chinese = (
                f"@{word} has {what}. See docs/analyst.md.",
                f"@{word}的参数不对（{what}）。写法见docs/analyst.md。",
            )
        else:
            return decorator(*arguments, **named)

        def refuse(function: Function) -> Any:
            raise refused(function, english, chinese)

        return refuse

    return refusing_decorator


def check_fields(function: Callable[..., Any], fields: Mapping[str, Any], known: Iterable[str], betters: Iterable[str]) -> None:
    """Check the fields that a decorator was given, as far as they can be without an expression.

    Raises:
        DefinitionError: one is missing, not known or wrong.
    """
    name, file = function.__name__, Path(function.__code__.co_filename).name
    if not (function.__doc__ or "").strip():
        english = f"{name} has no docstring in {file}. A metric's definition is its docstring."
        raise DefinitionError(chosen(english, f"{file}里的{name}没有口径。请在def下面一行用三个引号写明。"))
    if not fields["owner"]:
        english = f"{name} has no owner. Name one, or let the module have a constant OWNER."
        raise DefinitionError(chosen(english, f"{file}里的{name}没有写责任处室。请写明owner，或在文件开头写OWNER。"))
    for english, chinese in _wrong_fields(fields, list(known), list(betters)):
        raise refused(function, english, chinese)


def _wrong_fields(fields: Mapping[str, Any], known: list[str], betters: list[str]) -> Iterator[Fault]:
    for name in fields:
        if name not in known:
            yield (
                f"there is no field '{name}'.{suggestion(name, known) or ' The fields are ' + ', '.join(known) + '.'}",
                f"没有字段“{name}”。{suggestion_zh(name, known) or '字段有' + '、'.join(known) + '。'}",
            )
    for name in ("label", "label_en", "unit"):
        if not (isinstance(fields.get(name), str) and fields[name].strip()):
            yield f'it has no {name}. Write one in quotes, such as unit="户".', f'没有{name}。请写明，加引号，如unit="户"。'
    unit, better, decimals, per = (fields.get(name) for name in ("unit", "better", "decimals", "per"))
    if isinstance(unit, str) and SIZED.match(unit):
        base = unit.lstrip("十百千万亿0123456789") or "户"
        yield (
            f"the unit '{unit}' has a size. The base unit is {base}, and 万 or 亿 comes by itself.",
            f"单位“{unit}”带了数量级。请写基本单位{base}，万、亿会自动加上。",
        )
    if better is not None and better not in betters:
        listed = " or ".join([", ".join(betters[:-1]), betters[-1]])
        yield f"better is {listed}, not {better!r}.", f"better应为{'、'.join(betters)}之一，不是{better!r}。"
    if decimals is not None and not (type(decimals) is int and 0 <= decimals <= MOST_DECIMALS):
        yield (
            f"decimals is a whole number from 0 to {MOST_DECIMALS}, not {decimals!r}.",
            f"decimals应为0到{MOST_DECIMALS}的整数，不是{decimals!r}。",
        )
    if per is not None and not (type(per) is int and per > 0):
        yield f"per is a whole number such as 10_000, not {per!r}.", f"per应为整数，如10_000，不是{per!r}。"
    rows = fields.get("rows")
    if "rows" in fields and not (isinstance(rows, Table) or hasattr(rows, "sources")):
        yield (
            f"its rows are a table such as ENTITIES, without quotes, not {rows!r}.",
            f"第一项应为表，如ENTITIES，不加引号，不是{rows!r}。",
        )
    elif "rows" in fields:
        yield from _wrong_by(fields.get("by", ()))
        yield from wrong_columns(
            fields, rows, {column.name: column.type for column in rows.columns} if isinstance(rows, Table) else {}
        )


def _wrong_by(by: Any) -> Iterator[Fault]:
    if isinstance(by, str):
        yield f'by is a tuple of columns. Write by=("{by}",).', f'by应为一组栏。请写by=("{by}",)。'
    elif not isinstance(by, tuple | list) or not all(isinstance(name, str) for name in by):
        yield (
            f'by is a tuple of columns in quotes, such as by=("kind",), not {by!r}.',
            f'by应为一组加引号的栏，如by=("kind",)，不是{by!r}。',
        )
    elif twice := sorted({name for name in by if list(by).count(name) > 1}):
        yield f"by has {twice[0]} twice. Take one out.", f"by里{twice[0]}写了两次。请去掉一个。"


def wrong_columns(fields: Mapping[str, Any], rows: Any, types: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with the columns that fields name; without types, those of derived rows, only that they are texts."""
    by = fields.get("by", ())
    named = [("by", name) for name in (by if isinstance(by, tuple | list) else ())]
    for field in (*DAYS, "undated"):
        value = fields.get(field)
        if value is not None and not isinstance(value, str):
            yield f"{field} is a column in quotes, not {value!r}.", f"{field}应为加引号的栏名，不是{value!r}。"
        elif value:
            named.append((field, value))
    for field, name in named if types else ():
        if name not in types:
            yield no_column(rows, name, types)
        elif field == "undated" and types[name] != "bool":
            yield f"undated names a column of yes or no, and {name} is none.", f"undated应为是否栏，{name}不是。"
        elif field in DAYS and types[name] != DATE and name != "month":
            days = [column for column, kind in types.items() if kind == DATE]
            yield (
                f"{field} names a column of days, and {name} is none. It can be {', '.join(days) or 'month'}.",
                f"{field}应为日期栏，{name}不是。可以是{'、'.join(days) or 'month'}。",
            )
        elif field == "by" and name not in COLUMNS:
            yield (
                f"the column {name} has no Chinese name, under which its table would stand. It can be by {_broken_down(types)}.",
                f"{name}栏没有中文名，不能作分类栏。可以按{_broken_down(types)}分。",
            )


def _broken_down(types: Iterable[str]) -> str:
    return ", ".join(name for name in types if name in COLUMNS) or "none"


def no_column(rows: Any, name: str, columns: Iterable[str]) -> Fault:
    """Return the sentence on a column that a table does not have."""
    listed = list(columns)
    return (
        f"{rows.name} have no column '{name}'.{suggestion(name, listed, 'columns')}",
        f"{rows.name}表没有“{name}”栏。{suggestion_zh(name, listed) or '各栏是' + '、'.join(listed) + '。'}",
    )
