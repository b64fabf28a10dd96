"""Chapters of version 0.3 import `lib`: that is said with the command that rewrites them, and nothing else of them is changed."""

import nbformat
import pytest

from city_briefs.common import paths
from city_briefs.notebook import cells
from city_briefs.production.packs import chapter_rules, old_imports, packs_toml
from tests.helpers import NOTEBOOKS

REMEDY = "{} imports lib, which is called city_briefs now. `briefs upgrade-chapters` rewrites all chapters that do."


@pytest.fixture
def office(tmp_path, monkeypatch):
    """The notebooks of an office, of which one chapter is as version 0.3 had it."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("summary", "business-environment"):
        (notebooks / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{name}.ipynb").read_bytes())
    old = notebooks / "summary.ipynb"
    old.write_text(old.read_text("utf-8").replace("from city_briefs.notebook import *", "from lib.notebook import *"), "utf-8")
    monkeypatch.setattr(paths, "notebooks", lambda: notebooks)
    return notebooks


def test_check_and_build_name_the_command(office):
    pack = packs_toml.packs(NOTEBOOKS)["city-brief"]
    assert chapter_rules.findings(office / "summary.ipynb", {}, cells.faults) == [REMEDY.format("summary.ipynb")]
    with pytest.raises(packs_toml.UsageError) as refused:
        packs_toml.check_chapter(pack, office / "summary.ipynb")
    assert str(refused.value) == REMEDY.format("summary.ipynb")


def test_the_command_rewrites_those_chapters_and_no_other_byte(office, briefs):
    assert briefs("upgrade-chapters") == (0, "Rewritten: summary.ipynb.\n", "")
    for name in ("summary", "business-environment"):
        assert (office / f"{name}.ipynb").read_bytes() == (NOTEBOOKS / f"{name}.ipynb").read_bytes()
    assert briefs("upgrade-chapters") == (0, "No chapter imports lib. There is nothing to rewrite.\n", "")


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("from lib.notebook import *", "from city_briefs.notebook import *"),
        ("import lib.notebook", "import city_briefs.notebook"),
        ("x = 1\n    from lib.metrics import CATALOGUE", "x = 1\n    from city_briefs.metrics import CATALOGUE"),
        ("from library import lib", None),  # another package
        ("from mine.lib.notebook import *", None),
        ("say(lib)", None),
    ],
)
def test_only_imports_of_the_package_are_rewritten(tmp_path, source, result):
    file = tmp_path / "own.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="a")]), file)
    assert old_imports.rewrite(file) is (result is not None)
    assert nbformat.read(file, as_version=4).cells[0].source == (result or source)


@pytest.mark.parametrize(
    "source", ["from lib.text import digits", "from lib import views", "from lib.notebook import *\nimport lib.views"]
)
def test_what_has_another_name_now_is_left_as_it_is_and_said(tmp_path, source):
    file = tmp_path / "own.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="a")]), file)
    before = file.read_bytes()
    with pytest.raises(packs_toml.UsageError) as refused:
        old_imports.rewrite(file)
    assert str(refused.value) == (
        "own.ipynb imports something of lib that has another name now, and is left as it is. "
        "Import what it needs from city_briefs.notebook."
    )
    assert file.read_bytes() == before


def test_one_that_is_left_keeps_no_other_from_being_rewritten(office, briefs):
    own = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import lib.views", id="a")])
    nbformat.write(own, office / "a-first.ipynb")
    left = (
        "a-first.ipynb imports something of lib that has another name now, and is left as it is. "
        "Import what it needs from city_briefs.notebook.\n"
    )
    assert briefs("upgrade-chapters") == (2, "Rewritten: summary.ipynb.\n", left)
    assert briefs("upgrade-chapters") == (2, "", left)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"cells": [{}]}'])
def test_what_is_no_notebook_is_left_to_others(tmp_path, content):
    file = tmp_path / "own.ipynb"
    file.write_bytes(content)
    assert not old_imports.imports_lib(file)
