"""What came of the sources is said on screen and in files, and no row is lost on the way."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from city_briefs.analysis.ingest import report, report_screen
from city_briefs.analysis.ingest.batch import ParsedBatch, accepted_schema, empty_batch, rejected_schema
from city_briefs.analysis.ingest.report import Report
from city_briefs.analysis.ingest.set_aside import LISTED, SetAsideRow
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.source_sheet import SheetCounts, SourceSheet
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import LIMIT, Finding
from city_briefs.model.tables import CASES, COMPLAINTS, ENTITIES
from tests.ingest.sent import complaints, report_on, text, workbook
from tests.ingest.staged import put, source

GOOD = ("A1", "兰州", "投诉", "2021-03-01", "食品")
BOTH = {"complaints.xlsx", "sub/entities.csv"}


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A workbook and a csv file with faults, and where the report on them lies."""
    folder, into = tmp_path_factory.mktemp("sent"), tmp_path_factory.mktemp("made") / "report"
    faulty = [(f"B{number}", "兰州", "头诉", "2021-03-01", "食品") for number in range(LIMIT + 3)]
    workbook(
        folder / "complaints.xlsx", 一月=complaints(GOOD, *faulty), 二月=complaints(("C1", "白银", "=1+1", "2021-03-01", None))
    )
    rows = [
        ["登记编号", "地区", "成立日期"],
        ["E1", "天水", "2021-01-01"],
        ["E2", "[red]:smile:\x1b[31m", "2021-01-01"],
        ["合计", "", ""],
    ]
    text(folder / "sub/entities.csv", rows)
    (folder / "notes.docx").write_bytes(b"x")
    return folder, into, report_on(folder, into)


def printed(made, width=80, terminal=False):
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None)
    report_screen.show(made, console)
    return console.file.getvalue().splitlines()


def rejected(file):
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


def test_the_record_counts_the_rows_of_each_source_and_table(sent):
    _, into, made = sent
    record = json.loads((into / "report.json").read_text("utf-8"))
    assert record["snapshot"] is None
    assert record["sources"] == [
        {"source": "complaints.xlsx", "table": "complaints", "rows": 25, "accepted": 1, "rejected": 24, "aside": 0},
        {"source": "sub/entities.csv", "table": "entities", "rows": 2, "accepted": 1, "rejected": 1, "aside": 1},
    ]
    assert record["tables"]["entities"] == {"rows": 2, "accepted": 1, "rejected": 1, "aside": 1}
    assert record["left_aside"] == ["notes.docx"]
    assert record["set_aside"] == [
        {
            "file": "sub/entities.csv", "sheet": "", "row": 4, "cell": "", "text": "合计",
            "reason": "a total, which is compared with the rows and not counted",
        }
    ]  # fmt: skip
    assert record["set_aside_more"] == 0
    assert [one["text"] for one in record["findings"]] == [one.text for one in made.findings]
    assert record["findings"][0] | {"text": ""} == {
        "severity": "error", "table": "complaints", "row": 3, "column": "kind", "value": "头诉", "rule": "closed list", "text": "",
        "more": 0, "file": "complaints.xlsx", "sheet": "一月", "cell": "C3",
    }  # fmt: skip


def test_the_same_files_give_the_same_bytes_wherever_they_lie(sent, tmp_path):
    folder, into, _ = sent
    folder.rename(tmp_path / "moved")
    report_on(tmp_path / "moved", tmp_path / "again")
    (tmp_path / "moved").rename(folder)

    def contents(place):
        return {file.relative_to(place): file.read_bytes() for file in sorted(place.rglob("*.*")) if file.is_file()}

    assert len(contents(into)) == 6
    assert contents(into) == contents(tmp_path / "again")


def test_rejected_rows_say_where_they_came_from_and_why(sent):
    rows = rejected(sent[1] / "rejected/complaints.csv")
    assert len(rows) == LIMIT + 4
    assert rows[0]["file"] == "complaints.xlsx" and rows[0]["sheet"] == "一月" and rows[0]["row"] == "3"
    assert rows[0]["reason"] == (
        "kind is '头诉'. It must be one of 投诉, 举报, 咨询 (complaint, report, enquiry). Did you mean 投诉?"
    )
    assert [rows[0][name] for name in ("complaint_id", "region", "received_on")] == ["B0", "兰州", "2021-03-01"]


def test_rejected_rows_that_were_mended_can_be_sent_again(sent, tmp_path):
    (tmp_path / "in").mkdir()
    mended = (
        (sent[1] / "rejected/complaints.csv").read_text("utf-8-sig").replace('"头诉"', '"投诉"').replace('"\'=1+1"', '"咨询"')
    )
    (tmp_path / "in/complaints.csv").write_text(mended, "utf-8-sig")
    made = report_on(tmp_path / "in", tmp_path / "out")
    assert (made.accepted, made.rejected, made.findings) == (LIMIT + 4, 0, ())


@pytest.mark.parametrize(
    ("sent", "put"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t+x", "'\t+x"), ("＝1", "'＝1"), ("-x", "'-x"), ("-5", "-5"), ("+1.5e3", "+1.5e3"), ("a=b", "a=b")],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_has_a_quote_before_it_and_a_number_has_none(sent, put, tmp_path):
    row = pa.table({name: [sent] for name in ENTITIES.schema.names} | {"row": [2], "reason": ["No."]}).cast(
        rejected_schema(ENTITIES)
    )
    with StagingArea(tmp_path / "snapshot") as staging:
        staging.add(
            SourceSheet(DataSource("=x.parquet", "parquet", Path("x"), ENTITIES)),
            ParsedBatch(accepted_schema(ENTITIES).empty_table(), row),
        )
        report.write(tmp_path, Report(tuple(staging.counts), (), (), None, tmp_path), staging)
    (found,) = rejected(tmp_path / "rejected/entities.csv")
    assert (found["industry"], found["file"], found["row"]) == (put, "'=x.parquet", "2")


def test_a_report_that_counts_more_rejected_rows_than_there_are_is_a_bug(staging, tmp_path):
    sheet = put(staging, source(ENTITIES), [])
    with pytest.raises(AssertionError, match=r"^Not all rejected rows of entities were written\.$"):
        report.write(tmp_path, Report((SheetCounts(sheet, 0, 1, 0),), (), (), None, tmp_path), staging)


def test_a_name_that_is_no_text_is_written_as_its_bytes(tmp_path):
    name = b"complaints_\xff.xlsx".decode("utf-8", "surrogateescape")
    finding = Finding("warning", "complaints", None, "x", "", "column unknown", f"{name}: the column 'x'.", file=name)
    with StagingArea(tmp_path / "snapshot") as staging:
        report.write(tmp_path, Report((), (finding,), (name,), None, tmp_path), staging)
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["left_aside"] == [name]
    assert printed(Report((), (finding,), (), None, tmp_path))[0] == "warning complaints_[U+DCFF].xlsx: the column 'x'."


def test_on_screen_the_worst_is_last_a_few_of_each_kind_are_shown_and_the_count_stands_below(sent):
    kind = "kind is '头诉'. It must be one of 投诉, 举报, 咨询 (complaint, report, enquiry). Did you mean 投诉?"
    lines = printed(sent[2])
    assert lines[1:5] == [
        "complaints.xlsx   complaints    25         1        24      0",
        "sub/entities.csv  entities       2         1         1      1",
        "sub/entities.csv: set aside, being no records: row 4 '合计' (a total, which is compared with the rows and not counted).",
        "Left aside, being no tables: notes.docx.",
    ]
    assert lines[5:9] == [
        f"error   complaints.xlsx, sheet 一月, cell C3: {kind}",
        f"error   complaints.xlsx, sheet 一月, cell C4: {kind}",
        f"error   complaints.xlsx, sheet 一月, cell C5: {kind}",
        "        21 more are like these.",
    ]
    assert lines[9].startswith("error   sub/entities.csv, row 3: region is ")
    assert lines[-1] == "27 rows read: 2 accepted, 25 rejected. Nothing was written."


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("C", "cases.xlsx, sheet 2021: set aside, being no records: A9 '合计 100' (a total, which is compared with the rows and not counted); "
         "A10 '注' (a note); A11 '注' (a note); and 199 more."),
        ("zh_CN.UTF-8", "cases.xlsx, sheet 2021：以下202行不是记录，未计入：A9“合计 100”（合计行，只用于核对，不重复计数）；"
         "A10“注”（注释或说明）；A11“注”（注释或说明）；另有199行。"),
    ],
)  # fmt: skip
def test_rows_that_are_set_aside_are_listed_so_many_and_the_first_are_on_screen(tmp_path, monkeypatch, locale, says):
    monkeypatch.setenv("LC_ALL", locale)
    of = SourceSheet(source(CASES, "cases.xlsx"), "2021")
    notes = [SetAsideRow(row, f"A{row}", "注", "note") for row in range(10, 11 + LISTED)]
    rows = (SetAsideRow(9, "A9", "合计 100", "total"), *notes)
    with StagingArea(tmp_path / "snapshot") as staging:
        for part in (rows[:5], rows[5:]):
            staging.add(of, replace(empty_batch(CASES), aside=len(part), lines=part))
        made = Report(tuple(staging.counts), (), (), None, tmp_path)
    record = made.record()
    assert (len(record["set_aside"]), record["set_aside_more"], record["tables"]["cases"]["aside"]) == (LISTED, 2, LISTED + 2)
    assert says in printed(made)


def test_what_comes_from_data_is_no_markup_and_no_control_on_screen(sent):
    for terminal in (False, True):
        shown = " ".join(printed(sent[2], terminal=terminal, width=1000))
        assert "region is '[red]:smile:[U+001B][31m'." in shown
        assert "\x1b[31m" not in shown


def test_a_line_that_goes_to_a_pipe_is_not_folded(sent):
    assert printed(sent[2], width=20) == printed(sent[2], width=200)


def test_the_last_line_names_what_was_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sheet = SourceSheet(DataSource("complaints.csv", "csv", Path("complaints.csv"), COMPLAINTS))
    made = Report((SheetCounts(sheet, 1_999_990, 13, 4),), (), (), None, tmp_path / "data/snapshots/2021")
    written = "2,000,003 rows read: 1,999,990 accepted, 13 rejected. data/snapshots/2021 written, id 0123456789ab."
    correct = " Correct the rejected rows and send them again"
    assert replace(made, snapshot="0123456789abcdef").outcome == f"{written}{correct}; or count without them, by --accept."
    uncovered = replace(made, snapshot="0123456789abcdef", uncovered="complaints 金昌市 2021-02")
    missing = " Not covered, so that briefs give no figure: complaints 金昌市 2021-02."
    assert uncovered.outcome == f"{written}{missing}{correct}; or count without them, by --accept."
    assert replace(uncovered, accepting=True).outcome == f"{written}{missing}{correct}."
    assert replace(uncovered, accepting=True, uncovered="").outcome == written
    assert (
        Report((SheetCounts(sheet, 1, 0, 0),), (), (), None, tmp_path).outcome
        == "1 row read: 1 accepted, 0 rejected. Nothing was written."
    )
    assert (made.folder.name, replace(made, snapshot="0").folder.name) == ("2021.refused", "2021")
