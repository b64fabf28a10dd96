"""A code cell of a chapter, looked at without running it: it calls what `city_briefs.notebook` gives, with arguments that it takes.

Names are looked up and arguments held against the signatures of the calls themselves (`city_briefs.notebook.arguments`), so a new call
or metric is known as soon as there is one.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from city_briefs import notebook
from city_briefs.analysis.assessments.claims import GUARDS
from city_briefs.common.errors import suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.metric import Metric
from city_briefs.notebook import arguments, documents, names, own_analysis

WORD = re.compile(r"[a-z_-]+")  # the name of a view, a column or a chapter
WIDE = re.compile(
    "[\uff01-\uff5e\u3001\u3002\u2018\u2019\u201c\u201d]"
)  # what a Chinese keyboard writes in the place of punctuation
ASCII = {"、": ",", "。": ".", "‘": "'", "’": "'", "“": '"', "”": '"'}
BOTH_LINES = "A cell only calls what city_briefs.notebook gives; a metric is defined under lib/city_briefs/metrics."
BOTH_LINES_ZH = "单元格只调用city_briefs.notebook里的调用；指标在lib/city_briefs/metrics里定义。"
BETTER = {"target_bars": "bullets", "distribution": "rates"}  # calls that go on working, and what shows more in their place
Fault = tuple[int, str]  # number of a line of the cell, counted from 1, and the sentence that follows its place


class _Unclear(Exception):
    """Raised for an expression of which nothing more is said: it, or a part of it, has a fault already."""


def faults(source: str, level: str = "") -> Iterator[Fault]:
    """Yield what is wrong with the code of a cell, in the order of its lines.

    `level` is that of the chapter, by the name of its parameter, such as "city"; empty when it has none, or it is not known.
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        yield no_python(source, getattr(error, "lineno", None) or 1)
        return
    for statement in statements:
        yield from of_statement(statement, source) or _of_other_level(statement, level)


def of_statement(statement: ast.stmt, source: str) -> list[Fault]:
    """Return what is wrong with a statement of the code of a cell that may hold only calls."""
    found: list[Fault] = []
    with suppress(_Unclear):
        _check(statement, source, found)
    return found


def _of_other_level(statement: ast.stmt, level: str) -> Iterator[Fault]:
    """Yield a fault for each call that is for the province alone, in a chapter of another level."""
    for node in ast.walk(statement) if level not in ("", "province") else ():
        if isinstance(node, ast.Name) and node.id in documents.PROVINCE_ONLY:
            yield node.lineno, f"{chosen(': ', '：')}{documents.only_of_province(node.id)}"


def advice(source: str) -> Iterator[Fault]:
    """Yield what may be written in the place of a call that goes on working, in the order of the lines; nothing for no Python."""
    try:
        calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError):
        return
    for call in calls:
        if isinstance(call, ast.Name) and (better := BETTER.get(call.id)):
            yield (
                call.lineno,
                chosen(
                    f": {call.id} goes on working; {better} shows more.{arguments.example(getattr(notebook, better))}",
                    f"：{call.id}照常可用，但{better}看得更清楚。{arguments.example(getattr(notebook, better))}",
                ),
            )


def no_python(source: str, line: int) -> Fault:
    """Return the sentence on a line that is no Python; of a Chinese character in the place of punctuation it says which."""
    words = source.split("\n")[min(line, source.count("\n") + 1) - 1]
    if wide := WIDE.search(words):
        plain = ASCII.get(wide[0]) or chr(ord(wide[0]) - 0xFEE0)
        return line, chosen(
            f": the character {wide[0]} is a Chinese one. Write {plain} with the English keyboard.",
            f"：{wide[0]}是中文标点。请用英文输入法写{plain}。",
        )
    return line, chosen(
        " is not plain Python. A cell only calls what city_briefs.notebook gives, such as say(new_entities).",
        "不是完整的Python语句。单元格只调用city_briefs.notebook里的调用，如say(new_entities)。",
    )


def _check(statement: ast.stmt, source: str, found: list[Fault]) -> None:
    """Look at a statement, and note what is wrong with it."""
    if isinstance(statement, ast.Expr) and (given := looking(statement.value)):
        found.append((statement.lineno, not_shown(given)))
        return
    typed = [node for node in ast.walk(statement) if isinstance(node, ast.Constant) and not _is_word(node.value)]
    if typed and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call | ast.Constant):
        found += [_typed(node) for node in typed]
        return
    if not isinstance(statement, ast.Expr):
        found.append(_no_call(statement, source))
        return
    if isinstance(statement.value, ast.Constant | ast.List | ast.Tuple | ast.Set):
        found.append(_no_call(statement, source))
        return
    value = _value(statement.value, source, found)
    if not isinstance(value, arguments.Given):
        found.append((statement.lineno, _bare(value)))
    elif value.hint is not type(None):
        found.append((statement.lineno, not_shown(value)))


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(WORD.fullmatch(value))


def _typed(node: ast.Constant) -> Fault:
    return node.lineno, chosen(
        f" types {node.value!r}. A call takes metrics and the names of views and columns; numbers are computed.",
        f"手写了{node.value!r}。调用里只写指标和视图、栏的名称；数字都是算出来的。",
    )


def _no_call(node: ast.AST, source: str) -> Fault:
    words = (ast.get_source_segment(source, node) or "").split("\n")[0]
    return getattr(node, "lineno", 1), chosen(f": '{words}' is no call. {BOTH_LINES}", f"：“{words}”不是调用。{BOTH_LINES_ZH}")


def _value(node: ast.expr, source: str, found: list[Fault]) -> Any:
    """Return what an expression stands for; what a call gives back is a `Given`.

    Raises:
        _Unclear: it has a fault, which is noted.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        if node.id in notebook.__all__:
            return getattr(notebook, node.id)
        found.append((node.lineno, f"{chosen(': ', '：')}{names.unknown(node.id)}"))
        raise _Unclear
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_value(each, source, found) for each in node.elts]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node, node.func, source, found)
    found.append(_no_call(node, source))
    raise _Unclear


def _called(node: ast.Call, function: ast.Name, source: str, found: list[Fault]) -> arguments.Given:
    """Return what a call gives back.

    Raises:
        _Unclear: it has a fault, which is noted.
    """
    call: Any = getattr(notebook, function.id) if function.id in notebook.__all__ else None
    wrong = ""
    if call is None:
        wrong = f"{chosen(': ', '：')}{_unknown_call(function.id)}"
    elif isinstance(call, Metric):
        wrong = chosen(
            f": {call.id} is a metric, which nothing follows in brackets. Write say({call.id}).",
            f"：{call.id}是指标，后面不写括号。请写say({call.id})。",
        )
    elif (given := arguments.Given(call, arguments.result(call))) and _is_for_looking(given):
        wrong = not_shown(given)
    elif function.id in own_analysis.__all__:
        wrong = chosen(
            f": {function.id} is for an analysis chapter. Add the chapter to analysis = […] of its pack in packs.toml, or take it out.",
            f"：{function.id}只用于专题分析。请在packs.toml里把本章加进简报的analysis = […]，或去掉。",
        )
    if wrong:
        found.append((node.lineno, wrong))
        raise _Unclear
    if any(keyword.arg is None for keyword in node.keywords):
        found.append(_no_call(node, source))
        raise _Unclear
    before = len(found)
    values = [_noted(each, source, found) for each in [*node.args, *(keyword.value for keyword in node.keywords)]]
    if len(found) == before:
        named = dict(zip((str(keyword.arg) for keyword in node.keywords), values[len(node.args) :], strict=True))
        if told := arguments.fault(call, values[: len(node.args)], named):
            found.append((node.lineno, f"{chosen(': ', '：')}{told}"))
    if len(found) > before:
        raise _Unclear
    return given


def _noted(node: ast.expr, source: str, found: list[Fault]) -> Any:
    """Return what an expression stands for; None when it has a fault, which is noted."""
    with suppress(_Unclear):
        return _value(node, source, found)
    return None


def _unknown_call(word: str) -> str:
    """Return the sentence on a name that is called and is no call."""
    calls = sorted(arguments.CALLS)
    hint = chosen(
        suggestion(word, calls) or " docs/chapter-calls.md lists them.",
        suggestion_zh(word, calls) or "全部调用见docs/chapter-calls.md。",
    )
    return chosen(f"There is no call '{word}'.{hint}", f"没有调用“{word}”。{hint}")


def _bare(value: Any) -> str:
    """Return the sentence on a metric, claim or call that stands in a cell by itself."""
    if isinstance(value, Metric):
        return chosen(
            f": the metric {value.id} says nothing by itself. Write say({value.id}).",
            f"：只写指标{value.id}，什么也不说明。请写say({value.id})。",
        )
    what, what_zh = arguments.described(value)
    return chosen(f": {what} shows nothing.{arguments.example(value)}", f"：{what_zh}不显示内容。{arguments.example(value)}")


def _taker(given: arguments.Given) -> str:
    """Return the call that takes what another gives back; empty when there is none."""
    return next((name for name, call in sorted(arguments.CALLS.items()) if arguments.takes(call, given.hint)), "")


def _is_for_looking(given: arguments.Given) -> bool:
    """Return whether a call shows what must not get into a pack: it gives something back that no other call takes."""
    return given.hint is not type(None) and given.call.__name__ not in GUARDS and not _taker(given)


def looking(node: ast.expr) -> arguments.Given | None:
    """Return what a call for looking gives back, whatever is in its brackets; None for anything else."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in arguments.CALLS):
        return None
    call = arguments.CALLS[node.func.id]
    given = arguments.Given(call, arguments.result(call))
    return given if _is_for_looking(given) else None


def is_for_another(node: ast.Call) -> bool:
    """Return whether a call gives back what is for another call, as `per_day` does, so that it shows nothing by itself."""
    if not (isinstance(node.func, ast.Name) and node.func.id in arguments.CALLS):
        return False
    call = arguments.CALLS[node.func.id]
    return bool(_taker(arguments.Given(call, arguments.result(call))))


def not_shown(given: arguments.Given) -> str:
    """Return the sentence on a call whose result is for another call, or for looking."""
    name = given.call.__name__
    if taker := _taker(given):
        return chosen(
            f": {name} shows nothing by itself; it is for {taker}.{arguments.example(given.call)}",
            f"：{name}自己不显示内容，要放进{taker}。{arguments.example(given.call)}",
        )
    return chosen(
        f" calls {name}, which is for looking, and goes into no pack. Take it out.",
        f"调用了{name}，它只供查看，不进入简报。请去掉。",
    )
