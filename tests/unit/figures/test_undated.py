"""An outcome without a date is compared with what was first issued, or not at all when more of one year is still unsaid."""

from decimal import Decimal

import pytest

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import refusal_rules, undated
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import issued_figures, paths
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.periods import Period
from city_briefs.metrics.consumer_rights import complaints_accepted, complaints_settled, settlement_rate
from city_briefs.metrics.market_order import price_cases_exposed
from city_briefs.metrics.supervision import (
    inspections_judged,
    inspections_total,
    problem_found_rate,
    problems_found,
    publication_rate,
    unit_publication_rate,
    units_with_repeated_problems,
)
from city_briefs.model.tables import CASES, COMPLAINTS, INSPECTIONS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows

THIS, BEFORE = Period(2021), Period(2020)


def inspections(year, region, empty, of):
    """As many inspections of a year as `of`, of which so many have no finding yet; the others found problems."""
    return [
        {
            "inspection_id": f"{year}{region}{number}", "region": region, "domain": "food", "method": "routine", "subject_id": f"{number}",
            "inspected_on": f"{year}-03-01", "problem_found": None if number < empty else "True", "published": "True",
        }
        for number in range(of)
    ]  # fmt: skip


@pytest.fixture
def ask(world, tmp_path, monkeypatch):
    """A question on inspections; of 2021 and of 2020 so many of a hundred in Ashford have no finding yet."""
    monkeypatch.setattr(paths, "register", lambda: tmp_path)

    def question(now, before, metric, region="Ashford"):
        made = world.snapshot(
            regions=THREE_CITIES,
            coverage=covered(INSPECTIONS, ["9100", "9200", "9300"], [2020, 2021]),
            inspections=[
                *inspections(2021, "9100", now, 100), *inspections(2020, "9100", before, 100),
                *inspections(2021, "9200", 0, 300), *inspections(2020, "9200", 0, 300),
            ],
        )  # fmt: skip
        return Question(Scope.of(Results(made, [metric]), made.regions.find(region), THIS), metric)

    return question


def stands(ask):
    """The amount of the year before as it stands."""
    return refusal_rules.known_amount(ask.over(BEFORE), "上年同期")


def based(ask):
    return undated.base(ask, BEFORE, stands(ask))


@pytest.mark.parametrize(
    "metric", [problems_found, inspections_judged, problem_found_rate, units_with_repeated_problems], ids=lambda metric: metric.id
)
def test_years_that_differ_by_a_point_in_what_is_unsaid_are_not_compared(ask, metric):
    with pytest.raises(Refusal) as refusal:
        based(ask(5, 4, metric))
    assert str(refusal.value) == "结果没有日期，待办结情况不同，不作同期比较"
    assert (undated.empty_share(ask(5, 4, metric)), undated.empty_share(ask(5, 4, metric).over(BEFORE))) == (
        Decimal("0.05"),
        Decimal("0.04"),
    )


def test_years_that_differ_by_less_are_compared_as_they_stand(ask):
    question = ask(5, 4, problems_found, "Norland")  # 5 and 4 of 400
    assert undated.empty_share(question) == Decimal("0.0125")
    assert based(question) == stands(question) and stands(question).numerator == 396


@pytest.mark.parametrize("metric", [inspections_total, publication_rate, unit_publication_rate], ids=lambda metric: metric.id)
def test_what_is_unsaid_of_another_flag_does_not_count(ask, metric):
    question = ask(50, 4, metric)
    assert undated.empty_share(question) == (None if metric is inspections_total else 0)
    assert based(question) == stands(question)


def test_a_base_that_was_issued_is_taken_as_it_was_first_issued(ask, tmp_path):
    question = ask(5, 4, problem_found_rate)
    issued = IssuedFigure(
        problem_found_rate.id,
        "9100",
        2020,
        12,
        0,
        "2021-01-20",
        1,
        "city-brief",
        "9100",
        problem_found_rate.hash,
        "84.5",
        "82",
        "97",
    )
    (tmp_path / issued_figures.FILE).write_text(issued_figures.text([issued]), "utf-8")
    assert based(question) == Amount(Decimal(82), Decimal(97))
    assert undated.as_first_issued(question) is None  # of 2021 nothing was issued
    assert undated.as_first_issued(Question(question.scope.over(BEFORE), problem_found_rate, part=("domain", "food"))) is None


def test_of_complaints_only_those_that_could_have_been_accepted_count(world):
    made = world.snapshot(
        coverage=covered(COMPLAINTS, ["620100"], [2021]) + covered(CASES, ["620100"], [2021]),
        complaints=rows("""
            complaint_id  region  kind       received_on  accepted
            a             620100  complaint  2021-01-04   True
            b             620100  complaint  2021-01-05   -
            c             620100  complaint  2021-01-06   False
            d             620100  complaint  2021-01-07   True
            e             620100  enquiry    2021-01-08   -
            f             620100  report     2021-01-09   -
        """),
        cases=rows("""
            case_id  region  field  closed_on   fine_yuan  confiscated_yuan  published
            a        620100  price  2021-01-04  1          0                 -
            b        620100  price  2021-01-05  1          0                 True
            c        620100  food   2021-01-06  1          0                 -
        """),
    )
    metrics = (complaints_accepted, price_cases_exposed, settlement_rate, complaints_settled)
    results = Results(made, metrics)
    scope = Scope.of(results, made.regions.find("兰州"), THIS)
    shares = {metric.id: undated.empty_share(Question(scope, metric)) for metric in metrics}
    assert shares == {
        "complaints_accepted": Decimal("0.25"), "price_cases_exposed": Decimal("0.5"),
        "settlement_rate": None, "complaints_settled": None,  # which closed_on dates
    }  # fmt: skip


def test_of_numbers_that_were_returned_nothing_is_unsaid(world):
    made = world.snapshot(
        coverage=covered(RETURNS, ["620100"], [2021]),
        returns=rows("region month indicator numerator span\n620100 2021-01 problems_found 5 month"),
    )
    scope = Scope.of(Results(made, [problems_found]), made.regions.find("兰州"), THIS)
    assert undated.empty_share(Question(scope, problems_found)) is None
