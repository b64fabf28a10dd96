"""Blocks of the safety assessment and of the yellow lights: what they say, and what they say when there is nothing."""

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments.light_rules import rules
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.safety import accidents_total, hazards_open
from city_briefs.model.tables import HAZARDS, INSPECTIONS, RETURNS
from tests.conftest import covered

LANZHOU = "620100"


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def of(snapshot, year=2021):
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find(LANZHOU), Period(year))


def hazards(world, number, **row):
    given = [
        {"hazard_id": f"{place:02}", "region": LANZHOU, "domain": "food", "level": "general", "found_on": "2021-06-01",
         "due_on": "2021-08-01", "measure": "封存", "owner": "超市", **row}
        for place in range(number)
    ]  # fmt: skip
    return world.snapshot(coverage=covered(HAZARDS, [LANZHOU], [2021]), hazards=given)


def inspections(world, number, found):
    given = [
        {"inspection_id": str(place), "region": LANZHOU, "domain": "food", "method": "routine", "inspected_on": "2021-03-01",
         "problem_found": str(place < found)}
        for place in range(number)
    ]  # fmt: skip
    return world.snapshot(coverage=covered(INSPECTIONS, [LANZHOU], [2021]), inspections=given)


def test_the_list_of_hazards_has_risk_measure_and_responsibility(world, shown):
    blocks.hazard_list(of(hazards(world, 1)))
    said, table = shown
    assert said["paragraphs"] == [
        "截至2021年12月末，全市未销号隐患1项，其中重大或逾期的1项（重大0项，逾期1项，既重大又逾期0项），列表如下。"
    ]
    assert table["rows"] == [["1", "食品", "一般", "2021-06-01", "封存", "超市", "2021-08-01", "152"]]


def test_the_list_of_hazards_ends_at_its_maximum_and_counts_the_rest(world, shown):
    blocks.hazard_list(of(hazards(world, 23)))
    assert len(shown[1]["rows"]) == 20
    assert "另有3项逾期或重大隐患未列出" in shown[1]["notes"]


def test_without_a_pressing_hazard_there_is_no_list(world, shown):
    blocks.hazard_list(of(hazards(world, 1, due_on="2022-08-01")))
    assert [one["paragraphs"] for one in shown] == [["截至2021年12月末，全市没有重大或逾期的未销号隐患。"]]


def test_lights_that_are_on_say_since_when_on_what_evidence_and_what_is_due(world, shown):
    blocks.lights(of(inspections(world, 100, 30)))
    said, table, _ = shown
    assert "判定黄灯警示规则2项，亮灯1项，应采取约谈警示1项；5项因数据原因未能判定" in said["paragraphs"][0]
    assert table["rows"] == [
        ["检查问题发现率偏高", "2021年3月", "年初以来监督检查问题发现率为30.0%；亮灯当月为30.0%", "约谈警示"]
    ]


def test_no_light_that_is_on_is_said_to_be(world, shown):
    blocks.lights(of(inspections(world, 100, 0)))
    assert [one["paragraphs"] for one in shown] == [
        ["截至2021年12月末，全市判定黄灯警示规则2项，均未亮灯；5项因数据原因未能判定。"]
    ]
    blocks.steps(of(inspections(world, 100, 0)))
    assert shown[-1]["paragraphs"] == ["没有需要采取措施的警示事项。"]


def test_a_rate_past_its_threshold_within_chance_is_said_to_be_watched(world, shown):
    blocks.lights(of(inspections(world, 100, 25)))
    assert [one["paragraphs"] for one in shown] == [
        [
            "截至2021年12月末，全市判定黄灯警示规则2项，均未亮灯；5项因数据原因未能判定。",
            "检查问题发现率偏高：年初以来监督检查问题发现率为25.0%，达到警戒值，但未超出随机波动，继续观察。",
        ]
    ]


def test_months_without_history_are_said_to_be_too_few(world, shown):
    blocks.unjudged(of(inspections(world, 100, 25)))
    assert shown[0]["paragraphs"][-1] == "检查问题发现率：历史月份不足，不作异动判断。"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (
            150,
            "月度异动：12315平台接收群众诉求150件，超出近两年正常波动范围（90—105件）；检查问题发现率在近两年正常波动范围之内。",
        ),
        (105, "月度异动：检查问题发现率、12315平台接收群众诉求在近两年正常波动范围之内。"),
    ],
)
def test_an_unusual_month_is_said_beside_the_lights(world, shown, last, said):
    months = [month for year in range(2018, 2022) for month in Period(year).months][:42]
    received = [*[100, 104, 96, 102, 98] * 8, 100, last]
    given = [
        {"region": LANZHOU, "month": month, "indicator": name, "numerator": str(number), "span": "month"}
        for name, numbers in (
            ("complaints_received", received),
            ("problems_found", [40] * 42),
            ("inspections_judged", [400] * 42),
        )
        for month, number in zip(months, numbers, strict=True)
    ]
    made = world.snapshot(coverage=covered(RETURNS, [LANZHOU], range(2018, 2022)), returns=given)
    blocks.lights(Scope.of(Results(made, CATALOGUE.values()), made.regions.find(LANZHOU), Period(2021, 6)))
    assert shown[0]["paragraphs"][-1].replace("6月", "") == said


@pytest.fixture
def all_cities(world):
    """The scope of a region when 40 of 100 inspections found problems in the first so many cities, and 5 in the others."""

    def all_cities(lit, name):
        cities = [region.code for region in world.snapshot(coverage=[]).regions.cities]
        given = [
            {"inspection_id": f"{city}-{place}", "region": city, "domain": "food", "method": "routine",
             "inspected_on": "2021-03-01", "problem_found": str(place < (40 if number < lit else 5))}
            for number, city in enumerate(cities)
            for place in range(100)
        ]  # fmt: skip
        made = world.snapshot(coverage=covered(INSPECTIONS, cities, [2021]), inspections=given)
        region = made.regions.find(name) if name else made.regions.province
        return Scope.of(Results(made, CATALOGUE.values()), region, Period(2021))

    return all_cities


def test_a_light_of_most_cities_is_a_matter_of_the_province_in_the_block_of_a_city(all_cities, shown):
    scope = all_cities(13, "兰州市")
    blocks.lights(scope)
    said, table, _ = shown
    assert said["paragraphs"] == [
        "截至2021年12月末，全市判定黄灯警示规则2项，没有本地区特有的亮灯事项，另有1项属全省共性问题，由省级统筹；5项因数据原因未能判定。"
    ]
    assert table["rows"] == [
        [
            "检查问题发现率偏高", "2021年3月",
            "年初以来监督检查问题发现率为40.0%；亮灯当月为40.0%；全省14个市州中13个亮灯，属全省共性问题，由省级统筹", "由省级统筹",
        ]
    ]  # fmt: skip
    blocks.steps(scope)
    assert shown[-1]["paragraphs"] == ["没有需要采取措施的警示事项。", "由省级统筹：检查问题发现率偏高。"]


def test_a_light_of_most_cities_is_listed_in_the_block_of_the_province(all_cities, shown):
    blocks.lights(all_cities(13, None))
    said, table, takes = shown
    assert said["paragraphs"] == [
        "截至2021年12月末，全省判定黄灯警示规则2项，亮灯1项，应采取约谈警示1项；5项因数据原因未能判定。",
        "检查问题发现率偏高：全省14个市州中13个亮灯，属全省共性问题，由省级统筹。",
    ]
    assert table["rows"][0][-1] == "约谈警示"
    assert takes["rows"] == [["检查问题发现率偏高", "按现有1400家次计多316家次", "信用监督管理处", "", ""]]


@pytest.mark.parametrize(("lit", "row"), [
    (13, ["检查问题发现率偏高", "13", "全省共性问题，由省级统筹"]), (8, ["检查问题发现率偏高", "8", "全省共性问题，由省级统筹"]),
    (7, ["检查问题发现率偏高", "7", "由亮灯市州处置：约谈警示"]), (1, ["检查问题发现率偏高", "1", "由亮灯市州处置：约谈警示"]),
])  # fmt: skip
def test_the_province_sees_which_lights_are_its_own_matter(all_cities, shown, lit, row):
    blocks.lights_by_city(all_cities(lit, None))
    [table] = shown
    assert (table["caption"], table["rows"]) == ("各市州黄灯警示情况（截至2021年12月末）", [row])
    assert table["notes"][0] == "过半数市州亮灯的为全省共性问题；未列的警示事项没有市州亮灯"


def test_when_no_city_has_a_light_it_is_a_sentence_and_so_when_nothing_could_be_judged(all_cities, world, shown):
    blocks.lights_by_city(all_cities(0, None))
    empty = world.snapshot(coverage=[])
    blocks.lights_by_city(Scope.of(Results(empty, CATALOGUE.values()), empty.regions.province, Period(2021)))
    assert [block["paragraphs"] for block in shown] == [
        ["截至2021年12月末，各市州均没有亮灯的警示事项。"], ["截至2021年12月末，各市州的黄灯警示规则均因数据原因未能判定。"],
    ]  # fmt: skip


def test_a_light_of_half_the_cities_is_the_exception_of_each(all_cities, shown):
    blocks.lights(all_cities(7, "兰州市"))
    assert shown[0]["paragraphs"][0].endswith("亮灯1项，应采取约谈警示1项；5项因数据原因未能判定。")


def test_a_figure_between_the_thresholds_says_why_its_light_is_still_on(world, shown):
    given = [
        {"inspection_id": f"{month}-{place}", "region": LANZHOU, "domain": "food", "method": "routine",
         "inspected_on": f"2021-{month}-01", "problem_found": str(place < found)}
        for month, found in (("01", 30), ("02", 6))
        for place in range(100)
    ]  # fmt: skip
    blocks.lights(of(world.snapshot(coverage=covered(INSPECTIONS, [LANZHOU], [2021]), inspections=given)))
    assert shown[1]["rows"][0][2] == (
        "年初以来监督检查问题发现率为18.0%；已回到亮灯界限（20%）以内，但未达到灭灯界限（15%）；亮灯当月为30.0%"
    )


def test_the_rules_are_printed_with_their_reasons(demo_province, shown):
    blocks.light_rules(of(demo_province).results)
    [table] = shown
    assert [row[0] for row in table["rows"]] == [rule.label for rule in rules()]
    assert table["rows"][0][2:] == ["高于20%", "低于15%", "约谈警示"]
    limits = {row[0]: row[2:4] for row in table["rows"]}
    assert limits["同一单位多次发现问题"] == ["出现即亮灯", "年内不灭灯"]
    assert limits["群众诉求上升较快"] == ["同比增长超过30%", "增幅低于20%"]
    assert limits["消费投诉和解率下降"] == ["同比下降超过3个百分点", "降幅小于1个百分点"]
    assert table["notes"][0] == (
        "比率须其95%单侧界限也超过亮灯界限，同比变动须超出随机波动，方可亮灯；基数不足30的不判定；"
        "单位数等数量按实有数判定；过半数地区亮灯的为共性问题，由上一级统筹"
    )
    assert len(table["notes"]) == 1 + len(rules())


def test_the_matrix_has_the_four_domains_and_the_whole(world, shown):
    blocks.matrix(of(hazards(world, 2)), [hazards_open, accidents_total], "domain")
    missing, table = shown
    assert missing["paragraphs"] == ["“三品一特”事故本期未报送。"]
    assert table["rows"] == [["食品", "2"], ["药品", "0"], ["特种设备", "0"], ["工业产品", "0"], ["合计", "2"]]


def test_the_judgement_says_the_four_domains_together_and_each_with_its_grounds(demo_province, shown):
    blocks.judgement(of(demo_province))
    overview, grounds = shown
    assert overview["paragraphs"][0].startswith("2021年，全市“三品一特”安全形势研判：")
    assert [said.split("安全")[0] for said in grounds["paragraphs"]] == ["食品", "药品", "特种设备", "工业产品"]


@pytest.mark.parametrize("name", ["hazard_list", "judgement", "lights", "steps", "unjudged"])
def test_nothing_fails_where_the_tables_are_missing(real, shown, name):
    getattr(blocks, name)(of(real, 2011))
    assert all(one["kind"] == "prose" and one["paragraphs"] for one in shown)
