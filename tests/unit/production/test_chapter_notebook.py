"""A chapter is read as nbformat reads it, which is asked only for what is not plain."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from city_briefs.production.packs import chapter_notebook
from tests.helpers import NOTEBOOKS, ROOT

CELL = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# 题\n", "文"]}
CODE = {
    "cell_type": "code",
    "id": "b",
    "metadata": {"tags": ["parameters"]},
    "source": "year = 2021",
    "outputs": [],
    "execution_count": None,
}
METADATA = {"kernelspec": {"name": "python3"}}


def notebook(*cells, **more):
    return {"cells": [CELL, CODE, *cells], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5, **more}


PLAIN = {
    "text": notebook(),
    "no kernel": notebook(metadata={}),
    "a cell without id": notebook({name: value for name, value in CELL.items() if name != "id"}),
    "no cells": notebook(cells=[]),
}
OTHERS = {
    "an output": notebook(CODE | {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}]}),
    "outputs that are none": notebook(CODE | {"outputs": None}),
    "a picture": notebook(CELL | {"attachments": {"a.png": {"image/png": ["ab", "cd"]}}}),
    "attachments that are none": notebook(CELL | {"attachments": []}),
    "a source that is a number": notebook(CELL | {"source": 1}),
    "a source of numbers": notebook(CELL | {"source": ["a", 1]}),
    "a source that is a table": notebook(CODE | {"source": {"a": 1}}),
    "a cell without source": notebook({"cell_type": "code", "metadata": {}}),
    "a cell without metadata": notebook({"cell_type": "code", "source": ""}),
    "metadata that are none": notebook(CELL | {"metadata": None}),
    "an id that is a number": notebook(CELL | {"id": 3}),
    "tags that are none": notebook(CODE | {"metadata": {"tags": None}}),
    "a kind that is none": notebook(CELL | {"cell_type": None}),
    "a cell that is a text": notebook("x"),
    "cells that are none": notebook(cells=None),
    "cells that are a table": notebook(cells={"a": CELL}),
    "a kernel that is none": notebook(metadata={"kernelspec": None}),
    "a kernel that is a text": notebook(metadata={"kernelspec": "python3"}),
    "no metadata": {"cells": [CELL]},
    "a list": [CELL],
    "nothing": None,
}


def read(content):
    """The chapter that a file of this content is; None for none."""
    try:
        return chapter_notebook.read(Path("chapter.ipynb"), json.dumps(content).encode())
    except chapter_notebook.UnreadableChapter:
        return None


@pytest.mark.parametrize("content", (PLAIN | OTHERS).values(), ids=PLAIN | OTHERS)
def test_a_chapter_is_read_as_nbformat_reads_it(monkeypatch, content):
    quickly = read(content)
    monkeypatch.setattr(chapter_notebook, "_is_plain", lambda content: False)
    assert read(content) == quickly
    assert quickly is not None or content in OTHERS.values()


def test_of_plain_chapters_nbformat_is_not_asked(tmp_path):
    for name, content in PLAIN.items():
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(content), "utf-8")
    code = (
        "import sys; from pathlib import Path; from city_briefs.production.packs.chapter_notebook import read\n"
        "for folder in sys.argv[1:]: print(*[len(read(file).cells) for file in Path(folder).glob('*.ipynb')])\n"
        "print('nbformat' in sys.modules)"
    )
    line = [sys.executable, "-c", code, str(tmp_path), str(NOTEBOOKS)]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT / "lib", check=True)
    assert done.stdout.splitlines()[-1] == "False"
