"""消费者权益保护: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.common.periods import Period
from city_briefs.metrics.consumer_rights import (
    complaints_accepted,
    complaints_closed,
    complaints_received,
    complaints_settled,
    complaints_withdrawn,
    consumer_complaints,
    enquiries_received,
    losses_recovered,
    median_days_to_close,
    recovered_per_complaint,
    reports_received,
    settlement_rate,
)
from city_briefs.model.labels import UNSAID
from city_briefs.model.tables import COMPLAINTS
from tests.conftest import THREE_CITIES, covered, rows, value
from tests.definitions.metrics.breakdown import part


@pytest.fixture
def requests(world):
    return world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(COMPLAINTS, ["9100", "9200", "9300"], [2020, 2021]),
        complaints=rows("""
            complaint_id  region  kind       received_on  category  accepted  settled  closed_on   recovered_yuan  withdrawn  transferred_from
            a             9100    complaint  2020-12-31   food      True      True     2021-01-01  100.50          False      -
            b             9100    complaint  2021-01-01   food      True      True     2021-01-01  -               -          -
            c             9100    complaint  2021-01-31   service   True      False    2021-12-31  0.00            False      -
            d             9100    complaint  2021-03-31   -         False     -        -           -               True       -
            e             9100    complaint  2021-06-30   service   -         -        -           -               -          -
            f             9200    complaint  2021-07-01   service   True      True     2021-07-11  200.00          -          e
            g             9100    report     2021-08-31   food      True      True     2021-09-01  50.00           -          -
            h             9100    enquiry    2021-12-31   -         -         -        2021-12-31  -               True       -
            i             9100    complaint  2022-01-01   food      True      True     2022-01-01  7.00            -          -
            j             9100    complaint  2021-11-30   food      True      -        2022-01-01  999.00          -          -
            k             9100    complaint  2021-12-01   food      -         True     2021-12-03  -               -          -
            l             9200    complaint  2021-04-30   -         -         -        -           -               True       d
        """),
    )


def test_requests_count_every_kind_once_where_first_received_and_withdrawn_ones_too(requests):
    assert value(requests, complaints_received, "9100", 2021) == 8  # b c d e g h j k
    assert value(requests, complaints_received, "9100", 2021, through=11) == 6  # b c d e g j
    assert value(requests, complaints_received, "9100", 2020) == 1  # a
    assert value(requests, complaints_received, "9200", 2021) == 0  # f and l were first received elsewhere
    assert value(requests, complaints_received, "9000", 2021) == 8
    assert part(requests, complaints_received, "9100", 2021, "kind", "complaint") == 6
    assert part(requests, complaints_received, "9100", 2021, "category", "food") == 4  # b g j k
    assert part(requests, complaints_received, "9100", 2021, "category", UNSAID) == 2  # d h


def test_complaints_reports_and_enquiries_are_the_parts_of_requests(requests):
    assert value(requests, consumer_complaints, "9100", 2021) == 6  # b c d e j k
    assert value(requests, consumer_complaints, "9000", 2021) == 6  # f and l are not counted again
    assert part(requests, consumer_complaints, "9100", 2021, "category", "service") == 2  # c e
    assert value(requests, reports_received, "9100", 2021, through=7) == 0
    assert value(requests, reports_received, "9100", 2021) == 1  # g
    assert part(requests, reports_received, "9100", 2021, "category", "food") == 1
    assert value(requests, enquiries_received, "9100", 2021, through=11) == 0
    assert value(requests, enquiries_received, "9100", 2021) == 1  # h
    assert part(requests, enquiries_received, "9100", 2021, "category", "food") == 0


def test_requests_withdrawn_count_by_the_day_they_were_received(requests):
    assert value(requests, complaints_withdrawn, "9100", 2021) == 2  # d h
    assert value(requests, complaints_withdrawn, "9100", 2021, through=11) == 1  # d
    assert value(requests, complaints_withdrawn, "9200", 2021) == 0  # l is d again
    assert part(requests, complaints_withdrawn, "9100", 2021, "kind", "enquiry") == 1


def test_complaints_accepted_count_where_they_were_accepted(requests):
    assert value(requests, complaints_accepted, "9100", 2021) == 3  # b c j; d was not, e and k do not say, g is a report
    assert value(requests, complaints_accepted, "9200", 2021) == 1  # f, though transferred
    assert part(requests, complaints_accepted, "9100", 2021, "category", "food") == 2  # b j


def test_complaints_settled_are_accepted_complaints_and_no_reports(requests):
    assert value(requests, complaints_settled, "9100", 2021) == 1  # b; c was not, j is open, k was never accepted
    assert value(requests, complaints_settled, "9100", 2020) == 1  # a, by the day it was received
    assert value(requests, complaints_settled, "9200", 2021) == 1  # f
    assert part(requests, complaints_settled, "9100", 2021, "category", "service") == 0


def test_the_settlement_rate_pools_settled_and_accepted_complaints(requests):
    assert value(requests, settlement_rate, "9200", 2021) == 100
    assert value(requests, settlement_rate, "9000", 2021) == 50  # 2 of 4, not the mean of a third and all


def test_complaints_closed_count_by_the_day_they_were_closed(requests):
    assert value(requests, complaints_closed, "9100", 2021) == 4  # a b c k; j is of the next year
    assert value(requests, complaints_closed, "9100", 2021, through=11) == 2  # a b
    assert value(requests, complaints_closed, "9100", 2020) == 0
    assert value(requests, complaints_closed, "9000", 2021) == 5  # and f
    assert part(requests, complaints_closed, "9100", 2021, "category", "service") == 1  # c


def test_the_median_of_days_is_of_the_complaints_closed_and_the_provinces_of_them_all(requests):
    assert value(requests, median_days_to_close, "9100", 2021, through=11) == Decimal("0.5")  # 1 0
    assert value(requests, median_days_to_close, "9100", 2021) == Decimal("1.5")  # 0 1 2 334; g and h are no complaints
    assert value(requests, median_days_to_close, "9000", 2021) == 2  # 0 1 2 10 334
    assert part(requests, median_days_to_close, "9100", 2021, "category", "food") == 1  # 0 1 2


def test_losses_recovered_are_of_all_requests_closed(requests):
    assert value(requests, losses_recovered, "9100", 2021) == Decimal("150.50")  # a g
    assert value(requests, losses_recovered, "9100", 2021, through=8) == Decimal("100.50")  # a
    assert value(requests, losses_recovered, "9000", 2021) == Decimal("350.50")
    assert part(requests, losses_recovered, "9100", 2021, "category", "service") == 0
    amount = Results(requests, [losses_recovered]).amount(losses_recovered, requests.regions.find("9100"), Period(2021))
    assert amount.records == 3  # a c g; an empty amount is no record


def test_the_loss_recovered_per_complaint_divides_by_all_complaints_closed(requests):
    assert value(requests, recovered_per_complaint, "9100", 2021) == Decimal("37.625")  # 150.50 by 4
    assert value(requests, recovered_per_complaint, "9000", 2021) == Decimal("70.1")  # 350.50 by 5
