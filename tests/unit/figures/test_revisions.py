"""Revisions since the first edition, and what stands beside a figure that will still be revised."""

from dataclasses import replace
from decimal import Decimal

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import provisional, revisions
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.recheck_reads import Answers
from city_briefs.common import issued_figures, paths, read_log
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.periods import Period
from city_briefs.metrics.consumer_rights import complaints_settled, settlement_rate
from city_briefs.metrics.supervision import problems_found
from city_briefs.model.tables import RETURNS
from tests.conftest import THREE_CITIES, covered

MAY = Period(2021, 5)


@pytest.fixture
def returned(world, tmp_path, monkeypatch):
    """Results in which Ashford has returned a settlement rate of 60 % and 100 problems found, each month from January to May."""
    monkeypatch.setattr(paths, "register", lambda: tmp_path)

    def results(*missing, synthetic=False, years=(2021,)):
        reported = [row for row in covered(RETURNS, ["9100"], years, 5) if row["month"] not in missing]
        given = [
            {"region": "9100", "month": row["month"], "indicator": metric, "numerator": number, "denominator": whole, "span": "month"}
            for row in reported
            for metric, number, whole in ((settlement_rate.id, "600", "1000"), (problems_found.id, "100", None))
        ]  # fmt: skip
        return Results(
            world.snapshot(regions=THREE_CITIES, coverage=reported, returns=given, synthetic=synthetic),
            [settlement_rate, complaints_settled, problems_found],
        )

    return results


def issued(values, metric=settlement_rate, **other):
    """What was first issued of Ashford in 2021, by the last month of the period."""
    first = {
        "metric": metric.id, "region": "9100", "year": 2021, "synthetic": 0, "issued_on": "2021-07-01", "edition": 1, "pack": "city-brief",
        "of": "9100", "definition": metric.hash, "numerator": "", "denominator": "",
    }  # fmt: skip
    return [IssuedFigure(**first | {"through": through, "value": value} | other) for through, value in values.items()]


def keep(*figures):
    (paths.register() / issued_figures.FILE).write_text(issued_figures.text(figures), "utf-8")


def scope(results, period=MAY):
    return Scope.of(results, results.snapshot.regions.find("Ashford"), period)


THREE = {2: "59.6", 3: "60.8", 4: "59.4"}  # revised by 0.4, −0.8 and 0.6


def test_the_mean_absolute_revision_is_of_the_periods_before(returned):
    keep(*issued(THREE | {5: "10", 6: "10"}))
    found = revisions.revisions(scope(returned()), settlement_rate)
    assert [(revision.period.through, revision.size) for revision in found] == [
        (2, Decimal("0.4")), (3, Decimal("-0.8")), (4, Decimal("0.6")),
    ]  # fmt: skip
    assert revisions.mean_revision(scope(returned()), settlement_rate) == Decimal("0.6")
    assert revisions.mean_revision(scope(returned(), Period(2021, 4)), settlement_rate) is None  # two are too few


def test_the_last_eight_periods_count(returned):
    january_to_may = dict.fromkeys(range(1, 6), "50")
    keep(*issued(THREE | {1: "60"}), *issued(january_to_may, year=2020), *issued(january_to_may, year=2019))
    found = revisions.revisions(scope(returned(years=(2019, 2020, 2021))), settlement_rate)
    assert [revision.period.slug for revision in found] == [
        "2020-02", "2020-03", "2020-04", "2020-05", "2021-01", "2021-02", "2021-03", "2021-04",
    ]  # fmt: skip


def test_a_period_of_which_a_month_is_missing_is_not_final(returned):
    keep(*issued(THREE))
    results = returned("2021-04")
    assert [revision.period.through for revision in revisions.revisions(scope(results), settlement_rate)] == [2, 3]


@pytest.mark.parametrize("other", [{"synthetic": 1}, {"definition": "2:other"}, {"region": "9200"}], ids=str)
def test_what_was_issued_of_the_demo_or_of_another_definition_or_region_does_not_count(returned, other):
    keep(*issued(THREE, **other))
    assert revisions.revisions(scope(returned()), settlement_rate) == []
    assert revisions.first_issued(scope(returned(), Period(2021, 4)), settlement_rate) is None


def test_what_was_first_issued_is_of_that_period_alone(returned):
    keep(*issued(THREE))
    first = revisions.first_issued(scope(returned(), Period(2021, 4)), settlement_rate)
    assert first is not None and first.value == "59.4"
    assert revisions.first_issued(scope(returned()), settlement_rate) is None


def test_a_preliminary_figure_says_how_much_such_figures_were_revised(returned):
    at = scope(returned())
    figure = look(at, settlement_rate, "value")
    keep(*issued(THREE))
    assert provisional.status(at, replace(figure, pending=Decimal("0.01"))) == "初步数，近3期平均修订0.6个百分点"
    keep()
    assert provisional.status(at, replace(figure, pending=Decimal("0.01"))) == "初步数"
    assert provisional.status(at, replace(figure, pending=Decimal("0.0099"))) == "正式数"
    assert provisional.status(at, replace(figure, pending=None)) == ""
    assert provisional.status(at, replace(figure, pending=Decimal("0.2"), value=None)) == ""


def test_a_revision_says_as_much_of_its_cause_as_both_editions_tell(returned):
    results = returned()
    same = f"returns={results.snapshot.hash(RETURNS)[: issued_figures.DIGITS]}"
    keep(
        *issued({1: "59.6"}, denominator="1000", tables="returns=0123456789ab"),
        *issued({2: "60.8"}, denominator="1990", tables="returns=0123456789ab"),
        *issued({3: "59.4"}, denominator="3000", tables=same),
        *issued({4: "59.5"}),
    )
    assert [revision.cause for revision in revisions.revisions(scope(results), settlement_rate)] == [
        "各地上报汇总数：分母未变，结果更新", "各地上报汇总数：补报或更正", "数据未变，程序调整", "原因未记录",
    ]  # fmt: skip
    assert revisions.in_words(scope(results), settlement_rate) == [
        "2021年1月由59.6%修订为60.0%（+0.4个百分点，各地上报汇总数：分母未变，结果更新）",
        "2021年1—2月由60.8%修订为60.0%（−0.8个百分点，各地上报汇总数：补报或更正）",
        "2021年1—3月由59.4%修订为60.0%（+0.6个百分点，数据未变，程序调整）",
        "2021年1—4月由59.5%修订为60.0%（+0.5个百分点，原因未记录）",
    ]


def test_what_was_not_revised_or_issued_by_another_definition_is_said_at_the_end(returned):
    scheme = settlement_rate.hash.rpartition(":")[0]
    keep(*issued({2: "59.6", 3: "60.01", 4: "60"}), *issued({1: "50"}, definition=f"{scheme}:other"))
    assert revisions.in_words(scope(returned()), settlement_rate) == [
        "2021年1—2月由59.6%修订为60.0%（+0.4个百分点，原因未记录）", "其余2期按所列位数未变", "2021年1月首次签发时口径不同，不计入修订",
    ]  # fmt: skip
    keep(*issued(dict.fromkeys((2, 3, 4), "60")), *issued({1: "50"}, definition="older:hash"))
    assert revisions.in_words(scope(returned()), settlement_rate) == ["3期按所列位数未变"]
    keep(*issued({3: "59.6", 4: "60.8"}))
    assert revisions.in_words(scope(returned()), settlement_rate) == []


def test_a_revision_of_a_count_has_its_unit(returned):
    at = scope(returned())
    keep(*issued({2: "195", 3: "298", 4: "399"}, problems_found))
    assert (
        provisional.status(at, replace(look(at, problems_found, "value"), pending=Decimal("0.5"))) == "初步数，近3期平均修订3家次"
    )
    assert revisions.in_words(at, problems_found)[0] == "2021年1—2月由195家次修订为200家次（+5家次，原因未记录）"


@pytest.mark.parametrize(("change", "pending", "within"), [
    ("-0.59", "0.01", True), ("0.6", "0.01", False), ("0.59", "0.0099", False), ("0.59", None, False),
])  # fmt: skip
def test_only_a_preliminary_figure_may_change_by_less_than_it_is_revised(returned, change, pending, within):
    keep(*issued(THREE))
    share = None if pending is None else Decimal(pending)
    assert provisional.is_within_revision(scope(returned()), settlement_rate, Decimal(change), share) is within


def test_a_chapter_depends_on_what_was_issued_for_the_periods_that_it_asks_of(returned, noting):
    results = returned()
    keep(*issued(THREE))
    revisions.mean_revision(scope(results), settlement_rate)
    noted = {question: made for question, made in read_log.noted(noting).items() if question[0] == "issued"}
    assert list(noted) == [("issued", "settlement_rate", "9100", "2021-04")]
    keep(*issued(THREE | {5: "64"}))
    assert Answers(results).changed(noted) == []
    keep(*issued(THREE, tables="returns=0123456789ab"))
    assert Answers(results).changed(noted) == ["what was first issued of settlement_rate changed"]
    keep(*issued(THREE | {4: "59.5"}))
    assert Answers(results).changed(noted) == ["what was first issued of settlement_rate changed"]
