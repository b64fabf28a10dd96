"""Papermill's own tests, on its default engine and on `warm`: exactly those that pass on the one have to pass on the other.

    python -m tests.conformance.engine [MODULE…]      such as test_execute; all of papermill's when unsaid

Ends with 1, naming each test that differs. What needs a package or a network that is not here comes out the same on both.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from lib.paths import ROOT

ALL = ("papermill.tests",)
SWAPPED = "[papermill.engine]\ndefault = tests.conformance.swap:Warm\n"
Outcomes = dict[str, str]


def outcomes(modules: Iterable[str], *, warm: bool) -> Outcomes:
    """What became of each test, by its id: passed, skipped, failure or error. They run in a process and a folder of their own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if warm:
            distribution = folder / "swap-1.dist-info"
            distribution.mkdir()
            (distribution / "entry_points.txt").write_text(SWAPPED, "utf-8")
        command = [
            sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", temporary, "-p", "no:cacheprovider",
            "--continue-on-collection-errors", "--junitxml", "report.xml", "--pyargs", *modules,
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((temporary, str(ROOT)))}
        subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False)
        return {
            f"{case.get('classname')}::{case.get('name')}": " ".join(sorted(found.tag for found in case if found.tag in BAD))
            or "passed"
            for case in ElementTree.parse(folder / "report.xml").iter("testcase")
        }


BAD = {"skipped", "failure", "error"}


def differences(default: Outcomes, warm: Outcomes) -> list[str]:
    """A line for each test that came out otherwise on the warm engine."""
    return [
        f"{test}: {default.get(test, 'not run')} on the default engine, {warm.get(test, 'not run')} on warm"
        for test in sorted(default.keys() | warm.keys())
        if default.get(test) != warm.get(test)
    ]


def main(modules: list[str]) -> int:
    """Run both, and say how they compare."""
    named = [f"papermill.tests.{module}" for module in modules] or ALL
    found = {}
    for engine in ("default", "warm"):
        begun = time.perf_counter()
        found[engine] = outcomes(named, warm=engine == "warm")
        said = list(found[engine].values())
        counted = ", ".join(f"{said.count(outcome)} {outcome}" for outcome in sorted(set(said)))
        print(f"{engine}: {counted}, in {time.perf_counter() - begun:.0f} s", flush=True)
    differing = differences(found["default"], found["warm"])
    print(*differing, f"{len(differing)} tests differ.", sep="\n")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
