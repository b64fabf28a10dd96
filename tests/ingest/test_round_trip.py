"""Any valid table written as CSV or as a workbook comes back equal; and so does the real file, in any encoding."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from city_briefs.analysis.ingest import ids, match_headers, parse_batches, readers
from city_briefs.analysis.ingest.ditto_marks import MARKS
from city_briefs.analysis.ingest.readers.encoding import WORD_OF_UTF_8
from city_briefs.analysis.ingest.source import ColumnMapping, DataSource
from city_briefs.analysis.ingest.words import is_error, is_nothing
from city_briefs.common.characters import without_ignored
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import chinese
from city_briefs.model.table import BOOL, DATE, DECIMAL, FLOAT, INT
from city_briefs.model.tables import COVERAGE, TABLES
from tests.conftest import shared
from tests.ingest.raw_tables import GANSU, accepted, said

SENT = [table for table in TABLES.values() if table is not COVERAGE]
SHORT = settings(
    max_examples=60,
    derandomize=True,
    phases=[Phase.generate],
)
# Letters and what may stand beside them; no signs that a spreadsheet would run, and no eleven digits in a row.
LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z", "Nd", "Mn"), exclude_characters="=+-@").filter(
    without_ignored
)
TEXT = st.text(st.one_of(LETTERS, st.sampled_from("甘肃0 1，,“\"'\n;|")), min_size=1, max_size=9).map(str.strip).filter(bool)
IDS = st.text('ABxyz0189甘肃〔〕号-,;|"', min_size=1, max_size=9).filter(
    lambda text: text[0] != "-"
)  # in the one form that an id has
DITTO = set(MARKS.to_pylist())  # which stand for the cell above
KINDS = {
    DATE: st.dates(date(1900, 3, 1), date(2999, 12, 31)),
    BOOL: st.booleans(),
    INT: st.integers(-(10**15) + 1, 10**15 - 1),
    FLOAT: st.integers(-(10**12), 10**12).map(lambda number: number / 1000),
}


def values(column):
    """Any value that a column may hold."""
    number = DECIMAL.fullmatch(column.type)
    if column.name == "region":
        some = st.sampled_from(list(GANSU.by_code))
    elif column.name in ("indicator", "metric"):
        some = st.sampled_from(list(CATALOGUE))
    elif column.name == "month":
        some = st.dates(date(1900, 1, 1), date(2999, 12, 31)).map("{:%Y-%m}".format)
    elif column.name == "year":
        some = st.integers(1900, 2999)
    elif column.words:
        some = st.sampled_from(column.words)
    elif number:
        most = 10 ** min(15, int(number[1])) - 1  # a spreadsheet keeps fifteen digits
        some = st.integers(-most, most).map(lambda whole: Decimal(whole).scaleb(-int(number[2])))
    else:
        texts = IDS if column in ids.ids() else TEXT
        some = KINDS.get(
            column.type, texts.filter(lambda text: not (is_nothing(text, column) or is_error(text) or text in DITTO))
        )
    return some if column.required else st.none() | some


@st.composite
def tables(draw):
    """A table and some valid rows of it."""
    table = draw(st.sampled_from(SENT))
    row = st.fixed_dictionaries({column.name: values(column) for column in table.columns})
    rows = draw(st.lists(row, min_size=1, max_size=5))
    return table, [{column.name: row[column.name] for column in table.columns} for row in rows]


def shortened(value):
    return "" if value is None else {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def came_back(source):
    """The rows that a source gives, when nothing is wrong with any."""
    found = []
    for raw_table in readers.raw_tables(source):
        some = list(parse_batches.read(raw_table, match_headers.match(raw_table), GANSU))
        assert said(some) == []
        assert not any(len(batch.rejected) or batch.aside for batch in some)
        found += accepted(some)
    return found


@SHORT
@given(tables(), st.sampled_from([",", "\t", ";"]), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_any_table_as_csv(tmp_path, given, delimiter, encoding):
    table, rows = given
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(column.meaning_zh for column in table.columns)
    writer.writerows(map(shortened, row.values()) for row in rows)
    content = text.getvalue().encode(encoding)
    assume(encoding != "gb18030" or not WORD_OF_UTF_8.search(content))  # such a file may be either, and is asked about
    file = tmp_path / f"{table.name}.csv"
    file.write_bytes(content)
    assert came_back(DataSource(file.name, "csv", file, table)) == rows


@SHORT
@given(tables())
def test_any_table_as_a_workbook(tmp_path, given):
    table, rows = given
    book = Workbook()
    sheet = book.active
    sheet.append([column.name for column in table.columns])
    for row in rows:
        sheet.append([chinese(name, value) if isinstance(value, str) else value for name, value in row.items()])
    file = tmp_path / f"{table.name}.xlsx"
    book.save(file)
    assert came_back(DataSource(file.name, "xlsx", file, table)) == rows


KIND = {"个体工商户*": "self_employed", "农民专业合作社*": "cooperative", "*": "enterprise"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_real_file_by_a_mapping_of_five_lines(tmp_path, encoding):
    text = shared("real/gansu-registrations-1980-2019.csv").read_text("utf-8")
    file = tmp_path / "r.csv"
    file.write_text(text, encoding)
    for values, rejected in (({}, 4), ({"N/A": "629999"}, 0)):
        columns = {
            "entity_id": ColumnMapping(constant="#"), "region": ColumnMapping("地区", values=values), "registered_on": ColumnMapping("注册日期"),
            "kind": ColumnMapping("企业类型", values=KIND),
        }  # fmt: skip
        [raw_table] = readers.raw_tables(DataSource("r.csv", "csv", file, TABLES["entities"], columns=columns))
        some = list(parse_batches.read(raw_table, match_headers.match(raw_table), GANSU))
        assert sum(len(batch.accepted) for batch in some) == 69_553 - rejected
        assert [batch.rejected["region"].to_pylist() for batch in some if len(batch.rejected)] == (
            [["N/A"] * 4] if rejected else []
        )
        lanzhou = [row["kind"] for row in accepted(some) if row["region"] == "620100" and row["registered_on"].year == 2011]
        assert (len(lanzhou), lanzhou.count("enterprise")) == (3453, 3440)
