"""The demo is drawn part by part: what is drawn does not depend on the parts, and memory hardly on the size of the province."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_briefs import demo
from city_briefs.demo import draws, staged
from city_briefs.demo.draws import Draws
from city_briefs.demo.events import calendar
from city_briefs.demo.province import Province, gansu
from tests.helpers import memory

PROVINCE = Province(*gansu(14), range(2016, 2023), 0.01, 2021)
DRAWS = {
    "shares": (Draws.shares, Draws.shares),
    "steps": (None, lambda stream, count: stream.steps(count)),
    "picks": (None, lambda stream, count: stream.picks((1, 2, 3), count)),
    "happens": (None, lambda stream, count: stream.happens(0.3, count)),
    "waits": (None, lambda stream, count: stream.waits(0.5, count)),
    "around": (None, lambda stream, count: stream.around(100, 0.5, count)),
    "between": (*[lambda stream, count: stream.between(-40, 90, count)] * 2,),
}
DRAIN = """
import sys
from city_briefs import demo
from city_briefs.demo.province import WHOLE, Province, gansu
from tests.helpers import memory
count = int(sys.argv[1])
memory.tell(sum(len(rows) for _, rows in demo.parts(Province(*gansu(14), range(2016, 2023), count / WHOLE, 2021), count)))
"""
MORE_AT_MOST = 128 << 10  # KiB


@pytest.mark.parametrize("name", DRAWS)
@settings(max_examples=40)
@given(sizes=st.lists(st.integers(0, 9), max_size=9), before=st.integers(0, 3), part=st.integers(1, 4))
def test_what_is_drawn_later_in_parts_is_what_is_drawn_at_once(name, sizes, before, part):
    set_aside, draw = DRAWS[name]
    at_once, later = Draws(7, name), Draws(7, name)
    for stream in (at_once, later):
        stream.between(0, 5, before)  # a number of 32 bits may wait in the stream
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "PART", 2 * part)
        stretch = later.later(sum(sizes), set_aside)
    again = stretch.again()
    expected = draw(at_once, sum(sizes)).tolist()
    assert [value for size in sizes for value in draw(stretch, size).tolist()] == expected
    assert draw(again, sum(sizes)).tolist() == expected
    assert later.shares(3).tolist() == at_once.shares(3).tolist()
    assert later.steps(3).tolist() == at_once.steps(3).tolist()


@given(rows=st.sets(st.integers(0, 99)), part=st.integers(1, 60))
def test_what_is_drawn_for_some_rows_is_what_they_have_among_all(rows, part):
    some = np.array(sorted(rows), int)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "PART", 2 * part)
        drawn = draws.drawn_at(some, 100, Draws(7, "x").later(100, Draws.shares).shares)
    assert drawn.tolist() == Draws(7, "x").shares(100)[some].tolist()


@given(first=st.integers(0, 800), days=st.integers(0, 60))
def test_all_events_of_some_days_are_between_the_numbers_that_are_told(first, days):
    stream = Draws(7, "x")
    planned = calendar(PROVINCE, stream, {2016: 40, 2017: 300})
    day = planned.at(np.arange(planned.count), stream.shares(planned.count)).day
    first_day = planned.first_day - 30 + first
    start, end = planned.between(first_day, first_day + days)
    assert set(np.flatnonzero((day >= first_day) & (day <= first_day + days))) <= set(range(start, end))


@pytest.mark.parametrize("cities", [14, 22])
def test_the_bytes_do_not_depend_on_the_parts(tmp_path, monkeypatch, cities):
    size = {"entities": 4_000, "cities": cities, "years": (2021, 2022)}
    whole = demo.write(tmp_path / "whole", **size)
    monkeypatch.setattr(draws, "PART", 1_002)
    monkeypatch.setattr(staged, "MOST_HELD", 900)
    monkeypatch.setattr(staged, "ROW_GROUP", 700)
    parts = demo.write(tmp_path / "parts", **size)
    assert {file.name: file.read_bytes() for file in whole.path.iterdir()} == {
        file.name: file.read_bytes() for file in parts.path.iterdir()
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts", "whole"]


def test_ten_times_the_entities_take_hardly_more_memory():
    small, large = (memory.measured(DRAIN, count) for count in (200_000, 2_000_000))
    assert large[0] > 8 * small[0] > 0, (small[1], large[1])
    assert large[2] - small[2] < MORE_AT_MOST
