"""Working days of the Chinese calendar, with its moved weekends, as the State Council announces them a year ahead."""

from datetime import date, timedelta
from functools import cache

import chinese_calendar


@cache
def is_known(year: int) -> bool:
    """Return whether the working days of a year are known; of other years, only that weekends are free."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date) -> bool:
    """Return whether people work on a day."""
    return bool(chinese_calendar.is_workday(day)) if is_known(day.year) else day.isoweekday() <= 5


@cache
def working_day(number: int, after: date) -> date:
    """Return the working day of this number, from 1, after a day."""
    day = after
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day
