"""Stateless chapters: those whose cells are nothing but our calls, which leave nothing in a kernel but names."""

import ast
import builtins
from functools import cache
from pathlib import Path

from city_briefs.common.errors import UsageError
from city_briefs.production.packs import parameter_cell
from city_briefs.production.packs.chapter_notebook import TAG, Cell, read
from city_briefs.production.packs.chapter_rules import LIBRARY
from city_briefs.production.packs.plan import Chapter

NOT_OURS = {*dir(builtins), "get_ipython", "exit", "quit", "open"}  # names that a kernel has without our import
PARTS = (ast.Call, ast.Name, ast.Load, ast.keyword, ast.Constant, ast.List, ast.Tuple, ast.Dict)  # what a call is made of


def is_stateless(chapter: Chapter) -> bool:
    """Return whether every cell of a chapter is its parameters, our import, or calls of names that our import gives.

    A name that is set, an attribute, an operator, a function of Python's own or a command of IPython's makes it a chapter that may leave
    something behind. So does an analysis chapter, and a notebook that cannot be read.
    """
    return not chapter.is_analysis and _is_of_calls(chapter.notebook, chapter.written)


@cache
def _is_of_calls(notebook: Path, written: bytes) -> bool:
    try:
        cells = read(notebook, written).of("code")
    except UsageError:
        return False
    return all(cell.is_preview or _leaves_nothing(cell) for cell in cells)


def _leaves_nothing(cell: Cell) -> bool:
    if TAG in cell.tags:
        return not list(parameter_cell.faults(cell))
    if cell.source.strip() == LIBRARY:
        return True
    try:
        statements = ast.parse(cell.source).body
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(statement, ast.Expr) and _is_call(statement.value) for statement in statements)


def _is_call(value: ast.expr) -> bool:
    nodes = list(ast.walk(value))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    return (
        isinstance(value, ast.Call)
        and all(isinstance(node, PARTS) for node in nodes)
        and all(isinstance(function, ast.Name) for function in called)
        and not names & NOT_OURS
        and not any(name.startswith("_") for name in names)
    )
