"""The code cells of an analysis chapter, looked at without running them: any Python, as long as a build can run it and it says something.

What is called of `city_briefs.notebook` is held against its signature as far as it can be known. Names must be set somewhere, modules be
installed, and files lie where a build looks for changes.
"""

import ast
import builtins
import warnings
from collections.abc import Collection, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from city_briefs import notebook
from city_briefs.common.language import chosen
from city_briefs.notebook import arguments, cells, names, own_reach
from city_briefs.notebook.cells import Fault
from city_briefs.notebook.parameters import PARAMETERS, is_misspelt

OF_IPYTHON = {"display", "get_ipython"}  # names that a kernel has of itself
COMMANDS = ("%", "!", "?")  # what begins or ends a line of IPython's that is no Python
DATA = (
    ".csv",
    ".tsv",
    ".txt",
    ".json",
    ".xls",
    ".xlsx",
    ".ods",
    ".parquet",
    ".feather",
    ".dta",
    ".sav",
    ".zip",
    ".db",
    ".duckdb",
)
Place = tuple[int, int, str]  # of a cell, counted from 0; number of a line of it, counted from 1; the sentence after the place


def faults(sources: Sequence[str], folder: Path) -> Iterator[Place]:
    """Yield what is wrong with the code of an analysis chapter; `folder` is where the files lie that it reads."""
    trees: dict[int, ast.Module] = {}
    for at, source in enumerate(sources):
        try:
            with warnings.catch_warnings(action="ignore"):  # of words with a backslash, which a kernel takes
                trees[at] = ast.parse(source)
                compile(source, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            trees.pop(at, None)
            yield at, *_no_python(source, getattr(error, "lineno", None) or 1)
    modules = own_reach.aliases([*trees.values()])
    bound = {name for tree in trees.values() for name, _ in _bound(tree)}
    for at, tree in trees.items():
        faults_of_cell = [*_names(tree, bound), *_imports(tree), *_shown(tree, sources[at]), *_calls(tree)]
        faults_of_cell += [*own_reach.faults(tree, modules), *_files(tree, folder, *own_reach.files_named(tree, modules))]
        yield from ((at, line, words) for line, words in sorted(set(faults_of_cell)))


def _no_python(source: str, line: int) -> Fault:
    words = source.split("\n")[line - 1 : line]
    if words and (words[0].lstrip().startswith(COMMANDS) or words[0].rstrip().endswith("?")):
        return line, chosen(
            f" is a command of IPython, '{words[0].strip()}'. Take it out; figures show by themselves.",
            f"是IPython的命令“{words[0].strip()}”。请去掉；图会自动显示。",
        )
    if words and cells.WIDE.search(words[0]):
        return cells.no_python(source, line)
    return line, chosen(
        " is no Python. Look at the brackets, quotes and indents of this line and the one before.",
        "不是Python语句。请检查这一行和上一行的括号、引号和缩进。",
    )


def _bound(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the names that code sets, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0], node.lineno
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node.lineno
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest, 1


def _names(tree: ast.Module, bound: set[str]) -> Iterator[Fault]:
    """Yield names that nothing sets, and those of ours that are set anew."""
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    known = {*bound, *notebook.__all__, *dir(builtins), *OF_IPYTHON, *PARAMETERS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known:
            yield node.lineno, f"{chosen(': ', '：')}{names.unknown(node.id)}"
    for name, line in _bound(tree):
        if name in notebook.__all__ or name in PARAMETERS:
            yield (
                line,
                chosen(
                    f" sets '{name}', which is a call, a metric or a parameter. Choose another name, such as my_{name}.",
                    f"给“{name}”另赋了值，它是调用、指标或参数的名称。请换个名称，如my_{name}。",
                ),
            )
    for name, line in _bound(tree):
        if name in assigned and is_misspelt(name):
            yield (
                line,
                chosen(
                    f" sets '{name}', which reads like a parameter of the chapter. Choose another name, such as my_{name}.",
                    f"给“{name}”赋了值，像是参数名写错了。请换个名称，如my_{name}。",
                ),
            )


def _imports(tree: ast.Module) -> Iterator[Fault]:
    """Yield modules that are not installed, and imports of all names, which would take the place of ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield (
                node.lineno,
                chosen(
                    f" imports all of {node.module}, which may take the place of calls. Write import {node.module}.",
                    f"导入了{node.module}的全部名称，会盖住调用。请写import {node.module}。",
                ),
            )
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for module in {each.partition(".")[0] for each in modules}:
            if module and find_spec(module) is None:
                yield (
                    node.lineno,
                    chosen(
                        f": the module {module} is not installed here. Have it installed where packs are made, or do without.",
                        f"：没有安装{module}。请在编制简报的机器上安装，或不用它。",
                    ),
                )


def _shown(tree: ast.Module, source: str) -> Iterator[Fault]:
    """Yield metrics and calls that stand by themselves, at any place of a cell, and what is only for looking."""
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Name) and statement.value.id in notebook.__all__:
            yield from cells.of_statement(statement, source)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and (given := cells.looking(node)):
            yield node.lineno, cells.not_shown(given)
    for each in tree.body:
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) and cells.is_for_another(each.value):
            yield from cells.of_statement(each, source)


def _calls(tree: ast.Module) -> Iterator[Fault]:
    """Yield calls of ours with arguments that they do not take, as far as these are known."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in arguments.CALLS):
            continue
        starred = any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords)
        if not starred:
            positional = [_value(each) for each in node.args]
            named = {str(each.arg): _value(each.value) for each in node.keywords}
            if told := arguments.fault(getattr(notebook, node.func.id), positional, named):
                yield node.lineno, f"{chosen(': ', '：')}{told}"


def _value(node: ast.expr) -> object:
    """Return what an argument stands for: a constant, a metric or call of ours, what a call of ours gives back, or UNKNOWN."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in notebook.__all__:
        return getattr(notebook, node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in arguments.CALLS:
        call = arguments.CALLS[node.func.id]
        return arguments.Given(call, arguments.result(call))
    return arguments.UNKNOWN


def _files(tree: ast.Module, folder: Path, read: Collection[int], written: Collection[int]) -> Iterator[Fault]:
    """Yield files that are named and do not lie in the folder of the chapter, by which a build knows that they have changed.

    Those that are `read` may end with anything; of those that are `written` another sentence is said.
    """
    composed = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr | ast.Constant) or id(node) in composed or id(node) in written:
            continue
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        words = [part.value if isinstance(part, ast.Constant) else None for part in parts]
        is_data = words and isinstance(words[-1], str) and words[-1].lower().endswith(DATA)
        if not (is_data or (id(node) in read and any(isinstance(word, str) for word in words))):
            continue
        path = "".join(word if isinstance(word, str) else "…" for word in words)
        is_there = len(words) > 1 or (folder.parent / path).is_file()
        if not path.startswith(f"{folder.name}/") or ".." in Path(path).parts or not is_there:
            name = Path(path.replace("\\", "/")).name
            yield (
                node.lineno,
                chosen(
                    f" reads '{path}', which is not in notebooks/{folder.name}. Put it there and write '{folder.name}/{name}', "
                    "so that a build knows when it changes.",
                    f"读取“{path}”，它不在notebooks/{folder.name}里。请放进去，写作“{folder.name}/{name}”，编制时才知道它变没变。",
                ),
            )
