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


def praised(world, tmp_path, monkeypatch, quote, metric, view, *returns):
    """The praise of one sentence, of three cities that returned each indicator in January of a year."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/praises.csv").write_text(f"section,quote,metric,view\n二,{quote},{metric},{view}\n", "utf-8")
    given = [
        {"region": city, "month": f"{year}-01", "indicator": metric, "numerator": str(number), "denominator": of, "span": "month"}
        for year, numbers, of in returns
        for city, number in zip(CITIES, numbers, strict=True)
    ]
    years = [year for year, *_ in returns]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, years, 1), returns=given)
    monkeypatch.setattr(paths, "reference", lambda: tmp_path / "reference")
    [praise] = speech_claims.praises(Results(snapshot, [CATALOGUE[metric]]), Period(2021, 1))
    return praise


def test_the_largest_number_and_growth_praise_nobody(world, tmp_path, monkeypatch):
    made = praised(world, tmp_path, monkeypatch, "配备车辆", "enforcement_vehicles", "value", (2021, (5, 10, 5), None))
    assert (made.cities, made.refused) == ("", "数量指标受规模影响，不排位次")


def test_a_rate_is_praised_by_its_place_and_not_by_its_growth(world, tmp_path, monkeypatch):
    made = praised(world, tmp_path, monkeypatch, "措施得力", "food_pass_rate", "value", (2021, (700, 980, 710), "1000"))
    assert (made.cities, made.refused) == ("Birchwood", None)
    assert made.note == "Birchwood 98.00%（980/1000），第1位（可能在第1位）"


def test_the_growth_of_a_rate_has_no_places(world, tmp_path, monkeypatch):
    made = praised(world, tmp_path, monkeypatch, "增长快", "food_pass_rate", "yoy", (2021, (700, 980, 710), "1000"))
    assert (made.cities, made.note, made.refused) == ("", "", "增速不排位次")


@pytest.mark.parametrize(
    ("before", "refused"),
    [
        (940, None),  # 4 points more, z = 4.46
        (958, "居前的市州同比变化达不到“明显”的标准"),  # told apart with 95 %, not with 99.8 %
        (990, "居前的市州同比变化达不到“明显”的标准"),  # worse than a year before
    ],
)
def test_what_is_called_marked_got_better_far_beyond_chance(world, tmp_path, monkeypatch, before, refused):
    returns = ((2020, (700, before, 710), "1000"), (2021, (700, 980, 710), "1000"))
    assert praised(world, tmp_path, monkeypatch, "效果明显", "food_pass_rate", "value", *returns).refused == refused


def test_a_marked_change_is_of_one_point_at_least(world, tmp_path, monkeypatch):
    returns = ((2020, (70_000, 99_000, 71_000), "101000"), (2021, (70_000, 99_900, 71_000), "101000"))
    refused = praised(world, tmp_path, monkeypatch, "效果明显", "food_pass_rate", "value", *returns).refused
    assert refused == "居前的市州同比变化达不到“明显”的标准"


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
