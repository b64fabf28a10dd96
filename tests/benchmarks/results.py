"""How long all metrics of all regions and months take, how much memory, how that grows with the records, and what other spans cost.

    python -m tests.benchmarks.results [SNAPSHOT…]      without one: the demo province, and one of ten times its size

Every run is a process of its own, so that memory is its peak; times are medians of three.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.common import paths
from city_briefs.common.periods import LENGTHS, Period, Span
from city_briefs.metrics import CATALOGUE

RUNS = 3
TARGET_SECONDS, TARGET_GIB = 4, 2  # for the demo province of 2 million entities on two cores
SPANS_AT_MOST = 1.5  # times the seconds and the memory of January to each month alone
TEN_TIMES = 20_000_000


def measure(path: Path) -> None:
    """One run: print rows, seconds of loading, seconds of computing, and peak memory in GiB."""
    began = time.perf_counter()
    opened = snapshot.load(path)
    loaded = time.perf_counter()
    results = Results(opened, CATALOGUE.values())
    table = results.table
    computed = time.perf_counter()
    last = Period(opened.latest_complete_year or opened.years[-1])
    for metric in CATALOGUE.values():  # what only pairs need
        if metric.form not in ("cited", "latest"):
            results.amount(metric, opened.regions.province, last)
    rows = sum(description.rows for description in opened.descriptions.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(rows, len(table), loaded - began, computed - loaded, peak)


def report(path: Path) -> None:
    """Three runs, and their medians."""
    command = [sys.executable, "-m", "tests.benchmarks.results", "--once", str(path)]
    runs = [
        list(map(float, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())) for _ in range(RUNS)
    ]
    rows, cells, load, compute, peak = (statistics.median(column) for column in zip(*runs, strict=True))
    print(
        f"{path.name}: {rows / 1e6:.1f} million rows, {cells:.0f} results; opened in {load:.2f} s, computed in {compute:.2f} s "
        f"({compute / rows * 1e9:.0f} ns a row), peak {peak:.2f} GiB (for 2 million entities: {TARGET_SECONDS} s, {TARGET_GIB} GiB)"
    )


def measure_all(path: Path, spans: list[Span]) -> None:
    """One run: print seconds of computing all grids, with every dimension, over January to each month and these spans; and the peak."""
    results = Results(snapshot.load(path), CATALOGUE.values())
    began = time.perf_counter()
    results.compute(spans)
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def report_spans(path: Path) -> None:
    """What months, quarters and half-years cost besides January to each month, in turns; medians and their ratios."""
    command = [sys.executable, "-m", "tests.benchmarks.results", "--all", str(path)]
    runs = [
        [
            list(map(float, subprocess.run([*command, *spans], capture_output=True, text=True, check=True).stdout.split()))
            for spans in ((), LENGTHS)
        ]
        for _ in range(RUNS)
    ]
    (seconds, gib), (seconds_all, gib_all) = (
        [statistics.median(column) for column in zip(*of_spans, strict=True)] for of_spans in zip(*runs, strict=True)
    )
    print(
        f"{path.name}: all grids in {seconds:.2f} s, peak {gib:.2f} GiB; with months, quarters and half-years {seconds_all:.2f} s "
        f"({seconds_all / seconds:.2f} times), peak {gib_all:.2f} GiB ({gib_all / gib:.2f} times; at most {SPANS_AT_MOST})"
    )


def main(named: list[str]) -> None:
    """Report on the snapshots that are named, else on the demo province and one of ten times its size."""
    if named[:1] == ["--once"]:
        measure(Path(named[1]))
    elif named[:1] == ["--all"]:
        measure_all(Path(named[1]), [cast(Span, span) for span in named[2:]])
    elif named:
        for name in named:
            report(Path(name).absolute())
    else:
        if not paths.demo().exists():
            demo.write(paths.demo())
        report(paths.demo())
        report_spans(paths.demo())
        with tempfile.TemporaryDirectory() as folder:
            report(demo.write(Path(folder) / "ten-times", entities=TEN_TIMES).path)


if __name__ == "__main__":
    main(sys.argv[1:])
