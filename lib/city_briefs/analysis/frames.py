"""Frames: tables of pandas or Ibis that an analyst computed, read as words and numbers. What cannot be shown is refused in one sentence."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from city_briefs.analysis import cell_values
from city_briefs.common.errors import UsageError, nearest
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    import pandas as pd

FRAMES = {("pandas", "DataFrame"), ("ibis", "Table")}  # the packages and classes of frames
Kind = Literal["line", "bar", "dot"]  # how a frame is drawn


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
    if frame.columns.nlevels > 1:
        raise UsageError(
            chosen(
                f"{call} takes columns with one name each, and these have {frame.columns.nlevels}, as a pivot table has. Write "
                'df.columns = ["月份", "户数"] with names of your own.',
                f'{call}的表每栏一个栏名，这张表有{frame.columns.nlevels}层。请写df.columns = ["月份", "户数"]，换成自己的栏名。',
            )
        )
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


def is_numbered(index: "pd.Index") -> bool:
    """Return whether an index only counts rows, and has no words or name."""
    return index.nlevels == 1 and index.name is None and index.dtype.kind in "iu"


def check_index(frame: "pd.DataFrame") -> None:
    """See that no words are in the index, which a table leaves out; the numbers of rows are none.

    Raises:
        UsageError: there are.
    """
    names = [str(name) for name in frame.index.names if name is not None]
    if not is_numbered(frame.index):
        named, named_zh = (f" {', '.join(names)}", f"“{'、'.join(names)}”") if names else ("", "")
        raise UsageError(
            chosen(
                f"table would leave out the index{named} of this table. Write df.reset_index(), which makes it a column.",
                f"table不排索引，这张表的索引{named_zh}会丢失。请写df.reset_index()，把它变成一栏。",
            )
        )


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


def check_order(frame: "pd.DataFrame", name: str) -> None:
    """See that a column of days or periods, over which a line is drawn, is in the order of time.

    Raises:
        UsageError: it is not.
    """
    times = list(frame[name])
    if all(isinstance(time, date) or type(time).__name__ == "Period" for time in times) and times != sorted(times):
        raise UsageError(
            chosen(
                f"A line goes through the column '{name}' in the order of time. Write df.sort_values(\"{name}\").",
                f'折线图按“{name}”的先后来画，表里的次序是乱的。请写df.sort_values("{name}")。',
            )
        )


def numbers(frame: "pd.DataFrame", name: str) -> list[Decimal | None]:
    """Return the numbers of a column, None for an empty cell.

    Raises:
        UsageError: a cell holds something else, or none holds a number.
    """
    cells = [cell_values.read(value) for value in frame[name]]
    for value, (kind, _) in zip(frame[name], cells, strict=True):
        cell_values.check_finite(name, value)
        if kind == cell_values.TEXT:
            raise UsageError(
                chosen(
                    f"The column '{name}' holds '{value}', which is no number. Make it one with pd.to_numeric(df[\"{name}\"]), or name "
                    "another column.",
                    f'“{name}”一栏里有“{value}”，不是数字。请用pd.to_numeric(df["{name}"])转成数字，或换一栏。',
                )
            )
    if all(kind == cell_values.EMPTY for kind, _ in cells):
        raise UsageError(
            chosen(f"The column '{name}' holds no number at all. Name another column.", f"“{name}”一栏一个数字也没有。请换一栏。")
        )
    return [number for _, number in cells]


def labels(frame: "pd.DataFrame", name: str) -> list[str]:
    """Return the words of a column by which rows are named.

    Raises:
        UsageError: a cell is empty, or two are the same.
    """
    for value in frame[name]:
        cell_values.check_readable(name, value)
    words = [cell_values.word(value) for value in frame[name]]
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
    """Yield the columns of a frame: name, cells as words, all numbers at the same decimals, and whether they are numbers.

    Raises:
        UsageError: a cell holds what is no value, or an infinite one.
    """
    for name in frame.columns:
        for value in frame[name]:
            cell_values.check_finite(name, value)
            cell_values.check_readable(name, value)
        cells = [cell_values.read(value) for value in frame[name]]
        numbers = [number for _, number in cells if number is not None]
        if numbers and all(kind != cell_values.TEXT for kind, _ in cells):
            shown = cell_values.decimals(numbers)
            yield name, ["" if number is None else cell_values.printed(number, shown) for _, number in cells], True
        else:
            yield name, [cell_values.word(value) for value in frame[name]], False
