"""The two panels of page one: the message of each is earned, has room, and names no region as the cause of a fault."""

import pytest

from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.yellow_lights import lights
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one.matters import matters
from city_briefs.analysis.page_one.when import when
from city_briefs.analysis.page_one.why import LONGEST, MOST, why
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_entities
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from tests.helpers.returned_rates import of_rates
from tests.unit.figures.test_contributions import cases, returned, scope
from tests.unit.figures.test_rate_changes import checks

OTHERS = {(2020, "9200"): {"food": 300, "price": 300}, (2021, "9200"): {"food": 300, "price": 300}}


FIELDS = ("food", "price", "special_equipment", "intellectual_property")


def of_cases(world, before, now, others=OTHERS):
    """Why Ashford had more or fewer cases, by their field."""
    made = cases(world, {(2020, "9100"): before, (2021, "9100"): now} | others)
    return why(scope(made, cases_total), [cases_total])


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        ({"food": 400, "price": 400}, {"food": 700, "price": 420}, "增速高于Norland，主要在食品"),
        ({"food": 400, "price": 400}, {"food": 600, "price": 600}, "增速比Norland高21.43个百分点"),  # two names have no room
        ({"food": 400, "price": 400}, {"food": 400, "price": 200}, "增速低于Norland，主要在价格"),
        ({"food": 100, "price": 100}, {"food": 145, "price": 105}, "主要由食品拉动，与Norland不可分"),
        ({"food": 100, "price": 100}, {"food": 125, "price": 125}, "食品、价格拉动最多"),
        (dict.fromkeys(FIELDS, 100), dict.fromkeys(FIELDS, 120), "食品等4项拉动最多"),
    ],
)
def test_the_message_of_a_growth_says_no_more_than_is_told_apart(world, before, now, title):
    others = {**OTHERS, (2021, "9200"): {"food": 360, "price": 360}} if title.endswith("不可分") or "多" in title else OTHERS
    made = of_cases(world, before, now, others)
    assert (made.title, made.whole) == (title, "Norland")


def test_a_change_that_chance_explains_is_not_taken_apart(world):
    assert of_cases(world, {"food": 100, "price": 100}, {"food": 105, "price": 100}) is None


def test_the_first_that_can_be_taken_apart_is(world):
    made = cases(world, {(2020, "9100"): {"food": 400, "price": 9}, (2021, "9100"): {"food": 700, "price": 9}})
    assert why(scope(made, cases_total), [food_pass_rate, cases_total]).metric == cases_total
    assert why(scope(made, cases_total), [food_pass_rate]) is None


def test_bars_are_few_and_still_add_up(world):
    fields = ("food", "price", "drug", "product", "fees", "advertising", "competition", "other")
    made = of_cases(world, dict.fromkeys(fields, 100), {field: 110 + 10 * place for place, field in enumerate(fields)})
    assert len(made.terms) == MOST
    assert made.terms[-1].name == "其余3项"
    assert f"{sum(term.size for term in made.terms)}" == "45.00"


def test_no_region_is_named_as_the_cause_of_a_fall(world):
    def title(base, now):
        return why(
            scope(returned(world, {"9100": (1000, base), "9200": (1000, now), "9300": (100, 100)}), new_entities, "Norland"),
            [new_entities],
        ).title

    assert title(1500, 1010) == "主要由Ashford拉动"
    assert title(500, 990) == "各部分拉低见图"


def test_a_rate_is_taken_apart_by_its_parts(world):
    years = {
        2020: {"meat": (950, 1000), "fruit": (950, 1000)},
        2021: {"meat": (850, 1000), "fruit": (950, 1000)},
    }
    made = why(scope(checks(world, years), food_pass_rate), [food_pass_rate])
    assert (made.title, made.subtitle) == ("主要由meat拉低", "食品监督抽检合格率同比−5.00的构成，个百分点")
    assert [(term.name, f"{term.size}") for term in made.terms] == [("fruit", "0.00"), ("meat", "-5.00")]


def course(of, *metrics):
    lit, aims = lights(of), standings(of)
    return when(of, matters(of, metrics, lit, aims), metrics)


@pytest.mark.parametrize(
    ("rates", "aims", "months", "title"),
    [
        ({"hazard_overdue_share": ((500, 500), 100)}, [], 12, "1月起高于20%，至今未灭灯"),
        ({"new_entities": ((900, 900), 900)}, [("new_entities", "1000")], 12, "到期未达目标，差100户"),
        ({"drug_pass_rate": ((900, 900), 900)}, [("drug_pass_rate", "95")], 12, "到期未达目标，低5.00个百分点"),
        ({"drug_pass_rate": ((900, 900), 900)}, [("drug_pass_rate", "95")], 6, "比目标低5.00个百分点"),
        ({"new_entities": ((900, 1200), 900)}, [], 12, "比上年同期增长33.3%"),
        ({"new_entities": ((900, 910), 900)}, [], 12, "与上年同期不可分"),
        ({"new_entities": ((9, 12), 900)}, [], 12, "与上年同期不作比较"),
    ],
)
def test_the_message_of_the_months_is_that_of_the_gravest_matter(world, rates, aims, months, title):
    of = of_rates(world, rates, aims=aims, months=months)
    assert course(of, *(CATALOGUE[metric] for metric in rates)).title == title


def test_a_target_is_held_against_january_to_each_month(world):
    made = course(of_rates(world, {"new_entities": ((900, 900), 900)}, aims=[("new_entities", "1000")]), new_entities)
    assert [int(figure.number) for figure in made.now] == [0] * 10 + [450, 900]
    assert (made.line.words, made.line.value, made.subtitle) == ("目标1000户", 1000, "新设立市场主体年初至各月累计，户")


def test_outcomes_to_come_are_drawn_by_months_with_what_is_expected(demo_results):
    settlement = CATALOGUE["settlement_rate"]
    scopes = [Scope.of(demo_results, city, Period(2022)) for city in demo_results.regions.cities]
    missed = ((of, matters(of, [], [], [each])) for of in scopes for each in standings(of) if each.metric == settlement)
    made = next(filter(None, (when(of, listed, []) for of, listed in missed if listed and listed[0].standing)))
    assert {figure.period.span for figure in made.now} <= {"month", "quarter"}
    assert made.projection is None or made.projection.view == "projection"
    assert "上年为同一时点已知数" in made.subtitle
    assert len(made.title) <= LONGEST


def test_a_metric_without_months_has_no_course(world):
    assert course(of_rates(world, {"population": ((900, 900), 900)}), CATALOGUE["population"]) is None


def test_results_of_one_metric_do(real):
    of = Scope.of(Results(real, [new_entities]), real.regions.find("天水"), Period(2011))
    assert when(of, [], [new_entities]).title == "与上年同期不可分"
