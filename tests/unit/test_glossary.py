"""The glossary names what is in the code: each term once, each name in the file that is said to define it."""

import ast
import re
from collections import Counter

import pytest

from tests.helpers import ROOT

TEXT = (ROOT / "GLOSSARY.md").read_text("utf-8")
ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| `(\w+)` \| `([\w./]+)` \|$", re.MULTILINE)
TERMS = ROW.findall(TEXT)


def defined(code):
    """Return the names that a module defines: classes, functions, fields and constants."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return names | {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def test_every_line_of_a_table_is_a_term():
    lines = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| 中文 ")]
    assert len(TERMS) == len(lines)


@pytest.mark.parametrize(("name", "path"), [term[2:] for term in TERMS])
def test_the_file_defines_the_name(name, path):
    assert name in defined((ROOT / path).read_text("utf-8"))


def test_what_a_module_does_not_define_is_not_found():
    assert defined("from a import b\nC, D = b\nclass E:\n    f: int\n    def g(self): h()") == {"C", "D", "E", "f", "g"}


@pytest.mark.parametrize("column", [0, 1, 2], ids=["中文", "English", "name in code"])
def test_no_term_stands_twice(column):
    assert [term for term, times in Counter(term[column] for term in TERMS).items() if times > 1] == []
