"""保供稳价: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics import markup_ceiling
from city_briefs.metrics.prices import (
    average_markup,
    margin_total,
    over_ceiling_share,
    price_observations,
    prices_over_ceiling,
    prices_under_rule,
    purchase_total,
)
from city_briefs.model.tables import PRICES
from tests.conftest import THREE_CITIES, covered, figure, rows, value
from tests.definitions.metrics.breakdown import part

OBSERVATIONS = rows("""
    region  observed_on  commodity  purchase_yuan  sale_yuan
    9100    2021-02-28   cabbage    1.00           5.00
    9100    2021-03-01   cabbage    1.00           1.20
    9100    2021-03-31   cabbage    1.00           1.21
    9100    2021-06-29   pork       10.00          12.50
    9100    2021-06-30   pork       10.00          12.50
    9100    2021-07-31   cabbage    2.00           1.00
    9100    2021-12-31   pork       10.00          13.01
    9100    2022-01-01   pork       10.00          90.00
    9200    2021-12-31   cabbage    1.00           1.30
""")


@pytest.fixture
def prices(world):
    """A ceiling of 20 % from 1 March, of 30 % from 30 June; none before."""
    return world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(PRICES, ["9100", "9200", "9300"], [2021]),
        prices=OBSERVATIONS,
        parameters=[
            {"name": name, "value": number, "unit": unit, "effective_from": day, "source": "指导意见"}
            for name, number, unit, day in (
                ("markup_ceiling", 20.0, "%", "2021-03-01"),
                ("markup_ceiling", 30.0, "%", "2021-06-30"),
                ("whistle_reward_cap", 1.0, "元", "2021-04-01"),
            )
        ],
    )


def test_every_observation_counts_on_its_day(prices):
    assert value(prices, price_observations, "9100", 2021) == 7
    assert value(prices, price_observations, "9100", 2021, through=11) == 6
    assert part(prices, price_observations, "9100", 2021, "commodity", "cabbage") == 4


def test_observations_are_under_the_rule_from_the_day_it_takes_effect(prices):
    assert value(prices, prices_under_rule, "9100", 2021, through=2) == 0
    assert value(prices, prices_under_rule, "9100", 2021, through=3) == 2
    assert value(prices, prices_under_rule, "9100", 2021) == 6  # each once, whichever ceiling it is under
    assert part(prices, prices_under_rule, "9100", 2021, "commodity", "pork") == 3


def test_a_markup_on_the_purchase_price_is_over_the_ceiling_of_its_day_and_not_when_it_equals_it(prices):
    assert value(prices, prices_over_ceiling, "9100", 2021, through=2) == 0  # 400 %, before any ceiling
    assert value(prices, prices_over_ceiling, "9100", 2021, through=3) == 1  # 21 %, not 20 %
    assert value(prices, prices_over_ceiling, "9100", 2021, through=6) == 2  # 25 % on 29 June, not on 30 June
    assert value(prices, prices_over_ceiling, "9100", 2021) == 3  # 30.1 %
    assert value(prices, prices_over_ceiling, "9200", 2021) == 0  # 30 %
    assert part(prices, prices_over_ceiling, "9100", 2021, "commodity", "pork") == 2


def test_the_share_over_the_ceiling_is_of_the_observations_under_the_rule(prices):
    assert value(prices, over_ceiling_share, "9100", 2021) == 50  # 3 of 6
    assert figure(prices, over_ceiling_share, "9000", 2021).denominator == 7
    assert value(prices, over_ceiling_share, "9100", 2021, through=2) is None  # nothing to divide by


def test_without_a_ceiling_on_record_nothing_is_said_of_it(world):
    prices = world.snapshot(regions=THREE_CITIES, coverage=covered(PRICES, ["9100"], [2021]), prices=OBSERVATIONS)
    assert value(prices, price_observations, "9100", 2021) == 7
    assert value(prices, prices_over_ceiling, "9100", 2021) is None


def test_the_average_markup_divides_the_margins_by_the_purchase_prices(prices):
    assert value(prices, purchase_total, "9100", 2021) == 35
    assert value(prices, margin_total, "9100", 2021) == Decimal("11.42")  # cabbage sold at a loss takes away
    assert value(prices, average_markup, "9100", 2021) == Decimal("11.42") / 35 * 100
    assert part(prices, purchase_total, "9100", 2021, "commodity", "cabbage") == 5
    assert part(prices, margin_total, "9100", 2021, "commodity", "cabbage") == Decimal("3.41")


def test_the_ceiling_is_the_one_in_force_at_the_end_of_the_period(prices):
    assert value(prices, markup_ceiling, "9100", 2021, view="parameter", through=2) is None
    assert value(prices, markup_ceiling, "9100", 2021, view="parameter", through=5) == 20
    assert value(prices, markup_ceiling, "9000", 2021, view="parameter", through=6) == 30
