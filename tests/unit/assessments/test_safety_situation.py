"""形势研判: each degree on both sides of its threshold, and what refuses a judgement."""

from decimal import Decimal

import pytest

from city_briefs.analysis.assessments.safety_situation import (
    CLOSED_LATE,
    EQUIPMENT_OVERDUE,
    JUDGEMENTS,
    PASS_RATE_BEHIND,
    PASS_RATE_FALLEN,
    RESCUED_LATE,
    degree,
    judgement,
    rule_text,
)
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import DOMAINS
from city_briefs.model.tables import ACCIDENTS, HAZARDS, RETURNS, SPOT_CHECKS
from tests.conftest import THREE_CITIES, covered

LANZHOU = "620100"
TABLES = (ACCIDENTS, HAZARDS, SPOT_CHECKS)


@pytest.fixture
def judged(world):
    """Food judged on so many accidents in June, batches failed of so many, and hazards closed late of 100."""

    def judged(count=0, deaths=0, grade="ordinary", *, failed=0, batches=1000, late=0, hazards=100, silent="", without=None):
        months = Period(2021).months
        accidents = [
            {"region": LANZHOU, "month": month, "domain": domain, "grade": grade, "count": count if here else 0,
             "deaths": deaths if here else 0}
            for month in months
            for domain in DOMAINS
            for here in [domain == "food" and month == "2021-06"]
            if domain != "food" or month != silent
        ]  # fmt: skip
        checks = [
            {
                "batch_id": str(number),
                "region": LANZHOU,
                "domain": "food",
                "sampled_on": "2021-05-01",
                "passed": str(number >= failed),
            }
            for number in range(batches)
        ]
        found = [
            {"hazard_id": str(number), "region": LANZHOU, "domain": "food", "level": "general", "found_on": "2021-01-01",
             "due_on": "2021-02-01", "closed_on": "2021-03-01" if number < late else "2021-01-31"}
            for number in range(hazards)
        ]  # fmt: skip
        coverage = [row for table in TABLES if table is not without for row in covered(table, [LANZHOU], [2021])]
        of = world.snapshot(coverage=coverage, accidents=accidents, spot_checks=checks, hazards=found)
        return judgement(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021)), "food")

    return judged


def test_nothing_past_any_threshold_is_calm(judged):
    found = judged()
    assert found.said == "平稳"
    assert [sign.said for sign in found.deciding] == ["未发生安全事故", "食品监督抽检合格率100.00%", "隐患按期销号率100.0%"]


def test_a_sign_is_of_the_unrounded_share_and_prints_on_which_side_of_the_threshold_it_is(judged):
    [late] = [sign for sign in judged(late=999, hazards=10_000).signs if "按期" in sign.said or "整改" in sign.said]
    assert (late.degree, late.said[-6:]) == (0, "90.01%")


@pytest.mark.parametrize(
    ("accidents", "said"),
    [
        ((1, 0, "ordinary"), "总体平稳"),
        ((1, 0, "larger"), "总体平稳"),
        ((1, 1, "ordinary"), "需关注"),
        ((1, 0, "major"), "严峻"),
        ((1, 0, "extraordinary"), "严峻"),
    ],
)
def test_accidents_weigh_by_deaths_and_grade(judged, accidents, said):
    assert judged(*accidents).said == said


@pytest.mark.parametrize(
    ("late", "said"), [(14, "平稳"), (15, "总体平稳"), (26, "总体平稳"), (27, "需关注"), (40, "需关注"), (41, "严峻")]
)
def test_hazards_closed_late_weigh_once_their_lower_limit_has_reached_a_threshold(judged, late, said):
    assert judged(late=late).said == said


def test_a_share_that_reaches_a_threshold_within_chance_is_watched(judged):
    found = judged(late=14)
    assert found.said == "平稳"
    assert found.signs[-1].said == "隐患按期销号率86.0%，达到警戒值，但未超出随机波动，继续观察"
    assert judged(late=9).signs[-1].said == "隐患按期销号率91.0%"
    assert judged(late=20).signs[-1].said == "隐患按期销号率80.0%，达到更高一级警戒值，但未超出随机波动，继续观察"
    assert judged(late=27).signs[-1].said == "隐患按期销号率73.0%"


@pytest.mark.parametrize("thresholds", [PASS_RATE_BEHIND, PASS_RATE_FALLEN, CLOSED_LATE, EQUIPMENT_OVERDUE, RESCUED_LATE])
def test_a_threshold_counts_from_itself_on_and_they_rise(thresholds):
    assert list(thresholds) == sorted(set(thresholds))
    just_under = Decimal("0.01")
    assert [degree(one - just_under, thresholds) for one in thresholds] == [0, 1, 2]
    assert [degree(one, thresholds) for one in thresholds] == [1, 2, 3]


def test_the_gravest_sign_decides_and_stands_first(judged):
    found = judged(1, 1, late=15)
    assert found.said == "需关注"
    assert [sign.said for sign in found.deciding] == ["发生安全事故1起，死亡1人，没有重大及以上事故"]
    assert "隐患按期销号率85.0%" in [sign.said for sign in found.others]


def test_a_sign_over_a_small_base_is_left_out_and_said_to_be(judged):
    found = judged(late=29, hazards=29)
    assert found.said == "平稳"
    assert [sign.said for sign in found.others] == ["隐患按期销号率基数过小（29），不据以研判"]
    assert judged(late=30, hazards=30).said == "严峻"


def test_a_pass_rate_over_few_batches_is_left_out(judged):
    assert judged(batches=30).signs[1].degree == 0
    assert judged(batches=29).signs[1].said == "食品监督抽检合格率基数过小（29），不据以研判"


@pytest.mark.parametrize(
    ("own", "rest", "before", "degree", "said"),
    [
        ((960, 1000), (5850, 6000), (975, 1000), 1, "食品监督抽检合格率96.00%，比Norland低1.29个百分点，同比由97.50%变为96.00%，差异未超出随机波动"),
        ((920, 1000), (5850, 6000), (965, 1000), 3, "食品监督抽检合格率92.00%，比Norland低4.71个百分点，同比下降4.50个百分点"),
        ((97, 100), (5950, 6000), (98, 100), 0, "食品监督抽检合格率97.00%，与Norland（99.13%）差异未超出随机波动，同比由98.00%变为97.00%，差异未超出随机波动"),
        ((9950, 10000), (59900, 60000), (9980, 10000), 0, "食品监督抽检合格率99.50%，比Norland低0.29个百分点，同比下降0.30个百分点"),
    ],
)  # fmt: skip
def test_a_pass_rate_weighs_only_by_what_is_told_apart(world, own, rest, before, degree, said):
    """`own` and `rest` are passed and sampled in Ashford and in the rest of 2021, `before` in Ashford in 2020."""
    counts = {("9100", 2021): own, ("9200", 2021): rest, ("9100", 2020): before}
    checks = [
        {"batch_id": f"{region}-{year}-{number}", "region": region, "domain": "food", "sampled_on": f"{year}-05-01",
         "passed": str(number < passed)}
        for (region, year), (passed, sampled) in counts.items()
        for number in range(sampled)
    ]  # fmt: skip
    accidents = [
        {"region": "9100", "month": month, "domain": "food", "grade": "ordinary", "count": 0, "deaths": 0}
        for month in Period(2021).months
    ]
    cities = ["9100", "9200", "9300"]
    coverage = covered(SPOT_CHECKS, cities, [2020, 2021]) + covered(ACCIDENTS, cities, [2021]) + covered(HAZARDS, cities, [2021])
    of = world.snapshot(regions=THREE_CITIES, coverage=coverage, accidents=accidents, spot_checks=checks, hazards=[])
    sign = judgement(Scope.of(Results(of, CATALOGUE.values()), of.regions.find("Ashford"), Period(2021)), "food").signs[1]
    assert (sign.degree, sign.said) == (degree, said)


def test_a_pass_rate_that_was_returned_without_its_halves_is_not_used(world):
    accidents = [
        {"region": LANZHOU, "month": month, "domain": "food", "grade": "ordinary", "count": 0, "deaths": 0}
        for month in Period(2021).months
    ]
    returned = [
        {
            "region": LANZHOU,
            "month": month,
            "indicator": "food_pass_rate",
            "numerator": "90.5",
            "denominator": "100",
            "span": "month",
        }
        for month in Period(2021).months
    ]
    coverage = [row for table in (ACCIDENTS, HAZARDS, RETURNS) for row in covered(table, [LANZHOU], [2021])]
    of = world.snapshot(coverage=coverage, accidents=accidents, hazards=[], returns=returned)
    found = judgement(Scope.of(Results(of, CATALOGUE.values()), of.regions.find(LANZHOU), Period(2021, 1)), "food")
    assert found.signs[1].said == "食品监督抽检合格率90.50%，只报送百分率，没有分子分母，不作判定"
    assert found.refused == "各项比率基数过小或无法检验，不足以研判"


def test_a_domain_with_nothing_but_small_bases_is_not_judged_calm(judged):
    few = {"batches": 10, "hazards": 10}
    assert judged(**few).refused == "各项比率基数过小或无法检验，不足以研判"
    assert judged(**few).said == ""
    assert judged(1, 1, **few).said == "需关注"  # a death is grave whatever the rest


def test_a_month_without_a_report_of_accidents_refuses_the_judgement(judged):
    found = judged(silent="2021-03")
    assert (found.said, found.refused) == ("", "兰州市2021年3月没有食品事故报告，零报告不全")


@pytest.mark.parametrize(
    ("without", "refused"),
    [
        (ACCIDENTS, "“三品一特”事故本期数据不全（2021年1—12月未报送）"),
        (SPOT_CHECKS, "食品监督抽检合格率本期数据不全（2021年1—12月未报送）"),
        (HAZARDS, "隐患按期销号率本期数据不全（2021年1—12月未报送）"),
    ],
)
def test_missing_data_refuses_the_judgement(judged, without, refused):
    assert judged(without=without).refused == refused


def test_a_pass_rate_stands_beside_the_province(demo_province, demo_results):
    found = judgement(Scope.of(demo_results, demo_province.regions.find(LANZHOU), Period(2021)), "food")
    assert "全省" in found.signs[1].said


def test_without_any_table_nothing_is_judged(real):
    results = Results(real, CATALOGUE.values())
    found = [judgement(Scope.of(results, real.regions.find(LANZHOU), Period(2011)), domain) for domain in DOMAINS]
    assert all(one.refused and not one.said for one in found)


def test_the_printed_rule_names_every_threshold_and_judgement():
    said = "".join(rule_text())
    assert all(word in said for word in JUDGEMENTS)
    for thresholds in (PASS_RATE_BEHIND, CLOSED_LATE, EQUIPMENT_OVERDUE, RESCUED_LATE):
        assert all(f"{one}" in said for one in thresholds)
    assert PASS_RATE_BEHIND == PASS_RATE_FALLEN  # the rule names them once
