"""The standard streams of a kernel that chapters share: ipykernel's, but that one into which nothing was written is not flushed.

ipykernel flushes both some eight times for a cell, and waits each time for the thread that sends. What a process that a cell has
started writes may come in while it waits; a chapter that shares a kernel starts none (`packs/stateless.py`).
"""

from typing import Any

from ipykernel.iostream import OutStream


class Stream(OutStream):
    """A stream that knows whether there is something to flush."""

    _is_written = False

    def write(self, string: str) -> Any:
        """Write text, and return the number of its characters."""
        self._is_written = True
        return super().write(string)

    def flush(self) -> None:
        """Send what was written, and return when it is sent."""
        if self._is_written:
            self._is_written = False  # before it is sent: what another thread writes meanwhile is for the next time
            super().flush()
