"""What a chapter says is what a reader sees; how its code says it is its author's business."""

import copy
import json
from pathlib import Path

import nbformat
import pytest

from city_briefs.common.hashing import file_hash
from city_briefs.common.theme import MIME
from city_briefs.production.editions import content
from tests.helpers import blocks

v4 = nbformat.v4
BLOCK = blocks.block("prose", paragraphs=["新设1户。"], figures=[blocks.figure(value=1)])


@pytest.fixture
def chapter():
    shown = [
        v4.new_output("display_data", {MIME: copy.deepcopy(BLOCK), "text/plain": "新设1户。"}),
        v4.new_output("stream", name="stderr", text="careful"),
        v4.new_output("stream", name="stdout", text="1 2"),
        v4.new_output("execute_result", {"image/png": "AAAA"}, execution_count=1),
    ]
    cells = [
        v4.new_markdown_cell("## （一）登记\n<!-- 问：多吗？ -->"),
        v4.new_code_cell("from city_briefs.notebook import *\nsay(new_entities)", outputs=shown, execution_count=1),
        v4.new_markdown_cell("## （二）注销"),
    ]
    return v4.new_notebook(cells=cells)


def outputs(notebook):
    return notebook.cells[1].outputs


SAME = {
    "another code": lambda made: made.cells[1].update(source="say( new_entities )"),
    "another question to the analyst": lambda made: made.cells[0].update(source="## （一）登记\n<!-- 问：少吗？ -->"),
    "another snapshot": lambda made: outputs(made)[0].data[MIME].update(snapshot=blocks.STAMP | {"id": "4567"}),
    "another hash of a definition": lambda made: outputs(made)[0].data[MIME].update(metrics=[blocks.metric(hash="2:0123")]),
    "another form for JupyterLab": lambda made: outputs(made)[0].data.update({"text/html": "<p>"}),
    "another warning": lambda made: outputs(made)[1].update(text="be careful"),
    "another count of runs": lambda made: outputs(made)[3].update(execution_count=9),
    "another cell id": lambda made: made.cells[1].update(id="other"),
    "a cell that says nothing": lambda made: made.cells.append(v4.new_code_cell("x = 1")),
    "a raw cell": lambda made: made.cells.append(v4.new_raw_cell("aside")),
}
OTHER = {
    "a heading": lambda made: made.cells[0].update(source="## （一）新设"),
    "a sentence": lambda made: outputs(made)[0].data[MIME].update(paragraphs=["新设2户。"]),
    "a definition": lambda made: outputs(made)[0].data[MIME].update(metrics=[blocks.metric(definition="在册的户数。")]),
    "a value behind the same words": lambda made: outputs(made)[0].data[MIME].update(figures=[blocks.figure(value=1.2)]),
    "a print": lambda made: outputs(made)[2].update(text="1 3"),
    "a picture": lambda made: outputs(made)[3].data.update({"image/png": "BBBB"}),
    "a picture that Markdown shows": lambda made: made.cells[0].update(attachments={"a.png": {"image/png": "AAAA"}}),
    "the order": lambda made: made.cells.reverse(),
    "an output less": lambda made: outputs(made).pop(),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_no_reader_sees_is_not_said(chapter, change):
    before = content.chapter_content(chapter)
    change(chapter)
    assert content.chapter_content(chapter) == before


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_what_a_reader_sees_is_said(chapter, change):
    before = content.chapter_content(chapter)
    change(chapter)
    assert content.chapter_content(chapter) != before


def test_a_file_says_what_the_notebook_says_that_was_written(chapter, tmp_path):
    """A file holds texts as lists of lines."""
    nbformat.write(chapter, tmp_path / "a.ipynb")
    assert content.chapter_content(json.loads((tmp_path / "a.ipynb").read_text("utf-8"))) == content.chapter_content(chapter)


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("from lib.notebook import *\nsay(new_entities)  # the same", True),
        ("import os\nsay(\n    new_entities,\n)", True),
        ("say(new_enterprises)", False),
        ("say(new_entities)\nsay(new_entities)", False),
        ("say(new_entities) !", False),
    ],
)
def test_a_chapter_was_written_anew_when_its_statements_are_others(chapter, code, same):
    other = copy.deepcopy(chapter)
    other.cells[1].source = code
    assert (content.source(chapter) == content.source(other)) is same


def test_an_edition_whose_notebooks_are_not_as_issued_says_nothing(chapter, tmp_path):
    file = Path(tmp_path, "notebooks/a.ipynb")
    file.parent.mkdir()
    nbformat.write(chapter, file)
    entry = {
        "outputs": {"notebooks/a.ipynb": file_hash(file), "a.pdf": "0" * 64}, "inputs": {content.ENTRY: "pack"},
        "title": "简报", "parameters": {"year": 2021},
    }  # fmt: skip
    said = content.pack_content("pack", "简报", {"year": 2021}, [content.chapter_content(chapter)])
    assert content.issued_content(tmp_path, entry, ["a"]) == said
    assert content.issued_content(tmp_path, entry, ["a", "gone"]) == ""
    file.write_text(file.read_text("utf-8").replace("新设", "新增"), "utf-8")
    assert content.issued_content(tmp_path, entry, ["a"]) == ""
    file.unlink()
    assert content.issued_content(tmp_path, entry, ["a"]) == ""
