"""An upgrade rewrites settings and chapters of an older version, keeps every comment, and builds nothing."""

import json

import pytest

from city_briefs.app import upgrade
from city_briefs.common import paths, settings
from city_briefs.common.errors import UsageError

OLD = '# ours\ndata = "x"  # of the bureau\n\n[schedule]  # when\ncron = "0 6 9 * *"\ntimezone = "Asia/Urumqi"  # ours\n'
NOW = '# ours\ndata = "x"  # of the bureau\ntimezone = "Asia/Urumqi"  # ours\n\n[schedule]  # when\ncron = "0 6 9 * *"\n'
MOVED = "briefs.toml: schedule.timezone is called timezone now, and stands above the tables."


@pytest.fixture
def bureau(tmp_path, monkeypatch):
    """The folder of an office, with a chapter of an older version."""
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    (tmp_path / "notebooks").mkdir()
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "from lib.notebook import *"}
    ]
    (tmp_path / "notebooks/summary.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    yield tmp_path
    settings.read.cache_clear()


def test_settings_and_chapters_become_as_this_version_has_them_once(bureau):
    (bureau / "briefs.toml").write_text(OLD, "utf-8")
    assert upgrade.upgrade() == ["summary.ipynb imports city_briefs now.", MOVED]
    assert (bureau / "briefs.toml").read_text("utf-8") == NOW
    assert "from city_briefs.notebook import *" in (bureau / "notebooks/summary.ipynb").read_text("utf-8")
    assert upgrade.upgrade() == []
    assert (bureau / "briefs.toml").read_text("utf-8") == NOW


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('timezone = "Asia/Shanghai"\n[schedule]\ntimezone = "Asia/Urumqi"\n', "briefs.toml: it has two time zones, timezone and schedule.timezone. Leave out the second."),
        ('colour = "red"\n', "briefs.toml: there is no key 'colour'."),
    ],
)  # fmt: skip
def test_settings_that_it_cannot_decide_on_stay_and_the_chapters_are_rewritten(bureau, text, said):
    (bureau / "briefs.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        upgrade.upgrade()
    assert str(error.value).splitlines()[0] == "summary.ipynb imports city_briefs now."
    assert str(error.value).splitlines()[1].startswith(said)
    assert (bureau / "briefs.toml").read_text("utf-8") == text


def test_settings_that_cannot_be_read_are_said(bureau):
    (bureau / "briefs.toml").write_text("data = ", "utf-8")
    with pytest.raises(UsageError, match=r"briefs\.toml cannot be read: "):
        upgrade.upgrade()


def test_a_folder_without_settings_has_none_to_rewrite(bureau):
    assert upgrade.upgrade() == ["summary.ipynb imports city_briefs now."]
