"""What was asked is asked again: the same data have the same answers, whoever reports, and what cannot be asked any more is a change."""

import pytest

from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.provisional import completeness
from city_briefs.analysis.figures.refusal_rules import people
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import Question, look
from city_briefs.analysis.recheck_reads import Answers
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_entities
from city_briefs.model.tables import ENTITIES
from tests.conftest import THREE_CITIES, covered, rows

CITIES = ["9100", "9200", "9300"]
COUNTIES = """code,name,short,level,parent
9000,Norland,Norland,province,
9100,Ashford,Ashford,city,9000
9110,Arden,Arden,county,9100
9120,Amble,Amble,county,9100
9200,Birchwood,Birchwood,city,9000
"""
LINES = "\n".join(
    f"{city}{year}{number} {city} {year}-0{1 + number % 9}-1{number % 9} self_employed"
    for city in CITIES
    for year in (2020, 2021)
    for number in range(60)
)
REGISTERED = f"entity_id region registered_on kind\n{LINES}"


@pytest.fixture
def results(world):
    """Makes results of the registrations of three cities, and of what else is covered or told."""

    def made(*besides, regions=THREE_CITIES, cities=CITIES, registered=REGISTERED, **tables):
        coverage = covered(ENTITIES, cities, [2020, 2021]) + [row for cells in besides for row in cells]
        return Results(
            world.snapshot(regions=regions, coverage=coverage, entities=rows(registered), **tables), CATALOGUE.values()
        )

    return made


def scope(results, code="9000"):
    return Scope.of(results, results.regions.by_code[code], Period(2021))


def growth(results):
    return look(scope(results), new_entities, "yoy").note


def share_reported(results):
    return completeness(scope(results), new_entities).text


def test_another_region_that_reports_nothing_but_zeros_is_a_change_where_it_is_said(noting, results):
    """It changes no amount."""
    now, both = covered(ENTITIES, ["9900"], [2021]), covered(ENTITIES, ["9900"], [2020, 2021])
    assert growth(results(now)) == "本期包括基期未报送的Elsewhere"
    asked = read_log.noted(noting)
    read_log.begin()
    assert growth(results(both)) == ""
    assert Answers(results(both)).changed(asked) == ["who reports new_entities changed (9000)"]
    assert Answers(results(now)).changed(asked) == []


def test_how_much_was_reported_rests_on_who_reports(noting, results):
    before = share_reported(results())
    asked = read_log.noted(noting)
    read_log.begin()
    more = results(covered(ENTITIES, ["9900"], [2021], 11))
    assert share_reported(more) != before
    assert "who reports new_entities changed (9000)" in Answers(more).changed(asked)


@pytest.mark.parametrize("code", ["9110", "9120", "9100", "9000", "9200"])
def test_the_same_data_of_counties_with_gaps_have_the_same_answers(noting, results, code):
    def made():
        told = REGISTERED.replace("9100", "9110").replace("9300", "9120")
        return results(covered(ENTITIES, ["9110"], [2021], 6), regions=COUNTIES, cities=["9200"], registered=told)

    for view in ("value", "yoy", "share", "rank"):
        here = scope(made(), code)
        for of in {here, here.at(here.whole)}:
            look(of, new_entities, view)
    asked = read_log.noted(noting)
    read_log.begin()
    assert asked and Answers(made()).changed(asked) == []


def test_the_population_of_one_city_concerns_who_divides_by_it(noting, results):
    counts = "region year basis series persons\n9100 2020 census a 1000\n9200 2020 census a {}"
    people(Question(scope(results(population=rows(counts.format(2000))), "9100"), new_entities))
    asked = read_log.noted(noting)
    read_log.begin()
    assert Answers(results(population=rows(counts.format(2001)))).changed(asked) == []
    assert Answers(results(population=rows(counts.replace("1000", "1001").format(2000)))).changed(asked) == [
        "the population changed (9100)"
    ]


def test_rejected_rows_are_a_change_for_the_metric_that_would_rest_on_them(noting, results):
    def made(*tables):
        told = [{"table": table, "region": "9100", "month": "2021-03", "rows": 2} for table in tables]
        return results(rejected=told)

    doubts(new_entities, scope(made("complaints"), "9100").results)
    asked = read_log.noted(noting)
    read_log.begin()
    assert Answers(made("complaints", "hazards")).changed(asked) == []
    assert Answers(made("complaints", "entities")).changed(asked) == ["the doubts about the data of new_entities changed"]


def test_what_cannot_be_answered_any_more_is_a_change_and_stops_nothing(results, monkeypatch):
    asked = {(read_log.AMOUNT, "9100", "new_entities", "", "", "2021"): "another"}
    monkeypatch.setattr(Results, "amount", lambda *given: 1 / 0)
    assert Answers(results()).changed(asked) == ["the results of new_entities changed (9100)"]
