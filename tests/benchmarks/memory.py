"""The memory of a process with all that it has started: proportional set sizes, in which what is shared counts once."""

import threading
from contextlib import suppress
from pathlib import Path

import psutil

PAUSE = 1.0  # seconds between two looks; each takes time from what is measured


class Peak:
    """The highest sum of a tree of processes, in MiB, looked for from `with` to its end."""

    def __init__(self, process: int) -> None:
        self.mib = 0.0
        self._root = psutil.Process(process)
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> "Peak":
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._ended.wait(PAUSE):
            with suppress(psutil.NoSuchProcess):
                tree = [self._root, *self._root.children(recursive=True)]
                self.mib = max(self.mib, sum(_pss(one.pid) for one in tree) / 1024)


def _pss(process: int) -> int:
    """KiB of one process; none of one that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
