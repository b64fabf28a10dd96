"""Yellow lights: both sides of every threshold, chance, hysteresis, what most regions have in common, and what is not judged."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from city_briefs.analysis.assessments import thresholds
from city_briefs.analysis.assessments.light_rules import RULES, STEPS, rules, rules_of
from city_briefs.analysis.assessments.yellow_lights import is_on, light, lights, spread
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COMPLAINTS, INSPECTIONS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows
from tests.helpers import REFERENCE
from tests.helpers.size import in_full

LANZHOU = "620100"
CITIES = {"Ashford": "9100", "Birchwood": "9200", "Cedarton": "9300"}
RULE = {rule.id: rule for rule in rules()}
PROBLEM_RATE, OVERDUE_EQUIPMENT = RULE["problem-rate"], RULE["overdue-equipment"]
VALID = (REFERENCE / RULES).read_text("utf-8")


@pytest.fixture
def course(world):
    """The lights of a rule when so many of 100 inspections in each month found problems."""

    def course(*problems, inspected=100, missing=(), rule=PROBLEM_RATE):
        made = [
            {
                "inspection_id": f"{month}-{number}", "region": LANZHOU, "domain": "food", "method": "routine",
                "inspected_on": f"2021-{month:02}-01", "problem_found": str(number < found),
            }
            for month, found in enumerate(problems, start=1)
            for number in range(inspected)
        ]  # fmt: skip
        coverage = [row for row in covered(INSPECTIONS, [LANZHOU], [2021]) if row["month"] not in missing]
        of = world.snapshot(coverage=coverage, inspections=made)
        return light(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021, len(problems))), rule)

    return course


@pytest.fixture
def complaints(world):
    """The light of rising complaints when so many were received in March of a year and of the next."""

    def complaints(before, now):
        made = [
            {"complaint_id": f"{year}-{number}", "region": LANZHOU, "kind": "complaint", "received_on": f"{year}-03-01"}
            for year, received in ((2020, before), (2021, now))
            for number in range(received)
        ]
        of = world.snapshot(coverage=covered(COMPLAINTS, [LANZHOU], [2020, 2021]), complaints=made)
        scope = Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021, 3))
        return light(scope, RULE["complaints-rising"])

    return complaints


def states(found):
    return [reading.on for reading in found.readings]


@pytest.mark.parametrize(
    ("problems", "is_watched", "is_lit"), [(20, False, False), (21, True, False), (26, True, False), (27, False, True)]
)
def test_a_rate_is_above_the_threshold_only_when_its_lower_limit_is(course, problems, is_watched, is_lit):
    found = course(problems)
    assert (found.is_watched, found.on) == (is_watched, is_lit)


def test_a_share_of_just_above_one_percent_is_watched(course):
    figure = replace(
        course(0).last.figure, metric=OVERDUE_EQUIPMENT.metric, numerator=Decimal(555), denominator=Decimal(52869),
        value=Decimal(55500) / 52869,
    )  # fmt: skip
    assert round(thresholds.limits(figure).low, 3) == 0.979
    assert OVERDUE_EQUIPMENT.passes(figure.value) and not OVERDUE_EQUIPMENT.switches_on(figure)


def test_a_rule_that_looks_down_takes_the_upper_limit(course):
    low = PROBLEM_RATE.model_copy(update={"side": "below", "off": Decimal(25)})
    assert [course(problems, rule=low).on for problems in (13, 14, 19)] == [True, False, False]


@pytest.mark.parametrize(
    ("before", "now", "is_watched", "is_lit"),
    [(300, 390, False, False), (300, 391, False, True), (40, 55, True, False), (100, 129, False, False), (100, 135, False, True)],
)
def test_a_growth_past_the_threshold_lights_only_when_it_is_told_apart(complaints, before, now, is_watched, is_lit):
    found = complaints(before, now)
    assert (found.is_watched, found.on) == (is_watched, is_lit)


def test_a_percentage_that_was_returned_without_its_halves_is_not_judged(world):
    of = world.snapshot(
        coverage=covered(RETURNS, [LANZHOU], [2021]),
        returns=rows("""
            region  month    indicator      numerator  denominator  span
            620100  2021-01  overdue_share  2.5        100          as_of
        """),
    )
    found = light(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021, 1)), OVERDUE_EQUIPMENT)
    assert (found.on, found.is_watched, found.refused) == (False, False, "只报送百分率，没有分子分母，不作判定")


def share_lit(rule, size, draws, seed=22):
    """The share of regions in which a rule is on when the true rate is its threshold exactly."""
    metric = rule.metric
    parts = np.random.default_rng(seed).binomial(size, float(rule.on) / 100, draws)
    lit = 0
    for part, times in zip(*np.unique(parts, return_counts=True), strict=True):
        part = Decimal(int(part))
        value = 100 * part / size
        lit += times * rule.switches_on(Figure(metric, "value", None, None, "%", value, part, Decimal(size), ""))
    return lit / draws


@pytest.mark.parametrize(("rule", "size"), [(PROBLEM_RATE, 400), (OVERDUE_EQUIPMENT, 52869)])
def test_a_true_rate_at_the_threshold_seldom_lights(rule, size):
    assert 0.03 < share_lit(rule, size, 2_000) < 0.07


@in_full
@pytest.mark.parametrize("size", [100, 400, 2_000, 52_869])
@pytest.mark.parametrize("rule", [PROBLEM_RATE, RULE["over-ceiling"], OVERDUE_EQUIPMENT], ids=lambda rule: rule.id)
def test_a_true_rate_at_the_threshold_lights_in_about_five_of_a_hundred(rule, size):
    assert share_lit(rule, size, 100_000) < (0.06 if size * rule.on / 100 > 30 else 0.09)  # few events come in large steps


def inspected(world, problems, months=1):
    """A province of three cities with 100 inspections in each in every month, of which so many found problems, by city."""
    made = [
        {"inspection_id": f"{city}-{month}-{number}", "region": CITIES[city], "domain": "food", "method": "routine",
         "inspected_on": f"2021-{month:02}-01", "problem_found": str(number < found)}
        for city, by_month in problems.items()
        for month, found in enumerate(by_month, start=1)
        for number in range(100)
    ]  # fmt: skip
    of = world.snapshot(regions=THREE_CITIES, coverage=covered(INSPECTIONS, CITIES.values(), [2021]), inspections=made)
    return Scope.of(Results(of, CATALOGUE.values()), of.regions.province, Period(2021, months))


@pytest.mark.parametrize(
    ("problems", "on", "is_common"),
    [((30, 30, 5), 2, True), ((30, 5, 5), 1, False), ((30, 30, 30), 3, True), ((5, 5, 5), 0, False)],
)
def test_a_rule_that_is_on_in_most_cities_is_common(world, problems, on, is_common):
    counted = spread(inspected(world, {city: [found] for city, found in zip(CITIES, problems, strict=True)}), PROBLEM_RATE)
    assert (counted.on, counted.of, counted.is_common) == (on, 3, is_common)


def test_a_common_light_is_no_exception_of_a_city_and_a_matter_of_the_province(world):
    province = inspected(world, {"Ashford": [40], "Birchwood": [40], "Cedarton": [5]})
    ashford, cedarton = (light(province.at(province.peers[place]), PROBLEM_RATE) for place in (0, 2))
    assert (ashford.on, ashford.is_common, ashford.is_exception) == (True, True, False)
    assert (cedarton.on, cedarton.spread) == (False, None)
    own = light(province, PROBLEM_RATE)
    assert (own.is_common, own.is_exception, own.on) == (True, True, True)  # 85 of 300
    assert own.spread.text == "Norland 3个市州中2个亮灯，属Norland共性问题，由Norland级统筹"


def test_the_light_of_one_city_alone_is_its_exception(world):
    province = inspected(world, {"Ashford": [40], "Birchwood": [10], "Cedarton": [5]})
    assert light(province.at(province.peers[0]), PROBLEM_RATE).is_exception


def test_what_counts_cities_agrees_with_the_light_of_each(world):
    courses = {"Ashford": [40, 4, 11, 14, 60], "Birchwood": [18, 25, 30, 31, 0], "Cedarton": [90, 0, 0, 0, 0]}
    for months in range(1, 6):
        province = inspected(world, {city: found[:months] for city, found in courses.items()}, months)
        lit = [light(province.at(city), PROBLEM_RATE).on for city in province.peers]
        assert [is_on(province.at(city), PROBLEM_RATE) for city in province.peers] == lit
        assert spread(province, PROBLEM_RATE).on == sum(lit)


def test_a_figure_that_prints_like_its_threshold_gets_more_decimals(course):
    settlement = RULE["settlement-falling"]
    figure = replace(course(0).last.figure, metric=settlement.metric, view="change_pp", text="下降3.0个百分点")
    assert settlement.text(replace(figure, value=Decimal("-3.04"))) == "下降3.04个百分点"
    assert settlement.text(replace(figure, value=Decimal("-3.12"), text="下降3.1个百分点")) == "下降3.1个百分点"
    assert OVERDUE_EQUIPMENT.text(replace(figure, value=Decimal("1.004"), text="1.00%")) == "1.004%"


def test_a_light_that_is_on_stays_on_between_the_thresholds_and_goes_off_below_the_lower(course):
    found = course(30, 4, 11, 14)  # to date 30, 17, 15, 14.75 %
    assert states(found) == [True, True, True, False]
    assert not found.on and found.since is None


def test_a_light_that_is_off_stays_off_between_the_thresholds(course):
    assert states(course(17, 19)) == [False, False]


def test_the_month_it_went_on_in_and_its_figure_are_kept(course):
    found = course(10, 40, 10)
    assert found.since == Period(2021, 2)
    assert found.first.text == "25.0%"
    assert found.last.figure.text == "20.0%"
    assert found.on  # 20 % is not above, and not yet below 15


def test_a_light_that_went_off_and_on_again_is_on_since_the_last_time(course):
    found = course(30, 0, 0, 90)  # 30, 15, 10, 30 %
    assert states(found) == [True, True, False, True]
    assert found.since == Period(2021, 4)


def test_a_small_base_is_never_judged(course):
    assert course(29, inspected=29).refused == "本期基数过小（29），不作判定"
    assert not course(29, inspected=29).on
    assert course(30, inspected=30).on


def test_a_month_that_was_not_reported_is_not_judged_and_leaves_the_light_as_it_was(course):
    found = course(30, 30, missing=["2021-02"])
    assert found.refused == "本期数据不全（2021年2月未报送）"
    assert not found.on
    assert found.since == Period(2021, 1)


def test_a_rule_is_not_judged_before_its_first_month(course):
    later = PROBLEM_RATE.model_copy(update={"first_month": 3})
    assert course(90, 90, rule=later).refused == "自每年3月末起判定"
    assert course(90, 90, 90, rule=later).since == Period(2021, 3)


def test_a_rule_of_falling_looks_the_other_way():
    falling = next(rule for rule in rules() if rule.side == "below")
    assert falling.passes(falling.on - 1) and not falling.passes(falling.on)
    assert falling.returns(falling.off + 1) and not falling.returns(falling.off)
    assert falling.threshold(falling.on) == "下降3个百分点"


def test_one_unit_with_a_fourth_problem_switches_its_light_on(world):
    def inspected(number):
        return [
            {"inspection_id": str(month), "region": LANZHOU, "domain": "food", "method": "routine", "subject_id": "s",
             "inspected_on": f"2021-{month:02}-01", "problem_found": "True"}
            for month in range(1, number + 1)
        ]  # fmt: skip

    repeated = next(rule for rule in rules() if rule.id == "repeated-problems")
    for number, since in ((3, None), (4, Period(2021, 4))):
        of = world.snapshot(coverage=covered(INSPECTIONS, [LANZHOU], [2021]), inspections=inspected(number))
        found = light(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021, 6)), repeated)
        assert (found.on, found.since) == (since is not None, since)


def test_every_rule_is_judged_or_says_why_not(demo_province, real):
    for of, year in ((demo_province, 2021), (real, 2011)):
        found = lights(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(year)))
        assert len(found) == len(rules())
        assert all(one.refused or one.last.figure.value is not None for one in found)
    assert all(one.refused for one in found)  # the real counts have none of these tables


def test_every_step_has_a_rule_that_leads_to_it():
    assert {rule.step for rule in rules()} == set(STEPS)


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("off = 15\n", "off = 25\n", "rules.toml, rule problem-rate: it has off (25), which is at or under on (20), or the light would flicker."),
        ("on = 20\n", 'on = "20%"\n', "rules.toml, rule problem-rate: on is a number without quotes and without %, such as 20, not '20%'."),
        ("on = 20\n", "on = true\n", "rules.toml, rule problem-rate: on is a number without quotes and without %, such as 20, not 'True'."),
        ('window = "year"', 'window = "month_end"', "rules.toml, rule problem-rate: it has the window 'month_end', and that of problem_found_rate is year."),
        ('step = "interview"', 'step = "fine"', "rules.toml, rule problem-rate: step is 'guidance', 'interview' or 'conditional', not 'fine'."),
        ('view = "value"', 'view = "rank"', "rules.toml, rule problem-rate: view is 'value', 'yoy' or 'change_pp', not 'rank'."),
        ("为{figure}", "为20%", "rules.toml, rule problem-rate: sentence has {figure} in it and no number of its own."),
        ("first_month = 1\n", "first_month = 13\n", "rules.toml, rule problem-rate: first_month is less than or equal to 12, not '13'."),
        ("first_month = 1\n", "", "rules.toml, rule problem-rate: there is no first_month."),
        ("first_month = 1\n", "first_month = 1\ncolour = 'red'\n", "rules.toml, rule problem-rate: there is no key 'colour'. The keys are id, label, metric, view, side, on, off, window, first_month, step, sentence, reason, owner."),
        ('id = "repeated-problems"', 'id = "problem-rate"', "rules.toml, rule problem-rate: it stands twice. An id names one rule."),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_named(tmp_path, was, becomes, message):
    file = tmp_path / "rules.toml"
    file.write_text(VALID.replace(was, becomes, 1), "utf-8")
    with pytest.raises(DataError) as error:
        rules_of(file)
    assert str(error.value) == message


def test_thresholds_are_exact():
    assert next(rule for rule in rules() if rule.id == "overdue-equipment").off == Decimal("0.8")
