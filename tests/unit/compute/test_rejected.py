"""Rejected rows behind a metric: which missing months are theirs, and which rows are open where others count."""

import pytest

from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.compute.results import Results
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.consumer_rights import complaints_received, losses_recovered, recovered_per_complaint, settlement_rate
from city_briefs.model.tables import COMPLAINTS, RETURNS
from tests.conftest import THREE_CITIES, covered, figure, rows

CITIES = ["9100", "9200", "9300"]
FIVE = """
    complaint_id  region  kind       received_on  closed_on   recovered_yuan
    1             9100    complaint  2021-01-04   2021-01-09  100
    2             9100    complaint  2021-02-04   2021-02-09  100
    3             9200    complaint  2021-01-04   2021-01-09  100
    4             9200    complaint  2021-02-04   2021-02-09  100
    5             9300    complaint  2021-01-04   2021-01-09  100
"""


@pytest.fixture
def complaints(world):
    """Complaints of January and February; of what is not covered in them, and of the rejected rows, as tables."""

    def snapshot(missing, rejected, **more):
        reported = [row for row in covered(COMPLAINTS, CITIES, [2021], 2) if f"{row['region']} {row['month']}" not in missing]
        return world.snapshot(regions=THREE_CITIES, coverage=reported, complaints=rows(FIVE), rejected=rows(rejected), **more)

    return snapshot


def refused(snapshot, region, metric=complaints_received, view="value"):
    return figure(snapshot, metric, region, 2021, through=2, view=view).refused


def test_a_month_that_is_missing_for_its_rejected_rows_is_said_to_be(complaints):
    snapshot = complaints(["9100 2021-02", "9200 2021-01"], "table region month rows\ncomplaints 9100 2021-02 3")
    assert refused(snapshot, "Ashford") == "本期数据未通过核验（2021年2月）"
    assert refused(snapshot, "Birchwood") == "本期数据不全（2021年1月未报送）"
    assert refused(snapshot, "Cedarton") is None
    both = "本期数据不全，部分未通过核验（Ashford 2021年2月未通过核验；Birchwood 2021年1月未报送）"
    assert refused(snapshot, "Norland") == both
    assert refused(snapshot, "Norland", recovered_per_complaint) == both


def test_a_province_with_a_rejected_city_is_no_sum_of_the_others_and_nobody_has_a_share_or_place(complaints):
    snapshot = complaints(["9100 2021-02"], "table region month rows\ncomplaints 9100 2021-02 3")
    assert refused(snapshot, "Norland") == "本期数据未通过核验（Ashford 2021年2月）"
    assert refused(snapshot, "Cedarton", view="share") == "本期数据未通过核验（Ashford 2021年2月）"
    assert refused(snapshot, "Norland", settlement_rate) == "本期数据未通过核验（Ashford 2021年2月）"


def test_rows_whose_month_cannot_be_read_are_of_every_missing_month_of_their_region(complaints):
    snapshot = complaints(["9100 2021-02", "9200 2021-02"], "table region rows\ncomplaints 9100 1")
    assert refused(snapshot, "Ashford") == "本期数据未通过核验（2021年2月）"
    assert refused(snapshot, "Birchwood") == "本期数据不全（2021年2月未报送）"


def test_what_was_rejected_of_another_table_says_nothing(complaints):
    snapshot = complaints(["9100 2021-02"], "table region month rows\ncases 9100 2021-02 3")
    assert refused(snapshot, "Ashford") == "本期数据不全（2021年2月未报送）"


def test_of_a_table_without_one_accepted_row_it_is_said_too(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=[], rejected=rows("table region month rows\ncomplaints 9100 2021-02 3")
    )
    assert refused(snapshot, "Ashford") == "本期数据未通过核验（2021年2月）"
    assert refused(snapshot, "Norland") == "本期数据未通过核验（Ashford 2021年2月）"
    assert refused(snapshot, "Birchwood") == "本期未报送（没有12315平台接收群众诉求的数据）"


OPEN = """
    table       region  month    rows
    complaints  9100    2021-01  2
    complaints  9200    2021-02  1
    cases       9100    2021-01  7
"""


def test_where_others_count_the_data_notes_say_how_many_are_open(complaints):
    snapshot = complaints(["9200 2021-02"], OPEN)
    results = Results(snapshot, [complaints_received])
    assert refused(snapshot, "Ashford") is None
    assert doubts(complaints_received, results) == ["12315平台工单：另有2条待核（Ashford 2021年1月2条）"]


def test_rows_of_no_month_that_can_be_read_are_open_of_a_region_that_reports(complaints):
    snapshot = complaints([], "table region rows\ncomplaints 9100 2")
    assert doubts(complaints_received, Results(snapshot, [complaints_received])) == [
        "12315平台工单：另有2条待核（Ashford月份不详2条）"
    ]


RETURNED = """
    region  month    indicator     numerator  span
    9100    2021-01  new_entities  7          month
    9100    2021-02  new_entities  8          month
    9100    2021-01  entity_stock  70         as_of
    9100    2021-02  entity_stock  80         as_of
"""
CONTRADICTED = "table region month indicator rows\nreturns 9100 2021-02 new_entities 1"


@pytest.mark.parametrize("accept", [False, True])
def test_a_return_that_another_contradicts_is_not_known_unless_accepted_and_others_of_its_month_are(world, accept):
    snapshot = world.snapshot(
        regions=THREE_CITIES, coverage=covered(RETURNS, ["9100"], [2021], 2 if accept else 1), returns=rows(RETURNED),
        rejected=rows(CONTRADICTED),
    )  # fmt: skip
    assert refused(snapshot, "Ashford", new_entities) == (None if accept else "本期数据未通过核验（2021年2月）")
    assert figure(snapshot, entity_stock, "Ashford", 2021, through=2).value == 80


UNSENT = "table column region month\ncomplaints recovered_yuan 9100 2021-02\ncomplaints closed_on 9200 2021-02"


def test_what_a_source_has_no_column_for_is_missing_of_its_months_and_no_other_number_is(complaints):
    snapshot = complaints([], "table region rows", unsent=rows(UNSENT))
    assert refused(snapshot, "Ashford", losses_recovered) == "本期数据不全（2021年2月未报送）"
    assert refused(snapshot, "Norland", losses_recovered) == "本期数据不全（Ashford 2021年2月、Birchwood 2021年2月未报送）"
    assert refused(snapshot, "Cedarton", losses_recovered) is None
    assert refused(snapshot, "Norland") is None


def test_a_metric_whose_column_nobody_sent_is_taken_from_returns(complaints):
    returned = [
        {"region": "9100", "month": f"2021-0{month}", "indicator": "losses_recovered", "numerator": "5", "span": "month"}
        for month in (1, 2)
    ]
    snapshot = complaints([], "table region rows", unsent=[{"table": "complaints", "column": "recovered_yuan"}], returns=returned)
    assert figure(snapshot, losses_recovered, "Ashford", 2021, through=2).value == 10
