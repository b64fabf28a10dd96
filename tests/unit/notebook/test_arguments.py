"""What a call does not take is a sentence with its remedy, for every call: at run time, and before it where a chapter is checked."""

import inspect
import os
import subprocess
import sys
from typing import Annotated, Literal, get_args, get_origin

import pandas
import pytest
from IPython.core.interactiveshell import InteractiveShell

from city_briefs import notebook
from city_briefs.analysis.assessments.claims import GUARDS, Guard
from city_briefs.analysis.frames import Frame
from city_briefs.common import read_log
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.notebook import arguments, cells, names
from tests.helpers import ROOT

CALLS = sorted(notebook.CALLS)
NOT_TAKEN = ["x", 3, None, [new_entities], new_entities, notebook.milestone, notebook.say, 2.5, {}, b"x"]


def parameters(name):
    return inspect.signature(getattr(notebook, name)).parameters


def taken(parameter):
    """Return something that a parameter takes, whatever the others are."""
    for kind in arguments._alternatives(parameter.annotation):
        if get_origin(kind) is Literal:
            return get_args(kind)[0]
        if kind == Guard:
            return notebook.milestone
        if isinstance(kind, type) and kind.__name__ == "Metric":
            return food_pass_rate
        if kind is Frame:
            return pandas.DataFrame({"category": [1]})
    return {int: 2021, str: "category"}[arguments._alternatives(parameter.annotation)[0]]


def good(name):
    """Return arguments that a call takes, by name, and those of `*parameters`."""
    needed = {each.name: each for each in parameters(name).values() if each.default is each.empty}
    several = [taken(each) for each in needed.values() if each.kind is each.VAR_POSITIONAL]
    return several, {word: taken(each) for word, each in needed.items() if each.kind is not each.VAR_POSITIONAL}


@pytest.mark.parametrize("name", CALLS)
def test_every_parameter_has_a_type_that_is_looked_at(name):
    """A text says what it names (Column, FREE, a Literal): give the parameter of a new call one of these."""
    if name in GUARDS:
        return
    for parameter in parameters(name).values():
        kinds = arguments._alternatives(parameter.annotation)
        assert parameter.annotation is not parameter.empty
        assert str not in kinds or get_origin(parameter.annotation) is Annotated, f"{name}: {parameter}"
        assert all(kind == Guard or get_origin(kind) is Literal or isinstance(kind, type) for kind in kinds)


@pytest.mark.parametrize("name", sorted(set(CALLS) - set(GUARDS)))
def test_what_a_call_takes_is_taken_and_what_it_lacks_is_said(name):
    several, named = good(name)
    call = getattr(notebook, name)
    in_order = [word for word in named if parameters(name)[word].kind is not inspect.Parameter.KEYWORD_ONLY]
    first = [named[word] for word in in_order] if several else []  # what stands before others without a name has none itself
    rest = {word: value for word, value in named.items() if not (several and word in in_order)}
    assert arguments.fault(call, [*first, *several], rest) is None
    for word in named:
        others = {other: value for other, value in named.items() if other != word}
        given = ([*first, *several], {other: value for other, value in rest.items() if other != word})
        sentence = arguments.fault(call, *(([], others) if word in in_order else given))
        assert sentence and sentence.startswith(f"{name} lacks its {word}. Write it as in "), sentence


@pytest.mark.parametrize("name", sorted(set(CALLS) - set(GUARDS)))
@pytest.mark.parametrize("value", NOT_TAKEN, ids=lambda value: type(value).__name__)
def test_a_wrong_argument_of_any_call_is_one_sentence_with_a_remedy(name, value):
    call, (several, named) = getattr(notebook, name), good(name)
    if not parameters(name):
        assert arguments.fault(call, [value], {}) == f"{name} takes nothing in its brackets. Write {name}()."
        return
    for word, parameter in parameters(name).items():
        if any(arguments._is(value, kind) for kind in arguments._alternatives(parameter.annotation)):
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            before = [taken(each) for each in parameters(name).values() if each.kind is each.POSITIONAL_OR_KEYWORD]
            sentence = arguments.fault(call, [*before, value], {})
        else:
            several_too = [*named.values(), *several] if several and word not in named else []
            sentence = arguments.fault(call, several_too, {**({} if several_too else named), word: value})
        assert sentence and sentence.startswith(f"{name} ") and sentence.count("\n") == 0, sentence
        assert sentence.endswith((".", "?"))
        assert "object at 0x" not in sentence and "Metric(" not in sentence


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_is_wrong_ends_with_a_usage_error_before_it_reads_anything(name, monkeypatch):
    monkeypatch.setattr("city_briefs.notebook.parameters.read", lambda data: pytest.fail("data are read"))
    with pytest.raises(UsageError):
        getattr(notebook, name)(no_such_word=1)


@pytest.mark.parametrize("name", sorted(set(CALLS) - set(GUARDS)))
def test_a_misspelt_call_is_answered_with_its_name(name):
    [(line, sentence)] = cells.faults(f"{name}x()")
    assert (line, sentence) == (1, f": There is no call '{name}x'. Did you mean {name}?")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('say("new_entities")', "say takes a metric, not the text 'new_entities'. Write new_entities without quotes."),
        ('say("new_entitie")', "say takes a metric, not the text 'new_entitie'. Did you mean new_entities?"),
        ("say([new_entities])", "say takes a metric, not a list. Write the metrics without the brackets around them."),
        ("say(milestone)", "say takes a metric, not the claim milestone. Write it as in say(new_entities, entity_stock)."),
        ("say()", "say is given nothing. Write it as in say(new_entities, entity_stock)."),
        ("say(new_entities, new_entities)", "say is given new_entities twice. Take one out."),
        ("say(per_day(new_entities))", "say takes a metric, not what per_day(…) shows. Write it as in say(new_entities, entity_stock)."),
        ("per_day(new_entities)", "per_day shows nothing by itself; it is for headlines. Write it as in headlines(per_day(new_entities))."),
        ("claim(entity_stock, milestone)", "claim takes a claim such as first_double_digit as its guard, not the metric entity_stock. Write it as in claim(milestone, entity_stock)."),
        ("milestone(entity_stock)", "milestone is a claim and is not called by itself. Write it as in claim(milestone, entity_stock)."),
        ("places(new_entities, entity_stock)", "places takes 1 in its brackets, not 2. Write it as in places(new_entities)."),
        ("places(new_entities, metric=new_entities)", "places is given metric twice. Write it as in places(new_entities)."),
        ("places(metrc=new_entities)", "places takes no 'metrc'. Did you mean metric?"),
        ('ranking(new_entities, view="yoyo")', "ranking takes no view 'yoyo'. Did you mean yoy?"),
        ('ranking(new_entities, view="x")', "ranking takes no view 'x'. It takes value or yoy."),
        ('breakdown(new_entities, "field")', "new_entities cannot be broken down by 'field'. It can by kind, industry."),
        ('breakdown(population, "field")', "population cannot be broken down by 'field', or at all. Write say(population)."),
        ('breakdown(new_entities, "industry", audience="privat")', "breakdown takes no audience 'privat'. It takes public or internal."),
        ("breakdown(new_entities, kind)", "There is no metric or call 'kind'. Write \"kind\"."),
        ('matrix("domain", hazards_open, new_entities)', "new_entities cannot be broken down by 'domain'. It can by kind, industry."),
        ('contribution(new_entities, "regon")', "new_entities cannot be broken down by 'regon'. It can by kind, industry, region."),
        ("say(new_entitys)", "There is no metric or call 'new_entitys'. Did you mean new_entities?"),
        ("say(新设立市场主体)", "There is no metric or call '新设立市场主体'. Write new_entities."),
        ("new_entities()", "new_entities is a metric, which nothing follows in brackets. Write say(new_entities)."),
        ("new_entities", "the metric new_entities says nothing by itself. Write say(new_entities)."),
        ("signals", "the call signals without brackets shows nothing. Write it as in signals()."),
        ("signals(new_entities)", "signals takes nothing in its brackets. Write signals()."),
        ("say（new_entities）", "the character （ is a Chinese one. Write ( with the English keyboard."),
        ("say(new_entities，entity_stock)", "the character ， is a Chinese one. Write , with the English keyboard."),
    ],
)  # fmt: skip
def test_a_fault_of_a_cell_is_one_sentence(source, sentence):
    assert list(cells.faults(source)) == [(1, f": {sentence}")]


def test_a_sentence_is_in_the_language_of_messages(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert [*cells.faults('say("new_entities")'), *cells.faults("say(new_entitys)")] == [
        (1, "：say应为指标，不是文字“new_entities”。请写new_entities，不加引号。"),
        (1, "：没有指标或调用“new_entitys”。是否应为“new_entities”？"),
    ]


@pytest.fixture
def shell(capsys):
    """A shell of IPython, as a kernel has one; gives what running a cell prints."""
    shell = InteractiveShell.instance()
    shell.run_cell("from city_briefs.notebook import *\nfrom city_briefs.notebook import prompt\nprompt.install()", silent=True)
    capsys.readouterr()

    def run(source):
        shell.run_cell(source)
        return capsys.readouterr().out

    yield run
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "say('new_entities')",
            "UsageError: say takes a metric, not the text 'new_entities'. Write new_entities without quotes.",
        ),
        ("say(new_entitys)", "UsageError: There is no metric or call 'new_entitys'. Did you mean new_entities?"),
    ],
)
def test_in_jupyterlab_it_is_one_line_and_the_stack_comes_with_tb(shell, source, sentence):
    assert shell(source).strip() == sentence
    assert "Traceback" in shell("%tb")


def test_at_the_prompt_of_python_it_is_one_line():
    lines = "from city_briefs.notebook import *\nsay('new_entities')\nsay(new_entitys)\nsay()\nimport sys; 1 / 0\n"
    done = subprocess.run(
        [sys.executable, "-iq"],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    said = [line.removeprefix(">>> ") for line in done.stderr.replace(">>> ", "\n").split("\n") if line.strip()]
    assert said[:3] == [
        "UsageError: say takes a metric, not the text 'new_entities'. Write new_entities without quotes.",
        "UsageError: There is no metric or call 'new_entitys'. Did you mean new_entities?",
        "UsageError: say is given nothing. Write it as in say(new_entities, entity_stock).",
    ]
    assert said[3].startswith("Traceback") and "ZeroDivisionError" in said[-1]  # of others all is said


@pytest.fixture
def definitions(tmp_path, monkeypatch):
    """A file of definitions, as a kernel has read it."""
    file = tmp_path / "own.py"
    file.write_text("def new_entities(rows):\n    ...\n", "utf-8")
    monkeypatch.delenv(read_log.VARIABLE, raising=False)
    monkeypatch.setattr(names, "sources", lambda: [file])
    names._read.cache_clear()
    names._read()
    yield file
    names._read.cache_clear()


def test_a_definition_that_is_written_while_a_kernel_is_open_is_said(definitions):
    names.check_sources()
    assert names.unknown("new_cooperatives").startswith("There is no metric or call 'new_cooperatives'.")
    definitions.write_text(definitions.read_text("utf-8") + "def new_cooperatives(rows):\n    ...\n", "utf-8")
    restart = "Choose Kernel → Restart Kernel and Run All Cells; outside JupyterLab start Python anew."
    assert (
        names.unknown("new_cooperatives") == f"The metric new_cooperatives was written after this kernel was started. {restart}"
    )
    with pytest.raises(UsageError) as error:
        names.check_sources()
    assert str(error.value) == (
        f"own.py was changed after this kernel was started, which would count by the definitions before. {restart}"
    )


def test_an_error_of_ours_shows_its_sentence_first_and_its_stack_when_asked_again():
    try:
        raise BriefError("A sentence.")
    except BriefError as error:
        assert error._render_traceback_() == ["BriefError: A sentence."]
        assert error._render_traceback_()[0].startswith("Traceback")


def test_the_calls_come_without_what_draws():
    """So that the hook before a commit is done at once."""
    code = "import sys, city_briefs.notebook.cells; print([m for m in ('matplotlib', 'seaborn', 'duckdb', 'IPython') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_metrics_and_words_are_known_as_they_are():
    assert {"yoy", "value", "public", "internal"} <= arguments.words()
    assert set(arguments.CALLS) == set(notebook.CALLS)
    assert entity_stock.id in CATALOGUE
