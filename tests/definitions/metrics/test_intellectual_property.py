"""知识产权: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics.intellectual_property import (
    geographical_indications,
    high_value_patents,
    high_value_patents_per_10k,
    inv_grants,
    inv_patents_per_10k,
    inv_patents_valid,
    patents_granted,
    pledge_amount,
    pledge_deals,
    pledge_per_deal,
    pledged_patents,
    tech_transfer_amount,
    tech_transfers,
    trademarks_per_10k_entities,
    trademarks_valid,
)
from city_briefs.model.tables import ENTITIES, IP_PLEDGES, PATENTS, TECH_TRANSFERS, TRADEMARKS
from tests.conftest import covered, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU = "620100"


@pytest.fixture
def patents(world):
    return world.snapshot(
        coverage=covered(PATENTS, [LANZHOU], [2020, 2021]),
        patents=rows("""
            patent_id  region  kind       filed_on    granted_on  lapsed_on   high_value
            a          620100  invention  2018-01-01  2020-12-31  -           True
            b          620100  invention  2019-01-01  2021-01-01  2021-12-31  True
            c          620100  invention  2019-02-01  2021-12-31  -           False
            d          620100  invention  2019-02-01  2021-06-30  2022-01-01  -
            e          620100  invention  2020-01-01  -           -           True
            f          620100  utility    2020-01-01  2021-03-31  -           True
            g          620100  design     2020-01-01  2021-04-01  2022-01-01  -
            h          620100  invention  2020-02-01  2022-01-01  -           True
            i          620100  invention  2019-03-01  -           2021-05-01  True
        """),
        population=rows("""
            region  year  persons  basis     series
            620100  2020  20000    census    2020普查口径
            620100  2021  30000    year_end  2020普查口径
        """),
    )


@pytest.fixture
def trademarks(world):
    return world.snapshot(
        coverage=covered(TRADEMARKS, [LANZHOU], [2020, 2021]) + covered(ENTITIES, [LANZHOU], [2021]),
        trademarks=rows("""
            trademark_id  region  registered_on  lapsed_on   geographical_indication
            a             620100  2020-12-31     -           True
            b             620100  2021-01-01     2021-12-31  True
            c             620100  2021-12-31     -           False
            d             620100  2021-05-01     2022-01-01  -
            e             620100  2022-01-01     -           True
        """),
        entities=rows("""
            entity_id  region  registered_on  cancelled_on
            a          620100  2019-01-01     -
            b          620100  2021-12-31     2022-01-01
            c          620100  2021-01-01     2021-12-31
        """),
    )


@pytest.fixture
def pledges(world):
    return world.snapshot(
        coverage=covered(IP_PLEDGES, [LANZHOU], [2020, 2021]),
        ip_pledges=rows("""
            pledge_id  region  pledged_on  patents  amount_yuan
            a          620100  2020-12-31  2        1000000.50
            b          620100  2021-01-01  3        2000000.25
            c          620100  2021-12-31  1        500000.00
            d          620100  2022-01-01  9        9.00
        """),
    )


@pytest.fixture
def transfers(world):
    return world.snapshot(
        coverage=covered(TECH_TRANSFERS, [LANZHOU], [2021]),
        tech_transfers=rows("""
            transfer_id  region  concluded_on  amount_yuan
            a            620100  2020-12-31    7.00
            b            620100  2021-01-01    1200000.10
            c            620100  2021-12-31    0.20
            d            620100  2022-01-01    9.00
        """),
    )


def test_inventions_granted_count_by_the_day_of_grant_though_lapsed_later(patents):
    assert value(patents, inv_grants, LANZHOU, 2020) == 1  # a
    assert value(patents, inv_grants, LANZHOU, 2021, through=11) == 2  # b d
    assert value(patents, inv_grants, LANZHOU, 2021) == 3  # b c d; e and i were never granted, h is of the next year


def test_patents_granted_count_every_kind(patents):
    assert value(patents, patents_granted, LANZHOU, 2021) == 5  # b c d f g
    assert part(patents, patents_granted, LANZHOU, 2021, "kind", "invention") == 3
    assert part(patents, patents_granted, LANZHOU, 2021, "kind", "utility") == 1
    assert part(patents, patents_granted, LANZHOU, 2021, "kind", "design") == 1


def test_inventions_in_force_are_granted_and_not_yet_lapsed(patents):
    assert value(patents, inv_patents_valid, LANZHOU, 2020) == 1  # a
    assert value(patents, inv_patents_valid, LANZHOU, 2021, through=11) == 3  # a b d
    # b is gone on the very day; i lapsed before it was granted and takes nothing away
    assert value(patents, inv_patents_valid, LANZHOU, 2021) == 3  # a c d


def test_patents_per_head_divide_by_the_population_last_counted(patents):
    assert value(patents, inv_patents_per_10k, LANZHOU, 2021, through=11) == Decimal("1.5")  # 3 of 20 000, the census
    assert value(patents, inv_patents_per_10k, LANZHOU, 2021) == 1  # 3 of 30 000, the year-end


def test_high_value_patents_are_inventions_in_force_said_to_be_so(patents):
    assert value(patents, high_value_patents, LANZHOU, 2020) == 1  # a
    assert value(patents, high_value_patents, LANZHOU, 2021, through=11) == 2  # a b; d does not say, f is no invention
    assert value(patents, high_value_patents, LANZHOU, 2021) == 1  # a


def test_high_value_patents_per_head_divide_the_two(patents):
    assert value(patents, high_value_patents_per_10k, LANZHOU, 2021, through=11) == 1  # 2 of 20 000


def test_trademarks_in_force_are_registered_and_not_yet_lapsed(trademarks):
    assert value(trademarks, trademarks_valid, LANZHOU, 2020) == 1  # a
    assert value(trademarks, trademarks_valid, LANZHOU, 2021, through=11) == 3  # a b d
    assert value(trademarks, trademarks_valid, LANZHOU, 2021) == 3  # a c d


def test_trademarks_per_entity_divide_by_the_entities_in_force(trademarks):
    assert value(trademarks, trademarks_per_10k_entities, LANZHOU, 2021) == 15_000  # 3 of 2, a and b


def test_geographical_indications_are_trademarks_in_force_said_to_be_so(trademarks):
    assert value(trademarks, geographical_indications, LANZHOU, 2020) == 1  # a
    assert value(trademarks, geographical_indications, LANZHOU, 2021, through=11) == 2  # a b
    assert value(trademarks, geographical_indications, LANZHOU, 2021) == 1  # a; c is none, d does not say


def test_pledges_count_loans_patents_and_amounts_by_the_day_of_registration(pledges):
    assert value(pledges, pledge_deals, LANZHOU, 2021) == 2  # b c
    assert value(pledges, pledge_deals, LANZHOU, 2021, through=11) == 1  # b
    assert value(pledges, pledged_patents, LANZHOU, 2021) == 4
    assert value(pledges, pledged_patents, LANZHOU, 2020) == 2  # a
    assert value(pledges, pledge_amount, LANZHOU, 2021) == Decimal("2500000.25")
    assert value(pledges, pledge_amount, LANZHOU, 2021, through=11) == Decimal("2000000.25")


def test_the_amount_per_loan_divides_the_two(pledges):
    assert value(pledges, pledge_per_deal, LANZHOU, 2021) == Decimal("1250000.125")


def test_technology_transfers_count_by_the_day_of_signature(transfers):
    assert value(transfers, tech_transfers, LANZHOU, 2021) == 2  # b c
    assert value(transfers, tech_transfers, LANZHOU, 2021, through=11) == 1  # b
    assert value(transfers, tech_transfer_amount, LANZHOU, 2021) == Decimal("1200000.30")
