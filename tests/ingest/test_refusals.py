"""What cannot be read is told of every file at once, beside the faults of the others; nothing is written but the report."""

import json
import re

import pytest
from openpyxl import load_workbook

from city_briefs.analysis.ingest import pipeline
from city_briefs.common.errors import UsageError
from tests.conftest import THREE_CITIES
from tests.ingest.sent import TODAY, complaints, text, workbook

GOOD, BAD = ("C1", "兰州市", "投诉", "2021-03-01", "价格"), ("C2", "兰洲", "投诉", "2021-03-02", "")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def folder(tmp_path):
    """A folder to send files in."""
    (tmp_path / "sent").mkdir()
    return tmp_path / "sent"


def ingest(*locations, strict=False):
    """The report on what was sent, and what it says in the order in which it says it."""
    into = locations[0].parent / "2021"
    made = pipeline.ingest([str(location) for location in locations], into, strict=strict, day=TODAY)
    record = json.loads((made.folder / "report.json").read_text("utf-8"))
    assert record == made.record()
    assert (made.folder / "report.html").is_file()
    return made, [(finding["file"], finding["text"]) for finding in record["findings"]]


def test_two_broken_files_are_both_told_and_the_third_is_read_and_checked(folder):
    (folder / "cases.xls").write_bytes(OLD + bytes(600))
    text(folder / "entities.csv", [("登记编号", "所在地"), ("E1", "天水")])
    text(folder / "complaints.csv", complaints(GOOD, BAD))
    made, told = ingest(folder)
    assert [file for file, _ in told] == ["cases.xls", "entities.csv", "complaints.csv"]
    assert told[0][1].startswith("cases.xls is ")
    assert told[1][1].startswith("entities.csv: there is no column 地区")
    assert told[2][1].startswith("complaints.csv, row 3: region is '兰洲'.")
    assert {finding.rule for finding in made.findings} == {"unreadable", "known region"}
    assert (made.snapshot, made.accepted, made.rejected) == (None, 1, 1)
    assert not (folder.parent / "2021").exists()
    assert sorted(file.name for file in made.folder.iterdir()) == ["rejected", "report.html", "report.json", "returned"]


def test_a_sheet_that_is_no_table_leaves_the_others_of_its_workbook_to_be_checked(folder):
    workbook(folder / "complaints.xlsx", 一月=complaints(BAD), 二月=[("a", "b"), ("1", "2")], 三月=complaints(GOOD))
    made, told = ingest(folder)
    assert [(finding.sheet, finding.rule) for finding in made.findings] == [("二月", "unreadable"), ("一月", "known region")]
    assert told[0][1].startswith("complaints.xlsx, sheet 二月: there is no heading in the first 2 rows.")
    assert made.accepted == 1
    assert load_workbook(made.folder / "returned/complaints.xlsx").sheetnames == ["问题清单", "一月"]


def test_personal_data_in_one_file_is_told_beside_that_in_another(folder):
    text(folder / "complaints.csv", [(*complaints()[0], "投诉人姓名"), (*GOOD, "张三")])
    text(
        folder / "cases.csv",
        [("案件编号", "地区", "领域", "结案日期", "罚款", "没收", "电话"), ("1", "兰州", "食品", "2021-01-01", "1", "1", "x")],
    )
    made, told = ingest(folder)
    assert [text.partition(", which no snapshot holds.")[0] for _, text in told] == [
        "cases.csv, column G: '电话' is personal data",
        "complaints.csv, column F: '投诉人姓名' is personal data",
    ]
    assert "张三" not in "".join(file.read_text("utf-8") for file in made.folder.iterdir() if file.is_file())


def test_all_mistakes_of_sources_toml_are_told_beside_those_of_the_files(folder):
    (folder / "sources.toml").write_text(
        '[[source]]\nfile = "a.csv"\ntabel = "cases"\nperiod = "2021-13"\n[[source]]\nfile = "b.csv"\ntable = "complaints"\n'
        '[[source]]\nfile = "c.csv"\n',
        "utf-8",
    )
    text(folder / "a.csv", complaints(GOOD))
    text(folder / "b.csv", complaints(BAD))
    (folder / "cases.xls").write_bytes(OLD + bytes(600))
    _, told = ingest(folder)
    assert [text.partition(". ")[0] for _, text in told] == [
        "sources.toml, source 1 (a.csv): period is '2021-13'",
        "sources.toml, source 1 (a.csv): there is no key 'tabel'",
        "sources.toml, source 3: there is no file 'c.csv'",
        "cases.xls is a workbook of Excel 97-2003",
        "b.csv, row 2: region is '兰洲'",
    ]


def test_a_sources_toml_that_is_no_toml_hides_no_broken_file(folder):
    (folder / "sources.toml").write_text("[[source]", "utf-8")
    (folder / "cases.csv").write_bytes(b"")
    _, told = ingest(folder)
    assert "sources.toml cannot be read: " in told[0][1]
    assert told[1] == ("cases.csv", "cases.csv is empty. Send a file with a heading and rows.")


def test_a_folder_without_data_gets_a_report_too(folder):
    made, told = ingest(folder)
    sentence = f"There is no data in {folder}. It may be csv, tsv, xlsx or parquet files, or a postgresql:// address."
    assert (made.snapshot, told) == (None, [("", sentence)])


def test_that_no_file_has_a_row_is_told_by_name(folder):
    text(folder / "complaints.csv", complaints())
    assert ingest(folder)[1] == [
        ("complaints.csv", "There is no row under the heading of complaints.csv. Fill in rows."),
    ]
    for number in range(6):
        text(folder / f"complaints_{number}.csv", complaints())
    [(file, sentence)] = ingest(folder)[1]
    assert (file, sentence) == (
        "",
        "There is no row under the heading of complaints.csv, complaints_0.csv, complaints_1.csv, complaints_2.csv, "
        "complaints_3.csv and 2 more. Fill in rows.",
    )


def test_a_wrong_list_of_regions_is_told_and_rows_are_not_measured_by_another(folder):
    (folder / "regions.csv").write_text(THREE_CITIES.replace("9200,Birchwood", "9200,"), "utf-8")
    text(folder / "complaints.csv", complaints(("C1", "Ashford", "投诉", "2021-03-01", "价格")))
    (folder / "cases.csv").write_bytes(b"")
    made, told = ingest(folder)
    assert told == [
        ("regions.csv", "regions.csv, row 4: name is empty. Every row has one."),
        ("cases.csv", "cases.csv is empty. Send a file with a heading and rows."),
    ]
    assert made.counts == ()


def test_a_region_that_no_source_can_report_for_is_told_with_the_rest(folder):
    text(folder / "complaints.csv", complaints(BAD))
    (folder / "sources.toml").write_text('[[source]]\nfile = "complaints.csv"\nreporting = ["兰洲"]\n', "utf-8")
    _, told = ingest(folder)
    assert [text.partition(". ")[0] for _, text in told] == [
        "sources.toml, complaints.csv, reporting: There is no city '兰洲'", "complaints.csv, row 2: region is '兰洲'",
    ]  # fmt: skip


def test_that_rows_are_absent_is_not_told_while_a_file_is_refused(folder):
    """The rows may stand in that very file."""
    head = ("地区", "所属月份", "指标", "数值", "统计口径")
    months = [("兰州", f"2021-{month:02}", "complaints_received", "9", "当月") for month in (1, 2, 3, 5, 6, 7)]
    text(folder / "returns_1.csv", [head, *months])
    _, told = ingest(folder)
    assert any("was not returned for 2021-04" in text for _, text in told)
    (folder / "returns_2.csv").write_bytes(b"")
    made, told = ingest(folder)
    assert [finding.rule for finding in made.findings if finding.rule in pipeline.OF_ABSENT_ROWS] == []
    assert told[0][0] == "returns_2.csv"


def test_a_place_at_the_prompt_that_is_none_is_wrong_usage(folder):
    with pytest.raises(UsageError, match=r"^There is no file or folder "):
        ingest(folder / ("long" * 80))


@pytest.mark.parametrize("strict", [False, True])
def test_the_report_of_a_refusal_goes_when_all_is_right(folder, strict):
    text(folder / "complaints.csv", complaints(GOOD))
    (folder / "cases.csv").write_bytes(b"")
    assert ingest(folder, strict=strict)[0].folder.name == "2021.refused"
    (folder / "cases.csv").unlink()
    assert ingest(folder, strict=strict)[0].folder.name == "2021"
    assert not (folder.parent / "2021.refused").exists()


HOSTILE = "complaints_<script>alert(1)<!--\u202egpj.csv"


def test_no_name_header_or_value_is_markup_or_unseen_on_the_page(folder):
    heads, row = (*complaints()[0], "</td><img src=x>"), (*BAD[:1], "<b>\u202e兰", *BAD[2:], "1")
    text(folder / HOSTILE, [heads, row])
    (folder / "<i>.xls").write_bytes(OLD + bytes(600))
    made, _ = ingest(folder)
    page = (made.folder / "report.html").read_text("utf-8")
    assert not re.search(r"<(?:script|img|b|i)\b", page)
    assert "\u202e" not in page
    assert "complaints_&lt;script&gt;alert(1)&lt;!--[U+202E]gpj.csv" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "<h2>How each file was read</h2>" in page
