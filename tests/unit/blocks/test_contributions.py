"""Why it moved, as blocks: a sentence, a table that adds up, and bars; or the sentence that says why not."""

import re
from decimal import Decimal

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.common.theme import html
from city_briefs.metrics.consumer_rights import consumer_complaints
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from tests.unit.figures.test_contributions import BESIDE, SMALL, cases, requests, scope
from tests.unit.figures.test_rate_changes import KITAGAWA, YEARS, checks, returned


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def added(column):
    return sum(Decimal(cell.replace("−", "-")) for cell in column)


def test_a_growth_has_a_sentence_a_table_and_bars_beside_the_province(world, shown):
    blocks.contribution(scope(cases(world, BESIDE), cases_total), cases_total, "field")
    prose, table, chart = shown
    assert prose["paragraphs"] == [
        "2021年，Ashford查处各类经济违法案件同比增长20.00%，其中食品拉动25.00个百分点，价格拉低5.00个百分点；"
        "增速比Norland低20.00个百分点，其中食品少拉动16.25个百分点，价格多拉低2.50个百分点。"
    ]
    assert table["caption"] == "Ashford查处各类经济违法案件同比增长的拉动，按领域分（2021年）"
    assert (table["unit"], table["header"]) == (
        "起、个百分点",
        ["领域", "本期", "上年同期", "拉动", "Norland拉动", "与Norland之差"],
    )
    assert table["rows"] == [
        ["食品", "300", "200", "25.00", "41.25", "−16.25"],
        ["涉企收费", "0", "0", "0.00", "1.25", "−1.25"],
        ["价格", "180", "200", "−5.00", "−2.50", "−2.50"],
        ["合计", "480", "400", "20.00", "40.00", "−20.00"],
    ]
    assert table["totals"] == [3]
    *parts, total = (row[1:] for row in table["rows"])
    assert [added(column) for column in zip(*parts, strict=True)] == [added([cell]) for cell in total]
    assert chart["alt"] == (
        "条形图：Ashford查处各类经济违法案件同比增长的拉动，按领域分（2021年），单位：个百分点，"
        "食品+25.00（Norland +41.25）、涉企收费0.00（Norland +1.25）、价格−5.00（Norland −2.50）。"
    )
    stated = [(one["view"], one["region"], one.get("part"), one["value"]) for one in table["figures"]]
    assert stated == [
        ("value", "9100", None, 480), ("yoy", "9100", None, 20),
        ("contribution", "9100", "food", 25), ("contribution", "9100", "fees", 0), ("contribution", "9100", "price", -5),
        ("yoy", "9000", None, 40),
        ("contribution", "9000", "food", 41.25), ("contribution", "9000", "fees", 1.25), ("contribution", "9000", "price", -2.5),
    ]  # fmt: skip


def test_a_growth_that_chance_explains_is_noted_and_has_no_bars(world, shown):
    of = {(2020, "9100"): {"food": 200, "price": 100}, (2021, "9100"): {"food": 225, "price": 105}}
    blocks.contribution(scope(cases(world, of), cases_total), cases_total, "field")
    prose, table = shown
    assert prose["paragraphs"] == [
        "2021年，Ashford查处各类经济违法案件同比由300起变为330起，变化未超出随机波动，各项拉动只作参考。"
    ]
    note = "查处各类经济违法案件的变化未超出随机波动，各项拉动只作参考"
    assert table["notes"] == [note]


def test_what_is_merged_is_noted_and_named_nowhere(world, shown):
    blocks.contribution(scope(requests(world, SMALL), consumer_complaints), consumer_complaints, "category")
    assert shown[1]["notes"] == ["为保护个人信息，不足5件的品类（为防止推算，连同次少的品类）两年均并入“其他”"]
    assert not any(word in f"{shown}" for word in ("家电", "服装"))
    blocks.contribution(scope(requests(world, SMALL), consumer_complaints), consumer_complaints, "category", "internal")
    assert shown[4]["notes"] == []
    assert [row[0] for row in shown[4]["rows"]] == ["食品", "汽车", "日用", "家电", "服装", "合计"]


def test_of_a_small_base_both_numbers_are_said(world, shown):
    of = {(2020, "9100"): {"food": 10, "price": 19}, (2021, "9100"): {"food": 60, "price": 1}}
    blocks.contribution(scope(cases(world, of), cases_total), cases_total, "field")
    [prose] = shown
    assert prose["paragraphs"] == ["2021年，Ashford查处各类经济违法案件61起；上年同期为29起，基数过小，不作百分比比较。"]
    assert [(one["view"], one["refused"]) for one in prose["figures"]] == [
        ("value", None), ("yoy", "上年同期为29起，基数过小，不作百分比比较"),
    ]  # fmt: skip


@pytest.mark.parametrize(("show", "metric"), [(blocks.contribution, cases_total), (blocks.decompose, food_pass_rate)])
def test_of_what_is_not_known_no_text_is_shown_since_it_was_said(world, shown, show, metric):
    show(scope(world.snapshot(coverage=[]), metric, "兰州市"), metric, "region")
    assert [(one["kind"], one["paragraphs"]) for one in shown] == [("prose", [])]


def test_a_rate_has_a_sentence_a_table_and_bars(world, shown):
    blocks.decompose(scope(returned(world, KITAGAWA), food_pass_rate, "Norland"), food_pass_rate, "region")
    prose, table, chart = shown
    assert prose["paragraphs"] == [
        "2021年，Norland食品监督抽检合格率同比下降0.80个百分点，其中地区结构变化拉低1.55个百分点，各地区比率本身拉高0.75个百分点。"
    ]
    assert table["header"] == ["地区", "本期占比", "上年同期占比", "本期", "上年同期", "结构变化", "比率本身"]
    assert table["rows"] == [
        ["Birchwood", "60.0", "40.0", "91.00", "90.00", "−0.78", "0.50"],
        ["Ashford", "40.0", "60.0", "98.50", "98.00", "−0.77", "0.25"],
        ["合计", "100.0", "100.0", "94.00", "94.80", "−1.55", "0.75"],
    ]
    assert chart["alt"] == (
        "条形图：Norland食品监督抽检合格率变动的结构和水平，按地区分（2021年），单位：个百分点，"
        "地区结构变化−1.55、Birchwood比率本身+0.50、Ashford比率本身+0.25。"
    )


def test_of_a_rate_what_is_pooled_is_noted(world, shown):
    blocks.decompose(scope(checks(world, YEARS), food_pass_rate), food_pass_rate, "category")
    assert shown[1]["notes"] == ["“其他”合并了有一年不足30的品类，合并后仍不足的连同次少的"]
    assert [row[0] for row in shown[1]["rows"]] == ["菜", "肉", "其他", "合计", "Norland"]


def test_a_rate_that_is_not_split_says_why(world, shown):
    same = {2020: {"肉": (395, 402), "菜": (98, 100)}, 2021: {"肉": (404, 420), "菜": (98, 100)}}
    blocks.decompose(scope(checks(world, same), food_pass_rate), food_pass_rate, "category")
    assert [one["paragraphs"] for one in shown] == [
        ["2021年，Ashford食品监督抽检合格率96.54%；同比由98.21%变为96.54%，差异未超出随机波动，不作结构和水平分解。"]
    ]


def test_signs_are_told_apart_without_colour(world, shown):
    blocks.contribution(scope(cases(world, BESIDE), cases_total), cases_total, "field")
    drawn = shown[2]["svg"]
    assert "fill: #1f5fa8" in drawn and "fill: #ffffff; stroke: #1c2b3a" in drawn  # what pulls down is hollow
    assert {"拉动", "拉低", "Norland", "+25.00", "−5.00"} <= set(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))
    assert all(word in html(shown[1]) for word in ("−16.25", "与Norland之差"))
