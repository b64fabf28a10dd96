"""What it takes: the sentences, and that the light is off and the target met after exactly so many cases."""

import re
from datetime import date
from decimal import Decimal

import pytest

from city_briefs.analysis.assessments.light_rules import rules
from city_briefs.analysis.assessments.remedies import REMEDIES
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.what_it_takes import of_light, of_target
from city_briefs.analysis.assessments.yellow_lights import light, lights
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.demo.reference import FIXED, RISE
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COMPLAINTS, RETURNS
from tests.conftest import THREE_CITIES, covered
from tests.unit.compute.test_maturity import complaints

CITIES = ["9100", "9200", "9300"]
RULE = {rule.id: rule for rule in rules()}


def scope_of(world, aims=(), *, through=6, years=(2021,), **amounts):
    """Ashford returns each metric in every month of 2021: a number, or one for 2020 and one for 2021; a stock at each month's end."""
    returns = [
        {"region": "9100", "month": f"{year}-{month:02}", "indicator": metric, "numerator": str(number),
         "span": CATALOGUE[metric].returned_span, **({"denominator": "100"} if CATALOGUE[metric].form == "ratio" else {})}
        for metric, given in amounts.items()
        for year, number in zip(years, given if isinstance(given, tuple) else (given,) * len(years), strict=True)
        for month in range(1, 13)
    ]  # fmt: skip
    targets = [
        {"region": "9100", "metric": metric, "view": view, "year": "2021", "value": str(value), "source": "任务书",
         "comparison": "at_most" if at_most else "at_least", "due_on": date(2021, 12, 31)}
        for metric, view, value, at_most in aims
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, years), returns=returns, targets=targets)
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford"), Period(2021, through))


def takes(scope, rule):
    return of_light(scope, light(scope, rule))


def hazards(world, overdue, still_open=120, off="20"):
    rule = RULE["overdue-hazards"].model_copy(update={"on": Decimal(off), "off": Decimal(off)})
    return takes(scope_of(world, hazards_open=still_open, hazards_overdue=overdue), rule)


def test_closing_an_overdue_hazard_takes_it_from_both_halves(world):
    assert hazards(world, 36) == "再销号16项逾期隐患，比率可降至20%以下"  # 20 of 104; 15 leave 21 of 105, the threshold itself
    assert hazards(world, 38, off="25") == "再销号11项逾期隐患，比率可降至25%以下"


def test_a_light_that_is_off_takes_nothing(world):
    assert hazards(world, 12) == ""


def test_inspecting_a_device_takes_it_from_the_numerator_alone(world):
    scope = scope_of(world, equipment_in_use=1000, equipment_overdue=20)
    assert takes(scope, RULE["overdue-equipment"]) == "再检验13台超期设备，比率可降至0.8%以下"  # 8 of 1000 would be the threshold


def test_results_that_are_given_do_not_change(world):
    scope = scope_of(world, inspections_judged=20, problems_found=6)
    assert scope.amount(CATALOGUE["problem_found_rate"]).denominator == 120
    assert takes(scope, RULE["problem-rate"]) == ("按现有120家次计多19家次；此后再有121家次且均未发现问题，比率可降至15%以下")


def test_at_the_end_of_the_year_no_results_are_to_come(world):
    scope = scope_of(world, through=12, inspections_judged=10, problems_found=3)
    assert takes(scope, RULE["problem-rate"]) == "按现有120家次计多19家次"


def test_a_growth_is_the_count_past_it(world):
    scope = scope_of(world, years=(2020, 2021), complaints_received=(100, 150))
    assert takes(scope, RULE["complaints-rising"]) == "按上年同期数计，已超出181件"  # 900 less 719: 720 would be 20 %


def test_one_that_cannot_go_off_says_so(world):
    scope = scope_of(world, units_with_repeated_problems=3)
    assert takes(scope, RULE["repeated-problems"]) == "年内不灭灯"


def settlement(world, settled, still_open):
    """80 % of a year before as known then; of 200 now so many settled, so many open."""
    year_before = [("2020-03-01", "2020-04-01", True)] * 4 + [("2020-03-02", "2020-04-01", False)]
    now = [(f"2021-03-{day + 1:02}", "2021-04-01", day < settled) for day in range(5 - still_open)]
    now += [("2021-05-01", None, None)] * still_open
    rows = [{**row, "complaint_id": str(number)} for number, row in enumerate(complaints(*year_before, *now))]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2020, 2021]), complaints=rows)
    scope = Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford"), Period(2021))
    return takes(scope, RULE["settlement-falling"])


def test_of_a_pending_rate_only_what_is_open_can_still_change(world):
    assert settlement(world, 3, 0) == "按现有200件计差39件，已全部办结"  # 159 of 200 are 79.5 %, above 79 %


def test_a_fall_of_a_pending_rate_may_be_made_good_by_what_is_open(world):
    """320 of 400 were settled a year before; 290 are now, and 40 are open: 317 are above 79 %, 316 are 79 %."""
    kinds = [
        ("2020", 320, "04-01", True),
        ("2020", 80, "04-01", False),
        ("2021", 290, "04-01", True),
        ("2021", 70, "04-01", False),
    ]
    rows = [
        {"complaint_id": f"{year}-{settled}-{number}", "region": "9100", "received_on": f"{year}-03-01", "kind": "complaint",
         "accepted": True, "closed_on": f"{year}-{closed}", "settled": settled}
        for year, many, closed, settled in kinds
        for number in range(many)
    ]  # fmt: skip
    rows += [
        {"complaint_id": str(number), "region": "9100", "received_on": "2021-12-01", "kind": "complaint", "accepted": True}
        for number in range(40)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2020, 2021]), complaints=rows)
    scope = Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford"), Period(2021))
    rule = RULE["settlement-falling"]
    assert takes(scope, rule) == "再和解27件尚未办结的投诉，降幅可收窄至1个百分点以内"
    assert rule.returns(Decimal(317) / 4 - 80) and not rule.returns(Decimal(316) / 4 - 80)


@pytest.mark.parametrize(
    ("metric", "amounts", "aim", "words"),
    [
        ("new_entities", {"new_entities": 100}, ("value", 1500, False), "还差900户"),
        ("accidents_total", {"accidents_total": 10}, ("value", 55, True), "已超出5起"),
        ("accidents_total", {"accidents_total": 10}, ("value", 66, True), "距上限还有6起"),
        ("enterprise_stock", {"enterprise_stock": 1000}, ("yoy", 8, False), "按上年同期数计，还差80户"),
        ("food_pass_rate", {"food_batches": 70, "food_batches_passed": 67}, ("value", 97, False),
         "按现有420批次计差6批次；此后再有180批次且全部合格，合格率可达97%以上"),
        ("food_pass_rate", {"food_batches": 70, "food_batches_passed": 67}, ("value", 100, False),
         "按现有420批次计差18批次；已有结果不再改变，年内不能达到"),
        ("school_canteen_coverage", {"school_canteens": 50, "school_canteens_bright": 44}, ("value", 92.5, False),
         "再接入3家学校食堂，覆盖率可达92.5%以上"),
        ("overdue_share", {"equipment_in_use": 1000, "equipment_overdue": 20}, ("value", 1, True),
         "再检验10台超期设备，比率可降至1%以下"),
    ],
)  # fmt: skip
def test_what_a_target_takes(world, metric, amounts, aim, words):
    years = (2020, 2021)
    [one] = standings(scope := scope_of(world, [(metric, *aim)], years=years, **amounts))
    assert of_target(scope, one) == words


def test_a_target_that_is_met_or_not_judged_takes_nothing(world):
    [met] = standings(scope := scope_of(world, [("new_entities", "value", 500, False)], new_entities=100))
    assert of_target(scope, met) == ""
    [neutral] = standings(scope := scope_of(world, [("cases_total", "value", 5000, False)], cases_total=100))
    assert (neutral.light, of_target(scope, neutral)) == (None, "")


def test_a_percentage_without_halves_or_without_a_remedy_has_no_sentence(world):
    [returned] = standings(
        scope := scope_of(world, [("nonpublic_party_coverage", "value", 65, False)], nonpublic_party_coverage=40)
    )
    assert of_target(scope, returned) == ""
    assert "enterprise_share" not in REMEDIES
    [undeclared] = standings(
        scope := scope_of(world, [("enterprise_share", "value", 65, False)], enterprise_stock=40, entity_stock=100)
    )
    assert (undeclared.light, of_target(scope, undeclared)) == ("滞后", "")


def test_every_ratio_of_a_rule_or_a_target_has_a_remedy():
    ratios = {rule.metric.id for rule in rules()} | {*RISE, *FIXED}
    ratios = {name for name in ratios if CATALOGUE[name].form == "ratio"}
    assert ratios <= REMEDIES.keys()
    assert set(REMEDIES) <= {metric.id for metric in CATALOGUE.values() if metric.form == "ratio" and metric.is_pair}
    assert all(bool(remedy.objects) == (remedy.effect != "later") for remedy in REMEDIES.values())


def test_after_so_many_cases_each_light_of_the_demo_is_off_and_not_before(demo_results):
    """The number in the words, taken from the halves that the metric has, by the rule itself."""
    checked = 0
    for city in demo_results.regions.all:
        for period in (Period(2021), Period(2022, 9), Period(2022)):
            scope = Scope.of(demo_results, city, period)
            for one in lights(scope):
                words = of_light(scope, one)
                remedy = REMEDIES.get(one.rule.metric.id)
                if not words.startswith("再") or remedy is None or one.rule.view != "value":
                    continue
                number = int(re.search(r"\d+", words)[0])
                part, whole = one.last.figure.numerator, one.last.figure.denominator

                def value(x, part=part, whole=whole, both=remedy.effect == "both"):
                    return (part - x) / (whole - x * both) * 100

                assert one.rule.returns(value(number)) and not one.rule.returns(value(number - 1))
                checked += 1
    assert checked > 10


def test_after_so_many_cases_each_target_of_the_demo_is_met_and_not_before(demo_results):
    checked = set()
    for city in demo_results.regions.all:
        for period in (Period(2021), Period(2022, 9), Period(2022)):
            scope = Scope.of(demo_results, city, period)
            for one in standings(scope):
                words, own = of_target(scope, one), one.own
                if not re.search("再增加|再接入|还差", words) or (own.denominator is None and one.metric.form == "ratio"):
                    continue
                number = int(re.search(r"(?:再增加|再接入|还差)(\d+)", words)[1])

                def value(x, own=own, metric=one.metric, base=one.base):
                    if base == "yoy":
                        return ((own.numerator + x) / own.denominator - 1) * 100
                    return (own.numerator + x) / (own.denominator or 1) * metric.per

                assert value(number) >= one.aim.value > value(number - 1)
                checked.add((one.metric.id, one.base))
    assert checked >= {("new_entities", "value"), ("entity_stock", "yoy"), ("inv_patents_per_10k", "value")}


def test_of_a_month_it_is_what_the_year_so_far_takes(world):
    scope = scope_of(world, [("new_entities", "value", 1500, False)], new_entities=100, inspections_judged=20, problems_found=6)
    of_month = scope.over(Period(2021, 6, "month"))
    [one] = standings(of_month)
    assert of_target(of_month, one) == "还差900户"
    assert takes(of_month, RULE["problem-rate"]) == takes(scope, RULE["problem-rate"]) != ""
