"""A place, a spread of a light, a spot: what a chapter gets of them is noted, and not the amounts of all cities by which it was found."""

from decimal import Decimal

import pytest

from city_briefs.analysis.assessments import strengths, yellow_lights
from city_briefs.analysis.assessments.light_rules import rules
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.ranking import places_or_refused
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.recheck_reads import Answers
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.common.regions import read
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.model.tables import RETURNS
from tests.conftest import covered
from tests.helpers import REFERENCE

YEAR = 2021
CITIES = [city.code for city in read(REFERENCE / "regions.csv").cities]
OWN, OTHER = CITIES[0], CITIES[3]
FOOD, OVERDUE = "food_pass_rate", "hazard_overdue_share"
RATES = {FOOD: [900, *[970] * 13], OVERDUE: [500, *[100] * 13]}  # of a thousand each
OVERDUE_RULE = next(rule for rule in rules() if rule.metric.id == OVERDUE)


@pytest.fixture
def returned(world):
    """The results of rates of a thousand, as cities returned them; `others` has the parts of some cities, by metric and code."""

    def returned(others=()):
        parts = {(metric, code): part for metric, given in RATES.items() for code, part in zip(CITIES, given, strict=True)}
        sent = [
            {"region": code, "month": f"{YEAR}-{month:02}", "indicator": metric, "span": CATALOGUE[metric].returned_span,
             "numerator": str(part if month == 12 else 0), "denominator": str(1000 if month == 12 else 0)}
            for (metric, code), part in (parts | dict(others)).items()
            for month in range(1, 13)
        ]  # fmt: skip
        return Results(world.snapshot(coverage=covered(RETURNS, CITIES, [YEAR]), returns=sent), CATALOGUE.values())

    return returned


def scope(results, code=OWN):
    return Scope.of(results, results.regions.by_code[code], Period(YEAR))


def place(results):
    return look(scope(results), food_pass_rate, "rank").text


def places(results):
    return places_or_refused(scope(results), food_pass_rate)


def spread(results):
    return yellow_lights.spread(scope(results), OVERDUE_RULE)


def judged(results):
    return yellow_lights.is_judged(scope(results), OVERDUE_RULE)


def spots(results):
    return [spot.text for side in strengths.spots(scope(results)) for spot in side]


WORDS = {
    place: "the place by food_pass_rate changed (620100)",
    places: "the places by food_pass_rate changed",
    spread: f"in how many regions {OVERDUE_RULE.id} is on changed",
    spots: "in which rates a region stands out changed (620100)",
}


@pytest.mark.parametrize(
    ("ask", "metric", "code", "added", "differs"),
    [
        (place, FOOD, OTHER, 1, False),
        (place, FOOD, OTHER, -80, True),  # it is no longer told apart from the city, which had the last place for sure
        (places, FOOD, OTHER, 0, False),
        (places, FOOD, OTHER, 1, True),  # the first by itself
        (spread, OVERDUE, OTHER, 1, False),
        (spread, OVERDUE, OTHER, 400, True),
        (judged, OVERDUE, OTHER, 400, False),
        (spots, FOOD, OTHER, 1, True),  # 全省 goes from 96.50% to 96.51%
        (spots, OVERDUE, OTHER, 1, False),  # 全省 at one decimal is the same
    ],
)
def test_another_city_matters_where_what_is_said_changes(noting, returned, ask, metric, code, added, differs):
    said = ask(returned())
    asked = read_log.noted(noting)
    read_log.begin()
    part = dict(zip(CITIES, RATES[metric], strict=True))[code] + added
    now = returned({(metric, code): part})
    assert Answers(now).changed(asked) == ([WORDS[ask]] if differs else [])
    assert (repr(ask(now)) != repr(said)) == differs
    amounts = [question for question in asked if question[0] == read_log.AMOUNT]
    assert {question[1] for question in amounts} <= {OWN}  # whose value a place or a spot is said of


def test_the_amounts_of_all_cities_are_noted_by_who_asks_for_them_too(noting, returned):
    results = returned()
    place(results)
    look(scope(results, OTHER), food_pass_rate, "value")
    asked = read_log.noted(noting)
    assert {question[1] for question in asked if question[0] == read_log.AMOUNT} == {OWN, OTHER}
    assert Answers(returned({(FOOD, OTHER): 971})).changed(asked) == [f"the results of food_pass_rate changed ({OTHER})"]


def test_spots_have_their_tests_and_an_exact_reference_only_where_these_are_asked_for(returned):
    of = scope(returned({(FOOD, OTHER): 971}))
    test = strengths.outlier_tests(of)[food_pass_rate]
    [spot] = strengths.spots(of, [food_pass_rate])[1]
    assert (spot.reference, strengths.reference(of, test)[0]) == (Decimal("96.51"), Decimal(13511) / 140)
    assert round(test.z, 1) == -11.6 and test.q < 0.001


@pytest.mark.parametrize("ask", [places, spread, judged, spots])
def test_a_return_below_zero_is_not_tested(returned, ask):
    """A city may return one that corrects what it returned before: it is no count."""
    now = returned({(metric, code): -5 for metric in (FOOD, OVERDUE) for code in CITIES[3:6]})
    refused = look(scope(now, CITIES[3]), food_pass_rate, "rank")
    assert (refused.value, refused.refused) == (None, "数值为负，不作检验，不排位次")
    assert look(scope(now, CITIES[3]), food_pass_rate, "value").interval is None
    ask(now)  # which goes on
