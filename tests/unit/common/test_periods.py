"""January to a cut-off month."""

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
    [(Period(2021), "2021年", "2021"), (Period(2019, 4), "2019年1—4月", "2019-04"), (Period(2019, 1), "2019年1月", "2019-01")],
)
def test_a_period_is_named_in_prose_and_in_paths(period, text, slug):
    assert (period.text, period.slug) == (text, slug)


@pytest.mark.parametrize(
    ("year", "through", "message"),
    [
        (21, 12, "There is no year '21'. A year has four digits, such as 2021."),
        (2021, 13, "There is no month '13'. The cut-off month is a number from 1 to 12."),
        (2021, 0, "There is no month '0'. The cut-off month is a number from 1 to 12."),
    ],
)
def test_a_period_that_cannot_be_is_refused(year, through, message):
    with pytest.raises(UsageError) as error:
        Period(year, through)
    assert str(error.value) == message


def test_months_are_joined_into_runs_that_never_cross_a_year():
    assert months_text(["2012-12", "2013-01", "2013-02", "2013-05"]) == "2012年12月、2013年1—2月、2013年5月"
    assert months_text([]) == ""


def test_what_has_ended_on_a_day_is_the_period_up_to_the_month_before():
    assert ended(date(2022, 3, 31)) == Period(2022, 2)
    assert ended(date(2022, 2, 1)) == Period(2022, 1)
    assert ended(date(2022, 1, 8)) == Period(2021)
