"""Figures that two editions of a pack do not state alike."""

import pytest

from city_briefs.production.editions.figure_diff import moved

CARD = {
    "id": "new_entities",
    "label": "新设立市场主体",
    "unit": "户",
    "definition": "登记的户数。",
    "owner": "登记处",
    "hash": "a",
}


def stated(text, value, *, refused=None, view="value", region="620100", year=2021, **asked):
    said = {"metric": "new_entities", "view": view, "region": region, "year": year, "through": 12, "unit": "户"}
    return said | {"text": text, "value": value, "refused": refused} | asked


def block(*figures, **card):
    return {"figures": list(figures), "metrics": [CARD | card]}


def said(before, after):
    return [(one.view, one.region, one.year, one.part, one.before, one.after) for one in moved(before, after)]


def test_figures_that_stay_are_not_named_wherever_they_stand():
    one, other = stated("3户", 3), stated("增长2.0%", 2.0, view="yoy")
    assert moved([block(one), block(other, one)], [block(other), block(one)]) == []


def test_a_figure_that_moved_is_named_once_with_what_both_say():
    before, after = stated("3453户", 3453), stated("3460户", 3460)
    [one] = moved([block(before), block(before)], [block(after), block(after)])
    assert one.record() == {
        "metric": "new_entities", "label": "新设立市场主体", "view": "value", "region": "620100", "year": 2021, "through": 12,
        "span": "", "area": "", "base": "", "by": "", "part": "", "unit": "户", "before": "3453户", "after": "3460户",
        "value_before": 3453, "value_after": 3460, "redefined": False,
    }  # fmt: skip


def test_parts_years_and_regions_are_figures_of_their_own():
    of_part = [stated("3户", 3, by="kind", part="cooperative"), stated("9户", 9, year=2020), stated("5户", 5, region="620200")]
    moved_part = [of_part[0] | {"text": "4户", "value": 4}, of_part[1], of_part[2] | {"text": "6户", "value": 6}]
    assert said([block(*of_part)], [block(*moved_part)]) == [
        ("value", "620100", 2021, "cooperative", "3户", "4户"),
        ("value", "620200", 2021, "", "5户", "6户"),
    ]


def test_what_is_stated_no_longer_comes_after_what_is_new_and_a_refusal_is_said_by_its_reason():
    gone, growth = stated("第1位", 1, view="rank"), stated("增长2.0%", 2.0, view="yoy")
    refused = stated("—", None, view="yoy", refused="上年同期为零，不计算增幅")
    assert said([block(gone, growth)], [block(refused, stated("3户", 3))]) == [
        ("yoy", "620100", 2021, "", "增长2.0%", "上年同期为零，不计算增幅"),
        ("value", "620100", 2021, "", None, "3户"),
        ("rank", "620100", 2021, "", "第1位", None),
    ]


def test_a_value_that_moved_below_its_last_decimal_is_named():
    [one] = moved([block(stated("97.9%", 97.91))], [block(stated("97.9%", 97.92))])
    assert (one.before, one.after, one.value_before, one.value_after) == ("97.9%", "97.9%", 97.91, 97.92)


@pytest.mark.parametrize(
    ("before", "after", "redefined"),
    [
        ({"hash": "2:a"}, {"hash": "2:a"}, False),
        ({"hash": "2:a"}, {"hash": "2:b"}, True),
        ({"hash": "a"}, {"hash": "b"}, True),  # of the first scheme, both
        ({"hash": "a"}, {"hash": "2:b"}, False),
        ({"hash": "a"}, {"hash": "2:b", "definition": "立案的起数。"}, True),
        ({"hash": "a"}, {"hash": "2:b", "label": "立案"}, True),
        ({"hash": "a"}, {"hash": "2:b", "unit": "件"}, True),
        ({"hash": "a"}, {"hash": "2:b", "owner": "执法处"}, False),
    ],
)
def test_a_definition_is_another_by_its_hash_and_where_the_schemes_differ_by_its_words(before, after, redefined):
    [one] = moved([block(stated("3户", 3), **before)], [block(stated("4户", 4), **after)])
    assert one.redefined is redefined
