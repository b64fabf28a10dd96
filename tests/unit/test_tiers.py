"""Every test lies in one tier, by folder; `make test` leaves out four of them, and the check before a change lands none."""

import re
import subprocess

from tests.helpers import ROOT

TIERS = {
    "unit",
    "definitions",
    "ingest",
    "documents",
    "builds",
    "faults",
    "hostile",
    "delivery",
    "engine",
    "external",
    "walkthroughs",
}
BESIDE = {"benchmarks", "conformance", "helpers", "published"}  # programs and what several tests use
SLOW = {"external", "faults", "hostile", "walkthroughs"}


def test_every_file_of_tests_is_in_a_tier():
    files = [file.relative_to(ROOT / "tests") for file in (ROOT / "tests").rglob("*.py")]
    folders = {file.parts[0] for file in files if len(file.parts) > 1}
    assert folders == TIERS | BESIDE
    assert {file.parts[0] for file in files if file.name.startswith("test_")} == TIERS
    assert {file.name for file in files if len(file.parts) == 1} == {"__init__.py", "conftest.py"}


def test_the_commands_run_the_tiers_that_contributing_says():
    dry = {name: _recipe(name) for name in ("test", "test-all")}
    assert set(re.findall(r"--ignore tests/(\w+)", dry["test"])) == SLOW
    assert "--ignore" not in dry["test-all"] and "FULL_SIZE=1" in dry["test-all"]
    assert "make test-all" in (ROOT / ".ci/run").read_text("utf-8").splitlines()
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Where the tests are")[2].partition("## ")[0]
    assert set(re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)))) >= TIERS


def _recipe(name: str) -> str:
    """What make would run for a target, though nothing has changed."""
    done = subprocess.run(["make", "-nB", name], cwd=ROOT, capture_output=True, text=True, check=True)
    return "\n".join(line for line in done.stdout.splitlines() if "pytest -n" in line and "echo" not in line)
