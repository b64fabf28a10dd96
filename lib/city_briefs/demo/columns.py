"""Arrow columns made of whole arrays, never row by row."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from city_briefs.demo.draws import Ints, Truths
from city_briefs.model.tables import Table

DIGITS = np.frombuffer("".join(f"{number:04}" for number in range(10_000)).encode(), np.uint8).reshape(-1, 4)


def rows(table: Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    """The columns as a table of the contract; columns left out are empty."""
    count = len(next(iter(columns.values())))
    whole = [columns[field.name] if field.name in columns else pa.nulls(count, field.type) for field in table.schema]
    return pa.Table.from_arrays(whole, schema=table.schema)


def identifiers(prefix: str, count: int) -> pa.Array:
    """Ids with a number of eight digits from 1 on, in ascending order."""
    return numbered(prefix, np.arange(1, count + 1))


def numbered(prefix: str, numbers: Ints) -> pa.Array:
    """Ids with these numbers, each in eight digits."""
    width = len(prefix) + 8
    text = np.empty((len(numbers), width), np.uint8)
    text[:, :-8] = np.frombuffer(prefix.encode(), np.uint8)
    text[:, -8:-4] = DIGITS[numbers // 10_000]
    text[:, -4:] = DIGITS[numbers % 10_000]
    ends = pa.py_buffer(np.arange(0, (len(numbers) + 1) * width, width, dtype=np.int32))
    return pa.StringArray.from_buffers(len(numbers), ends, pa.py_buffer(text))


def words(places: Ints, known: Sequence[str | None]) -> pa.Array:
    """The word at each place of `known`; one that is None is empty."""
    return pa.array(known, pa.string()).take(pa.array(places))


def dates(days: Ints, until: int | None = None) -> pa.Array:
    """Days since 1970 as dates; what lies after `until` has not happened yet and is empty."""
    late = None if until is None else days > until
    return pa.array(days.astype(np.int32), mask=late).view(pa.date32())


def truths(values: Truths, missing: Truths | None = None) -> pa.Array:
    """Truth values, empty where missing."""
    return pa.array(values, mask=missing)


def decimals(units: Ints, kind: pa.DataType, missing: Truths | None = None) -> pa.Array:
    """Decimals of this type from whole numbers of their smallest unit, empty where missing."""
    wide = np.empty((len(units), 2), np.int64)  # 128 bits, the low half first
    wide[:, 0] = units
    wide[:, 1] = wide[:, 0] >> 63
    valid = None if missing is None else pa.array(~missing).buffers()[1]
    return pa.Array.from_buffers(kind, len(units), [valid, pa.py_buffer(wide)])
