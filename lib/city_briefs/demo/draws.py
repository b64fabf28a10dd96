"""Draws of random numbers that are the same on every machine, one stream for each table.

A draw that is not uniform is looked up in an urn: an array of STEPS equally likely outcomes.
"""

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


class Draws:
    """The random stream of one table, independent of how much other tables draw."""

    def __init__(self, seed: int, name: str) -> None:
        self.random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()),))))

    def outcomes(self, urn: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
        """Draw `count` outcomes from an urn."""
        return urn[self.random.integers(0, STEPS, count, dtype=np.uint16)]

    def picks(self, weights: npt.ArrayLike, count: int) -> npt.NDArray[np.int8]:
        """Draw `count` positions in a list of fewer than 128, each as likely as its weight."""
        shares = np.cumsum(np.asarray(weights, float))
        return self.outcomes(np.searchsorted(shares / shares[-1], _quantiles()).astype(np.int8), count)

    def happens(self, chance: float | Floats, count: int) -> Truths:
        """Draw `count` booleans; `chance` is the probability of all, or an array with that of each."""
        return self.random.integers(0, STEPS, count, dtype=np.uint16) < np.asarray(chance) * STEPS

    def between(self, low: int, high: int, count: int) -> npt.NDArray[np.int32]:
        """Draw `count` whole numbers from `low` to `high`, both included."""
        return self.random.integers(low, high + 1, count, dtype=np.int32)

    def around(self, median: float, sigma: float, count: int, unit: int = 1) -> npt.NDArray[np.int64]:
        """Draw `count` log-normal amounts in units of 1/`unit`, as whole numbers."""
        return self.outcomes(np.rint(np.exp(_normal() * sigma) * median * unit).astype(np.int64), count)

    def waits(self, per_year: float | Floats, count: int) -> npt.NDArray[np.int64]:
        """Draw `count` waiting times, in days, of events that happen `per_year` times a year."""
        return (self.outcomes(-np.log(1 - _quantiles()), count) * (DAYS_A_YEAR / np.asarray(per_year))).astype(np.int64)

    def noise(self, width: float, *shape: int) -> Floats:
        """Draw factors between 1 - width and 1 + width, in an array of this shape."""
        return 1 + width * (2 * self.random.random(shape) - 1)


def _quantiles() -> Floats:
    """Return the STEPS quantiles of the uniform distribution."""
    return (np.arange(STEPS) + 0.5) / STEPS


@cache
def _normal() -> Floats:
    """Return the normal distribution as an urn; a generator's own would depend on the exponential function of the machine."""
    normal = NormalDist()
    return np.array([normal.inv_cdf(share) for share in _quantiles()])
