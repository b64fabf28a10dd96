"""Chapters that are spoilt at random: whatever the check lets pass can be run, and shows what a leader may read."""

import ast
import json
import re
import sys
from types import ModuleType

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from city_briefs import notebook
from city_briefs.common import read_log
from city_briefs.common.paths import RESULTS_VARIABLE
from city_briefs.common.theme import MIME
from city_briefs.metrics import CATALOGUE
from city_briefs.notebook.cells import faults
from city_briefs.notebook.shown import Shown
from city_briefs.production.packs import chapter_rules, packs_toml
from city_briefs.production.packs.chapter_notebook import PREVIEW
from tests.helpers import NOTEBOOKS
from tests.helpers.size import FULL

PACKS = packs_toml.packs()
CHAPTERS = {file.stem: nbformat.read(file, as_version=4) for file in sorted(NOTEBOOKS.glob("*.ipynb"))}
REPR = re.compile(r"\bobject at 0x|<function |<class |\w+\(\w+=|\bNone\b|\bnan\b|Traceback")
MUTATIONS = 200 if FULL else 12
TOKEN = re.compile(r"\w+|\"[^\"]*\"|[(),=]")
OTHERS = [
    "3",
    "None",
    "[new_entities]",
    '"yoy"',
    '"field"',
    '"industry"',
    "milestone",
    "say",
    "per_day(new_entities)",
    "True",
    "x",
]


@st.composite
def mutations(draw):
    """Return a chapter, the place of a cell and its spoilt source."""
    name = draw(st.sampled_from(sorted(CHAPTERS)))
    cells = CHAPTERS[name].cells
    place = draw(st.sampled_from([place for place, cell in enumerate(cells) if cell.cell_type == "code" and place != 2]))
    source = cells[place].source
    tokens = list(TOKEN.finditer(source))
    one = draw(st.sampled_from(tokens))
    kind = draw(st.sampled_from(["misspelling", "deletion", "swap", "wrong type", "other metric", "other call"]))
    word = one[0]
    if kind == "misspelling":
        at = draw(st.integers(0, len(word)))
        letter = draw(st.sampled_from("aes_x1，"))
        return name, place, source[: one.start() + at] + letter + source[one.start() + at + draw(st.integers(0, 1)) :]
    if kind == "deletion":
        return name, place, source[: one.start()] + source[one.end() :]
    if kind == "swap":
        other = draw(st.sampled_from(tokens))
        first, second = sorted([one, other], key=lambda token: token.start())
        if first.start() == second.start():
            return name, place, source
        middle = source[first.end() : second.start()]
        return name, place, source[: first.start()] + second[0] + middle + first[0] + source[second.end() :]
    among = {"wrong type": OTHERS, "other metric": sorted(CATALOGUE), "other call": sorted(notebook.CALLS)}[kind]
    return name, place, source[: one.start()] + draw(st.sampled_from(among)) + source[one.end() :]


@pytest.fixture
def kernel(demo_province, cubes, data_variable, monkeypatch, tmp_path):
    """Runs the code of a chapter as a build does for one city, and returns what it shows; in this process."""
    data_variable(demo_province.path)
    monkeypatch.setenv(RESULTS_VARIABLE, str(cubes.folder))
    monkeypatch.setenv(read_log.VARIABLE, str(tmp_path / "read.jsonl"))  # by which a call knows that a build runs it
    shown = []
    monkeypatch.setattr("city_briefs.analysis.blocks.publish.publish_display_data", lambda data, **_: shown.append(data))

    def run(name, source):
        level = next(level for pack in PACKS.values() for level in pack.levels if name in pack.chapters_of(level))
        region = {"city": "兰州市", "province": "甘肃省", "county": "城关区"}[level]
        main = ModuleType("__main__")
        vars(main).update({level: region, "year": 2021, "through": 12})
        vars(main).update({word: getattr(notebook, word) for word in notebook.__all__})
        monkeypatch.setitem(sys.modules, "__main__", main)
        shown.clear()
        statements = ast.parse(source).body
        for statement in statements:
            value = eval(compile(ast.Expression(statement.value), "cell", "eval"), vars(main))
            assert statement is not statements[-1] or isinstance(value, Shown), f"{source!r} prints {value!r}"
        return [json.dumps(data.get(MIME, data), ensure_ascii=False) for data in shown]

    return run


def spoilt(folder, name, place, source):
    """Write a chapter with a spoilt cell, and return what the check finds."""
    content = nbformat.from_dict(json.loads(nbformat.writes(CHAPTERS[name])))
    content.cells[place].source = source
    file = folder / f"{name}.ipynb"
    file.write_text(nbformat.writes(content), "utf-8")
    return chapter_rules.findings(file, PACKS, faults)


@settings(
    max_examples=MUTATIONS,
)
@given(mutation=mutations())
@example(mutation=("business-environment", 4, "entity_stock"))
@example(mutation=("business-environment", 14, 'breakdown(entity_density, "kind")'))
def test_what_the_check_lets_pass_runs_and_prints_no_python(tmp_path, kernel, mutation):
    name, place, source = mutation
    breaches = spoilt(tmp_path, *mutation)
    if breaches:
        assert all("\n" not in breach and " at 0x" not in breach for breach in breaches), breaches
        return
    if place == 1:  # a build gives every chapter its parameters
        return
    if source.strip() == PREVIEW:  # of a cell that a build does not run
        return
    for block in kernel(name, source):
        assert not REPR.search(re.sub(r'"svg": "(?:[^"\\]|\\.)*"', "", block)), block
