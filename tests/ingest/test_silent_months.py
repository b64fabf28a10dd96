"""A month in which a region sent nothing, and always did: it is named at the door, and is known to the snapshot."""

from datetime import date

import pytest

from city_briefs.analysis import snapshot
from city_briefs.analysis.ingest.coverage import coverage
from city_briefs.analysis.ingest.pipeline import ingest
from city_briefs.analysis.ingest.rejected_months import RejectedRows
from city_briefs.analysis.ingest.silent_months import silent_months
from city_briefs.model.tables import COMPLAINTS, SILENT
from tests.ingest.sent import text
from tests.ingest.staged import GANSU, put, source
from tests.ingest.test_gates import complaints

FULL = [10] * 12


def silent(staging, counts, rejected=(), **declared):
    """The silent months of 兰州市, of so many complaints a month from January 2020 on, beside 天水市 with ten a month."""
    of = source(COMPLAINTS, **declared)
    put(staging, of, [*complaints(counts), *complaints([10] * len(counts), "620500")])
    return [
        (found.region, found.month, found.usual) for found in silent_months(staging, coverage(staging, [of], GANSU), rejected)
    ]


@pytest.mark.parametrize(
    ("counts", "months"),
    [
        ([10, 10, 10, 0, 10, 10], ["2020-04"]),
        ([10, 10, 10, 0], ["2020-04"]),  # the last one, which the period of the source covers
        ([0, 10, 10, 10], ["2020-01"]),
        ([*FULL, 0, 0], ["2021-01", "2021-02"]),  # as long as the city has been silent
        ([*FULL, 0, *FULL, 0, *FULL[:6]], ["2021-01", "2022-02"]),
        ([7, 7, 7, 0], ["2020-04"]),
        ([6, 6, 6, 0], []),  # chance leaves out one month of some hundreds
        ([10, 10, 0], []),  # two months are no rule
        ([10, 0, 10, 0, 10, 10, 10], []),  # nothing is sent in every other month
        ([10, 10, 0, 10, 10, 10, 10, 10, 10, 10, 10, 10] * 2, []),  # March is empty in both years: a season
        (FULL, []),
    ],
)
def test_a_month_without_rows_where_there_always_were_some(staging, counts, months):
    last = f"{2020 + (len(counts) - 1) // 12}-{(len(counts) - 1) % 12 + 1:02}"
    assert [month for _, month, _ in silent(staging, counts, period=("2020-01", last))] == months


def test_a_month_whose_rows_were_rejected_is_not_silent(staging):
    lost = [RejectedRows("complaints", "620100", "2020-04", "", 3)]
    assert silent(staging, [10, 10, 10, 0, 10], lost) == []


def test_a_month_after_the_period_that_a_region_reports_is_not_silent(staging):
    own = source(COMPLAINTS, "own.csv", period=("2020-01", "2020-04"), reporting=("620100",))
    rest = source(COMPLAINTS, "rest.csv", period=("2020-01", "2020-06"), reporting=("620500",))
    put(staging, own, complaints([10, 10, 10, 10]))
    put(staging, rest, complaints([10] * 6, "620500"))
    assert silent_months(staging, coverage(staging, [own, rest], GANSU), ()) == []


def test_a_region_that_never_sent_a_table_has_no_silent_month_of_it(staging):
    assert {region for region, *_ in silent(staging, [10, 10, 10, 0], period=("2020-01", "2020-04"))} == {"620100"}


def test_the_snapshot_and_the_report_know_a_silent_month(tmp_path):
    head = ["编号", "地区", "类别", "登记日期"]
    rows = [
        [f"{region}-{month}-{number}", region, "投诉", f"2021-{month:02}-15"]
        for region in ("兰州市", "天水市")
        for month in range(1, 7)
        for number in range(10)
        if (region, month) != ("天水市", 6)
    ]
    text(tmp_path / "sent/complaints.csv", [head, *rows])
    (tmp_path / "sent/sources.toml").write_text('[[source]]\nfile = "complaints.csv"\nperiod = "2021-01/2021-06"\n', "utf-8")
    report = ingest([str(tmp_path / "sent")], tmp_path / "snapshot", strict=False, day=date(2021, 7, 1))
    [found] = report.findings
    assert (found.severity, found.text) == (
        "warning",
        "complaints: 天水市 (620500) has no row for 2021-06 (received_on), where the months around it have about 10. "
        "Send the rows of that month, if there are any.",
    )
    assert snapshot.load(tmp_path / "snapshot").listed(SILENT) == [
        {"table": "complaints", "region": "620500", "month": "2021-06", "usual": 10}
    ]
