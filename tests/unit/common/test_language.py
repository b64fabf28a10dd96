"""The language of messages: the setting first, then the locale, else English."""

import pytest

from city_briefs.common import language, paths
from city_briefs.common.settings import Settings


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
