"""A period: January to a cut-off month of one year. Months are written YYYY-MM."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import groupby

from city_briefs.common.errors import UsageError

FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True, order=True)
class Period:
    """January to the month `through` (1 to 12) of `year`.

    Raises:
        UsageError: the year is not between FIRST_YEAR and LAST_YEAR, or there is no such month.
    """

    year: int
    through: int = 12

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise UsageError(f"There is no year '{self.year}'. A year has four digits, such as 2021.")
        if not 1 <= self.through <= 12:
            raise UsageError(f"There is no month '{self.through}'. The cut-off month is a number from 1 to 12.")

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Its months as YYYY-MM, first to last."""
        return tuple(f"{self.year}-{month:02}" for month in range(1, self.through + 1))

    @property
    def end(self) -> date:
        """Its last day, on which stocks are taken."""
        return date(self.year, self.through, monthrange(self.year, self.through)[1])

    @property
    def days(self) -> int:
        """Calendar days elapsed from 1 January to its end."""
        return (self.end - date(self.year, 1, 1)).days + 1

    @property
    def year_before(self) -> "Period":
        """The same months a year before, the base of 同比."""
        return Period(self.year - 1, self.through)

    @property
    def text(self) -> str:
        """Its name in prose: 2021年, 2021年1月, 2021年1—4月."""
        return months_text(self.months) if self.through < 12 else f"{self.year}年"

    @property
    def end_text(self) -> str:
        """Its last day in prose: 截至2021年4月末."""
        return f"截至{self.year}年{self.through}月末"

    @property
    def slug(self) -> str:
        """Its name in paths: 2021, or 2021-04 when cut off before December."""
        return f"{self.year}" if self.through == 12 else f"{self.year}-{self.through:02}"


def day_text(day: date) -> str:
    """Return a day in prose: 2022年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def ended(day: date) -> Period:
    """Return the period up to the month before that of a day: in March January to February, in January the full year before."""
    year, month = divmod(day.year * 12 + day.month - 2, 12)
    return Period(year, month + 1)


@cache
def month_number(month: str) -> int:
    """Return the number of a month YYYY-MM: years times 12 plus 0 to 11, so that the next month is one more."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_name(number: int) -> str:
    """Return the month of a number, as YYYY-MM."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def months_text(months: Iterable[str]) -> str:
    """Return months in words, consecutive ones joined: 2012年1—12月、2013年3月; empty for none."""
    numbers = sorted({month_number(month) for month in months})
    runs = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: (pair[1] - pair[0], pair[1] // 12)):
        run = [number for _, number in group]
        first, last = run[0] % 12 + 1, run[-1] % 12 + 1
        runs.append(f"{run[0] // 12}年{first}月" if first == last else f"{run[0] // 12}年{first}—{last}月")
    return "、".join(runs)
