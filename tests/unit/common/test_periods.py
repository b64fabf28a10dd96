"""January to a cut-off month, and the month, quarter or half-year that ends with one."""

from datetime import date

import pytest

from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period, ended, months_text


def test_a_period_runs_from_january_to_its_cut_off_month():
    assert Period(2019, 4).months == ("2019-01", "2019-02", "2019-03", "2019-04")
    assert Period(2019, 4).end == date(2019, 4, 30)


def test_days_are_calendar_days_elapsed():
    assert [Period(2020).days, Period(2021).days, Period(2020, 2).days] == [366, 365, 60]


def test_the_year_before_has_the_same_months():
    assert Period(2019, 4).year_before == Period(2018, 4)


@pytest.mark.parametrize(
    ("period", "text", "slug"),
    [
        (Period(2021), "2021年", "2021"),
        (Period(2019, 4), "2019年1—4月", "2019-04"),
        (Period(2019, 1), "2019年1月", "2019-01"),
        (Period(2019, 3, "month"), "2019年3月", "2019-M03"),
        (Period(2019, 12, "month"), "2019年12月", "2019-M12"),
        (Period(2019, 3, "quarter"), "2019年一季度", "2019-Q1"),
        (Period(2019, 12, "quarter"), "2019年四季度", "2019-Q4"),
        (Period(2019, 6, "half"), "2019年上半年", "2019-S1"),
        (Period(2019, 12, "half"), "2019年下半年", "2019-S2"),
    ],
)
def test_a_period_is_named_in_prose_and_in_paths(period, text, slug):
    assert (period.text, period.slug) == (text, slug)
    assert Period.of_slug(slug) == period


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "21",
        "2021-13",
        "2021-12",
        "2021-1",
        "2021-M3",
        "2021-M13",
        "2021-Q0",
        "2021-Q5",
        "2021-S3",
        "2021-q1",
        "2021-Q1/",
        "0021",
    ],
)
def test_a_name_that_no_period_has_is_refused(slug):
    with pytest.raises(ValueError, match=r"."):
        Period.of_slug(slug)


@pytest.mark.parametrize(
    ("period", "first", "last", "days", "is_to_date"),
    [
        (Period(2020, 2, "month"), "2020-02", "2020-02", 29, False),
        (Period(2020, 1, "month"), "2020-01", "2020-01", 31, True),
        (Period(2021, 9, "quarter"), "2021-07", "2021-09", 92, False),
        (Period(2021, 3, "quarter"), "2021-01", "2021-03", 90, True),
        (Period(2021, 12, "half"), "2021-07", "2021-12", 184, False),
        (Period(2021, 6, "half"), "2021-01", "2021-06", 181, True),
    ],
)
def test_a_span_has_its_months(period, first, last, days, is_to_date):
    assert (period.months[0], period.months[-1], period.days, period.is_to_date) == (first, last, days, is_to_date)
    assert len(period.months) == period.length
    assert period.to_date == Period(period.year, period.through)


@pytest.mark.parametrize(
    ("period", "previous"),
    [
        (Period(2021, 1, "month"), Period(2020, 12, "month")),
        (Period(2021, 3, "month"), Period(2021, 2, "month")),
        (Period(2021, 3, "quarter"), Period(2020, 12, "quarter")),
        (Period(2021, 12, "half"), Period(2021, 6, "half")),
        (Period(2021, 3), None),
    ],
)
def test_the_period_before_has_the_same_span(period, previous):
    assert period.previous == previous


def test_the_year_before_has_the_same_span():
    assert Period(2019, 6, "quarter").year_before == Period(2018, 6, "quarter")
    assert Period(2019, 6, "half").of_year(2001) == Period(2001, 6, "half")


@pytest.mark.parametrize(
    ("year", "through", "span", "message"),
    [
        (21, 12, "ytd", "There is no year '21'. A year has four digits, such as 2021."),
        (2021, 13, "ytd", "There is no month '13'. The cut-off month is a number from 1 to 12."),
        (2021, 0, "month", "There is no month '0'. The cut-off month is a number from 1 to 12."),
        (2021, 3, "quarters", "There is no span 'quarters'. Did you mean quarter?"),
        (2021, 3, "周", "There is no span '周'. The spans are ytd, month, quarter, half."),
        (2021, 4, "quarter", "The span 'quarter' never ends with month 4. It ends with month 3, 6, 9, 12."),
        (2021, 3, "half", "The span 'half' never ends with month 3. It ends with month 6, 12."),
    ],
)
def test_a_period_that_cannot_be_is_refused(year, through, span, message):
    with pytest.raises(UsageError) as error:
        Period(year, through, span)
    assert str(error.value) == message


def test_months_are_joined_into_runs_that_never_cross_a_year():
    assert months_text(["2012-12", "2013-01", "2013-02", "2013-05"]) == "2012年12月、2013年1—2月、2013年5月"
    assert months_text([]) == ""


def test_what_has_ended_on_a_day_is_the_period_up_to_the_month_before():
    assert ended(date(2022, 3, 31)) == Period(2022, 2)
    assert ended(date(2022, 2, 1)) == Period(2022, 1)
    assert ended(date(2022, 1, 8)) == Period(2021)
