"""Ids: by which rows are told apart and find each other. Two that look alike are one, and one that lost digits is none."""

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest.misfit import Misfit
from city_briefs.analysis.ingest.text_scan import byte_table, offsets_and_bytes
from city_briefs.model.table import STR, Column
from city_briefs.model.tables import REGIONS, TABLES

# How a spreadsheet or a program writes a number that is too long for it: 6.201E+17.
SCIENTIFIC = re.compile(r"[+-]?(\d+\.\d*[eE][+-]?\d{1,3}|\d+[eE]\+\d{1,3})")
EXACT = 15  # digits that a spreadsheet keeps of a number
LOST_ZEROS = rf"^[1-9]\d{{{EXACT - 1}}}0*$"  # all digits after these are zeros
LONG_NUMBER = rf"^\d{{{EXACT + 1},}}$"
FEWEST_ZEROS = 3  # at the end of all long ids of a batch: once in a thousand times they are none that were lost
WITH_POINT = rf"^\d{{1,{EXACT}}}\.0+$"
# What a spreadsheet makes of an id such as 3-1.
DAY = (
    r"^(\d{4}([-/.])\d{1,2}[-/.]\d{1,2}|\d{4}年\d{1,2}月(\d{1,2}日)?|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2})$"
)
MIDNIGHT = re.compile(r"(?<=\d)[ T]0?0:00(:00(\.0+)?)?$")  # with which a date comes that was no text
BROKEN_LINE = re.compile(r"[\t\n\r]")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "‐‑‒–—―−"), ord("-"))
BITS = {pa.float16(): 11, pa.float32(): 24, pa.float64(): 53}  # of the whole numbers that a float holds exactly
SHORTEST_DAY, LONGEST_ENGLISH, LONGEST_CHINESE = 8, 6, 17  # bytes of a day: 2021-3-1, Mar-21, 2021年12月31日
LAST_OF_CHINESE = (0xA5, 0x88)  # the last bytes of 日 and 月
SAMPLE = 100
_DIGITS = byte_table(*b"0123456789")
AS_TEXT = "send the column again as text, from where the ids come from."


@cache
def ids() -> frozenset[Column]:
    """Return the columns of all tables that hold ids: keys and what refers to them."""
    return frozenset(
        column
        for table in (*TABLES.values(), REGIONS)
        for column in table.columns
        if column.type == STR and (column.name.endswith("_id") or column.name in table.references)
    )


def clean(text: str) -> str:
    """Return an id in one form: digits and signs in half width, without blanks and the apostrophe of a spreadsheet.

    Raises:
        Misfit: it has lost digits, or has more than one line.
    """
    if BROKEN_LINE.search(text):
        raise Misfit("one id", "It has more than one line: write one id in a cell.")
    form = "".join(MIDNIGHT.sub("", text.translate(FULL_WIDTH)).split()).lstrip("'’‘`")
    if SCIENTIFIC.fullmatch(form):
        raise Misfit("digits lost", f"A spreadsheet made a number of it, and its last digits are lost: {AS_TEXT}")
    return form


def from_floats(sent: pa.Array) -> pa.Array:
    """Return ids that were sent as floats as text: whole numbers, and in scientific notation those that have lost digits."""
    limit = 2.0 ** BITS[sent.type]
    numbers = sent.cast(pa.float64())
    numbers = pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
    exact = pc.and_(pc.less_equal(pc.abs(numbers), limit), pc.equal(numbers, pc.floor(numbers)))
    if pc.all(exact, min_count=0).as_py():
        return numbers.cast(pa.int64()).cast(pa.string())
    texts = (None if number is None else _written(number, limit) for number in numbers.to_pylist())
    return pa.array(texts, pa.string())


def _written(number: float, limit: float) -> str:
    """Return a float as an id; in scientific notation when it may have lost digits."""
    if abs(number) > limit:
        return f"{number:.{EXACT - 1}E}"
    return f"{number:.0f}" if number.is_integer() else repr(number)


def without_point(ids: pa.Array) -> pa.Array:
    """Return ids without the point that a program wrote after each of them (20210001.0); unchanged when one has none."""
    if (
        ids.null_count == len(ids)
        or not pc.match_substring_regex(ids[pc.index(ids.is_valid(), True).as_py()], WITH_POINT).as_py()
    ):
        return ids
    every = pc.all(pc.match_substring_regex(ids, WITH_POINT)).as_py()
    return pc.replace_substring_regex(ids, r"\.0+$", "") if every else ids


def doubts(ids: pa.Array) -> Iterator[tuple[Misfit, pa.Array]]:
    """Yield what all ids of a batch tell of some of them, and of which (a boolean per row)."""
    if ids.null_count == len(ids):
        return
    if (long := _lost_zeros(ids)) is not None:
        says = f"All ids of that length end with zeros, which a spreadsheet writes for digits that are lost: {AS_TEXT}"
        yield Misfit("digits lost", says), long
    if (days := _days(ids)) is not None:
        says = f"A spreadsheet may have made a day of it, such as of 3-1: {AS_TEXT}"
        yield Misfit("id made a date", says, "error" if days.true_count < len(ids) - ids.null_count else "warning"), days


def _lost_zeros(ids: pa.Array) -> pa.Array | None:
    """Return which ids are long numbers whose last digits a spreadsheet made zeros (a boolean per row); None when none is."""
    ends, data = offsets_and_bytes(ids)
    candidates = np.flatnonzero(np.diff(ends) > EXACT)
    first = _matching(ids, LONG_NUMBER, candidates[:SAMPLE])
    if first is not None and not pc.all(pc.match_substring_regex(ids.filter(first), LOST_ZEROS)).as_py():
        return None  # told by a few, since all of them may be millions
    long = _matching(ids, LONG_NUMBER, candidates[_DIGITS[data[ends[candidates]]]])
    if long is None:
        return None
    numbers = ids.filter(long)
    zeros = pc.sum(pc.subtract(pc.binary_length(numbers), EXACT)).as_py()
    return long if zeros >= FEWEST_ZEROS and pc.all(pc.match_substring_regex(numbers, LOST_ZEROS)).as_py() else None


def _days(ids: pa.Array) -> pa.Array | None:
    """Return which ids are written as a day, which a spreadsheet may have made of them (a boolean per row); None when none is.

    Few are looked at: those with the same sign after the year and after the month, short ones, and those that end in 日 or 月.
    """
    ends, data = offsets_and_bytes(ids)
    begins, lengths = ends[:-1], np.diff(ends)
    numeric = np.flatnonzero(lengths >= SHORTEST_DAY)
    numeric = numeric[~_DIGITS[data[begins[numeric] + 4]]]
    sign = data[begins[numeric] + 4]
    numeric = numeric[(sign == data[begins[numeric] + 6]) | (sign == data[begins[numeric] + 7])]
    chinese = np.flatnonzero((lengths > LONGEST_ENGLISH) & (lengths <= LONGEST_CHINESE))
    chinese = chinese[np.isin(data[ends[chinese + 1] - 1], LAST_OF_CHINESE)]
    english = np.flatnonzero((lengths > 0) & (lengths <= LONGEST_ENGLISH))
    return _matching(ids, DAY, np.concatenate([numeric, chinese, english]))


def _matching(ids: pa.Array, pattern: str, candidates: npt.NDArray[np.int64]) -> pa.Array | None:
    """Return which ids match a pattern, among those at some places (a boolean per row); None when none does."""
    matching = pc.fill_null(pc.match_substring_regex(ids.take(pa.array(candidates)), pattern), False).to_numpy(
        zero_copy_only=False
    )
    if not matching.any():
        return None
    flags = np.zeros(len(ids), bool)
    flags[candidates[matching]] = True
    return pa.array(flags)
