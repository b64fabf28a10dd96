"""Random draws that are the same everywhere: one stream for each table, and a look-up for every draw that is not uniform."""

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
    """The stream of one table: another table that draws more or less leaves it alone."""

    def __init__(self, seed: int, name: str) -> None:
        self.random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()),))))

    def outcomes(self, urn: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
        """So many draws from an urn of STEPS equally likely outcomes."""
        return urn[self.random.integers(0, STEPS, count, dtype=np.uint16)]

    def picks(self, weights: npt.ArrayLike, count: int) -> npt.NDArray[np.int8]:
        """Places in a list of fewer than 128, each as likely as its weight."""
        shares = np.cumsum(np.asarray(weights, float))
        return self.outcomes(np.searchsorted(shares / shares[-1], _quantiles()).astype(np.int8), count)

    def happens(self, chance: float | Floats, count: int) -> Truths:
        """Whether each comes true; `chance` is one for all, or one for each."""
        return self.random.integers(0, STEPS, count, dtype=np.uint16) < np.asarray(chance) * STEPS

    def between(self, low: int, high: int, count: int) -> npt.NDArray[np.int32]:
        """Whole numbers from `low` to `high`, both included."""
        return self.random.integers(low, high + 1, count, dtype=np.int32)

    def around(self, median: float, sigma: float, count: int, unit: int = 1) -> npt.NDArray[np.int64]:
        """Log-normal amounts in units of 1/`unit`, as whole numbers."""
        return self.outcomes(np.rint(np.exp(_normal() * sigma) * median * unit).astype(np.int64), count)

    def waits(self, per_year: float | Floats, count: int) -> npt.NDArray[np.int64]:
        """Days until something happens that happens so often a year."""
        return (self.outcomes(-np.log(1 - _quantiles()), count) * (DAYS_A_YEAR / np.asarray(per_year))).astype(np.int64)

    def noise(self, width: float, *shape: int) -> Floats:
        """Factors between 1 - width and 1 + width."""
        return 1 + width * (2 * self.random.random(shape) - 1)


def _quantiles() -> Floats:
    return (np.arange(STEPS) + 0.5) / STEPS


@cache
def _normal() -> Floats:
    """The normal distribution as an urn; drawn from a generator, it would depend on the machine's exponential function."""
    normal = NormalDist()
    return np.array([normal.inv_cdf(share) for share in _quantiles()])
