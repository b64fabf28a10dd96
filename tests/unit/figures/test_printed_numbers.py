"""Rounding: whoever subtracts the numbers that are printed is never contradicted, wherever they are printed."""

import random
import re
from decimal import Decimal

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.blocks.region_table import TINY, cell
from city_briefs.analysis.charts import trend
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import covered

RATE = CATALOGUE["school_canteen_coverage"]
CODES = [f"62{number:02}00" for number in range(1, 13)] + ["622900", "623000"]
AIMS = ("90", "92.5", "97.25", "100")


@pytest.fixture
def scopes(world):
    """Fourteen cities with rates of two years drawn at random, the second close to the first or to its target, and targets."""
    drawn = random.Random(22)
    returned, aims = [], []
    for code in CODES:
        aim, before = drawn.choice(AIMS), drawn.randrange(85_000, 100_001)
        now = min(100_000, max(0, drawn.choice((before, int(Decimal(aim) * 1000))) + drawn.randrange(-120, 121)))
        aims.append({"region": code, "metric": RATE.id, "view": "value", "year": "2021", "value": aim, "source": "任务书",
                     "comparison": "at_least"})  # fmt: skip
        returned += [
            {"region": code, "month": f"{year}-12", "indicator": RATE.id, "numerator": str(part), "denominator": "100000",
             "span": RATE.returned_span}
            for year, part in ((2020, before), (2021, now))
        ]  # fmt: skip
    snapshot = world.snapshot(coverage=covered(RETURNS, CODES, [2020, 2021]), returns=returned, targets=aims)
    results = Results(snapshot, [RATE])
    return [Scope.of(results, city, Period(2021)) for city in snapshot.regions.cities]


def numbers(text):
    """The numbers in a text, in their order."""
    return [Decimal(digits.replace("−", "-")) for digits in re.findall(r"[−+]?\d+(?:\.\d+)?", text)]


def rates(scope):
    """The rates of both years as printed."""
    return [numbers(look(of, RATE, "value").text)[0] for of in (scope, scope.year_before)]


def test_the_change_in_a_sentence_a_cell_and_a_chart_is_that_of_the_printed_rates(scopes):
    for scope in scopes:
        now, before = rates(scope)
        change = look(scope, RATE, "change_pp")
        assert change.printed == now - before
        if "变为" in change.text:
            assert numbers(change.text)[:2] == [before, now]
        else:
            word = "提高" if now > before else "下降"
            assert change.text == (f"{word}{abs(now - before)}个百分点" if now != before else "基本持平")
        assert cell(change) == (TINY if now == before != change.value else f"{now - before}".replace("-", "−"))
        chart = trend([look(of, RATE, "value") for of in (scope.year_before, scope)], [change, change])
        label = f"{now - before}".replace("-", "−")
        assert (f"+{label}" if now > before else label) in chart.svg


def test_the_change_on_a_card_is_that_of_the_printed_rates(scopes, monkeypatch):
    shown = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: shown.append(next(iter(bundle.values()))))
    for scope in scopes:
        now, before = rates(scope)
        blocks.cards(scope.results, [look(scope, RATE, "value")])
        [card] = shown.pop()["cards"]
        assert Decimal(card["value"]) == now
        said = numbers(card["change"])
        assert said[:2] == [before, now] or said == [abs(now - before)] or (now == before and not said)


def test_a_target_is_missed_in_print_by_what_the_printed_numbers_differ_by(scopes):
    for scope in scopes:
        [standing] = standings(scope)
        [own], [aim] = numbers(standing.own_text), numbers(standing.aim_text)
        assert (own >= aim) == (standing.own.value >= standing.aim.value) == (standing.light == "达标")
        gap = f"{'高' if own > aim else '低'}{abs(own - aim)}个百分点" if own != aim else "持平"
        assert standing.gap_text == gap
        [said] = numbers(standing.against.text) or [Decimal(0)]
        assert (said == 0) == (standing.own.value == standing.aim.value)
