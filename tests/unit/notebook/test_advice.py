"""What a check says of calls that go on working and are better replaced; it is no breach."""

import pytest

from city_briefs.notebook import arguments, cells


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("target_bars()", [(1, ": target_bars goes on working; bullets shows more. Write it as in bullets().")]),
        (
            "say(new_entities)\ndistribution(food_pass_rate)",
            [(2, ": distribution goes on working; rates shows more. Write it as in rates(food_pass_rate, overdue_share).")],
        ),
        ("bullets()\nsay(new_entities)", []),
        ("say(distribution)", []),
        ("target_bars(", []),
    ],
)
def test_a_call_that_is_better_replaced_is_named_with_its_line(source, said):
    assert list(cells.advice(source)) == said


def test_what_is_advised_is_a_call_and_takes_what_its_example_says():
    for old, better in cells.BETTER.items():
        assert {old, better} <= set(arguments.CALLS)
        assert not list(cells.faults(f"{old}()" if old == "target_bars" else f"{old}(food_pass_rate)"))
