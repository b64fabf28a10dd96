"""A program in a process of its own, and the most memory that it took."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

GIGABYTE = 1 << 20  # in kilobytes, as the system counts
STATUS = Path("/proc/self/status")


def peak() -> int:
    """Return the most memory that this program has had at once, in kilobytes.

    It is not `ru_maxrss` where Linux knows better: that counts the process which started this one, too.
    """
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])


def tell(result: Any) -> None:
    """Print a result and the peak of this program, for `measured` of the process that started it."""
    print(json.dumps([result, peak()]))


def measured(program: str, *words: object) -> tuple[Any, str, int]:
    """Run a line of Python that ends with `tell`: its result (None when it told none), what it printed as errors, its peak."""
    done = subprocess.run([sys.executable, "-c", program, *map(str, words)], capture_output=True, text=True, check=False)
    result, most = json.loads(done.stdout) if done.stdout else (None, 0)
    return result, done.stderr, most
