"""Signals: their order, what each says, and that nothing is listed which chance explains."""

import pytest

from city_briefs.analysis.assessments.signals import KINDS, signals, with_tests, without_signals
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.common.regions import read
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import covered
from tests.helpers import REFERENCE

YEARS = (2020, 2021)
CITIES = [city.code for city in read(REFERENCE / "regions.csv").cities]
ALIKE = {"drug_pass_rate": ((915, 915), 915), "product_pass_rate": ((915, 915), 915)}  # as many of 1000 everywhere, in both years


@pytest.fixture
def scope(world):
    """The scope of Lanzhou in 2021; of each rate how many of 1000 it returned in 2020 and in 2021, and the other cities in both."""

    def scope(of, aims=()):
        rows = [
            {"region": city, "month": f"{year}-{month:02}", "indicator": metric, "span": CATALOGUE[metric].returned_span,
             "numerator": str(part if month == 12 else 0), "denominator": str(1000 if month == 12 else 0)}
            for metric, (own, others) in of.items()
            for city in CITIES
            for year, part in zip(YEARS, own if city == CITIES[0] else (others, others), strict=True)
            for month in range(1, 13)
        ]  # fmt: skip
        targets = [
            {"region": CITIES[0], "metric": metric, "view": "value", "year": "2021", "value": aim, "source": "任务书", "comparison": "at_least"}
            for metric, aim in aims
        ]  # fmt: skip
        snapshot = world.snapshot(coverage=covered(RETURNS, CITIES, YEARS), returns=rows, targets=targets)
        return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find(CITIES[0]), Period(2021))

    return scope


def test_signals_come_in_their_order(scope):
    rates = ALIKE | {
        "hazard_overdue_share": ((500, 500), 500),
        "food_pass_rate": ((970, 900), 970),
        "publication_rate": ((850, 960), 850),
    }
    aims = [("product_pass_rate", "92"), ("drug_pass_rate", "95"), ("publication_rate", "90")]
    assert [(signal.kind, signal.metric.id, signal.text) for signal in signals(scope(rates, aims))] == [
        (
            "light",
            "hazard_overdue_share",
            "隐患逾期未销号比重偏高：未销号隐患中已逾整改期限的占50.0%（全省14个市州中14个亮灯，属全省共性问题，由省级统筹）",
        ),
        ("target", "drug_pass_rate", "药品监督抽检合格率91.50%，目标为95%以上，比目标低3.50个百分点"),
        ("target", "product_pass_rate", "工业产品监督抽查总体合格率91.50%，目标为92%以上，比目标低0.50个百分点"),
        ("worse", "food_pass_rate", "食品监督抽检合格率90.00%，同比下降7.00个百分点"),
        ("below", "food_pass_rate", "食品监督抽检合格率90.00%，比全省低6.50个百分点"),
        ("better", "publication_rate", "检查结果公示率96.0%，同比提高11.0个百分点"),
        ("above", "publication_rate", "检查结果公示率96.0%，比全省高10.2个百分点"),
    ]


def test_a_signal_as_json_has_just_the_keys_of_the_contract(scope):
    of = scope({"food_pass_rate": ((970, 900), 970)})
    worse, below = (signal.record() for signal in with_tests(of, signals(of)))
    assert worse == {
        "kind": "worse", "metric": "food_pass_rate", "text": "食品监督抽检合格率90.00%，同比下降7.00个百分点", "value": 90, "reference": 97,
        "z": -6.34922, "q": None, "owner": "食品安全抽检监测处", "takes": "", "actions": [],
    }  # fmt: skip
    assert (below["kind"], below["value"], below["reference"], below["z"]) == ("below", 90, 96.5, -11.6067)
    assert 0 <= below["q"] < 1e-6


def test_what_chance_explains_is_no_signal(scope):
    of = scope(ALIKE | {"food_pass_rate": ((970, 960), 970)})
    assert signals(of) == []
    assert (
        without_signals(of)
        == "截至2021年12月末，全市没有亮灯的警示、滞后的目标和超出随机波动的变化，各项比率均在各市州正常离散范围之内。"
    )


def test_the_change_furthest_beyond_chance_comes_first(scope):
    of = scope({"food_pass_rate": ((970, 940), 970), "drug_pass_rate": ((970, 900), 970)})
    assert [signal.metric.id for signal in signals(of) if signal.kind == "worse"] == ["drug_pass_rate", "food_pass_rate"]


def test_two_small_counts_that_are_told_apart_are_listed_without_a_percentage(world):
    rows = [
        {"region": CITIES[0], "month": f"{year}-{month:02}", "indicator": "accidents_total", "span": "month",
         "numerator": str(total if month == 12 else 0)}
        for year, total in zip(YEARS, (3, 16), strict=True)
        for month in range(1, 13)
    ]  # fmt: skip
    snapshot = world.snapshot(coverage=covered(RETURNS, CITIES, YEARS), returns=rows)
    of = Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find(CITIES[0]), Period(2021))
    [worse] = [signal for signal in signals(of) if signal.metric.id == "accidents_total"]
    assert (worse.kind, worse.text, worse.value, worse.reference) == ("worse", "“三品一特”事故16起，上年同期3起", 16, 3)
    assert round(worse.z, 2) == 2.85  # of p = 0.0044


def test_a_province_has_changes_and_is_not_compared(scope):
    of = scope({"food_pass_rate": ((970, 400), 970)})
    province = of.at(of.whole)
    assert [signal.kind for signal in signals(province)] == ["worse"]


def test_the_demo_has_every_kind_by_its_own_metric(demo_results):
    for city in demo_results.regions.cities:
        of = Scope.of(demo_results, city, Period(2021))
        listed = with_tests(of, signals(of))
        assert [signal.kind for signal in listed] == sorted((signal.kind for signal in listed), key=list(KINDS).index)
        spots = [signal for signal in listed if signal.kind in ("below", "above")]
        assert all(signal.q <= 0.05 for signal in spots) and all(signal.q is None for signal in listed if signal not in spots)
        assert all(signal.metric.better != "neutral" for signal in listed if signal.kind not in ("light", "target"))
