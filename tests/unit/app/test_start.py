"""What commands import: one that only looks at numbers or chapters does not wait for what makes documents, charts or queries."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from city_briefs.common.paths import RESULTS_VARIABLE
from tests.conftest import REAL
from tests.helpers import ROOT

HEAVY = {
    "pandas", "ibis", "duckdb", "pyarrow", "numpy", "matplotlib", "seaborn", "nbformat", "nbconvert", "jsonschema", "papermill",
    "typst", "docx", "xlsxwriter", "lxml", "IPython", "jupyter_client", "asyncio", "multiprocessing", "jinja2", "cryptography", "filelock",
    "pyarrow.compute", "rfc3987_syntax", "rfc3986_validator", "isoduration", "fontTools", "psutil", "smtplib",
    "city_briefs.common.block_schema",
}  # fmt: skip
OF_NUMBERS = {"pyarrow", "numpy"}
COUNTING = OF_NUMBERS | {"ibis", "pandas", "duckdb", "pyarrow.compute", "filelock", "psutil"}
VALUE = ["value", "new_entities", "--year", "2011", "--data", str(REAL)]
RUN = """
import sys
from city_briefs.__main__ import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(*words: str, results: Path | None = None) -> set[str]:
    """Return which heavy modules a command has imported by its end; one that keeps what it finds out in a folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), **({RESULTS_VARIABLE: str(results)} if results else {})}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )
    return set(done.stderr.splitlines()[-1].split()) & HEAVY


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["--help"], set()),
        (["build", "--help"], set()),
        (["check", "--rules"], OF_NUMBERS | {"ibis"}),
        (VALUE, COUNTING),
        (["status", "--data", str(REAL)], OF_NUMBERS),
        (["why", "province-overview", "--year", "2011", "--data", str(REAL)], OF_NUMBERS),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(words: Sequence[str], needed: set[str]):
    assert imported(*words) <= needed


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (VALUE, OF_NUMBERS),
        (["check", "--rules"], set()),
        (["status", "--data", str(REAL)], set()),
        (["why", "province-overview", "--year", "2011", "--data", str(REAL)], set()),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_what_is_kept_is_found_without_what_counts_or_reads_it(tmp_path, words: Sequence[str], needed: set[str]):
    assert imported(*words, results=tmp_path) > needed
    assert imported(*words, results=tmp_path) == needed


def test_a_command_that_counts_says_nothing_of_duckdb_as_it_ends(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), RESULTS_VARIABLE: str(tmp_path)}  # where nothing is kept yet
    done = subprocess.run(
        [sys.executable, "-m", "city_briefs", *VALUE], capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, "") and done.stdout and list(tmp_path.iterdir())
