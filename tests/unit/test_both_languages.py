"""Every refusal is said in both languages, and both sentences have the same names and values."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

from city_briefs.common import errors
from tests.helpers import ROOT

PACKAGE = ROOT / "lib/city_briefs"
FILES = sorted(PACKAGE.rglob("*.py"))
OURS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.BriefError)}
ERRORS = {*OURS, "ValueError"}
SAID_BEFORE = {  # sentences that are made in both languages elsewhere, by file; tests of that file hold their words
    "app/build_packs.py": {"'\\n'.join([*errors, count])"},  # of packs that were not made
    "app/cli/comparing.py": {"'\\n'.join(made.failed)"},  # of packs that a version did not make
    "app/cli/installation.py": {"'\\n'.join(left)"},  # of chapters that stay as they are
    "app/cli/verification.py": {"'\\n'.join([*differences, count])"},
    "app/upgrade.py": {"'\\n'.join([*done, *left])"},
    "notebook/arguments.py": {"wrong"},
    "notebook/looking.py": {"''.join(lines).strip()"},  # what a command says
    "production/review/approve.py": {"made.error"},  # of a pack that was not made
}
FOR_THE_PROGRAM = {  # caught by the program itself, and read by nobody, by file
    "analysis/ingest/readers/archive.py": {"part"},
    "production/editions/content.py": {"'not as it was issued'"},
    "production/editions/manifest.py": {"content", "name", "pairs", "text", "word"},
    "production/packs/old_imports.py": {"text"},
}


@dataclass(frozen=True)
class Source:
    """A module as it is written."""

    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """Where each name comes from: a module of the package, and its name there."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom) and node.module]
        return {each.asname or each.name: (node.module, each.name) for node in found for each in node.names}

    @property
    def scopes(self) -> Iterator[ast.AST]:
        """What has names of its own: functions, methods, and the module without these."""
        classes = [node for node in self.tree.body if isinstance(node, ast.ClassDef)]
        nodes = (*self.tree.body, *(item for kind in classes for item in kind.body))
        yield from (node for node in nodes if isinstance(node, ast.FunctionDef))
        yield ast.Module([node for node in self.tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)], [])

    def function(self, called: ast.expr) -> "tuple[Source, ast.FunctionDef] | None":
        """The function that is called, with the module that has it; None when it is none of the package."""
        if isinstance(called, ast.Name) and called.id in self.functions:
            return self, self.functions[called.id]
        name = getattr(called, "value", called)
        module, there = self.imported.get(getattr(name, "id", ""), ("", ""))
        other = source(f"{module}.{there}" if isinstance(called, ast.Attribute) else module)
        function = other and other.functions.get(called.attr if isinstance(called, ast.Attribute) else there)
        return (other, function) if other and function else None


@cache
def source(module: str) -> Source | None:
    """A module of the package by its full name; None when there is no such file."""
    file = Path(PACKAGE.parent, *module.split(".")).with_suffix(".py")
    return Source(file.read_text("utf-8")) if module and file.is_file() else None


def _name(node: ast.expr) -> str:
    """The name of what is called."""
    return getattr(node, "id", getattr(node, "attr", ""))


def _given(name: str, scope: ast.AST) -> list[ast.expr]:
    """What a name is given in a scope: what is assigned or added to it, or appended."""
    given = []
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            given += [node.value for target in targets if _name(target) == name]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == f"{name}.append":
            given += node.args
    return given


def _are_bilingual(node: ast.expr, module: Source, scope: ast.AST) -> bool:
    """Whether every sentence of a list is in both languages."""
    if isinstance(node, ast.Name):
        given = _given(node.id, scope)
        return any(map(_holds_any, given)) and all(_are_bilingual(each, module, scope) for each in given)
    if isinstance(node, ast.List):
        return all(
            _are_bilingual(each.value, module, scope) if isinstance(each, ast.Starred) else _is_bilingual(each, module, scope)
            for each in node.elts
        )
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return _is_bilingual(node.elt, module, scope)
    return _is_bilingual(node, module, scope)


def _holds_any(node: ast.expr) -> bool:
    return not isinstance(node, ast.List) or bool(node.elts)


def _is_bilingual(node: ast.expr, module: Source, scope: ast.AST) -> bool:
    """Whether a sentence is made by `chosen`, there, in a function of the package, or where a name in the scope is assigned."""
    match node:
        case ast.Call() if _name(node.func) == "chosen":
            return len(node.args) == 2
        case ast.Call(ast.Name("str"), [ast.Name(name)]):  # of an error of ours
            handlers = [each for each in ast.walk(scope) if isinstance(each, ast.ExceptHandler) and each.name == name]
            return bool(handlers) and all(each.type and _name(each.type) in OURS for each in handlers)
        case ast.Call(ast.Attribute(ast.Constant(), "join"), [sentences]):
            return _are_bilingual(sentences, module, scope)
        case ast.Call() if found := module.function(node.func):
            there, function = found
            returned = [item.value for item in ast.walk(function) if isinstance(item, ast.Return)]
            return all(value and _is_bilingual(value, there, function) for value in returned)
        case ast.IfExp():
            return all(_is_bilingual(part, module, scope) for part in (node.body, node.orelse))
        case ast.JoinedStr():  # names, signs and a sentence
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            inside = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            return not set(words) - set(string.punctuation) - {" ", "\n"} and any(
                _is_bilingual(part, module, scope) for part in inside
            )
        case ast.Name():
            assigned = _given(node.id, scope)
            return bool(assigned) and all(_is_bilingual(value, module, scope) for value in assigned)
    return False


def of_one_language(text: str, said_before: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the errors of a module that are said in one language only."""
    module = Source(text)
    for scope in module.scopes:
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                argument = ast.unparse(node.args[0]) if node.args else ""
                if argument not in said_before and not (node.args and _is_bilingual(node.args[0], module, scope)):
                    yield f"line {node.lineno}: {argument[:80]}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_every_refusal_has_both_languages(file):
    name = file.relative_to(PACKAGE).as_posix()
    allowed = frozenset(SAID_BEFORE.get(name, set()) | FOR_THE_PROGRAM.get(name, set()))
    assert sorted(set(of_one_language(file.read_text("utf-8"), allowed))) == []


@pytest.mark.parametrize(("name", "words"), [*SAID_BEFORE.items(), *FOR_THE_PROGRAM.items()])
def test_what_is_allowed_is_still_there(name, words):
    found = {line.partition(": ")[2] for line in of_one_language((PACKAGE / name).read_text("utf-8"))}
    assert sorted(words - found) == []


MODULE = """
from city_briefs.notebook import arguments, names
from city_briefs.notebook.names import sources, unknown
def reason():
    return 'No.'
def both():
    return chosen('No.', '否。')
def check(name):
    text = 'No.'
    said = chosen('No.', '否。')
    mixed = [chosen('No.', '否。')]
    mixed.append('No.')
    told: list[str] = []
    told += [chosen('No.', '否。') for _ in name]
    told.append(both())
    try:
        both()
    except ValueError as foreign:
        {0}
    except UsageError as ours:
        {0}
"""


@pytest.mark.parametrize(
    "line",
    [
        'raise DataError(f"{name}: no.")',
        "raise DataError(f\"{name}{chosen(': ', '：')}no\")",
        'raise DataError(f"{name}: {text}")',
        "raise DataError(reason())",
        "raise DataError(text)",
        "raise DataError()",
        'raise UsageError("No.")',
        'raise PackError("No.")',
        'raise ValueError("No.")',
        'raise DataError(chosen("No."))',
        "raise DataError(said if name else text)",
        "raise DataError('\\n'.join(mixed))",
        "raise DataError('\\n'.join(nothing))",
        "raise DataError('\\n'.join([*told, text]))",
        "raise DataError('\\n'.join([*mixed, said]))",
        "raise DataError(str(foreign))",
        "raise DataError(names.sources())",
        "raise DataError(arguments.unknown(name))",
        "raise DataError(sources())",
    ],
)
def test_a_sentence_in_one_language_is_noticed(line):
    assert len(set(of_one_language(MODULE.replace("{0}", line)))) == 2


def test_a_sentence_in_one_language_outside_of_any_function_is_noticed():
    assert list(of_one_language("if hidden:\n    raise UsageError('No.')\n")) == ["line 2: 'No.'"]


@pytest.mark.parametrize(
    "line",
    [
        "raise DataError(said)",
        "raise DataError(both())",
        "raise DataError(said if name else both())",
        "raise DataError('\\n'.join(told))",
        "raise DataError('\\n'.join([*told, said]))",
        "raise DataError(str(ours))",
        "raise DataError(f\"{name}, {name}{chosen(': ', '：')}{said}\")",
        "raise UsageError(names.unknown(name))",
        "raise UsageError(unknown(name))",
    ],
)
def test_a_sentence_in_both_languages_may_be_made_elsewhere(line):
    assert list(of_one_language(MODULE.replace("{0}", line))) == []
