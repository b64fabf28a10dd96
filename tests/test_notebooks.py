"""Rules that every chapter keeps."""

import ast
import re

import nbformat
import pytest

from lib import brief
from lib.paths import NOTEBOOKS

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
CHAPTERS = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
MAXIMUM_CODE_CELLS = 15


def cells(file, kind):
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == kind]


@CHAPTERS
def test_a_chapter_is_named_by_its_topic_in_kebab_case(file):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", file.stem)


@CHAPTERS
def test_a_chapter_is_committed_without_outputs(file):
    assert all(not cell.outputs and cell.execution_count is None for cell in cells(file, "code"))


@CHAPTERS
def test_every_cell_has_an_id_of_its_own(file):
    ids = [cell.id for cell in nbformat.read(file, as_version=4).cells]
    assert len(set(ids)) == len(ids)


@CHAPTERS
def test_a_chapter_begins_with_its_topic_and_its_parameters(file):
    first, *_ = cells(file, "markdown")
    assert re.fullmatch(r"# \S+", first.source)
    parameters, library, *_ = cells(file, "code")
    assert parameters.metadata.tags == ["parameters"]
    assert library.source == "from lib.notebook import *"


@CHAPTERS
def test_a_section_has_a_heading_as_an_office_writes_it_and_its_question(file):
    for cell in cells(file, "markdown")[1:]:
        heading = [line for line in cell.source.splitlines() if line.startswith("#")]
        assert all(re.fullmatch(r"## （[一二三四五六七八九十]+）\S+", line) for line in heading)
        assert re.search(r"<!-- 问：.+？ -->", cell.source)


@CHAPTERS
def test_a_chapter_only_calls(file):
    """No def, class, path, read_csv, magic, typed number or commented-out code."""
    for cell in cells(file, "code")[2:]:
        assert "#" not in cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert isinstance(node, ast.Module | ast.Expr | ast.Call | ast.Name | ast.Load | ast.keyword | ast.Constant)
            if isinstance(node, ast.Constant):
                assert re.fullmatch(r"[a-z_]+", node.value)  # the name of a view


@CHAPTERS
def test_prose_holds_no_number(file):
    assert not any(re.search(r"\d", cell.source) for cell in cells(file, "markdown"))


@CHAPTERS
def test_a_chapter_is_short(file):
    assert len(cells(file, "code")) <= MAXIMUM_CODE_CELLS


def test_every_chapter_is_in_a_pack():
    assert {file.stem for file in FILES} == {chapter for pack in brief.packs().values() for chapter in pack.chapters}
