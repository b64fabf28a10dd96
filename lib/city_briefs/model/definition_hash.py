"""Hashes of definitions: by what is defined, whatever the layout, comments, annotations and decorators of the code.

A hash is `SCHEME:SHA-256`. Hashes of two schemes tell nothing of each other, and those of the first had no scheme.
"""

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

from city_briefs.common.errors import DefinitionError
from city_briefs.common.language import chosen

SCHEME = 2  # raise it whenever the same definition would get another hash
CONSTANTS = (str, int, float, Decimal, date, tuple, list, dict, set, frozenset)
Function = Callable[..., Any]


def definition_hash(fields: Iterable[object], functions: Iterable[Function]) -> str:
    """Return the hash of these fields and of what these functions do.

    Raises:
        DefinitionError: a function names something whose change no hash would show.
    """
    seen: set[Function] = set()
    parts = [*map(repr, fields), *(text for function in functions for text in _texts(function, seen))]
    return f"{SCHEME}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}"


def _texts(function: Function, seen: set[Function]) -> Iterator[str]:
    """Yield the text of a function, of the constants that it names, and of the functions of the same package that it names."""
    if function in seen:
        return
    seen.add(function)
    definition = _definition(function)
    yield ast.unparse(definition)
    for name, value in sorted(_outside(function, definition).items()):
        if isinstance(value, set | frozenset):
            yield f"{name} = {sorted(map(repr, value))}"  # in an order that is the same in each process
        elif isinstance(value, CONSTANTS):
            yield f"{name} = {value!r}"
        elif inspect.isfunction(value) and _package(value.__module__) == _package(function.__module__):
            yield from _texts(value, seen)
        elif not _of_library(value, function):
            raise DefinitionError(
                chosen(
                    f"{function.__name__} names {name}, a {type(value).__name__}, and no hash would show that it changed. "
                    "Make it a function, a number, a text, or a tuple, list, dict or set of these.",
                    f"{function.__name__}用了{name}（{type(value).__name__}），它有改动时哈希值看不出来。"
                    "请改成函数、数字、文字，或由这些组成的tuple、list、dict、set。",
                )
            )


def _outside(function: Function, definition: ast.stmt) -> dict[str, Any]:
    """Return what a function takes from outside of it, by name; of a module of its own package what it takes from that module."""
    values = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    taken = {name: values[name] for name in _names(definition) & values.keys()}
    modules = {name for name, value in taken.items() if _is_module_of(value, function)}
    for node in ast.walk(definition):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            taken[f"{node.value.id}.{node.attr}"] = getattr(taken[node.value.id], node.attr)
    return {name: value for name, value in taken.items() if name not in modules}


def _is_module_of(value: object, function: Function) -> bool:
    return isinstance(value, ModuleType) and _package(value.__name__) == _package(function.__module__)


def _of_library(value: object, function: Function) -> bool:
    """Whether a value is a module, class or function of another package, whose version the lock names."""
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    named = isinstance(value, ModuleType | type) or callable(value)
    return named and isinstance(name, str) and _package(name) != _package(function.__module__)


def _definition(function: Function) -> ast.stmt:
    """Return the statement that defines a function, without decorators, annotations and docstring."""
    function = inspect.unwrap(function)
    lines, line = inspect.findsource(function)
    return _of_module("".join(lines)).get(line + 1) or _bare(ast.parse(textwrap.dedent(inspect.getsource(function))).body[0])


@cache
def _of_module(source: str) -> dict[int, ast.stmt]:
    """Return the functions that stand in a module by themselves, as `_definition` does, by the line that each begins in.

    The module is parsed once, which finds their ends in half the time of `inspect`; empty for what is no module by itself.
    """
    try:
        statements = ast.parse(textwrap.dedent(source)).body  # blanks in a blank line are taken away as they are for one function
    except (SyntaxError, ValueError):
        return {}
    functions = (statement for statement in statements if isinstance(statement, ast.FunctionDef))
    return {
        min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)]): _bare(function)
        for function in functions
    }


def _bare(definition: ast.stmt) -> ast.stmt:
    """Take decorators, annotations and docstring from the statement that defines a function, and return it."""
    if isinstance(definition, ast.FunctionDef):
        definition.decorator_list, definition.returns = [], None
        for argument in ast.walk(definition.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        if ast.get_docstring(definition) is not None:
            definition.body = definition.body[1:] or [ast.Pass()]
    return definition


def _names(definition: ast.stmt) -> set[str]:
    """Return the names that a statement takes from outside of it."""
    nodes = list(ast.walk(definition))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - bound


def _package(module: str) -> str:
    return module.partition(".")[0]
