"""What each part adds to a growth, counted a second time in plain SQL from the records of the demo: some metrics, all cities."""

from decimal import Decimal

import duckdb
import pytest

from city_briefs.analysis.figures import contributions, rate_changes
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE

UNSAID = "未填写"
PERIODS = [
    Period(2021),
    Period(2021, 6),
    Period(2022, 9),
    Period(2021, 6, "quarter"),
    Period(2022, 6, "half"),
    Period(2021, 8, "month"),
]
# id, dimension, table, and which records count in a period that ends on `last` and began on `first`
FLOW = "{on} BETWEEN '{{first}}' AND '{{last}}'"
COUNTED = [
    ("new_entities", "industry", "entities", FLOW.format(on="registered_on")),
    ("new_entities", "kind", "entities", FLOW.format(on="registered_on")),
    ("entities_cancelled", "industry", "entities", FLOW.format(on="cancelled_on")),
    ("entity_stock", "kind", "entities", "registered_on <= '{last}' AND coalesce(cancelled_on > '{last}', true)"),
    ("cases_total", "field", "cases", FLOW.format(on="closed_on")),
    ("food_batches", "category", "spot_checks", FLOW.format(on="sampled_on") + " AND domain = 'food' AND retest_of IS NULL"),
    ("patents_granted", "kind", "patents", FLOW.format(on="granted_on")),
    ("inspections_total", "method", "inspections", FLOW.format(on="inspected_on")),
]


@pytest.fixture(scope="module")
def results(demo_results):
    return demo_results


def counted(results, table, by, condition, period):
    """How many records each region has of each word of a column, in plain SQL."""
    file = results.snapshot.path / f"{table}.parquet"
    where = condition.format(first=f"{period.months[0]}-01", last=period.end)
    found = duckdb.sql(f"SELECT region, coalesce({by}, '{UNSAID}'), count(*) FROM '{file}' WHERE {where} GROUP BY ALL").fetchall()
    return {(region, word): number for region, word, number in found}


@pytest.mark.parametrize(("metric", "by", "table", "condition"), COUNTED, ids=[f"{row[0]}-{row[1]}" for row in COUNTED])
def test_the_contributions_of_every_city_are_those_of_a_second_count(results, metric, by, table, condition):
    compared = 0
    for period in PERIODS:
        now, base = (counted(results, table, by, condition, over) for over in (period, period.year_before))
        for city in (*results.regions.cities, results.regions.province):
            codes = [region.code for region in results.regions.all] if city == results.regions.province else [city.code]
            words = {word for region, word in (*now, *base) if region in codes}
            amounts = {word: tuple(sum(year.get((code, word), 0) for code in codes) for year in (now, base)) for word in words}
            before = sum(amount[1] for amount in amounts.values())
            scope = Scope.of(results, city, period)
            try:
                made = contributions.contributions(scope, CATALOGUE[metric], by)
            except Refusal as refusal:
                assert before < 30 or len(words) < 2 or "数据不全" in str(refusal) or "重复报送" in str(refusal)
                continue
            compared += 1
            # A part that only the province has adds nothing here.
            assert {
                term.part.word: term.figure.value
                for term in made.terms
                if any((term.part.now.numerator, term.part.base.numerator))
            } == {word: Decimal(later - earlier) / before * 100 for word, (later, earlier) in amounts.items()}
            assert sum(term.printed for term in made.terms) == made.printed
            assert made.growth.value == pytest.approx(sum(term.figure.value for term in made.terms))
            if made.whole:
                assert sum(term.beyond for term in made.terms) == made.beyond == made.printed - made.whole.printed
    assert compared >= 5


@pytest.mark.parametrize("metric", ["new_entities", "cases_total", "complaints_settled"])
def test_the_cities_of_the_province_add_up_to_its_growth(results, metric):
    for period in (Period(2021), Period(2021, 6), Period(2021, 6, "quarter")):
        scope = Scope.of(results, results.regions.province, period)
        made = contributions.contributions(scope, CATALOGUE[metric], "region")
        assert len(made.terms) >= len(results.regions.cities)
        assert sum(term.printed for term in made.terms) == made.printed
        assert look(scope, CATALOGUE[metric], "yoy").value == pytest.approx(sum(term.figure.value for term in made.terms))


def test_the_split_of_every_rate_of_every_city_adds_up(results):
    split = 0
    for metric in CATALOGUE.values():
        for region in results.regions.all if metric.form == "ratio" else ():
            for by in rate_changes.dimensions_of(metric):
                scope = Scope.of(results, region, Period(2021))
                try:
                    made = rate_changes.split(scope, metric, by)
                except Refusal:
                    continue
                split += 1
                assert made.structure + made.level == made.change == made.now - made.base
                assert sum(part.printed_structure for part in made.parts) == made.structure
                assert sum(part.printed_level for part in made.parts) == made.level
                assert float(sum(part.structure + part.level for part in made.parts)) == pytest.approx(
                    float(made.figure.numerator - made.figure.denominator), abs=1e-9
                )
    assert split > 10
