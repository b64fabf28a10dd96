"""Random numbers of a build: the same ones in each, so that a pack that is made again is the same pack."""

import itertools
import random
from typing import Any

import numpy as np


def install() -> None:
    """Let what draws random numbers without a seed of its own, as seaborn does for its intervals, begin alike in each kernel."""
    random.seed(0)
    np.random.seed(0)
    numbers = itertools.count()
    with_seed = np.random.default_rng

    def default_rng(seed: Any = None) -> np.random.Generator:
        return with_seed(next(numbers) if seed is None else seed)

    np.random.default_rng = default_rng
