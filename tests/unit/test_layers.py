"""`make check` fails when a room imports what it may not: a line is planted in a copy, and the contract that it breaks is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

PLANTED = [
    ("production/build/outputs.py", "from city_briefs.analysis.compute import results", "production knows no analysis"),
    ("production/packs/trust.py", "def late():\n    from city_briefs.model import tables", "production knows no analysis"),
    ("production/delivery/mail_settings.py", "import city_briefs.app.doctor", "one way down"),
    ("production/export/html.py", "import pandas", "production counts nothing"),
    ("analysis/figures/views.py", "import city_briefs.production.packs.plan", "one way down"),
    ("common/regions.py", "from city_briefs.model import labels", "one way down"),
    ("analysis/charts/trend.py", "import nbformat", "analysis runs no notebook"),
    ("app/schedule.py", "from city_briefs.app.cli import app", "use cases know no command line"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("layers")
    shutil.copytree(ROOT / "lib", folder / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def broken(copy: Path) -> list[str]:
    """The contracts that a copy breaks, by name, as the command of `make check` says."""
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command], cwd=copy, env={**os.environ, "PYTHONPATH": str(copy / "lib")}, capture_output=True, text=True, check=False
    )
    names = [line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if line.endswith(" BROKEN")]
    assert bool(names) == bool(done.returncode), done.stdout + done.stderr
    return names


def test_the_walls_hold_as_it_is(copy):
    assert broken(copy) == []


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED, ids=[file for file, _, _ in PLANTED])
def test_an_import_that_may_not_be_is_found(copy, file, line, contract):
    module = copy / "lib/city_briefs" / file
    before = module.read_text("utf-8")
    module.write_text(f"{before}\n\n{line}\n", "utf-8")
    try:
        assert contract in broken(copy)
    finally:
        module.write_text(before, "utf-8")


def test_make_check_runs_the_command():
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "lint-imports" in recipe
