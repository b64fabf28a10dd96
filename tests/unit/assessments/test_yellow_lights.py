"""Yellow lights: both sides of every threshold, hysteresis, and what is not judged."""

from decimal import Decimal

import pytest

from city_briefs.analysis.assessments.yellow_lights import RULES, STEPS, light, lights, rules, rules_of
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import INSPECTIONS
from tests.conftest import covered
from tests.helpers import REFERENCE

LANZHOU = "620100"
PROBLEM_RATE = next(rule for rule in rules() if rule.id == "problem-rate")
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


def states(found):
    return [reading.on for reading in found.readings]


def test_a_rate_of_just_the_threshold_is_not_above_it(course):
    assert not course(20).on
    assert course(21).on


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
        ('window = "year"', 'window = "month_end"', "rules.toml, rule problem-rate: it has the window 'month_end', and that of problem_found_rate is year."),
        ('step = "interview"', 'step = "fine"', "rules.toml, rule problem-rate: step is 'guidance', 'interview' or 'conditional', not 'fine'."),
        ('view = "value"', 'view = "rank"', "rules.toml, rule problem-rate: view is 'value', 'yoy' or 'change_pp', not 'rank'."),
        ("为{figure}", "为20%", "rules.toml, rule problem-rate: sentence has {figure} in it and no number of its own."),
        ("first_month = 1\n", "first_month = 13\n", "rules.toml, rule problem-rate: first_month is less than or equal to 12, not '13'."),
        ("first_month = 1\n", "", "rules.toml, rule problem-rate: there is no first_month."),
        ("first_month = 1\n", "first_month = 1\ncolour = 'red'\n", "rules.toml, rule problem-rate: there is no key 'colour'. The keys are id, label, metric, view, side, on, off, window, first_month, step, sentence, reason."),
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
