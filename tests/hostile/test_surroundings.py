"""A build imports the installed program and nothing else, whatever lies where it is started and whatever its user has set."""

import os
import re
import subprocess
import sys

import pytest

from tests.helpers.project import Project, city_brief
from tests.helpers.size import FULL
from tests.hostile.surroundings import home, plant

PACK = city_brief("market-order")
WORDS = ("build", "--city", "兰州", "--year", "2011")
LONG = "temporary" * 14  # with its parents longer than a path of a socket may be
READ_ONLY = ("unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro,size=4k none /dev/shm && exec "$0" "$@"')


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


@pytest.mark.parametrize(
    "name", ["read-only /dev/shm", "104 open files", *(["long TMPDIR", "no HOME", "no terminal"] if FULL else [])]
)
def test_a_poor_machine_makes_the_same_bytes_and_nothing_is_said_of_it(tmp_path, plain, name):
    made, before, variables = project(tmp_path / "world"), (), {}
    match name:
        case "read-only /dev/shm":
            before = READ_ONLY
            if subprocess.run([*READ_ONLY, "true"], capture_output=True, check=False).returncode:
                pytest.skip("the system lets nobody mount")
        case "104 open files":
            before = ("sh", "-c", 'ulimit -n 104; exec "$0" "$@"')
        case "long TMPDIR":
            (tmp_path / LONG).mkdir()
            variables = {"TMPDIR": str(tmp_path / LONG)}
        case "no HOME":
            before = ("env", "-u", "HOME", "-u", "XDG_CONFIG_HOME")
        case "no terminal":
            variables = {"TERM": "dumb", "NO_COLOR": "1"}
    done = started(made, *before, **variables)
    assert (done.returncode, re.sub(r"\d+\.\d s", "", done.stderr)) == (0, "[1/1] 兰州市 2011 city-brief: \n")
    assert made.files() == plain


def test_too_few_open_files_are_one_sentence(tmp_path):
    made = project(tmp_path / "world")
    done = started(made, "sh", "-c", 'ulimit -n 64; exec "$0" "$@"', jobs="2")
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "A build with 2 processes needs 112 open files, and this system allows 64. Raise the limit (ulimit -n 112), or name fewer "
        "processes with --jobs.\n",
    )
