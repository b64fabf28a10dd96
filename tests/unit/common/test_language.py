"""The language of messages: the setting first, then the locale, else English."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from city_briefs.common import files, language, paths
from city_briefs.common.errors import UsageError, missing_extra
from city_briefs.common.settings import Settings, read


@pytest.mark.parametrize(
    ("setting", "locale", "expected"),
    [
        ("", {}, "A row."),
        ("", {"LANG": "C.UTF-8"}, "A row."),
        ("", {"LANG": "zh_CN.UTF-8"}, "一行。"),
        ("", {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "A row."),
        ("", {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "一行。"),
        ("zh", {"LC_ALL": "C"}, "一行。"),
        ("en", {"LC_ALL": "zh_CN.UTF-8"}, "A row."),
    ],
)
def test_the_setting_counts_first_and_then_the_locale(
    monkeypatch: pytest.MonkeyPatch, setting: str, locale: dict[str, str], expected: str
) -> None:
    for name in language.LOCALE:
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(paths, "settings", lambda: Settings.model_validate({"language": setting}))
    assert language.chosen("A row.", "一行。") == expected


def test_while_it_is_asked_once_the_language_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with language.asked_once():
        monkeypatch.setenv("LC_ALL", "C")
        assert language.chosen("A row.", "一行。") == "一行。"
        with language.asked_once():
            assert language.chosen("A row.", "一行。") == "A row."
    assert language.chosen("A row.", "一行。") == "A row."


@pytest.fixture
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """The locale is Chinese."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("mail = 3", "mail应为表，不能是“3”。"),
        ('profile = "tryal"', "profile应为'trial'或'production'，不能是“tryal”。"),
        ('[schedule]\nsince = "2016"', "schedule.since应为整数，不能是“2016”。"),
        ("[schedule]\nsince = 3", "schedule.since应为不小于1900的数，不能是“3”。"),
        ('[retention]\nfree = "x"', "retention.free应为数字，不能是“x”。"),
        ('outpts = "out"', "没有“outpts”这一项。是否应为“outputs”？"),
        ('[mail]\nfrom = "x y"', "mail.from应为邮箱地址，如briefs@example.org或“名称 <briefs@example.org>”，不能是“x y”。"),
        (
            'timezone = "UTC"\n[schedule]\ntimezone = "Asia/Shanghai"',
            "有timezone和schedule.timezone两个时区。请删去后一个。",
        ),
    ],
)
@pytest.mark.usefixtures("in_chinese")
def test_what_is_wrong_with_the_settings_is_itself_said_in_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, sentence: str
) -> None:
    file = tmp_path / paths.SETTINGS
    file.write_text(content, "utf-8")
    monkeypatch.setattr(paths, "settings_file", lambda: file)
    with pytest.raises(UsageError) as error:
        paths.settings()
    assert str(error.value) == f"{paths.SETTINGS}：{sentence}"
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(UsageError, match=f"^{paths.SETTINGS}: [ -~]+$"):
        read(file)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "No such file or directory"), "没有这个文件"),
        (PermissionError(13, "Permission denied"), "没有权限"),
        (files.NotReadable("it is a device, and no file", "它是设备，不是文件"), "它是设备，不是文件"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError("odd"), "odd"),
    ],
)
def test_why_a_file_cannot_be_read_has_its_chinese(error: OSError, reason: str) -> None:
    assert files.reason_zh(error) == reason


@pytest.mark.parametrize(
    ("every", "expected"), [("", ""), ("视图", "视图有value、yoy。")], ids=["without a name for all", "with one"]
)
def test_where_no_word_is_alike_all_are_named_under_their_name_alone(every: str, expected: str) -> None:
    assert language.suggestion_zh("名次", ["value", "yoy"], every) == expected
    assert language.suggestion_zh("yoi", ["value", "yoy"], every) == "是否应为“yoy”？"


@pytest.mark.usefixtures("in_chinese")
def test_an_extra_that_is_missing_is_said_in_chinese() -> None:
    assert (
        str(missing_extra("The schedule", "schedule", "定时任务"))
        == "定时任务需要另装组件：pip install 'city-briefs[schedule]'。"
    )
    assert str(missing_extra("--cluster", "cluster")) == "--cluster需要另装组件：pip install 'city-briefs[cluster]'。"


@pytest.mark.parametrize("exchanged", ["paths.py", "settings.py", "language.py"])
def test_a_file_of_the_program_that_was_exchanged_is_named_even_where_the_language_rests_on_it(
    tmp_path: Path, exchanged: str
) -> None:
    hashes = {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in paths.PACKAGE.rglob("*.py")}
    hashes[str(paths.PACKAGE / "common" / exchanged)] = "0" * 64
    (tmp_path / "seal").write_text(json.dumps([hashes, str(tmp_path / "none")]), "utf-8")
    (tmp_path / "kernel.py").write_text(
        "from city_briefs.common import imports\nimports.begin()\nimport city_briefs.common.paths\n", "utf-8"
    )
    known = {"BRIEFS_SEAL": str(tmp_path / "seal"), "PYTHONPATH": str(paths.PACKAGE.parent), "LC_ALL": "zh_CN.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", tmp_path / "kernel.py"],
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    said = f"编制开始以后程序文件city_briefs/common/{exchanged}有改动。请重新编制。"
    assert done.stderr.splitlines()[-1].endswith(f"DataError: {said}")
