"""What the blocks of three documents hold: targets, the data sheet of the work report, the manual of metrics."""

import re

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments.signals import KINDS
from city_briefs.analysis.assessments.targets import of_cities
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.part_views import PART_VIEWS
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, VIEWS
from city_briefs.analysis.statistics import Z90, components
from city_briefs.analysis.statistics.comparisons import two_counts, two_proportions
from city_briefs.analysis.statistics.components import two_year_average
from city_briefs.analysis.statistics.intervals import wilson
from city_briefs.common import theme
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import DIRECTIONS, FORMS, VIEW_NAMES
from city_briefs.model.metric import Form


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


@pytest.fixture(scope="module")
def results(demo_results):
    return demo_results


def province(results, year=2021, through=12):
    return Scope.of(results, results.regions.province, Period(year, through))


def words(blocks):
    return "\n".join(re.sub("<[^>]*>", "", theme.html(one)) for one in blocks)


def test_every_view_form_and_direction_has_a_chinese_name():
    assert set(VIEW_NAMES) == {*VIEWS, *PART_VIEWS, AS_KNOWN}
    assert set(FORMS) == set(Form.__args__)
    assert {metric.better for metric in CATALOGUE.values()} <= set(DIRECTIONS)


def test_the_table_of_targets_says_target_standing_and_light(results, shown):
    blocks.targets(province(results, 2022, 9))
    table, behind = shown
    assert table["header"] == ["目标任务", "目标", "实际", "完成情况", "完成进度", "应达进度", "今后月均尚需", "评价"]
    rows = {row[0]: row for row in table["rows"]}
    assert rows["实有市场主体增幅"][1] == "增长8%以上"
    assert rows["实有市场主体增幅"][3].endswith("个百分点")
    assert rows["发明专利审查周期"][5:7] == ["74.8%", "降低4.8个月"]
    assert "应达进度按近三年进度计算：新设立市场主体" in table["notes"]
    assert any("超过5个百分点的为滞后" in note for note in table["notes"])
    assert behind["rows"][0][:3] == [
        "每万人口发明专利拥有量",
        "再增加337件有效发明专利，可达2.29件/万人以上",
        "知识产权运用促进处",
    ]
    assert [row[0] for row in behind["rows"]] == [row[0] for row in table["rows"] if row[-1] == "滞后"]


def test_at_the_end_of_the_year_nothing_is_left_to_do_by_month(results, shown):
    blocks.targets(province(results))
    assert "今后月均尚需" not in shown[0]["header"]
    assert all(
        len(row) == len(shown[0]["header"]) == len(shown[0]["widths"]) == len(shown[0]["align"]) for row in shown[0]["rows"]
    )


def test_the_sentence_counts_every_target_once(results, shown):
    blocks.target_lights(province(results, 2022, 9))
    said = shown[0]["paragraphs"][0]
    whole = int(re.search(r"目标任务(\d+)项", said)[1])
    assert sum(map(int, re.findall(r"(?:达标|正常|滞后|另有)(\d+)项", said))) == whole


def test_cities_are_counted_and_not_named_to_a_city(results, shown):
    blocks.targets_by_city(Scope.of(results, results.regions.find("兰州市"), Period(2022, 9)))
    said = words(shown)
    assert not any(city.short in said for city in results.regions.cities)
    for name, whole, met, normal, both in shown[0]["rows"]:
        assert int(met) + int(normal) == int(both) <= int(whole), name


def test_the_province_is_told_which_cities_are_behind(results, shown):
    blocks.targets_by_city(province(results, 2022, 9))
    behind = {row[0]: row[-1].split("、") for row in shown[0]["rows"]}
    late = {
        group[0].name: [one.own.region.short for one in group if one.light == "滞后"] or ["无"]
        for group in of_cities(results, Period(2022, 9)).values()
    }
    assert behind == late
    assert any(names != ["无"] for names in late.values())


def test_a_city_shows_its_own_targets(results, demo_province, shown):
    blocks.targets(Scope.of(results, demo_province.regions.find("兰州"), Period(2021)))
    assert shown[0]["caption"] == "兰州市2021年目标任务进度（截至2021年12月末）"


def test_the_next_years_targets_stand_beside_this_years(results, shown):
    blocks.targets_ahead(province(results))
    assert shown[0]["header"] == ["目标任务", "2022年目标", "2021年目标", "2021年实际", "目标比实际"]
    blocks.targets_ahead(province(results, 2021, 6))
    assert "全年数尚未形成的，不作比较" in shown[1]["notes"]


def test_bars_say_every_target_in_words(results, shown):
    blocks.target_bars(province(results, 2022, 9))
    [chart] = shown
    for name in ("新设立市场主体", "发明专利审查周期", "按应达进度应有的水平"):
        assert f">{name}<" in chart["svg"]
    assert "消费投诉和解率本期数据不全，目标65%以上" in chart["alt"]


def test_without_targets_each_call_says_so(real, shown):
    of_real = Results(real, CATALOGUE.values())
    for call in (blocks.target_lights, blocks.targets, blocks.targets_ahead, blocks.targets_by_city, blocks.target_bars):
        call(province(of_real, 2011))
    assert [one["paragraphs"][0] for one in shown] == [
        "没有引用甘肃省2011年度的目标任务文件，本期不列目标任务。",
        "没有引用甘肃省2011年度的目标任务文件，本期不列目标任务。",
        "没有引用甘肃省2012年度的目标任务文件，本期不列目标任务。",
        "没有引用各市州2011年度的目标任务文件，不列市州完成情况。",
    ]


def test_the_sheet_has_all_figures_in_order_with_their_grounds(results, shown):
    blocks.report_figures(province(results))
    rows = {row[0]: row for table in shown for row in table["rows"]}
    assert len(rows) == 104
    assert list(map(int, rows)) == sorted(map(int, rows))
    assert rows["54"][5:7] == ["比率", rows["54"][6]]
    assert re.fullmatch(r"\d+/\d+", rows["54"][6])
    assert re.fullmatch(r"本期\d+户，上年同期\d+户", rows["38"][6])
    assert rows["188"][5] == "目标值（下一年度）"
    assert rows["152"][5].endswith("居首的地区")


def test_each_figure_has_the_region_that_it_is_of(results, shown):
    def labels(region):
        shown.clear()
        blocks.report_figures(Scope.of(results, results.regions.find(region), Period(2021)))
        rows = {row[0]: row for table in shown for row in table["rows"]}
        return [(rows[number][2], rows[number][3]) for number in ("37", "83", "166")]

    assert labels("甘肃省") == [("甘肃省", "实有市场主体"), ("白银市", "3C免办节约成本"), ("甘肃省", "价格违法大额罚单")]
    assert labels("兰州") == [("兰州市", "实有市场主体"), ("白银市", "3C免办节约成本"), ("兰州市", "价格违法大额罚单")]
    assert labels("白银") == [("白银市", "实有市场主体"), ("白银市", "3C免办节约成本"), ("白银市", "价格违法大额罚单")]


def test_a_refused_figure_gives_its_reason_in_its_place(real, shown):
    blocks.report_figures(province(Results(real, CATALOGUE.values()), 2011))
    rows = {row[0]: row for table in shown for row in table["rows"]}
    assert rows["37"][4] == "—"
    assert rows["37"][6] == "本期未报送（没有实有市场主体的数据）"


def test_claims_stand_with_their_grounds_or_the_reason(results, shown):
    blocks.report_claims(province(results))
    for _, quote, verdict, said, grounds in shown[0]["rows"]:
        assert verdict in ("可以表述", "不作表述")
        assert said, quote
        assert bool(grounds) == (verdict == "可以表述"), quote


def test_praise_names_leading_cities_or_says_why_not(results, shown):
    blocks.report_praises(province(results))
    for _, quote, _, cities, grounds in shown[0]["rows"]:
        assert grounds, quote
        assert all(name in grounds for name in cities.split("、"))


def test_no_view_is_called_by_its_english_name(results, shown):
    for call in (blocks.report_figures, blocks.report_claims, blocks.report_praises):
        call(province(results))
    assert not re.search("|".join(rf"\b{view}\b" for view in VIEWS), words(shown))


def test_the_manual_has_every_metric_once_under_its_subject(results, shown):
    blocks.metric_manual(province(results))
    codes = [row[0].split("\n")[1] for table in shown for row in table["rows"]]
    assert codes == [f"{number}号 {metric}" for number, metric in enumerate(CATALOGUE, start=1)]
    assert shown[1]["caption"] == f"{CATALOGUE['party_medals'].subject}指标（{len(shown[1]['rows'])}项）"
    assert all(cell for table in shown for row in table["rows"] for cell in row)
    compared = {row[0].split("号 ")[1]: row[5] for table in shown for row in table["rows"]}
    assert compared["settlement_rate"] == "两个比例\n结果另有日期（办结日期，closed_on），两年按同一时滞比较"
    assert compared["entity_stock"] == "期末时点数不作检验\n无待办结果"


def test_the_guide_says_what_each_saying_means_with_an_example(results, shown):
    blocks.comparison_guide(province(results))
    sentence, table = shown
    assert sentence["paragraphs"] == ["全数统计的数字也有年际、地区间的随机波动，本报告只对超出波动的差异作评价。"]
    rows = {row[0]: row[1:] for row in table["rows"]}
    assert list(rows) == [
        "未超出随机波动", "提高、下降、增长", "数后括号里的范围（区间）", "第×位（可能在第×—×位）", "前列",
        "主要进展、需关注事项", "达到警戒值，但未超出随机波动",
        "按上年同一天已知的结果计算（同一时滞）", "另有×%尚未办结", "结果没有日期", "基数过小，不作百分比比较", "两年平均",
        "拉动×个百分点（增长的拉动）", "结构变化、比率本身（结构与水平）", "初步数", "应达进度", "预计办结后约×%", "怎样熄灯、怎样达标", "时限、进展",
        "离散系数", "正常波动范围（逐月）", "×月起高于、低于", "不作检验",
    ]  # fmt: skip
    assert "1%以上的注明；达到20%的不作同期比较" in rows["另有×%尚未办结"][0]
    assert "不足30的" in rows["基数过小，不作百分比比较"][0]
    assert "离散系数未估计" in rows["离散系数"][0]
    assert "以前24个月" in rows["正常波动范围（逐月）"][0] and "上下各3个标准差" in rows["正常波动范围（逐月）"][0]
    assert rows["×月起高于、低于"][0].startswith("最近8个月（或最近2个月都超出范围）")


def test_the_examples_of_the_guide_are_what_the_tests_say():
    limits = wilson(404, 420).scaled(100)
    assert f"{404 / 420:.2%}（{limits.low:.2f}%—{limits.high:.2f}%）" == "96.19%（93.90%—97.64%）"
    assert not two_proportions(404, 420, 395, 402).is_told_apart and f"{395 / 402:.2%}" == "98.26%"
    assert two_proportions(4937, 5084, 4700, 4890).is_told_apart
    assert (f"{4700 / 4890:.2%}", f"{4937 / 5084:.2%}") == ("96.11%", "97.11%")
    assert not two_counts(330, 300).is_told_apart and not two_counts(330, 300, 2.5).is_told_apart
    assert two_counts(390, 300, 2.5).is_told_apart
    assert (f"{555 / 52869:.2%}", f"{wilson(555, 52869, Z90).low:.2%}") == ("1.05%", "0.98%")
    assert not two_proportions(640, 1000, 630, 1000).is_told_apart and two_proportions(640, 1000, 690, 1000).is_told_apart
    assert f"{two_year_average(1.536 * 0.754, 1):.1%}" == "7.6%"
    parts, growth = components.contributions([330, 560, 190], [300, 500, 200])
    assert [f"{size}" for size in (*parts, growth)] == ["3.00", "6.00", "-1.00", "8.00"]
    terms = components.rate_change([39400, 54600], [40000, 60000], [58800, 36000], [60000, 40000])
    assert [f"{100 * term:.2f}" for term in (terms.structure, terms.level, terms.structure + terms.level)] == [
        "-1.55",
        "0.75",
        "-0.80",
    ]


def test_what_a_table_states_is_on_record(results, shown):
    blocks.targets(province(results))
    recorded = {(one["metric"], one["view"]) for one in shown[0]["figures"]}
    assert {("new_entities", view) for view in ("value", "target", "vs_target")} <= recorded


def test_a_region_that_is_not_compared_has_no_spots(results, shown):
    blocks.strengths(province(results))
    [block] = shown
    assert block["paragraphs"] == ["甘肃省不参加市州间的比较，不列突出方面和薄弱方面。"]


def spots_of(results, short):
    """Show the spots of a city in 2021."""
    blocks.strengths(Scope.of(results, results.regions.find(short), Period(2021)))


def test_spots_have_the_distance_from_the_province_and_in_a_note_their_halves_and_limits(results, shown):
    spots_of(results, "兰州市")
    [block] = shown
    strong, weak = block["columns"]
    assert (strong["title"], weak) == ("突出方面", {"title": "薄弱方面", "items": ["无"]})
    assert len(strong["items"]) == len(block["figures"]) == len(block["notes"]) - 1
    assert all(re.fullmatch(r"\S+?[\d.]+(件/万人|户/千人|%)，比全省高[\d.]+\S+", item) for item in strong["items"])
    assert all(re.fullmatch(r"\S+：\d+/\d+，[\d.]+\S+（[\d.]+%?—[\d.]+%?）", note) for note in block["notes"][:-1])
    assert block["notes"][-1] == (
        "与其他市州合计的比率相比，超出各市州正常离散范围的列入；各项比率、各市州一并检验，误报比例不超过5%；"
        "基数不足30的不参加比较；每类至多3项"
    )


def test_a_city_that_stands_out_in_nothing_says_so(results, shown):
    spots_of(results, "平凉市")
    assert shown[0]["paragraphs"] == ["各项比率均在各市州正常离散范围之内。"]


def test_without_rates_there_are_no_spots(world, shown):
    empty = world.snapshot(coverage=[])
    blocks.strengths(Scope.of(Results(empty, CATALOGUE.values()), empty.regions.find("兰州市"), Period(2021)))
    assert shown[0]["paragraphs"] == ["本期没有可供比较的比率数据，不列突出方面和薄弱方面。"]


def test_signals_are_a_table_with_the_office_that_answers(results, shown):
    blocks.signals(Scope.of(results, results.regions.find("白银市"), Period(2021)))
    [table] = shown
    assert table["header"] == ["类别", "情况", "责任处室"]
    assert all(all(row) for row in table["rows"]) and len(table["figures"]) >= len(table["rows"])
    assert [row[0] for row in table["rows"]] == sorted((row[0] for row in table["rows"]), key=list(KINDS.values()).index)


def test_without_signals_a_sentence_says_so(world, shown):
    empty = world.snapshot(coverage=[])
    blocks.signals(Scope.of(Results(empty, CATALOGUE.values()), empty.regions.find("兰州市"), Period(2021)))
    blocks.signals(Scope.of(Results(empty, CATALOGUE.values()), empty.regions.find("兰州市"), Period(2021, 12, "month")))
    assert [prose["paragraphs"] for prose in shown] == [
        ["截至2021年12月末，全市没有亮灯的警示、滞后的目标和超出随机波动的变化。"],
        ["2021年12月，全市没有亮灯的警示、滞后的目标和超出随机波动的变化。"],
    ]
