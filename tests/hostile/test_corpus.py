"""How much is tried."""

import pytest

from tests.hostile.corpus import BY_KIND


def test_there_are_at_least_two_hundred_different_inputs_of_all_kinds():
    every = [str(one) for inputs in BY_KIND.values() for one in inputs]
    assert len(set(every)) >= 350


@pytest.mark.parametrize("kind", BY_KIND)
def test_no_input_is_tried_twice_as_the_same(kind):
    inputs = [repr(one) for one in BY_KIND[kind]]
    assert len(inputs) == len(set(inputs))
