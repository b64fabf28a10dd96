"""What is wrong with tables is said in sentences that name table, row, column and value."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from city_briefs.analysis.validation import LIMIT, Finding, findings
from city_briefs.common import regions
from city_briefs.model.tables import (
    ACCIDENTS,
    CASES,
    COLD_CHAIN,
    COMPLAINTS,
    COVERAGE,
    CREDIT_RATINGS,
    ELEVATOR_RESCUES,
    ENTITIES,
    HAZARDS,
    POPULATION,
    PRICES,
    RETURNS,
    TABLES,
)
from tests.conftest import REAL, arrow, covered, rows
from tests.helpers import ROOT

GANSU = regions.read(ROOT / "data/reference/regions.csv")
ENTITY = {"entity_id": "A", "region": "620100", "kind": "enterprise", "registered_on": "2021-01-01"}
RESCUE = {"rescue_id": "1", "region": "620100", "occurred_on": "2021-01-01", "persons": "3"}
COMPLAINT = {"complaint_id": "1", "region": "620100", "kind": "complaint", "received_on": "2021-01-01"}
CASE = {
    "case_id": "1", "region": "620100", "field": "food", "closed_on": "2021-01-01", "fine_yuan": "0", "confiscated_yuan": "0",
}  # fmt: skip
ZEROS = """
    region  month    domain             grade     count
    620100  2021-01  food               ordinary  0
    620100  2021-01  drug               ordinary  0
    620100  2021-01  special_equipment  ordinary  0
    620100  2021-01  product            ordinary  0
"""
RETURNED = """
    region  month    indicator     numerator  denominator  span
    620100  2021-01  new_entities  7          -            month
    629999  2021-01  new_entities  5.5        -            month
"""


def said(table, given, severity="error", **others):
    """The sentences of this severity; there are none of the other."""
    tables = {table: given if isinstance(given, pa.Table) else arrow(table, rows(given) if isinstance(given, str) else given)}
    tables |= {TABLES[name]: arrow(TABLES[name], more) for name, more in others.items()}
    found = findings(tables, GANSU)
    assert {finding.severity for finding in found} <= {severity}
    return [finding.text for finding in found]


def test_clean_tables_have_no_findings():
    entities = [ENTITY | {"cancelled_on": "2021-01-01"}, ENTITY | {"entity_id": "B", "kind": None, "converted_from": "A"}]
    assert (
        said(
            ENTITIES,
            entities,
            accidents=rows(ZEROS),
            coverage=covered(ACCIDENTS, ["620100"], [2021], 1) + covered(ENTITIES, ["620100"], [2021]),
        )
        == []
    )


def test_the_counts_that_ship_have_no_findings():
    assert findings({table: pq.read_table(REAL / f"{table.name}.parquet") for table in (RETURNS, COVERAGE)}, GANSU) == []


def test_tables_without_rows_have_no_findings():
    assert findings({table: table.schema.empty_table() for table in TABLES.values()}, GANSU) == []


def test_a_finding_names_table_row_column_and_value():
    given = arrow(ENTITIES, [ENTITY, ENTITY | {"entity_id": "B", "kind": "company"}])
    assert findings({ENTITIES: given}, GANSU) == [
        Finding(
            "error", "entities", 2, "kind", "company", "closed list",
            "entities, row 2: kind is 'company'. It must be one of enterprise, self_employed, cooperative.",
        )
    ]  # fmt: skip


def test_a_word_nearly_of_the_list_is_suggested():
    assert said(ENTITIES, [ENTITY | {"kind": "enterprize"}]) == [
        "entities, row 1: kind is 'enterprize'. It must be one of enterprise, self_employed, cooperative. Did you mean enterprise?"
    ]


def test_a_required_value_that_is_empty():
    assert said(ENTITIES, [ENTITY | {"registered_on": None}]) == ["entities, row 1: registered_on is empty. Every row has one."]


@pytest.mark.parametrize(
    "column, values, wrong",
    [
        ("registered_on", ["2021-01-01", None, "2021-02-30"], "row 3: registered_on is '2021-02-30'. It must be a date such as 2021-02-28."),
        ("registered_on", [None, 44197, None], "row 2: registered_on is '44197'. It must be a date such as 2021-02-28."),
        ("entity_id", [b"A", b"\xff", b"B"], "row 2: entity_id is 'b'\\xff''. It must be text."),
    ],
)  # fmt: skip
def test_a_value_of_another_type(column, values, wrong):
    given = arrow(ENTITIES, [ENTITY | {"entity_id": key} for key in "ABC"])
    given = given.set_column(given.schema.get_field_index(column), column, pa.array(values))
    found = [finding.text for finding in findings({ENTITIES: given}, GANSU) if finding.rule == "type"]
    assert found == [f"entities, {wrong}"]


@pytest.mark.parametrize(
    "table, given, column, value, wanted",
    [
        (CASES, CASE, "fine_yuan", "1.005", "a number with at most 2 decimals"),
        (CASES, CASE, "published", "maybe", "true or false"),
        (ELEVATOR_RESCUES, RESCUE, "persons", "3.5", "a whole number"),
    ],
)
def test_a_text_that_is_no_number_or_truth(table, given, column, value, wanted):
    one = arrow(table, [given])
    one = one.set_column(one.schema.get_field_index(column), column, pa.array([value]))
    assert said(table, one) == [f"{table.name}, row 1: {column} is '{value}'. It must be {wanted}."]


def test_values_of_another_type_that_can_be_read_are_accepted():
    given = arrow(ENTITIES, [ENTITY])
    given = given.set_column(3, "registered_on", pa.array(["2021-01-01"]))
    assert said(ENTITIES, given.set_column(2, "kind", given["kind"].dictionary_encode())) == []


def test_an_empty_value_beside_one_of_another_type_is_named_too():
    given = arrow(ENTITIES, [ENTITY, ENTITY | {"entity_id": "B"}])
    assert said(ENTITIES, given.set_column(3, "registered_on", pa.array([None, "soon"]))) == [
        "entities, row 1: registered_on is empty. Every row has one.",
        "entities, row 2: registered_on is 'soon'. It must be a date such as 2021-02-28.",
    ]


def test_columns_missing_and_unknown_are_named():
    given = arrow(PRICES, []).rename_columns(["region", "observed_on", "comodity", "purchase_yuan", "sale_yuan"])
    found = findings({PRICES: given.append_column("note", pa.nulls(0, pa.string()))}, GANSU)
    assert [(finding.severity, finding.row, finding.text) for finding in found] == [
        ("error", None, "prices: there is no column 商品 (commodity). It has region, observed_on, comodity, purchase_yuan, sale_yuan, note."),
        ("warning", None, "prices: the column 'comodity' is not one of this table and is not kept. Did you mean commodity?"),
        ("warning", None, "prices: the column 'note' is not one of this table and is not kept. Leave it out, or name it as the table does."),
    ]  # fmt: skip


def test_every_row_of_a_key_that_stands_twice():
    entities = [ENTITY, ENTITY | {"entity_id": "B"}, ENTITY | {"region": "620200"}]
    assert said(ENTITIES, entities) == [
        "entities, row 1: entity_id 'A' stands in 2 rows. Keep the one that is right.",
        "entities, row 3: entity_id 'A' stands in 2 rows. Keep the one that is right.",
    ]


def test_a_key_has_several_columns_of_which_one_may_be_empty():
    persons = """
        region  year  persons  basis     series
        620100  2020  5        -         a
        620100  2020  5        census    a
        620100  2021  5        year_end  a
    """
    again = f"{persons.rstrip()}\n        620100  2020  6        -         a\n"
    assert said(POPULATION, persons) == []
    assert said(POPULATION, again) == [
        "population, row 1: region, year, basis '620100, 2020, ' stands in 2 rows. Keep the one that is right.",
        "population, row 4: region, year, basis '620100, 2020, ' stands in 2 rows. Keep the one that is right.",
    ]


def test_a_return_that_stands_twice_is_a_warning_since_it_is_then_not_known():
    assert said(RETURNS, [*rows(RETURNED), rows(RETURNED)[0]], "warning") == [
        f"returns, row {row}: region, month, indicator '620100, 2021-01, new_entities' stands in 2 rows. "
        "It counts as not known until one of them is left."
        for row in (1, 3)
    ]


def test_a_reference_to_no_row_is_a_warning():
    ratings = [{"entity_id": "Z", "region": "620100", "rated_on": "2021-01-01", "class": "A"}]
    lost = "entity_id 'Z' is in no row of entities. Add that row to entities, or correct the number."
    assert said(CREDIT_RATINGS, ratings, "warning", entities=[ENTITY]) == [f"credit_ratings, row 1: {lost}"]
    assert said(CREDIT_RATINGS, ratings, "warning", entities=[ENTITY | {"entity_id": "Z"}]) == []
    assert said(CREDIT_RATINGS, ratings, "warning") == []


def test_a_reference_within_a_table():
    assert said(ENTITIES, [ENTITY | {"converted_from": "B"}], "warning") == [
        "entities, row 1: converted_from 'B' is in no row of entities. Add that row to entities, or correct the number."
    ]


def test_an_unknown_region():
    assert said(ENTITIES, [ENTITY | {"region": "62010"}]) == [
        "entities, row 1: region is '62010'. It is not in regions.csv: add it there, or count the row under a region that is."
    ]


@pytest.mark.parametrize("month", ["2021-13", "2021-1", "202101", "2021-01-01", "0021-01"])
def test_a_month_that_is_none(month):
    returns = [row | {"month": month} for row in rows(RETURNED)[:1]]
    assert said(RETURNS, returns) == [f"returns, row 1: month is '{month}'. Write it as YYYY-MM, such as 2021-02."]


@pytest.mark.parametrize("day", ["9999-12-31", "0021-03-01"])
def test_a_date_of_no_period(day):
    hazard = {"hazard_id": "1", "region": "620100", "domain": "food", "level": "major", "found_on": day, "due_on": day}
    assert said(HAZARDS, [hazard]) == [
        f"hazards, row 1: {column} is '{day}'. A year lies between 1900 and 2999; a date that is not known is left empty."
        for column in ("found_on", "due_on")
    ]


@pytest.mark.parametrize(("column", "value", "says"), [
    ("year", 21, "year is '21'. A year lies between 1900 and 2999."),
    ("year", 44561, "year is '44561'. A year lies between 1900 and 2999."),
    ("year", 0, "year is '0'. A year lies between 1900 and 2999."),
    ("persons", 0, "persons is '0'. A region has 1 to 2,000,000,000 inhabitants: correct the number or its unit."),
    ("persons", 4_359_400_000_000, "persons is '4359400000000'. A region has 1 to 2,000,000,000 inhabitants: correct the number or its unit."),
])  # fmt: skip
def test_a_year_and_a_population_have_a_range(column, value, says):
    row = {"region": "620100", "year": 2021, "persons": 4_359_400, "series": "2020普查口径"}
    assert said(POPULATION, [row]) == []
    assert said(POPULATION, [row | {column: value}]) == [f"population, row 1: {says}"]


def test_dates_in_the_wrong_order():
    assert said(ENTITIES, [ENTITY | {"cancelled_on": "2020-12-31", "revoked_on": "2021-01-01"}]) == [
        "entities, row 1: cancelled_on 2020-12-31 is before registered_on 2021-01-01. Correct the one that is wrong."
    ]


def test_amounts_below_zero():
    assert said(CASES, [CASE | {"fine_yuan": "-0.01"}, CASE | {"case_id": "2"}]) == [
        "cases, row 1: fine_yuan is '-0.01'. It cannot be below zero: correct the number."
    ]


def test_a_returned_figure_below_zero_is_a_warning_since_it_may_be_net():
    assert said(RETURNS, [rows(RETURNED)[0] | {"numerator": "-2"}], "warning") == [
        "returns, row 1: numerator is '-2.000000'. It cannot be below zero: correct the number."
    ]


@pytest.mark.parametrize("persons", [0, 51])
def test_a_rescue_of_nobody_or_of_too_many(persons):
    assert said(ELEVATOR_RESCUES, [RESCUE | {"persons": persons}], "warning") == [
        f"elevator_rescues, row 1: persons is {persons}. A rescue frees 1 to 50: correct the number, or split the row."
    ]


@pytest.mark.parametrize("persons", [1, 50])
def test_a_rescue_of_one_and_of_fifty(persons):
    assert said(ELEVATOR_RESCUES, [RESCUE | {"persons": persons}], "warning") == []


def test_what_was_recovered_without_a_day_of_closing():
    recovered = COMPLAINT | {"recovered_yuan": "12.50"}
    assert said(COMPLAINTS, [recovered], "warning") == [
        "complaints, row 1: recovered_yuan is 12.50 and closed_on is empty, so it is in no month. Give the day on which it was closed."
    ]
    assert said(COMPLAINTS, [recovered | {"closed_on": "2021-01-01"}], "warning") == []


def test_more_out_of_a_hub_than_was_ever_in_it():
    moved = """
        movement_id  region  hub  direction  moved_on    tonnes
        1            620100  甲    opening    2020-12-31  10
        2            620100  甲    in         2021-01-05  5
        3            620100  甲    out        2021-01-04  15
        4            620200  乙    in         2021-01-05  100
    """
    out = "5            620100  甲    out        2021-02-28  0.5\n        6            620100  甲    in         2021-03-01  1"
    assert said(COLD_CHAIN, moved, "warning") == []
    assert said(COLD_CHAIN, f"{moved.rstrip()}\n        {out}", "warning") == [
        "cold_chain: by the end of 2021-02, 15.500 tonnes had left the hub 甲 (620100) and only 15.000 had been in it. "
        "Add the stock it opened with, or correct its movements."
    ]


def test_a_reported_month_without_a_domain():
    reported = covered(ACCIDENTS, ["620100"], [2021], 2)
    assert said(ACCIDENTS, ZEROS, "warning", coverage=reported[:1]) == []
    assert said(ACCIDENTS, rows(ZEROS)[1:], "warning", coverage=reported) == [
        "accidents: 620100 reported 2021-01 without food. Add a row for each, with the count 0 if there was none.",
        "accidents: 620100 reported 2021-02 without food, drug, special_equipment, product. "
        "Add a row for each, with the count 0 if there was none.",
    ]


def test_a_province_that_is_not_the_sum_of_its_regions():
    province = {"region": "620000", "month": "2021-01", "indicator": "new_entities", "numerator": "12.5", "span": "month"}
    assert said(RETURNS, [*rows(RETURNED), province], "warning") == []
    assert said(RETURNS, [*rows(RETURNED), province | {"numerator": "13"}], "warning") == [
        "returns, row 3: new_entities of 620000 for 2021-01 has the numerator 13, and the regions that returned it add up to "
        "12.5. Correct the one that is wrong; the regions are what counts."
    ]
    assert said(RETURNS, [province | {"numerator": "13"}], "warning") == []


def test_the_halves_of_a_ratio_are_both_summed():
    halves = rows("""
        region  month    indicator  numerator  denominator  span
        620100  2021-01  coverage   7          100          as_of
        620200  2021-01  coverage   3          100          as_of
        620000  2021-01  coverage   10         300          as_of
    """)
    assert said(RETURNS, halves, "warning") == [
        "returns, row 3: coverage of 620000 for 2021-01 has the denominator 300, and the regions that returned it add up to "
        "200. Correct the one that is wrong; the regions are what counts."
    ]


def test_what_is_too_many_to_list_is_counted():
    faulty = [ENTITY | {"entity_id": f"{number}", "region": "1"} for number in range(LIMIT + 1_234)]
    found = findings({ENTITIES: arrow(ENTITIES, faulty)}, GANSU)
    assert (len(found), found[-1].row, found[-1].more) == (LIMIT, LIMIT, 1_234)
    assert found[-1].text == (
        "entities, row 20: region is '1'. It is not in regions.csv: add it there, or count the row under a region that is. "
        "1,234 more are like it."
    )


def test_errors_come_before_warnings_and_all_of_them_in_the_same_order():
    tables = {
        RETURNS: arrow(RETURNS, [rows(RETURNED)[0] | {"numerator": "-1", "region": "1"}]),
        ENTITIES: arrow(ENTITIES, [ENTITY | {"converted_from": "Z"}, ENTITY | {"kind": "x", "region": None}]),
    }
    found = findings(tables, GANSU)
    assert [(finding.table, finding.rule) for finding in found] == [
        ("entities", "required"), ("entities", "closed list"), ("entities", "unique"), ("entities", "unique"),
        ("returns", "known region"), ("entities", "reference"), ("returns", "not negative"),
    ]  # fmt: skip
    assert findings(dict(reversed(tables.items())), GANSU) == found


def test_rows_of_a_region_that_never_reports_the_table_are_named():
    cases = [CASE, CASE | {"case_id": "2", "region": "629999"}, CASE | {"case_id": "3", "region": "629999"}]
    assert said(CASES, cases, "warning", coverage=covered(CASES, ["620100"], [2021])) == [
        "cases, row 2: region is '629999', which has 2 rows here and reports this table for no month, so they are in no figure. "
        "Add what it reports to the coverage, or count them under a region that does."
    ]
    assert said(CASES, cases, coverage=covered(CASES, ["620100", "629999"], [2021])) == []
