"""环比: of stocks as they stand, of flows without their season, and when there is none."""

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.sentences import statement
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE, fines_total
from city_briefs.metrics.business_environment import entity_stock, net_new_entities
from city_briefs.metrics.consumer_rights import complaints_received, complaints_settled, settlement_rate
from city_briefs.metrics.special_equipment import overdue_share
from city_briefs.metrics.supervision import units_inspected
from city_briefs.model.tables import RETURNS
from tests.conftest import covered

LANZHOU = "620100"
# 1,200 a year: January has what February lacks, July twice as many as the others, December half.
SEASON = [60, 140, 96, 104, 100, 100, 200, 100, 100, 100, 50, 50]
FULL_YEARS = SEASON * 3  # 2018 to 2020


@pytest.fixture
def scope(world):
    """The scope of 2021 of a metric that is returned, with a number for each month from January of 2018, or another year, on."""

    def scope(months, through, span="month", *, metric=complaints_received, first=2018):
        names = [month for year in range(first, 2022) for month in Period(year).months][: len(months)]
        given = [
            {"region": LANZHOU, "month": month, "indicator": metric.id, "numerator": str(number), "span": metric.returned_span}
            for month, number in zip(names, months, strict=True)
            if number is not None
        ]
        reported = {row["month"] for row in given}
        coverage = [row for row in covered(RETURNS, [LANZHOU], range(first, 2022)) if row["month"] in reported]
        snapshot = world.snapshot(coverage=coverage, returns=given)
        return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find(LANZHOU), Period(2021, through, span))

    return scope


@pytest.fixture
def flow(scope):
    """A figure of a metric in such a scope."""
    return lambda *given, metric=complaints_received, view="previous", **more: look(
        scope(*given, metric=metric, **more), metric, view
    )


def by_hand(month):
    """The seasonal factor of a month of SEASON, 1 on average over the eleven points of a year."""
    points = [(SEASON[0] + SEASON[1]) / 2, *SEASON[2:]]
    return points[max(0, month - 2)] / (sum(points) / 11)


def test_a_flow_that_follows_its_season_does_not_change(flow):
    this_year = flow([*FULL_YEARS, *SEASON[:7]], 7)
    assert (this_year.text, round(this_year.value, 9), this_year.verdict) == ("基本持平（剔除季节因素）", 0, "same")
    assert this_year.note == "已按2018—2020年各月比重剔除季节因素"


@pytest.mark.parametrize(
    ("through", "span", "now", "base", "months", "months_before"),
    [
        (7, "month", 300, 100, [7], [6]),  # thrice June, but half as much again without season
        (9, "quarter", 650, 300, [7, 8, 9], [4, 5, 6]),
        (12, "half", 850, 600, range(7, 13), range(1, 7)),
    ],
)
def test_a_flow_is_compared_without_its_season(flow, through, span, now, base, months, months_before):
    this_year = {7: 300, 8: 200, 9: 150, 10: 100, 11: 50, 12: 50}
    figure = flow([*FULL_YEARS, *(this_year.get(month, SEASON[month - 1]) for month in range(1, through + 1))], through, span)
    adjusted = [now / sum(map(by_hand, months)), (base + (4 if span == "quarter" else 0)) / sum(map(by_hand, months_before))]
    assert float(figure.value) == pytest.approx(100 * (adjusted[0] / adjusted[1] - 1))
    assert [float(figure.numerator), float(figure.denominator)] == pytest.approx(adjusted)
    assert figure.verdict == "up"


def test_the_months_before_are_of_the_year_before(flow):
    figure = flow([*FULL_YEARS, 90, 210, 144], 3, "quarter")
    assert float(figure.value) == pytest.approx(50)
    assert (figure.text, figure.verdict) == ("增长50.0%（剔除季节因素）", "up")


def test_march_is_compared_with_january_and_february_together(flow):
    figure = flow([*FULL_YEARS, 50, 150, 192], 3)
    assert float(figure.value) == pytest.approx(100)
    assert figure.note == "已按2018—2020年各月比重剔除季节因素；上期为1—2月月均"


def test_what_chance_explains_has_no_verb(flow):
    figure = flow([*FULL_YEARS, *SEASON[:7], 110], 8)
    assert (figure.verdict, figure.text) == ("same", "由100件变为110件（剔除季节因素），变化未超出随机波动")


@pytest.mark.parametrize(
    ("through", "span", "said"),
    [
        (7, "month", "2021年7月，全市12315平台接收群众诉求300件，同比增长50.0%，环比增长50.0%（剔除季节因素）。"),
        (
            8,
            "month",
            "2021年8月，全市12315平台接收群众诉求110件，同比由100件变为110件，变化未超出随机波动，环比下降26.7%（剔除季节因素）。",
        ),
    ],
)
def test_a_sentence_says_last_how_it_compares_with_the_period_before_without_season(scope, through, span, said):
    months = [*FULL_YEARS, *SEASON[:6], 300, 110]
    assert statement(scope(months[: 36 + through], through, span), [complaints_received])[0] == said


def test_over_a_quarter_a_month_of_it_is_compared(flow):
    figure = flow([*FULL_YEARS, *SEASON[:6], 204, 101, 100], 9, "quarter")
    assert figure.text == "月均由100件变为101件（剔除季节因素），变化未超出随机波动"


@pytest.mark.parametrize(
    ("months", "through", "first", "refused"),
    [
        ([*FULL_YEARS[12:], *SEASON[:7]], 7, 2019, "历史月份不足三个完整年度，不作环比"),
        ([None, *FULL_YEARS[1:], *SEASON[:7]], 7, 2018, "历史月份不足三个完整年度，不作环比"),
        ([*FULL_YEARS, *SEASON[:5], None, 200], 7, 2018, "上期数据不全，不作比较（2021年6月未报送）"),
        ([*FULL_YEARS, *SEASON[:6], None, 5], 7, 2018, "本期数据不全（2021年7月未报送）"),
        ([*FULL_YEARS, *SEASON[:2]], 2, 2018, "1月、2月合为一期，不作环比"),
        ([*FULL_YEARS, *SEASON[:1]], 1, 2018, "1月、2月合为一期，不作环比"),
        ([*FULL_YEARS, *SEASON[:5], 29, 200], 7, 2018, "上期为29件，基数过小，不作百分比比较"),
        ([*FULL_YEARS, *SEASON[:5], 0, 200], 7, 2018, "上期为零，不作比较"),
    ],
)
def test_a_flow_without_three_full_years_or_a_base_is_refused(flow, months, through, first, refused):
    assert flow(months, through, first=first).refused == refused


def test_a_stock_is_compared_with_the_end_of_the_period_before(flow):
    stock = [1000, 1100, 1210, 1300, 1300, 1331]
    assert [flow(stock, through, metric=entity_stock, first=2021).text for through in (2, 3)] == ["增长10.0%", "增长10.0%"]
    quarter = flow(stock, 6, "quarter", metric=entity_stock, first=2021)
    assert (quarter.text, quarter.verdict) == ("增长10.0%", "untested")
    assert flow(stock, 1, metric=entity_stock, first=2021).refused == "上期末数据不全，不作比较（2020年12月未报送）"


def test_yuan_are_compared_without_a_test(flow):
    figure = flow([*FULL_YEARS, *SEASON[:6], 100], 7, metric=fines_total)
    assert (figure.text, figure.verdict) == ("下降50.0%（剔除季节因素）", "untested")


@pytest.mark.parametrize(
    ("metric", "span", "refused"),
    [
        (complaints_received, "ytd", "年初以来的累计数没有环比，按月、季度或半年计算的才有"),
        (entity_stock, "ytd", "年初以来的累计数没有环比，按月、季度或半年计算的才有"),
        (settlement_rate, "month", "只有期末时点数和按月累计的数量有环比"),
        (overdue_share, "month", "只有期末时点数和按月累计的数量有环比"),
        (net_new_entities, "month", "只有期末时点数和按月累计的数量有环比"),
        (units_inspected, "month", "只有期末时点数和按月累计的数量有环比"),
        (complaints_settled, "month", "近期多数结果尚未出来，不作环比"),
    ],
)
def test_what_has_no_period_before_is_refused(flow, metric, span, refused):
    assert flow([*FULL_YEARS, *SEASON[:6]], 6, span, metric=metric).refused == refused
