"""A chapter is stamped and written as nbformat would."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from city_briefs.common.periods import Period
from city_briefs.common.theme import MIME
from city_briefs.production.build import chapter_store
from city_briefs.production.build.stamped_chapter import stamped, written
from city_briefs.production.packs.packs_toml import packs, parameters
from city_briefs.production.packs.plan import Chapter, SnapshotRef
from tests.helpers import blocks

OUTPUTS = [
    new_output("stream", name="stdout", text="一\n二\n"),
    new_output("display_data", {MIME: blocks.block("table", header=["甲"], rows=[["1"]], align=["right"]), "text/html": "<p>\n一</p>"}),
    new_output("execute_result", {"application/json": {"乙": [1.5, None, True, [], {}]}, "text/plain": "“\\\"\t\u2028"}),
    new_output("display_data", {MIME: "no block", "image/svg+xml": "<svg>\n</svg>"}, metadata={"alt": "图"}),
    new_output("display_data", {MIME: {"kind": "no block"}}),
    new_output("error", ename="E", evalue="e", traceback=["\x1b[31mE"]),
]  # fmt: skip


def test_a_chapter_has_the_stamp_of_its_snapshot_and_is_else_what_nbformat_reads_and_writes(real, tmp_path):
    given = parameters(packs()["city-brief"], city="兰州市", year=2021, through=12)
    source = SnapshotRef(real.path, real.stamp)
    chapter = Chapter("summary", real.regions.find("兰州市"), Period(2021), given, source, tmp_path / "outputs")
    cells = [new_markdown_cell("# 章\n\n文"), new_code_cell("say(x)\n", outputs=OUTPUTS), new_code_cell("")]
    made = new_notebook(cells=cells)
    (tmp_path / "reads").write_text("", "utf-8")
    chapter_store.keep(chapter, made, tmp_path / "reads", 1.5, chapter_store.before_run(chapter))
    notebook, text = stamped(chapter)
    expected = nbformat.v4.reads_json(chapter.executed.read_text("utf-8"))
    expected.cells[1].outputs[1].data[MIME]["snapshot"] = dict(real.stamp)
    assert notebook == expected
    assert text == nbformat.v4.writes_json(expected)


@pytest.mark.parametrize(
    "value", [{}, [], "", "\n", {"b": 1, "a": [{"c": []}, [], {}]}, [1e-9, -0.0, 10**20, float("nan")], {"": None}]
)
def test_json_is_written_as_nbformat_writes_it(value):
    assert written(value) == json.dumps(value, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False)
