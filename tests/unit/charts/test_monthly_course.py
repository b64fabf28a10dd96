"""The chart of a monthly course: what it says in words, which shape a signal has, and that no label runs into another."""

import re
from itertools import combinations

import pytest

from city_briefs.analysis.assessments.monthly_values import course
from city_briefs.analysis.charts import monthly_course
from city_briefs.analysis.charts.labels import INCH, width
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import entity_stock
from city_briefs.metrics.consumer_rights import complaints_received, settlement_rate
from city_briefs.metrics.supervision import problem_found_rate
from tests.helpers.months import YEARS, returned

UNUSUAL = [100, 100, 60, 104, 97, 104, 194, 104, 97, 150, 151]  # March below, October and November above


@pytest.fixture
def drawn(world):
    """The chart of complaints received in the months of 2021, after three full years."""
    return lambda *months, **more: monthly_course(
        course(returned(world, complaints_received=[*YEARS, *months], **more), complaints_received)
    )


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def boxes(svg):
    """Each text of a drawing with its left, right, top and bottom in points."""
    for attributes, text in re.findall(r"<text ([^>]*)>([^<]*)</text>", svg):
        size = float(re.search(r"font-size: ([\d.]+)px", attributes)[1])
        x, y = map(float, re.search(r"(?:translate\(|rotate\(-0 )([\d.]+) ([\d.]+)\)", attributes).groups())
        long = width(text, size) * INCH
        anchor = re.search(r"text-anchor: (\w+)", attributes)
        left = x - {"middle": 0.5, "end": 1.0}.get(anchor[1] if anchor else "", 0.0) * long
        yield text, left, left + long, y - 0.8 * size, y


def overlapping(svg):
    return [
        (first[0], second[0])
        for first, second in combinations(boxes(svg), 2)
        if first[1] < second[2] and second[1] < first[2] and first[3] < second[4] and second[3] < first[4]
    ]


def test_months_that_are_one_point_say_that_their_mean_is_drawn(drawn):
    chart = drawn(40, 260, 100)
    assert words(chart.svg)[:3] == ["1—2月", "月均", "3月"]


def test_signals_are_marked_by_shape_and_the_key_names_each(drawn):
    usual, unusual = drawn(100, 100, 97, 104), drawn(*UNUSUAL)
    assert {"2021年", "2020年", "正常波动范围", "平常水平"} <= set(words(usual.svg))
    assert not {"高于范围", "低于范围"} & set(words(usual.svg))
    assert {"高于范围", "低于范围", "10月起"} <= set(words(unusual.svg))


def test_the_alternative_text_says_the_numbers_and_what_is_unusual(drawn):
    assert drawn(*UNUSUAL[:4]).alt == (
        "折线图：兰州市2021年12315平台接收群众诉求，1月100件（2020年60件）；2月100件（2020年140件）；3月60件（2020年100件）；"
        "4月104件（2020年104件）。3月低于近两年正常波动范围。"
    )
    assert drawn(*UNUSUAL).caption == "兰州市12315平台接收群众诉求逐月走势（2021年1—11月）"


def test_a_gap_says_whether_it_was_not_reported_or_not_verified(drawn):
    assert "数据不全" in words(drawn(100, 100, 97, None, 97).svg)
    assert {"数据未通", "过核验"} <= set(words(drawn(100, 100, 97, None, 97, rejected=["2021-04"]).svg))


def test_the_same_course_is_the_same_bytes(drawn):
    assert drawn(*UNUSUAL).svg == drawn(*UNUSUAL).svg


@pytest.mark.parametrize(
    "months", [UNUSUAL, [*UNUSUAL, None], [100, 100, *[None] * 9, 100], [104] * 12, [0, 0, 0, 1, *[104] * 8]], ids=str
)
def test_no_label_runs_into_another(drawn, months):
    assert overlapping(drawn(*months).svg) == []


@pytest.mark.parametrize(
    "metric", [entity_stock, settlement_rate, problem_found_rate, complaints_received], ids=lambda one: one.id
)
@pytest.mark.parametrize("region", ["兰州", "甘肃"])
def test_no_label_of_the_demo_runs_into_another(demo_results, metric, region):
    scope = Scope.of(demo_results, demo_results.regions.find(region), Period(2022))
    svg = monthly_course(course(scope, metric)).svg
    assert overlapping(svg) == []
    assert ("多数尚未办结" in words(svg)) == (metric is settlement_rate)
