"""A snapshot is trusted because every hash was compared, and was written from tables without errors."""

import hashlib
import json
import os
import re
import shutil
import sys
from dataclasses import replace

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot import reader, storage, stored_rows
from city_briefs.analysis.validation import duckdb_tables as findings_contents
from city_briefs.analysis.validation.finding import finding
from city_briefs.common import atomic_files
from city_briefs.common.errors import DataError
from city_briefs.common.paths import RESULTS_VARIABLE
from city_briefs.model.table import BOOL, DATE, STR, Column, Table
from city_briefs.model.tables import COVERAGE, ENTITIES, RETURNS
from tests.conftest import REAL, arrow, covered, rows

RESTORE = "Make the snapshot anew, or bring back the one that was there."
RETURNED = rows("""
    region  month    indicator     numerator  span
    620100  2021-02  new_entities  7          month
    620200  2021-01  new_entities  5          month
""")


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(REAL, tmp_path / "copy")
    return tmp_path / "copy"


def test_the_same_rows_give_the_same_id_whatever_their_order(world):
    coverage = covered(RETURNS, ["620100", "620200"], [2021])
    one = world.snapshot(coverage=coverage, returns=RETURNED)
    other = world.snapshot(coverage=coverage[::-1], returns=RETURNED[::-1])
    assert one.id == other.id


def test_the_id_is_of_the_contents_and_not_of_the_encoding(world, tmp_path):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    file = made.path / "returns.parquet"
    pq.write_table(pq.read_table(file), file, compression="none")
    assert snapshot.load(made.path).id == made.id


def test_rows_stored_in_another_order_are_the_same(world):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    file = made.path / "returns.parquet"
    pq.write_table(pq.read_table(file).take([1, 0]), file)
    assert snapshot.load(made.path).id == made.id


def test_a_hash_is_what_any_tool_makes_of_the_rows_as_csv(world):
    made = world.snapshot(coverage=covered(RETURNS, ["620100", "620200"], [2021]), returns=RETURNED)
    for name, description in made.descriptions.items():
        if name != "regions":
            text = pa.BufferOutputStream()
            pyarrow.csv.write_csv(pq.read_table(made.path / f"{name}.parquet"), text)
            assert description.hash == hashlib.sha256(text.getvalue()).hexdigest()


def test_a_file_is_read_again_only_when_its_bytes_differ(world, monkeypatch):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    monkeypatch.setattr(storage, "content_hash", None)
    assert snapshot.load(made.path).id == made.id


UNSORTED = pa.table({
    "kind": ["b", None, "甲", "a", "a", "a", "B"],
    "day": pa.array([1, 1, 1, None, 2, 2, 5], pa.int32()).cast(pa.date32()),
    "settled": [True, False, None, True, None, False, True],
})  # fmt: skip


@pytest.mark.parametrize("many", [0, 100])
def test_rows_are_sorted_the_same_by_either_engine(monkeypatch, many):
    monkeypatch.setattr(storage, "MANY", many)
    assert storage.sorted_rows(UNSORTED).equals(UNSORTED.take([6, 5, 4, 3, 0, 2, 1]))


def test_rows_in_order_are_known_to_be():
    ordered = UNSORTED.take([6, 5, 4, 3, 0, 2, 1])
    assert storage.in_order(ordered) and storage.in_order(ordered.slice(0, 1)) and storage.in_order(ordered.slice(0, 0))
    swapped = [[1, 0, 2, 3, 4, 5, 6], [0, 2, 1, 3, 4, 5, 6], [0, 1, 3, 2, 4, 5, 6], [0, 1, 2, 3, 4, 6, 5]]
    assert not any(storage.in_order(ordered.take(order)) for order in swapped)
    assert storage.in_order(ordered.take([0, 0, 1, 1, 2]))


ENTITY_ROWS = arrow(ENTITIES, [
    {"entity_id": f"{number * 7919 % 1000:03}", "region": "620100", "kind": ["enterprise", None][number % 2], "registered_on": "2021-01-01"}
    for number in range(1000)
])  # fmt: skip


def in_file(rows, folder):
    """The rows in a Parquet file that has another column, in several row groups."""
    pq.write_table(rows.append_column("sheet", pa.repeat(1, len(rows))), folder / "given.parquet", row_group_size=300)
    return folder / "given.parquet"


@pytest.fixture
def file(tmp_path):
    """The entities in such a file."""
    return in_file(ENTITY_ROWS, tmp_path)


def written(place, entities, **more):
    tables = {ENTITIES: entities, COVERAGE: arrow(COVERAGE, covered(ENTITIES, ["620100"], [2021]))}
    regions_file = REAL / "regions.csv"
    return snapshot.write(place, tables, regions_file=regions_file, source="x", ingested_at="2022-01-01", **more)


@pytest.mark.parametrize("order", ["as it comes", "ascending"])
def test_a_table_in_a_file_gives_the_same_bytes_as_one_in_memory(tmp_path, monkeypatch, order):
    monkeypatch.setattr(storage, "ROW_GROUP", 400)
    rows = ENTITY_ROWS if order == "as it comes" else ENTITY_ROWS.sort_by("entity_id")
    one, other = written(tmp_path / "one", rows), written(tmp_path / "other", in_file(rows, tmp_path))
    assert one.id == other.id
    assert {path.name: path.read_bytes() for path in one.path.iterdir()} == {
        path.name: path.read_bytes() for path in other.path.iterdir()
    }


@pytest.mark.parametrize(("order", "sorts"), [
    ([0, 1, 2, 3, 4, 5, 6], False),
    ([0, 0, 1, 1, 2], False),
    ([], False),
    ([1, 0, 2, 3, 4, 5, 6], True),
    ([0, 1, 2, 4, 3, 5, 6], True),
    ([0, 1, 2, 3, 5, 4, 6], True),
    ([0, 1, 2, 3, 4, 6, 5], True),
])  # fmt: skip
def test_rows_of_a_file_are_sorted_only_where_they_are_not_in_order(tmp_path, monkeypatch, order, sorts):
    sort, sorted_files = storage._sorted_file, []
    monkeypatch.setattr(storage, "_sorted_file", lambda file, *more: sorted_files.append(file) or sort(file, *more))
    monkeypatch.setattr(storage, "ROW_GROUP", 2)
    columns = [Column(name, kind, False, "", "") for name, kind in (("kind", STR), ("day", DATE), ("settled", BOOL))]
    rows = UNSORTED.take([6, 5, 4, 3, 0, 2, 1]).take(pa.array(order, pa.int64()))
    groups = list(storage.row_groups(in_file(rows, tmp_path), Table("given", "", tuple(columns)), tmp_path))
    assert bool(sorted_files) == sorts
    assert pa.concat_tables([rows.slice(0, 0), *groups]).equals(storage.sorted_rows(rows))
    assert [len(group) for group in groups] == [2] * (len(order) // 2) + [1] * (len(order) % 2)


def test_rows_in_a_file_are_validated_as_those_in_memory_are(tmp_path):
    wrong = [
        {"entity_id": "A", "region": "620100", "kind": "company", "registered_on": "2021-01-01"},
        {"entity_id": "A", "region": "1", "kind": None, "registered_on": None},
    ]
    rows = pa.table(arrow(ENTITIES, wrong).columns, names=ENTITIES.schema.names)
    pq.write_table(rows, tmp_path / "given.parquet")
    said = []
    for given in (rows, tmp_path / "given.parquet"):
        with pytest.raises(DataError) as error:
            written(tmp_path / "one", given)
        said.append(sorted(str(error.value).splitlines()))
    assert said[0] == said[1] and len(said[0]) == 6
    assert not (tmp_path / "one").exists()


def test_a_file_in_other_types_than_the_tables_is_a_fault_of_whoever_made_it(tmp_path):
    pq.write_table(ENTITY_ROWS.set_column(3, "registered_on", pa.nulls(1000, pa.string())), tmp_path / "given.parquet")
    with pytest.raises(TypeError, match=r"^given\.parquet has not the columns and types of the table entities\.$"):
        written(tmp_path / "one", tmp_path / "given.parquet")


@pytest.mark.parametrize(("ids", "rising"), [("ABCDE", True), ("ABCCE", False), ("ABEDC", False), ("ABDCE", False)])
def test_ids_that_rise_over_all_parts_of_a_table_stand_once(tmp_path, monkeypatch, ids, rising):
    monkeypatch.setattr(findings_contents, "BATCH_ROWS", 3)
    rows = arrow(ENTITIES, [{"entity_id": letter, "region": "620100", "registered_on": "2021-01-01"} for letter in ids])
    pq.write_table(rows, tmp_path / "given.parquet")
    parts = pa.concat_tables([rows[:3], rows[3:]])
    for given in (parts, tmp_path / "given.parquet"):
        with findings_contents.DuckDBTables({ENTITIES: given}) as tables:
            assert tables.is_strictly_increasing(ENTITIES, "entity_id") is rising
    assert [path.name for path in tmp_path.iterdir()] == ["given.parquet"]


def test_each_table_may_have_a_source_of_its_own(tmp_path):
    made = written(tmp_path / "one", ENTITY_ROWS, sources={ENTITIES: "甘肃省市场监管局"})
    assert (made.source(ENTITIES), made.source(COVERAGE)) == ("甘肃省市场监管局", "x")


def test_findings_that_are_known_are_kept_and_an_error_among_them_refuses(tmp_path):
    known = finding("warning", "rule", ENTITIES, 1, "region", "620100", "it is odd.")
    assert written(tmp_path / "one", ENTITY_ROWS, checked_findings=[known]).findings == (known,)
    with pytest.raises(DataError, match=r"^The tables have 1 error\."):
        written(tmp_path / "one", ENTITY_ROWS, checked_findings=[replace(known, severity="error")])


@pytest.mark.parametrize("exchange", [True, False])
def test_a_snapshot_in_its_place_is_replaced_and_nothing_is_left_beside_it(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(atomic_files, "_exchanged", lambda parent, one, other: False)
    written(tmp_path / "one", ENTITY_ROWS)
    newer = written(tmp_path / "one", ENTITY_ROWS[:10])
    assert snapshot.load(tmp_path / "one").id == newer.id and newer.descriptions["entities"].rows == 10
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot exchange two folders in one step")
def test_there_is_no_moment_without_a_snapshot(tmp_path, monkeypatch):
    written(tmp_path / "one", ENTITY_ROWS)
    monkeypatch.setattr(os, "rename", None)
    written(tmp_path / "one", ENTITY_ROWS[:10])
    assert snapshot.load(tmp_path / "one").descriptions["entities"].rows == 10


def test_tables_with_errors_are_not_written_and_the_first_of_them_are_said(world, tmp_path):
    wrong = [{**RETURNED[0], "region": code} for code in "1234567"]
    with pytest.raises(DataError) as error:
        world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=[*wrong, {**RETURNED[1], "month": "2021-1"}])
    region = "It is not in regions.csv: add it there, or count the row under a region that is."
    assert str(error.value).splitlines() == [
        "The tables have 8 errors. Correct them, and write the snapshot again.",
        *(f"returns, row {row}: region is '{row}'. {region}" for row in range(1, 6)),
        "3 more are not shown here.",
    ]
    assert list(tmp_path.iterdir()) == []


def test_one_error_and_errors_too_many_to_list_are_counted(world):
    with pytest.raises(DataError, match=r"^The tables have 1 error\. Correct them,"):
        world.snapshot(coverage=[], returns=[{**RETURNED[0], "region": "1"}])
    with pytest.raises(DataError, match=r"^The tables have 1,500 errors\. "):
        world.snapshot(coverage=[], returns=[{**RETURNED[0], "region": "1", "indicator": str(row)} for row in range(1_500)])


def test_row_numbers_are_those_of_the_rows_as_given(world):
    with pytest.raises(DataError, match=r"returns, row 3: region is '1'\."):
        world.snapshot(coverage=[], returns=[*RETURNED, {**RETURNED[0], "region": "1"}])


def test_warnings_are_kept_with_the_snapshot_and_sealed(world):
    made = world.snapshot(coverage=[], returns=[*RETURNED, {**RETURNED[0], "numerator": "9"}])
    assert [(finding.row, finding.rule) for finding in made.findings] == [(1, "unique"), (3, "unique")]
    said = json.loads((made.path / "snapshot.json").read_text("utf-8"))
    assert said["findings"][0] == {
        "severity": "warning", "table": "returns", "row": 1, "column": "region, month, indicator",
        "value": "620100, 2021-02, new_entities", "rule": "unique", "more": 0, "file": "", "sheet": "", "cell": "",
        "text": "returns, row 1: region, month, indicator '620100, 2021-02, new_entities' stands in 2 rows. "
        "It counts as not known until one of them is left.",
    }  # fmt: skip
    (made.path / "snapshot.json").write_text(json.dumps(said | {"findings": []}), "utf-8")
    with pytest.raises(DataError, match="its seal differs"):
        snapshot.load(made.path)


def test_another_value_gives_another_id(world):
    coverage = covered(RETURNS, ["620100", "620200"], [2021])
    changed = [{**RETURNED[0], "numerator": "8"}, RETURNED[1]]
    assert world.snapshot(coverage=coverage, returns=RETURNED).id != world.snapshot(coverage=coverage, returns=changed).id


@pytest.mark.parametrize("file", ["returns.parquet", "coverage.parquet"])
def test_a_table_with_a_changed_row_is_refused_by_name(copy, file):
    table = pq.read_table(copy / file)
    pq.write_table(table.slice(1), copy / file)
    with pytest.raises(DataError) as error:
        snapshot.load(copy)
    assert str(error.value) == f"{copy}/{file} is not what snapshot.json says: its hash differs. {RESTORE}"


def test_changed_regions_are_refused_by_name(copy):
    (copy / "regions.csv").write_text((copy / "regions.csv").read_text("utf-8").replace("兰州市", "蘭州市"), "utf-8")
    with pytest.raises(DataError, match=re.escape(f"{copy}/regions.csv is not what snapshot.json says: its hash differs.")):
        snapshot.load(copy)


@pytest.mark.parametrize("damage", ["missing", "truncated", "empty"])
def test_a_damaged_file_is_refused_by_name(copy, damage):
    file = copy / "returns.parquet"
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[: 100 if damage == "truncated" else 0])
    with pytest.raises(DataError) as error:
        snapshot.load(copy)
    wrong = "is missing." if damage == "missing" else "is not what snapshot.json says: its hash differs."
    assert str(error.value) == f"{file} {wrong} {RESTORE}"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"id": 1, "tables": {"returns": 3}}',
        '{"id": "1", "tables": {}, "caveats": [], "synthetic": "false", "notice": ""}',
    ],
)
def test_a_description_that_cannot_be_read_is_refused(copy, said):
    (copy / "snapshot.json").write_text(said, "utf-8")
    with pytest.raises(DataError) as error:
        snapshot.load(copy)
    assert str(error.value) == f"{copy}/snapshot.json cannot be read. {RESTORE}"


@pytest.mark.parametrize("change", [{"notice": "官方统计总量"}, {"synthetic": True}, {"caveats": []}])
def test_a_notice_or_a_caveat_is_not_changed_unseen(copy, change):
    said = json.loads((copy / "snapshot.json").read_text("utf-8"))
    (copy / "snapshot.json").write_text(json.dumps(said | change), "utf-8")
    with pytest.raises(DataError) as error:
        snapshot.load(copy)
    assert str(error.value) == f"{copy}/snapshot.json was changed after it was written: its seal differs. {RESTORE}"


def test_a_forged_id_is_refused(copy):
    said = json.loads((copy / "snapshot.json").read_text("utf-8")) | {"id": "0" * 64}
    (copy / "snapshot.json").write_text(json.dumps(said | {"seal": snapshot.seal(said)}), "utf-8")
    with pytest.raises(DataError) as error:
        snapshot.load(copy)
    assert str(error.value) == f"{copy}/snapshot.json is not what its tables say: its id differs. {RESTORE}"


def test_a_folder_without_a_snapshot_says_what_to_name(tmp_path):
    with pytest.raises(DataError) as error:
        snapshot.load(tmp_path)
    assert str(error.value) == f"There is no snapshot in {tmp_path}. Name a folder that holds one, such as --data data/real."


@pytest.mark.parametrize("ask", [lambda made: made.expression(ENTITIES), lambda made: made.rows(ENTITIES, ["620100"])])
def test_a_table_that_it_lacks_is_named(world, ask):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    with pytest.raises(DataError) as error:
        ask(made)
    assert str(error.value) == f"{made.path} has no table entities. It has coverage, regions, returns."


@pytest.mark.parametrize(
    ("codes", "numerators"), [([], []), (["620200"], [5]), (["620100", "620200"], [7, 5]), (["620300"], []), (["6201"], [])]
)
def test_the_rows_of_regions_are_read_without_an_engine(world, codes, numerators):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    listed = replace(made, engine="postgres").rows(RETURNS, codes)  # of which no server is there
    assert (listed.column_names, listed["numerator"].to_pylist()) == (RETURNS.schema.names, numerators)


def test_a_column_that_the_table_has_had_only_since_is_null(world):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    file = made.path / "returns.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["denominator"]), file)
    listed = made.rows(RETURNS, ["620100"])
    assert listed.schema.names == RETURNS.schema.names
    assert listed.select(["numerator", "denominator"]).to_pylist() == [{"numerator": 7, "denominator": None}]
    assert made.content("620100", RETURNS) == stored_rows.content(listed, RETURNS, "620100") != made.content("620200", RETURNS)


def test_a_failed_write_leaves_the_snapshot_before_and_no_folder_of_its_own(world, monkeypatch):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    before = sorted(made.path.parent.iterdir())

    def full(*args, **kw):
        raise OSError("No space left on device")

    monkeypatch.setattr(pq, "ParquetWriter", full)
    with pytest.raises(OSError, match="No space left"):
        snapshot.write(
            made.path, {RETURNS: pq.read_table(made.path / "returns.parquet")},
            regions_file=made.path / "regions.csv", source="x", ingested_at="2022-01-01",
        )  # fmt: skip
    assert sorted(made.path.parent.iterdir()) == before
    assert snapshot.load(made.path).id == made.id


def test_a_folder_that_is_no_snapshot_is_never_replaced(world, tmp_path):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter.txt").touch()
    with pytest.raises(DataError) as error:
        snapshot.write(tmp_path / "home", {}, regions_file=made.path / "regions.csv", source="x", ingested_at="2022-01-01")
    assert str(error.value) == (
        f"{tmp_path}/home is there and is no snapshot. Name a folder that is not there yet, or one that holds a snapshot."
    )
    assert (tmp_path / "home/letter.txt").exists()


def test_regions_that_cannot_be_leave_the_snapshot_before(world, tmp_path):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED)
    (tmp_path / "none.csv").write_text("code,name,short,level,parent\n9100,Ashford,Ashford,city,9000\n", "utf-8")
    tables = {table: pq.read_table(made.path / f"{table.name}.parquet") for table in (RETURNS, COVERAGE)}
    with pytest.raises(DataError, match="has no region of level province"):
        snapshot.write(made.path, tables, regions_file=tmp_path / "none.csv", source="x", ingested_at="2022-01-01")
    assert snapshot.load(made.path).id == made.id


def test_who_reported_is_kept_with_the_results_and_read_where_that_cannot_be_had(world, tmp_path, monkeypatch):
    made = world.snapshot(coverage=covered(RETURNS, ["620100", "620200"], [2021], through=2), returns=RETURNED)
    expected = {month: {"620100", "620200"} for month in ("2021-01", "2021-02")}
    read, of_files = stored_rows.reported, []
    monkeypatch.setattr(stored_rows, "reported", lambda file: of_files.append(file) or read(file))
    (tmp_path / "results").mkdir()
    monkeypatch.setenv(RESULTS_VARIABLE, str(tmp_path / "results"))
    for times_read in (1, 1):
        assert snapshot.load(made.path).reported == expected
        assert len(of_files) == times_read
    other = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021], through=1), returns=RETURNED[1:])
    assert other.reported == {"2021-01": {"620100"}}
    assert snapshot.load(made.path).reported == expected  # the last answer alone is kept
    [kept] = (tmp_path / "results").iterdir()
    kept.write_text(kept.read_text("utf-8").replace("2021-02", "2021-03"), "utf-8")
    assert snapshot.load(made.path).reported == expected
    monkeypatch.setattr(reader, "kept_results", lambda: None)  # as outside of any project
    assert snapshot.load(made.path).reported == expected
    assert len(of_files) == 5


def test_a_year_is_complete_when_every_city_reported_every_month(world):
    cities = [f"62{number:02}00" for number in range(1, 13)] + ["622900", "623000"]
    coverage = covered(RETURNS, cities, [2020]) + covered(RETURNS, cities[1:], [2021])
    made = world.snapshot(coverage=coverage, returns=RETURNED)
    assert (made.latest_complete_year, len(made.held(2021))) == (2020, 12)


def test_a_synthetic_snapshot_says_so_in_its_notice(world):
    made = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=RETURNED, synthetic=True)
    assert made.notice == "模拟数据，仅供演示"


def test_years_are_held_complete_or_in_part(real):
    assert real.latest_complete_year == 2013
    assert real.held(2012) == []
    assert real.held(2019) == ["2019-01", "2019-02", "2019-03", "2019-04"]


def test_a_query_draws_no_bar_of_its_progress(real):
    [[shown]] = real.database.connection.raw_sql(
        "SELECT current_setting('enable_progress_bar')"
    ).fetchall()  # all, so that others may ask
    assert not shown


def test_a_table_that_is_no_longer_read_is_verified_and_left_alone(copy):
    """As the table of editions, which snapshots of version 0.3 may have."""
    table = copy / "editions.parquet"
    pq.write_table(pa.table({"pack": ["city-brief"]}), table)
    said = json.loads((copy / "snapshot.json").read_text("utf-8"))
    said["tables"]["editions"] = {
        "rows": 1,
        "hash": "0",
        "file": hashlib.sha256(table.read_bytes()).hexdigest(),
        "source": "",
        "ingested_at": "",
    }
    said["id"] = reader.snapshot_id({name: described["hash"] for name, described in said["tables"].items()})
    said["seal"] = snapshot.seal(said)
    (copy / "snapshot.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    assert "editions" not in snapshot.load(copy).descriptions
    table.write_bytes(b"another")
    with pytest.raises(
        DataError,
        match=r"/editions\.parquet is not what snapshot\.json says: its hash differs\. Make the snapshot anew, or bring back the one that was there\.$",
    ):
        snapshot.load(copy)
