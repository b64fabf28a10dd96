"""A definition is hashed by what it says, not by how its code is written."""

import importlib.util
import itertools
import sys
from types import ModuleType

import pytest

from city_briefs.model.definition_hash import SCHEME, definition_hash

CODE = '''
LATE, UNUSED = 30, 1
KINDS = {"kind": ["a"]}


def minutes(rows):
    return rows.arrived - rows.called


def late(rows):
    """Count what came late."""
    kinds = KINDS["kind"]
    return rows.count(where=(minutes(rows) > LATE) & rows.kind.isin(kinds))
'''
SAME = {
    "a comment": ("    kinds = KINDS", "    # as the list has them\n    kinds = KINDS"),
    "lines": ("rows.count(where=", "rows.count(\n        where="),
    "brackets and quotes": ('KINDS["kind"]', "(KINDS['kind'])"),
    "the docstring": ('    """Count what came late."""\n', ""),
    "an annotation": ("def late(rows):", "def late(rows: object) -> object:"),
    "a decorator": ("def late(rows):", "@(lambda function: function)\ndef late(rows):"),
    "a docstring of a helper": ("    return rows.arrived", '    """Minutes."""\n    return rows.arrived'),
    "a constant that it does not name": ("UNUSED = 30, 1", "UNUSED = 30, 2"),
    "a constant named like a local": ("UNUSED = 30, 1", "kinds = 30, 1"),
}
OTHER = {
    "a constant": ("30, 1", "31, 1"),
    "what is in a constant": ('["a"]', '["a", "b"]'),
    "a condition": ("> LATE", ">= LATE"),
    "a text": ('KINDS["kind"]', 'KINDS["kin"]'),
    "a default": ("def late(rows):", "def late(rows=None):"),
    "a helper": ("rows.arrived - rows.called", "rows.arrived - rows.noted"),
}
numbers = itertools.count()


@pytest.fixture
def hash_of(tmp_path):
    def hashed(code):
        file = tmp_path / f"written_{next(numbers)}.py"  # inspect remembers the lines of a file
        file.write_text(code, "utf-8")
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for function in filter(None, (module.late, getattr(module, "minutes", None))):
            function.__module__ = "written"
        return definition_hash([], [module.late])

    return hashed


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_how_it_is_written_does_not_matter(hash_of, old, new):
    assert CODE.replace(old, new) != CODE
    assert hash_of(CODE.replace(old, new)) == hash_of(CODE)


@pytest.mark.parametrize(("old", "new"), OTHER.values(), ids=OTHER)
def test_what_it_does_and_names_matters(hash_of, old, new):
    assert CODE.replace(old, new) != CODE
    assert hash_of(CODE.replace(old, new)) != hash_of(CODE)


def test_functions_that_name_each_other_and_constants_around_them_are_hashed(hash_of):
    around = CODE.replace("    return rows.arrived", "    assert late\n    return rows.arrived")
    assert hash_of(around) != hash_of(CODE)

    def of(limit):
        def over(rows):
            return rows.count(where=rows.minutes > limit)

        return definition_hash([], [over])

    assert of(30) == of(30) != of(31)


PLACED = {
    "in a function": 'def make():\n    @decorated\n    def late(rows: object):\n        """Late."""\n        return rows\n    return late\nlate = make()',
    "in a condition": "if True:\n    def late(rows):\n        return rows",
    "on the line of another": "def early(rows): return rows\ndef late(rows): return rows",
    "with a decorator of two lines": "@decorated(\n    1)\n@decorated\ndef late(rows) -> object:\n    return rows",
    "without an end of its last line": "def late(rows):\n    return rows",
}


@pytest.mark.parametrize("source", PLACED.values(), ids=list(PLACED))
def test_where_a_function_stands_does_not_matter(hash_of, source):
    decorated = "def decorated(given):\n    return given if callable(given) else decorated\n"
    assert hash_of(decorated + source) == hash_of("def late(rows):\n    return rows\n")


def test_blanks_in_a_blank_line_of_a_text_do_not_matter_and_its_words_do(hash_of):
    text = 'def late(rows):\n    return rows["""a\n{}\nb"""]\n'
    assert hash_of(text.format("")) == hash_of(text.format("    ")) != hash_of(text.format("c"))


def test_fields_and_the_scheme_are_in_the_hash():
    assert definition_hash(["a", "b"], []) != definition_hash(["a, b"], [])
    scheme, _, digest = definition_hash([], []).partition(":")
    assert (scheme, len(digest)) == (str(SCHEME), 64)


def test_a_set_and_a_constant_of_a_module_are_hashed(hash_of, monkeypatch):
    chosen = CODE.replace('{"kind": ["a"]}', '{"a", "b", "c"}').replace('KINDS["kind"]', "KINDS")
    assert hash_of(chosen) == hash_of(chosen.replace('"a", "b", "c"', '"c", "b", "a"')) != hash_of(chosen.replace(', "c"', ""))

    elsewhere = ModuleType("written.elsewhere")
    monkeypatch.setitem(sys.modules, elsewhere.__name__, elsewhere)
    elsewhere.LATE = 30
    taken = "import sys\nelsewhere = sys.modules['written.elsewhere']\n" + CODE.replace("> LATE", "> elsewhere.LATE")
    before = hash_of(taken)
    elsewhere.LATE = 31
    assert hash_of(taken) != before


def test_what_no_hash_would_show_is_refused(hash_of):
    with pytest.raises(TypeError) as error:
        hash_of("class Limit:\n    minutes = 30\n\n\nLIMIT = Limit()\n" + CODE.replace("> LATE", "> LIMIT.minutes"))
    assert str(error.value) == (
        "late names LIMIT, a Limit, and no hash would show that it changed. "
        "Make it a function, a number, a text, or a tuple, list, dict or set of these."
    )
