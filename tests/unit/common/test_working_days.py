"""Deadlines are counted in the working days of the Chinese calendar; of a year that it does not know, weekends alone are free."""

from datetime import date

import pytest

from city_briefs.common.working_days import is_known, is_working_day, working_day


@pytest.mark.parametrize(
    ("number", "after", "day"),
    [
        (1, "2022-01-31", "2022-02-07"),  # after the Spring Festival, seven days
        (10, "2022-01-31", "2022-02-18"),
        (10, "2021-12-31", "2022-01-17"),  # January 3 is free for New Year
        (1, "2022-09-30", "2022-10-08"),  # a Saturday that is worked for the week of National Day
        (3, "2022-09-30", "2022-10-10"),
        (1, "2024-02-28", "2024-02-29"),
        (5, "2099-12-31", "2100-01-07"),  # not known: weekends alone
    ],
)
def test_the_working_day_after_the_end_of_a_month(number, after, day):
    assert working_day(number, date.fromisoformat(after)) == date.fromisoformat(day)


def test_a_worked_saturday_and_a_free_monday():
    assert is_working_day(date(2022, 10, 8)) and not is_working_day(date(2022, 1, 3))


def test_which_years_are_known_is_said():
    assert (is_known(2022), is_known(2099)) == (True, False)
