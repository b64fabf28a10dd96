"""Columns of Arrow, made of whole arrays and never row by row."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from city_briefs.demo.draws import Ints, Truths
from city_briefs.model.table import Table

DIGITS = np.frombuffer("".join(f"{number:04}" for number in range(10_000)).encode(), np.uint8).reshape(-1, 4)


def rows(table: Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return the columns as a table in its schema; missing columns are null."""
    count = len(next(iter(columns.values())))
    arrays = [columns[field.name] if field.name in columns else pa.nulls(count, field.type) for field in table.schema]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def identifiers(prefix: str, count: int) -> pa.Array:
    """Return `count` ids with numbers of eight digits, from 1, in ascending order."""
    return numbered(prefix, np.arange(1, count + 1))


def numbered(prefix: str, numbers: Ints, missing: Truths | None = None) -> pa.Array:
    """Return ids with these numbers, each in eight digits; null where missing."""
    if missing is not None:
        places = np.where(missing, 0, np.cumsum(~missing) - 1)
        return numbered(prefix, numbers[~missing]).take(pa.array(places, mask=missing))
    width = len(prefix) + 8
    text = np.empty((len(numbers), width), np.uint8)
    text[:, :-8] = np.frombuffer(prefix.encode(), np.uint8)
    text[:, -8:-4] = DIGITS[numbers // 10_000]
    text[:, -4:] = DIGITS[numbers % 10_000]
    ends = pa.py_buffer(np.arange(0, (len(numbers) + 1) * width, width, dtype=np.int32))
    return pa.StringArray.from_buffers(len(numbers), ends, pa.py_buffer(text))


def words(positions: Ints, vocabulary: Sequence[str | None]) -> pa.Array:
    """Return the word at each position of the vocabulary; None becomes null."""
    return pa.array(vocabulary, pa.string()).take(pa.array(positions))


def dates(days: Ints, until: int | None = None) -> pa.Array:
    """Return days since 1970 as dates; a day after `until` has not come yet and is null."""
    late = None if until is None else days > until
    return pa.array(days.astype(np.int32), mask=late).view(pa.date32())


def truths(values: Truths, missing: Truths | None = None) -> pa.Array:
    """Return booleans, null where missing."""
    return pa.array(values, mask=missing)


def decimals(units: Ints, kind: pa.DataType, missing: Truths | None = None) -> pa.Array:
    """Return decimals of this type, null where missing, from whole numbers of their smallest unit."""
    wide = np.empty((len(units), 2), np.int64)  # 128 bits, the low half first
    wide[:, 0] = units
    wide[:, 1] = wide[:, 0] >> 63
    valid = None if missing is None else pa.array(~missing).buffers()[1]
    return pa.Array.from_buffers(kind, len(units), [valid, pa.py_buffer(wide)])
