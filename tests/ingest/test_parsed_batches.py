"""Of every row that was read it is known what became of it."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from city_briefs.analysis.ingest import match_headers, parse_batches
from city_briefs.analysis.ingest.batch import accepted_schema, rejected_schema
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.source import ColumnMapping
from city_briefs.common.errors import DataError
from city_briefs.model.tables import TABLES
from tests.ingest.raw_tables import GANSU, accepted, raw_table, read, said, source, typed

HEAD = "案件编号|地区|领域|结案日期|罚款（万元）|没收"
CASE = "甘1|兰州|食品|2021-02-28|1.5|0"


def cases(*lines, **how):
    return read(raw_table(source("cases"), "\n".join([HEAD, *lines]), **how))


def test_rows_become_those_of_the_table():
    [batch] = cases(CASE)
    assert (batch.accepted.schema, batch.rejected.schema) == (accepted_schema(TABLES["cases"]), rejected_schema(TABLES["cases"]))
    assert batch.accepted.to_pylist() == [
        {"case_id": "甘1", "region": "620100", "field": "food", "closed_on": date(2021, 2, 28), "fine_yuan": Decimal("15000.00"),
         "confiscated_yuan": Decimal("0.00"), "published": None, "row": 2},
    ]  # fmt: skip
    assert (batch.rule_findings, batch.aside, len(batch.rejected)) == ((), 0, 0)


def test_a_rejected_number_keeps_the_unit_that_its_heading_had_so_that_it_can_be_sent_again():
    [batch] = cases("甘2|兰洲|食品|2021-02-28|1.5|0")
    assert batch.rejected["fine_yuan"].to_pylist() == ["1.5万元"]
    mended = "|".join(batch.rejected.schema.names[:6]) + "\n" + "甘2|兰州|食品|2021-02-28|1.5万元|0"
    [again] = read(raw_table(source("cases"), mended))
    assert again.accepted["fine_yuan"].to_pylist() == [Decimal("15000.00")]


def test_a_row_that_does_not_fit_is_rejected_with_all_its_reasons_and_as_it_was_sent():
    [batch] = cases(CASE, "甘2|兰洲|食品|2021-02-30|1|", CASE)
    region = "region is '兰洲'. It is not in regions.csv: add it there, or count the row under a region that is. Did you mean 兰州市 (620100)?"
    day = (
        "closed_on is '2021-02-30'. It must be a date such as 2021-02-28, of a year between 1900 and 2999; "
        "one that is not known is left empty."
    )
    empty = "confiscated_yuan is empty. Every row has one."
    assert batch.rejected.to_pylist() == [
        {"case_id": "甘2", "region": "兰洲", "field": "食品", "closed_on": "2021-02-30", "fine_yuan": "1万元", "confiscated_yuan": None,
         "published": None, "row": 3, "reason": f"{region} {day} {empty}"},
    ]  # fmt: skip
    assert batch.accepted[ROW].to_pylist() == [2, 4]
    found = [fault.findings[0] for fault in batch.rule_findings]
    assert [(one.severity, one.rule, one.file, one.sheet, one.cell, one.row, one.value) for one in found] == [
        ("error", "known region", "cases.xlsx", "2021", "B3", 3, "兰洲"),
        ("error", "type", "cases.xlsx", "2021", "D3", 3, "2021-02-30"),
        ("error", "required", "cases.xlsx", "2021", "F3", 3, ""),
    ]
    assert said([batch]) == [
        f"cases.xlsx, sheet 2021, cell B3: {region}",
        f"cases.xlsx, sheet 2021, cell D3: {day}",
        f"cases.xlsx, sheet 2021, cell F3: {empty}",
    ]


def test_in_a_file_without_cells_the_row_is_named():
    some = read(raw_table(source("complaints", "complaints.csv"), "编号|地区|类别|登记日期\n1|兰州|头诉|2021-01-01", sheet=""))
    assert said(some) == [
        "complaints.csv, row 2: kind is '头诉'. It must be one of 投诉, 举报, 咨询 (complaint, report, enquiry). Did you mean 投诉?"
    ]


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_blanks_notes_and_totals_are_set_aside_and_sums_agree(at_once):
    some = cases(
        CASE, "甘2|天水|食品|2021-02-28|2|10", "|||||", "小计||||3.5|10", "甘3|天水|食品|2021-02-28|1|1", "全省合 计：||||4.5|11",
        "注：罚款不含没收。|||||", "填表人：张三 13912345678|||审核人：李四||", at_once=at_once,
    )  # fmt: skip
    assert (sum(len(batch.accepted) for batch in some), sum(len(batch.rejected) for batch in some)) == (3, 0)
    assert (sum(batch.aside for batch in some), said(some)) == (5, [])


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_a_total_that_is_not_the_sum_of_its_rows(at_once):
    some = cases(
        CASE, "|小计|||1.4|0", CASE, "甘2|兰洲|食品|2021-02-28|1|0", "|合计|||4|0", CASE, "|合计|||1.5|", at_once=at_once
    )
    assert [line for line in said(some) if "add up" in line] == [
        "cases.xlsx, sheet 2021, cell E3: the 小计 of fine_yuan is 14000.00, and the accepted rows above it add up to 15000.00. "
        "Correct the one that is wrong, or send the rows that are missing.",
        "cases.xlsx, sheet 2021, cell E6: the 合计 of fine_yuan is 40000.00, and the accepted rows above it add up to 30000.00. "
        "Correct the one that is wrong, or send the rows that are missing.",
    ]
    assert sum(len(batch.rejected) for batch in some) == 1


def test_a_row_that_only_looks_like_a_note_is_not_lost():
    [batch] = cases("注：1|兰州|食品|2021-02-30|1|0")
    assert (len(batch.rejected), batch.aside) == (1, 0)


def test_a_row_with_more_cells_than_the_heading_is_rejected():
    of = raw_table(source("cases"), f"{HEAD}\n{CASE}")
    plain = of.rows

    def rows(first):
        for batch in plain(first):
            yield batch.set_column(batch.schema.get_field_index("surplus"), "surplus", pa.array(["1"]))

    [batch] = parse_batches.read(type(of)(of.source, of.sheet, of.typed, of.names, of.head, rows), match_headers.match(of), GANSU)
    assert said([batch]) == [
        "cases.xlsx, sheet 2021, row 2: the row has more cells than the heading, so that none is sure to be in its place. "
        "Put one into each column."
    ]
    assert (len(batch.accepted), len(batch.rejected)) == (0, 1)


def test_constants_and_row_numbers():
    columns = {"trademark_id": ColumnMapping(constant="GS-#"), "region": ColumnMapping(constant="兰州")}
    some = read(raw_table(source("trademarks", columns=columns), "注册日\n2021-01-01\n\n2021-01-02"))
    assert [(row["trademark_id"], row["region"]) for row in accepted(some)] == [("GS-2", "620100"), ("GS-4", "620100")]
    assert sum(batch.aside for batch in some) == 1


def test_a_constant_that_is_wrong_rejects_every_row():
    [batch] = read(
        raw_table(source("trademarks", columns={"region": ColumnMapping(constant="兰洲")}), "商标编号|注册日\n1|2021-01-01")
    )
    assert said([batch])[0].startswith("trademarks.xlsx, sheet 2021, row 2: region is '兰洲'. It is not in regions.csv")


@pytest.mark.parametrize(
    ("line", "says"),
    [("甘2|兰州|食品|2021-02-28|1|0|13912345678", "column G: row 3 has a mobile number"),
     ("甘2|兰州|13912345678|2021-02-28|1|0|", "column C: row 3 has a mobile number"),
     ("11010519491231002X|兰州|食品|2021-02-28|1|0|", "column A: row 3 has an identity number")],
)  # fmt: skip
def test_personal_numbers_are_refused_kept_or_not(line, says):
    of = raw_table(source("cases"), f"{HEAD}|备注\n{CASE}|\n{line}")
    with pytest.raises(DataError) as error:
        read(of)
    assert f"cases.xlsx, sheet 2021, {says}, which no snapshot holds." in str(error.value)


def test_a_dropped_column_is_not_read():
    of = raw_table(source("cases", drop=("备注",)), f"{HEAD}|备注\n{CASE}|13912345678")
    assert len(accepted(read(of))) == 1


def test_types_pass_or_are_read_as_text():
    table = pa.table(
        {
            "编号": pa.array([1, 2]),
            "region": pa.array(["兰州", "620200"]).dictionary_encode(),
            "domain": ["食品", "drug"],
            "sampled_on": pa.array(["2021-02-28T23:30:00", "1965-01-01T23:00:00"]).cast(pa.timestamp("us")),
            "passed": [True, False],
        }
    ).rename_columns({"编号": "batch_id"})
    assert accepted(read(typed(source("spot_checks", "s.parquet"), table))) == [
        {"batch_id": "1", "region": "620100", "domain": "food", "category": None, "sampled_on": date(2021, 2, 28), "passed": True, "retest_of": None},
        {"batch_id": "2", "region": "620200", "domain": "drug", "category": None, "sampled_on": date(1965, 1, 1), "passed": False, "retest_of": None},
    ]  # fmt: skip


def test_numbers_with_types_are_exact_or_refused():
    table = pa.table({"region": [620100] * 3, "month": ["2021-01"] * 3, "indicator": ["new_entities"] * 3, "span": ["month"] * 3,
                      "numerator": [0.1, 1e6, float("nan")]})  # fmt: skip
    some = read(typed(source("returns", "returns.parquet"), table))
    assert [row["numerator"] for row in accepted(some)] == [Decimal("0.100000"), Decimal("1000000.000000")]
    assert said(some) == ["returns.parquet, row 3: numerator is 'nan'. It must be a number with at most 6 decimals of 户."]


def test_what_is_wrong_everywhere_is_listed_twenty_times_and_counted():
    [batch] = cases(*["甘|兰洲|食品|2021-02-28|1|0"] * 50)
    [faults] = batch.rule_findings
    assert (len(faults.findings), faults.total, len(batch.rejected)) == (20, 50, 50)


def test_what_is_only_said_of_a_row_does_not_reject_it():
    for lines in (["甘1|兰州|投诉|2021-02-28|#N/A"], ["甘1|兰州|投诉|2021-02-28|#N/A", "甘2|兰洲|投诉|2021-02-28|"]):
        [batch] = read(raw_table(source("complaints"), "\n".join(["编号|地区|类别|登记日期|问题类别", *lines])))
        assert [row["complaint_id"] for row in batch.accepted.to_pylist()] == ["甘1"]
        [warning] = [each for of_rule in batch.rule_findings for each in of_rule.findings if each.severity == "warning"]
        assert (warning.rule, warning.cell, warning.value) == ("failed formula", "E2", "#N/A")


def test_an_id_with_a_sign_that_nobody_sees_is_that_without():
    [batch] = cases("甘1\u200e|兰州|食品|2021-02-28|1|0", "甘1|兰州|食品|2021-02-28|1|0")
    assert batch.accepted["case_id"].to_pylist() == ["甘1", "甘1"]


def test_a_heading_is_read_without_what_nobody_sees():
    [batch] = read(raw_table(source("cases"), HEAD.replace("编号", "\ufeff编\u200b号") + "\n" + CASE))
    assert batch.accepted["case_id"].to_pylist() == ["甘1"]
