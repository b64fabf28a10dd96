"""Every refusal at the door is said in both languages, and both sentences have the same names and values."""

import ast
from collections.abc import Iterator

import pytest

from tests.helpers import ROOT

INGEST = ROOT / "lib/city_briefs/analysis/ingest"
ERRORS = {"DataError", "UsageError", "ValueError"}
CODES = {"(part)"}  # errors of the program itself, which nobody reads


def _name(node: ast.expr) -> str:
    """The name of what is called."""
    return getattr(node, "id", getattr(node, "attr", ""))


def _is_bilingual(node: ast.expr, functions: dict[str, ast.FunctionDef], scope: ast.FunctionDef) -> bool:
    """Whether a sentence is made by `chosen`, there, in a function of the module, or where a name in the scope is assigned."""
    if isinstance(node, ast.Call) and _name(node.func) == "chosen":
        return len(node.args) == 2
    if isinstance(node, ast.Call) and _name(node.func) in functions:
        function = functions[_name(node.func)]
        returned = [item.value for item in ast.walk(function) if isinstance(item, ast.Return)]
        return all(value and _is_bilingual(value, functions, function) for value in returned)
    if isinstance(node, ast.IfExp):
        return all(_is_bilingual(part, functions, scope) for part in (node.body, node.orelse))
    if isinstance(node, ast.Name):
        assigned = [
            item.value
            for item in ast.walk(scope)
            if isinstance(item, ast.Assign) and any(_name(target) == node.id for target in item.targets)
        ]
        return bool(assigned) and all(_is_bilingual(value, functions, scope) for value in assigned)
    return False


def _of_one_language(text: str) -> Iterator[str]:
    """Yield the errors of a module that are said in one language only."""
    tree = ast.parse(text)
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    methods = [node for item in tree.body if isinstance(item, ast.ClassDef) for node in item.body]
    for scope in (node for node in (*tree.body, *methods) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                argument = ast.unparse(node.args[0]) if node.args else ""
                if f"({argument})" not in CODES and not (node.args and _is_bilingual(node.args[0], functions, scope)):
                    yield f"line {node.lineno}: {argument[:80]}"


@pytest.mark.parametrize("file", sorted(INGEST.rglob("*.py")), ids=lambda file: file.relative_to(INGEST).as_posix())
def test_every_refusal_has_both_languages(file):
    assert sorted(set(_of_one_language(file.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    [
        'raise DataError(f"{name}: no.")',
        "raise DataError(reason())",
        "raise DataError(text)",
        'raise UsageError("No.")',
        'raise DataError(chosen("No."))',
    ],
)
def test_a_sentence_in_one_language_is_noticed(line):
    text = f"def reason():\n    return 'No.'\ndef check(name):\n    text = 'No.'\n    {line}\n"
    assert len(set(_of_one_language(text))) == 1


def test_a_sentence_in_both_languages_may_be_made_elsewhere():
    text = (
        "def reason():\n    return chosen('No.', '否。')\n"
        "def check(name):\n    text = chosen('No.', '否。')\n    if name:\n        raise DataError(text)\n    raise DataError(reason())\n"
    )
    assert list(_of_one_language(text)) == []
