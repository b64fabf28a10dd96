"""One notebook after another leaves nothing behind; `tests.benchmarks.endurance` shows it of many more."""

import os
import subprocess
import sys

import pytest

from tests.benchmarks.endurance import MARGINS, SHARED, grown
from tests.helpers import ROOT
from tests.helpers.size import in_full


@in_full
@pytest.mark.parametrize("shared", [[], [SHARED]], ids=["own", "shared"])
def test_twenty_notebooks_in_a_row_leave_no_process_no_descriptor_no_memory_and_no_file(shared):
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    command = [sys.executable, "-m", "tests.benchmarks.endurance", "20", *shared]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.count("after 20 runs: as it should be") == len(MARGINS)


def test_what_grows_beyond_its_margin_is_named():
    start = dict.fromkeys(MARGINS, 7)
    assert grown(start, {name: 7 + margin for name, margin in MARGINS.items()}) == []
    assert grown(start, {name: 8 + margin for name, margin in MARGINS.items()}) == list(MARGINS)
