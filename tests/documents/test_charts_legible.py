"""Every kind of chart can be read: labels never meet and never leave the page, type is large enough, shades differ in grey."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from matplotlib.colors import to_hex

from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.blocks.city_comparison import MOST_METRICS
from city_briefs.analysis.charts import distribution, heat, ranking, signed_bars, spark, target_bars, tiles, trend
from city_briefs.analysis.charts.labels import REGION, SMALL, cut, width, wrapped
from city_briefs.analysis.charts.signed_bars import Bar
from city_briefs.analysis.charts.steps import SHADES
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.common import theme
from city_briefs.common.regions import Region
from city_briefs.common.theme.fonts import SHAPES
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_entities
from city_briefs.metrics.food_safety import food_pass_rate
from tests.helpers.charted import figure, figures, years
from tests.helpers.legible import assert_legible, lightness, words
from tests.helpers.size import in_full

PROVINCE = Region("9000", "一个名字很长的省", "一个名字很长的省", "province")
SIGNS = "子丑寅卯辰巳午未申酉戌亥甲乙"
CITIES = [
    Region(f"91{number:02}", f"{sign}城民族自治地方市", f"{sign}城民族自治地方", "city") for number, sign in enumerate(SIGNS)
]
PLACES = {f"91{number:02}": (1 + number // 5, 1 + number % 5) for number in range(14)}
AWKWARD = {
    "equal": [97.5] * 14,
    "zero": [0] * 14,
    "giant": [1] * 13 + [98_765_432],
    "falling": [-0.4 * number for number in range(1, 15)],
    "collapsing": [-99.9] + [1234.5] * 13,
    "unknown": [None] * 13 + [12.3],
    "close": [50 + number / 1000 for number in range(14)],
    "large": [1_234_567 + number for number in range(14)],
}
OVER_YEARS = {
    "equal": [5] * 5, "zero": [0] * 5, "giant": [1, 1, 1, 1, 98_765_432], "missing": [None, 3, None, 4, 5],
    "falling": [900_000_000, 9_000, 800, 70, 6], "zigzag": [-12.3, 1234.5, -99.9, 88.8, -77.7], "short": [4, 5, 6],
}  # fmt: skip
APART = 15  # of lightness (L*, 0 black to 100 white): what stands side by side differs by so much, in grey and to every eye
RATES = [metric for metric in CATALOGUE.values() if metric.form == "ratio" and metric.better != "neutral"]


@pytest.mark.parametrize("values", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("view", ["value", pytest.param("yoy", marks=in_full)])
def test_the_words_of_charts_of_all_cities_never_meet(canvases, values, view):
    found = figures(values, CITIES, view=view)
    province = figure(12.3, PROVINCE, view=view)
    ranking(found, CITIES[3], province)
    tiles(found, PLACES, province)
    known = [one for one in found if one.value is not None]
    distribution(dict.fromkeys(RATES[:6], known), CITIES[3], "市州")
    assert len(canvases) == 3
    for canvas in canvases:
        assert_legible(canvas)


@pytest.mark.parametrize("values", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("view", ["value", "yoy"])
def test_the_line_of_the_province_crosses_no_word(canvases, values, view):
    ranking(figures(values, CITIES, view=view), CITIES[3], figure(12.3, PROVINCE, view=view))
    said = words(canvases[0])
    line = canvases[0].axes[0].lines[0].get_window_extent()
    for one, box in said:
        assert box.x1 <= line.x0 or box.x0 >= line.x1 or box.y1 <= line.y0 or box.y0 >= line.y1, one.get_text()


def test_a_character_that_no_face_has_takes_the_room_of_its_code():
    assert width("𠮷野家") == width("⟨U+20BB7⟩野家") > 2 * width("吉野家")
    assert width(cut("𠮷野家𠮷𠮷𠮷市").translate(SHAPES)) <= REGION


@pytest.mark.parametrize("number", [1, 4, MOST_METRICS])
def test_the_words_of_a_heat_table_never_meet(canvases, number):
    longest = sorted(RATES, key=lambda metric: -len(metric.label))[:number]
    of_metric = {metric: figures(range(1, 15), CITIES, metric=metric, view="rank") for metric in longest}
    heat({metric: [replace(rank, interval=Interval(1.0, 14.0)) for rank in ranks] for metric, ranks in of_metric.items()}, CITIES)
    assert_legible(*canvases)


@pytest.mark.parametrize("values", OVER_YEARS.values(), ids=OVER_YEARS)
@pytest.mark.parametrize("view", ["yoy", "change_pp"])
@pytest.mark.parametrize("metric", [new_entities, food_pass_rate])
def test_the_words_of_a_trend_never_meet(canvases, values, view, metric):
    trend(years(values, CITIES[0], metric=metric), years(values[::-1], CITIES[0], view=view, metric=metric))
    assert_legible(*canvases)


@pytest.mark.parametrize("values", OVER_YEARS.values(), ids=OVER_YEARS)
def test_the_words_of_a_spark_never_meet(canvases, values):
    assert spark(years(values, CITIES[0]))
    assert_legible(*canvases)


@pytest.mark.parametrize("values", [[0, 0, 0], [1, 98_765_432, None], [5, 99, 100]], ids=["zero", "giant", "near"])
def test_the_words_of_target_bars_never_meet(canvases, values):
    target_bars([standing(value) for value in values] * 4)
    assert_legible(*canvases)


@pytest.mark.parametrize(
    "sizes",
    [[0, 0], [12.34, -5.6, 0.01], [-0.5, -99.99], [98765.43, 0.01, -0.01], [1] * 20],
    ids=["zero", "both", "falling", "giant", "many"],
)
@pytest.mark.parametrize("is_told_apart", [True, False])
def test_the_words_of_signed_bars_never_meet(canvases, sizes, is_told_apart):
    names = ["电力、热力、燃气及水生产和供应业", "交通运输、仓储和邮政业", "其他"]
    bars = [
        Bar(names[place % 3], Decimal(str(size)), None if place % 2 else Decimal(str(-size))) for place, size in enumerate(sizes)
    ]
    signed_bars(bars, ("拉动", "拉低"), PROVINCE.whole, "拉动", is_told_apart=is_told_apart)
    assert_legible(*canvases)


def test_what_pulls_down_is_hollow_and_what_chance_explains_pale(canvases):
    for is_told_apart in (True, False):
        signed_bars([Bar("上", Decimal(2)), Bar("下", Decimal(-1))], ("拉动", "拉低"), "", "拉动", is_told_apart=is_told_apart)
    faces = [[to_hex(patch.get_facecolor()) for patch in canvas.axes[0].patches[:2]] for canvas in canvases]
    assert faces == [[theme.ACCENT, "#ffffff"], [theme.PALE, "#ffffff"]]


def standing(value):
    """Where a region is on the way to a target of a hundred."""
    own, aim = figure(value, CITIES[0]), figure(100, CITIES[0])
    return Standing(
        own.metric, "value", False, date(2021, 12, 31), aim, own, own, Decimal(50), expected=Decimal(40), light="滞后"
    )


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("工业产品监督抽查总体合格率", ["工业产品", "监督抽", "查总体", "合格率"]),
        ("12315接收群众诉求", ["12315接", "收群众", "诉求"]),
        ("颁发“光荣在党50年”", ["颁发“光", "荣在党", "50年”"]),
        ("食品", ["食品"]),
    ],
)
def test_a_heading_is_cut_into_even_lines_that_part_no_number_and_no_mark(words, lines):
    assert wrapped(words, 0.49, SMALL).split("\n") == lines


def test_what_stands_side_by_side_differs_in_grey():
    steps_of_shade = list(pairwise(SHADES))
    columns = [(theme.PALE, theme.INK), (theme.PALE, theme.ACCENT)]  # trend, target bars
    marked = [(theme.LINE, theme.ACCENT), (theme.LINE, theme.INK)]  # spark, distribution
    for one, other in [*steps_of_shade, *columns, *marked]:
        assert abs(lightness(one) - lightness(other)) >= APART, (one, other)


def test_lightness_is_that_of_the_eye():
    assert lightness("#ffffff") == pytest.approx(100)
    assert lightness("#000000") == 0
    assert lightness("#777777") == pytest.approx(50, abs=0.1)
