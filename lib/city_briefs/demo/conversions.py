"""Enterprises that have grown out of a self-employed entity (个转企), which leaves the register on the day that they enter it."""

import numpy as np
import numpy.typing as npt

from city_briefs.demo.draws import Draws, Ints
from city_briefs.demo.register import ENTERPRISE, SELF_EMPLOYED, Entities, Register

CONVERTED = 0.04  # of new enterprises


class Conversions:
    """The enterprises that convert, each with the self-employed entity of its unit that it grows out of.

    That one is known by its place among the self-employed of its unit, until `carry_out` comes to its row. The parts of the
    register are to be carried out in their order.
    """

    def __init__(self, register: Register, draws: Draws) -> None:
        size, units = register.entered.count, register.entered.units
        converted = draws.later(size)
        self._seen = np.zeros(units, np.int64)
        found = []
        for part in register.parts():
            new = (part.kind == ENTERPRISE) & (part.entered.day >= register.province.first_day)
            enterprises = np.flatnonzero(new & converted.happens(CONVERTED, len(new)))
            unit = part.entered.unit[enterprises].astype(np.int64)
            self_employed = _SelfEmployed(part, units)
            candidates = self._seen[unit] + self_employed.before(enterprises, unit)
            found.append((part.first_row + enterprises, unit, part.entered.day[enterprises], candidates))
            self._seen += self_employed.counts
        rows, unit, days, candidates = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        rows, unit, days, candidates = (values[candidates > 0] for values in (rows, unit, days, candidates))
        place = (draws.shares(len(rows)) * candidates).astype(np.int64)
        self._starts = np.arange(units) * size
        self._places, first = np.unique(self._starts[unit] + place, return_index=True)
        self._days, self._rows = days[first], rows[first]
        self._origins = np.full(len(first), -1, np.int64)
        self._by_row = np.argsort(self._rows)
        self._seen[:] = 0

    def carry_out(self, part: Entities) -> npt.NDArray[np.int64]:
        """Return, for each entity, the row of the self-employed entity that it grew out of, else -1.

        A self-employed entity that is still active then is cancelled on that day, in place.
        """
        self_employed = _SelfEmployed(part, len(self._seen))
        begins = self._starts + self._seen
        limits = np.searchsorted(self._places, (begins, begins + self_employed.counts)).T
        for unit, (low, high) in enumerate(limits):
            rows = self_employed.rows[self_employed.starts[unit] + self._places[low:high] - begins[unit]]
            days = self._days[low:high]
            is_active = part.cancelled[rows] > days
            part.cancelled[rows[is_active]] = days[is_active]
            self._origins[low:high] = np.where(is_active, part.first_row + rows, -1)
        self._seen += self_employed.counts
        origins = np.full(len(part.entered), -1, np.int64)
        low, high = np.searchsorted(self._rows, (part.first_row, part.first_row + len(origins)), sorter=self._by_row)
        here = self._by_row[low:high]
        origins[self._rows[here] - part.first_row] = self._origins[here]
        return origins


class _SelfEmployed:
    """The self-employed of a part: their rows in it, by unit; where each unit starts, and how many it has."""

    def __init__(self, part: Entities, units: int) -> None:
        rows = np.flatnonzero(part.kind == SELF_EMPLOYED)
        unit = part.entered.unit[rows]
        self.rows = rows[np.argsort(unit, kind="stable")]
        self.counts = np.bincount(unit, minlength=units)
        self.starts = np.cumsum(self.counts) - self.counts
        self._width = len(part.entered)
        self._keys = np.repeat(np.arange(units), self.counts) * self._width + self.rows

    def before(self, rows: Ints, unit: Ints) -> Ints:
        """Return how many of its unit stand before each of these rows."""
        return np.searchsorted(self._keys, unit * self._width + rows) - self.starts[unit]
