"""Claims and praise of the speech: earned with grounds, or refused with the reason."""

import pytest

from city_briefs.analysis.assessments import speech_claims
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered

CITIES = ["9100", "9200", "9300"]


def vehicles(world, *numbers):
    """Vehicles bought by each city in March 2021."""
    given = [
        {"region": city, "month": "2021-03", "indicator": "enforcement_vehicles", "numerator": str(number), "span": "month"}
        for city, number in zip(CITIES, numbers, strict=True)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021], 3), returns=given)
    found = speech_claims.praises(Results(snapshot, CATALOGUE.values()), Period(2021, 3))
    return next(one for one in found if one.metric is CATALOGUE["enforcement_vehicles"])


def test_the_highest_stand_with_value_place_and_share_and_ties_share_a_place(world):
    one = vehicles(world, 5, 10, 5)
    assert one.cities == "Birchwood、Ashford、Cedarton"
    assert one.note == (
        "Birchwood10辆（第1位，占Norland50.0%）；Ashford5辆（并列第2位，占Norland25.0%）；Cedarton5辆（并列第2位，占Norland25.0%）"
    )


def test_a_city_that_did_nothing_is_not_praised(world):
    assert vehicles(world, 0, 10, 0).cities == "Birchwood"
    assert vehicles(world, 0, 0, 0).refused == "各地区均为零"


def test_a_neutral_metric_and_a_sentence_without_a_metric_praise_nobody(world):
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=[])
    found = speech_claims.praises(Results(snapshot, CATALOGUE.values()), Period(2021))
    assert {one.refused for one in found if one.metric is None} == {speech_claims.NO_METRIC}
    assert {one.refused for one in found if one.metric and one.metric.id == "price_fine_max"} == {"该指标不分优劣"}
    assert all(one.refused and not one.cities for one in found)


def test_every_claim_is_earned_or_refused(demo_province, demo_results):
    made = speech_claims.claims(Scope.of(demo_results, demo_province.regions.province, Period(2021)))
    assert all(bool(claim.text) != bool(claim.refused) for *_, claim in made if claim)
    assert [quote for _, quote, claim in made if claim is None]


def test_a_claim_of_an_unknown_guard_is_named(tmp_path, monkeypatch, demo_province):
    file = tmp_path / "claims.csv"
    file.write_text("section,quote,guard,metric\n二,一句话,best_of_all,new_entities\n", "utf-8")
    monkeypatch.setattr(paths, "reference", lambda: tmp_path)
    with pytest.raises(DataError) as error:
        speech_claims.claims(Scope.of(Results(demo_province, []), demo_province.regions.province, Period(2021)))
    assert str(error.value) == "claims.csv, “一句话”: there is no guard 'best_of_all'."
