"""An office's own folder: it has what a project needs, it is made whole or not at all, and nothing that is there is touched."""

import pytest

from city_briefs.app import init
from city_briefs.common import files as opened
from city_briefs.common import paths
from city_briefs.common import settings as briefs_toml
from city_briefs.common.errors import UsageError
from city_briefs.production.packs import packs_toml
from tests.helpers import NOTEBOOKS, REFERENCE


def files(folder):
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def expected():
    standard = {f"notebooks/{file.name}" for file in (NOTEBOOKS / "packs.toml", *NOTEBOOKS.glob("*.ipynb"))}
    return standard | {f"data/reference/{file.name}" for file in REFERENCE.iterdir()} | {"briefs.toml", ".gitignore", "README.md"}


def test_it_has_the_standard_notebooks_reference_data_and_settings(briefs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = "市监局/简报 has the standard notebooks, reference data and settings. Next, in that folder: briefs demo.\n"
    assert briefs("init", "市监局/简报") == (0, said, "")
    folder = tmp_path / "市监局/简报"
    assert files(folder) == expected()
    assert packs_toml.packs(folder / "notebooks") == packs_toml.packs()
    assert briefs_toml.read(folder / "briefs.toml") == paths.settings()
    monkeypatch.chdir(folder / "notebooks")
    assert paths.find_root()[0] == folder
    assert [entry.name for entry in (tmp_path / "市监局").iterdir()] == ["简报"]


def test_an_empty_folder_that_somebody_works_in_is_filled(briefs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    assert briefs("init", ".")[0] == 0
    assert files(tmp_path) == expected() and tmp_path.stat().st_ino == before


@pytest.mark.parametrize("name", ["own/mine.txt", "own"])
def test_what_is_there_is_not_touched(briefs, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert briefs("init", "own") == (2, "", "own is there and not empty. Name a new folder, or an empty one.\n")
    assert files(tmp_path) == {name}


def test_when_it_cannot_be_finished_nothing_is_left(tmp_path, monkeypatch):
    def copy(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opened, "copy", copy)
    with pytest.raises(UsageError, match=r"cannot be made: No space left on device\. Name another folder\.$"):
        init.make(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
