"""Whether anything grows as one notebook after another is run in warm kernels.

    python -m tests.benchmarks.endurance [RUNS] [--shared]      500 when unsaid; each in a kernel of its own, or all in a shared one

Of this process, its zygote and the shared kernel, at the start and at the end: processes, file descriptors, memory, temporary files.
Ends with 1 when one grew by more than its margin.
"""

import gc
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import papermill
import psutil

from city_briefs.production.engine.engines import ARGUMENTS

RUNS, UNCOUNTED = 500, 5  # before the first count, what is imported or kept once is there
SHARED = "--shared"
CELL = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nbytearray(1 << 20)[:3]"
MARGINS = {
    "processes": 0,
    "descriptors of the owner": 0,
    "descriptors of the zygote": 0,
    "MiB of the owner": 3,
    "MiB of the zygote": 3,
    "MiB of the shared kernel": 6,
    "temporary files": 0,
}
Counts = dict[str, int]


def counts(folder: Path) -> Counts:
    """How much there is of each, between two notebooks."""
    gc.collect()  # a zygote that another has followed goes with the last that used it
    owner = psutil.Process()
    (zygote,) = owner.children()
    return {
        "processes": len(owner.children(recursive=True)),
        "descriptors of the owner": owner.num_fds(),
        "descriptors of the zygote": zygote.num_fds(),
        "MiB of the owner": _memory(owner),
        "MiB of the zygote": _memory(zygote),
        "MiB of the shared kernel": sum(map(_memory, zygote.children())),
        "temporary files": sum(1 for _ in folder.rglob("*")),
    }


def _memory(process: psutil.Process) -> int:
    """MiB that are not a file's: how much of a library counts as ours changes with who else on the machine uses it."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) >> 10


def run(folder: Path, times: int, *, shares: bool = False) -> None:
    """Execute a notebook of one cell so many times, each in a kernel of its own or in one that it `shares`."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(CELL, id="one")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "in.ipynb")
    options = {"engine_name": "briefs", "is_shared": True} if shares else {"engine_name": "warm"}
    for _ in range(times):
        papermill.execute_notebook(
            folder / "in.ipynb", folder / "out.ipynb", progress_bar=False, extra_arguments=ARGUMENTS, **options
        )


def measured(runs: int, *, shares: bool = False) -> tuple[Counts, Counts]:
    """The counts before and after so many runs."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        tempfile.tempdir = os.environ["TMPDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = temporary
        run(folder, UNCOUNTED, shares=shares)
        start = counts(folder)
        run(folder, runs, shares=shares)
        return start, counts(folder)


def grown(start: Counts, end: Counts) -> list[str]:
    """What grew by more than its margin."""
    return [name for name, margin in MARGINS.items() if end[name] - start[name] > margin]


def main(runs: int, *, shares: bool = False) -> int:
    """Run, and say a line for each count."""
    start, end = measured(runs, shares=shares)
    excess = grown(start, end)
    for name, margin in MARGINS.items():
        verdict = f"more than {margin} too many" if name in excess else "as it should be"
        print(f"{name}: {start[name]} at the start, {end[name]} after {runs} runs: {verdict}")
    return bool(excess)


if __name__ == "__main__":
    numbers = [word for word in sys.argv[1:] if word != SHARED]
    sys.exit(main(int(numbers[0]) if numbers else RUNS, shares=SHARED in sys.argv))
