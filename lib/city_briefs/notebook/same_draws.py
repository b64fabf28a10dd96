"""Random numbers of a build: the same ones in each, so that a pack that is made again is the same pack."""

import itertools
import random
from typing import Any

import numpy as np

_with_seed = np.random.default_rng
_numbers = itertools.count()  # the seeds of those that are given none


def install() -> None:
    """Let what draws random numbers without a seed of its own, as seaborn does for its intervals, begin alike in each chapter."""
    global _numbers
    random.seed(0)
    np.random.seed(0)
    _numbers = itertools.count()
    np.random.default_rng = _default_rng


def _default_rng(seed: Any = None) -> np.random.Generator:
    return _with_seed(next(_numbers) if seed is None else seed)
