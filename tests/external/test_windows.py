"""What can be said of Windows without one: the build does without what Windows lacks, and text files are the same to the byte."""

import ast
import os

import pytest

from tests.helpers import ROOT
from tests.helpers.project import Project

# Named by nothing that a machine without safe forks runs; `mypy --platform win32 lib` names more, in parts that it does not run.
LACKING = """
import filelock, os, signal, socket, sys  # filelock has locks of its own there
for module, names in ((os, "O_CLOEXEC fork killpg pidfd_open setpgrp setsid"), (signal, "pthread_sigmask setitimer"), (socket, "send_fds recv_fds")):
    for name in names.split():
        delattr(module, name)
sys.modules["fcntl"] = None
"""


def test_without_what_windows_lacks_a_pack_is_made_to_the_same_bytes(tmp_path):
    project = Project(tmp_path)
    words = ("city-brief", "--city", "兰州", "--year", "2011")
    assert project.build(*words)["built"] == 1
    usual = project.files()
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking/sitecustomize.py").write_text(LACKING, "utf-8")
    path = os.pathsep.join([str(project.root / "lib"), str(tmp_path / "lacking")])
    done = project.command("doctor", PYTHONPATH=path)
    assert (
        "Jupyter kernel python3; for each chapter one is started anew, which takes seconds: this system has no safe fork."
        in done.stdout
    )
    done = project.command("build", *words, "--fresh", PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    assert project.files() == usual


WRITTEN = [file for file in sorted((ROOT / "lib/city_briefs").rglob("*.py")) if "write_text" in file.read_text("utf-8")]


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_text_file_ends_its_lines_the_same_on_every_system(file):
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    writing = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "write_text"]
    assert all("newline" in {keyword.arg for keyword in call.keywords} for call in writing)
