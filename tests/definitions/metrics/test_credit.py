"""信用监管: each definition restated as rows."""

import pytest

from city_briefs.metrics import dishonest_list_batches
from city_briefs.metrics.credit import high_risk_entities, high_risk_share, rated_entities
from city_briefs.model.tables import CREDIT_RATINGS, RETURNS
from tests.conftest import covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU, TIANSHUI = "620100", "620500"


@pytest.fixture
def ratings(world):
    return world.snapshot(
        coverage=covered(CREDIT_RATINGS, [LANZHOU, TIANSHUI], [2020, 2021]),
        credit_ratings=rows("""
            entity_id  region  rated_on    class
            a          620100  2019-07-01  D
            a          620100  2021-03-31  B
            b          620100  2020-12-31  D
            b          620100  2021-06-30  D
            c          620100  2021-04-01  A
            c          620500  2021-05-01  D
            d          620100  2022-01-01  D
        """),
    )


def test_an_entity_is_rated_once_however_often_it_was(ratings):
    assert value(ratings, rated_entities, LANZHOU, 2020, through=11) == 1  # a, rated before the months covered
    assert value(ratings, rated_entities, LANZHOU, 2020) == 2  # b, on the last day
    assert value(ratings, rated_entities, LANZHOU, 2021, through=4) == 3  # a b c
    assert value(ratings, rated_entities, LANZHOU, 2021) == 2  # a b; d is of the next year


def test_a_rating_ends_on_the_day_of_the_next(ratings):
    assert value(ratings, high_risk_entities, LANZHOU, 2021, through=2) == 2  # a b
    assert value(ratings, high_risk_entities, LANZHOU, 2021, through=3) == 1  # a became B on the last day of March
    assert value(ratings, high_risk_entities, LANZHOU, 2021, through=6) == 1  # b, D again


def test_a_rating_in_another_city_ends_the_one_before(ratings):
    assert part(ratings, rated_entities, LANZHOU, 2021, "class", "A", through=4) == 1  # c
    assert part(ratings, rated_entities, LANZHOU, 2021, "class", "A") == 0
    assert part(ratings, rated_entities, TIANSHUI, 2021, "class", "D") == 1
    assert value(ratings, high_risk_entities, TIANSHUI, 2021, through=4) == 0


def test_the_share_of_high_risk_is_of_those_rated(ratings):
    assert value(ratings, high_risk_share, LANZHOU, 2021) == 50
    assert value(ratings, high_risk_share, LANZHOU, 2020) == 100


def test_batches_of_the_list_add_up(world):
    snapshot = world.snapshot(
        coverage=covered(RETURNS, [LANZHOU], [2021]),
        returns=rows("""
            region  month    indicator               numerator  span
            620100  2021-01  dishonest_list_batches  1          month
            620100  2021-12  dishonest_list_batches  2          month
        """),
    )
    assert value(snapshot, dishonest_list_batches, LANZHOU, 2021, through=11) == 1
    assert value(snapshot, dishonest_list_batches, LANZHOU, 2021) == 3
