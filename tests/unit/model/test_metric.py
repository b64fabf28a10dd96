"""A metric says everything of itself, once."""

from dataclasses import replace

import pytest

from city_briefs.common.errors import UsageError
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import enterprise_share_of_new, new_enterprises, new_entities
from city_briefs.metrics.safety import hazards_overdue, overdue_hazards
from city_briefs.model.catalogue import Catalogue
from city_briefs.model.metric import flow, needed
from city_briefs.model.tables import ENTITIES, PATENTS

CARD = {"label": "案件", "label_en": "cases", "unit": "起", "decimals": 0, "better": "neutral", "owner": "执法处"}


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_field_is_filled(metric):
    assert all((metric.label, metric.label_en, metric.unit, metric.owner, metric.definition, metric.subject))
    assert metric.better in ("higher", "lower", "neutral")


def test_a_metric_is_of_the_subject_that_its_module_begins_with():
    assert (new_entities.subject, CATALOGUE["direct_units"].subject) == ("营商环境", "省局机关")


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


def test_a_metric_is_a_whole_number_without_direction_unless_it_says_otherwise_and_its_module_names_the_owner(monkeypatch):
    words = {name: CARD[name] for name in ("label", "label_en", "unit")}

    def defined(**card):
        @flow(ENTITIES, on="registered_on", **words, **card)
        def cases(rows):
            """件数。"""
            return rows.count()

        return cases.decimals, cases.better, cases.owner

    with pytest.raises(TypeError, match=r"^cases has no owner. Name one, or let the module have a constant OWNER.$"):
        defined()
    monkeypatch.setitem(globals(), "OWNER", "登记处")
    assert defined() == (0, "neutral", "登记处")
    assert defined(decimals=1, better="lower", owner="执法处") == (1, "lower", "执法处")


def test_an_id_stands_once():
    with pytest.raises(TypeError, match="The metric new_entities is defined twice"):
        Catalogue([new_entities, new_enterprises, replace(new_entities)])


def test_an_unknown_metric_is_answered_with_the_nearest():
    with pytest.raises(UsageError) as error:
        CATALOGUE.find("new_entity")
    assert str(error.value) == "There is no metric 'new_entity'. Did you mean new_entities?"


def test_a_ratio_needs_its_halves_and_each_is_there_once():
    assert needed([new_entities, enterprise_share_of_new]) == [new_entities, new_enterprises, enterprise_share_of_new]


OTHER = {
    "id": "new_firms", "form": "stock", "label": "新企业", "unit": "家", "decimals": 1, "better": "neutral", "definition": "件数。",
    "rows": PATENTS, "on": "cancelled_on", "until": "cancelled_on", "per": 10, "span": "as_of", "function": new_entities.function,
}  # fmt: skip
SAME = {"label_en": "firms", "owner": "执法处", "by": ("kind",)}


@pytest.mark.parametrize("field", OTHER)
def test_the_hash_follows_all_that_defines_a_metric(field):
    assert replace(new_enterprises, **{field: OTHER[field]}).hash != new_enterprises.hash


@pytest.mark.parametrize("field", SAME)
def test_the_hash_leaves_out_what_does_not(field):
    assert replace(new_enterprises, **{field: SAME[field]}).hash == new_enterprises.hash


def test_the_hash_follows_constants_halves_and_rows_that_are_derived():
    def of_share():
        return replace(enterprise_share_of_new).hash

    before, overdue = of_share(), hazards_overdue.hash
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("city_briefs.metrics.business_environment.OTHER_KINDS", ("self_employed",))
        assert replace(new_enterprises).hash != new_enterprises.hash
        patch.setattr("city_briefs.metrics.business_environment.new_enterprises", replace(new_enterprises))
        assert of_share() != before
    others = replace(overdue_hazards, function=new_entities.function)
    assert replace(hazards_overdue, rows=others).hash != overdue
    assert len({metric.hash for metric in CATALOGUE.values()}) == len(CATALOGUE)
