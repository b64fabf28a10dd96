"""Lines of two editions side by side: pairs of wordings, what came, what went, what only stands elsewhere."""

import pytest

from city_briefs.production.review.rewording import marked, rewritten

ENTITIES, FOOD, SAFETY = "新设立市场主体4.15万户。", "食品抽检合格率97.11%。", "无较大事故。"


@pytest.mark.parametrize(
    ("old", "new", "pairs", "reordered"),
    [
        ([ENTITIES, FOOD], [ENTITIES, "食品抽检合格率97.38%。"], [(FOOD, "食品抽检合格率97.38%。")], []),
        ([ENTITIES, FOOD], [ENTITIES], [(FOOD, None)], []),
        ([ENTITIES], [ENTITIES, FOOD], [(None, FOOD)], []),
        ([ENTITIES], [SAFETY], [(None, SAFETY), (ENTITIES, None)], []),
        ([ENTITIES, FOOD], [FOOD, ENTITIES], [], [FOOD]),
        ([ENTITIES, FOOD, SAFETY], [SAFETY, "食品抽检合格率98%。", ENTITIES], [(FOOD, "食品抽检合格率98%。")], [SAFETY]),
        ([FOOD, FOOD], [FOOD], [(FOOD, None)], []),  # a line that is said twice is no line elsewhere
    ],
)  # fmt: skip
def test_lines_are_paired_by_their_words(old, new, pairs, reordered):
    found = rewritten("summary", old, new)
    assert sorted(map(str, found.pairs)) == sorted(map(str, pairs)) and found.reordered == reordered
    assert found.before == [one for one, _ in found.pairs if one] and found.after == [one for _, one in found.pairs if one]


def test_the_same_lines_do_not_differ():
    assert rewritten("summary", [ENTITIES, FOOD], [ENTITIES, FOOD]) is None


def test_a_number_is_marked_whole():
    assert marked(FOOD, "食品合格率97.18%。") == (
        [("食品", False), ("抽检", True), ("合格率", False), ("97.11%", True), ("。", False)],
        [("食品", False), ("合格率", False), ("97.18%", True), ("。", False)],
    )
