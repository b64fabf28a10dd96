"""Frames: tables of pandas or Ibis that an analyst computed, read as words and numbers. What cannot be shown is refused in one sentence."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

from city_briefs.analysis.figures import number_format
from city_briefs.common.errors import UsageError, nearest
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT = 15  # digits of a number that a computer keeps
FRAMES = {("pandas", "DataFrame"), ("ibis", "Table")}  # the packages and classes of frames
Kind = Literal["line", "bar", "dot"]  # how a frame is drawn
NUMBER, TEXT, EMPTY = "number", "text", "empty"


class _Frames(type):
    """The type of `Frame`, by which classes of libraries that need not be imported are known."""

    def __instancecheck__(cls, value: object) -> bool:
        return any((kind.__module__.partition(".")[0], kind.__name__) in FRAMES for kind in type(value).__mro__)


class Frame(metaclass=_Frames):
    """A table of pandas or Ibis."""


def read(call: str, frame: Any, most_rows: int) -> "pd.DataFrame":
    """Return a frame as one of pandas, with at least one row and one column, each with a text as its name.

    Raises:
        UsageError: it has none, more than `most_rows`, or names of another kind, or one twice; `call` is named.
    """
    if hasattr(frame, "to_pandas"):  # an expression of Ibis, which may stand for millions of rows
        frame = frame.limit(most_rows + 1).to_pandas()
    for name in frame.columns:
        if not isinstance(name, str) or not name.strip() or "\n" in name:
            raise UsageError(
                chosen(
                    f"{call} takes columns with a text in one line as their name, not '{name}'. Write "
                    'df.columns = ["月份", "户数"] with names of your own.',
                    f'{call}的栏名应为一行文字，不是“{name}”。请写df.columns = ["月份", "户数"]，换成自己的栏名。',
                )
            )
    names = list(frame.columns)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(
            chosen(
                f"{call} is given two columns with the name '{twice}'. Give one of them another name.",
                f"{call}的表里有两栏都叫“{twice}”。请给其中一栏换个名称。",
            )
        )
    if not len(frame) or not names:
        raise UsageError(
            chosen(
                f"{call} is given a table without rows. See why it is empty, such as a filter that keeps none.",
                f"{call}的表一行也没有。请看为什么是空的，如筛选条件一行也没留下。",
            )
        )
    if len(frame) > most_rows:
        many = chosen(f"more than {most_rows}", f"超过{most_rows}")
        raise UsageError(
            chosen(
                f"{call} is given {many} rows, and {most_rows} fit on a page. Sum them up, or take the first with df.head({most_rows}).",
                f"{call}的表{many}行，一页只放得下{most_rows}行。请先汇总，或用df.head({most_rows})取前几行。",
            )
        )
    return frame


def check_columns(call: str, frame: "pd.DataFrame", names: Sequence[str]) -> None:
    """See that a frame has columns of these names, each named once.

    Raises:
        UsageError: it has not; the nearest is named, and the index is told from a column.
    """
    for at, name in enumerate(names):
        if name in names[:at]:
            raise UsageError(chosen(f"{call} is given '{name}' twice. Take one out.", f"{call}里“{name}”写了两次。请去掉一个。"))
        if name in frame.columns:
            continue
        if name in frame.index.names:
            raise UsageError(
                chosen(
                    f"'{name}' is the index of the table and no column. Write df.reset_index().",
                    f"“{name}”是表的索引，不是一栏。请写df.reset_index()。",
                )
            )
        listed = [str(column) for column in frame.columns]
        near = nearest(name, listed)
        raise UsageError(
            chosen(
                f"The table has no column '{name}'. " + (f"Did you mean '{near}'?" if near else f"It has {', '.join(listed)}."),
                f"表里没有“{name}”这一栏。" + (f"是否应为“{near}”？" if near else f"有{'、'.join(listed)}。"),
            )
        )


def numbers(frame: "pd.DataFrame", name: str) -> list[Decimal | None]:
    """Return the numbers of a column, None for an empty cell.

    Raises:
        UsageError: a cell holds something else, or none holds a number.
    """
    cells = [_number(value) for value in frame[name]]
    for value, (kind, _) in zip(frame[name], cells, strict=True):
        if kind == TEXT:
            raise UsageError(
                chosen(
                    f"The column '{name}' holds '{value}', which is no number. Make it one with pd.to_numeric(df[\"{name}\"]), or name "
                    "another column.",
                    f'“{name}”一栏里有“{value}”，不是数字。请用pd.to_numeric(df["{name}"])转成数字，或换一栏。',
                )
            )
    if all(kind == EMPTY for kind, _ in cells):
        raise UsageError(
            chosen(f"The column '{name}' holds no number at all. Name another column.", f"“{name}”一栏一个数字也没有。请换一栏。")
        )
    return [number for _, number in cells]


def labels(frame: "pd.DataFrame", name: str) -> list[str]:
    """Return the words of a column by which rows are named.

    Raises:
        UsageError: a cell is empty, or two are the same.
    """
    words = [word(value) for value in frame[name]]
    if "" in words:
        raise UsageError(
            chosen(
                f"The column '{name}' has an empty cell in row {words.index('') + 1}. Leave it out with df.dropna(subset=[\"{name}\"]).",
                f'“{name}”一栏第{words.index("") + 1}行是空的。请用df.dropna(subset=["{name}"])去掉。',
            )
        )
    if twice := next((each for each in words if words.count(each) > 1), None):
        raise UsageError(
            chosen(
                f"The column '{name}' holds '{twice}' more than once. Sum up first, as by df.groupby(\"{name}\", as_index=False).sum().",
                f'“{name}”一栏里“{twice}”不止一行。请先汇总，如df.groupby("{name}", as_index=False).sum()。',
            )
        )
    return words


def columns(frame: "pd.DataFrame") -> Iterator[tuple[str, list[str], bool]]:
    """Yield the columns of a frame: name, cells as words, all numbers at the same decimals, and whether they are numbers."""
    for name in frame.columns:
        cells = [_number(value) for value in frame[name]]
        found = [number for _, number in cells if number is not None]
        if found and all(kind != TEXT for kind, _ in cells):
            decimals = min(2, max(map(number_format.places, found)))
            yield name, ["" if number is None else number_format.number(number, decimals) for _, number in cells], True
        else:
            yield name, [word(value) for value in frame[name]], False


def word(value: Any) -> str:
    """Return a value as a cell of words; empty for no value."""
    kind, number = _number(value)
    if kind == EMPTY:
        return ""
    if number is not None:
        return number_format.digits(number)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == value.time().min else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())


def _number(value: Any) -> tuple[str, Decimal | None]:
    """Return whether a value is a number, empty or something else; and the number."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return EMPTY, None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return TEXT, None
    if isinstance(value, Decimal):
        return (NUMBER, value) if value.is_finite() else (EMPTY, None) if value.is_nan() else (TEXT, None)
    if isinstance(value, Real):
        given = float(value)
        if given != given:  # not a number
            return EMPTY, None
        return (NUMBER, Decimal(f"{given:.{SIGNIFICANT}g}")) if isfinite(given) else (TEXT, None)
    return (EMPTY, None) if isinstance(value, str) and not value.strip() else (TEXT, None)
