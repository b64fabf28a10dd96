"""Values in the cells of a frame, of whatever library, as numbers and words. What nobody can read is refused in one sentence."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real
from typing import Any

from city_briefs.analysis.figures import number_format
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

SIGNIFICANT = 15  # digits of a number that a computer keeps
MOST_DECIMALS, FINEST = 2, 6  # of numbers that are printed beside each other; where one of them would print as zero
VALUES = (str, bool, date, timedelta)  # with their kinds, as those of pandas, which can be read as words
READABLE = ("bool", "Period", "Interval", "time")  # the names of further ones
NUMBER, TEXT, EMPTY = "number", "text", "empty"


def decimals(numbers: Sequence[Decimal]) -> int:
    """Return with how many decimals numbers are printed beside each other: two at most, more where two would make one of them zero."""
    least = [-number.adjusted() for number in numbers if number]
    return min(max([MOST_DECIMALS, *least]), max(map(number_format.places, numbers)), FINEST)


def printed(value: Decimal, decimals: int) -> str:
    """Return a number at so many decimals; “…” for one that is not zero and would be printed so."""
    words = number_format.number(value, decimals)
    return number_format.TINY if value and not Decimal(words.replace("−", "-")) else words


def check_finite(name: str, value: Any) -> None:
    """See that a value of a column is not infinite.

    Raises:
        UsageError: it is.
    """
    if isinstance(value, Real | Decimal) and float(value) in (float("inf"), float("-inf")):
        raise UsageError(
            chosen(
                f"The column '{name}' holds infinity, as a division by zero gives it. Leave it empty with "
                'df.replace([float("inf"), float("-inf")], float("nan")).',
                f'“{name}”一栏里有无穷大，是除以零得来的。请写df.replace([float("inf"), float("-inf")], float("nan"))，让它空着。',
            )
        )


def check_readable(name: str, value: Any) -> None:
    """See that a value of a column can be read as words: no list, no object of Python.

    Raises:
        UsageError: it cannot.
    """
    if not (isinstance(value, VALUES) or read(value)[0] != TEXT or type(value).__name__ in READABLE):
        raise UsageError(
            chosen(
                f"The column '{name}' holds {type(value).__name__} values, which nobody can read. Make words of them, as by "
                f'df["{name}"].map(str), or leave the column out.',
                f'“{name}”一栏里是{type(value).__name__}，读者看不懂。请转成文字，如df["{name}"].map(str)，或去掉这一栏。',
            )
        )


def word(value: Any) -> str:
    """Return a value as a cell of words; empty for no value."""
    kind, number = read(value)
    if kind == EMPTY:
        return ""
    if number is not None:
        return number_format.digits(number)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == value.time().min else "%Y-%m-%d %H:%M")
    if isinstance(value, timedelta):
        return f"{number_format.digits(Decimal(str(value.total_seconds())) / 86400)}天"
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())


def number(value: Any) -> Decimal | None:
    """Return a value as a number, if it is one."""
    return read(value)[1]


def read(value: Any) -> tuple[str, Decimal | None]:
    """Return whether a value is a number, empty or something else; and the number."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return EMPTY, None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return TEXT, None
    if isinstance(value, Decimal):
        return (NUMBER, value) if value.is_finite() else (EMPTY, None) if value.is_nan() else (TEXT, None)
    if isinstance(value, Integral):
        return NUMBER, Decimal(int(value))
    if isinstance(value, Real):
        given = float(value)
        if given != given:  # not a number
            return EMPTY, None
        return (NUMBER, Decimal(f"{given:.{SIGNIFICANT}g}")) if isfinite(given) else (TEXT, None)
    return (EMPTY, None) if isinstance(value, str) and not value.strip() else (TEXT, None)
