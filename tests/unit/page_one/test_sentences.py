"""What page one says: the order of matters, the sentences by their rules and lengths, and that chance and silence are said as such."""

import pytest

from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.yellow_lights import lights
from city_briefs.analysis.page_one.conclusion import LONGEST, LONGEST_LEAD, fitting, summary
from city_briefs.analysis.page_one.matters import matters, rest
from city_briefs.analysis.page_one.rows import rows
from city_briefs.metrics import CATALOGUE
from tests.helpers.returned_rates import of_rates

SHOWN = [CATALOGUE[word] for word in ("food_pass_rate", "product_pass_rate", "hazard_overdue_share", "publication_rate")]
LIT = {"hazard_overdue_share": ((500, 500), 100)}  # in this city alone
MISSED = {"product_pass_rate": ((915, 915), 915), "drug_pass_rate": ((900, 900), 900)}
AIMS = [("product_pass_rate", "92"), ("drug_pass_rate", "95")]
WORSE = {"food_pass_rate": ((970, 900), 900)}
BETTER = {"publication_rate": ((850, 960), 960)}


def judged(scope):
    lit, aims = lights(scope), standings(scope)
    listed = matters(scope, SHOWN, lit, aims)
    return listed, summary(scope, rows(scope, SHOWN, lit, aims), listed, lit, aims)


def test_matters_come_in_their_order_and_each_metric_once(world):
    listed, _ = judged(of_rates(world, LIT | MISSED | WORSE | BETTER, aims=AIMS))
    assert [(matter.what, matter.mark, matter.word) for matter in listed] == [
        ("隐患逾期未销号比重偏高", "light", "黄灯"),
        ("药品监督抽检合格率", "missed", "未达标"),  # 5 of 95 is more than 0.5 of 92
        ("工业产品监督抽查总体合格率", "missed", "未达标"),
        ("食品监督抽检合格率", "", "变差"),
    ]
    assert rest(listed) == ""


def test_a_light_says_its_numbers_what_it_takes_and_who_sees_to_it(world):
    [light, *_], _ = judged(of_rates(world, LIT))
    assert (light.evidence, light.needed, light.who) == (
        "50.0%（500/1000），亮灯界限20%；1月起亮灯", "", "应急管理处，约谈警示",
    )  # fmt: skip


def test_a_light_that_is_on_in_most_regions_is_a_matter_of_their_parent(world):
    [light, *_], _ = judged(of_rates(world, {"hazard_overdue_share": ((500, 500), 500)}))
    assert light.evidence.endswith("；Norland共性问题")
    assert light.who.startswith("应急管理处，由")


@pytest.mark.parametrize(
    ("rates", "aims", "conclusion", "leads"),
    [
        (
            LIT | MISSED | WORSE | BETTER, AIMS, "隐患逾期未销号比重偏高亮黄灯，2项目标未达标",
            ["检查结果公示率96.0%，同比提高11.0个百分点。", "隐患逾期未销号率50.0%；药品监督抽检合格率未达标。",
             "就隐患逾期未销号比重偏高约谈警示。"],
        ),
        (
            BETTER | {"hazard_overdue_share": ((100, 100), 100)}, [], "没有亮灯的警示；检查结果公示率提高11.0个百分点",
            ["检查结果公示率96.0%，同比提高11.0个百分点。", "没有亮灯的警示，没有超出随机波动的变差。", "没有须处置的事项。"],
        ),
        (
            WORSE, [], "食品监督抽检合格率比上年同期变差",
            ["没有超出随机波动的向好变化。", "食品监督抽检合格率90.00%，同比下降7.00个百分点。", "所需数量不能按记录推算，见下表。"],
        ),
        (
            {"food_pass_rate": ((970, 960), 960)}, [], "各项变化均未超出随机波动",  # no rule could be judged
            ["没有超出随机波动的向好变化。", "黄灯和目标本期不作判定，没有超出随机波动的变差。", "数据不足，暂不提出。"],
        ),
        ({"losses_recovered": ((1, 1), 1)}, [], "本期所列指标均没有数据", None),
    ],
)  # fmt: skip
def test_sentences_follow_their_rules(world, rates, aims, conclusion, leads):
    _, said = judged(of_rates(world, rates, aims=aims))
    assert said.conclusion == conclusion
    assert leads is None or [text for _, text in said.leads] == leads


def test_what_is_due_later_is_late_and_not_missed(world):
    [late, *_], said = judged(of_rates(world, {"drug_pass_rate": ((900, 900), 900)}, aims=AIMS[1:], months=6))
    assert (late.word, said.conclusion) == ("滞后", "药品监督抽检合格率滞后")


def test_the_first_that_has_room_is_said():
    assert fitting(["一" * (LONGEST + 1), "二" * LONGEST, "三"], LONGEST) == "二" * LONGEST
    assert fitting(["一" * (LONGEST_LEAD + 1)], LONGEST_LEAD) == ""


def test_what_is_not_shown_is_counted_by_kind_and_named_where_there_is_room(world):
    aims = [*AIMS, ("food_pass_rate", "98"), ("publication_rate", "99")]
    listed, _ = judged(of_rates(world, LIT | MISSED | WORSE | BETTER, aims=aims))
    assert len(listed) == 5
    assert rest(listed) == "另有未达标目标2项（检查结果公示率、工业产品监督抽查总体合格率）"
    assert rest(listed * 3).startswith("另有黄灯2项、未达标目标")
