"""What is done once before the fork saves every chapter from doing it, and is seen by none of them."""

import os
import subprocess
import sys

import pytest

from city_briefs.app import incremental
from tests.helpers import ROOT

PROGRAM = """
import sys
from pathlib import Path
import city_briefs.notebook
from city_briefs.common import paths, read_log as reads
from city_briefs.notebook import parameters, warmup as rehearsal
from city_briefs.metrics import CATALOGUE
paths.results = lambda: Path("results")
if "kept" in sys.argv:
    before = parameters.read(paths.data())
    for metric in CATALOGUE.values(): before.rows(metric)
    parameters._results.clear()
rehearsal.rehearse(); rehearsal.recall()
results = parameters.read(paths.data())
print(len(results.recall()) > 50, "database" in vars(results.snapshot), len(reads._noted))
"""


@pytest.mark.parametrize("kept", ["kept", ""])
def test_it_maps_what_is_kept_and_neither_computes_nor_connects_nor_notes(kept, demo_province, tmp_path):
    environment = {**os.environ, **incremental.source(demo_province).variables, "PYTHONPATH": str(ROOT / "lib")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kept], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(bool(kept)), "False", "0"], done.stderr
