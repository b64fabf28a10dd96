"""A build that has no place for its temporary files ends with a sentence, and makes nothing."""

import tempfile

import pytest

from city_briefs.common.errors import PackError
from city_briefs.production.build import begun, session
from city_briefs.production.engine import environment


def said(place, strerror):
    return f"No pack was made: {place} cannot be written to: {strerror}. Make room there, or name another folder by TMPDIR."


def test_a_folder_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "none"))
    with pytest.raises(PackError) as error, begun._temporary():
        pass
    assert str(error.value) == said(tmp_path / "none", "No such file or directory")


def test_a_folder_without_room_for_what_processes_begin_with_is_named(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(environment, "of_build", full)
    request = type("Request", (), {"source": type("Source", (), {"variables": {}})})()
    with pytest.raises(PackError) as error, session._working([request], begun.Begun(tmp_path), tmp_path, 1, None):
        pass
    assert str(error.value) == said(tmp_path, "No space left on device")
