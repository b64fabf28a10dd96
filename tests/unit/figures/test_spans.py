"""Figures over a month, a quarter and a half-year: what is counted anew, what stays a matter of the year, and what is refused."""

import pytest

from city_briefs.analysis.assessments.light_rules import rules
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.yellow_lights import light
from city_briefs.analysis.blocks.publish import card
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.recheck_reads import Answers
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.supervision import inspections_total, units_inspected
from city_briefs.model.tables import INSPECTIONS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows

CITIES = ["9100", "9200", "9300"]
INSPECTED = """
    inspection_id  region  domain  method   inspected_on  subject_id  problem_found
    a              9100    food    routine  2021-01-04    u        True
    b              9100    food    routine  2021-02-04    u        False
    c              9100    food    routine  2021-03-04    v        False
    d              9100    food    routine  2021-03-05    v        False
    e              9100    food    routine  2021-04-05    w        False
    f              9100    food    routine  2021-07-05    u        False
"""
TARGETS = """
    region  metric        view   year  value  source  comparison
    9100    new_entities  value  2021  1200   任务书  at_least
"""
BENCHMARKS = """
    area  metric        view   year  value  source    as_of
    全国  new_entities  value  2021  90     全国公报  2021-03-31
    广东  new_entities  value  2021  900    广东公报  -
    全国  entity_stock  value  2021  500    全国公报  2021-03-31
"""


@pytest.fixture
def inspected(world):
    """A snapshot with inspections of Ashford."""
    return lambda text=INSPECTED: world.snapshot(
        regions=THREE_CITIES, coverage=covered(INSPECTIONS, CITIES, [2021]), inspections=rows(text)
    )


@pytest.fixture
def returned(world):
    """A snapshot in which Ashford returns 100 new entities in each month, so many in all, and so many different units so far."""
    given = [
        {"region": "9100", "month": f"{year}-{month:02}", "indicator": metric.id, "numerator": str(number), "span": span}
        for year in (2020, 2021)
        for month in range(1, 13)
        for metric, number, span in (
            (new_entities, 100, "month"), (entity_stock, 1000 * month, "as_of"), (units_inspected, 10 * month, "as_of"),
        )
    ]  # fmt: skip
    return world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2020, 2021]), returns=given, targets=rows(TARGETS),
        benchmarks=rows(BENCHMARKS),
    )  # fmt: skip


def scope(snapshot, period, region="Ashford"):
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find(region), period)


@pytest.mark.parametrize(
    ("period", "visits", "units"),
    [
        (Period(2021, 3), 4, 2),
        (Period(2021, 2, "month"), 1, 1),  # a unit that was inspected before counts again
        (Period(2021, 3, "month"), 2, 1),
        (Period(2021, 3, "quarter"), 4, 2),
        (Period(2021, 6, "quarter"), 1, 1),
        (Period(2021, 6, "half"), 5, 3),
        (Period(2021, 12, "half"), 1, 1),
        (Period(2021, 12, "quarter"), 0, 0),
    ],
)
def test_different_units_are_counted_from_the_records_of_the_window(inspected, period, visits, units):
    here = scope(inspected(), period)
    assert [look(here, metric, "value").value for metric in (inspections_total, units_inspected)] == [visits, units]
    province = scope(inspected(), period, "Norland")
    assert look(province, units_inspected, "value").value == units


def test_a_record_of_a_month_is_a_change_of_what_was_counted_over_that_month(inspected, noting):
    look(scope(inspected(), Period(2021, 3, "month")), units_inspected, "value")
    asked = read_log.noted(noting)
    of_month = {question: answer for question, answer in asked.items() if question[0] == read_log.AMOUNT}
    assert list(of_month) == [(read_log.AMOUNT, "9100", "units_inspected", "", "", "2021-M03")]

    def changed(text):
        return Answers(Results(inspected(text), CATALOGUE.values())).changed(of_month)

    assert changed(INSPECTED) == []
    assert changed(INSPECTED.replace("2021-03-05    v", "2021-03-05    u")) == ["the results of units_inspected changed (9100)"]
    assert changed(INSPECTED.replace("2021-04-05    w", "2021-05-05    w")) == []


def test_what_was_returned_as_a_running_total_has_no_month_of_its_own(returned):
    refused = "检查单位只报送年初至月末的累计数，没有2021年3月的数"
    label = units_inspected.label
    assert look(scope(returned, Period(2021, 3, "month")), units_inspected, "value").refused == refused.replace("检查单位", label)
    assert look(scope(returned, Period(2021, 1, "month")), units_inspected, "value").value == 10
    assert look(scope(returned, Period(2021, 3, "quarter")), units_inspected, "value").value == 30
    assert look(scope(returned, Period(2021, 6, "quarter")), units_inspected, "value").refused.endswith("没有2021年二季度的数")
    assert look(scope(returned, Period(2021, 3, "month")), entity_stock, "value").value == 3000


def test_views_are_over_the_window(returned):
    march = scope(returned, Period(2021, 3, "month"))
    assert look(march, new_entities, "yoy").denominator == 100
    assert look(march, new_entities, "per_day").denominator == 31
    quarter = scope(returned, Period(2021, 6, "quarter"))
    assert (look(quarter, new_entities, "value").value, look(quarter, new_entities, "per_day").denominator) == (300, 91)


def test_a_target_of_the_year_is_not_held_against_a_month(returned):
    march = scope(returned, Period(2021, 3, "month"))
    assert look(march, new_entities, "target").text == "1200户"
    assert look(march, new_entities, "vs_target").refused == "年度目标按年初以来的累计数评价，不与2021年3月的数比较"
    assert look(scope(returned, Period(2021, 3, "quarter")), new_entities, "vs_target").text == "为目标的25.0%"
    [standing] = standings(march)
    assert (standing.own.value, standing.own.period) == (300, Period(2021, 3))


def test_a_benchmark_counts_from_january_and_is_not_held_against_a_month(returned):
    month, quarter = scope(returned, Period(2021, 3, "month")), scope(returned, Period(2021, 3, "quarter"))
    why = "没有引用新设立市场主体全国同期数据的出处"
    assert look(month, new_entities, "benchmark", area="全国").refused == why
    assert look(quarter, new_entities, "benchmark", area="全国").value == 90
    assert look(month, entity_stock, "benchmark", area="全国").value == 500
    december = scope(returned, Period(2021, 12, "month"))
    assert look(december, new_entities, "benchmark", area="广东").refused == why.replace("全国", "广东")
    assert look(scope(returned, Period(2021)), new_entities, "benchmark", area="广东").value == 900


def test_a_light_is_of_the_year_so_far_whatever_the_span(inspected):
    snapshot = inspected()
    rule = next(rule for rule in rules() if rule.id == "repeated-problems")
    to_date, of_month = (light(scope(snapshot, Period(2021, 3, span)), rule) for span in ("ytd", "month"))
    assert [reading.period for reading in of_month.readings] == [Period(2021, month) for month in (1, 2, 3)]
    assert [reading.figure.value for reading in of_month.readings] == [reading.figure.value for reading in to_date.readings]


def test_a_figure_says_its_span_and_of_january_to_a_month_nothing(inspected):
    snapshot = inspected()
    assert look(scope(snapshot, Period(2021, 3, "quarter")), inspections_total, "value").record()["span"] == "quarter"
    assert "span" not in look(scope(snapshot, Period(2021, 3)), inspections_total, "value").record()


def test_the_appendix_defines_what_is_counted_over_the_window_by_the_period(inspected):
    def defined(period):
        here = scope(inspected(), period)
        return card(units_inspected, [look(here, units_inspected, "value")], here.results)["definition"]

    assert defined(Period(2021, 3)) == units_inspected.definition
    assert units_inspected.definition.startswith("年初以来接受监督检查的单位家数，")
    assert defined(Period(2021, 3, "month")).startswith("报告期内接受监督检查的单位家数，")
