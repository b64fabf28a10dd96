"""A block is as its schema has it, or is refused by a sentence that names the kind and the field."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from city_briefs.analysis.blocks import publish
from city_briefs.common import block_schema, blocks
from city_briefs.common.errors import PackError
from tests.helpers import ROOT
from tests.helpers.blocks import block, figure, metric
from tests.helpers.size import in_full

REGISTER = ROOT / "tests/builds/registers/before_city_briefs/editions"
TABLE = block("table", header=["地区"], align=["left"], rows=[["全省"]])
CARD = {"label": "实有", "value": "1.5", "unit": "万户", "change": "", "tone": "", "arrow": "", "place": ""}
FAULTS = {
    "a field too many": (TABLE | {"colour": "red"}, "A block of the kind table has a field 'colour', which the schema of blocks lacks."),
    "a field too few": ({name: TABLE[name] for name in TABLE if name != "rows"}, "A block of the kind table has no field 'rows'."),
    "another type": (TABLE | {"caption": 5}, "The field 'caption' of a block of the kind table is 5, where the schema of blocks has text."),
    "a tuple": (TABLE | {"notes": ("注",)}, "The field 'notes' of a block of the kind table is ('注',), where the schema of blocks has a list."),
    "a number in a cell": (TABLE | {"rows": [["全省"], [5]]}, "The field 'rows.1.0' of a block of the kind table is 5, where the schema of blocks has text."),
    "a number as a text": (TABLE | {"totals": ["1"]}, "The field 'totals.0' of a block of the kind table is '1', where the schema of blocks has a whole number."),
    "another word": (TABLE | {"align": ["centre"]}, "The field 'align.0' of a block of the kind table is 'centre', where the schema of blocks has 'left' or 'right'."),
    "a width": (TABLE | {"widths": ["2"]}, "The field 'widths.0' of a block of the kind table is '2', where the schema of blocks has a number."),
    "a switch": (TABLE | {"dense": 1}, "The field 'dense' of a block of the kind table is 1, where the schema of blocks has true or false."),
    "a part too many": (block("cards", cards=[CARD | {"colour": "red"}]), "A block of the kind cards has a field 'cards.0.colour', which the schema of blocks lacks."),
    "a part too few": (block("cards", cards=[CARD, {}]), "A block of the kind cards has no field 'cards.1.value'."),
    "a figure": (block("prose", figures=[figure(value="5")]), "The field 'figures.0.value' of a block of the kind prose is '5', where the schema of blocks has a number."),
    "a stamp too few": (block("chart", snapshot={"id": "0"}), "A block of the kind chart has no field 'snapshot.synthetic'."),
    "no object": (block("chart", snapshot="0"), "The field 'snapshot' of a block of the kind chart is '0', where the schema of blocks has an object."),
    "a side too many": (TABLE | {"align": ["left", "right"]}, "The field 'align' of a block of the kind table has 2 entries, and the table 1 columns."),
    "a width too few": (TABLE | {"widths": []}, "The field 'widths' of a block of the kind table has 0 entries, and the table 1 columns."),
    "a cell too few": (TABLE | {"rows": [["全省"], []]}, "The field 'rows.1' of a block of the kind table has 0 entries, and the table 1 columns."),
    "a row that is not there": (TABLE | {"totals": [1]}, "The field 'totals' of a block of the kind table names row 1, and the table has 1 rows."),
    "no kind": ({"paragraphs": []}, "A block is of no kind that the schema of blocks has, which are prose, points, remark, cards, table, chart, page-one, exception."),
    "another kind": (TABLE | {"kind": "gauge"}, "A block is of no kind that the schema of blocks has, which are prose, points, remark, cards, table, chart, page-one, exception."),
    "no block": ("gauge", "A block is of no kind that the schema of blocks has, which are prose, points, remark, cards, table, chart, page-one, exception."),
}  # fmt: skip
WRITER = """
from city_briefs.analysis.blocks.publish import RIGHT, numbers, publish
from city_briefs.analysis.compute.results import Results
from city_briefs.common.blocks import PointsBlock


def show(results: Results) -> None:
    given = numbers([], results)
    right: PointsBlock = {"kind": "points", "columns": [], "notes": [], "sources": [], **given}
    publish(right)
    many: PointsBlock = {"kind": "points", "columns": [], "notes": [], "sources": [], "colour": "red", **given}
    few: PointsBlock = {"kind": "points", "columns": [], "notes": [], **given}
    other: PointsBlock = {"kind": "points", "columns": [], "notes": ["注", 5], "sources": [], **given}
    publish({"kind": "gauge", **given})
"""
REPORTED = [
    '11: error: Extra key "colour" for TypedDict "PointsBlock"  [typeddict-unknown-key]',
    '12: error: Missing key "sources" for TypedDict "PointsBlock"  [typeddict-item]',
    '13: error: List item 1 has incompatible type "int"; expected "str"  [list-item]',
    '14: error: Argument 1 to "publish" has incompatible type "dict[str, object]"; expected "ProseBlock | PointsBlock | RemarkBlock | CardsBlock | TableBlock | ChartBlock | PageOneBlock | ExceptionBlock"  [arg-type]',
]


@pytest.mark.parametrize("kind", block_schema.KINDS)
def test_a_block_that_is_as_the_schema_has_it_is_written_and_read(kind):
    made = block(kind)
    assert block_schema.write(made) is made and block_schema.read(made) is made


@pytest.mark.parametrize(("made", "fault"), FAULTS.values(), ids=FAULTS)
def test_any_other_is_refused_with_the_remedy_of_its_writer_and_of_its_reader(made, fault):
    with pytest.raises(PackError) as written:
        publish.publish(made)
    assert str(written.value) == f"{fault} Write the block as city_briefs/common/blocks.py has it, or change it there."
    with pytest.raises(PackError) as read:
        block_schema.read(made)
    assert str(read.value) == f"{fault} Run its chapter again with this version of City Briefs."


@pytest.mark.parametrize("notebook", sorted(REGISTER.rglob("*.ipynb")), ids=lambda file: file.stem)
def test_what_older_versions_issued_is_read(notebook):
    outputs = [output for cell in json.loads(notebook.read_text("utf-8"))["cells"] for output in cell.get("outputs", [])]
    shown = [output["data"]["application/vnd.city-briefs+json"] for output in outputs]
    assert shown and [block_schema.read(one) for one in shown] == shown


def test_the_tables_of_a_metric_which_the_oldest_editions_do_not_have_may_be_absent():
    assert "tables" not in metric() and block_schema.read(block("prose", metrics=[metric()]))


def test_a_chapter_that_is_kept_has_no_stamp():
    assert block_schema.read(block("prose", snapshot={}))


def test_what_is_said_is_all_but_the_snapshot_and_the_hashes_of_metrics():
    made = block("cards", cards=[CARD])
    cards = [{name: card[name] for name in card if name != "hash"} for card in made["metrics"]]
    assert cards and "hash" not in cards[0]
    assert block_schema.said_fields(made) == {name: made[name] for name in made if name != "snapshot"} | {"metrics": cards}


def test_what_is_printed_is_asked_of_each_kind_and_of_its_parts():
    claim = {"name": "首次突破", "metric": "m", "said": "首次突破", "refused": None}
    spark = {"svg": "<svg/>", "alt": "走势"}
    table = TABLE | {"caption": "各地区", "unit": "户", "dense": True, "whole": True, "ruled": True, "claims": [claim]}
    assert block_schema.printed_fields(table) == {
        "caption": "各地区", "unit": "户", "header": ["地区"], "rows": [["全省"]], "notes": [], "sources": [],
        "claims": [{"name": "首次突破", "refused": None}],
    }  # fmt: skip
    [card] = block_schema.printed_fields(block("cards", cards=[CARD | {"tone": "good", "spark": spark}]))["cards"]
    assert card == {name: CARD[name] for name in CARD if name != "tone"} | {"spark": {"alt": "走势"}}


def test_every_part_is_of_the_schema_and_every_field_says_what_it_means():
    shapes = [*block_schema.KINDS.values(), *block_schema.parts()]
    meanings = [field.meaning for shape in shapes for field in block_schema.fields(shape).values()]
    assert len(meanings) > 60 and all(meaning.endswith((".", "…")) for meaning in meanings)
    assert blocks.Drawing in shapes and blocks.CorrectionRecord in shapes


@in_full
def test_mypy_reports_what_a_builder_has_too_many_too_few_or_of_another_type(tmp_path):
    file = tmp_path / "writer.py"
    file.write_text(WRITER, "utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--cache-dir", str(tmp_path), str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line.removeprefix(f"{file}:") for line in done.stdout.splitlines() if Path(line.split(":")[0]).name == file.name]
    assert lines == REPORTED, done.stdout + done.stderr
