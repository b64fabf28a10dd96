"""The tables of many metrics: a line each, and what has no line named with the reason."""

from decimal import Decimal

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish as block
from city_briefs.analysis.blocks.metric_manual import entry_number
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_enterprises, new_entities
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered, rows

RETURNED = rows("""
    region  month    indicator        numerator  span
    9100    2020-01  new_entities     200        month
    9100    2021-01  new_entities     260        month
    9200    2020-01  new_entities     100        month
    9200    2021-01  new_entities     104        month
    9300    2020-01  new_entities     0          month
    9300    2021-01  new_entities     0          month
""")


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(block, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


@pytest.fixture
def of(world):
    """Gives the scope of a city of a province that returned one metric."""
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, ["9100", "9200", "9300"], [2020, 2021]), returns=RETURNED
    )
    results = Results(snapshot, CATALOGUE.values())
    return lambda city: Scope.of(results, snapshot.regions.find(city), Period(2021))


def test_a_line_has_the_year_before_and_a_change_with_its_verdict(of, shown):
    for city in ("Ashford", "Birchwood"):
        blocks.overview(of(city), [new_entities, new_enterprises])
    assert [table["header"] for table in shown] == [["指标", "本期", "上年同期", "增减", "占比", "可能位次"]] * 2
    assert [table["rows"] for table in shown] == [
        [["新设立市场主体", "260户", "200户", "▲30.0%好", "71.4%", ""]],
        [["新设立市场主体", "104户", "100户", "≈+4.0%", "28.6%", ""]],
    ]


def test_what_was_zero_in_both_years_is_a_sentence_and_is_not_missing(of, shown):
    blocks.overview(of("Cedarton"), [new_entities])
    assert shown[0]["paragraphs"] == ["本期和上年同期均为零的：新设立市场主体。"]


def test_without_any_value_there_is_one_sentence(of, shown):
    blocks.overview(of("Ashford"), [food_pass_rate, new_enterprises])
    assert shown[0]["paragraphs"] == ["食品监督抽检合格率、新设企业本期均无数据。"]


def test_the_table_of_all_says_once_what_is_missing_and_refers_to_the_manual(of, shown):
    blocks.all_metrics(of("Ashford"))
    [table] = shown
    assert table["header"] == ["指标", "本期", "分子/分母", "上年同期", "增减", "占比或位次", "口径号"]
    assert table["rows"] == [["新设立市场主体", "260户", "", "200户", "▲30.0%好", "71.4%", f"{entry_number(new_entities)}"]]
    assert table["manual"] == "9000"
    unreported = sum(metric.form != "cited" for metric in CATALOGUE.values()) - 1
    assert table["notes"] == [
        "▲▼为超出随机波动的增减，好、差按指标方向；占比为占上级地区的比重，空白为不作比较、不计占比或不排位次",
        "上年同期为当时同一时点已知的数",
        f"本期未报送的：{unreported}项",
    ]


def plain(figure):
    """All digits of a count, and an amount of yuan as it is printed, both without their unit."""
    return figure["text"].removesuffix("元") if figure["unit"] == "元" else number_format.digits(Decimal(str(figure["value"])))


def test_every_metric_that_has_a_value_stands_in_a_line_or_in_that_of_a_rate(demo_results, shown):
    scope = Scope.of(demo_results, demo_results.regions.find("兰州市"), Period(2021))
    blocks.all_metrics(scope)
    [table] = shown
    listed = {row[0]: row for row in table["rows"]}
    counted = {text for row in table["rows"] for text in row[2].split("/") if text}
    under = "".join(table["notes"])
    given = [figure for figure in table["figures"] if figure["view"] == "value" and figure["value"] is not None]
    assert len(given) > 100
    left = [
        figure["metric"] for figure in given
        if (label := CATALOGUE[figure["metric"]].label) not in listed and plain(figure) not in counted and label not in under
    ]  # fmt: skip
    assert left == []
    assert listed["食品监督抽检合格率"][2] == "/".join(
        plain(figure) for name in ("food_batches_passed", "food_batches") for figure in given if figure["metric"] == name
    )
    assert "食品监督抽检批次" not in listed
    assert (
        "、公开曝光典型违法案件" in under and "公开曝光典型违法案件" not in listed
    )  # a neutral number, which is half of no rate
    assert listed["发明专利授权"][2] == ""
