"""Chapters of nothing but calls share a kernel; one that could leave something in it does not."""

from types import SimpleNamespace

import nbformat
import pytest

from city_briefs.production.packs import packs_toml, stateless
from tests.helpers import NOTEBOOKS

PARAMETERS = 'city = "兰州市"\nyear = 2021\nthrough = 12'
IMPORT = "from city_briefs.notebook import *"


def is_stateless(*sources: str, is_analysis: bool = False) -> bool:
    """What is said of a chapter with these cells after its parameters and our import."""
    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    cells = [
        parameters,
        *(nbformat.v4.new_code_cell(source) for source in (IMPORT, *sources)),
        nbformat.v4.new_markdown_cell("# 题"),
    ]
    written = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    return stateless.is_stateless(SimpleNamespace(notebook=NOTEBOOKS / "one.ipynb", written=written, is_analysis=is_analysis))


@pytest.mark.parametrize("source", [
    "say(new_entities)",
    'say(new_entities, "yoy")\nranking(new_entities)',
    "claim(milestone, entity_stock)",
    'table([new_entities, "yoy"], (cases_total, {"view": "share"}))',
    "preview()",
    "",
])  # fmt: skip
def test_calls_of_our_names_leave_nothing(source):
    assert is_stateless(source)


@pytest.mark.parametrize("source", [
    "new_entities",
    "say = 1",
    "import numpy",
    "from city_briefs.notebook import say",
    "say(new_entities.label)",
    "say.data",
    "say(new_entities).data",
    "say(x := new_entities)",
    "say(*(new_entities,))",
    "say(lambda: 1)",
    "say([x for x in (new_entities,)])",
    "say(new_entities if year else cases_total)",
    "say(-1)",
    "say('a' + 'b')",
    "say(f'{year}')",
    "setattr(say, 'left', 1)",
    "exec('left = 1')",
    "say(print)",
    "get_ipython()",
    "exit()",
    "_(1)",
    "__import__('os')",
    "%matplotlib inline",
    "!touch left",
    "for metric in (new_entities,): say(metric)",
    "del say",
    "say(new_entities",
])  # fmt: skip
def test_anything_else_may_leave_something(source):
    assert not is_stateless(source)
    assert not is_stateless("say(new_entities)", source)


def test_an_analysis_chapter_and_what_is_no_notebook_have_a_kernel_of_their_own():
    assert not is_stateless("say(new_entities)", is_analysis=True)
    assert not stateless.is_stateless(SimpleNamespace(notebook=NOTEBOOKS / "one.ipynb", written=b"{", is_analysis=False))


def test_other_parameters_are_no_parameters():
    cell = nbformat.v4.new_code_cell("city = open('left', 'w')", metadata={"tags": ["parameters"]})
    written = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    assert not stateless.is_stateless(SimpleNamespace(notebook=NOTEBOOKS / "one.ipynb", written=written, is_analysis=False))


def test_all_our_chapters_share_a_kernel():
    analysis = {name for pack in packs_toml.packs().values() for name in pack.analysis}
    for file in sorted(NOTEBOOKS.glob("*.ipynb")):
        chapter = SimpleNamespace(notebook=file, written=file.read_bytes(), is_analysis=file.stem in analysis)
        assert stateless.is_stateless(chapter) is (file.stem not in analysis), file.name
