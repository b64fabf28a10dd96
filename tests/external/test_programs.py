"""What `make test` does about programs of the system that are missing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers import ROOT

ALL = ["chromium", "libreoffice-writer-nogui", "libreoffice-calc-nogui", "poppler-utils"]
if not list(Path("/").glob("usr/lib/postgresql/*/bin/initdb")):
    ALL.append("postgresql")
ALL.append("default-jre-headless")
MISSING = "Some tests will be skipped. For them, on Debian: apt-get install --no-install-recommends "


@pytest.fixture
def say(tmp_path):
    """What the script says where these programs are all there are, each a script of one line; it must end well."""

    def run(**programs):
        for name, line in programs.items():
            program = tmp_path / name.replace("_", "-")
            program.write_text(f"#!{shutil.which('sh')}\n{line}\n")
            program.chmod(0o755)
        done = subprocess.run(
            [shutil.which("sh"), ROOT / "tests/helpers/programs.sh"], env={"PATH": str(tmp_path), "LOG": str(tmp_path / "log")},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout

    return run


def test_where_nothing_is_missing_nothing_is_said(say):
    assert say(google_chrome=":", soffice=":", pdftotext=":", initdb=":", java=":") == ""


def test_without_root_what_is_missing_is_named_in_one_line(say):
    assert say(id="echo 1000", apt_get=":") == f"{MISSING}{' '.join(ALL)}\n"


def test_root_without_apt_is_told_the_same(say):
    assert say(id="echo 0") == f"{MISSING}{' '.join(ALL)}\n"


def test_root_has_them_installed_one_by_one_and_what_fails_is_named(say, tmp_path):
    """Here the lists of packages are old until they are updated, and one package cannot be had."""
    apt = 'echo "$@" >> $LOG; case "$*" in update*) : > $LOG.new;; *chromium) exit 1;; *) [ -e $LOG.new ];; esac'
    assert say(id="echo 0", apt_get=apt) == f"Installing what some tests run: {' '.join(ALL)}.\n{MISSING}chromium\n"
    asked = [line.split()[0] + " " + line.split()[-1] for line in (tmp_path / "log").read_text().splitlines()]
    assert asked[0] == asked[2] == "install chromium" and asked[1].startswith("update")
    assert asked[3:] == [f"install {package}" for package in ALL[1:]]
