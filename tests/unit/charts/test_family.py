"""The family of charts: what stands out in each, and that in any land no words meet and nothing is higher than a page."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from matplotlib.colors import to_hex

from city_briefs.analysis import blocks, snapshot
from city_briefs.analysis.assessments.open_hazards import AgeClass
from city_briefs.analysis.assessments.pace import Pace
from city_briefs.analysis.assessments.part_changes import PartChange
from city_briefs.analysis.assessments.rate_positions import RatePosition
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.charts import bullets, hazard_ages, rates, slope, spine
from city_briefs.analysis.charts.bullets import LEFT
from city_briefs.analysis.charts.months import spread
from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.parts import Part
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.common import theme
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.consumer_rights import complaints_received, settlement_rate
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.special_equipment import overdue_share
from city_briefs.production.export import markup
from tests.helpers.charted import figure, figures
from tests.helpers.lands import land, snapshot_of
from tests.helpers.legible import assert_legible, words
from tests.helpers.shared import once
from tests.helpers.size import in_full

CITIES = land(14, "latin").cities
PAGE = 7.6  # inches that a drawing may take, with its caption and notes on a page under it
ALL_RATES = [metric for metric in CATALOGUE.values() if metric.form == "ratio"]


def position(value, side, metric=food_pass_rate, others=range(90, 98)):
    """A rate of the first city among others, with an interval of two on either side."""
    own = replace(figure(value, CITIES[0], metric=metric), interval=Interval(value - 2, value + 2))
    rest = figures(others, CITIES[1 : len(others) + 1], metric=metric)
    return RatePosition(own, tuple(rest), Decimal("93.5"), side)


def markers(canvas, colour=theme.OWN):
    """How many marks of each shape a chart has, filled or not, in a colour; the key has one of each too."""
    lines = [line for axes in canvas.axes for line in axes.lines if line.get_marker() not in ("None", None, "")]
    return Counter(
        (line.get_marker(), line.get_markerfacecolor() != "white") for line in lines if line.get_markeredgecolor() == colour
    )


def edges(canvas):
    """The place of each own mark of a chart, from the left, without those of the key."""
    return [
        line.get_xdata()[0]
        for line in canvas.axes[0].lines
        if line.get_marker() in ("o", "s") and line.get_markeredgecolor() == theme.OWN
    ]


def test_each_side_has_a_mark_of_its_own_and_the_key_names_those_that_are_drawn(canvases):
    rates([position(99, "better"), position(90, "worse"), position(94, "alike")], CITIES[0], "市州", "")
    assert markers(canvases[0]) == {("o", True): 2, ("s", True): 2, ("o", False): 2}


def test_the_better_end_of_a_rate_is_at_the_right(canvases):
    for metric in (food_pass_rate, overdue_share):
        rates([position(99, "better", metric)], CITIES[0], "市州", "")
        rates([position(90, "worse", metric)], CITIES[0], "市州", "")
    high_is_good, low_is_good = [edges(canvas)[0] for canvas in canvases[:2]], [edges(canvas)[0] for canvas in canvases[2:]]
    assert high_is_good[0] > high_is_good[1]
    assert low_is_good[0] < low_is_good[1]


def test_a_rate_is_never_drawn_from_zero(canvases):
    rates([position(97, "alike", others=[96.5, 97.0, 97.5])], CITIES[0], "市州", "")
    spread_out = [x for line in canvases[0].axes[0].lines if line.get_marker() == "|" for x in line.get_xdata()]
    assert max(spread_out) - min(spread_out) > 0.5  # inches; from zero it would be a hundredth of them


@pytest.mark.parametrize(("others", "boxes"), [(range(90, 94), 1), (range(90, 95), 2)])
def test_a_spine_has_quarters_from_five_regions_on(canvases, others, boxes):
    spine([position(92, "alike", others=others)], CITIES[0], "市州", "")
    in_key = 1 if boxes == 2 else 0
    assert len(canvases[0].axes[0].patches) == boxes + in_key


def part(name, before, now, verdict):
    """A part of the cases in two years, whose change was tested."""
    change = replace(figure(10, CITIES[0], metric=cases_total, view="yoy"), verdict=verdict)
    return PartChange(
        Part(name, name, Amount(Decimal(now)), Amount(Decimal(before))), cases_total, Decimal(before), Decimal(now), change
    )


def test_only_what_is_told_apart_is_strong_in_a_slope(canvases):
    slope(
        [part("食品", 80, 120, "up"), part("价格", 60, 50, "same"), part("广告", 90, 40, "down")],
        ("2020年", "2021年"),
        "案件",
        "",
    )
    joined = [line for line in canvases[0].axes[0].lines if len(line.get_xdata()) == 2 and line.get_marker() in ("None", None)]
    ways = [line for line in joined if line.get_xdata()[1] - line.get_xdata()[0] > 1]
    assert [line.get_color() for line in ways] == [theme.OWN, theme.OTHERS, theme.OWN]
    assert markers(canvases[0])[("^", True)] == 1
    assert markers(canvases[0])[("v", True)] == 1


def standing(value, light, *, share=None, interval=None, at_most=False, metric=food_pass_rate):
    """Where a region is on the way to a target of 95, of which a share is due."""
    own, aim = replace(figure(value, CITIES[0], metric=metric), interval=interval), figure(95, CITIES[0], metric=metric)
    pace = None if share is None else Pace(Decimal(share))
    done = None if share is None else Decimal(value)
    return Standing(metric, "value", at_most, date(2021, 12, 31), aim, own, own, is_over=False, pace=pace, done=done, light=light)


def test_lights_are_told_apart_by_shape(canvases):
    bullets([standing(97, "达标"), standing(94.5, "正常"), standing(80, "滞后"), standing(90, None)], {}, "")
    assert markers(canvases[0]) == {("o", True): 2, ("o", False): 2, ("s", True): 2, ("D", False): 2}


LONG = "重点工业产品质量安全监督抽查总体合格率和不合格产品后续处理率"


@pytest.mark.parametrize("share", [None, 50])
@pytest.mark.parametrize("label", [LONG, "Overdue inspections of lifts per thousand lifts", "Lifts"])
def test_a_long_name_stands_in_lines_of_its_column_and_none_of_it_is_cut(canvases, share, label):
    metric = replace(food_pass_rate, label=label)
    bullets([standing(90, "滞后", share=share, metric=metric), standing(97, "达标", share=share, metric=metric)], {}, "")
    found = [(one.get_text(), its) for one, its in words(canvases[0]) if one.get_text().split()[0][:5] == label.split()[0][:5]]
    assert [re.sub(r"\s", "", text) for text, _ in found] == [re.sub(r"\s", "", label)] * 2
    assert all(its.x1 < LEFT * 72 for _, its in found)
    assert_legible(canvases[0])


def test_a_long_name_of_a_rate_stands_in_lines_of_its_column_beside_its_unit(canvases):
    metric = replace(CATALOGUE["entity_density"], label=LONG)
    spine([position(92, "alike", metric=metric), position(93, "alike", metric=metric)], CITIES[0], "市州", "")
    named = [its for one, its in words(canvases[0]) if re.sub(r"\s", "", one.get_text()) == LONG]
    units = [its for one, its in words(canvases[0]) if one.get_text() == metric.unit]
    assert len(named) == len(units) == 2
    assert all(name.x1 <= unit.x0 for name, unit in zip(named, units, strict=True))
    assert_legible(canvases[0])


def test_what_is_refused_has_its_whole_reason(canvases):
    reason = "本期数据未通过核验（甲市、乙市、丙市2021年5—6月未报送），不作评价，待补报后再作判定"
    own = replace(figure(None, CITIES[0], metric=food_pass_rate), text=reason, instead=reason)
    bullets([replace(standing(90, None), own=own)], {}, "")
    assert any(re.sub(r"\s", "", one.get_text()) == reason for one, _ in words(canvases[0]))
    assert_legible(canvases[0])


@pytest.mark.parametrize(("share", "marks"), [(50, 2), (100, 0)])
def test_what_is_due_is_marked_until_all_of_it_is(canvases, share, marks):
    bullets([standing(60, "正常", share=share, metric=complaints_received)], {}, "")
    assert markers(canvases[0])[("^", True)] == marks


def test_the_projection_is_a_ring(canvases):
    projected = {settlement_rate.id: figure(94, CITIES[0], metric=settlement_rate)}
    bullets([standing(90, None, metric=settlement_rate)], projected, "")
    assert markers(canvases[0], theme.OTHERS) == {("o", True): 2}  # a ring has the face "none"


@pytest.mark.parametrize("at_most", [False, True])
def test_right_of_its_line_a_target_is_reached(canvases, at_most):
    for value in (90, 97):
        bullets([standing(value, "达标", at_most=at_most)], {}, "")
    places = [edges(canvas)[0] for canvas in canvases]
    assert (places[1] > places[0]) == (not at_most)


def test_the_overdue_part_of_a_bar_is_a_box_with_strokes(canvases):
    hazard_ages([AgeClass("30天以内", 10, 2, is_old=False), AgeClass("一年以上", 4, 4, is_old=True)], "隐患", "")
    axes = canvases[0].axes[0]
    boxes = [bar for bar in axes.patches if to_hex(bar.get_edgecolor()) == theme.OWN]
    assert [round(box.get_width(), 2) for box in boxes][:2] == [0.78, 1.56]
    for box, strokes in zip(boxes, axes.collections, strict=True):
        ends = [point for stroke in strokes.get_segments() for point in stroke]
        assert len(ends) > 4
        assert all(box.get_x() - 0.001 <= x <= box.get_x() + box.get_width() + 0.001 for x, _ in ends)
        assert all(box.get_y() - 0.001 <= y <= box.get_y() + box.get_height() + 0.001 for _, y in ends)


@pytest.mark.parametrize(
    ("places", "moved"),
    [([1.0], [1.0]), ([1.0, 1.0], [1.0, 1.3]), ([1.9, 2.0], [1.7, 2.0]), ([1.1, 1.0], [1.3, 1.0]), ([0.0, 9.0], [0.5, 2.0])],
)
def test_labels_that_would_meet_are_moved_apart(places, moved):
    assert spread(places, 0.3, 0.5, 2.0) == pytest.approx(moved)


@pytest.fixture(scope="session")
def lands(tmp_path_factory):
    """Gives the results of a land."""

    def made(count, script):
        folder = once(tmp_path_factory, f"land-{count}-{script}", lambda into: snapshot_of(land(count, script), into / "land"))
        return Results(snapshot.load(folder / "land/snapshot"), CATALOGUE.values())

    return made


CALLS = {
    "rates": lambda scope: blocks.rates(scope, ALL_RATES),
    "spine": lambda scope: blocks.spine(scope, ALL_RATES),
    "funnel": lambda scope: [blocks.funnel(scope, metric) for metric in ALL_RATES[:12]],
    "months": lambda scope: blocks.months(scope, [metric for metric in CATALOGUE.values() if metric.form == "flow"][:6]),
    "slope": lambda scope: blocks.slope(scope, cases_total, "field"),
    "bullets": blocks.bullets,
    "hazard_ages": blocks.hazard_ages,
    "ranking": lambda scope: [blocks.ranking(scope, food_pass_rate), blocks.ranking(scope, ALL_RATES[0])],
    "heat": lambda scope: blocks.heat(scope, [metric for metric in ALL_RATES if metric.better != "neutral"]),
    "tiles": lambda scope: blocks.tiles(scope, food_pass_rate),
    "distribution": lambda scope: blocks.distribution(scope, ALL_RATES[:6]),
}


@pytest.mark.parametrize(
    ("count", "script"),
    [
        (3, "latin"),
        pytest.param(14, "latin", marks=in_full),
        pytest.param(50, "latin", marks=in_full),
        pytest.param(60, "chinese", marks=in_full),
    ],
)
def test_in_any_land_every_chart_can_be_read_and_fits_a_page(lands, canvases, monkeypatch, count, script):
    results = lands(count, script)
    shown = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: shown.append(next(iter(bundle.values()))))
    for region in (results.regions.cities[-1], results.regions.province):
        for call in CALLS.values():
            call(Scope.of(results, region, Period(2021)))
    assert len(canvases) > len(CALLS)
    for canvas in canvases:
        assert_legible(canvas)
        assert canvas.get_size_inches()[1] < PAGE
    charts = [block for block in shown if block["kind"] == "chart"]
    assert all(block["alt"] and block["caption"] for block in charts)
    for block in shown:
        markup.see_drawings(block)
