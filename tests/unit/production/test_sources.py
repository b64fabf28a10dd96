"""Sources of chapters are read once; what becomes of the file afterwards, or what it is instead of a file, is said."""

import os

import pytest

from city_briefs.common import paths
from city_briefs.common.errors import DataError, UsageError
from city_briefs.production.packs.sources import Sources

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@pytest.fixture
def remark(tmp_path, monkeypatch):
    """The place of a remark, in a project that is worked in."""
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "data/notes/2021/620100/safety.md"
    file.parent.mkdir(parents=True)
    return file


def unreadable(file):
    """Put what nobody can read in the place of a file."""
    file.unlink(missing_ok=True)
    os.mkfifo(file)


def test_a_remark_that_becomes_unreadable_stays_as_it_was_read(remark):
    remark.write_text("平稳。", "utf-8")
    sources = Sources()
    before = sources.digest(remark)
    unreadable(remark)
    assert (sources.remark(remark), sources.digest(remark)) == ("平稳。".encode(), before)


def test_a_remark_that_cannot_be_read_is_neither_the_one_before_nor_none(remark):
    """So a chapter that is kept is made again, and stops by a sentence."""
    none = Sources().digest(remark)
    remark.write_text("平稳。", "utf-8")
    before = Sources().digest(remark)
    unreadable(remark)
    sources = Sources()
    assert len({none, before, sources.digest(remark)}) == 3
    with pytest.raises(DataError) as error:
        sources.remark(remark)
    assert str(error.value) == (
        "data/notes/2021/620100/safety.md cannot be read: it is a named pipe, and no file. Put a file there, or nothing."
    )
    remark.unlink()
    assert Sources().remark(remark) is None


def test_a_notebook_that_cannot_be_read_is_one_sentence(remark):
    unreadable(remark)
    with pytest.raises(UsageError) as error:
        Sources().content(remark)
    assert str(error.value) == "safety.md cannot be read: it is a named pipe, and no file. Put the notebook there."
