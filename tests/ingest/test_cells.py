"""What people and spreadsheets write is read as what it means, and what means nothing is said so."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from city_briefs.analysis.ingest import personal_data, units
from city_briefs.analysis.ingest.parse_columns import ColumnParser
from city_briefs.analysis.ingest.units import ONE
from city_briefs.model.tables import TABLES
from tests.ingest.raw_tables import GANSU


def column(table, name):
    return next(column for column in TABLES[table].columns if column.name == name)


def read(table, name, *sent, unit=ONE, values=None, base=""):
    """The values of some cells, or the sentence on each that has none."""
    cells = ColumnParser(column(table, name), GANSU, unit, values or {}, base=base)(pa.array(sent))
    assert cells.values.type == column(table, name).field.type
    says = [next(filter(None, row), None) for row in zip(*(one.to_pylist() for one in cells.misfits.values()), strict=True)]
    return [say or value for say, value in zip(says or [None] * len(sent), cells.values.to_pylist(), strict=True)]


@pytest.mark.parametrize(
    "text",
    ["2021-02-28", "2021/2/28", "2021.2.28", "20210228", "2021年2月28日", "2021-02-28 00:00:00", "2021-02-28T13:05:00.5", "44255",
     "44255.0", "２０２１－０２－２８", "\u3000 2021-02-28\xa0"],
)  # fmt: skip
def test_a_day_in_every_form(text):
    assert read("cases", "closed_on", text, "2021-03-01") == [date(2021, 2, 28), date(2021, 3, 1)]


@pytest.mark.parametrize(
    "text",
    ["2021-02-30", "0021-03-01", "2021-13-01", "21-3-1", "3/1/2021", "2021-02-28Z", "12345", "99999", "2021", "下周", "0x10"],
)
def test_a_day_that_is_none(text):
    assert read("cases", "closed_on", "2021-03-01", text) == [
        date(2021, 3, 1),
        f"closed_on is '{text}'. It must be a date such as 2021-02-28, of a year between 1900 and 2999; one that is not known is left empty.",
    ]


@pytest.mark.parametrize(
    "text", ["2021-02", "2021-2", "2021/2", "2021年2月", "2021年02月", "202102", "2021.02", "2021-02-14", "44255"]
)
def test_a_month_in_every_form(text):
    assert read("accidents", "month", text) == ["2021-02"]


@pytest.mark.parametrize("text", ["2021-13", "202113", "2021.1", "1—2月", "2021", "0021-01", "2月"])
def test_a_month_that_is_none_or_may_be_another(text):
    assert read("accidents", "month", text) == [
        f"month is '{text}'. Write it as YYYY-MM, such as 2021-02, of a year between 1900 and 2999."
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1234.5", "1234.50"), ("1,234.5", "1234.50"), ("１２３４．５", "1234.50"), ("￥1,234.50", "1234.50"), ("¥1234.5", "1234.50"),
     ("1234.5元", "1234.50"), ("0.12345万元", "1234.50"), ("1.2345E+03", "1234.50"), (" 1234.500 ", "1234.50"), ("+1234.5", "1234.50"),
     ("-1234.5", "-1234.50"), (".5", "0.50"), ("5.", "5.00"), ("0", "0.00"), ("1亿元", "100000000.00"), ("0.1", "0.10"),
     ("9999999999999999.99", "9999999999999999.99")],
)  # fmt: skip
def test_an_amount_in_every_form_exactly(text, value):
    assert read("cases", "fine_yuan", text, "1") == [Decimal(value), Decimal("1.00")]


@pytest.mark.parametrize(
    "text", ["1.234", "1,23", "12,34.5", "1-2", "一百", "1.2.3", "5吨", "NaN", "inf", "1e400", "12345678901234567", "(5)", "5%", "#REF!"]
)  # fmt: skip
def test_an_amount_that_is_none_or_would_lose_a_digit(text):
    assert read("cases", "fine_yuan", text, "1") == [
        f"fine_yuan is '{text}'. It must be a number with at most 2 decimals of 元.", Decimal("1.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "name", "unit", "text", "value"),
    [("cases", "fine_yuan", "万元", "1.2345", Decimal("12345.00")), ("cases", "fine_yuan", "亿元", "0.00000001", Decimal("1.00")),
     ("cases", "fine_yuan", "万元", "1,2345", None), ("cases", "fine_yuan", "万元", "12,345", Decimal("123450000.00")),
     ("cases", "fine_yuan", "万元", "5000元", Decimal("5000.00")), ("cold_chain", "tonnes", "公斤", "1500", Decimal("1.500")),
     ("cold_chain", "tonnes", "千吨", "1.5", Decimal("1500.000")), ("population", "persons", "万人", "435.94", 4359400),
     ("prices", "sale_yuan", "元/斤", "3.5", Decimal("7.00")), ("returns", "numerator", "万户", "200.0003", Decimal("2000003.000000")),
     ("elevator_rescues", "arrival_minutes", "小时", "0.5", Decimal("30.0"))],
)  # fmt: skip
def test_units_become_that_of_the_column(table, name, unit, text, value):
    of = column(table, name)
    [found] = read(table, name, text, unit=units.unit(unit, of))
    if value is None:
        assert found == "fine_yuan is '1,2345'. It must be a number with at most 2 decimals of 元. The column is in 万元."
    else:
        assert (found, type(found)) == (value, type(value))
        assert read(table, name, text, "1，000", unit=units.unit(unit, of))[0] == value


def test_what_a_unit_makes_too_fine_is_refused():
    wan = units.unit("万元", column("cases", "fine_yuan"))
    assert read("cases", "fine_yuan", "0.0000001", unit=wan) == [
        "fine_yuan is '0.0000001'. It must be a number with at most 2 decimals of 元. The column is in 万元."
    ]


def test_a_column_cannot_be_in_the_unit_of_another_thing():
    assert units.unit("吨", column("cases", "fine_yuan")) is None
    assert units.unit("元", column("prices", "sale_yuan")) is None
    assert units.unit("万元", column("cases", "case_id")) is None


def test_whole_numbers():
    assert read("accidents", "count", "12", "1,200", "3.0", "2起", "1.5", "0x10", "007") == [
        12, 1200, 3, 2, "count is '1.5'. It must be a whole number of 起.", "count is '0x10'. It must be a whole number of 起.", 7,
    ]  # fmt: skip
    assert read("population", "year", "2021年", "2021") == [2021, 2021]


def test_truth():
    words = ["是", "否", "true", "FALSE", "1", "0", "√", "×", "Y", "n", "", None, "也许"]
    assert read("cases", "published", *words) == [
        True, False, True, False, True, False, True, False, True, False, None, None,
        "published is '也许'. It must be 是 or 否 (true or false).",
    ]  # fmt: skip
    assert read("spot_checks", "passed", "合格", "不合格", "是", "良") == [
        True, False, True, "passed is '良'. It must be 合格 or 不合格 (true or false).",
    ]  # fmt: skip


def test_closed_lists_by_word_or_in_chinese():
    assert read("complaints", "kind", "投诉", "report", " 咨询\u3000", "头诉", "企业") == [
        "complaint", "report", "enquiry",
        "kind is '头诉'. It must be one of 投诉, 举报, 咨询 (complaint, report, enquiry). Did you mean 投诉?",
        "kind is '企业'. It must be one of 投诉, 举报, 咨询 (complaint, report, enquiry).",
    ]  # fmt: skip
    assert read("credit_ratings", "class", "A", "b", "C类", "Ｄ") == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("table", "name"), [(table.name, column.name) for table in TABLES.values() for column in table.columns if column.words]
)
def test_every_word_of_every_closed_list_is_understood_in_chinese(table, name):
    from city_briefs.model.labels import chinese

    words = column(table, name).words
    assert read(table, name, *words) == list(words)
    called = [chinese(name, word) for word in words]
    assert not any(map(str.isascii, called))
    assert read(table, name, *called) == list(words)


def test_value_maps_hold_first_and_take_patterns():
    values = {"个体工商户*": "self_employed", "农民专业合作社?": "cooperative", "*": "enterprise"}
    sent = ["个体工商户（港澳）", "农民专业合作社", "农民专业合作社1", "N/A", None]
    assert read("entities", "kind", *sent, values=values) == ["self_employed", "enterprise", "cooperative", "enterprise", None]
    assert read("entities", "region", "N/A", "兰州", values={"N/A": "629999"}) == ["629999", "620100"]


def test_a_region_by_code_name_or_short_name():
    unknown = "It is not in regions.csv: add it there, or count the row under a region that is."
    assert read("cases", "region", "620100", "兰州市", "兰州", "６２０１００", "兰洲", "620100.0", "N/A") == [
        "620100", "620100", "620100", "620100",
        f"region is '兰洲'. {unknown} Did you mean 兰州市 (620100)?",
        f"region is '620100.0'. {unknown} Did you mean 兰州市 (620100)?",
        f"region is 'N/A'. {unknown}",
    ]  # fmt: skip


def test_a_metric_by_id_or_name():
    from city_briefs.metrics import CATALOGUE

    metric = CATALOGUE["new_entities"]
    assert read("returns", "indicator", metric.id, metric.label, "new_entitys") == [
        "new_entities", "new_entities",
        "indicator is 'new_entitys'. It must be the id or the name of a metric; `briefs metrics` lists them. Did you mean new_entities?",
    ]  # fmt: skip


def test_text_is_kept_but_for_the_blanks_around_it():
    sent = ["乳制品", " 乳制品\u3000", "\ufeffa\xa0", "é", "e\u0301", "", "\u3000", None, "一\n二", "-", "-5", "+86", "“引”"]
    assert read("complaints", "category", *sent) == [
        "乳制品", "乳制品", "a", "é", "e\u0301", None, None, None, "一\n二", "-", "-5", "+86", "“引”",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [("=cmd|' /C calc'!A0", "A spreadsheet would run what begins with =: write it without, or as the value itself."),
     ("@SUM(A1)", "A spreadsheet would run what begins with @: write it without, or as the value itself."),
     ("-2+3", "A spreadsheet would run what begins with -: write it without, or as the value itself."),
     ("a\x07b", "It has the control character U+0007, which nobody sees: take it out."),
     ("a\x85b", "It has the control character U+0085, which nobody sees: take it out."),
     ("甲" * 4001, "It has 4,001 characters and may have 4,000: shorten it.")],
)  # fmt: skip
def test_text_that_is_unsafe(text, says):
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    assert read("complaints", "category", "乳制品", text) == ["乳制品", f"category is '{shown}'. {says}"]


def test_a_slice_of_a_batch_is_read_as_itself():
    sent = pa.array(["=a", " 甲", "乙", "=b"])[1:3]
    assert ColumnParser(column("complaints", "category"), GANSU)(sent).values.to_pylist() == ["甲", "乙"]
    days = pa.array(["x", "2021-01-01", "x"])[1:2]
    assert ColumnParser(column("cases", "closed_on"), GANSU)(days).values.to_pylist() == [date(2021, 1, 1)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("11010519491231002X", "an identity number"), ("见11010519491231002X号", "an identity number"), ("13912345678", "a mobile number"),
     ("张三 +86-13912345678", "a mobile number")],
)  # fmt: skip
def test_personal_numbers_are_found(text, kind):
    assert personal_data.first_personal_number(pa.array([None, "乳制品", text]), numbers=False) == (2, kind)


@pytest.mark.parametrize(
    "text", ["110105194912310021", "916201007127751537", "1391234567", "139123456789", "GS-00000000013912345678"]
)
def test_other_long_numbers_are_not_personal(text):
    assert personal_data.first_personal_number(pa.array([text]), numbers=False) is None


def test_eleven_digits_may_be_the_number_of_a_record():
    assert personal_data.first_personal_number(pa.array(["13912345678"]), numbers=True) is None
    assert personal_data.first_personal_number(pa.array(["11010519491231002X"]), numbers=True) == (0, "an identity number")
