"""Lines that are no records are set aside and listed; a row that may be one never is."""

import pytest

from city_briefs.analysis.ingest.set_aside import LISTED, REASONS, SetAsideRow
from tests.ingest.raw_tables import accepted, lines, raw_table, read, rejected, said, source

COMPLAINTS = "编号|地区|类别|登记日期|问题类别"
GOOD = "C1|兰州|投诉|2021-03-05|食品"
CASES = "案件编号|地区|领域|结案日期|罚款|没收"
CASE = "甘1|兰州|食品|2021-02-28|100|0"
ACCIDENTS = "地区|月份|领域|等级|起数|死亡人数"


def sent(table, heading, *rows, **how):
    return read(raw_table(source(table), "\n".join([heading, *rows]), **how))


def complaints(*rows, **how):
    return sent("complaints", COMPLAINTS, *rows, **how)


def cases(*rows, **how):
    return sent("cases", CASES, *rows, **how)


def accidents(*rows, **how):
    return sent("accidents", ACCIDENTS, *rows, **how)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("注：含撤回", "note"), ("注1：含撤回", "note"), ("备注：本表数据截至12月31日", "note"), ("说明 本表由消保处填报", "note"),
        ("1.本表由消保处填报", "note"), ("2、数据含撤回", "note"), ("以上数据截至2021年底", "note"), ("本表不含转办", "note"),
        ("资料来源：12315平台", "note"), ("※含撤回的工单", "note"), ("* 含撤回", "note"), ("（以平台数据为准）", "note"),
        ("单位：件", "note"), ("注：|罚没款不含没收物品的价值，另行统计", "note"),
        ("（此页无正文）", "page"), ("第1页 共3页", "page"), ("第 1 页，共 3 页", "page"), ("第1页||共3页", "page"), ("- 3 -", "page"),
        ("1/3", "page"), ("—— END ——", "page"), ("以下空白", "page"), ("-----", "page"),
        ("填表人：某甲||审核人：某乙", "signature"), ("联系人 某甲", "signature"), ("制表日期：2021-12-31", "signature"),
        ("负责人（签字）：", "signature"), ("2021年12月31日", "signature"), ("甘肃省市场监督管理局（盖章）", "signature"),
        ("一、投诉", "section"), ("2021年投诉台账（续）", "section"), ("兰州市消费投诉明细表", "section"),
        ("数据来源：|12315平台", "note"), ("兰州市市场监督管理局2021年12月31日", "signature"), ("共3条记录", "total"), ("Total", "total"),
        ("总　计", "total"), ("（二）举报", "section"),
        ("编号|地区|类别|登记日期|问题类别", "heading"), ("编 号|地区|类 别|登记日期|", "heading"),
        ("1|2|3|4|5", "numbering"), ("(1)|(2)|(3)|(4)|(5)", "numbering"), ("甲|乙|丙|1|2", "numbering"), ("①|②|③|④|⑤", "numbering"),
        ("合计：3件||||", "total"), ("本页小计||||", "total"), ("共 1 件", "total"), ("总数||||", "total"), ("|合计|||", "total"),
    ],
)  # fmt: skip
def test_a_line_below_the_rows_is_set_aside_and_listed(line, kind):
    some = complaints(GOOD, line)
    assert ([row[3] for row in lines(some)], rejected(some), len(accepted(some))) == ([kind], [], 1)


@pytest.mark.parametrize(
    "line",
    [
        "*C2|兰洲|投诉|2021-03-05|食品", "*C2|兰洲|||", "注：1|兰洲|||", "注1|兰洲|投诉||", "说明2|兰洲|头诉||", "1.2|兰洲|||",
        "备注|兰洲|||", "-|兰洲|||", "一、1|兰洲|||", "报送A1|兰洲|||", "电话12|||2021-03-05|", "注：1|兰州|投诉|2021-02-30|",
        "C2|合计|投诉|2021-03-05|", "小计1|兰洲|投诉|2021-03-05|", "合计某某公司|兰洲|||", "C2|兰洲|合计||", "C2||||", "12||||",
        "甘市监案〔2021〕12号||||", "2||3||", "C2|地区|投诉|2021-03-05|", "|兰州|投诉|2021-03-05|", "|兰洲|投诉|2021-03-05|",
        "C2|全省|投诉|2021-03-05|", "C2|甘肃全省|投诉|2021-03-05|", "第2批1|兰洲|||", "数据来源|兰洲|||", "totally|兰洲|投诉||",
    ],
)  # fmt: skip
def test_a_row_that_may_be_a_record_is_rejected_and_not_set_aside(line):
    some = complaints(GOOD, line)
    assert (lines(some), rejected(some), len(accepted(some))) == ([], [3], 1)


@pytest.mark.parametrize(
    "line",
    [
        "小计1|兰州|投诉|2021-03-05|食品", "C2|兰州|投诉|2021-03-05|说明书与实物不符", "C2|兰州|投诉|2021-03-05|合计",
        "注1|兰州|投诉|2021-03-05|", "*C2|兰州|投诉|2021-03-05|注：无", "合计宝公司|兰州|投诉|2021-03-05|", "例1号|兰州|投诉|2021-03-05|",
        "1|甘肃省|投诉|2021-03-05|食品", "累计A|兰州|投诉|2021-03-05|", "Total-1|兰州|投诉|2021-03-05|",
    ],
)  # fmt: skip
def test_a_record_that_looks_like_a_line_is_a_record(line):
    some = complaints(GOOD, line)
    assert (lines(some), rejected(some), len(accepted(some)), said(some)) == ([], [], 2, [])


@pytest.mark.parametrize(
    "word",
    ["合计", "小计", "合 计", "总　计", "总计(元)", "合计（元）：", "合计：2件", "共计", "全省合计", "兰州市小计", "总数", "2021年合计", "累计", "本页小计", "全省", "全市"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["{}|||||", "|{}||||"])
def test_a_total_in_any_words_is_compared_with_the_rows(word, place):
    right, wrong = (place.format(word).rsplit("|", 2)[0] + f"|{fine}|5" for fine in (300, 400))
    assert said(cases(CASE, "甘2|天水|食品|2021-02-28|200|5", right)) == []
    some = cases(CASE, "甘2|天水|食品|2021-02-28|200|5", wrong)
    assert said(some) == [
        f"cases.xlsx, sheet 2021, cell E4: the {word.strip()} of fine_yuan is 400.00, and the accepted rows above it add up to 300.00. "
        "Correct the one that is wrong, or send the rows that are missing."
    ]
    assert (rejected(some), len(accepted(some))) == ([], 2)


def test_a_total_that_fits_the_table_in_every_column_is_no_record():
    pledges = "质押编号|地区|登记日期|质押专利件数|融资金额"
    some = sent("ip_pledges", pledges, "A|兰州|2021-03-01|2|100", "合　计|甘肃省|2021-12-31|2|100", "合计宝|兰州|2021-03-01|1|50")
    assert (len(accepted(some)), said(some), lines(some)) == (2, [], [(3, "A3", "合 计 甘肃省 2021-12-31 2 100", "total")])


def test_the_number_of_records_that_a_total_speaks_of_is_compared():
    assert said(complaints(GOOD, "合计：1件")) == []
    assert said(complaints(GOOD, "合计：3件")) == [
        "complaints.xlsx, sheet 2021, row 3: the 合计：3件 speaks of 3 rows, and 1 rows were accepted. "
        "Correct the one that is wrong, or send the rows that are missing."
    ]


def test_totals_above_the_rows_and_since_the_first_row():
    rows = [CASE, "甘2|天水|食品|2021-02-28|200|5"]
    assert said(cases("合计||||300|5", *rows)) == []
    assert "is 400.00, and" in said(cases("合计||||400|5", *rows))[0]
    assert (
        said(cases(CASE, "本页小计||||100|0", "累计||||100|0", rows[1], "本页小计||||200|5", "累计||||300|5", "总计||||300|5"))
        == []
    )


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_totals_of_regions_are_compared_by_month_and_domain(at_once):
    rows = [f"{city}|2021-{month}|食品|一般|{count}|0" for month, count in (("01", 1), ("02", 2)) for city in ("兰州", "天水")]
    totals = ["合计|2021-01|食品|一般|2|0", "合计|2021-02|食品|一般|5|0"]
    some = accidents(*rows, *totals, at_once=at_once)
    assert said(some) == [
        "accidents.xlsx, sheet 2021, cell E7: the 合计 of count is 5, and the accepted rows above it add up to 4. "
        "Correct the one that is wrong, or send the rows that are missing."
    ]
    assert ([row[0] for row in lines(some)], rejected(some), len(accepted(some))) == ([6, 7], [], 4)


def test_the_line_of_the_whole_province_is_the_province_where_there_is_a_line_for_each_region():
    some = sent("population", "地区|年份|人口数|口径系列", "全省|2021|100|2020普查口径", "兰州|2021|40|2020普查口径")
    assert [(row["region"], row["persons"]) for row in accepted(some)] == [("620000", 100), ("620100", 40)]
    assert said(some) == []


def test_the_line_of_the_province_is_no_part_of_a_total():
    rows = ["全省|2021-01|食品|一般|3|0", "兰州|2021-01|食品|一般|1|0", "天水|2021-01|食品|一般|2|0"]
    some = accidents(*rows, "合计|2021-01|食品|一般|3|0", "小计||||3|0")
    assert (said(some), len(accepted(some))) == ([], 3)


def test_the_year_of_a_total_is_no_number_to_add_up():
    some = sent("population", "地区|年份|人口数|口径系列", "兰州|2021|40|口径", "天水|2021|30|口径", "合计|2021|70|")
    assert (said(some), [row[3] for row in lines(some)]) == ([], ["total"])


def test_a_province_with_nothing_but_numbers_is_a_total():
    some = cases(CASE, "|甘肃省|||100|0")
    assert (said(some), [row[3] for row in lines(some)], rejected(some)) == ([], ["total"], [])
    assert rejected(cases(CASE, "|兰州|||100|0")) == [3]


def test_lines_are_listed_with_their_place_and_text_but_no_names_and_numbers_of_persons():
    some = cases(CASE, "", "合计||||100|0", "填表人：张三||审核人：李四||", "注：电话13912345678", "联系人 张三")
    assert lines(some) == [
        (4, "A4", "合计 100 0", "total"), (5, "A5", "填表人…", "signature"), (6, "A6", "…", "note"), (7, "A7", "联系人…", "signature"),
    ]  # fmt: skip
    assert sum(batch.aside for batch in some) == 5


@pytest.mark.parametrize("id_", ["示例", "填写示例1", "（示例）2021-0001", "2021-0001（样例）"])
def test_an_example_is_left_out_with_a_warning(id_):
    some = complaints(f"{id_}|兰州|投诉|2021-01-01|食品", GOOD)
    assert ([row["complaint_id"] for row in accepted(some)], lines(some)[0][3]) == (["C1"], "example")
    assert said(some) == [
        "complaints.xlsx, sheet 2021, cell A2: the row is an example and is left out. Delete it; if it is a record, give it an id of its own."
    ]


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_another_table_below_is_told_of_once(at_once):
    some = complaints(GOOD, "", "类别|件数|||", "投诉|3|||", "举报|0|||", "合计|3|||", at_once=at_once)
    assert said(some) == [
        "complaints.xlsx, sheet 2021, row 4: from row 4 on there is another table, which is not read. Put it into a sheet of its own."
    ]
    assert (len(accepted(some)), rejected(some), [row[0] for row in lines(some)]) == (1, [4], [5, 6, 7])


def test_columns_in_another_order_further_down_are_another_table():
    some = cases(
        CASE, "案件编号|地区|领域|结案日期|没收|罚款", "甘2|兰州|食品|2021-02-28|100|0", CASES, "甘3|兰州|食品|2021-02-28|7|0"
    )
    assert ([row["case_id"] for row in accepted(some)], rejected(some)) == (["甘1", "甘3"], [3, 4])
    assert said(some) == [
        "cases.xlsx, sheet 2021, row 3: from row 3 on there is another table, which is not read. Put it into a sheet of its own.",
        "cases.xlsx, sheet 2021, row 4: it stands below the heading of another table, in row 3. Put that table into a sheet of its own.",
    ]


def test_a_line_with_nothing_in_the_columns_of_the_table_is_none():
    some = sent("complaints", f"序号|{COMPLAINTS}", f"1|{GOOD}", "2|||||", "|||||")
    assert (lines(some), rejected(some), sum(batch.aside for batch in some)) == ([(3, "A3", "2", "unused")], [], 2)


@pytest.mark.parametrize(("locale", "reason"), [("C", 0), ("zh_CN.UTF-8", 1)])
def test_the_reason_is_in_the_language_of_messages(monkeypatch, locale, reason):
    monkeypatch.setenv("LC_ALL", locale)
    assert [SetAsideRow(1, "", "", kind).reason for kind in REASONS] == [both[reason] for both in REASONS.values()]


def test_so_many_lines_of_a_batch_are_listed_and_the_others_counted():
    [batch] = complaints(GOOD, *["注：含撤回"] * (LISTED + 3))
    assert (len(batch.lines), batch.more_lines, batch.aside) == (LISTED, 3, LISTED + 3)
