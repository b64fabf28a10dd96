"""Random numbers of a build: without a seed they are the same in each kernel, and still differ from one another."""

import random

import numpy as np

from city_briefs.notebook import same_draws


def drawn():
    """What a kernel draws after its start, by each way there is."""
    same_draws.install()
    return [np.random.default_rng().random(), np.random.default_rng().random(), np.random.rand(), random.random()]


def test_each_kernel_draws_the_same_numbers_and_a_seed_stays_one(monkeypatch):
    with_seed = np.random.default_rng
    monkeypatch.setattr(np.random, "default_rng", with_seed)  # put back in the end
    first = drawn()
    assert np.random.default_rng(7).random() == with_seed(7).random()
    np.random.default_rng = with_seed
    assert drawn() == first and len(set(first)) == len(first)
