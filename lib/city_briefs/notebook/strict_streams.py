"""Strict streams of a kernel: what cannot be written as UTF-8 stops its cell, as at any prompt.

ipykernel takes it, and loses all that was printed with it when it comes to sending.
"""

from typing import Any

from ipykernel.iostream import OutStream

_write = OutStream.write


def _checked(self: Any, string: str) -> int | None:
    """Write a text to the stream of a notebook.

    Raises:
        UnicodeEncodeError: it has half of a character.
    """
    string.encode()
    return _write(self, string)


OutStream.write = _checked  # type: ignore[method-assign]
