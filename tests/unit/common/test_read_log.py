"""What a chapter reads is noted, and asked again it says what has changed since, and nothing else."""

import ast
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from city_briefs.analysis.assessments.open_hazards import pressing
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.recheck_reads import ANSWERS, WORDS, Answers
from city_briefs.analysis.snapshot.corrections import Correction, Corrections, keep
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.metrics.consumer_rights import complaints_received
from city_briefs.model.metric import Metric
from city_briefs.model.tables import COMPLAINTS, ENTITIES, HAZARDS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows
from tests.helpers import ROOT

CITIES = ["9100", "9200", "9300"]
ENTITY = """
    entity_id  region  registered_on  kind
    a          9100    2021-03-02     self_employed
    b          9200    2021-04-02     self_employed
    z          9300    2021-04-02     self_employed
"""
COMPLAINT = """
    complaint_id  region  received_on  kind
    a             9100    2021-03-02   complaint
"""
HAZARD = """
    hazard_id  region  domain  level  found_on    due_on
    a          9100    food    major  2021-06-01  2021-08-01
    b          9200    food    major  2021-06-01  2021-08-01
"""


@pytest.fixture
def province(world):
    """Makes a snapshot of a province of three cities."""

    def made(*, entities=ENTITY, complaints=COMPLAINT, hazards=HAZARD, cities=CITIES):
        coverage = [row for table in (ENTITIES, COMPLAINTS, HAZARDS) for row in covered(table, cities, [2021])]
        tables = {"entities": entities, "complaints": complaints, "hazards": hazards}
        given = {name: rows(text) for name, text in tables.items()}
        return world.snapshot(regions=THREE_CITIES, coverage=coverage, **given)

    return made


def results(snapshot):
    return Results(snapshot, CATALOGUE.values())


def read(snapshot, metric: Metric, city="Ashford", through=12, view="value"):
    look(Scope.of(results(snapshot), snapshot.regions.find(city), Period(2021, through)), metric, view)


def changed(asked, snapshot):
    return Answers(results(snapshot)).changed(asked)


def test_nothing_is_noted_where_no_file_is_named(noting, monkeypatch):
    monkeypatch.delenv(read_log.VARIABLE)
    read_log.note(("years",), lambda: pytest.fail("an answer that nobody wants"))
    assert read_log.noted(noting) == {}
    monkeypatch.setenv(read_log.VARIABLE, "")
    read_log.note(("catalogue",), lambda: pytest.fail("an answer that nobody wants"))


def test_each_question_is_noted_once_with_the_first_answer(noting):
    read_log.note(("years",), lambda: [2020])
    read_log.note(("years",), lambda: [2021])
    assert read_log.noted(noting) == {("years",): read_log.digest([2020])}
    assert len(noting.read_text("utf-8").splitlines()) == 1


def test_reads_are_kept_in_order(noting):
    lines = [["years", "2"], ["amount", "9100", "a", "", "", "2021", "1"]]
    noting.write_text("".join(f"{json.dumps(line)}\n\n" for line in [*lines, ["metric", "甲\u2028乙", "4"]]), "utf-8")
    assert list(read_log.noted(noting).items()) == [
        (("amount", "9100", "a", "", "", "2021"), "1"),
        (("metric", "甲\u2028乙"), "4"),
        (("years",), "2"),
    ]


@pytest.mark.parametrize(
    "torn", ['["years", "1"]\n["metr', '["years", "1"\n"2"]\n', '["years", "1"],["metric", "2"]\n', '["years"\n, "1"]']
)
def test_a_line_that_is_torn_is_refused_also_where_it_would_go_with_another(noting, torn):
    noting.write_text(torn, "utf-8")
    with pytest.raises(json.JSONDecodeError):
        read_log.noted(noting)


def test_the_same_data_answers_the_same(noting, province):
    snapshot = province()
    read(snapshot, new_entities, view="rank")
    read(snapshot, entity_stock, "Norland")
    results(snapshot).parts(new_entities, "kind")
    pressing(Scope.of(results(snapshot), snapshot.regions.find("Ashford"), Period(2021)))
    asked = read_log.noted(noting)
    assert {kind for kind, *_ in asked} >= {read_log.AMOUNT, read_log.REGION, "metric", "parts"}
    assert changed(asked, snapshot) == []
    assert changed(asked, province()) == []  # written anew, the same rows


LATER = ENTITY.replace("b          9200    2021-04-02", "b          9200    2021-05-02")
BIRCHWOODS = f"{ENTITY}    c          9200    2021-04-02     self_employed\n"
DECEMBERS = f"{ENTITY}    c          9100    2021-12-02     self_employed\n"


def test_a_changed_record_names_just_the_results_that_read_it(noting, province):
    before = province()
    read(before, new_entities, "Ashford")
    read(before, new_entities, "Birchwood")
    read(before, complaints_received, "Birchwood")
    asked = read_log.noted(noting)
    assert changed(asked, province(entities=BIRCHWOODS)) == ["the results of new_entities changed (9200)"]
    assert changed(asked, province(complaints=COMPLAINT.replace("03-02", "04-03"))) == []  # as many in the same months
    assert changed(asked, province(complaints=COMPLAINT.replace("9100", "9200"))) == [
        "the results of complaints_received changed (9200)"
    ]
    assert changed(asked, province(entities=ENTITY.replace("self_employed", "enterprise"))) == []  # no kind was read


def test_a_record_of_another_month_changes_only_what_was_read_of_one_of_the_two(noting, province):
    before = province()
    read(before, new_entities, "Birchwood")
    year = read_log.noted(noting)
    read(before, new_entities, "Birchwood", through=4)
    april = read_log.noted(noting)
    assert changed(year, province(entities=LATER)) == []
    assert changed(april, province(entities=LATER)) == ["the results of new_entities changed (9200)"]


def test_a_record_of_a_later_month_changes_nothing_of_what_was_read_before_it(noting, province):
    read(province(), new_entities, through=11)
    asked = read_log.noted(noting)
    assert changed(asked, province(entities=DECEMBERS)) == []
    assert changed(asked, province(entities=DECEMBERS.replace("2021-12-02", "2021-11-02"))) == [
        "the results of new_entities changed (9100)"
    ]


def test_the_province_rests_on_all_regions(noting, province):
    read(province(), new_entities, "Norland")
    asked = read_log.noted(noting)
    assert changed(asked, province(entities=BIRCHWOODS)) == ["the results of new_entities changed (9000)"]
    assert changed(asked, province(entities=ENTITY.replace("b          9200", "b          9100"))) == []  # the sum is the same


def test_months_that_are_no_longer_reported_are_a_change(noting, province):
    read(province(), new_entities, "Cedarton")
    asked = read_log.noted(noting)
    assert changed(asked, province(cities=["9100", "9200"])) == ["the results of new_entities changed (9300)"]


def test_rows_that_are_listed_are_read_by_region(noting, province):
    snapshot = province()
    pressing(Scope.of(results(snapshot), snapshot.regions.find("Ashford"), Period(2021)))
    asked = read_log.noted(noting)
    assert changed(asked, province(hazards=HAZARD.replace("b          9200    food", "b          9200    drug"))) == []
    assert changed(asked, province(hazards=HAZARD.replace("a          9100    food", "a          9100    drug"))) == [
        "the rows of hazards changed (9100)"
    ]


def test_rows_that_are_listed_of_the_province_are_read_by_region_too(noting, province):
    snapshot = province()
    pressing(Scope.of(results(snapshot), snapshot.regions.find("Norland"), Period(2021)))
    asked = read_log.noted(noting)
    assert [question[1:] for question in asked if question[0] == read_log.REGION] == [(code, "hazards") for code in CITIES]
    assert changed(asked, province()) == []
    assert changed(asked, province(hazards=HAZARD.replace("b          9200    food", "b          9200    drug"))) == [
        "the rows of hazards changed (9200)"
    ]


def test_a_metric_that_comes_from_elsewhere_or_is_gone_is_a_change(noting, province, world):
    before = province()
    read(before, new_entities)
    asked = read_log.noted(noting)
    returned = rows("""
        region  month    indicator     numerator  span
        9100    2021-03  new_entities  1          month
    """)
    only_returned = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), returns=returned)
    assert changed(asked, only_returned) == [
        "the results of new_entities changed (9100)",  # of whose other months nothing is known now
        "the definition of new_entities, or where it comes from changed",
        "who returns new_entities changed",
    ]
    gone = {("metric", "no_such"): "", ("table", "no_such"): "", ("source", "returns"): ""}
    assert changed(gone, before) == [
        "the definition of no_such, or where it comes from changed",
        "the table no_such changed",
        "the source of returns changed",
    ]


def test_a_correction_that_the_appendix_would_list_is_a_change(noting, province):
    before = province()
    results(before).snapshot.corrections("new_entities", "9100", 2021)
    results(before).snapshot.corrections("new_entities", "9200", 2021)
    asked = read_log.noted(noting)
    corrected = Correction("new_entities", "9100", "2021-03", "month", Decimal(2), Decimal(1))
    keep(Corrections(before.id, (corrected,)), before.path)
    assert changed(asked, replace(before, since=before.id)) == ["what was corrected of new_entities changed"]


def kinds_in(source: str) -> set[str]:
    """Return the first word of each question that a module notes: a tuple where it is noted, or a name that one was given to before.

    Raises: KeyError for a question that is found in no other way.
    """
    nodes = list(ast.walk(ast.parse(source)))
    given: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            given.setdefault(ast.unparse(node.targets[0]), []).append(node.value)
        elif isinstance(node, ast.Tuple):
            given[ast.unparse(node)] = [node]
    calls = [
        node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in {"read_log.note", "read_log.answered"}
    ]
    words = [question.elts[0] for call in calls for question in given[ast.unparse(call.args[0])]]
    return {word.value if isinstance(word, ast.Constant) else getattr(read_log, word.attr) for word in words}


KINDS = set().union(*(kinds_in(file.read_text("utf-8")) for file in (ROOT / "lib/city_briefs").rglob("*.py")))


def test_every_kind_of_question_has_an_answer_and_words():
    assert len(KINDS) > 10
    assert KINDS == set(ANSWERS) == set(WORDS)


OF_FIRST, OF_SECOND = ("first",), ("second",)


@pytest.fixture
def kept(noting):
    """Two things that are made once: the inner of one read, the outer of the inner and another; what is noted lies in `noting`."""
    found: dict[str, read_log.Kept] = {}

    def inner():
        read_log.note(OF_FIRST, lambda: 1)
        return "inner"

    def outer():
        read_log.note(OF_SECOND, lambda: 2)
        return f"outer of {read_log.once(found, 'inner', inner)}"

    return {"inner": lambda: read_log.once(found, "inner", inner), "outer": lambda: read_log.once(found, "outer", outer)}


@pytest.mark.parametrize(
    ("before", "after", "questions"),
    [
        ("inner", "inner", {OF_FIRST}),
        ("outer", "outer", {OF_FIRST, OF_SECOND}),
        ("outer", "inner", {OF_FIRST}),
        ("inner", "outer", {OF_FIRST, OF_SECOND}),
        ("inner outer", "outer", {OF_FIRST, OF_SECOND}),  # whose inner was made before it: it has its read all the same
        ("outer", "inner outer inner", {OF_FIRST, OF_SECOND}),
    ],
)
def test_a_chapter_notes_the_reads_of_what_one_before_has_made(kept, noting, before, after, questions):
    for name in before.split():
        kept[name]()
    read_log.begin()
    noting.unlink()
    said = [kept[name]() for name in after.split()]
    assert said == [{"inner": "inner", "outer": "outer of inner"}[name] for name in after.split()]
    assert set(read_log.noted(noting)) == questions
    assert len(noting.read_text("utf-8").splitlines()) == len(questions)  # each once


def test_what_was_made_while_nothing_was_noted_is_made_again(kept, noting, monkeypatch):
    file = read_log.os.environ.pop(read_log.VARIABLE)
    kept["outer"]()
    monkeypatch.setenv(read_log.VARIABLE, file)
    kept["outer"]()
    assert set(read_log.noted(noting)) == {OF_FIRST, OF_SECOND}


def test_what_could_not_be_made_leaves_its_reads_with_what_asked(noting):
    found: dict[str, read_log.Kept] = {}

    def broken():
        read_log.note(OF_FIRST, lambda: 1)
        raise ValueError("it is broken")

    def asking():
        with pytest.raises(ValueError, match="it is broken"):
            read_log.once(found, "broken", broken)
        return "asked"

    read_log.once(found, "asking", asking)
    read_log.begin()
    noting.unlink()
    assert read_log.once(found, "asking", asking) == "asked"
    assert set(read_log.noted(noting)) == {OF_FIRST}
