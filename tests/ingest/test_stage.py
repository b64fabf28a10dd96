"""What is staged lies on disk, is counted, and none of it is lost."""

import stat

import ibis
import pyarrow as pa
import pytest

from city_briefs.analysis.ingest.batch import ParsedBatch, accepted_schema
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import finding
from city_briefs.model.tables import ENTITIES, TARGETS
from tests.ingest.staged import kept, put, reasons, source

THREE = """
    entity_id  region  registered_on
    A          620100  2021-01-01
    B          620100  2021-01-02
    C          620200  2021-01-03
"""


def caught(columns):
    return ibis.memtable(pa.table({"repeated": [False] * len(columns["position"]), **columns}))


def test_the_folder_lies_beside_the_snapshot_for_its_owner_alone_and_is_gone_after(tmp_path):
    with StagingArea(tmp_path / "snapshot") as staging:
        put(staging, source(ENTITIES), THREE)
        assert staging.folder.parent == tmp_path
        assert stat.S_IMODE(staging.folder.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_gone_after_a_failure_too(tmp_path):
    with pytest.raises(RuntimeError), StagingArea(tmp_path / "snapshot") as staging:
        put(staging, source(ENTITIES), THREE)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_rows_stand_in_the_order_of_sheets_and_batches(staging):
    for name in ("b.csv", "a.csv", "b.csv"):
        put(staging, source(ENTITIES, name), THREE)
    assert kept(staging, ENTITIES, "entity_id", "row", "sheet", "position") == [
        (letter, row, sheet, 3 * batch + row - 2) for batch, sheet in enumerate((0, 1, 0)) for letter, row in zip("ABC", (2, 3, 4), strict=True)
    ]  # fmt: skip


def test_a_table_may_have_a_column_called_source(staging):
    put(
        staging,
        source(TARGETS),
        "region metric view year value comparison source\n620100 new_entities value 2021 5 at_least plan",
    )
    assert kept(staging, TARGETS, "source", "sheet") == [("plan", 0)]


def test_a_row_that_is_kept_out_is_rejected_with_all_its_reasons_and_counted(staging):
    put(staging, source(ENTITIES), THREE)
    staging.reject(ENTITIES, caught({"position": [1, 2, 1], "reason": ["Two.", "Three.", "One."]}))
    assert kept(staging, ENTITIES, "entity_id", "row") == [("A", 2)]
    assert reasons(staging, ENTITIES) == [(3, "One. Two."), (4, "Three.")]
    assert [(count.rows, count.accepted, count.rejected, count.aside) for count in staging.counts] == [(3, 1, 2, 0)]


def test_rejected_rows_are_text_and_in_the_order_of_the_file_whenever_they_were_rejected(staging):
    sheet = put(staging, source(ENTITIES), THREE)
    text = pa.table({name: ["?"] for name in ENTITIES.schema.names} | {"row": [9], "reason": ["No date."]})
    staging.add(sheet, ParsedBatch(accepted_schema(ENTITIES).empty_table(), text, aside=2))
    staging.reject(ENTITIES, caught({"position": [2], "reason": ["Three."]}))
    staging.reject(ENTITIES, caught({"position": [0], "reason": ["One."]}))
    assert reasons(staging, ENTITIES) == [(2, "One."), (4, "Three."), (9, "No date.")]
    assert next(staging.rejected_rows(ENTITIES))["registered_on"].to_pylist() == ["2021-01-01", "2021-01-03", "?"]
    assert [(count.rows, count.accepted, count.rejected, count.aside) for count in staging.counts] == [(4, 1, 3, 2)]


def test_a_sheet_without_rows_is_known(staging):
    put(staging, source(ENTITIES), [])
    assert [count.rows for count in staging.counts] == [0]
    assert list(staging.tables) == [ENTITIES] and kept(staging, ENTITIES) == []


def test_a_finding_of_a_staged_row_is_told_where_its_sender_finds_it(staging):
    put(staging, source(ENTITIES), THREE)
    workbook = DataSource("new.xlsx", "xlsx", "new.xlsx", ENTITIES)
    put(staging, SourceSheet(workbook, "2021", {"region": "C"}), THREE)
    found = [finding("warning", "rule", ENTITIES, row, "region", "620100", "it is odd.") for row in (1, 6)]
    one, other = staging.with_source_places(found)
    assert (one.text, one.file, one.sheet, one.cell, one.row) == ("entities.csv, row 2: it is odd.", "entities.csv", "", "", 2)
    assert other.text == "new.xlsx, sheet 2021, cell C4: it is odd."
    assert (other.file, other.sheet, other.cell, other.row) == ("new.xlsx", "2021", "C4", 4)
