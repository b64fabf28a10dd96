"""`briefs compare` of two sides of one snapshot: what may be named, and the page."""

import json
import re

import pytest

from city_briefs.app import comparison_page
from city_briefs.app.comparison_page import Page, Row, Section
from city_briefs.model.tables import RETURNS
from city_briefs.production.editions.figure_diff import Moved
from city_briefs.production.review.compare import Comparison, Difference
from city_briefs.production.review.rewording import Rewritten
from tests.conftest import THREE_CITIES, covered, rows

A, B = ("--city", "Ashford"), ("--city", "Birchwood")
Y, Z = ("--year", "2020"), ("--year", "2021")
JANUARY = ("--through", "1")
HOW = "Name two folders, or --city, --year or --through twice, or --commit."
HOW_ZH = "请写明两个文件夹，或把--city、--year、--through之一写两次，或写--commit。"
REFUSED = {
    (): (f"There is nothing to compare with. {HOW}", f"没有写与什么对照。{HOW_ZH}"),
    (*A, *Z): (f"There is nothing to compare with. {HOW}", f"没有写与什么对照。{HOW_ZH}"),
    (*A, *B, *Y, *Z): (
        "Two cities and two years can be compared in several ways. Name --year once.",
        "两个地区、两个年份有几种比法。--year请只写一次。",
    ),
    (*A, *Y, *Z, "--through", "3", "--through", "6"): (
        "Two years and two months can be compared in several ways. Name --through once.",
        "两个年份、两个月份有几种比法。--through请只写一次。",
    ),
    (*A, *B, "--city", "Cedarton"): ("--city is named 3 times. Two are compared: name two.", "--city写了3次。只对照两个，请写两次。"),
    (*A, *Z, *Z): ("--year 2021 is named twice. Name another.", "--year 2021写了两次。请换一个。"),
    (*A, "--city", "9100", *Z): ("Both cities are Ashford (9100). Name another.", "两个都是Ashford（9100）。请换一个。"),
    (*A, "--city", "Norland", *Z): (
        "Ashford is a city and Norland a province; they are not alike. Name two of one level. How a city stands beside the rest is in "
        "its brief.",
        "Ashford和Norland不是同一级地区，不能这样比。请写两个同级的地区；一个市州与全省其余地区的比较，见其简报。",
    ),
    (*A, *B, *Z, "--pack", "city-brief"): (
        "--pack is read with --commit alone. Leave out --pack.", "--pack只与--commit同用。请去掉--pack。"
    ),
    ("old",): ("Name two folders: the older and the newer one.", "请写两个文件夹：先写旧的，再写新的。"),
    ("old", "new", *Z): ("OLD and NEW are compared as they are. Leave out --year, --data.", "OLD和NEW按原样对照。请去掉--year、--data。"),
    ("--commit", "HEAD", "--span", "month", "--metric", "new_entities"): (
        "With --commit whole packs are compared. Leave out --span, --metric.", "--commit对照整份简报。请去掉--span、--metric。"
    ),
    ("--commit", "HEAD", *Y, *Z): ("--year is named 2 times. With --commit name it once.", "--year写了2次。与--commit同用时，请只写一次。"),
    ("--commit", "a", "--commit", "b", "--commit", "c"): (
        "--commit is named 3 times. With --commit name it once or twice.", "--commit写了3次。与--commit同用时，请只写一次或两次。"
    ),
}  # fmt: skip


@pytest.fixture
def data(world):
    """The folder of a snapshot of three cities and two years."""
    given = rows("""
        region  month    indicator       numerator  denominator  span
        9100    2020-01  food_pass_rate  940        1000         month
        9100    2021-01  food_pass_rate  950        1000         month
        9200    2021-01  food_pass_rate  700        1000         month
    """)
    return world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, ["9100", "9200", "9300"], [2020, 2021]), returns=given, synthetic=True
    ).path


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_can_be_read_in_two_ways_is_asked(briefs, data, words, said_in):
    for place, locale in enumerate(("C", "zh_CN.UTF-8")):
        said_in(locale)
        assert briefs("compare", *words, *(() if words == ("old",) else ("--data", data))) == (
            2,
            "",
            f"{REFUSED[words][place]}\n",
        )


def test_two_cities_are_said_and_written_as_a_page(briefs, data, tmp_path):
    page = tmp_path / "page.html"
    code, out, err = briefs("compare", *A, *B, *Z, *JANUARY, "--data", data, "--metric", "食品监督抽检合格率", "--page", page)
    assert (code, err) == (0, f"Written: {page}.\n")
    assert out.splitlines() == [
        "2021年1月：Ashford → Birchwood", "", "差异超出随机波动", "  食品监督抽检合格率：95.00% → 70.00%；Birchwood比Ashford低25.00个百分点", "",
        "共1项：差异超出随机波动1项；差异未超出随机波动0项；有增减，不作检验0项；不作比较0项。", "模拟数据，仅供演示",
    ]  # fmt: skip
    written = page.read_text("utf-8")
    assert "模拟数据，仅供演示" in written and "Birchwood比Ashford低25.00个百分点" in written


def test_two_snapshots_are_a_page(briefs, data, world, tmp_path):
    other = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9100", "9200", "9300"], [2020, 2021]),
        returns=rows("""
            region  month    indicator       numerator  denominator  span
            9100    2020-01  food_pass_rate  940        1000         month
            9100    2021-01  food_pass_rate  950        1000         month
            9200    2021-01  food_pass_rate  710        1000         month
        """),
    ).path
    page = tmp_path / "page.html"
    assert briefs("compare", data, other, "--page", page)[0] == 0
    html = page.read_text("utf-8")
    assert "食品监督抽检合格率（%），因returns有改动" in html and "行有不同的表：returns。" in html
    assert "Birchwood 2021年1月" in html and "70.00" in html and "71.00" in html
    assert "模拟数据，仅供演示" in html and "Ashford" not in html
    assert briefs("compare", data, data, "--page", page)[0] == 0
    assert "两边没有不同。" in page.read_text("utf-8")


def test_years_stand_in_their_order_however_they_are_named(briefs, data):
    first, second = (
        json.loads(briefs("compare", *A, *years, *JANUARY, "--data", data, "--json")[1]) for years in ((*Y, *Z), (*Z, *Y))
    )
    assert first == second and [one["metric"] for one in first] == ["food_pass_rate"]
    assert (first[0]["first"]["year"], first[0]["second"]["year"], first[0]["base"]) == (2020, 2021, 94)


def test_a_page_that_cannot_be_written_is_said(briefs, data, tmp_path):
    (tmp_path / "page").mkdir()
    code, _, err = briefs("compare", *A, *B, *Z, "--data", data, "--page", tmp_path / "page")
    assert (code, err) == (2, f"{tmp_path}/page cannot be written: Is a directory. Name another file with --page.\n")


def figure(region="9100", before="5户", after="6户"):
    return Moved(
        metric="new_entities", label="新设立市场主体", view="yoy", region=region, year=2021, through=12, span="", area="", base="",
        by="", part="", unit="户", before=before, after=after, value_before=5, value_after=6, redefined=True,
    )  # fmt: skip


def comparison(*words, figures=(), compared=3):
    """A comparison of packs of two cities; the words of the first are those of all packs."""
    differing = [
        Difference(
            ("2021", code, "city-brief"),
            f"{code} 2021 city-brief",
            "市场监管工作简报",
            list(figures) if code == "9100" else [],
            list(words),
        )
        for code in ("9100", "9200")
    ]
    return Comparison(
        differing,
        compared,
        [("2021", "9300", "old-brief")],
        [],
        {"9100": "甲市", "9200": "乙市", "9300": "丙市"},
        ["模拟数据，仅供演示"],
    )


SIDES = ("a1b2c3d4 一次改动", "工作文件夹")


def test_what_all_packs_have_in_common_is_said_once_and_the_unchanged_are_counted():
    heading = Rewritten("summary", [("## 新设和注销", "## 登记和注销")], [])
    page = comparison_page.of_packs(comparison(heading, figures=[figure()]), SIDES, ["不同的文件：无。"])
    assert [(section.title, len(section.rows)) for section in page.sections] == [
        ("市场监管工作简报：2份相同的改动", 1), ("甲市 2021年 市场监管工作简报", 1)
    ]  # fmt: skip
    assert page.sections[1].rows[0] == Row(
        "数字", "新设立市场主体（同比增减）", (("5户", False),), (("6户", False),), "口径已调整"
    )
    assert page.closing == [
        "除上列相同的改动外没有别的不同：乙市 2021年 市场监管工作简报。",
        "只在“a1b2c3d4 一次改动”里：丙市 2021年 old-brief。",
        "对照3份，2份不同，1份一字未变。",
    ]


def test_the_page_marks_by_word_and_stroke_and_needs_nothing_else():
    words = Rewritten("summary", [("合格率97.1%。", "合格率97.3%。"), (None, "<b>新句。"), ("旧句。", None)], ["一句。"])
    html = comparison_page.of_packs(comparison(words), SIDES, []).html
    assert '<html lang="zh-CN">' in html and "模拟数据，仅供演示" in html
    assert "合格率<del><b>97.1%</b></del>。" in html and "合格率<ins><b>97.3%</b></ins>。" in html
    assert "<ins><b>&lt;b&gt;新句。</b></ins>" in html and "<del><b>旧句。</b></del>" in html
    assert re.findall('<span class="kind">(.+?)</span>', html) == ["改写", "新增", "删去", "移位"]
    assert html.count("（无）") == 2 and "1行只是换了位置，文字和数字不变" in html
    assert not re.search(r"<script|<link|https?://|url\((?!data:)", html)


def test_nothing_differs_in_one_sentence():
    page = comparison_page.of_packs(Comparison([], 14, [], [], {}, []), SIDES, [])
    assert page.sections == [] and page.closing == ["对照14份，0份不同，14份一字未变。"]
    assert "<p>两边没有不同。</p>" in page.html and "<table" not in page.html


def test_a_long_section_says_how_much_it_leaves_out():
    lines = Rewritten("summary", [(None, f"第{number}句。") for number in range(100)], [])
    [section] = comparison_page.of_packs(comparison(lines), SIDES, []).sections
    assert (len(section.rows), section.more) == (80, 20)
    page = Page("对照", SIDES, ("哪里", "前", "后", "说明"), [], [Section("甲", section.rows, 20)], [], [])
    assert "另有20处，加--json列出全部。" in page.html
