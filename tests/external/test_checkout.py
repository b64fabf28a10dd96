"""A checkout works in a folder of any name, and a copy of it runs the copy's own code."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.helpers import ROOT

PROGRAMS = sysconfig.get_path("scripts")


def run(folder, *command):
    """A command in the plainest of environments, in which Python reads files as ASCII unless it is told otherwise."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BRIEFS_", "PYTHON", "LANG", "LC_"))}
    environment = {**inherited, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout that make has installed; what it depends on it has from the environment of these tests, and so its lock is empty."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    folder = tmp_path_factory.mktemp("office") / "市场监管 briefs"
    folder.mkdir()
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed.returncode:
        pytest.skip("the project is no clone of git")
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    (folder / "requirements.lock").write_text("", "utf-8")
    make = run(folder, "make", f"PYTHON={sys.executable}", ".venv/bin/python")
    assert make.returncode == 0, make.stderr
    [packages] = folder.glob(".venv/lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    make = run(folder, "make", ".venv/.runtime")
    assert make.returncode == 0, make.stderr
    return folder


def where(folder, *command):
    """Where the package and the project root lie, as a Python of the checkout has it that works elsewhere."""
    program = "from city_briefs.common import paths; print(ascii(str(paths.PACKAGE))); print(ascii(str(paths.root())))"
    done = run(Path("/"), *command, "-c", program)
    assert done.returncode == 0, done.stderr
    return [eval(line) for line in done.stdout.splitlines()]


def test_in_a_folder_with_a_chinese_name_it_works_where_the_locale_is_c(checkout):
    assert where(checkout, str(checkout / ".venv/bin/python")) == [str(checkout / "lib/city_briefs"), str(checkout)]
    done = run(checkout, ".venv/bin/briefs", "check", "--rules", "--data", "data/real")
    assert (done.returncode, done.stderr) == (0, "")


def test_one_that_is_copied_elsewhere_uses_its_own_code(checkout, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(checkout, copy, symlinks=True)
    assert where(copy, str(copy / ".venv/bin/python")) == [str(copy / "lib/city_briefs"), str(copy)]
    (copy / "lib/city_briefs/app/cli/app.py").write_text("raise SystemExit('the code of the copy')\n", "utf-8")
    assert run(tmp_path, str(copy / ".venv/bin/briefs")).stderr == "the code of the copy\n"
