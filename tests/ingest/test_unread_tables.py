"""No table is lost without a word: archives are opened, and files and sheets that were not read are named."""

import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from city_briefs.analysis.ingest import find_sources, pipeline, readers, unread_tables
from city_briefs.analysis.ingest.zipped_files import member_name
from tests.ingest.sent import complaints, text, workbook
from tests.ingest.staged import texts
from tests.ingest.test_reading import rows

ROWS = complaints(("C1", "兰州", "投诉", "2021-03-02", "食品"), ("C2", "天水", "投诉", "2021-03-03", "食品"))
LINES = "".join(",".join(row) + "\n" for row in ROWS)


def packed(file, members, *, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def refused(folder):
    """What is said of a folder in which nothing can be read."""
    return [finding.text for finding in find_sources.find([str(folder)]).refusals]


def test_the_files_of_an_archive_are_read_under_its_name(tmp_path):
    packed(
        tmp_path / "报送.zip",
        {"兰州/complaints.csv": LINES, "__MACOSX/x.csv": "", "兰州/~$complaints.xlsx": "", "兰州/说明.docx": "x"},
    )
    found = find_sources.find([str(tmp_path)])
    [source] = found.sources
    assert (source.name, source.table.name) == ("报送.zip/兰州/complaints.csv", "complaints")
    [read] = readers.raw_tables(source)
    assert rows(read) == [tuple(row) for row in ROWS]
    assert (found.skipped, found.refusals) == (("报送.zip/兰州/说明.docx",), ())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_chinese_are_read_however_they_were_packed(encoding):
    info = zipfile.ZipInfo("工单/投诉.csv".encode(encoding).decode("cp437"))  # as Python reads a name that is not marked as UTF-8
    assert member_name(info) == "工单/投诉.csv"


def test_the_files_of_an_archive_are_gone_when_nobody_reads_them(tmp_path):
    packed(tmp_path / "a.zip", {"complaints.csv": LINES})
    found = find_sources.find([str(tmp_path)])
    place = found.unpacked.path
    assert place.is_dir()
    del found
    assert not place.exists()


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"../complaints.csv": LINES}, "a.zip holds a file whose name leads out of it, or is too long. Pack the files again."),
        ({"/complaints.csv": LINES}, "a.zip holds a file whose name leads out of it, or is too long. Pack the files again."),
        ({"b.zip": b"PK"}, "a.zip holds another archive, b.zip. Unpack it, and send the files as they are."),
        ({"xl/workbook.xml": b"<x/>"}, "a.zip is a workbook. Name it .xlsx."),
        ({f"{number}.csv": b"" for number in range(1001)}, "a.zip holds more than 1,000 files. Send those that are asked for."),
        ({"a.csv": b"", "A.csv": b""}, "a.zip holds two files of one name. Pack the files again."),
        ({"x.csv": LINES}, "a.zip/x.csv: no table is called 'x'. Name the file for its table, or declare it in sources.toml; "
                           'ignore = ["a.zip/x.csv"] there leaves it aside.'),
    ],
)  # fmt: skip
def test_an_archive_that_is_no_folder_of_tables_is_refused(tmp_path, members, says):
    packed(tmp_path / "a.zip", members)
    assert refused(tmp_path) == [says]


def test_an_archive_that_is_damaged_has_a_password_or_is_too_large_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no archive")
    assert refused(tmp_path) == ["a.zip is not a whole zip archive. Pack the files again, or send them as they are."]
    packed(tmp_path / "a.zip", {"complaints.csv": LINES})
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert refused(tmp_path) == ["a.zip has a password. Pack the files again without one."]
    packed(tmp_path / "a.zip", {"complaints.csv": b"x" * 2_000_000})
    monkeypatch.setattr("city_briefs.analysis.ingest.zipped_files.UNPACKED", 1 << 20)
    assert refused(tmp_path) == ["a.zip unpacks to more than 1 MB. Send the files as they are."]


def test_what_is_wrong_with_an_archive_is_said_in_chinese(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    packed(tmp_path / "a.zip", {"b.rar": b"Rar!"})
    assert refused(tmp_path) == ["a.zip内还有压缩包b.rar。请解压后直接报送其中的文件。"]


def test_files_that_may_hold_a_table_are_named_and_others_are_not():
    names = ["complaints.pdf", "2021/说明.docx", "报送.rar", "readme.md", "photo.png", "cases.png"]
    findings = list(unread_tables.findings(names, []))
    assert [(finding.severity, finding.file, finding.table) for finding in findings] == [
        ("warning", "complaints.pdf", "complaints"), ("warning", "2021/说明.docx", ""), ("warning", "报送.rar", ""),
        ("warning", "cases.png", "cases"),
    ]  # fmt: skip
    assert texts(findings)[:3:2] == [
        "complaints.pdf was not read: no table is read from a .pdf file. Save it as .xlsx, if it holds data.",
        "报送.rar was not read: no table is read from a .rar file. Unpack it, if it holds data.",
    ]


def test_sheets_that_look_like_a_table_and_have_another_name_are_named(tmp_path):
    cases = [("案件编号", "地区", "领域", "结案日期", "罚款（元）"), ("A1", "兰州", "食品", "2021-03-05", "1")]
    workbook(
        tmp_path / "兰州报送.xlsx", **{"12315平台工单": ROWS, "行政处罚案件台": cases, "说明": [("请填写地区",)], "旧": cases}
    )
    found = find_sources.find([str(tmp_path)])
    assert texts(unread_tables.findings(found.unread, found.sources)) == [
        f"兰州报送.xlsx, sheet {sheet}: the sheet looks like a table of cases (行政处罚案件台账) and was not read, since its name is none "
        "of a table. Name it 行政处罚案件台账, or delete it."
        for sheet in ("行政处罚案件台", "旧")
    ]


def test_a_hidden_sheet_beside_named_ones_is_named(tmp_path):
    made = Workbook()
    made.active.title = "complaints"
    for row in ROWS:
        made.active.append(row)
    for row in ROWS:
        (made["补报"] if "补报" in made.sheetnames else made.create_sheet("补报")).append(row)
    made["补报"].sheet_state = "hidden"
    made.save(tmp_path / "报送.xlsx")
    found = find_sources.find([str(tmp_path)])
    [text] = texts(unread_tables.findings(found.unread, found.sources))
    assert text.endswith("was not read, since it is hidden. Unhide it and name it 12315平台工单, or delete it.")


def test_a_declared_file_without_rows_is_refused_unless_its_period_is_declared(tmp_path):
    sent = tmp_path / "in"
    text(sent / "cases.csv", [("案件编号", "地区", "领域", "结案日期", "罚款（元）", "没收（元）")])
    text(sent / "complaints.csv", ROWS)
    (sent / "sources.toml").write_text('[[source]]\nfile = "cases.csv"\ntable = "cases"\n', "utf-8")
    report = pipeline.ingest([str(sent)], tmp_path / "out", strict=False, day=date(2022, 1, 1))
    assert [finding.text for finding in report.findings if finding.severity == "error"] == [
        "cases.csv is declared, and has no row under its heading. Send its rows, or take it out of sources.toml; "
        "where there is nothing to report, declare the period."
    ]
    (sent / "sources.toml").write_text('[[source]]\nfile = "cases.csv"\ntable = "cases"\nperiod = "2021"\n', "utf-8")
    report = pipeline.ingest([str(sent)], tmp_path / "out", strict=False, day=date(2022, 1, 1))
    assert report.snapshot
