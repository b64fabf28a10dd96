"""Which files fill which tables is told by their names, or declared beside them; nothing that may be data is passed over."""

import pytest
from openpyxl import Workbook

from city_briefs.analysis.ingest import sent_regions
from city_briefs.analysis.ingest.declared_sources import with_reporting_regions
from city_briefs.analysis.ingest.find_sources import find
from city_briefs.analysis.ingest.named_sources import table_of
from city_briefs.analysis.ingest.readers import postgres
from city_briefs.common import regions
from city_briefs.common.errors import DataError, UsageError
from city_briefs.model.tables import TABLES
from tests.conftest import THREE_CITIES
from tests.ingest.database import database, run  # noqa: F401 (a fixture)
from tests.ingest.raw_tables import GANSU


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", "utf-8")


def found(*words):
    return [(source.name, source.table.name) for source in find([str(word) for word in words]).sources]


def refusals(*words):
    return [refusal.text for refusal in find([str(word) for word in words]).refusals]


def refusal(*words):
    [text] = refusals(*words)
    return text


def wrong_usage(*words):
    with pytest.raises(UsageError) as raised:
        find([str(word) for word in words])
    return str(raised.value)


@pytest.mark.parametrize("table", [table.name for table in TABLES.values()])
def test_every_table_is_told_by_both_its_names(table):
    for name in (
        table,
        TABLES[table].label,
        f"{table}-2021",
        f"{TABLES[table].label}_兰州",
        f"{table} (1)",
        f"{TABLES[table].label}（2021）",
    ):
        assert table_of(name) is TABLES[table]


def test_more_than_the_name_of_a_table_is_another_name():
    assert table_of("casestudy") is None
    assert table_of("equipment_inspections_2021") is TABLES["equipment_inspections"]
    assert table_of("2021cases") is None


def test_a_folder_is_walked_in_order_and_other_files_are_left_aside(tmp_path):
    put(
        tmp_path,
        "entities.csv",
        "a/complaints_兰州.xlsx",
        "a/cases2021.tsv",
        "README.md",
        ".hidden.csv",
        "~$entities.xlsx",
        ".git/cases.csv",
    )
    assert found(tmp_path) == [
        ("entities.csv", "entities"),
        ("a/cases2021.tsv", "cases"),
        ("a/complaints_兰州.xlsx", "complaints"),
    ]
    assert find([str(tmp_path)]).skipped == ("README.md",)


def test_a_file_named_twice_is_one_source(tmp_path):
    put(tmp_path, "entities.csv")
    assert found(tmp_path, tmp_path / "entities.csv") == [("entities.csv", "entities")]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    put(tmp_path, "a/entities.csv", "b/entities.csv")
    assert found(tmp_path / "a", tmp_path / "b/entities.csv") == [("entities.csv", "entities"), ("b/entities.csv", "entities")]


def test_two_files_that_cannot_be_told_apart(tmp_path):
    put(tmp_path, "a/sent/entities.csv", "b/sent/entities.csv", "c/sent/entities.csv")
    assert refusal(*(tmp_path / folder / "sent/entities.csv" for folder in "abc")) == (
        "Two files are called sent/entities.csv. Name the folder above them instead, so that they can be told apart."
    )


def test_a_data_file_of_no_table(tmp_path):
    put(tmp_path, "complants.csv")
    assert refusal(tmp_path) == (
        "complants.csv: no table is called 'complants'. Did you mean complaints? "
        'Name the file for its table, or declare it in sources.toml; ignore = ["complants.csv"] there leaves it aside.'
    )


def test_a_table_that_is_made_is_not_sent(tmp_path):
    put(tmp_path, "coverage.csv")
    assert refusal(tmp_path) == (
        "coverage.csv: coverage is made of the other tables and not sent. Leave it out, or let sources.toml ignore it."
    )


def test_sheets_named_for_tables(tmp_path):
    book = Workbook()
    book.active.title = "说明"
    for name in ("12315平台工单", "cases"):
        book.create_sheet(name).append(["x"])
    book.save(tmp_path / "报送.xlsx")
    assert [(source.sheet, source.table.name) for source in find([str(tmp_path)]).sources] == [
        ("12315平台工单", "complaints"), ("cases", "cases"),
    ]  # fmt: skip


def test_words_that_name_nothing(tmp_path):
    put(tmp_path, "entities.csv")
    assert wrong_usage(tmp_path / "entitis.csv") == (
        f"There is no file or folder '{tmp_path}/entitis.csv'. Did you mean entities.csv?"
    )
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty") == (
        f"There is no data in {tmp_path}/empty. It may be csv, tsv, xlsx or parquet files, or a postgresql:// address."
    )


def test_a_link_out_of_the_folder(tmp_path):
    put(tmp_path, "secret.csv")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/cases.csv").symlink_to(tmp_path / "secret.csv")
    assert refusal(tmp_path / "in") == "cases.csv is a link that leads out of the folder. Put the file itself there."


DECLARED = """
label = "甘肃"
ignore = ["old/*.csv"]
[[source]]
file = "b/register.csv"
table = "entities"
period = "2021"
reporting = ["兰州", "620200"]
[source.columns]
region = "地区"
[[source]]
file = "cases.csv"
label = "执法处"
drop = ["电话"]
"""


def test_what_is_declared_comes_first_and_what_is_ignored_is_left(tmp_path):
    put(tmp_path, "sub/b/register.csv", "sub/cases.csv", "sub/old/x.csv", "sub/complaints.csv")
    (tmp_path / "sub/sources.toml").write_text(DECLARED, "utf-8")
    for word, is_folder in ((tmp_path / "sub", True), (tmp_path / "sub/sources.toml", False)):
        some = find([str(word)])
        first, second, *rest = some.sources
        assert (first.name, first.table.name, first.period, first.label) == (
            "b/register.csv",
            "entities",
            ("2021-01", "2021-12"),
            "甘肃",
        )
        assert (second.name, second.table.name, second.drop, second.label) == ("cases.csv", "cases", ("电话",), "执法处")
        assert [source.name for source in rest] == (["complaints.csv"] if is_folder else [])
        assert some.skipped == ("old/x.csv",)
    assert with_reporting_regions(some.sources, GANSU)[0].reporting == ("620100", "620200")


@pytest.mark.parametrize(
    ("line", "says"),
    [('file = "register.cvs"', "sources.toml, source 1: there is no file 'register.cvs'. Did you mean register.csv?"),
     ('file = "../x.csv"', "sources.toml, source 1: '../x.csv' lies outside of the folder. Put it beside sources.toml."),
     ('file = "note.md"', "sources.toml, source 1: 'note.md' is no table. It may be csv, tsv, txt, xlsx, xlsm, xls, et, ods, xlsb, parquet."),
     ('url = "mysql://db"\ntable = "cases"', "sources.toml, source 1: the url is no address of a database, such as postgresql://host/name.")],
)  # fmt: skip
def test_declared_sources_that_are_not_there(tmp_path, line, says):
    put(tmp_path, "in/register.csv", "in/note.md", "x.csv")
    (tmp_path / "in/sources.toml").write_text(f"[[source]]\n{line}", "utf-8")
    assert refusal(tmp_path / "in/sources.toml") == says


def test_a_sources_toml_among_sent_files_declares_files_only(tmp_path):
    """The one in the named folder counts; what it says of a database counts only when it is named itself."""
    put(tmp_path, "register.csv", "sub/register.csv")
    declared = '[[source]]\nfile = "register.csv"\ntable = "entities"\n'
    file = tmp_path / "sources.toml"
    file.write_text(f'{declared}[[source]]\nurl = "postgresql://evil.example/x"\ntable = "cases"\n', "utf-8")
    (tmp_path / "sub/sources.toml").write_text(declared, "utf-8")
    below = (
        "sub/sources.toml lies below the folder that was named, and whoever sent it may not declare sources. "
        "Write what is right in it into sources.toml in the folder itself, or name sub/sources.toml itself."
    )
    url = (
        f"sources.toml, source 2: a url is followed only when the file itself is named: briefs ingest {file}. "
        "Whoever sends files could write one."
    )
    assert refusals(tmp_path)[:2] == [url, below]
    assert found(tmp_path) == [("register.csv", "entities")]
    assert found(tmp_path / "sub") == [("register.csv", "entities")]
    [asked] = refusals(file)
    assert asked.startswith("the database x at evil.example:5432: the database is at 'evil.example', which is not listed")
    assert refusals(tmp_path, file)[:2] == [asked, below]


@pytest.mark.parametrize("name", ["sources.toml", "cases.csv"])
def test_a_link_among_sent_files_that_leads_out_is_no_declaration_and_no_table(tmp_path, name):
    put(tmp_path, f"elsewhere/{name}", "in/complaints.csv")
    (tmp_path / "in" / name).symlink_to(tmp_path / "elsewhere" / name)
    assert refusals(tmp_path / "in") == [f"{name} is a link that leads out of the folder. Put the file itself there."]
    assert found(tmp_path / "in") == [("complaints.csv", "complaints")]


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "a\\u0000.csv", "/etc/passwd"])
def test_a_declared_name_that_no_file_can_have_is_a_sentence(tmp_path, name):
    put(tmp_path, "cases.csv")
    (tmp_path / "sources.toml").write_text(f'[[source]]\nfile = "{name}"\n', "utf-8")
    assert refusal(tmp_path).startswith("sources.toml, source 1")


def test_a_region_that_a_source_cannot_report_for(tmp_path):
    put(tmp_path, "cases.csv")
    (tmp_path / "sources.toml").write_text('[[source]]\nfile = "cases.csv"\nreporting = ["兰洲"]', "utf-8")
    with pytest.raises(DataError) as error:
        with_reporting_regions(find([str(tmp_path)]).sources, GANSU)
    assert str(error.value) == "sources.toml, cases.csv, reporting: There is no city '兰洲'. Did you mean 兰州市 (620100)?"


def test_regions_among_the_sources_replace_ours(tmp_path):
    put(tmp_path, "cases.csv")
    (tmp_path / "regions.csv").write_text(THREE_CITIES, "utf-8")
    some = find([str(tmp_path)])
    (tmp_path / "made").mkdir()
    made = sent_regions.file(some.regions, tmp_path / "made")
    assert regions.read(made) == regions.read(tmp_path / "regions.csv")
    assert [source.name for source in some.sources] == ["cases.csv"]
    assert regions.read(sent_regions.file(None, tmp_path)) == GANSU


def test_regions_may_be_a_workbook_in_chinese(tmp_path):
    book = Workbook()
    for row in (
        ["行政区划代码", "全称", "简称", "层级", "上级代码"],
        ["010000", "北省", "北", "省级", None],
        ["010100", "甲市", "甲", "市州", "010000"],
    ):
        book.active.append(row)
    book.save(tmp_path / "行政区划.xlsx")
    put(tmp_path, "cases.csv")
    made = sent_regions.file(find([str(tmp_path)]).regions, tmp_path)
    assert made.read_text("utf-8") == "code,name,short,level,parent\n010000,北省,北,province,\n010100,甲市,甲,city,010000\n"


def test_a_faulty_row_of_the_regions_refuses_them(tmp_path):
    put(tmp_path, "cases.csv")
    (tmp_path / "regions.csv").write_text(THREE_CITIES.replace("9200,Birchwood", "9200,"), "utf-8")
    with pytest.raises(DataError) as error:
        sent_regions.file(find([str(tmp_path)]).regions, tmp_path)
    assert str(error.value) == "regions.csv, row 4: name is empty. Every row has one."


def test_two_lists_of_regions(tmp_path):
    put(tmp_path, "cases.csv", "regions.csv", "行政区划.csv")
    assert refusal(tmp_path) == "regions.csv and 行政区划.csv both list the regions. Keep the one that is right."


def test_tables_of_a_database_are_told_by_their_names_and_queries_are_declared(tmp_path, database, monkeypatch):  # noqa: F811
    run(
        database, "drop schema if exists door cascade", "create schema door", "create table door.cases (id text)",
        'create table door."专利登记数据" (id text)', "create table door.cases_old (id text)",
    )  # fmt: skip
    some = {source.name: source for source in find([database]).sources if source.name.startswith("door.")}
    assert {name: source.table.name for name, source in some.items()} == {"door.cases": "cases", "door.专利登记数据": "patents"}
    monkeypatch.setenv("BUREAU", database)
    said = '[[source]]\nurl = "$BUREAU"\ntable = "{}"\n{}\n'
    (tmp_path / "sources.toml").write_text(
        said.format("patents", "") + said.format("cases", 'query = "select 1"\nperiod = "2021"'), "utf-8"
    )
    assert [(source.name, source.query, source.period) for source in find([str(tmp_path / "sources.toml")]).sources] == [
        ("door.专利登记数据", "", None), ("query for cases", "select 1", ("2021-01", "2021-12")),
    ]  # fmt: skip
    run(database, "drop schema door cascade")


def test_an_address_is_not_shown(monkeypatch):
    monkeypatch.setattr(postgres, "tables", lambda url: [])
    assert refusal("postgresql://bureau@db/x") == (
        "There is no data in the database. It may be csv, tsv, xlsx or parquet files, or a postgresql:// address."
    )
