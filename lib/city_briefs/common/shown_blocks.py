"""The blocks that one call of a chapter shows, collected as they are shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from city_briefs.common.blocks import Block

_collected: ContextVar[list[Block] | None] = ContextVar("collected", default=None)


def note(block: Block) -> None:
    """Note a block that has been shown, where they are collected."""
    if (blocks := _collected.get()) is not None:
        blocks.append(block)


@contextmanager
def collected() -> Iterator[list[Block]]:
    """Give a list of all blocks that are shown until the end of the context."""
    blocks: list[Block] = []
    token = _collected.set(blocks)
    try:
        yield blocks
    finally:
        _collected.reset(token)
