"""Papermill's own tests, on its default engine and on `warm`: exactly those that pass on the one have to pass on the other.

    python -m tests.conformance.engine [MODULE…]      such as test_execute.py; all of papermill's when unsaid

Ends with 1, naming each test that differs. What needs a package or a network that is not here comes out the same on both.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import papermill

from tests.helpers import ROOT

PAPERMILL = Path(papermill.__file__).parent
SWAPPED = "[papermill.engine]\ndefault = tests.conformance.swap:Warm\n"
NOT_PASSED = {"skipped", "failure", "error"}
Outcomes = dict[str, str]


def outcomes(modules: Sequence[str], *, warm: bool) -> Outcomes:
    """What became of each test, by its id: passed, skipped, failure or error. They run in a process and a folder of their own.

    A module is named as `test_execute.py`, one test of it as pytest names it; without any, all are run.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if warm:
            distribution = folder / "swap-1.dist-info"
            distribution.mkdir()
            (distribution / "entry_points.txt").write_text(SWAPPED, "utf-8")
        command = [
            sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(PAPERMILL), "-p", "no:cacheprovider",
            "--continue-on-collection-errors", "--junitxml", "report.xml", *(str(PAPERMILL / "tests" / module) for module in modules or [""]),
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((temporary, str(ROOT), str(ROOT / "lib")))}
        subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False)
        cases = ElementTree.parse(folder / "report.xml").iter("testcase")
        return {f"{case.get('classname')}::{case.get('name')}": _outcome(case) for case in cases}


def _outcome(case: ElementTree.Element) -> str:
    return " ".join(sorted({part.tag for part in case} & NOT_PASSED)) or "passed"


def differences(default: Outcomes, warm: Outcomes) -> list[str]:
    """A line for each test that came out otherwise on the warm engine."""
    return [
        f"{test}: {default.get(test, 'not run')} on the default engine, {warm.get(test, 'not run')} on warm"
        for test in sorted(default.keys() | warm.keys())
        if default.get(test) != warm.get(test)
    ]


def main(modules: list[str]) -> int:
    """Run both, and say how they compare."""
    found = {}
    for engine in ("default", "warm"):
        begun = time.perf_counter()
        found[engine] = outcomes(modules, warm=engine == "warm")
        said = list(found[engine].values())
        counted = ", ".join(f"{said.count(outcome)} {outcome}" for outcome in sorted(set(said)))
        print(f"{engine}: {counted}, in {time.perf_counter() - begun:.0f} s", flush=True)
    differing = differences(found["default"], found["warm"])
    print(*differing, f"{len(differing)} of {len(found['default'])} tests differ.", sep="\n")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
