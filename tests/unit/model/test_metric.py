"""A metric says everything of itself, once."""

from dataclasses import replace
from types import ModuleType

import pytest

from city_briefs.common.errors import UsageError
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import enterprise_share_of_new, new_enterprises, new_entities
from city_briefs.model.metric import Catalogue, flow, needed
from city_briefs.model.tables import ENTITIES

CARD = {"label": "案件", "label_en": "cases", "unit": "起", "decimals": 0, "better": "neutral", "owner": "执法处"}


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_field_is_filled(metric):
    assert all((metric.label, metric.label_en, metric.unit, metric.owner, metric.definition))
    assert metric.better in ("higher", "lower", "neutral")


def test_a_metric_is_named_by_its_function_and_defined_by_its_docstring():
    @flow(ENTITIES, on="registered_on", **CARD)
    def cases(rows):
        """报告期内结案的件数。"""
        return rows.count()

    assert (cases.id, cases.definition, cases.form) == ("cases", "报告期内结案的件数。", "flow")


def test_a_metric_without_a_definition_cannot_be_written():
    with pytest.raises(TypeError, match="cases has no docstring"):

        @flow(ENTITIES, on="registered_on", **CARD)
        def cases(rows):
            return rows.count()


def test_an_id_stands_once():
    def module(name):
        @flow(ENTITIES, on="registered_on", **CARD)
        def cases(rows):
            """件数。"""
            return rows.count()

        made = ModuleType(name)
        made.cases = cases
        return made

    with pytest.raises(TypeError, match="the metric cases is defined twice"):
        Catalogue(module("one"), module("two"))


def test_an_unknown_metric_is_answered_with_the_nearest():
    with pytest.raises(UsageError) as error:
        CATALOGUE.find("new_entity")
    assert str(error.value) == "There is no metric 'new_entity'. Did you mean new_entities?"


def test_a_ratio_needs_its_halves_and_each_is_there_once():
    assert needed([new_entities, enterprise_share_of_new]) == [new_entities, new_enterprises, enterprise_share_of_new]


def test_the_hash_follows_the_definition():
    def cases(body):
        @flow(ENTITIES, on="registered_on", **{**CARD, "label": body})
        def cases(rows):
            """件数。"""
            return rows.count()

        return cases

    before = new_enterprises.hash
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("city_briefs.metrics.business_environment.OTHER_KINDS", ("self_employed",))
        assert replace(new_enterprises).hash != before
    assert cases("案件").hash == cases("案件").hash != cases("个案").hash
    assert len({metric.hash for metric in CATALOGUE.values()}) == len(CATALOGUE)
