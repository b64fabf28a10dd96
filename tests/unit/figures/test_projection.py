"""The projection of a rate: its numbers, what refuses it, and a second count in plain SQL."""

from datetime import date, timedelta
from math import sqrt
from random import Random

import duckdb
import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.consumer_rights import settlement_rate
from city_briefs.model.tables import COMPLAINTS
from tests.conftest import THREE_CITIES, covered

CITIES = ["9100", "9200", "9300"]
NOW = [(2256, "2021-06-01", True), (1047, "2021-06-01", False), (183, None, None)]
BEFORE = [(1000, "2020-06-01", True), (324, "2021-02-01", True), (200, "2021-02-01", False), (16, None, None)]


def scope_of(world, now=NOW, before=BEFORE, years=(2020, 2021)):
    """Complaints of Ashford: how many, the day on which they were closed (None while open), and whether they were settled."""
    complaints = [
        {"complaint_id": f"{year}-{kind}-{number}", "region": "9100", "received_on": f"{year}-05-01", "kind": "complaint",
         "accepted": True, "closed_on": closed, "settled": settled}
        for year, kinds in ((2020, before), (2021, now))
        for kind, (many, closed, settled) in enumerate(kinds)
        for number in range(many)
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, years), complaints=complaints)
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford"), Period(2021))


def test_a_pending_rate_is_projected_by_what_became_of_those_open_a_year_before(world):
    scope = scope_of(world)
    made = look(scope, settlement_rate, "projection")
    assert made.text == "预计办结后约67.9%（67.4%—68.3%）"
    assert round(float(made.value), 3) == 67.866
    assert made.note == "另有5.2%尚未办结，按上年同一天尚未办结的540件在其后一年和解消费投诉324件推算"
    record = made.record()
    assert [round(limit, 1) for limit in record["interval"]] == [67.4, 68.3]
    assert (record["unit"], record["numerator"], record["verdict"]) == ("%", None, "untested")
    assert look(scope, settlement_rate, "value").text == "64.7%"


def test_it_never_leaves_what_is_possible(world):
    made = look(scope_of(world, before=[(40, "2021-02-01", True)]), settlement_rate, "projection")
    assert made.text == "预计办结后约70.0%（70.0%—70.0%）"
    none = look(scope_of(world, before=[(40, "2021-02-01", False)]), settlement_rate, "projection")
    assert none.text == "预计办结后约64.7%（64.7%—64.7%）"


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"now": NOW[:2]}, "没有尚未办结的，不作预计"),
        ({"before": [(1000, "2020-06-01", True), (29, "2021-02-01", True)]}, "上年同一天尚未办结的29件，基数过小，不作预计"),
        ({"now": [(29, None, None)]}, "本期受理消费投诉29件，基数过小，不作预计"),
        ({"now": [*NOW, (1, None, True)]}, "本期有1件没有办结日期，不作预计"),
        ({"before": [*BEFORE, (2, None, True)]}, "上年同期有2件没有办结日期，不作预计"),
        ({"years": (2021,)}, "上年同期数据不全，不作预计（2020年1—12月未报送）"),
    ],
    ids=lambda each: "" if isinstance(each, str) else next(iter(each)),
)
def test_it_is_refused_with_the_reason(world, changed, refused):
    assert look(scope_of(world, **changed), settlement_rate, "projection").refused == refused


def test_thirty_open_a_year_before_are_enough(world):
    made = look(scope_of(world, before=[(1000, "2020-06-01", True), (30, "2021-02-01", True)]), settlement_rate, "projection")
    assert made.refused is None


@pytest.mark.parametrize(
    ("metric", "refused"),
    [
        ("problem_found_rate", "结果没有日期，不作预计"),
        ("product_pass_rate", "不是结果晚于受理的比率，不作预计"),
        ("complaints_settled", "不是结果晚于受理的比率，不作预计"),
        ("new_entities", "不是结果晚于受理的比率，不作预计"),
    ],
)
def test_only_a_share_of_dated_outcomes_is_projected(demo_results, metric, refused):
    scope = Scope.of(demo_results, demo_results.regions.cities[0], Period(2021))
    assert look(scope, CATALOGUE[metric], "projection").refused == refused


def test_no_part_is_projected(world):
    made = look(scope_of(world), settlement_rate, "projection", part=("category", "food"))
    assert made.refused == "分项没有按办结日期的历史，不作预计"


def test_a_card_shows_it_beside_the_value_and_without_its_years(world, monkeypatch):
    shown = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: shown.append(next(iter(bundle.values()))))
    scope = scope_of(world)
    blocks.cards(scope.results, [look(scope, settlement_rate, view) for view in ("value", "projection")])
    value, projected = shown[0]["cards"]
    assert (value["value"], value["label"]) == ("64.7", "消费投诉和解率")
    assert projected == {
        "value": "67.9", "unit": "%", "label": "预计全部办结后消费投诉和解率", "change": "可能在67.4%—68.3%", "tone": "", "arrow": "",
        "place": "",
    }  # fmt: skip


def test_a_refused_one_has_no_card_and_its_own_reason(world, monkeypatch):
    shown = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: shown.append(next(iter(bundle.values()))))
    scope = scope_of(world, now=NOW[:2])
    blocks.cards(scope.results, [look(scope, settlement_rate, "projection")])
    assert shown[0]["paragraphs"] == ["没有尚未办结的，不作预计：消费投诉和解率。"]


def random_results(world):
    """Two years of complaints in three cities, each closed up to 300 days after it came in, or never."""
    draw = Random(20)
    complaints = []
    for number in range(6000):
        received = date(2020, 1, 1) + timedelta(days=draw.randrange(731))
        closed = received + timedelta(days=draw.randrange(300)) if draw.random() < 0.95 else None
        closed = None if closed is None or closed > date(2021, 12, 31) else closed
        complaints.append(
            {"complaint_id": str(number), "region": draw.choice(CITIES), "received_on": received, "kind": "complaint", "accepted": True,
             "closed_on": closed, "settled": None if closed is None else draw.random() < 0.6}
        )  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2020, 2021]), complaints=complaints)
    return Results(snapshot, CATALOGUE.values())


@pytest.mark.parametrize(("of_demo", "fewest"), [(True, 1), (False, 20)], ids=["of the demo", "of random records"])
def test_of_every_city_and_month_it_is_that_of_a_second_count(world, demo_results, of_demo, fewest):
    """The same in plain SQL: by the last day that each city covers, what was open a year before it, and what was settled since."""
    results = demo_results if of_demo else random_results(world)
    folder, year = results.snapshot.path, 2022 if of_demo else 2021
    counted = duckdb.sql(f"""
        WITH last AS (SELECT region, last_day(max(strptime(month || '-01', '%Y-%m-%d'))::DATE) AS day
                      FROM '{folder}/coverage.parquet' WHERE "table" = 'complaints' GROUP BY region)
        SELECT c.region, year(received_on) AS year, month(received_on) AS month, count(*) AS accepted,
               count(*) FILTER (settled) AS settled,
               count(*) FILTER (closed_on IS NULL OR closed_on > last.day) AS open_now,
               count(*) FILTER (closed_on IS NULL OR closed_on > last.day - INTERVAL 1 YEAR) AS open_then,
               count(*) FILTER (settled AND closed_on > last.day - INTERVAL 1 YEAR AND closed_on <= last.day) AS settled_since
        FROM '{folder}/complaints.parquet' c JOIN last USING (region)
        WHERE accepted AND kind = 'complaint' GROUP BY ALL
    """).fetchall()
    cells = {(region, of_year, month): numbers for region, of_year, month, *numbers in counted}
    projected = 0
    for city in results.regions.cities:
        for through in range(1, 13):
            made = look(Scope.of(results, city, Period(year, through)), settlement_rate, "projection")
            (n, a, b, _, _), (_, _, _, o, s) = (
                [
                    sum(cells.get((city.code, of_year, month), [0] * 5)[place] for month in range(1, through + 1))
                    for place in range(5)
                ]
                for of_year in (year, year - 1)
            )
            if made.value is None:
                assert "数据不全" in made.refused or min(n, o) < 30 or not b
                continue
            projected += 1
            r = s / o
            half = 1.96 * sqrt(b * r * (1 - r) + b * b * r * (1 - r) / o) / n
            assert float(made.value) == pytest.approx(100 * (a + b * r) / n, abs=1e-9)
            assert made.interval.low == pytest.approx(100 * max(a / n, (a + b * r) / n - half), abs=1e-3)
            assert made.interval.high == pytest.approx(100 * min((a + b) / n, (a + b * r) / n + half), abs=1e-3)
    assert projected >= fewest
