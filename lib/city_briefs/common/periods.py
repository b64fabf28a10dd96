"""A period: months of one year, from January to a cut-off month, or a month, a quarter or a half-year. Months are written YYYY-MM."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import groupby
from typing import Literal, get_args

from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh

FIRST_YEAR, LAST_YEAR = 1900, 2999
Span = Literal["ytd", "month", "quarter", "half"]  # January to the last month, or so many months as LENGTHS has it
SPANS: tuple[Span, ...] = get_args(Span)
YTD: Span = "ytd"
LENGTHS: dict[Span, int] = {"month": 1, "quarter": 3, "half": 6}
LETTERS: dict[Span, str] = {"month": "M", "quarter": "Q", "half": "S"}  # in names of folders, as SDMX has them
SLUG = re.compile(r"(\d{4})(?:-(\d\d)|-(?:M(\d\d)|Q(\d)|S(\d)))?")


@dataclass(frozen=True, order=True)
class Period:
    """The months of a `span` that ends with the month `through` (1 to 12) of `year`; by itself January to that month.

    Raises:
        UsageError: the year is not between FIRST_YEAR and LAST_YEAR, there is no such month or span, or none of that span ends with it.
    """

    year: int
    through: int = 12
    span: Span = YTD

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise UsageError(
                chosen(
                    f"There is no year '{self.year}'. A year has four digits, such as 2021.",
                    f"没有“{self.year}”年。年份为四位数字，如2021。",
                )
            )
        if not 1 <= self.through <= 12:
            raise UsageError(
                chosen(
                    f"There is no month '{self.through}'. The cut-off month is a number from 1 to 12.",
                    f"没有“{self.through}”月。截止月份为1至12的数字。",
                )
            )
        if self.span not in SPANS:
            raise UsageError(
                chosen(
                    f"There is no span '{self.span}'.{suggestion(self.span, SPANS, 'spans')}",
                    f"没有“{self.span}”这种期间。{suggestion_zh(self.span, SPANS, '期间')}",
                )
            )
        if self.through % self.length and self.span != YTD:
            ends = chosen(", ", "、").join(map(str, range(self.length, 13, self.length)))
            raise UsageError(
                chosen(
                    f"The span '{self.span}' never ends with month {self.through}. It ends with month {ends}.",
                    f"期间“{self.span}”不截至{self.through}月。截止月份可为{ends}。",
                )
            )

    @classmethod
    @cache
    def of_slug(cls, slug: str) -> "Period":
        """Return the period that has this name in paths.

        Raises:
            ValueError: it names no period.
        """
        if match := SLUG.fullmatch(slug):
            year, *numbers = match.groups()
            span = next((span for span, number in zip(SPANS, numbers, strict=True) if number), YTD)
            number = int(next(filter(None, numbers), 12))
            try:
                period = cls(int(year), number * LENGTHS.get(span, 1), span)
            except UsageError as error:
                raise ValueError(str(error)) from None
            if period.slug == slug:
                return period
        raise ValueError(chosen(f"'{slug}' names no period.", f"“{slug}”不是期间的名称。"))

    @property
    def length(self) -> int:
        """How many months it has."""
        return LENGTHS.get(self.span, self.through)

    @property
    def is_to_date(self) -> bool:
        """Whether it begins with January, so that what is counted to its end since January is counted in it."""
        return self.length == self.through

    @property
    def to_date(self) -> "Period":
        """January to its last month."""
        return replace(self, span=YTD)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Its months as YYYY-MM, first to last."""
        return tuple(f"{self.year}-{month:02}" for month in range(self.through - self.length + 1, self.through + 1))

    @property
    def end(self) -> date:
        """Its last day, on which stocks are taken."""
        return date(self.year, self.through, monthrange(self.year, self.through)[1])

    @property
    def days(self) -> int:
        """Calendar days from its first to its last."""
        return (self.end - date(self.year, self.through - self.length + 1, 1)).days + 1

    @property
    def year_before(self) -> "Period":
        """The same months a year before, the base of 同比."""
        return self.of_year(self.year - 1)

    def of_year(self, year: int) -> "Period":
        """Return the same months of another year."""
        return _of_year(self, year)

    @property
    def previous(self) -> "Period | None":
        """The period of the same span just before it, the base of 环比; None for January to a month, which has none."""
        if self.span == YTD:
            return None
        number = self.year * 12 + self.through - 1 - self.length
        return Period(number // 12, number % 12 + 1, self.span)

    @property
    def text(self) -> str:
        """Its name in prose: 2021年, 2021年1月, 2021年1—4月, 2021年一季度, 2021年上半年."""
        if self.span == "quarter":
            return f"{self.year}年{'一二三四'[self._number - 1]}季度"
        if self.span == "half":
            return f"{self.year}年{'上下'[self._number - 1]}半年"
        return months_text(self.months) if self.through < 12 or self.span == "month" else f"{self.year}年"

    @property
    def end_text(self) -> str:
        """Its last day in prose: 截至2021年4月末."""
        return f"截至{self.year}年{self.through}月末"

    @property
    def slug(self) -> str:
        """Its name in paths: 2021, or 2021-04 when cut off before December; 2021-M04, 2021-Q2, 2021-S1."""
        if self.span == YTD:
            return f"{self.year}" if self.through == 12 else f"{self.year}-{self.through:02}"
        return f"{self.year}-{LETTERS[self.span]}{self._number:0{2 if self.span == 'month' else 1}}"

    @property
    def _number(self) -> int:
        """Which month, quarter or half-year of its year it is, from 1."""
        return self.through // self.length


@cache
def _of_year(period: Period, year: int) -> Period:
    """Return the same months of another year; the same object each time, so that it lists its months once."""
    return replace(period, year=year)


def day_text(day: date) -> str:
    """Return a day in prose: 2022年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def ended(day: date) -> Period:
    """Return the period up to the month before that of a day: in March January to February, in January the full year before."""
    year, month = divmod(day.year * 12 + day.month - 2, 12)
    return Period(year, month + 1)


def ending_with(last: Period) -> list[Period]:
    """Return the periods of every span that end with the last month of a period, January to that month first."""
    return [Period(last.year, last.through, span) for span in SPANS if last.through % LENGTHS.get(span, 1) == 0]


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
