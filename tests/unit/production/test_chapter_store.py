"""What is kept of an executed chapter is found again whole, or not at all."""

import json

import nbformat
import pytest

from city_briefs.common.errors import PackError
from city_briefs.common.periods import Period
from city_briefs.common.theme import MIME
from city_briefs.production.build import chapter_store, up_to_date
from city_briefs.production.editions import content
from city_briefs.production.packs.packs_toml import packs, parameters
from city_briefs.production.packs.plan import Chapter, SnapshotRef
from tests.helpers import blocks

READ = '["amount", "620100", "new_entities", "", "", "2021", "abcd"]\n'
BLOCK = blocks.block("prose", paragraphs=["新设立市场主体1户。"])


@pytest.fixture
def chapter(real, tmp_path):
    """A chapter that was executed over the real counts, as it is kept."""
    given = parameters(packs()["city-brief"], city="兰州市", year=2021, through=12)
    source = SnapshotRef(real.path, real.stamp)
    chapter = Chapter("summary", real.regions.find("兰州市"), Period(2021), given, source, tmp_path / "outputs")
    shown = nbformat.v4.new_output("display_data", {MIME: BLOCK, "text/plain": "新设立市场主体1户。"})
    cells = [nbformat.v4.new_code_cell("say(new_entities)", id="figures", outputs=[shown])]
    notebook = nbformat.v4.new_notebook(cells=cells)
    (tmp_path / "reads").write_text(READ, "utf-8")
    chapter_store.keep(chapter, notebook, tmp_path / "reads", 1.5, chapter_store.before_run(chapter))
    return chapter


def reasons(chapter):
    """Why it must run again, when all answers to what it read are the same."""
    return up_to_date.of_chapters([chapter], lambda asked: []).due.get(chapter, [])


def test_a_chapter_is_kept_with_what_it_read_and_need_not_run(chapter):
    record = chapter_store.find(chapter)
    assert chapter_store.reads_of(chapter, record) == {("amount", "620100", "new_entities", "", "", "2021"): "abcd"}
    assert record.seconds == 1.5
    assert reasons(chapter) == []


def test_what_is_kept_does_not_name_the_snapshot_since_others_may_say_the_same(chapter):
    kept = json.loads(chapter.executed.read_text("utf-8"))
    assert content.blocks(kept) == [BLOCK | {"snapshot": {}}]


def test_what_is_kept_is_what_nbformat_writes_without_its_indents(real, tmp_path):
    given = parameters(packs()["city-brief"], city="兰州市", year=2021, through=12)
    chapter = Chapter("summary", real.regions.find("兰州市"), Period(2021), given, SnapshotRef(real.path, real.stamp), tmp_path)
    shown = nbformat.v4.new_output("display_data", {"text/plain": "二\n一", MIME: BLOCK, "image/svg+xml": "<svg>\n</svg>"})
    cells = [
        nbformat.v4.new_markdown_cell("# 章\n\n文", attachments={"图.txt": {"text/plain": "一\n二"}}),
        nbformat.v4.new_code_cell("say(\n)", outputs=[shown, nbformat.v4.new_output("stream", text="一\n二\n")]),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"b": 1, "a": {"orig_nbformat": 3}, "orig_nbformat": 3})
    expected = json.loads(nbformat.writes(notebook))
    expected["cells"][1]["outputs"][0]["data"][MIME]["snapshot"] = {}
    (tmp_path / "reads").touch()
    chapter_store.keep(chapter, notebook, tmp_path / "reads", 1.5, chapter_store.before_run(chapter))
    assert chapter.executed.read_text("utf-8") == json.dumps(expected, ensure_ascii=False)


def test_a_chapter_that_shows_what_is_no_whole_block_is_not_kept(chapter, tmp_path):
    shown = nbformat.v4.new_output("display_data", {MIME: {name: BLOCK[name] for name in BLOCK if name != "views"}})
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[shown])])
    with pytest.raises(PackError) as refused:
        chapter_store.keep(chapter, other, tmp_path / "reads", 1.5, chapter_store.before_run(chapter))
    assert str(refused.value) == (
        "A block of the kind prose has no field 'views'. Run its chapter again with this version of City Briefs."
    )
    assert chapter_store.find(chapter) is None


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "null", '{"reads": ""}', "\ufeff{}"])
def test_a_record_that_is_none_is_as_if_the_chapter_had_not_run(chapter, text):
    chapter.executed.with_suffix(".json").write_text(text, "utf-8")
    assert chapter_store.find(chapter) is None
    assert reasons(chapter) == ["it has not run, or its last run was not kept"]


def test_a_record_is_only_of_the_notebook_that_lies_beside_it(chapter):
    with chapter.executed.open("a", encoding="utf-8") as file:
        file.write("\n")
    assert chapter_store.find(chapter) is None


@pytest.mark.parametrize("text", [None, "", READ[:-9], READ.replace("abcd", "abce")])
def test_a_chapter_whose_reads_are_not_those_of_its_record_runs_again_where_the_data_have_changed(chapter, text):
    reads, record = chapter.executed.with_suffix(chapter_store.READS), chapter.executed.with_suffix(".json")
    reads.unlink()
    if text is not None:
        reads.write_text(text, "utf-8")
    assert reasons(chapter) == []  # nothing has changed, and so nothing is asked
    record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | {"state": "another"}), "utf-8")
    assert chapter_store.reads_of(chapter, chapter_store.find(chapter)) is None
    assert reasons(chapter) == ["it has not run, or its last run was not kept"]


def test_the_reads_of_a_chapter_are_not_held_with_its_record(chapter):
    assert "new_entities" not in repr(chapter_store.find(chapter))
