"""What people and spreadsheets write is read as what it means, and what means nothing is said so."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from city_briefs.analysis.ingest import personal_data, units
from city_briefs.analysis.ingest.control_characters import visible
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
     "44255.0", "２０２１－０２－２８", "\u3000 2021-02-28\xa0", "2021年02月28日 10时20分",
     "20210228 10:20", "20210228102030", "20210228.0", "2021。2。28", "2021 年 2 月 28 日", "2021年2月28号", "二〇二一年二月二十八日",
     "'2021-02-28", '="2021-02-28"', "2021-02-\u200e28", "2021-02-28T23:30:00+08:00", "2021-02-27T16:30:00Z"],
)  # fmt: skip
def test_a_day_in_every_form(text):
    assert read("cases", "closed_on", text, "2021-03-01") == [date(2021, 2, 28), date(2021, 3, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "0021-03-01",
        "2021-13-01",
        "21-3-1",
        "3/1/2021",
        "2021-02-28Z",
        "2021/2/28 上午10:20",
        "2021-02-28 10:20 PM",
        "12345",
        "99999",
        "2021",
        "下周",
        "0x10",
        "31/12/2021",
        "05-03-21",
        "2021-3",
        "202103",
        "2021-02-28 99:99:99",
        "2021-02-28 24:00:00",
        "2021/02-28",
        "民国110年2月28日",
        "1614470400000",
        "9999-12-31",
        "二〇二一年二月三十一日",
        "-",
        "未办结",
    ],
)
def test_a_day_that_is_none(text):
    assert read("cases", "closed_on", "2021-03-01", text) == [
        date(2021, 3, 1),
        f"closed_on is '{text}'. It must be a date such as 2021-02-28, of a year between 1900 and 2999; one that is not known is left empty.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2021-02",
        "2021-2",
        "2021/2",
        "2021年2月",
        "2021年02月",
        "202102",
        "2021.02",
        "2021-02-14",
        "44255",
        "2021年2月份",
        "2021-2月",
        "二〇二一年二月",
        "202102.0",
        "2021-02-14 10:20",
    ],
)
def test_a_month_in_every_form(text):
    assert read("accidents", "month", text) == ["2021-02"]


@pytest.mark.parametrize("text", ["2021-13", "202113", "2021.1", "1—2月", "2021", "0021-01", "2月", "2021年1-2月", "2月份"])
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
    assert read("cases", "region", "620100", "兰州市", "兰州", "６２０１００", "620100.0", "兰洲", "N/A") == [
        "620100", "620100", "620100", "620100", "620100",
        f"region is '兰洲'. {unknown} Did you mean 兰州市 (620100)?",
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
    sent = [
        "乳制品",
        " 乳制品\u3000",
        "\ufeffa\xa0",
        "é",
        "e\u0301",
        "",
        "\u3000",
        None,
        "一\n二",
        "-",
        "无",
        "-5",
        "+86",
        "“引”",
    ]
    assert read("complaints", "category", *sent) == [
        "乳制品", "乳制品", "a", "é", "e\u0301", None, None, None, "一\n二", None, None, "-5", "+86", "“引”",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [("=cmd|' /C calc'!A0", "A spreadsheet would run what begins with =: write it without, or as the value itself."),
     ("@SUM(A1)", "A spreadsheet would run what begins with @: write it without, or as the value itself."),
     ("-2+3", "A spreadsheet would run what begins with -: write it without, or as the value itself."),
     ("a\x07b", "It has the control character U+0007, which nobody sees: take it out."),
     ("a\x85b", "It has the control character U+0085, which nobody sees: take it out."),
     ("a\x0bb", "It has the control character U+000B, which nobody sees: take it out."),
     ("a\u2028b", "It has the control character U+2028, which nobody sees: take it out."),
     ("a\u2029b", "It has the control character U+2029, which nobody sees: take it out."),
     ("\u202ea", "It has the control character U+202E, which nobody sees: take it out."),
     ("a\uffffb", "It has the control character U+FFFF, which nobody sees: take it out."),
     ("甲" * 4001, "It has 4,001 characters and may have 4,000: shorten it.")],
)  # fmt: skip
def test_text_that_is_unsafe(text, says):
    shown = visible(text) if len(text) <= 60 else f"{text[:60]}…"
    assert read("complaints", "category", "乳制品", text) == ["乳制品", f"category is '{shown}'. {says}"]


def test_a_slice_of_a_batch_is_read_as_itself():
    sent = pa.array(["=a", " 甲", "乙", "=b"])[1:3]
    assert ColumnParser(column("complaints", "category"), GANSU)(sent).values.to_pylist() == ["甲", "乙"]
    days = pa.array(["x", "2021-01-01", "x"])[1:2]
    assert ColumnParser(column("cases", "closed_on"), GANSU)(days).values.to_pylist() == [date(2021, 1, 1)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("11010519491231002X", "an identity number"), ("见11010519491231002X号", "an identity number"), ("13912345678", "a mobile number"),
     ("张三 +86-13912345678", "a mobile number"), ("１３９１２３４５６７８", "a mobile number"), ("139\u200b1234\ufeff5678", "a mobile number")],
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


@pytest.mark.parametrize(
    "text", ["-", "/", "无", "—", "未注销", "尚未注销", "长期", "存续", "0", "1900-01-00", "1900/1/0", "1899-12-31 00:00:00", "0:00:00", "NULL", "nan", "NaT"]
)  # fmt: skip
def test_a_day_that_has_not_come_is_empty(text):
    assert read("entities", "cancelled_on", text, "2021-03-05") == [None, date(2021, 3, 5)]


def test_what_is_not_known_is_not_what_has_not_come():
    remedy = "It must be a date such as 2021-02-28, of a year between 1900 and 2999; one that is not known is left empty."
    assert read("entities", "cancelled_on", "不详") == [f"cancelled_on is '不详'. {remedy}"]


@pytest.mark.parametrize(
    "text",
    ["A12\u200e", "A1\u200b2", "A\u00ad12", "\ufeffA12", "A12\u2060", "A\xa012", "A 12", "Ａ１２", "'A12", '="A12"', "A12\t", "A12_x000D_", "A12\r\n",
     "A12\ufe0f"],
)  # fmt: skip
def test_ids_that_look_alike_are_one(text):
    assert read("inspections", "subject_id", text, "A12", "a12") == ["A12", "A12", "a12"]


def test_zeros_and_dashes_of_an_id_are_kept():
    assert read("cases", "case_id", "00123", "='00123", "兰市监罚〔2021〕1号", "DB62/T 4321—2021", "1E10", "3.1")[2:] == [
        "兰市监罚〔2021〕1号", "DB62/T4321-2021", "1E10", "3.1",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["6.2E+17", "3.11062E+19", "6.20123456789012E+17", "6E+17", "3.1e19", "１.2E+17"])
def test_an_id_that_lost_digits_is_none(text):
    assert read("cases", "case_id", text, "A1") == [
        f"case_id is '{text}'. A spreadsheet made a number of it, and its last digits are lost: "
        "send the column again as text, from where the ids come from.",
        "A1",
    ]


def test_long_ids_that_all_end_with_zeros_have_lost_digits():
    zeros = (
        "All ids of that length end with zeros, which a spreadsheet writes for digits that are lost: "
        "send the column again as text, from where the ids come from."
    )
    assert read("cases", "case_id", "620123456789012000", "A1") == [f"case_id is '620123456789012000'. {zeros}", "A1"]
    assert read("cases", "case_id", "620123456789012000", "620123456789012001") == ["620123456789012000", "620123456789012001"]
    assert read("cases", "case_id", "6201234567890120", "A1") == ["6201234567890120", "A1"]  # the tenth of such ids ends so


def typed(table, name, *sent, kind):
    cells = ColumnParser(column(table, name), GANSU)(pa.array(sent, kind))
    return cells.values.to_pylist(), list(cells.misfits)


def test_ids_that_were_sent_as_numbers():
    assert typed("equipment", "equipment_id", 20210001.0, None, float("nan"), kind=pa.float64()) == (["20210001", None, None], [])
    assert typed("equipment", "equipment_id", 20210001.0, 3.1e19, kind=pa.float64()) == (["20210001", None], ["digits lost"])
    assert typed("equipment", "equipment_id", 20210000.0, kind=pa.float32()) == ([None], ["digits lost"])
    assert typed("equipment", "equipment_id", 2**64 - 1, kind=pa.uint64()) == (["18446744073709551615"], [])
    assert typed("equipment", "equipment_id", Decimal("31106201002021000123"), kind=pa.decimal128(38, 0)) == (
        ["31106201002021000123"], [],
    )  # fmt: skip
    assert read("equipment", "equipment_id", "20210001.0", "7.0", None) == ["20210001", "7", None]
    assert read("equipment", "equipment_id", "20210001.0", "A7") == ["20210001.0", "A7"]


@pytest.mark.parametrize("text", ["2021-03-01", "2021/3/1", "3月1日", "1-Mar", "Mar-21", "2021年3月"])
def test_an_id_that_became_a_day_is_asked_where_others_are_none(text):
    says = "A spreadsheet may have made a day of it, such as of 3-1: send the column again as text, from where the ids come from."
    assert read("cases", "case_id", text, "A1") == [f"case_id is '{text}'. {says}", "A1"]
    cells = ColumnParser(column("cases", "case_id"), GANSU)(pa.array([text, None]))
    assert (cells.values.to_pylist(), dict(cells.misfits)) == ([text, None], {})
    assert cells.warnings["id made a date"].to_pylist() == [f"case_id is '{text}'. {says}", None]


def test_what_says_nothing_is_empty_where_that_may_be():
    assert read("inspections", "subject_id", "-", "无", "NULL", "n/a", "nan", "A1") == [None, None, None, None, None, "A1"]
    assert read("cases", "case_id", "-", "A1") == ["case_id is '-'. That says nothing, and every row has one.", "A1"]
    assert read("entities", "kind", "/", "企业") == [None, "enterprise"]
    assert read("complaints", "settled", "-", "无") == [None, False]


def test_a_formula_that_failed_is_asked_and_a_free_text_left_empty():
    failed = "That is what a spreadsheet shows for a formula that failed."
    assert read("complaints", "settled", "#N/A", "是") == [f"settled is '#N/A'. {failed} Write what it should show.", True]
    assert read("cases", "case_id", "#REF!") == [f"case_id is '#REF!'. {failed} Write what it should show."]
    cells = ColumnParser(column("complaints", "category"), GANSU)(pa.array(["#N/A", "食品"]))
    assert (cells.values.to_pylist(), dict(cells.misfits)) == ([None, "食品"], {})
    says = f"category is '#N/A'. {failed} It is left empty: write what it should show."
    assert cells.warnings["failed formula"].to_pylist() == [says, None]


def test_the_word_of_a_column_is_a_yes():
    assert read("complaints", "settled", "和解", "已和解", "未和解", "TRUE", "1.0", "☑\ufe0f", "待定", "X") == [
        True, True, False, True, True, True,
        "settled is '待定'. It must be 是 or 否 (true or false).", "settled is 'X'. It must be 是 or 否 (true or false).",
    ]  # fmt: skip
    assert read("inspections", "published", "公示", "不予公示") == [True, False]
    assert read("patents", "high_value", "高价值", "非高价值") == [True, False]


def test_the_forms_of_entities_are_kinds_by_the_law_of_their_registration():
    sent = [
        "有限责任公司",
        "有限责任公司（自然人独资）",
        "外商投资企业",
        "分公司",
        "个人独资企业",
        "农民专业合作社（联合社）",
        "个体工商户（港澳）",
    ]
    assert read("entities", "kind", *sent) == ["enterprise"] * 5 + ["cooperative", "self_employed"]
    assert read("entities", "kind", "事业单位") == [
        "kind is '事业单位'. It must be one of 企业, 个体工商户, 农民专业合作社 (enterprise, self_employed, cooperative)."
    ]
    assert read("complaints", "kind", "投诉（举报）")[0].startswith("kind is '投诉（举报）'. It must be one of")


def test_regions_as_people_write_them():
    sent = [
        "甘肃省兰州市",
        "兰 州 市",
        "兰州市\u200e",
        "620100000000",
        "620102",
        "兰州市城关区",
        "甘肃省兰州市城关区",
        "甘肃省/兰州市",
        "兰州市（620100）",
    ]
    assert read("cases", "region", *sent) == ["620100"] * len(sent)
    assert read("cases", "region", "甘南州", "临夏州", "天水", "兰州新区") == ["623000", "622900", "620500", "620171"]
    unknown = "It is not in regions.csv: add it there, or count the row under a region that is."
    for word in ("城关区", "永登县", "lanzhou", "秦州", "甘肃省秦安县", "兰州市天水市", "天水新区", "陕西省兰州市"):
        assert read("cases", "region", word) == [f"region is '{word}'. {unknown}"]


def test_separators_of_text_are_no_lines_and_lines_end_alike():
    assert read("complaints", "category", "食品\r\n安全", "食品_x000D_", "a\xa0b", "a\u200bb", "A_1") == [
        "食品\n安全",
        "食品",
        "a b",
        "ab",
        "A_1",
    ]


def test_moments_are_of_the_day_in_the_office():
    moments = pa.array([datetime(2021, 3, 31, 16, 30), datetime(2021, 3, 31, 15, 59), None], pa.timestamp("us", "UTC"))
    for kind in (
        pa.timestamp("us", "UTC"),
        pa.timestamp("ns", "UTC"),
        pa.timestamp("ms", "America/New_York"),
        pa.timestamp("s", "Asia/Shanghai"),
    ):
        sent = moments.cast(kind)
        assert ColumnParser(column("cases", "closed_on"), GANSU)(sent).values.to_pylist() == [
            date(2021, 4, 1),
            date(2021, 3, 31),
            None,
        ]
        assert ColumnParser(column("accidents", "month"), GANSU)(sent).values.to_pylist() == ["2021-04", "2021-03", None]


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.timestamp("s"), pa.date64()])
def test_days_beyond_the_calendar_are_asked_row_by_row(kind):
    day, unit = (
        (18_691, pa.int32())
        if kind == pa.date32()
        else (1_614_902_400 * {"us": 10**6, "s": 1}.get(getattr(kind, "unit", ""), 1000), pa.int64())
    )
    far = 2**31 - 1 if kind == pa.date32() else 9_200_000_000_000_000_000 // 86_400_000 * 86_400_000
    cells = ColumnParser(column("cases", "closed_on"), GANSU)(pa.array([day, far, -far, None], unit).cast(kind))
    assert cells.values.to_pylist() == [date(2021, 3, 5), None, None, None]
    says = "closed_on is beyond the calendar. It must be a day of a year between 1900 and 2999."
    assert cells.misfits["possible date"].to_pylist() == [None, says, says, None]
