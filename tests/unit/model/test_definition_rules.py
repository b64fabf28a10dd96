"""A metric that is defined wrongly is one sentence that names it, before anything is counted."""

import ibis
import pytest

from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.common.errors import DefinitionError
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_enterprises, new_entities
from city_briefs.model import evaluation, expression_rules
from city_briefs.model.catalogue import Catalogue
from city_briefs.model.metric import Metric, derived, distinct, flow, maximum, ratio, stock
from city_briefs.model.tables import ENTITIES, INSPECTIONS

OWNER = "登记注册处"
CARD = {"label": "试", "label_en": "tried", "unit": "户"}
WHERE = "tried in test_definition_rules.py: "
NO_COOP = "kind has no word 'coop'; it has enterprise, self_employed, cooperative. Did you mean cooperative?"
NO_WHERE = "its condition stands in filter. Write it into where=, as in rows.count(where=…)."
NO_NUMBER = "it returns no number. Write return rows.count(where=…) or a sum."
NO_SUM = "its months do not add up. Count or sum the rows, or define it by @distinct, @maximum, @median or @ratio."


def tried(decorator, expression, **card):
    """A metric of the name tried, after a look at all of it."""

    def tried(rows):
        """口径。"""
        return expression(rows)

    metric = decorator(**CARD | card)(tried)
    expression_rules.check(metric)
    return metric


def of_entities(**fields):
    return flow(ENTITIES, **{"on": "registered_on"} | fields)


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_metric_is_right(metric):
    expression_rules.check(metric)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"unit": "万户"}, "the unit '万户' has a size. The base unit is 户, and 万 or 亿 comes by itself."),
        ({"unit": "亿元"}, "the unit '亿元' has a size. The base unit is 元, and 万 or 亿 comes by itself."),
        ({"unit": "100户"}, "the unit '100户' has a size. The base unit is 户, and 万 or 亿 comes by itself."),
        ({"unit": ""}, 'it has no unit. Write one in quotes, such as unit="户".'),
        ({"label": None}, 'it has no label. Write one in quotes, such as unit="户".'),
        ({"better": "up"}, "better is higher, lower or neutral, not 'up'."),
        ({"better": True}, "better is higher, lower or neutral, not True."),
        ({"decimals": "1"}, "decimals is a whole number from 0 to 6, not '1'."),
        ({"decimals": -1}, "decimals is a whole number from 0 to 6, not -1."),
        ({"decimals": True}, "decimals is a whole number from 0 to 6, not True."),
        ({"by": "kind"}, 'by is a tuple of columns. Write by=("kind",).'),
        ({"by": 3}, 'by is a tuple of columns in quotes, such as by=("kind",), not 3.'),
        ({"by": ("kinds",)}, "entities have no column 'kinds'. Did you mean kind?"),
        ({"by": ["kinds"]}, "entities have no column 'kinds'. Did you mean kind?"),
        ({"by": ("kind", "kind")}, "by has kind twice. Take one out."),
        ({"by": ("converted_from",)}, "the column converted_from has no Chinese name, under which its table would stand. It can be by kind, industry."),
        ({"on": "registred_on"}, "entities have no column 'registred_on'. Did you mean registered_on?"),
        ({"on": "kind"}, "on names a column of days, and kind is none. It can be registered_on, cancelled_on, revoked_on."),
        ({"on": 3}, "on is a column in quotes, not 3."),
        ({"undated": "kind"}, "undated names a column of yes or no, and kind is none."),
        ({"lable": "x"}, "there is no field 'lable'. Did you mean label?"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_one_sentence(fields, sentence):
    with pytest.raises(DefinitionError) as error:
        tried(of_entities, lambda rows: rows.count(), **fields)
    assert str(error.value) == WHERE + sentence


COMPARED = {
    "equal": lambda rows: rows.kind == "coop",
    "turned round": lambda rows: ibis.literal("coop") == rows.kind,
    "not equal": lambda rows: rows.kind != "coop",
    "one of": lambda rows: rows.kind.isin(["enterprise", "coop"]),
    "none of": lambda rows: rows.kind.notin(("coop",)),
    "nested": lambda rows: ~(rows.industry.isnull() | (rows.kind == "coop")) & rows.converted_from.notnull(),
    "filled": lambda rows: rows.kind.fill_null("enterprise") == "coop",
    "by subscript": lambda rows: rows["kind"] == "coop",
    "deferred": lambda rows: ibis._.kind == "coop",
}


@pytest.mark.parametrize("condition", COMPARED.values(), ids=list(COMPARED))
def test_a_word_that_a_column_never_holds_is_named(condition):
    with pytest.raises(DefinitionError) as error:
        tried(of_entities, lambda rows: rows.count(where=condition(rows)))
    assert str(error.value) == WHERE + NO_COOP


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (lambda rows: rows.kind.cases(("coop", 1), else_=0).sum(), NO_COOP),
        (lambda rows: ibis.cases((rows.kind == "coop", 1), else_=0).sum(), NO_COOP),
        (lambda rows: rows.filter(rows.kind == "cooperative").count(), NO_WHERE),
        (lambda rows: rows.filter(rows.kind == "cooperative").kind.count(), NO_WHERE),
        (lambda rows: rows.kind == "cooperative", NO_NUMBER),
        (lambda rows: None, NO_NUMBER),
        (lambda rows: 3, NO_NUMBER),
        (lambda rows: rows.industry.nunique(), NO_SUM),
        (lambda rows: rows.registered_on.year().mean(), NO_SUM),
        (lambda rows: rows.count() / rows.count(), NO_SUM),
        (lambda rows: rows.count(where=rows.knd == "cooperative"), "entities have no column 'knd'. Did you mean kind?"),
        (lambda rows: rows.count(where=rows["knd"] == "cooperative"), "entities have no column 'knd'. Did you mean kind?"),
        (lambda rows: rows.count(where=rows.kind == COOP), "there is no 'COOP'. Define or import it above."),  # noqa: F821
        (lambda rows: rows.count(where=rows.registered_on > 5), "it cannot be computed: Arguments registered_on:!date and Literal(5):int8 are not comparable. Write it as the metrics beside it."),
    ],
)  # fmt: skip
def test_an_expression_that_cannot_be_is_one_sentence(expression, sentence):
    with pytest.raises(DefinitionError) as error:
        tried(of_entities, expression)
    assert str(error.value) == WHERE + sentence


@pytest.mark.parametrize(
    "expression",
    [
        lambda rows: rows.count(where=rows.kind == "cooperative"),
        lambda rows: rows.count(where=rows.kind.isin(["cooperative", "enterprise"])),
        lambda rows: rows.count() - rows.count(where=rows.kind.isnull()),
        lambda rows: rows.count() * 2,
        lambda rows: rows.kind.cases(("cooperative", 1), else_=0).sum(),
    ],
)
def test_what_adds_up_is_taken(expression):
    assert isinstance(tried(of_entities, expression), Metric)


def test_other_forms_return_a_column():
    for decorator in (distinct, maximum):
        with pytest.raises(DefinitionError) as error:
            tried(lambda decorator=decorator, **card: decorator(ENTITIES, on="registered_on", **card), lambda rows: rows.count())
        assert str(error.value) == f"{WHERE}it returns no column of the rows. Write return rows.…, a column."
    with pytest.raises(DefinitionError) as error:
        tried(lambda **card: maximum(ENTITIES, on="registered_on", **card), lambda rows: rows.kind)
    assert str(error.value) == f"{WHERE}it returns a column without numbers."


def test_a_column_of_yes_or_no_is_compared_with_no_text():
    with pytest.raises(DefinitionError) as error:
        tried(lambda **card: flow(INSPECTIONS, on="inspected_on", **card), lambda rows: rows.count(where=rows.published == "yes"))
    assert str(error.value) in (
        f"{WHERE}published is compared with the text 'yes', and holds no text.",
        f"{WHERE}it cannot be computed: Arguments published:boolean and Literal(yes):string are not comparable. "
        "Write it as the metrics beside it.",
    )


def test_what_is_wrong_with_derived_rows_is_named_by_the_metric():
    @derived("在册", ENTITIES)
    def in_force(entities):
        return entities.select("region", "kind", since="registered_on")

    for fields, sentence in (
        ({"on": "from"}, "in_force have no column 'from'. The columns are region, kind, since."),
        ({"on": "kind"}, "on names a column of days, and kind is none. It can be since."),
        ({"on": "since", "by": ("hub",)}, "in_force have no column 'hub'. The columns are region, kind, since."),
    ):
        with pytest.raises(DefinitionError) as error:
            tried(lambda fields=fields, **card: flow(in_force, **fields, **card), lambda rows: rows.count())
        assert str(error.value) == WHERE + sentence


def test_a_decorator_without_what_it_needs_names_the_function():
    for decorated, sentence in (
        (lambda function: flow(ENTITIES, **CARD)(function), "@flow has no 'on'. See docs/analyst.md."),
        (lambda function: stock(ENTITIES, "registered_on", **CARD)(function), "@stock has too many positional arguments. See docs/analyst.md."),
        (flow, "@flow has no brackets. Write @flow(…)."),
    ):  # fmt: skip

        def tried(rows):
            """口径。"""

        with pytest.raises(DefinitionError) as error:
            decorated(tried)
        assert str(error.value) == WHERE + sentence


def test_a_metric_without_docstring_is_named_with_its_file():
    def tried(rows):
        return rows.count()

    with pytest.raises(DefinitionError) as error:
        of_entities(**CARD)(tried)
    assert str(error.value) == "tried has no docstring in test_definition_rules.py. A metric's definition is its docstring."


def test_a_ratio_is_made_of_two_metrics():
    @ratio(**CARD | {"unit": "%"})
    def tried():
        """口径。"""
        return new_entities

    with pytest.raises(DefinitionError) as error:
        _ = tried.pair
    assert str(error.value) == f"{WHERE}it returns no two metrics. Write them as in return new_enterprises / new_entities."


def test_a_label_stands_once():
    same = tried(of_entities, lambda rows: rows.count(), label=new_enterprises.label)
    with pytest.raises(DefinitionError) as error:
        Catalogue([new_enterprises, same])
    assert str(error.value) == "The metrics new_enterprises and tried have the same label 新设企业. Give one another label."


def test_nothing_is_counted_by_a_metric_that_is_defined_wrongly(demo_province):
    def tried(rows):
        """口径。"""
        return rows.count(where=rows.kind == "coop")

    with pytest.raises(DefinitionError) as error:
        Results(demo_province, [of_entities(**CARD)(tried)])
    assert str(error.value) == WHERE + NO_COOP


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("x = ENTITES", "own.py, line 3: name 'ENTITES' is not defined. Did you mean ENTITIES?"),
        ("def f(:", "own.py, line 3: invalid syntax. Mend this line."),
        ("import nothing_here", "own.py, line 3: No module named 'nothing_here'. Mend this line."),
    ],
)
def test_a_module_that_python_cannot_read_is_one_sentence(tmp_path, code, sentence):
    file = tmp_path / "own.py"
    try:
        exec(compile(f"ENTITIES = 1\n\n{code}\n", str(file), "exec"), {})
    except Exception as error:
        assert str(evaluation.unreadable(error)) == sentence


def test_sentences_are_in_the_language_of_messages(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(DefinitionError) as error:
        tried(of_entities, lambda rows: rows.count(where=rows.kind == "coop"))
    assert str(error.value) == (
        "test_definition_rules.py里的tried：kind没有“coop”，只有enterprise, self_employed, cooperative。是否应为“cooperative”？"
    )


def test_a_snapshot_from_before_a_column_has_not_been_sent_it(world, monkeypatch):
    of = world.snapshot(coverage=[], entities=[{"entity_id": "1", "region": "620100", "registered_on": "2021-01-01"}])
    again = snapshot.load(of.path)
    wider = ENTITIES.columns[:-1]
    assert [column.name for column in ENTITIES.columns if column not in wider] == ["industry"]
    narrow = {name: again._stored(ENTITIES).column(name) for name in (column.name for column in wider)}
    monkeypatch.setattr(
        "city_briefs.analysis.snapshot.stored_rows.pq.read_schema", lambda file: type("Schema", (), {"names": list(narrow)})
    )
    assert again._lacking(ENTITIES) == ["industry"]
    assert again.unsent[("entities", "industry")] is None
