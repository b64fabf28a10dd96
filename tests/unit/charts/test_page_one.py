"""The small drawings of page one: shapes that tell the own mark apart in grey, the better end at the right, and words that keep apart."""

import re
from decimal import Decimal

import pytest

from city_briefs.analysis.charts import small_course
from city_briefs.analysis.charts.page_one import months, regions
from city_briefs.analysis.charts.signed_bars import Bar, signed_bars
from city_briefs.analysis.charts.small_course import HALF
from city_briefs.common.regions import read
from city_briefs.common.theme import DEEP_MARK, INK, LINE
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.safety import hazard_overdue_share
from city_briefs.metrics.special_equipment import overdue_share
from tests.helpers import REFERENCE
from tests.helpers.charted import figure, figures, years
from tests.unit.charts.test_monthly_course import overlapping, words

CITIES = read(REFERENCE / "regions.csv").cities
VALUES = [97, 96, 95, 94, 93, 92, 91, 90, 89, 88, 87, 86, 85, 84]
LANZHOU = CITIES[0]


def luminance(colour):
    """The relative luminance of a colour, as WCAG has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def strip(values, metric=food_pass_rate, *, is_bad=False):
    drawn = figures(values, CITIES[: len(values)], metric=metric)
    return regions(drawn, drawn[0], "市州", is_bad=is_bad)


def places(svg, colour):
    """Where the marks of a colour stand, in points from the left."""
    return [float(x) for x in re.findall(rf'<use [^>]*x="([\d.]+)"[^>]*fill: {colour}', svg)]


@pytest.mark.parametrize("is_bad", [False, True])
def test_the_own_mark_is_told_from_the_others_by_shape_and_in_grey(is_bad):
    own, svg = (DEEP_MARK if is_bad else INK), strip(VALUES, is_bad=is_bad).svg
    assert contrast(own, LINE) >= 3
    assert len(places(svg, own)) == 1
    shapes = re.findall(r'<path id="[^"]*" d="([^"]+)"', svg)
    assert sum("C" in shape for shape in shapes) == (0 if is_bad else 1)  # a dot has curves, a square and strokes have none


def test_every_region_has_its_stroke():
    assert len(re.findall("<use", strip(VALUES).svg)) == len(VALUES) + 1


@pytest.mark.parametrize(("metric", "is_right"), [(food_pass_rate, True), (hazard_overdue_share, False)])
def test_the_better_end_is_at_the_right(metric, is_right):
    [own] = places(strip(VALUES, metric).svg, INK)  # of the greatest value
    assert (own > 40) == is_right


def test_a_scale_says_all_in_words_and_equal_values_stand_in_its_middle():
    assert strip([97, 95, 90]).alt == "食品监督抽检合格率：兰州为97.00%；3个市州中，最低90.00%，中位数95.00%，最高97.00%。"
    assert strip([97, 97]).alt.endswith("2个市州中，最低97.00%，中位数97.00%，最高97.00%。")


def test_months_need_three_values_and_the_last():
    assert months(years([1, 2], LANZHOU), is_bad=False) is None
    assert months(years([1, 2, 3, None], LANZHOU), is_bad=False) is None
    assert months((), is_bad=False) is None
    drawn = months(years([1, None, 2, 3], LANZHOU), is_bad=False)
    assert "2019年无完整数据，2020年2户，2021年3户" in drawn.alt


def test_narrow_bars_have_no_key_and_long_names_in_lines():
    bars = [Bar("居民服务、修理和其他服务业", Decimal(3)), Bar("其余8项", Decimal(-1))]
    chart = signed_bars(bars, ("拉动", "拉低"), "", "单位", across=HALF)
    assert "居民服务、修理和其他服务业+3.00" in chart.alt
    assert not {"拉动", "拉低"} & set(words(chart.svg))
    assert "居民服务、修理和其他服务业" in "".join(words(chart.svg))
    assert overlapping(chart.svg) == []


@pytest.mark.parametrize("values", [(1.0, 1.0, 1.0), (5.0, 1.0, 3.0), (1.0, 1.01, 1.02)])
def test_labels_of_a_course_keep_apart(values):
    now, before, aim = map(Decimal, map(str, values))
    this = [figure(now, LANZHOU, metric=overdue_share)]
    last = [figure(before, LANZHOU, metric=overdue_share, year=2020)]
    chart = small_course(this, last, level=(aim, f"界限{aim}%"))
    assert overlapping(chart.svg) == []
    assert {this[0].text, f"上年同期{last[0].text}", f"界限{aim}%"} <= set(words(chart.svg))
