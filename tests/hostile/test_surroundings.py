"""A build imports the installed program and nothing else, whatever lies where it is started and whatever its user has set."""

import os
import sys

import pytest

from tests.helpers.project import Project
from tests.hostile.surroundings import home, plant

PACK = """
[[pack]]
id = "city-brief"
title = "市场监管工作简报"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["market-order"]
"""
WORDS = ("build", "--city", "兰州", "--year", "2011")
LONG = "temporary" * 14  # with its parents longer than a path of a socket may be
SMALLEST = 'ulimit -n 64; exec "$0" "$@"'
READ_ONLY = 'mount -t tmpfs -o ro,size=4k none /dev/shm; exec "$0" "$@"'


def project(folder):
    folder.mkdir()
    made = Project(folder)
    (made.root / "notebooks/packs.toml").write_text(PACK, "utf-8")
    return made


def started(made, *before, jobs="1", **variables):
    """The command as `briefs` starts it, in the folder of the project."""
    lib = str(made.root / "lib")
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, [lib, variables.get("PYTHONPATH", "")]))
    return made.run(*before, sys.executable, "-P", "-m", "city_briefs", *WORDS, "--jobs", jobs, **variables)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """What a build makes where nothing is planted."""
    made = project(tmp_path_factory.mktemp("plain") / "world")
    done = started(made)
    assert done.returncode == 0, done.stderr
    files = made.files()
    assert {name.rpartition(".")[2] for name in files} == {"html", "pdf", "xlsx", "docx", "ipynb", "json"}
    return files


def test_nothing_is_imported_from_where_a_build_is_started_and_nothing_of_its_user_changes_a_pack(tmp_path, plain):
    made, mark = project(tmp_path / "world"), tmp_path / "mark"
    for folder in (made.root, made.root / "notebooks"):
        plant(folder, mark)
    variables = home(tmp_path / "home", mark)
    done = started(made, jobs="2", **variables)
    assert done.returncode == 0, done.stderr
    assert not mark.exists(), mark.read_text("utf-8")
    [command] = (tmp_path / "started").read_text("utf-8").splitlines()  # Python runs it before it runs the command
    assert "city_briefs" in command
    assert made.files() == plain
