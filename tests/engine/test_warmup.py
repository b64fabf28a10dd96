"""What is done once before the fork saves every chapter from doing it, and is seen by none of them."""

import os
import subprocess
import sys

import pytest

from city_briefs.app import incremental
from tests.helpers import ROOT

COUNT = """
from pathlib import Path
import city_briefs.notebook
from city_briefs.common import paths
from city_briefs.notebook import parameters
from city_briefs.metrics import CATALOGUE
paths.results = lambda: Path("results")
results = parameters.read(paths.data())
for metric in CATALOGUE.values(): results.rows(metric)
parameters._results.clear()
parameters.read(paths.data())  # which notes that the definitions are right, now that there is a folder to note it in
"""
PROGRAM = """
import sys
from importlib import import_module
from pathlib import Path
from city_briefs.production.engine import warm_imports
for name in (*warm_imports.SHARED, *warm_imports.WARM): import_module(name)
from city_briefs.common import paths, read_log as reads
from city_briefs.notebook import parameters, warmup as rehearsal
paths.results = lambda: Path("results")
rehearsal.rehearse(); rehearsal.recall()
queries = {"ibis", "duckdb", "sqlglot"} & set(sys.modules)
results = parameters.read(paths.data())
print(len(results.recall()) > 50, "database" in vars(results.snapshot), len(reads._noted), len(queries))
"""


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "not kept"])
def test_it_maps_what_is_kept_and_neither_computes_nor_connects_nor_notes(kept, demo_province, tmp_path):
    """What queries is imported where there will be queries, and only there."""
    environment = {**os.environ, **incremental.source(demo_province).variables, "PYTHONPATH": str(ROOT / "lib")}

    def printed(program: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    if kept:
        printed(COUNT)
        assert printed(PROGRAM) == ["True", "False", "0", "0"]
    else:
        assert printed(PROGRAM) == ["False", "False", "0", "3"]
