"""Definitions that were found right are not looked at again, until one of them or what it rests on is another."""

from dataclasses import replace

import pytest

from city_briefs.analysis.compute import definitions
from city_briefs.common import source_hash
from city_briefs.common.errors import DefinitionError
from city_briefs.metrics.business_environment import new_enterprises, new_entities
from city_briefs.model import expression_rules
from city_briefs.model.metric import flow
from city_briefs.model.tables import ENTITIES

OWNER = "登记注册处"
NAMED = object()


def counted(where):
    def tried(rows):
        """口径。"""
        return rows.count(where=where(rows))

    return flow(ENTITIES, on="registered_on", label="试", label_en="tried", unit="户")(tried)


@pytest.fixture
def looked_at(monkeypatch):
    """The metrics whose expressions were looked at."""
    look, found = expression_rules.check, []
    monkeypatch.setattr(expression_rules, "check", lambda metric: (found.append(metric), look(metric)))
    return found


def test_what_was_found_right_is_looked_at_once(tmp_path, looked_at):
    for _ in range(2):
        definitions.check([new_entities, new_enterprises], tmp_path)
        assert looked_at == [new_entities, new_enterprises]
    definitions.check([new_enterprises], tmp_path)
    assert looked_at == [new_entities, new_enterprises]
    definitions.check([new_entities], None)
    assert looked_at == [new_entities, new_enterprises, new_entities]


def test_those_that_were_noted_before_stay_until_they_are_too_many(tmp_path, looked_at, monkeypatch):
    monkeypatch.setattr(definitions, "MOST", 2)
    other = replace(new_entities, by=())
    for metric in (new_entities, new_enterprises, new_entities, other, new_entities):
        definitions.check([metric], tmp_path)
    assert looked_at == [new_entities, new_enterprises, other, new_entities]


@pytest.mark.parametrize(
    "another",
    [
        replace(new_entities, by=()),
        replace(new_entities, on="cancelled_on"),
        replace(new_entities, function=new_enterprises.function),
        new_enterprises,
    ],
    ids=["other dimensions", "another day", "another function", "another metric"],
)
def test_another_definition_is_looked_at(tmp_path, looked_at, another):
    definitions.check([new_entities], tmp_path)
    definitions.check([another], tmp_path)
    assert looked_at == [new_entities, another]


@pytest.mark.parametrize("name", ["digest", "lock"])
def test_by_other_code_or_another_lock_it_is_looked_at_again(tmp_path, looked_at, monkeypatch, name):
    definitions.check([new_entities], tmp_path)
    monkeypatch.setattr(source_hash, name, lambda *_: "another")
    definitions.check([new_entities], tmp_path)
    assert looked_at == [new_entities, new_entities]


def test_what_is_wrong_is_told_each_time_and_what_cannot_be_hashed_is_never_noted(tmp_path, looked_at):
    wrong, unhashed = counted(lambda rows: rows.kind == "coop"), counted(lambda rows: rows.entity_id != str(NAMED))
    for _ in range(2):
        with pytest.raises(DefinitionError, match="kind has no word 'coop'"):
            definitions.check([new_entities, wrong], tmp_path)
    assert looked_at == [new_entities, wrong] * 2
    looked_at.clear()
    for _ in range(2):
        definitions.check([unhashed], tmp_path)  # it can be computed, and is refused where it is counted
    assert looked_at == [unhashed] * 2
    assert not list(tmp_path.iterdir())
