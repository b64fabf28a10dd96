"""What a call gives back, and what a metric shows of itself: in a cell, at a prompt, to Shift-Tab and to Tab."""

import os
import subprocess
import sys
from types import ModuleType

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from city_briefs import notebook
from city_briefs.common import read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.paths import DATA_VARIABLE, RESULTS_VARIABLE
from city_briefs.metrics import CATALOGUE
from city_briefs.notebook import cells, looking, metric_card, prompt
from city_briefs.notebook.shown import COLUMNS
from tests.helpers import ROOT


@pytest.fixture
def lanzhou(demo_province, cubes, data_variable, monkeypatch):
    """A chapter of 兰州市 in 2021, in this process."""
    data_variable(demo_province.path)
    monkeypatch.setenv(RESULTS_VARIABLE, str(cubes.folder))
    main = ModuleType("__main__")
    vars(main).update(city="兰州市", year=2021, through=12)
    monkeypatch.setitem(sys.modules, "__main__", main)


def rows(shown, *columns):
    return shown.data[list(columns)].values.tolist()


def test_a_sentence_gives_back_its_figures(lanzhou):
    shown = notebook.say(notebook.new_entities)
    assert tuple(shown.data.columns) == COLUMNS and repr(shown) == ""
    [value] = [row for row in rows(shown, *COLUMNS) if row[2] == "value"]
    assert value == ["new_entities", "新设立市场主体", "value", "兰州市", "2021年", "", "", value[7], "户", value[9], ""]
    [record] = [figure for figure in shown.blocks[0]["figures"] if figure["view"] == "value"]
    assert (value[7], value[9]) == (record["value"], record["text"])


def test_a_figure_that_is_refused_has_no_value_and_its_reason(lanzhou):
    shown = notebook.say(notebook.new_entities)
    [(value, refused)] = [row[1:] for row in rows(shown, "view", "value", "refused") if row[0] == "rank"]
    assert value != value and refused == "数量指标受规模影响，不排位次"  # NaN is what pandas has for none
    assert all((row[0] != row[0]) == bool(row[1]) for row in rows(notebook.places(notebook.new_entities), "value", "refused"))


def test_tables_and_charts_give_back_regions_and_parts_by_name(lanzhou):
    assert {region for (region,) in rows(notebook.ranking(notebook.food_pass_rate), "region")} > {"兰州市", "嘉峪关市", "甘肃省"}
    assert "食品" in {part for (part,) in rows(notebook.breakdown(notebook.cases_total, "field"), "part")}
    assert "城关区" not in {part for (part,) in rows(notebook.trend(notebook.new_entities), "part")}


def test_each_figure_stands_once(lanzhou):
    data = notebook.headlines(notebook.new_entities).data
    assert len(data) and not data.duplicated().any()


def test_a_call_that_shows_nothing_gives_back_no_figures(lanzhou):
    data = notebook.remark("safety").data
    assert tuple(data.columns) == COLUMNS and data.empty


@pytest.fixture
def shell(lanzhou, monkeypatch):
    """A shell of IPython with what a kernel has; gives what a cell would show, by MIME type."""
    main = sys.modules["__main__"]
    shell = InteractiveShell.instance(user_module=main)
    prompt.install()
    yield shell
    InteractiveShell.clear_instance()


def shown_of(shell, value):
    return shell.display_formatter.format(value)[0]


def test_a_metric_is_a_card_with_its_last_value(shell):
    made = shown_of(shell, notebook.food_pass_rate)
    metric = notebook.food_pass_rate
    value = notebook.say(metric).data.query("view == 'value'").text.iloc[0]
    for form in ("text/plain", "text/html"):
        for words in (metric.label, "".join(metric.definition.split("\n")), metric.id, metric.owner, "兰州市2021年", value):
            assert words in made[form], (form, words)
    assert "<svg" in made["text/html"] and "走势：2017年" in made["text/html"]
    assert shown_of(shell, notebook.per_day(notebook.new_entities))["text/plain"].startswith(
        "兰州市 2021年 新设立市场主体（日均）："
    )


def test_what_a_call_gives_back_is_no_output(shell):
    assert shown_of(shell, notebook.say(notebook.new_entities)) == {}


def test_a_card_without_parameters_is_of_the_province(shell):
    for name in ("city", "year"):
        del vars(sys.modules["__main__"])[name]
    assert "甘肃省2022年：" in metric_card.text(notebook.new_entities)


def test_a_card_without_data_has_the_definition_and_says_what_is_missing(shell, tmp_path, data_variable):
    data_variable(tmp_path / "none")
    *_, owner, last = metric_card.text(notebook.new_entities).split("\n")
    assert owner == "  责任处室：登记注册处" and last.startswith("  没有可读的数据：There is no snapshot")


def test_a_cell_of_a_build_shows_no_card(lanzhou, monkeypatch):
    monkeypatch.setenv(read_log.VARIABLE, "reads")
    shell = InteractiveShell.instance()
    prompt.install()
    assert shown_of(shell, notebook.new_entities) == {"text/plain": "<Metric new_entities 新设立市场主体>"}
    InteractiveShell.clear_instance()


def test_shift_tab_shows_the_definition(shell):
    shell.user_ns["new_entities"] = notebook.new_entities
    words = shell.object_inspect_mime("new_entities")["text/plain"]
    assert "报告期内登记成立的市场主体户数" in words and "登记注册处" in words and "Metric(" not in words
    assert "Docstring" in shell.object_inspect_mime("len")["text/plain"]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("say(新设企", {"new_enterprises"}), ("say(没有这个", set()), ("new_enterp", {"new_enterprises"})],
)
def test_tab_after_chinese_words_completes_to_the_id(shell, typed, completed):
    shell.user_ns["new_enterprises"] = notebook.new_enterprises
    with provisionalcompleter():
        assert {each.text for each in shell.Completer.completions(typed, len(typed))} == completed


@pytest.mark.parametrize(
    ("word", "first"),
    [("农民专业", "new_entities"), ("新设立市场主体", "new_entities"), ("NEW_ENTIT", "new_entities"), ("newly registered ent", "new_entities")],
)  # fmt: skip
def test_metrics_are_found_by_a_word_of_their_name_or_definition(word, first):
    assert notebook.find(word).metrics[0].id == first
    assert f'<td style="text-align: left">{first}</td>' in notebook.find(word)._repr_html_()


@pytest.mark.parametrize("word", ["没有这样的指标", "", " "])
def test_a_word_of_no_metric_is_one_sentence(word):
    with pytest.raises(UsageError) as error:
        notebook.find(word)
    assert str(error.value) == f"No metric has '{word}' in its name or definition. docs/metrics.md lists them all."


def test_what_is_for_looking_is_refused_in_a_chapter_and_in_a_build(monkeypatch):
    assert list(cells.faults('find("合作社")')) == [(1, " calls find, which is for looking, and goes into no pack. Take it out.")]
    monkeypatch.setenv(read_log.VARIABLE, "reads")
    with pytest.raises(UsageError, match=r"^find is for looking, and goes into no pack\. Take it out of the chapter\.$"):
        notebook.find("合作社")


def test_at_the_prompt_of_python_a_metric_is_its_card_and_a_call_its_words(demo_province, cubes):
    lines = (
        'from city_briefs.notebook import *\nnew_entities\ncity, year = "兰州市", 2021\nsay(new_entities)\nsay(new_entities)\n3\n'
    )
    environment = {**os.environ, "LC_ALL": "C.UTF-8", DATA_VARIABLE: str(demo_province.path), RESULTS_VARIABLE: str(cubes.folder)}
    done = subprocess.run(
        [sys.executable, "-iq"], input=lines, capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    label, *card, first, second, number = done.stdout.splitlines()
    assert label == CATALOGUE["new_entities"].label and card[-1].startswith("  甘肃省2022年：")
    assert first == second and first.startswith("2021年，全市新设立市场主体") and number == "3"
    assert not done.stderr.replace(">>> ", "").strip()


def test_a_preview_is_begun_in_jupyterlab_alone_and_shows_nothing_in_a_build(monkeypatch, capsys):
    monkeypatch.delenv(looking.NOTEBOOK, raising=False)
    with pytest.raises(UsageError) as error:
        notebook.preview()
    assert str(error.value) == (
        "preview() shows the chapter that is open in JupyterLab. Elsewhere run briefs preview with its name."
    )
    monkeypatch.setenv(read_log.VARIABLE, "reads")
    assert notebook.preview().data.empty and capsys.readouterr() == ("", "")


def test_why_a_preview_cannot_begin_is_one_sentence(monkeypatch):
    monkeypatch.setenv(looking.NOTEBOOK, "notebooks/saftey.ipynb")
    with pytest.raises(UsageError) as error:
        notebook.preview()
    assert str(error.value) == "There is no notebook 'saftey'. Did you mean safety?"


@pytest.mark.parametrize("module", ["overview", "metric_manual", "matrix", "page_one"])
def test_a_call_is_a_call_whatever_module_of_its_name_was_imported_first(module):
    """As `explain` imports one, and then the chapter calls the block of that name."""
    code = (
        f"from city_briefs.notebook import documents\nimport city_briefs.analysis.blocks.{module}\n"
        f"assert callable(documents.blocks.{module}), documents.blocks.{module}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
