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
from typing import Any

SCHEME = 2  # raise it whenever the same definition would get another hash
CONSTANTS = (str, int, float, Decimal, date, tuple, list, dict)
Function = Callable[..., Any]


def definition_hash(fields: Iterable[object], functions: Iterable[Function]) -> str:
    """Return the hash of these fields and of what these functions do."""
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
    outside = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for name in sorted(_names(definition) & outside.keys()):
        value = outside[name]
        if isinstance(value, CONSTANTS):
            yield f"{name} = {value!r}"
        elif inspect.isfunction(value) and _package(value) == _package(function):
            yield from _texts(value, seen)


def _definition(function: Function) -> ast.stmt:
    """Return the statement that defines a function, without decorators, annotations and docstring."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
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


def _package(function: Function) -> str:
    return function.__module__.partition(".")[0]
