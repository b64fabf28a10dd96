"""What is wrong between rows and files is found, said with its place, and kept out when it is an error."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from city_briefs.analysis.ingest import checks
from city_briefs.analysis.ingest.batch import ParsedBatch, accepted_schema, rejected_schema
from city_briefs.analysis.ingest.coverage import coverage
from city_briefs.analysis.ingest.silent_months import silent_months
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.source_sheet import SourceSheet
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.model.tables import ACCIDENTS, COLD_CHAIN, COMPLAINTS, ELEVATOR_RESCUES, ENTITIES, HAZARDS, PRICES, RETURNS
from tests.ingest.staged import GANSU, kept, put, reasons, source, texts

DAY = date(2022, 1, 5)
HEAD = "region month indicator numerator denominator span\n"
ENTITY = {"entity_id": "A", "region": "620100", "kind": "enterprise", "registered_on": "2021-03-01"}


def warned(staging, *sources):
    assert checks.reject_errors(staging, GANSU, DAY) == []
    covered = coverage(staging, sources or [sheet.source for sheet in staging.sheets], GANSU)
    found = checks.warnings(staging, GANSU, covered, silent=silent_months(staging, covered, ()))
    assert {finding.severity for finding in found} <= {"warning"}
    return found


def errors(staging):
    found = checks.reject_errors(staging, GANSU, DAY)
    assert {finding.severity for one in found for finding in one.findings} <= {"error"}
    return texts(found)


def complaints(counts, region="620100"):
    """So many complaints in each month from January 2020 on."""
    return [
        {"complaint_id": f"{region}-{month}-{number}", "region": region, "kind": "complaint", "received_on": f"{2020 + month // 12}-{month % 12 + 1:02}-15"}
        for month, count in enumerate(counts) for number in range(count)
    ]  # fmt: skip


def returned(values, indicator="honoured_individuals", first=2020, span="month", region="620100"):
    """A row for each month from January on; None is left out."""
    return HEAD + "\n".join(
        f"{region} {first + month // 12}-{month % 12 + 1:02} {indicator} {value} - {span}"
        for month, value in enumerate(values) if value is not None
    )  # fmt: skip


def test_clean_rows_are_all_kept_and_nothing_is_said(staging):
    put(staging, source(ENTITIES), [ENTITY, ENTITY | {"entity_id": "B", "cancelled_on": "2021-03-01"}])
    assert warned(staging) == []
    assert [(count.accepted, count.rejected) for count in staging.counts] == [(2, 0)]


def test_a_row_that_breaks_rules_is_rejected_with_all_its_reasons(staging):
    put(staging, source(ENTITIES), [ENTITY, ENTITY | {"entity_id": "B", "region": "9", "cancelled_on": "2021-02-01"}])
    region = "region is '9'. It is not in regions.csv: add it there, or count the row under a region that is."
    order = "cancelled_on 2021-02-01 is before registered_on 2021-03-01. Correct the one that is wrong."
    assert errors(staging) == [f"entities.csv, row 3: {region}", f"entities.csv, row 3: {order}"]
    assert reasons(staging, ENTITIES) == [(3, f"{order} {region}")]
    assert kept(staging, ENTITIES, "entity_id") == [("A",)]


def test_an_error_names_its_cell_where_there_are_cells(staging):
    sheet = SourceSheet(DataSource("电梯.xlsx", "xlsx", "电梯.xlsx", ELEVATOR_RESCUES), "2021", {"persons": "E"})
    put(staging, sheet, "rescue_id region occurred_on persons\n1 620100 2021-01-01 -3")
    found = checks.reject_errors(staging, GANSU, DAY)[0].findings[0]
    assert found.text == "电梯.xlsx, sheet 2021, cell E2: persons is '-3'. It cannot be below zero: correct the number."
    assert (found.file, found.sheet, found.cell, found.row, found.value) == ("电梯.xlsx", "2021", "E2", 2, "-3")


def test_only_so_many_are_listed_and_all_are_rejected(staging):
    put(staging, source(ENTITIES), [ENTITY | {"entity_id": str(number), "region": "9"} for number in range(50)])
    found = checks.reject_errors(staging, GANSU, DAY)
    assert [(len(one.findings), one.total) for one in found] == [(20, 50)]
    assert [(count.accepted, count.rejected) for count in staging.counts] == [(0, 50)]


def test_a_long_value_is_cut(staging):
    put(staging, source(ENTITIES), [ENTITY | {"region": "9" * 100}])
    assert errors(staging)[0].startswith(f"entities.csv, row 2: region is '{'9' * 60}…'. ")


def test_a_row_that_was_sent_again_is_rejected_and_told_where_the_first_stands(staging):
    put(staging, source(ENTITIES, "a.csv"), [ENTITY, ENTITY | {"entity_id": "B"}])
    put(staging, source(ENTITIES, "b.csv"), [ENTITY])
    assert errors(staging) == [
        "b.csv, row 2: entity_id 'A' stands in row 2 of a.csv already, with the same values. Leave one out."
    ]
    assert kept(staging, ENTITIES, "entity_id", "sheet") == [("A", 0), ("B", 0)]


def test_another_row_of_the_same_key_is_rejected_with_both_values(staging):
    given = [ENTITY, ENTITY | {"region": "620200", "kind": None}, ENTITY]
    put(staging, source(ENTITIES), given)
    assert errors(staging) == [
        "entities.csv, row 4: entity_id 'A' stands in row 2 of entities.csv already, with the same values. Leave one out.",
        "entities.csv, row 3: entity_id 'A' stands in row 2 of entities.csv already, where region is '620100' and here '620200', "
        "kind is 'enterprise' and here ''. Keep the one that is right.",
    ]


def test_a_row_does_not_repeat_one_that_was_rejected_itself(staging):
    put(staging, source(ENTITIES), [ENTITY | {"region": "9"}, ENTITY])
    assert len(errors(staging)) == 1
    assert kept(staging, ENTITIES, "entity_id", "row") == [("A", 3)]


def test_a_table_without_a_key_has_no_repeats(staging):
    price = "620100 2021-01-01 rice 4.00 5.00"
    put(staging, source(PRICES), f"region observed_on commodity purchase_yuan sale_yuan\n{price}\n{price}")
    assert errors(staging) == []


def test_no_date_lies_after_the_day_on_which_it_was_sent_or_after_the_declared_period(staging):
    put(
        staging,
        source(ENTITIES, "a.csv"),
        [ENTITY | {"registered_on": "2022-01-05"}, ENTITY | {"entity_id": "B", "cancelled_on": "2022-01-06"}],
    )
    put(
        staging,
        source(ENTITIES, "b.csv", period=("2021-01", "2021-11")),
        [ENTITY | {"entity_id": "C", "registered_on": "2021-12-01"}],
    )
    assert errors(staging) == [
        "b.csv, row 2: registered_on is '2021-12-01', after 2021-11-30, the last day of the declared period. "
        "Correct it, or declare a later period.",
        "a.csv, row 3: cancelled_on is '2022-01-06', after 2022-01-05, the day on which it was sent. "
        "Correct it, or declare a later period.",
    ]  # fmt: skip


def test_a_month_may_not_lie_ahead_and_a_due_date_may(staging):
    put(staging, source(HAZARDS), "hazard_id region domain level found_on due_on\n1 620100 food major 2021-12-01 2022-03-01")
    put(staging, source(RETURNS), returned([5], first=2022) + "\n" + returned([5], first=2023).splitlines()[1])
    assert errors(staging) == [
        "returns.csv, row 3: month is '2023-01', after 2022-01-05, the day on which it was sent. Correct it, or declare a later period."
    ]


def test_a_row_from_before_the_declared_period_stays_with_a_warning(staging):
    put(
        staging,
        source(ENTITIES, period=("2021-04", "2021-12")),
        [ENTITY, ENTITY | {"entity_id": "B", "registered_on": "2021-04-01"}],
    )
    put(staging, source(ENTITIES, "undeclared.csv"), [ENTITY | {"entity_id": "C"}])
    assert texts(warned(staging)) == [
        "entities.csv, row 2: registered_on is '2021-03-01', before 2021-04, the first month of the declared period. "
        "Correct it, or declare it earlier."
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("entity_stock 5 - month", "span is 'month'. entity_stock is returned as it stands at the end of a month: write as_of."),
        ("entity_stock 5 - year_to_date", "span is 'year_to_date'. entity_stock is returned as it stands at the end of a month: write as_of."),
        ("new_entities 5 - as_of", "span is 'as_of'. new_entities is returned for a month: write month, or year_to_date for the sum since January."),
        ("food_pass_rate 5 - month", "denominator is empty. food_pass_rate is a ratio, and is returned with both halves."),
    ],
)  # fmt: skip
def test_a_return_that_cannot_be_read_as_its_metric_is_rejected(staging, line, says):
    put(staging, source(RETURNS), f"{HEAD}620100 2021-01 {line}")
    assert errors(staging) == [f"returns.csv, row 2: {says}"]


@pytest.mark.parametrize("place", [0, 1, 2, 3, 5, 8])
@pytest.mark.parametrize(
    ("factor", "times"), [(10_000, "10,000 times more"), (0.0001, "10,000 times less"), (10, "10 times more")]
)
def test_a_figure_in_another_unit_is_found_wherever_it_stands_and_no_other(staging, place, factor, times):
    values = [400, 410, 420, 400, 390, 400, 430, 420, 410]
    values[place] = f"{values[place] * factor:.4f}"
    put(staging, source(RETURNS), returned(values))
    found = [finding for finding in warned(staging) if "times" in finding.rule]
    assert [finding.row for finding in found] == [place + 2]
    assert times in found[0].text


def test_the_myriad_slip_is_said_whole(staging):
    put(staging, source(RETURNS), returned([400, 410, 420, "0.0400"]))
    assert texts(warned(staging)) == [
        "returns.csv, row 5: honoured_individuals of 620100 for 2020-04: numerator is '0.04', some 10,000 times less than in the months "
        "near it (about 410). See whether it is in 万: write it in the unit of honoured_individuals."
    ]


def test_a_small_or_restless_figure_may_be_ten_times_another(staging):
    put(staging, source(RETURNS), returned([2, 20, 3, 1, 30, 400, 30, 90, 4000, 400]))
    assert warned(staging) == []


def test_last_years_figure_is_found_when_it_is_large_or_a_quarters(staging):
    values = [100 + month * 7 for month in range(24)]
    values[12], values[15], values[20:23] = values[0], 4_321, values[8:11]
    values[3] = 4_321
    put(staging, source(RETURNS), returned(values))
    found = [finding for finding in warned(staging) if finding.rule == "last year's figure"]
    assert [finding.row for finding in found] == [17, 22, 23, 24]
    assert found[0].text == (
        "returns.csv, row 17: honoured_individuals of 620100 for 2021-04: numerator is '4321', as it was in 2020-04. "
        "See whether last year's figure was sent again."
    )


def test_a_stock_may_stand_still(staging):
    put(staging, source(RETURNS), returned([5_000] * 24, "direct_units", span="as_of"))
    assert warned(staging) == []


def test_a_month_between_others_that_was_not_returned_is_named(staging):
    put(staging, source(RETURNS), returned([40, 41, None, 43, None, 42]))
    assert texts(warned(staging)) == [
        "returns: honoured_individuals of 620100 was not returned for 2020-03, 2020-05. Send it; a zero is a figure too."
    ]


def test_what_is_returned_once_a_year_lacks_no_month(staging):
    put(staging, source(RETURNS), returned([None] * 11 + [40] + [None] * 11 + [41]))
    assert warned(staging) == []


def test_a_month_without_records_between_months_with_many_is_named(staging):
    put(staging, source(COMPLAINTS), complaints([40, 50, 40, 0, 45, 40, 50]))
    assert texts(warned(staging)) == [
        "complaints: 兰州市 (620100) has no row for 2020-04 (received_on), where the months around it have about 42. "
        "Send the rows of that month, if there are any."
    ]


def test_ten_times_the_records_of_the_months_around_are_named(staging):
    put(staging, source(COMPLAINTS), complaints([40, 50, 40, 440, 45, 40, 50]))
    assert texts(warned(staging)) == [
        "complaints: 620100 has 440 rows for 2020-04 (received_on), where the months around it have about 42. "
        "See whether rows are missing, or stand there that belong elsewhere."
    ]


def test_few_records_and_what_comes_once_a_year_are_ordinary(staging):
    put(
        staging,
        source(COMPLAINTS),
        [*complaints([2, 3, 0, 4, 20, 3, 2]), *complaints(([0, 0, 40, 45, 50] + [0] * 7) * 2, "620200")],
    )
    assert [finding for finding in warned(staging) if finding.table == "complaints"] == []


def test_what_the_tables_are_to_each_other_is_found_with_its_place(staging):
    put(staging, source(ACCIDENTS, "事故.csv"), "region month domain grade count\n620100 2021-01 food ordinary 0")
    put(staging, source(COLD_CHAIN), "movement_id region hub direction moved_on tonnes\n1 620100 A out 2021-01-01 5")
    put(staging, source(ENTITIES), [ENTITY | {"converted_from": "Z"}])
    put(staging, source(RETURNS), returned([5]) + "\n" + returned([6], region="620000").splitlines()[1])
    put(staging, source(ELEVATOR_RESCUES, "b.csv"), "rescue_id region occurred_on persons\n1 620100 2021-01-01 51")
    found = {finding.rule: finding.text for finding in warned(staging)}
    assert sorted(found) == ["cold-chain balance", "persons per rescue", "reference", "sum of the regions", "zero is reported"]
    assert found["reference"].startswith("entities.csv, row 2: converted_from 'Z' is in no row of entities.")
    assert found["persons per rescue"].startswith("b.csv, row 2: persons is 51.")
    assert found["sum of the regions"].startswith(
        "returns.csv, row 3: honoured_individuals of 620000 for 2020-01 has the numerator 6, "
    )


def test_the_demo_province_has_no_jumps_and_its_planted_slip_is_found(demo_province, tmp_path):
    returns = pq.read_table(demo_province.path / "returns.parquet")
    place = next(number for number, row in enumerate(returns.to_pylist()) if (row["region"], row["month"], row["indicator"]) == ("620100", "2019-06", "verified_instruments"))  # fmt: skip
    numerators = returns["numerator"].to_pylist()
    numerators[place] /= 10_000
    slipped = returns.set_column(3, returns.schema.field(3), pa.array(numerators, returns.schema.field(3).type))
    with StagingArea(tmp_path / "snapshot") as staging:
        numbered = slipped.append_column("row", pa.arange(2, len(returns) + 2)).cast(accepted_schema(RETURNS))
        staging.add(SourceSheet(source(RETURNS)), ParsedBatch(numbered, rejected_schema(RETURNS).empty_table()))
        checks.reject_errors(staging, GANSU, date(2023, 1, 5))
        found = [finding for one in checks.suspicious_returns.suspicious_return_findings(staging) for finding in one.findings]
    assert [(finding.rule, finding.row) for finding in found] == [("ten thousand times", place + 2)]
