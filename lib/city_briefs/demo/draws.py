"""Draws of random numbers that are the same on every machine, one stream for each table.

A draw that is not uniform is looked up in an urn: an array of STEPS equally likely outcomes.

Numbers of which a table has many are drawn part by part, so that memory does not grow with the table: `later` sets aside a
stretch of the stream for a column, and each column is then drawn from its own stretch. What is drawn is the same as at once.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from functools import cache
from statistics import NormalDist
from typing import TypeVar
from zlib import crc32

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.generic)
Ints = npt.NDArray[np.signedinteger]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
STEPS = 1 << 16  # outcomes in an urn; a draw is one of them
DAYS_A_YEAR = 365.25
PART = 1 << 18  # rows that are drawn at a time, an even number; what is drawn does not depend on it


class Draws:
    """The random stream of one table, independent of how much other tables draw."""

    def __init__(self, seed: int, name: str) -> None:
        self._random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()),))))

    def later(self, count: int, draw: "Callable[[Draws, int], object] | None" = None) -> "LaterDraws":
        """Set aside the next `count` draws, which are all made by `draw`, and go on behind them.

        Without `draw` these are steps, which any draw from an urn is made of, and `happens`.
        """
        set_aside = LaterDraws(self)
        for start, end in parts(count):
            draw(self, end - start) if draw else self.steps(end - start)
        return set_aside

    def shares(self, *shape: int) -> Floats:
        """Draw numbers from 0 to below 1, in an array of this shape."""
        return self._random.random(shape)

    def steps(self, count: int) -> npt.NDArray[np.uint16]:
        """Draw `count` whole numbers below STEPS."""
        return self._random.integers(0, STEPS, count, dtype=np.uint16)

    def outcomes(self, urn: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
        """Draw `count` outcomes from an urn."""
        return urn[self.steps(count)]

    def picks(self, weights: Iterable[float], count: int) -> npt.NDArray[np.int8]:
        """Draw `count` positions in a list of fewer than 128, each as likely as its weight."""
        return self.outcomes(_positions(tuple(weights)), count)

    def happens(self, chance: float | Floats, count: int) -> Truths:
        """Draw `count` booleans; `chance` is the probability of all, or an array with that of each."""
        return self.steps(count) < np.asarray(chance) * STEPS

    def between(self, low: int, high: int, count: int) -> npt.NDArray[np.int32]:
        """Draw `count` whole numbers from `low` to `high`, both included."""
        return self._random.integers(low, high + 1, count, dtype=np.int32)

    def around(self, median: float, sigma: float, count: int, unit: int = 1) -> npt.NDArray[np.int64]:
        """Draw `count` log-normal amounts in units of 1/`unit`, as whole numbers."""
        return self.outcomes(_amounts(median, sigma, unit), count)

    def waits(self, per_year: float | Floats, count: int) -> npt.NDArray[np.int64]:
        """Draw `count` waiting times, in days, of events that happen `per_year` times a year."""
        return (self.outcomes(_waits(), count) * (DAYS_A_YEAR / np.asarray(per_year))).astype(np.int64)

    def noise(self, width: float, *shape: int) -> Floats:
        """Draw factors between 1 - width and 1 + width, in an array of this shape."""
        return 1 + width * (2 * self.shares(*shape) - 1)


class LaterDraws(Draws):
    """A stretch of the stream of a table, to be drawn in parts of any size: together they are what is drawn at once.

    NumPy draws steps in pairs, and drops the second of the last pair at the end of a draw; here it is kept for the next part.
    """

    def __init__(self, draws: Draws) -> None:
        self._random = deepcopy(draws._random)
        self._kept: npt.NDArray[np.uint16] = draws._kept if isinstance(draws, LaterDraws) else np.empty(0, np.uint16)

    def steps(self, count: int) -> npt.NDArray[np.uint16]:
        """Draw the next `count` whole numbers below STEPS."""
        missing = count - len(self._kept)
        drawn = np.concatenate([self._kept, super().steps(missing + missing % 2)])
        self._kept = drawn[count:].copy()
        return drawn[:count]

    def again(self) -> "LaterDraws":
        """Return what is still to be drawn once more, to be drawn independently."""
        return LaterDraws(self)


def parts(count: int) -> Iterator[tuple[int, int]]:
    """Yield the first row of each part of `count` rows, and the one after its last; no rows are one part."""
    return ((start, min(start + PART, count)) for start in range(0, max(count, 1), PART))


def drawn_at(rows: Ints, count: int, draw: Callable[[int], npt.NDArray[Number]]) -> npt.NDArray[Number]:
    """Return what is drawn for these rows, in ascending order, when `count` rows are drawn part by part."""
    limits = [(start, end, *np.searchsorted(rows, (start, end))) for start, end in parts(count)]
    return np.concatenate([draw(end - start)[rows[low:high] - start] for start, end, low, high in limits])


@cache
def _positions(weights: tuple[float, ...]) -> npt.NDArray[np.int8]:
    """Return an urn of the positions in a list, each as often as its weight has it."""
    shares = np.cumsum(np.asarray(weights, float))
    return np.searchsorted(shares / shares[-1], _quantiles()).astype(np.int8)


@cache
def _amounts(median: float, sigma: float, unit: int) -> npt.NDArray[np.int64]:
    """Return an urn of log-normal amounts in units of 1/`unit`, as whole numbers."""
    return np.rint(np.exp(_normal() * sigma) * median * unit).astype(np.int64)


@cache
def _waits() -> Floats:
    """Return an urn of the waiting times, in years, of an event that happens once a year."""
    return -np.log(1 - _quantiles())


def _quantiles() -> Floats:
    """Return the STEPS quantiles of the uniform distribution."""
    return (np.arange(STEPS) + 0.5) / STEPS


@cache
def _normal() -> Floats:
    """Return the normal distribution as an urn; a generator's own would depend on the exponential function of the machine."""
    normal = NormalDist()
    return np.array([normal.inv_cdf(share) for share in _quantiles()])
