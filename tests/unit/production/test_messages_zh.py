"""Sentences that are put together elsewhere have their Chinese: of the templates of PDF, of how a project is found, of a cluster."""

import re

import pytest

from city_briefs.common import language, paths
from city_briefs.production.build.dask_pool import Terms, _lacking
from city_briefs.production.build.fingerprints import installation
from city_briefs.production.export import pdf

PANIC = re.compile(r"panic\((.+?)\) \}")
HAN = re.compile("[\u4e00-\u9fff]")


def _panics() -> list[str]:
    """What the templates may say, with a word in the place of each value."""
    sources = [file.read_text("utf-8") for file in sorted(pdf.TEMPLATES.rglob("*.typ"))]
    calls = [call for source in sources for call in PANIC.findall(source)]
    return ["".join(part if at % 2 else "7" * ("+" in part) for at, part in enumerate(call.split('"'))) for call in calls]


def test_all_that_the_templates_say_is_found():
    calls = sum(file.read_text("utf-8").count("panic(") for file in pdf.TEMPLATES.rglob("*.typ"))
    assert len(_panics()) == calls > 0


@pytest.mark.parametrize("said", _panics())
def test_what_a_template_says_has_its_chinese(said):
    chinese = pdf._panic_zh(said)
    assert chinese.endswith("。") and HAN.search(chinese) and "Use" not in chinese
    assert chinese.count("7") == said.count("7")


def test_what_no_template_says_stays_as_it_is():
    assert pdf._panic_zh("Something else.") == "Something else."


def test_however_a_project_is_found_is_said_in_chinese(monkeypatch, tmp_path):
    (tmp_path / paths.SETTINGS).write_text("", "utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.setattr(language, "is_chinese", lambda: True)
    found = []
    for variable in (paths.ROOT_VARIABLE, paths.HOME_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    for folder in (tmp_path, tmp_path / "below"):
        monkeypatch.chdir(folder)
        found.append(paths.find_root()[1])
    monkeypatch.chdir("/")
    found.append(paths.find_root()[1])
    for variable in (paths.HOME_VARIABLE, paths.ROOT_VARIABLE):
        monkeypatch.setenv(variable, str(tmp_path))
        found.append(paths.find_root()[1])
    assert found == [
        "当前文件夹里有briefs.toml。",
        "当前文件夹在其中。",
        "即程序所在的源码文件夹。",
        "由BRIEFS_HOME指定。",
        "由BRIEFS_ROOT指定。",
    ]


def test_a_worker_answers_in_the_language_of_the_build(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    terms = Terms(installation(), (tmp_path / "out/mark",), {}, is_chinese=True)
    assert _lacking(terms) == f"看到的{tmp_path / 'out'}与本机不同。请放在各台机器都能以同一路径访问的地方。"
