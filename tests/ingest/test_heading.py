"""A heading is found wherever it stands and however it is written; what is doubtful in it is refused."""

from decimal import Decimal

import pyarrow as pa
import pytest

from city_briefs.analysis.ingest import headings, match_headers
from city_briefs.analysis.ingest.source import ColumnMapping
from city_briefs.common.errors import DataError
from city_briefs.model.tables import TABLES
from tests.ingest.raw_tables import cells, raw_table, source, typed

CASES = source("cases")


def places(of):
    """Where each column of the table is found, the unit with it where it is not that of the table."""
    found = match_headers.match(of)
    return found.first_row, {
        name: place.raw_name if place.unit.factor == 1 else f"{place.raw_name} {place.unit.name}"
        for name, place in found.columns.items()
    }


def refusal(of):
    with pytest.raises(DataError) as error:
        match_headers.match(of)
    return str(error.value)


STRAIGHT = {"case_id": "A", "region": "B", "field": "C", "closed_on": "D", "fine_yuan": "E", "confiscated_yuan": "F"}


@pytest.mark.parametrize(
    "text",
    ["case_id|region|field|closed_on|fine_yuan|confiscated_yuan",
     "案件编号|地区代码|领域|结案日期|罚款（元）|没收（元）",
     "案件编号|地区|领域|结案日期|罚款|没收",
     "CASE_ID| 市 州 |领 域|结案日期|罚款(元)|confiscated_yuan"],
)  # fmt: skip
def test_canonical_chinese_and_mixed_headings(text):
    assert places(raw_table(CASES, text)) == (2, STRAIGHT)


@pytest.mark.parametrize("table", [table.name for table in TABLES.values()])
def test_every_table_is_known_by_both_kinds_of_headings_and_no_two_columns_by_one(table):
    columns = TABLES[table].columns
    for names in ([column.name for column in columns], [column.meaning_zh for column in columns]):
        assert len(match_headers.match(raw_table(source(table), [names])).columns) == len(columns)
    titles = [
        match_headers.normalized_header(title)
        for column in columns
        for title in {match_headers.normalized_header(title) for title in headings.possible_headers(column)}
    ]
    assert len(titles) == len(set(titles))


def test_a_title_above_and_a_heading_of_two_lines():
    lines = """
        全省行政处罚案件统计表||||||
        填报单位：兰州市市场监管局||||单位：万元||
        案件编号|地区|领域|结案日期|罚没款|罚没款|是否公开曝光
        案件编号|地区|领域|结案日期|罚款|没收（元）|是否公开曝光
        1|兰州|食品|2021-01-01|1|1|否
    """
    assert places(raw_table(CASES, lines)) == (5, STRAIGHT | {"fine_yuan": "E 万元", "published": "G"})


def test_a_heading_of_two_lines_that_are_not_merged():
    lines = "案件编号|地区|领域|结案|罚款|没收\n|||日期|（万元）|（元）\n1|兰州|食品|2021-01-01|1|1"
    assert places(raw_table(CASES, lines)) == (3, STRAIGHT | {"fine_yuan": "E 万元"})


@pytest.mark.parametrize("second", ["||||（万元）|（元）", "||||万元|元"])
def test_units_in_a_line_of_their_own(second):
    lines = f"案件编号|地区|领域|结案日期|罚款|没收\n{second}\n1|兰州|食品|2021-01-01|1|1"
    assert places(raw_table(CASES, lines)) == (3, STRAIGHT | {"fine_yuan": "E 万元"})


def test_units_of_headings():
    lines = "编号|地区|总仓|方向|日期|公斤"
    assert places(raw_table(source("cold_chain"), lines))[1]["tonnes"] == "F 公斤"
    lines = "地区|所属月份|指标|数值（万户）|统计口径"
    assert places(raw_table(source("returns"), lines))[1]["numerator"] == "D 万户"


def test_a_unit_above_the_table_is_only_that_of_what_can_be_in_it():
    lines = "（金额单位：万元）||||\n质押编号|地区|登记日期|质押专利件数|融资金额"
    assert places(raw_table(source("ip_pledges"), lines)) == (
        3, {"pledge_id": "A", "region": "B", "pledged_on": "C", "patents": "D", "amount_yuan": "E 万元"},
    )  # fmt: skip
    lines = "单位：美元||||\n质押编号|地区|登记日期|质押专利件数|融资金额"
    assert refusal(raw_table(source("ip_pledges"), lines)) == (
        "ip_pledges.xlsx, sheet 2021: the unit '美元' above the table is not known. Write it as 元, 万元 or 亿元."
    )


def test_a_unit_of_another_thing_is_not_this_column():
    lines = "案件编号|地区|领域|结案日期|罚款（吨）|没收"
    assert refusal(raw_table(CASES, lines)) == (
        "cases.xlsx, sheet 2021: there is no column 罚款（元） (fine_yuan). It has 案件编号, 地区, 领域, 结案日期, 罚款（吨）, 没收. "
        "Is it '罚款（吨）'? Then name it so, or say so in sources.toml."
    )


def test_what_is_declared_holds_before_what_is_understood():
    columns = {
        "region": ColumnMapping("所在地"), "fine_yuan": ColumnMapping("金额", unit="万元"), "field": ColumnMapping(constant="food"),
        "confiscated_yuan": ColumnMapping("没收金额（万元）"),
    }  # fmt: skip
    lines = "案件编号|地区|所在地|结案日期|金额|没收金额（万元）"
    found = places(raw_table(source("cases", columns=columns), lines))[1]
    assert found == {"case_id": "A", "region": "C", "closed_on": "D", "fine_yuan": "E 万元", "confiscated_yuan": "F 万元"}
    assert refusal(raw_table(source("cases", columns={"region": ColumnMapping("所在市")}), lines)) == (
        "cases.xlsx, sheet 2021: there is no column '所在市', which sources.toml names for region. "
        "It has 案件编号, 地区, 所在地, 结案日期, 金额, 没收金额（万元）. Did you mean 所在地?"
    )


def test_columns_that_are_not_kept_are_told():
    lines = "序号|案件编号|地区|领域|结案日期|罚款|没收|曝光|办案机构"
    found = match_headers.match(raw_table(CASES, lines))
    assert [(fault.findings[0].severity, fault.findings[0].cell, fault.findings[0].text) for fault in found.rule_findings] == [
        ("warning", "H", "cases.xlsx, sheet 2021: the column '曝光' is not one of cases and is not kept. Did you mean 是否公开曝光?"),
        ("warning", "I", "cases.xlsx, sheet 2021: the column '办案机构' is not one of cases and is not kept. "
         "Leave it out, or say in sources.toml which column it is."),
    ]  # fmt: skip


def test_a_missing_column_names_what_is_there():
    lines = "编号|地区|类别|日期"
    assert refusal(raw_table(source("complaints"), lines)) == (
        "complaints.xlsx, sheet 2021: there is no column 登记日期 (received_on). It has 编号, 地区, 类别, 日期. "
        "Is it '日期'? Then name it so, or say so in sources.toml."
    )


def test_no_heading_at_all():
    assert refusal(raw_table(source("trademarks"), "1|兰州|2021-01-01\n2|兰州|2021-01-02")) == (
        "trademarks.xlsx, sheet 2021: there is no heading in the first 2 rows. Put one above the rows, with 商标编号 (trademark_id), "
        "地区代码 (region), 注册日 (registered_on); or say in sources.toml which heading means which column, or which sheet is meant."
    )


def test_two_tables_side_by_side_are_refused():
    lines = "商标编号|地区|注册日||商标编号|地区|注册日"
    assert refusal(raw_table(source("trademarks"), lines)) == (
        "trademarks.xlsx, sheet 2021: the columns A ('商标编号') and E ('商标编号') are both trademark_id. "
        "Keep the one that is right, or give each table a sheet of its own."
    )


@pytest.mark.parametrize(
    "label", ["联系人", "法定代表人姓名", "投诉人电话", "手机号", "身份证号码", "联系地址", "Phone", "ID number"]
)
def test_a_column_of_persons_is_refused_unless_it_is_dropped(label):
    lines = f"商标编号|地区|注册日|{label}"
    assert refusal(raw_table(source("trademarks"), lines)) == (
        f"trademarks.xlsx, sheet 2021, column D: '{label}' is personal data, which no snapshot holds. "
        f'Leave the column out, or have it left out: drop = ["{label}"] in sources.toml.'
    )
    found = match_headers.match(raw_table(source("trademarks", drop=(label,)), lines))
    assert (found.unknown_columns, found.rule_findings) == ((), ())


def test_a_column_of_persons_cannot_be_declared_another():
    of = source("cases", columns={"field": ColumnMapping("负责人")})
    assert "'负责人' is personal data" in refusal(raw_table(of, "案件编号|地区|负责人|结案日期|罚款|没收"))


def test_a_sheet_with_nothing_or_with_instructions_is_no_grid_of_data():
    assert match_headers.match(raw_table(CASES, [(None, None), (" ", None)])) is None
    assert match_headers.match(raw_table(CASES, "填报说明|x", sheet=match_headers.INSTRUCTIONS)) is None


def test_types_come_with_their_headings():
    table = pa.table({"商标编号": ["1"], "region": [620100], "registered_on": ["2021-01-01"]})
    found = match_headers.match(typed(source("trademarks", "t.parquet"), table))
    assert (found.first_row, {name: place.raw_name for name, place in found.columns.items()}) == (
        1, {"trademark_id": "商标编号", "region": "region", "registered_on": "registered_on"},
    )  # fmt: skip


def test_the_factor_of_a_unit_is_exact():
    found = match_headers.match(raw_table(source("prices"), "地区|监测日期|商品|进价（元/斤）|售价"))
    assert found.columns["purchase_yuan"].unit.factor == Decimal(2)


def test_a_heading_further_down_than_thirty_rows_is_not_looked_for():
    lines = [("说明",)] * 30 + cells("商标编号|地区|注册日")
    assert "there is no heading in the first 30 rows" in refusal(raw_table(source("trademarks"), lines))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("a | b\n1 | 2", "cases.xlsx工作表“2021”：前2行中没有表头。请在数据上方写明表头（案件编号、地区代码、领域、结案日期、罚款（元）、没收（元）），或在sources.toml中说明各栏对应的表头、所用的工作表。"),
        ("案件编号 | 地区 | 领 | 结案日期 | 罚款 | 没收", "cases.xlsx工作表“2021”：缺少领域（field）栏。已有案件编号、地区、领、结案日期、罚款、没收。是不是“领”？是则请改名，或在sources.toml中说明。"),
        ("案件编号 | 地区 | 领域 | 领域 | 结案日期 | 罚款 | 没收", "cases.xlsx工作表“2021”：C列（领域）与D列（领域）都是field，请保留正确的一列，或将两张表分放在两张工作表中。"),
        ("案件编号 | 地区 | 领域 | 结案日期 | 罚款 | 没收 | 电话", "cases.xlsx工作表“2021”G列：“电话”是个人信息，按规定不予接收。请删去该栏，或在sources.toml中写drop = [\"电话\"]。"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_heading_is_said_in_chinese(rows, sentence, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(DataError) as error:
        match_headers.match(raw_table(source("cases"), rows))
    assert str(error.value) == sentence
