"""Files and databases become raw tables as they were sent: every row once, in its place, with its number."""

import datetime
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest import match_headers, parse_batches, readers
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS
from city_briefs.analysis.ingest.readers import postgres, workbook
from city_briefs.analysis.ingest.readers.cell_marks import column
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import clock
from city_briefs.common.errors import DataError, UsageError
from city_briefs.model.tables import ENTITIES
from tests.ingest.database import run
from tests.ingest.raw_tables import GANSU, accepted, said
from tests.ingest.test_corpus_of_files import KINDS

LINES = "登记编号,地区,成立日期\nE1,兰州,2021-03-01\nE2,天水,2021-03-02\n"
CELLS = [("登记编号", "地区", "成立日期"), ("E1", "兰州", "2021-03-01"), ("E2", "天水", "2021-03-02")]


def of(path: Path, **declared) -> DataSource:
    return DataSource(path.name, KINDS.get(path.suffix, "csv"), path, ENTITIES, **declared)


def raw_table(path, **declared):
    [only] = readers.raw_tables(of(path, **declared))
    return only


def csv(folder, content, *, encoding="utf-8", name="entities.csv"):
    path = folder / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def book(folder, *cells, merged=()):
    made = openpyxl.Workbook()
    made.active.title = "2021"
    for row in cells:
        made.active.append(row)
    for area in merged:
        made.active.merge_cells(area)
    made.save(folder / "entities.xlsx")
    return folder / "entities.xlsx"


def rows(raw_table, first=1):
    """Rows as tuples, without their numbers and what is beyond."""
    table = pa.Table.from_batches(raw_table.rows(first))
    return list(zip(*(table[name].to_pylist() for name in raw_table.names), strict=True))


def numbers(raw_table, first=1):
    return [number for batch in raw_table.rows(first) for number in batch[ROW].to_pylist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_a_text_makes_no_difference(tmp_path, encoding):
    read = raw_table(csv(tmp_path, LINES, encoding=encoding))
    assert (rows(read), read.head, read.names) == (CELLS, tuple(CELLS), ("A", "B", "C"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_ends_of_lines_make_no_difference(tmp_path, delimiter, end):
    assert rows(raw_table(csv(tmp_path, LINES.replace(",", delimiter).replace("\n", end)))) == CELLS


def test_a_decimal_comma_is_not_the_delimiter(tmp_path):
    assert rows(raw_table(csv(tmp_path, "a;b;c\n1;2;1,5\n1;2;2,5\n")))[1] == ("1", "2", "1,5")


def test_a_text_of_one_column_is_a_table(tmp_path):
    assert rows(raw_table(csv(tmp_path, "编号\nE1\nE2\n"))) == [("编号",), ("E1",), ("E2",)]


def test_a_real_word_of_gb18030_that_could_be_utf_8_is_read(tmp_path):
    # 天水 and 临洮 with bytes that alone would begin a character of UTF-8.
    assert rows(raw_table(csv(tmp_path, "地区,n\n临洮,1\n璐宝,2\n", encoding="gb18030"))) == [
        ("地区", "n"),
        ("临洮", "1"),
        ("璐宝", "2"),
    ]


def test_quotes_hold_delimiters_line_ends_and_quotes(tmp_path):
    read = raw_table(csv(tmp_path, 'a,b,c\n"x,y","line\nline","said ""no"""\n1,,3\n'))
    assert rows(read) == [("a", "b", "c"), ("x,y", "line\nline", 'said "no"'), ("1", None, "3")]
    assert numbers(read) == [1, 2, 3]


def test_rows_of_another_width_keep_their_place_and_what_is_too_much_is_told(tmp_path):
    read = raw_table(csv(tmp_path, "表一\n\na,b,c\n1,2\n1,2,3,4\n5,6,7,,\n8,9,0\n注：以上\n"))
    table = pa.Table.from_batches(read.rows(1))
    assert rows(read) == [
        ("表一", None, None),
        (None, None, None),
        ("a", "b", "c"),
        ("1", "2", None),
        ("1", "2", "3"),
        ("5", "6", "7"),
        ("8", "9", "0"),
        ("注：以上", None, None),
    ]
    assert table[SURPLUS].to_pylist() == [None, None, None, None, "4", None, None, None]
    assert numbers(read) == list(range(1, 9))


def test_rows_of_another_width_keep_their_place_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("city_briefs.analysis.ingest.readers.csv.BLOCK", 64)
    lines = ["a,b,c", *("1,2,3" if number % 7 else "short" for number in range(2, 200))]
    read = raw_table(csv(tmp_path, "\n".join(lines)))
    assert numbers(read) == list(range(1, 200))
    assert [number for number, row in zip(numbers(read), rows(read), strict=True) if row[0] == "short"] == list(range(7, 200, 7))


def test_rows_begin_where_they_are_asked_for(tmp_path):
    assert numbers(raw_table(csv(tmp_path, LINES)), first=3) == [3]
    assert numbers(raw_table(book(tmp_path, *CELLS)), first=3) == [3]


def test_a_workbook_by_openpyxl_is_read_as_its_cells_are_shown(tmp_path):
    sent = ["兰州", 12, 0.29, 1234567.5, True, datetime.date(2021, 2, 28), datetime.datetime(2021, 2, 28, 13, 5), None, "#N/A"]
    path = book(tmp_path, ["a"] * 9, sent)
    assert rows(raw_table(path))[1] == (
        "兰州",
        "12",
        "0.29",
        "1234567.5",
        "true",
        "2021-02-28",
        "2021-02-28 13:05:00",
        None,
        "#N/A",
    )


def test_a_workbook_keeps_the_places_of_a_spreadsheet(tmp_path):
    made = openpyxl.Workbook()
    made.active["C5"], made.active["D7"] = "地区", "兰州"
    made.save(tmp_path / "entities.xlsx")
    read = raw_table(tmp_path / "entities.xlsx")
    assert (read.names, numbers(read), rows(read, 5)) == (
        ("C", "D"),
        list(range(1, 8)),
        [("地区", None), (None, None), (None, "兰州")],
    )


def test_merged_cells_have_their_value_in_each_row_and_in_the_head_in_each_column(tmp_path):
    path = book(
        tmp_path, ["地区", "投诉", None], [None, "受理", "办结"], ["兰州", 1, 2], [None, 3, 4], merged=["A1:A2", "B1:C1", "A3:A4"]
    )
    read = raw_table(path)
    assert read.head[:2] == (("地区", "投诉", "投诉"), ("地区", "受理", "办结"))
    assert rows(read) == [("地区", "投诉", None), ("地区", "受理", "办结"), ("兰州", "1", "2"), ("兰州", "3", "4")]


def test_hidden_and_empty_sheets_are_not_read_unless_named(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "2021"
    made.active.append(["a"])
    made.create_sheet("选项").append(["b"])
    made["选项"].sheet_state = "hidden"
    made.create_sheet("Sheet3")
    path = tmp_path / "entities.xlsx"
    made.save(path)
    assert [read.name for read in readers.raw_tables(of(path))] == ["entities.xlsx, sheet 2021"]
    assert rows(raw_table(path, sheet="选项")) == [("b",)]
    assert (workbook.sheets(of(path)), workbook.sheets(of(path), shown=False)) == (["2021", "Sheet3"], ["选项"])


def test_a_sheet_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(DataError) as refusal:
        raw_table(book(tmp_path, *CELLS), sheet="2012")
    assert str(refusal.value) == "entities.xlsx has no sheet '2012'. It has 2021. Did you mean 2021?"


def test_a_workbook_by_libreoffice_is_the_same_table(tmp_path):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed")
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--infilter=CSV:44,34,76,1",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", tmp_path, csv(tmp_path, LINES)], check=True, capture_output=True)
    assert rows(raw_table(tmp_path / "entities.xlsx")) == CELLS


def test_parquet_keeps_its_types_and_gives_up_its_dictionaries(tmp_path):
    dates = [datetime.date(2021, 3, 1), None]
    table = pa.table(
        {"entity_id": pa.array(["E1", "E2"]).dictionary_encode(), "registered_on": dates, "n": [Decimal("1.50"), None]}
    )
    pq.write_table(table, tmp_path / "entities.parquet")
    read = raw_table(tmp_path / "entities.parquet")
    assert (read.typed, read.head, read.names) == (True, (), ("entity_id", "registered_on", "n"))
    assert rows(read) == [("E1", dates[0], Decimal("1.50")), ("E2", None, None)]
    [batch] = read.rows(1)
    assert batch.schema.field("entity_id").type == pa.string()
    assert numbers(read, 2) == [2]


def test_a_column_has_the_number_that_its_letters_say():
    assert all(column(xl_col_to_name(number)) == number for number in range(20_000))


def test_a_link_that_stays_in_its_folder_is_read(tmp_path):
    csv(tmp_path, LINES, name="of-2021.csv")
    (tmp_path / "entities.csv").symlink_to("of-2021.csv")
    assert rows(raw_table(tmp_path / "entities.csv")) == CELLS


@pytest.fixture(scope="module")
def register(database):
    """A database with a table of every type that is met, and a user who may read nothing."""
    run(
        database,
        "CREATE TABLE entities (entity_id text, n numeric(18,6), on_day date, at timestamptz, paid money, tags int[], row int)",
        "INSERT INTO entities VALUES ('E1', 0.1, '2021-03-01', '2021-03-01 00:00+08', 1234.5, '{1,2}', 7)",
        "INSERT INTO entities (entity_id) VALUES ('E2')",
        'CREATE VIEW "of 2021" AS SELECT entity_id FROM entities',
        "CREATE SEQUENCE receipts",
        "CREATE ROLE nosy LOGIN PASSWORD 'topsecret'",
    )
    return database


def of_database(url, name="public.entities", **declared):
    return DataSource(name, "postgres", url, ENTITIES, **declared)


def test_a_table_of_postgresql_comes_with_exact_numbers_and_days_of_its_own_time_zone(register):
    [read] = readers.raw_tables(of_database(register))
    assert (read.typed, read.names) == (True, ("entity_id", "n", "on_day", "at", "paid", "tags"))
    day = datetime.datetime(2021, 3, 1)
    assert rows(read) == [("E1", "0.100000", day.date(), day, "1234.50", "{1,2}"), ("E2", None, None, None, None, None)]
    assert (numbers(read), numbers(read, 2)) == ([1, 2], [2])


def test_a_moment_of_postgresql_is_of_the_day_in_the_office(register, monkeypatch):
    query = "SELECT timestamptz '2021-03-31 16:30+00' AS at"
    [read] = readers.raw_tables(of_database(register, "entities", query=query))
    assert rows(read) == [(datetime.datetime(2021, 4, 1, 0, 30),)]
    monkeypatch.setattr(clock, "zone", lambda: ZoneInfo("UTC"))
    [read] = readers.raw_tables(of_database(register, "entities", query=query))
    assert rows(read) == [(datetime.datetime(2021, 3, 31, 16, 30),)]


def test_days_of_postgresql_beyond_the_calendar_are_asked_row_by_row(register):
    sent = "('A1', '2021-03-05'), ('A2', 'infinity'), ('A3', '-infinity'), ('A4', '0044-03-15 BC'), ('A5', '12021-01-01')"
    for kind in ("date", "timestamp", "timestamptz"):
        query = f"SELECT id AS entity_id, '620100' AS region, day::{kind} AS registered_on FROM (VALUES {sent}) AS sent (id, day)"
        [read] = readers.raw_tables(of_database(register, "entities", query=query))
        batches = list(parse_batches.read(read, match_headers.match(read), GANSU))
        assert [row["registered_on"] for row in accepted(batches)] == [datetime.date(2021, 3, 5)]
        says = "registered_on is beyond the calendar. It must be a day of a year between 1900 and 2999."
        assert said(batches) == [f"entities, row {row}: {says}" for row in (2, 3, 4, 5)]


def test_times_of_parquet_after_the_year_9999_put_all_of_the_column_in_doubt(tmp_path, monkeypatch):
    file = tmp_path / "entities.parquet"
    for last, is_read in ((253_402_300_799_999_999, True), (253_402_300_800_000_000, False)):
        pq.write_table(pa.table({"registered_on": pa.array([1_614_902_400_000_000, last], pa.timestamp("us"))}), file)
        if is_read:
            assert len(list(readers.raw_tables(DataSource(file.name, "parquet", file, ENTITIES)))) == 1
    with pytest.raises(DataError) as refusal:
        list(readers.raw_tables(DataSource(file.name, "parquet", file, ENTITIES)))
    assert str(refusal.value) == (
        "entities.parquet: the column 'registered_on' has times after the year 9999, so that all its times may be in another unit. "
        "Write it again as dates."
    )
    monkeypatch.setattr("city_briefs.common.language.is_chinese", lambda: True)
    with pytest.raises(DataError) as refusal:
        list(readers.raw_tables(DataSource(file.name, "parquet", file, ENTITIES)))
    assert (
        str(refusal.value)
        == "entities.parquet：“registered_on”栏有9999年以后的时间，整栏的时间单位可能有误，请改为日期后重新导出。"
    )


def test_bytes_of_parquet_that_are_no_text_are_refused_by_their_column(tmp_path, monkeypatch):
    pq.write_table(pa.table({"entity_id": pa.array([b"A1", b"\xed\xa0\x80"])}), tmp_path / "entities.parquet")
    [read] = readers.raw_tables(DataSource("entities.parquet", "parquet", tmp_path / "entities.parquet", ENTITIES))
    with pytest.raises(DataError) as refusal:
        list(read.rows(1))
    says = "entities.parquet: the column 'entity_id' holds bytes that are no UTF-8. Write it again as text."
    assert str(refusal.value) == says
    monkeypatch.setattr("city_briefs.common.language.is_chinese", lambda: True)
    with pytest.raises(DataError) as refusal:
        list(read.rows(1))
    assert str(refusal.value) == "entities.parquet：“entity_id”栏的内容不是UTF-8编码的文字。请按文字重新导出。"


def test_a_query_of_postgresql_is_read_in_its_order(register):
    query = "SELECT 'E' || n AS id FROM generate_series(1, 100000) n ORDER BY n DESC;"
    [read] = readers.raw_tables(of_database(register, "entities", query=query))
    got = rows(read)
    assert (len(got), got[0], got[-1]) == (100_000, ("E100000",), ("E1",))


def test_the_tables_of_a_database_are_listed(register):
    assert postgres.tables(register) == ["public.entities", "public.of 2021"]
    [read] = readers.raw_tables(of_database(register, "public.of 2021"))
    assert rows(read) == [("E1",), ("E2",)]


def wrong(url, name="public.entities", query=""):
    with pytest.raises(DataError) as refusal:
        [read] = readers.raw_tables(of_database(url, name, query=query))
        list(read.rows(1))
    return str(refusal.value)


def test_what_a_database_refuses_is_said_without_user_and_password(register):
    place = register.partition("@")[2]
    address = place.removesuffix("/postgres")
    nosy = f"postgresql://nosy:topsecret@{place}"
    where = f"the database postgres at {address}"
    assert wrong(register, "public.entites") == (
        f"public.entites: there is no such table in {where}, or none that the user may see. "
        "It has public.entities, public.of 2021. Did you mean public.entities?"
    )
    assert wrong(nosy) == f"public.entities: the user may not read it in {where}. Grant SELECT, or name another user."
    assert wrong(nosy.replace("nosy", "nobody")) == (
        f"public.entities: {where} does not let the user in. Correct the user in the URL, and give the password in PGPASSWORD."
    )
    assert wrong(nosy.replace("/postgres", "/nowhere")) == (
        f"public.entities: there is no such database as nowhere at {address}. Correct the URL."
    )
    assert wrong("postgresql://nosy:topsecret@127.0.0.1:1/postgres") == (
        "public.entities: the database postgres at 127.0.0.1:1 does not answer. See that it runs, and that host and port of the URL are right."
    )


def test_a_query_can_neither_write_nor_be_misunderstood(register):
    assert wrong(register, "entities", "DROP TABLE entities") == (
        'entities: PostgreSQL refuses the query: syntax error at or near "TABLE". Correct it in sources.toml.'
    )
    assert (
        wrong(register, "entities", "SELECT nextval('receipts')") == "entities: the query would write. Name one that only reads."
    )
    assert wrong(register, "entities", "SELECT x FROM entities") == (
        'entities: PostgreSQL refuses the query: column "x" does not exist. Correct it in sources.toml.'
    )
    assert wrong(register, "entities", "SELECT 1 AS a, 2 AS a") == (
        "entities: the query gives no column, or two of one name. Name each column that is asked for."
    )
    assert wrong(register, "entities", "SELECT 1 / (length(entity_id) - 2) FROM entities") == (
        "entities: PostgreSQL refuses the query: division by zero. Correct it in sources.toml."
    )


def test_without_its_driver_postgresql_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    with pytest.raises(UsageError) as refusal:
        list(readers.raw_tables(of_database("postgresql://127.0.0.1/postgres")))
    assert str(refusal.value) == "public.entities: PostgreSQL needs an extra: pip install 'city-briefs[postgres]'."
