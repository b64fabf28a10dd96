"""Cumulative returns are put down by month, and what cannot be is rejected."""

from datetime import date
from decimal import Decimal

from city_briefs.analysis.ingest import checks
from city_briefs.analysis.ingest.cumulative import monthly_from_cumulative
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.ingest.staged import GANSU, kept, put, reasons, source, texts

HEAD = "region month indicator numerator denominator span\n"
DAY = date(2022, 1, 5)


def returns(*lines):
    return HEAD + "\n".join(lines)


def of(staging):
    return kept(staging, RETURNS, "month", "numerator", "denominator", "span")


def test_each_month_is_the_difference_from_the_month_before_and_january_stands(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-01 new_entities 10 - year_to_date",
        "620100 2021-02 new_entities 25 - year_to_date",
        "620100 2021-03 new_entities 25 - year_to_date",
        "620200 2021-01 new_entities 4 - month",
    ))  # fmt: skip
    assert monthly_from_cumulative(staging) == []
    assert of(staging) == [
        ("2021-01", Decimal(10), None, "month"), ("2021-02", Decimal(15), None, "month"),
        ("2021-03", Decimal(0), None, "month"), ("2021-01", Decimal(4), None, "month"),
    ]  # fmt: skip


def test_both_halves_of_a_ratio_are_differenced(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-01 food_pass_rate 9 10 year_to_date", "620100 2021-02 food_pass_rate 29 31 year_to_date",
    ))  # fmt: skip
    assert monthly_from_cumulative(staging) == []
    assert of(staging)[1] == ("2021-02", Decimal(20), Decimal(21), "month")


def test_the_month_before_may_be_in_another_file(staging):
    put(staging, source(RETURNS, "11.csv"), returns("620100 2021-02 new_entities 25 - year_to_date"))
    put(staging, source(RETURNS, "10.csv"), returns("620100 2021-01 new_entities 10 - year_to_date"))
    assert monthly_from_cumulative(staging) == [] and of(staging)[0][1] == Decimal(15)


def test_without_the_month_before_it_is_rejected_and_the_next_is_still_differenced(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-10 new_entities 100 - year_to_date", "620100 2021-11 new_entities 120.5 - year_to_date",
    ))  # fmt: skip
    reason = (
        "new_entities of 620100 is the sum of January to 2021-10, and that to the month before was not sent. "
        "Send it too, or send every month's own figure."
    )
    assert texts(monthly_from_cumulative(staging)) == [f"returns.csv, row 2: {reason}"]
    assert reasons(staging, RETURNS) == [(2, reason)]
    assert of(staging) == [("2021-11", Decimal("20.5"), None, "month")]


def test_a_fall_is_kept_with_a_warning_so_that_the_months_add_up_to_what_was_sent_last(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-01 new_entities 100 - year_to_date", "620100 2021-02 new_entities 90 - year_to_date",
    ))  # fmt: skip
    found = monthly_from_cumulative(staging)
    assert [fault.findings[0].severity for fault in found] == ["warning"]
    assert texts(found) == [
        "returns.csv, row 3: numerator is '90', below the 100 of January to 2021-01 in row 2 of returns.csv. A sum since January does "
        "not fall: correct the one that is wrong. The difference counts for the month."
    ]
    assert [row[1] for row in of(staging)] == [Decimal(100), Decimal(-10)]


def test_a_fall_of_a_denominator_is_rejected(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-01 food_pass_rate 9 10 year_to_date", "620100 2021-02 food_pass_rate 9 8 year_to_date",
    ))  # fmt: skip
    assert texts(monthly_from_cumulative(staging)) == [
        "returns.csv, row 3: denominator is '8', below the 10 of January to 2021-01 in row 2 of returns.csv. A sum since January does "
        "not fall: correct the one that is wrong."
    ]
    assert len(of(staging)) == 1


def test_what_does_not_add_up_is_as_of_the_months_end(staging):
    distinct = next(metric.id for metric in CATALOGUE.values() if metric.form == "distinct")
    put(staging, source(RETURNS), returns(f"620100 2021-11 {distinct} 12 - year_to_date"))
    assert checks.reject_errors(staging, GANSU, DAY) == []
    assert of(staging) == [("2021-11", Decimal(12), None, "as_of")]


def test_a_month_that_was_sent_both_ways_stands_once_when_they_agree(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-01 new_entities 10 - year_to_date", "620100 2021-02 new_entities 25 - year_to_date",
        "620100 2021-02 new_entities 15 - month",
    ))  # fmt: skip
    assert checks.reject_errors(staging, GANSU, DAY) == []
    assert [row[1] for row in of(staging)] == [Decimal(10), Decimal(15)]
    assert [(count.accepted, count.rejected) for count in staging.counts] == [(3, 0)]


def test_a_month_that_was_sent_both_ways_with_two_values_is_rejected_the_second_time(staging):
    put(staging, source(RETURNS), returns(
        "620100 2021-01 new_entities 10 - year_to_date", "620100 2021-01 new_entities 11 - month",
    ))  # fmt: skip
    assert texts(checks.reject_errors(staging, GANSU, DAY)) == [
        "returns.csv, row 3: region, month, indicator '620100, 2021-01, new_entities' stands in row 2 of returns.csv already, where "
        "numerator is '10' and here '11'. Keep the one that is right."
    ]
    assert [row[1] for row in of(staging)] == [Decimal(10)]
