"""A unit is used or asked wherever it stands: above, below, in a heading, in the name of the sheet, in a column of its own."""

from decimal import Decimal

import pytest

from city_briefs.analysis.ingest import match_headers
from city_briefs.analysis.ingest.source import ColumnMapping
from city_briefs.common.errors import DataError
from tests.ingest.raw_tables import accepted, raw_table, read, said, source

HEAD = "案件编号|地区|领域|结案日期|罚款|没收"
ROWS = "A1|兰州|食品|2021-01-01|1.5|0\nA2|兰州|食品|2021-01-02|2|0.1"
RETURNS = "地区|所属月份|指标|数值|统计口径"
FUNDS = "兰州|2021-03|onestop_funds|12|当月"  # counted in 元
BOOST = "兰州|2021-03|sme_cert_boost|8|当月"  # counted in 家
WITH_FORM = "Write the unit of each column into its heading, such as 罚款（万元）, and take it out there."


def fines(text, **how):
    """The fines of a table of cases."""
    return [int(row["fine_yuan"]) for row in accepted(read(raw_table(source("cases"), text, **how)))]


def refusal(table, text, *, of=None, **how):
    """The sentence that refuses a table."""
    with pytest.raises(DataError) as error:
        match_headers.match(raw_table(of or source(table), text, **how))
    return str(error.value)


@pytest.mark.parametrize(
    "line",
    ["2021年行政处罚案件台账（单位：万元）", "2021年行政处罚案件台账（万元）", "2021年行政处罚案件台账【单位:万元】", "|||||单位 万元", "|||||单位：万元",
     "|||||单　位：　万　元", "单位：万", "单位：人民币万元", "单位：万元人民币", "金额单位：万元", "计量单位为万元", "（金额单位：人民币万元）", "（万元）", "|||||万元", "单位：|万元",
     "填报单位：兰州市市场监管局||||单位：万元", "填报单位：兰州市局|||（万元）", "货币：万元", "金额：万元", "以万元为单位", "本表以万元计。", "注：表中金额均以万元计", "單位：萬元",
     "||||金额（万元）", "||||金额（万元）|金额（万元）", "单位:万元，保留两位小数"],
)  # fmt: skip
def test_a_unit_above_the_table(line):
    assert fines(f"{line}\n{HEAD}\n{ROWS}") == [15000, 20000]


@pytest.mark.parametrize(
    "line",
    [
        "注：金额单位为万元。",
        "注：1.金额单位：万元；2.数据截至2021年底",
        "（单位：万元）",
        "（万元）",
        "说明：以上金额以万元为单位。",
        "填表人：张三|单位：万元",
        "备注：罚没款单位均为万元",
    ],
)
def test_a_unit_below_the_table(line):
    assert fines(f"{HEAD}\n{ROWS}\n{line}") == [15000, 20000]


def test_a_unit_below_a_long_table():
    rows = "\n".join(f"B{number}|兰州|食品|2021-01-01|1|1" for number in range(60))
    assert set(fines(f"{HEAD}\n{rows}\n注：金额单位为万元。")) == {10_000}


@pytest.mark.parametrize("sheet", ["案件台账（万元）", "案件(单位万元)", "万元", "案件-万元", "2021_万元", "案件 万元"])
def test_a_unit_in_the_name_of_the_sheet(sheet):
    assert fines(f"{HEAD}\n{ROWS}", sheet=sheet) == [15000, 20000]


def test_a_unit_in_the_name_of_the_file():
    of = raw_table(source("cases", "cases（万元）.csv"), f"{HEAD}\n{ROWS}", sheet="")
    assert match_headers.match(of).columns["fine_yuan"].unit.name == "万元"


def test_a_name_that_may_state_a_unit_is_asked():
    assert refusal("cases", f"{HEAD}\n{ROWS}", sheet="罚款万元") == (
        "罚款万元".join(["cases.xlsx, sheet ", ": in the name of the sheet '", "' ends with 万元, which may be the unit of the numbers or not. "])
        + "Write the unit into the headings, such as 罚款（万元）, and leave it out of the name."
    )  # fmt: skip
    assert fines(f"{HEAD}\n{ROWS}".replace("1.5", "1"), sheet="处罚超十万元") == [1, 2]


@pytest.mark.parametrize(
    "lines",
    ["||||金额（万元）|\n案件编号|地区|领域|结案日期|罚款|没收", "案件编号|地区|领域|结案日期|金额（万元）|\n||||罚款|没收",
     "案件编号|地区|领域|结案日期|金额（万元）|金额（万元）\n案件编号|地区|领域|结案日期|罚款|没收",
     "案件编号|地区|领域|结案日期|罚款|没收\n||||万元|万元", "案件编号|地区|领域|结案日期|罚款|没收\n单位||||（万元）|（元）",
     "行政处罚\n案件编号|地区|领域|结案日期|罚款|没收\n||||万元|万元", "案件编号|地区|领域|结案日期|罚款/万元|没收,万元", "案件编号|地区|领域|结案日期|罚款万元|没收万元",
     "案件编号|地区|领域|结案日期|罚款 ( 万元 )|没收(元)", "案件编号|地区|领域|结案日期|罚款【万元】|没收[万元]", "案件编号|地区|领域|结案日期|罚款（单位：万元）|没收（人民币万元）",
     "案件编号|地区|领域|结案日期|罚款|没收|单位：万元"],
)  # fmt: skip
def test_a_unit_in_the_heading(lines):
    assert fines(f"{lines}\n{ROWS}") == [15000, 20000]


def test_a_unit_above_one_of_two_columns_is_asked():
    assert refusal("cases", f"|||||金额（万元）\n{HEAD}\n{ROWS}") == (
        "cases.xlsx, sheet 2021: '金额（万元）' above the table (F1) gives the unit 万元, and '罚款' may be in it or not. "
        "Write the unit of each column into its heading."
    )


def test_a_column_without_a_unit_beside_one_with_one_is_told():
    found = match_headers.match(raw_table(source("cases"), "案件编号|地区|领域|结案日期|罚款（万元）|没收"))
    [warning] = [finding for faults in found.rule_findings for finding in faults.findings]
    assert (warning.severity, warning.cell, warning.text) == (
        "warning", "F",
        "cases.xlsx, sheet 2021: the column '罚款（万元）' is in 万元, and '没收', for which no unit is given, is read in 元. "
        "Write the unit into the heading: 没收（元） or 没收（万元）.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["万户企业登记情况", "每万人投诉举报情况", "统计口径：按件统计（件）", "填报单位：万家乐公司", "单位：兰州市市场监管局", "单位（盖章）：", "单位名称：", "填报单位（公章）", "责任单位：各处室",
     "罚款金额5000元以上的案件", "罚款（10万元以上）案件", "单笔罚款超过100万元的案件", "统计口径：金额为万元以上的案件", "同一单位检查多次的按次计", "单位负责人：张三|填表人：李四", "附件（十）",
     "报送单位：百色市局", "2021年（年）", "投诉和解率（%）", "单位：千山区局"],
)  # fmt: skip
def test_what_states_no_unit_changes_nothing(line):
    text = f"{line}\n{HEAD}\n{ROWS}\n{line}"
    assert match_headers.match(raw_table(source("cases"), text)).columns["fine_yuan"].unit.factor == 1


@pytest.mark.parametrize("line", ["单位：件", "单位：万户", "（吨）", "数量单位：万件"])
def test_a_unit_of_no_column_is_asked(line):
    word = line.strip("（）").split("：")[-1]
    assert refusal("cases", f"{line}\n{HEAD}\n{ROWS}") == (
        f"cases.xlsx, sheet 2021: '{line}' above the table (A1) gives the unit {word}, and no column can be in it. {WITH_FORM}"
    )
    place = "below the table"
    assert f"'{line}' {place} gives the unit {word}" in refusal("cases", f"{HEAD}\n{ROWS}\n{line}")


def test_a_count_above_a_register_without_open_numbers_is_harmless():
    text = "单位：件\n编号|地区|类别|登记日期|挽回损失（元）\n1|兰州|投诉|2021-01-01|5"
    assert accepted(read(raw_table(source("complaints"), text)))[0]["recovered_yuan"] == 5


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("单位：美元", "美元"),
        ("单位：亿美元", "亿美元"),
        ("金额单位：两", "两"),
        ("单位：w元", "w元"),
        ("单位：平方米", "平方米"),
    ],
)
def test_a_unit_that_is_not_known_is_asked(line, word):
    for text in (f"{line}\n{HEAD}\n{ROWS}", f"{HEAD}\n{ROWS}\n{line}"):
        assert f"the unit '{word}'" in refusal("cases", text)
        assert "is not known. Write it as 元, 万元 or 亿元." in refusal("cases", text)


def test_a_heading_and_a_line_that_differ_are_asked():
    text = "||||||单位：公斤\n编号|地区|总仓|方向|日期|重量（吨）"
    text = text.replace("重量（吨）", "吨")
    assert refusal("cold_chain", text) == (
        "cold_chain.xlsx, sheet 2021: '单位：公斤' above the table (G1) gives the unit 公斤, and the column '吨' is in 吨 by its heading. "
        "Write the right one into the heading, and take the other out."
    )
    assert "the column '罚款（元）' is in 元 by its heading" in refusal(
        "cases", HEAD.replace("罚款", "罚款（元）").replace("没收", "没收（元）"), sheet="（万元）"
    )


def test_two_units_of_one_kind_are_asked():
    assert refusal("cases", f"单位：万元、元\n{HEAD}") == (
        "cases.xlsx, sheet 2021: the column '罚款' may be in 万元 or in 元, and the file gives both as its unit (above the table (A1)). "
        "Write the right one into the heading, and take the other out."
    )
    assert "may be in 元 or in 万元" in refusal("cases", f"单位：元\n{HEAD}\n{ROWS}\n注：金额单位为万元")
    assert "may be in 元 or in 万元" in refusal(
        "cases", "案件编号|地区|领域|结案日期|罚款（元）|没收（元）\n||||万元|万元\n" + ROWS
    )


def test_each_column_takes_the_unit_of_its_kind():
    text = "单位：万元、件\n质押编号|地区|登记日期|质押专利件数|融资金额\n1|兰州|2021-01-01|3|1.5"
    [row] = accepted(read(raw_table(source("ip_pledges"), text)))
    assert (row["patents"], row["amount_yuan"]) == (3, 15000)
    assert refusal("ip_pledges", text.replace("万元、件", "万")) == (
        "ip_pledges.xlsx, sheet 2021: '单位：万' above the table (A1) may mean 万件 or 万元. Write out which."
    )


def test_a_declared_unit_holds_and_is_not_contradicted():
    of = source(
        "cases", columns={"fine_yuan": ColumnMapping("罚款", unit="万元"), "confiscated_yuan": ColumnMapping("没收", unit="万元")}
    )
    assert accepted(read(raw_table(of, f"单位：万元\n{HEAD}\n{ROWS}")))[0]["fine_yuan"] == 15000
    for text in (f"单位：元\n{HEAD}\n{ROWS}", f"{HEAD}\n||||元|元\n{ROWS}"):
        assert refusal("cases", text, of=of) == (
            "cases.xlsx, sheet 2021: sources.toml gives the column '罚款' the unit 万元, and the file 元. Correct the one that is wrong."
        )


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [("（万吨）", 20_000), ("（单位：万吨）", 20_000), ("（单位 万吨）", 20_000), ("（不含包装）", 2), ("", 2)],
)
def test_a_declared_heading_keeps_the_unit_in_its_brackets(bracket, expected):
    of, text = (
        source("cold_chain", columns={"tonnes": ColumnMapping(f"重量{bracket}")}),
        "编号|地区|总仓|方向|日期|重量{}\nM1|兰州|甲仓|入库|2021-03-05|2",
    )
    assert [int(row["tonnes"]) for row in accepted(read(raw_table(of, text.format(bracket))))] == [expected]


@pytest.mark.parametrize("bracket", ["（单位：磅）", "（万元）"])
def test_a_declared_heading_with_another_unit_is_refused(bracket):
    of, text = (
        source("cold_chain", columns={"tonnes": ColumnMapping(f"重量{bracket}")}),
        f"编号|地区|总仓|方向|日期|重量{bracket}\nM1|兰州|甲仓|入库|2021-03-05|2",
    )
    word = bracket.strip("（）").replace("：", ":")
    assert refusal("cold_chain", text, of=of) == (
        f"cold_chain.xlsx, sheet 2021: the unit '{word}' in the heading is not known. Write it as 元, 万元 or 亿元."
    )


def numerators(text):
    """The numerators of returns by their metric, and what is said of the others."""
    some = read(raw_table(source("returns"), text))
    return {row["indicator"]: int(row["numerator"]) for row in accepted(some)}, said(some)


@pytest.mark.parametrize("line", ["单位：万元、家", "单位：万元，家", "（万元、家）", "单位：万元 家", "单位：家和万元"])
def test_each_return_takes_the_unit_of_its_metric(line):
    assert numerators(f"{line}\n{RETURNS}\n{FUNDS}\n{BOOST}") == ({"onestop_funds": 120_000, "sme_cert_boost": 8}, [])


def test_a_unit_that_does_not_fit_the_metric_is_asked():
    of = "returns.xlsx, sheet 2021, cell D{}: numerator is '{}'. Its unit is {}. Write the unit beside the number."
    assert numerators(f"单位：万元\n{RETURNS}\n{FUNDS}\n{BOOST}") == (
        {"onestop_funds": 120_000}, [of.format(4, 8, "万元, and sme_cert_boost is counted in 家")]
    )  # fmt: skip
    assert numerators(f"{RETURNS}\n{FUNDS}\n{BOOST}".replace("数值", "数值（万元、元、家）"))[1] == [
        of.format(2, 12, "万元、元、家, and onestop_funds is counted in 元")
    ]
    assert numerators(f"{RETURNS}\n{BOOST}".replace("|8|", "|8万元|"))[1] == [
        "returns.xlsx, sheet 2021, cell D2: numerator is '8万元'. It must be a number with at most 6 decimals of 家."
    ]
    assert numerators(f"{RETURNS}\n{FUNDS}".replace("|12|", "|12万|"))[0] == {"onestop_funds": 120_000}


def test_the_halves_of_a_ratio_have_no_unit():
    text = "地区|所属月份|指标|分子|分母|统计口径\n兰州|2021-03|nonpublic_party_coverage|{}|{}|期末"
    [row] = accepted(read(raw_table(source("returns"), text.format("98.5", "100").replace("分子", "数值 / 分子"))))
    assert (row["numerator"], row["denominator"]) == (Decimal("98.5"), 100)
    assert said(read(raw_table(source("returns"), text.format("98.5%", "").replace("分子", "数值 / 分子")))) == [
        "returns.xlsx, sheet 2021, cell D2: numerator is '98.5%'. It must be a number with at most 6 decimals."
    ]


UNIT_COLUMN = "地区|所属月份|指标|计量单位|数值|统计口径"


def test_a_column_of_units():
    rows = "兰州|2021-03|onestop_funds|{}|12|当月\n兰州|2021-03|sme_cert_boost|{}|8|当月"
    for head in (UNIT_COLUMN, UNIT_COLUMN.replace("计量单位", "单位")):
        assert numerators(f"{head}\n{rows.format('万元', '家')}") == ({"onestop_funds": 120_000, "sme_cert_boost": 8}, [])
    text = f"{UNIT_COLUMN}\n{rows}"
    place = "returns.xlsx, sheet 2021, cell E3: numerator is '8'. Its unit "
    assert numerators(text.format("元", ""))[1] == [place + "is empty. Write the unit of every row."]
    assert numerators(text.format("元", "美元"))[1] == [place + "'美元' is not known. Write it as 元, 万元, 户 or 件."]
    assert numerators(text.format("元", "万元"))[1] == [
        place + "is 万元, and sme_cert_boost is counted in 家. Write the unit beside the number."
    ]
    assert numerators("单位：家\n" + text.format("家", "万家"))[1][1] == (
        "returns.xlsx, sheet 2021, cell E4: numerator is '8'. "
        "Its unit is 家 by its heading or the lines around the table, and 万家 by the column of units. Correct the one that is wrong."
    )


def test_a_column_of_units_of_other_tables():
    text = "编号|地区|总仓|方向|日期|数量|单位\n1|兰州|a|in|2021-01-01|{}\n2|兰州|a|in|2021-01-01|2|吨"
    of = source("cold_chain", columns={"tonnes": ColumnMapping("数量")})
    assert [row["tonnes"] for row in accepted(read(raw_table(of, text.format("500|公斤"))))] == [Decimal("0.5"), 2]
    text = "质押编号|地区|登记日期|质押专利件数|融资金额|金额单位\n1|兰州|2021-01-01|3|1.5|万元"
    [row] = accepted(read(raw_table(source("ip_pledges"), text)))
    assert (row["patents"], row["amount_yuan"]) == (3, 15000)


def test_a_column_of_offices_is_no_column_of_units():
    found = match_headers.match(raw_table(source("cases"), HEAD + "|单位\nA1|兰州|食品|2021-01-01|1.5|0|市局"))
    assert found.unit_column is None
    assert "the column '单位' is not one of cases" in found.rule_findings[0].findings[0].text


def test_a_rejected_row_keeps_its_unit():
    text = f"{UNIT_COLUMN}\n兰洲|2021-03|onestop_funds|万元|12|当月\n兰洲|2021-03|sme_cert_boost||8|当月\n兰州|2021-03|sme_cert_boost|家|8|当月"
    some = read(raw_table(source("returns"), text))
    assert [row["numerator"] for batch in some for row in batch.rejected.to_pylist()] == ["12万元", "8（单位？）"]


def test_percent_of_targets_by_view_and_metric():
    text = (
        "地区|指标|口径|年份|目标值|方向|出处\n兰州|new_entities|yoy|2021|12%|at_least|报告\n"
        "兰州|food_pass_rate|value|2021|98.5%|at_least|报告\n兰州|new_entities|value|2021|12%|at_least|报告"
    )
    some = read(raw_table(source("targets"), text))
    assert [row["value"] for row in accepted(some)] == [12, 98.5]
    assert said(some) == ["targets.xlsx, sheet 2021, cell E4: value is '12%'. It must be a number of 户."]


def test_parameters_write_out_their_units():
    text = "参数|数值|单位|生效日期|出处\nrate|15%|%|2021-01-01|a\ncap|5|万元|2021-01-01|a\ncap2|5万元|元|2021-01-01|a"
    assert [row["value"] for row in accepted(read(raw_table(source("parameters"), text)))] == [15, 5, 50_000]


def test_a_refusal_in_chinese(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert refusal("cases", f"单位：万户\n{HEAD}\n{ROWS}") == (
        "cases.xlsx, sheet 2021：表格上方（A1）的“单位：万户”写明单位为万户，但没有一栏适用。请在各栏表头注明单位，如“罚款（万元）”，并删去此处。"
    )
    assert refusal("cases", f"单位：美元\n{HEAD}\n{ROWS}") == (
        "cases.xlsx, sheet 2021：表格上方的计量单位“美元”无法识别。请写成“元”“万元”“亿元”等规范单位。"
    )
    assert refusal("cases", f"单位：元\n{HEAD}\n{ROWS}\n注：金额单位为万元") == (
        "cases.xlsx, sheet 2021：“罚款”栏的计量单位写了元和万元两种（表格上方（A1）、表格下方），请在表头注明正确的单位，删去另一个。"
    )


DECLARED = source("cases", columns={"fine_yuan": ColumnMapping("罚款", unit="万元")})


@pytest.mark.parametrize(
    ("of", "text", "sheet", "says"),
    [(None, f"{HEAD}\n{ROWS}", "罚款万元", "cases.xlsx, sheet 罚款万元：工作表名称中“罚款万元”以“万元”结尾，不能确定是否为计量单位。请在表头注明单位，如“罚款（万元）”，并从名称中删去。"),
     (DECLARED, f"单位：元\n{HEAD}\n{ROWS}", "1", "cases.xlsx, sheet 1：sources.toml声明“罚款”栏的计量单位为万元，而文件中写的是元，请更正有误的一处。"),
     (None, f"单位：万元\n{HEAD}\n{ROWS}".replace("罚款", "罚款（元）").replace("没收", "没收（元）"), "1",
      "cases.xlsx, sheet 1：表格上方（A1）的“单位：万元”写明单位为万元，而“罚款（元）”栏的表头写的是元，请在表头注明正确的单位，删去另一个。"),
     (None, f"|||||金额（万元）\n{HEAD}\n{ROWS}", "1",
      "cases.xlsx, sheet 1：表格上方（F1）的“金额（万元）”写明单位为万元，不能确定“罚款”栏是否适用。请在各栏表头注明单位。"),
     (source("ip_pledges"), "单位：万\n质押编号|地区|登记日期|质押专利件数|融资金额", "1",
      "ip_pledges.xlsx, sheet 1：表格上方（A1）的“单位：万”可能指万件，也可能指万元，请写明。")],
)  # fmt: skip
def test_every_refusal_in_chinese(monkeypatch, of, text, sheet, says):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert refusal("cases", text, of=of, sheet=sheet) == says
