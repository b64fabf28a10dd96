"""Merged cells, ditto marks and what readers notice: words are filled down, numbers are asked for."""

import pytest

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.raw_table import CellRemark, MergedCells
from tests.ingest.raw_tables import accepted, lines, raw_table, read, rejected, said, source

CASES = "案件编号|地区|领域|结案日期|罚款|没收"


def cases(*rows, **how):
    return read(raw_table(source("cases"), "\n".join([CASES, *rows]), **how))


@pytest.mark.parametrize("at_once", [1, 1000])
def test_a_number_merged_over_rows_is_asked_for_in_each_of_them(at_once):
    rows = ["甘1|兰州|食品|2021-03-05|5|0", "甘2|兰州|食品|2021-03-05|5|0", "甘3|兰州|食品|2021-03-05|5|0", "合计||||10|0"]
    some = cases(*rows, merged=(MergedCells(2, 3, ("E",)), MergedCells(2, 4, ("B",)), MergedCells(5, 6, ("E",))), at_once=at_once)
    says = "E2:E3 is merged, and how often its number counts is not sure. Unmerge it and give each row its own number, 0 where it has none."
    assert [line for line in said(some) if "add up" not in line] == [
        f"cases.xlsx, sheet 2021, cell E{row}: {says}" for row in (2, 3)
    ]
    assert (rejected(some), [row["case_id"] for row in accepted(some)]) == ([2, 3], ["甘3"])


def test_a_cell_merged_over_two_columns_is_asked_for_and_merged_notes_and_headings_are_not():
    rows = ["甘1|兰州|食品|2021-03-05|5|", "甘2|兰州|食品|2021-03-05|5|0", "注：含没收|||||", "合计||||5|"]
    merged = (MergedCells(2, 2, ("E", "F")), MergedCells(1, 1, ("E", "F")), MergedCells(4, 4, tuple("ABCDEF")), MergedCells(5, 5, ("E", "F")))  # fmt: skip
    some = cases(*rows, merged=merged)
    says = "E2:F2 is merged over several columns, and which of them its number belongs to is not sure. Unmerge it and put the number into its column."
    assert f"cases.xlsx, sheet 2021, cell E2: {says}" in said(some)
    assert (rejected(some), [row[0] for row in lines(some)]) == ([2], [4, 5])


def test_empty_merged_cells_of_numbers_hold_none():
    heading = "编号|地区|类别|登记日期|挽回损失"
    rows = [heading, "C1|兰州|投诉|2021-03-05|", "C2|兰州|投诉|2021-03-05|"]
    assert len(accepted(read(raw_table(source("complaints"), "\n".join(rows), merged=(MergedCells(2, 3, ("E",)),))))) == 2


@pytest.mark.parametrize("mark", ["同上", "〃", "″", '"', "”", " 同上 "])
@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_ditto_marks_repeat_the_row_above(mark, at_once):
    some = cases("甘1|兰州|食品|2021-03-05|1|0", f"甘2|{mark}|{mark}|{mark}|2|0", f"甘3|{mark}|药品|{mark}|3|0", at_once=at_once)
    assert said(some) == []
    assert [(row["region"], row["field"], str(row["closed_on"])) for row in accepted(some)] == [
        ("620100", "food", "2021-03-05"), ("620100", "food", "2021-03-05"), ("620100", "drug", "2021-03-05"),
    ]  # fmt: skip


def test_a_ditto_mark_repeats_words_of_any_kind_but_not_what_is_empty():
    heading = "隐患编号|地区|领域|等级|发现日期|整改措施|整改期限"
    rows = ["H1|兰州|食品|一般|2021-03-05|停业整改|2021-04-05", "H2|兰州|食品|一般|2021-03-05|同上|2021-04-05",
            "H3|兰州|食品|一般|2021-03-05||2021-04-05", "H4|兰州|食品|一般|2021-03-05|同上|2021-04-05"]  # fmt: skip
    some = read(raw_table(source("hazards"), "\n".join([heading, *rows])))
    assert [row["measure"] for row in accepted(some)] == ["停业整改", "停业整改", None]
    assert said(some) == [
        "hazards.xlsx, sheet 2021, cell F5: measure is '同上'. The row above has no value that it could repeat: write it out."
    ]


@pytest.mark.parametrize(
    ("rows", "cell", "says"),
    [
        (["甘1|兰洲|食品|2021-03-05|1|0", "甘2|同上|食品|2021-03-05|1|0"], "B3", "region is '同上'. The row above has no value that it could repeat: write it out."),
        (["合计||||0|0", "甘2|同上|食品|2021-03-05|1|0"], "B3", "region is '同上'. The row above has no value that it could repeat: write it out."),
        (["甘1|兰州|食品|2021-03-05|1|0", "〃|兰州|食品|2021-03-05|1|0"], "A3", "case_id is '〃'. An id is written out in every row."),
    ],
)  # fmt: skip
def test_a_ditto_mark_with_nothing_to_repeat_is_asked(rows, cell, says):
    some = cases(*rows)
    assert f"cases.xlsx, sheet 2021, cell {cell}: {says}" in said(some)
    assert 3 in rejected(some)


def test_a_number_has_no_ditto_mark_and_a_blank_region_is_not_guessed():
    some = cases("甘1|兰州|食品|2021-03-05|1|0", "甘2|兰州|食品|2021-03-05|同上|0", "甘3||食品|2021-03-05|1|0")
    assert (rejected(some), [line.split(": ")[0][-2:] for line in said(some)]) == ([3, 4], ["B4", "E3"])


def remark(severity, row, column="", value=""):
    return CellRemark(severity, "struck through", row, column, value, "the text is struck through. Delete the row, or take the line off.")  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 1000])
def test_what_a_reader_remarks_of_a_cell_is_a_finding_and_an_error_rejects_the_row(at_once):
    remarks = [remark("error", 3, "A", "甘2"), remark("warning", 2, "G"), remark("error", 4), remark("warning", None), remark("error", 5, "A"), remark("warning", 1, "B")]  # fmt: skip
    some = cases(
        *(f"甘{number}|兰州|食品|2021-03-05|1|0|" for number in (1, 2, 3)), "合计||||1|0", remarks=remarks, at_once=at_once
    )
    says = "the text is struck through. Delete the row, or take the line off."
    places = [", cell G2", ", cell A3", ", row 4", "", ", cell B1"]
    assert sorted(said(some)) == sorted(f"cases.xlsx, sheet 2021{place}: {says}" for place in places)
    assert (rejected(some), [row["case_id"] for row in accepted(some)]) == ([3, 4], ["甘1"])
    assert {reason for batch in some for reason in batch.rejected["reason"].to_pylist()} == {says}


def test_a_remark_that_is_made_while_the_rows_are_read_counts():
    of = raw_table(source("cases"), f"{CASES}\n甘1|兰州|食品|2021-03-05|1|0\n甘2|兰州|食品|2021-03-05|1|0", at_once=1)
    plain = of.rows

    def rows(first):
        for batch in plain(first):
            of.remarks.append(remark("error", batch["row"][0].as_py(), "A"))
            yield batch

    some = read(type(of)(of.source, of.sheet, of.typed, of.names, of.head, rows, remarks=of.remarks))
    assert (rejected(some), len(accepted(some))) == ([2, 3], 0)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["〃|兰州|食品|2021-03-05|1|0"], ("“〃”上方没有可以照抄的内容。", "请直接填写内容，编号须逐行填写。")),
        (["示例|兰州|食品|2021-03-05|1|0"], ("“示例”是示例行，未计入。", "请删除示例行；确为记录的，请填写编号。")),
        (["", "领域|件数||||"], ("本行起为另一张表，未予采用。", "请将另一张表放入单独的工作表。")),
    ],
)  # fmt: skip
def test_the_office_reads_it_in_chinese(rows, says):
    [finding] = [finding for batch in cases(*rows) for of_rule in batch.rule_findings for finding in of_rule.findings]
    assert messages_zh.problem_and_remedy(finding) == says


def test_a_merged_number_in_chinese():
    [batch] = cases("甘1|兰州|食品|2021-03-05|1|0", "甘2|兰州|食品|2021-03-05|1|0", merged=(MergedCells(2, 3, ("E",)),))
    assert messages_zh.problem_and_remedy(batch.rule_findings[0].findings[0]) == (
        "数字“1”为合并单元格，无法判断计一次还是计多次。",
        "请取消合并，逐行填写；没有的填0。",
    )
