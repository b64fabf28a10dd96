"""`briefs ingest`, `briefs compare`: what they end with, what they print, and what lies there afterwards."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from city_briefs.analysis.snapshot import load
from city_briefs.model.tables import ENTITIES
from tests.ingest.database import run as in_database
from tests.ingest.sent import complaints, text, workbook

GOOD = complaints(("C1", "兰州市", "投诉", "2021-03-01", "价格"), ("C2", "620200", "举报", "2021-03-02", "食品"))
BAD = ("C3", "兰洲", "投诉", "2021-03-03", "")


@pytest.fixture
def sent(tmp_path):
    """Writes a csv of complaints into a folder; gives the folder."""

    def write(*more, name="complaints"):
        text(tmp_path / "sent" / f"{name}.csv", [*GOOD, *more])
        return tmp_path / "sent"

    return write


def tree(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_what_is_written_ends_with_0_and_the_count_on_the_last_line(briefs, sent, tmp_path):
    code, out, err = briefs("ingest", sent(), "--into", tmp_path / "2021")
    said = json.loads((tmp_path / "2021/snapshot.json").read_text("utf-8"))
    last = f"2 rows read: 2 accepted, 0 rejected. {tmp_path}/2021 written, id {said['id'][:12]}."
    assert (code, out.splitlines()[-1], err) == (0, last, "")


def test_a_rejected_row_is_told_and_the_others_are_written(briefs, sent, tmp_path):
    code, out, err = briefs("ingest", sent(BAD), "--into", tmp_path / "2021")
    _, _, told, _, _, last = out.splitlines()
    assert (code, err) == (3, "")
    assert told == (
        "error   complaints.csv, row 4: region is '兰洲'. It is not in regions.csv: add it there, or count the row under a region "
        "that is. Did you mean 兰州市 (620100)?"
    )
    assert last.startswith("3 rows read: 2 accepted, 1 rejected. ")
    assert "C3,兰洲,投诉,2021-03-03" in (tmp_path / "2021/rejected/complaints.csv").read_text("utf-8-sig").replace('"', "")


def test_strict_writes_nothing_and_ends_with_3(briefs, sent, tmp_path):
    code, out, err = briefs("ingest", sent(BAD), "--into", tmp_path / "2021", "--strict")
    assert (code, err) == (3, "")
    assert out.splitlines()[-1] == "3 rows read: 2 accepted, 1 rejected. Nothing was written."
    assert not (tmp_path / "2021").exists()
    assert sorted(tree(tmp_path / "2021.refused")) == [
        "rejected/complaints.csv", "report.html", "report.json", "returned/complaints.csv.xlsx",
    ]  # fmt: skip


def test_strict_writes_what_is_all_right(briefs, sent, tmp_path):
    assert briefs("ingest", sent(), "--into", tmp_path / "2021", "--strict")[0] == 0


def test_when_no_row_is_accepted_nothing_is_written(briefs, tmp_path):
    text(tmp_path / "complaints.csv", complaints(BAD))
    code, out, _ = briefs("ingest", tmp_path / "complaints.csv", "--into", tmp_path / "2021")
    assert (code, out.splitlines()[-1]) == (3, "1 row read: 0 accepted, 1 rejected. Nothing was written.")


def test_a_file_without_rows_is_a_report_of_nothing(briefs, sent, tmp_path):
    text(sent() / "cases.csv", [("案件编号", "地区", "领域", "结案日期", "罚款", "没收")])
    (tmp_path / "sent/sources.toml").write_text('[[source]]\nfile = "cases.csv"\nperiod = "2021-01/2021-03"\n', "utf-8")
    code, out, _ = briefs("ingest", tmp_path / "sent", "--into", tmp_path / "2021", "--json")
    assert (code, json.loads(out)["tables"]["cases"]) == (0, {"rows": 0, "accepted": 0, "rejected": 0, "aside": 0})
    asked = ("cases_total", "--city", "兰州", "--year", 2021, "--through", 3, "--data", tmp_path / "2021")
    assert json.loads(briefs("value", *asked, "--json")[1])["text"] == "0起"


def test_a_blank_form_among_the_files_reports_nothing(briefs, sent, tmp_path):
    briefs("templates", "--into", sent())
    (tmp_path / "sent/complaints.xlsx").unlink()
    code, _, err = briefs("ingest", tmp_path / "sent", "--into", tmp_path / "2021", "--strict")
    assert (code, err) == (0, "")
    assert sorted(load(tmp_path / "2021").descriptions) == ["complaints", "coverage", "regions", "unsent"]


def test_json_is_the_report_and_nothing_else(briefs, sent, tmp_path):
    code, out, err = briefs("ingest", sent(BAD), "--into", tmp_path / "2021", "--json")
    assert (code, err) == (3, "")
    said = json.loads(out)
    assert said == json.loads((tmp_path / "2021/report.json").read_text("utf-8"))
    assert said["sources"] == [
        {"source": "complaints.csv", "table": "complaints", "rows": 3, "accepted": 2, "rejected": 1, "aside": 0}
    ]
    assert said["snapshot"] == json.loads((tmp_path / "2021/snapshot.json").read_text("utf-8"))["id"]


def test_a_file_that_cannot_be_read_ends_with_3_and_its_sentence_and_the_others_are_read(briefs, sent, tmp_path):
    folder = sent(BAD)
    (folder / "entities.csv").write_bytes(b"")
    text(folder / "cases.csv", [("案件编号", "地区"), ("A1", "兰州")])
    code, out, err = briefs("ingest", folder, "--into", tmp_path / "2021")
    assert (code, err) == (3, "")
    lines = out.splitlines()
    assert "error   entities.csv is empty. Send a file with a heading and rows." in lines
    assert [line[:42] for line in lines if line.startswith("error")] == [
        "error   cases.csv: there is no column 领域 (",
        "error   complaints.csv, row 4: region is '",
        "error   entities.csv is empty. Send a file",
    ]
    assert lines[-1] == "3 rows read: 2 accepted, 1 rejected. Nothing was written."
    assert sorted(tree(tmp_path / "2021.refused")) == [
        "rejected/complaints.csv", "report.html", "report.json", "returned/complaints.csv.xlsx",
    ]  # fmt: skip
    assert not (tmp_path / "2021").exists()


def test_what_is_not_there_ends_with_2(briefs, sent, tmp_path):
    answer = briefs("ingest", sent() / "complaint.csv", "--into", tmp_path / "2021")
    assert answer == (2, "", f"There is no file or folder '{tmp_path}/sent/complaint.csv'. Did you mean complaints.csv?\n")


def test_the_same_files_again_give_the_same_bytes(briefs, sent, tmp_path):
    for name in ("one", "two"):
        assert briefs("ingest", sent(BAD), "--into", tmp_path / name)[0] == 3
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_an_older_snapshot_stays_when_the_new_one_is_refused(briefs, sent, tmp_path):
    briefs("ingest", sent(), "--into", tmp_path / "2021")
    older = tree(tmp_path / "2021")
    assert briefs("ingest", sent(BAD), "--into", tmp_path / "2021", "--strict")[0] == 3
    assert tree(tmp_path / "2021") == older


def test_an_older_snapshot_is_replaced_whole_and_the_report_of_a_refusal_goes(briefs, sent, tmp_path):
    briefs("ingest", sent(BAD), "--into", tmp_path / "2021")
    briefs("ingest", sent(BAD), "--into", tmp_path / "2021", "--strict")
    assert briefs("ingest", sent(("C4", "酒泉", "咨询", "2021-03-04", "")), "--into", tmp_path / "2021")[0] == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["2021", "sent"]
    assert sorted(tree(tmp_path / "2021")) == [
        "complaints.parquet", "coverage.parquet", "regions.csv", "report.html", "report.json", "snapshot.json", "unsent.parquet",
    ]  # fmt: skip


def test_a_place_that_holds_something_else_is_left_as_it_is(briefs, sent, tmp_path):
    mine = sent().rename(tmp_path / "2021.refused")
    answer = briefs("ingest", mine / "complaints.csv", "--into", tmp_path / "2021")
    message = f"{mine} is where the report goes when nothing is written, and holds something else. Move it away.\n"
    assert answer == (3, "", message)
    assert sorted(tree(mine)) == ["complaints.csv"]


@pytest.fixture
def population(database):
    """A database with a table that is named for ours."""
    in_database(
        database,
        "CREATE SCHEMA province",
        "CREATE TABLE province.population (region text, year int, persons bigint, series text)",
        "INSERT INTO province.population VALUES ('620100', 2020, 4359446, '2020普查口径')",
    )
    yield database
    in_database(database, "DROP SCHEMA province CASCADE")


def test_a_folder_may_mix_encodings_workbooks_parquet_and_a_database(briefs, tmp_path, population):
    folder = tmp_path / "sent"
    text(folder / "complaints_1.csv", GOOD)
    utf_8 = (folder / "complaints_1.csv").read_text("utf-8")
    (folder / "complaints_1.csv").write_bytes(utf_8.encode("gb18030"))
    workbook(folder / "complaints_2.xlsx", 三月=complaints(("C5", "天水", "咨询", "2021-03-05", "")), 四月=complaints())
    entity = {"entity_id": "E1", "region": "620100", "kind": "enterprise"}
    rows = pa.Table.from_pylist([{**dict.fromkeys(ENTITIES.schema.names), **entity}])
    dated = rows.set_column(3, "registered_on", pa.array([18_700], pa.int32()).cast(pa.date32()))
    pq.write_table(dated, folder / "entities.parquet")
    (folder / "sources.toml").write_text(f'label = "省局平台"\n[[source]]\nurl = "{population}"\ntable = "population"\n', "utf-8")
    code, out, err = briefs("ingest", folder, folder / "sources.toml", "--into", tmp_path / "2021", "--json")
    assert (code, err) == (0, "")
    counts = {(one["source"], one["table"]): (one["rows"], one["accepted"]) for one in json.loads(out)["sources"]}
    assert counts == {
        ("province.population", "population"): (1, 1), ("complaints_1.csv", "complaints"): (2, 2),
        ("complaints_2.xlsx", "complaints"): (1, 1), ("entities.parquet", "entities"): (1, 1),
    }  # fmt: skip
    said = json.loads((tmp_path / "2021/snapshot.json").read_text("utf-8"))["tables"]
    assert said["population"]["source"] == "省局平台"


def test_rejected_rows_are_mended_where_they_lie_and_ingested_with_the_rest(briefs, sent, tmp_path):
    folder = sent(BAD)
    briefs("ingest", folder, "--into", tmp_path / "march")
    file = tmp_path / "march/rejected/complaints.csv"
    file.write_text(file.read_text("utf-8-sig").replace('"兰洲"', '"兰州"'), "utf-8")
    code, out, _ = briefs("ingest", folder, file.parent, "--into", tmp_path / "april", "--json")
    said = json.loads(out)["sources"]
    assert [(code, one["source"], one["rows"], one["accepted"]) for one in said] == [
        (3, "complaints.csv", 3, 2),
        (3, "rejected/complaints.csv", 1, 1),
    ]
    corrected = sent(("C3", "兰州", "投诉", "2021-03-03", ""))
    briefs("ingest", corrected, "--into", tmp_path / "may")
    assert (tmp_path / "april/complaints.parquet").read_bytes() == (tmp_path / "may/complaints.parquet").read_bytes()


def test_a_late_correction_is_told_with_region_month_and_table(briefs, sent, tmp_path):
    for name, more in (("march", ()), ("april", (("C4", "嘉峪关", "投诉", "2021-03-09", "价格"),))):
        assert briefs("ingest", sent(*more), "--into", tmp_path / name)[0] == 0
    code, out, err = briefs("compare", tmp_path / "march", tmp_path / "april")
    first, *lines = out.splitlines()
    assert (code, err, first) == (0, "", "complaints: 2 rows before, 3 after")
    at = lines.index("12315平台接收群众诉求（件），because of complaints")
    assert lines[at + 1] == "  嘉峪关市 2021-03: 1 → 2 (+1)"


def test_what_did_not_move_is_told_in_one_line(briefs, sent, tmp_path):
    for name in ("march", "april"):
        briefs("ingest", sent(), "--into", tmp_path / name)
    assert briefs("compare", tmp_path / "march", tmp_path / "april") == (0, "No number moved.\n", "")


def test_templates_are_a_workbook_for_each_table(briefs, tmp_path):
    code, out, err = briefs("templates", "--into", tmp_path / "blank")
    made = sorted(file.name for file in (tmp_path / "blank").iterdir())
    assert (code, out, err) == (0, f"{tmp_path}/blank: {len(made)} workbooks.\n", "")
    assert "complaints.xlsx" in made and "coverage.xlsx" not in made
