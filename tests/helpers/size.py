"""How large a run of tests is: `make test` runs what fits into a coffee break, `make test-all` everything in its full size."""

import os
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import pytest

Item = TypeVar("Item")
FULL = bool(os.environ.get("FULL_SIZE"))
in_full = pytest.mark.skipif(not FULL, reason="runs in `make test-all`")


def one_of_each(items: Iterable[Item], kind: Callable[[Item], Hashable]) -> list[Item]:
    """Return the first item of each kind; all items in the full size."""
    every = list(items)
    return every if FULL else list({kind(item): item for item in reversed(every)}.values())[::-1]
