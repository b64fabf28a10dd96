"""Where the project root is: upwards from the working directory, else by BRIEFS_HOME, else the checkout."""

import os
import subprocess
import sys

import pytest

from city_briefs.common import files, paths
from city_briefs.common import settings as briefs_toml
from city_briefs.common.errors import UsageError
from tests.helpers import ROOT


def project(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "briefs.toml").touch()
    return folder


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A folder without a project, which is the working directory."""
    for name in (paths.HOME_VARIABLE, paths.ROOT_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_nearest_folder_upwards_goes_before_the_variable_and_that_before_the_checkout(office, monkeypatch):
    assert paths.find_root() == (ROOT, "It is the checkout that the program comes from.")
    monkeypatch.setenv("BRIEFS_HOME", str(project(office / "named")))
    assert paths.find_root() == (office / "named", "BRIEFS_HOME names it.")
    project(office / "outer")
    inner = project(office / "outer/inner")
    (inner / "notebooks/old").mkdir(parents=True)
    monkeypatch.chdir(inner / "notebooks/old")
    assert paths.find_root() == (inner, "The working directory lies in it.")
    monkeypatch.chdir(inner)
    assert paths.find_root() == (inner, "The working directory has briefs.toml.")


def test_the_processes_of_a_command_have_its_root_wherever_they_work(office, monkeypatch):
    monkeypatch.setenv("BRIEFS_ROOT", str(project(office / "of the command")))
    monkeypatch.chdir(project(office / "another"))
    assert paths.find_root() == (office / "of the command", "BRIEFS_ROOT names it.")


def test_a_variable_that_names_no_project_is_refused(office, monkeypatch):
    monkeypatch.setenv("BRIEFS_HOME", "nowhere")
    with pytest.raises(
        UsageError, match=r"^BRIEFS_HOME names 'nowhere', which has no briefs.toml. Name the folder of a project.$"
    ):
        paths.find_root()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no folder where anybody may write and none may delete")
def test_what_lies_where_anybody_may_write_decides_nothing(office):
    project(office).chmod(0o1777)
    assert paths.find_root()[0] == ROOT
    office.chmod(0o777)
    assert paths.find_root()[0] == office


def test_settings_that_cannot_be_read_are_not_passed_over(office, monkeypatch):
    """The project is the nearest folder all the same, and not the next one upwards."""
    settings = project(project(office / "outer") / "inner") / "briefs.toml"
    monkeypatch.chdir(settings.parent)
    read = files.read_text

    def refused(file, *given, **named):
        if file == settings:
            raise PermissionError(13, "Permission denied")
        return read(file, *given, **named)

    monkeypatch.setattr(files, "read_text", refused)  # root may read whatever its mode says
    assert paths.find_root()[0] == settings.parent
    with pytest.raises(UsageError) as error:
        briefs_toml.read(settings)
    assert str(error.value) == f"{settings} cannot be read: Permission denied. Give this user the right to read it."


def test_a_command_that_a_command_starts_looks_for_its_own_project(office):
    """A chapter or a terminal of JupyterLab may start one, in any folder."""
    inner, other = project(office / "inner"), project(office / "other")
    environment = {**os.environ, "BRIEFS_ROOT": str(other)}
    command = [sys.executable, "-m", "city_briefs", "doctor"]
    done = subprocess.run(command, cwd=inner, env=environment, capture_output=True, text=True, check=False)
    assert f"Project {inner}. The working directory has briefs.toml." in done.stdout


def test_a_working_directory_that_is_gone_is_a_sentence(office):
    gone = office / "gone"
    gone.mkdir()
    program = f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); from city_briefs.app.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program, "metrics"], capture_output=True, text=True, check=False)
    sentence = "The working directory is gone. Go to another folder, and run the command again.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


def test_without_a_checkout_there_is_no_root_but_settings_and_the_lock(office, monkeypatch):
    monkeypatch.setattr(paths, "CHECKOUT", None)
    paths.root.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"^There is no project here: .* Make one with `briefs init DIR` and work in it, "):
            paths.outputs()
        assert paths.settings() == briefs_toml.Settings()
        assert paths.lock() == ROOT / "requirements.lock"
    finally:
        paths.root.cache_clear()


def test_one_package_serves_every_project_folder(office):
    """Its notebooks, data and settings are the folder's; its sources have the names that they have in a checkout."""
    (project(office / "office") / "briefs.toml").write_text('outputs = "made"\n', "utf-8")
    (office / "office/note.md").touch()
    program = (
        "from city_briefs.common import paths, source_hash; from city_briefs.production.build import fingerprints; root = paths.root();"
        "print(paths.outputs(), paths.notebooks(), *source_hash.hashes({paths.PACKAGE / 'common/paths.py', root / 'note.md'}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "BRIEFS_HOME": str(office / "office")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    root = office / "office"
    names = {f"{root / 'made'}", f"{root / 'notebooks'}", "lib/city_briefs/common/paths.py", "note.md"}
    assert set(done.stdout.split()) == names, done.stderr
