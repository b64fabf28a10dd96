"""Targets: where each stands, and the light by both sides of the rule."""

from datetime import date
from decimal import Decimal

import pytest

from city_briefs.analysis.assessments import targets
from city_briefs.analysis.assessments.targets import BEHIND, SHORT, standings
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COMPLAINTS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows

CITIES = ["9100", "9200", "9300"]
MONTHLY = {"new_entities": "month", "ccc_exempt_certs": "month", "accidents_total": "month"}


def world_of(
    world, metric, monthly, aim, *, at_most=False, view="value", before=None, whole=None, due="2021-12-31", region="9100"
):
    """Ashford returns `monthly` in each month of 2021 (a stock: at each month's end), and `before` in those of 2020."""
    span = "as_of" if CATALOGUE[metric].at_month_end else "month"
    given = [
        {
            "region": city, "month": f"{year}-{month:02}", "indicator": metric, "numerator": str(number), "span": span,
            **({"denominator": str(whole)} if whole else {}),
        }
        for year, number in ((2020, before), (2021, monthly))
        if number is not None
        for city in CITIES
        for month in range(1, 13)
    ]  # fmt: skip
    aims = [
        {
            "region": region, "metric": metric, "view": view, "year": "2021", "value": str(aim), "source": "任务书",
            "comparison": "at_most" if at_most else "at_least", **({"due_on": date.fromisoformat(due)} if due else {}),
        }
    ]  # fmt: skip
    years = [2021] if before is None else [2020, 2021]
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, years), returns=given, targets=aims)


def standing(snapshot, through=12, region="Ashford"):
    [one] = standings(Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find(region), Period(2021, through)))
    return one


def test_a_flow_is_behind_when_its_share_is_lower_than_what_is_due_by_more_than_the_margin(world):
    # half the year by June is 181 of 365 days: 49.6 %
    at_the_edge = standing(world_of(world, "new_entities", 100, "1345"), 6)  # 600 of 1345: 44.6 %
    assert (str(round(at_the_edge.pace.share, 1)), str(round(at_the_edge.done, 1))) == ("49.6", "44.6")
    assert at_the_edge.light == "正常"
    past_it = standing(world_of(world, "new_entities", 100, "1349"), 6)  # 44.5 %
    assert past_it.light == "滞后"
    assert BEHIND == 5


def test_a_target_that_is_met_early_is_met(world):
    one = standing(world_of(world, "new_entities", 100, "500"), 5)
    assert (one.light, one.monthly, one.aim_text) == ("达标", None, "500户以上")


def test_what_is_still_to_be_done_is_said_by_month(world):
    one = standing(world_of(world, "new_entities", 100, "1200"), 9)
    assert (one.own.value, one.monthly, one.light) == (900, 100, "正常")


def test_at_the_due_date_there_is_no_margin(world):
    assert standing(world_of(world, "new_entities", 100, "1201"), 12).light == "滞后"
    assert standing(world_of(world, "new_entities", 100, "1200"), 12).light == "达标"
    assert standing(world_of(world, "new_entities", 100, "601", due="2021-06-30"), 6).light == "滞后"


def test_a_stock_goes_from_the_last_year_end_to_the_target(world):
    on_course = standing(world_of(world, "enterprise_stock", 1050, "1100", before=1000), 6)  # half the way in half the year
    assert (on_course.done, on_course.light, on_course.monthly) == (50, "正常", on_course.monthly)
    behind = standing(world_of(world, "enterprise_stock", 1040, "1100", before=1000), 6)
    assert (behind.done, behind.light) == (40, "滞后")
    fallen = standing(world_of(world, "enterprise_stock", 1090, "1100", before=1200), 6)
    assert fallen.light == "滞后"


def test_a_stock_without_a_last_year_end_has_no_light(world):
    one = standing(world_of(world, "enterprise_stock", 1050, "1100"), 6)
    assert (one.light, one.refused) == (None, "没有上年底数据，不评价进度")


def test_a_percentage_has_a_gap_and_no_way(world):
    near = standing(world_of(world, "nonpublic_party_coverage", 640, "65", whole=1000), 6)
    assert (near.done, near.against.unit, near.light) == (None, "个百分点", "正常")
    assert SHORT == 1
    assert standing(world_of(world, "nonpublic_party_coverage", 639, "65", whole=1000), 6).light == "滞后"
    assert standing(world_of(world, "nonpublic_party_coverage", 640, "65", whole=1000), 12).light == "滞后"
    assert standing(world_of(world, "nonpublic_party_coverage", 1000, "100", whole=1000), 6).aim_text == "达到100%"


def shown(one):
    """What is printed of a target in %: where it stands, how far from the target, and the light."""
    return one.own_text, one.gap_text, one.light


def test_a_light_is_of_unrounded_values_and_its_numbers_show_why(world):
    short = world_of(world, "nonpublic_party_coverage", 91_996, "92", whole=100_000)
    assert shown(standing(short, 6)) == ("91.996%", "低0.004个百分点", "正常")
    assert shown(standing(short, 12)) == ("91.996%", "低0.004个百分点", "滞后")
    assert standing(short).against.text == "比目标低0.004个百分点"
    behind = world_of(
        world, "nonpublic_party_coverage", 90_996, "92", whole=100_000
    )  # short by 1.004, and by 1.00 in two decimals
    assert shown(standing(behind, 6)) == ("90.996%", "低1.004个百分点", "滞后")
    met = world_of(world, "nonpublic_party_coverage", 92_000, "92", whole=100_000)
    assert shown(standing(met)) == ("92.00%", "持平", "达标")


def test_a_growth_that_prints_like_its_target_has_more_decimals(world):
    one = standing(world_of(world, "new_entities", 10796, "8", view="yoy", before=10000))
    assert shown(one) == ("增长7.96%", "低0.04个百分点", "滞后")
    assert one.against.text == "比目标低0.04个百分点"


def test_a_count_that_prints_like_its_target_has_more_decimals(world):
    one = standing(world_of(world, "new_entities", 1666, "20000"))  # 19992
    assert (one.own_text, one.light) == ("1.999万户", "滞后")
    over = standing(world_of(world, "accidents_total", 5001, "60000", at_most=True))  # 60012
    assert (over.own_text, over.gap_text, over.light) == ("6.001万起", "高0.001万起", "滞后")
    assert over.against.text == "为目标的100.02%，已超过"


def test_the_pace_is_of_unrounded_shares_and_is_printed_so_that_who_subtracts_finds_the_light(world):
    # 181 of 365 days are 49.589 %; 44.586 % of the way is 5.003 behind, though 49.6 less 44.6 is no more than 5
    one = standing(world_of(world, "new_entities", 4_458_600, "60000000"), 6)
    assert one.light == "滞后"
    decimals = targets.progress_decimals([one])
    assert (decimals, round(one.pace.share, decimals), round(one.done, decimals)) == (3, Decimal("49.589"), Decimal("44.586"))


def test_a_growth_target_is_named_by_its_growth(world):
    one = standing(world_of(world, "new_entities", 110, "8", view="yoy", before=100), 6)
    assert (one.name, one.aim_text, one.light) == ("新设立市场主体增幅", "增长8%以上", "达标")


def test_what_may_not_be_exceeded_is_used_up_with_the_calendar(world):
    assert standing(world_of(world, "accidents_total", 10, "120", at_most=True), 6).light == "正常"
    assert standing(world_of(world, "accidents_total", 10, "120", at_most=True), 12).light == "达标"
    assert standing(world_of(world, "accidents_total", 10, "100", at_most=True), 6).light == "滞后"
    assert standing(world_of(world, "accidents_total", 10, "50", at_most=True), 6).light == "滞后"


def test_a_neutral_metric_gets_no_light(world):
    one = standing(world_of(world, "cases_total", 10, "100"), 12)
    assert (one.light, one.refused) == (None, "该指标不分优劣，不作评价")


def test_a_refused_figure_gets_no_light(world):
    snapshot = world_of(world, "new_entities", None, "100")
    one = standing(snapshot)
    assert one.light is None
    assert one.refused == one.own.refused


def test_a_target_on_an_unknown_metric_is_counted_and_left_out(world):
    snapshot = world_of(world, "new_entities", 100, "500")
    results, ashford = Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford")
    assert targets.uncatalogued(results, ashford, 2021) == 0
    assert standings(Scope.of(results, ashford, Period(2020))) == []


def test_every_light_of_the_demo_is_one_of_the_rule(demo_province, demo_results):
    for one in standings(Scope.of(demo_results, demo_province.regions.province, Period(2022, 9))):
        assert one.light in (None, *targets.LIGHTS)
        assert (one.light is None) == (one.refused is not None)


@pytest.mark.parametrize("through", [3, 12])
def test_cities_are_grouped_by_target(demo_province, demo_results, through):
    found = targets.of_cities(demo_results, Period(2021, through))
    assert found[("entity_stock", "yoy")][0].name == "实有市场主体增幅"
    assert all(len(group) <= len(demo_province.regions.cities) for group in found.values())


@pytest.mark.parametrize(
    ("aim", "light", "refused"),
    [
        ("50", "达标", None),
        ("51", None, "另有25.0%尚未办结，能否达标未定，暂不评价"),
        ("75", None, "另有25.0%尚未办结，能否达标未定，暂不评价"),
        ("76", "滞后", None),
    ],
)
def test_what_pending_outcomes_may_still_decide_has_no_light(world, aim, light, refused):
    """Of four complaints two are settled, one is not, and one is open: the rate is 50 %, and at most 75 %."""
    complaints = rows("""
        complaint_id  region  received_on  kind       accepted  closed_on   settled
        a             9100    2021-03-01   complaint  True      2021-04-01  True
        b             9100    2021-03-01   complaint  True      2021-04-01  True
        c             9100    2021-03-01   complaint  True      2021-04-01  False
        d             9100    2021-12-01   complaint  True      -           -
    """)
    aims = [{"region": "9100", "metric": "settlement_rate", "view": "value", "year": "2021", "value": aim, "source": "任务书",
             "comparison": "at_least"}]  # fmt: skip
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2021]), complaints=complaints, targets=aims
    )
    assert (standing(snapshot).light, standing(snapshot).refused) == (light, refused)
