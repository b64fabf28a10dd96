"""The order in which a build gives out what is left to do."""

import nbformat
import pytest

from city_briefs.common.periods import Period
from city_briefs.production.build import chapter_store
from city_briefs.production.build.outcome import Execution
from city_briefs.production.build.scheduler import Work
from city_briefs.production.packs.packs_toml import packs
from city_briefs.production.packs.plan import SnapshotRef, plan

PACK = packs()["city-brief"]
TWIN = PACK.model_copy(update={"id": "city-twin", "chapters": PACK.chapters[:2]})  # of chapters that the other has too


def unchanged(asked):
    return []


@pytest.fixture
def requests(real, tmp_path):
    """The packs of two cities; each chapter once took as many seconds as its place in the pack, in the second city ten times that."""
    cities = real.regions.cities[:2]
    source, out = SnapshotRef(real.path, real.stamp), tmp_path / "outputs"
    requests = plan([PACK, TWIN], real.regions, cities, [Period(2011)], source=source, out=out, formats=("html",))
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "any.ipynb")
    (tmp_path / "reads").touch()
    for request in requests:
        for place, chapter in enumerate(request.chapters):
            longer = 10 if request.region == cities[1] else 1
            chapter_store.keep(
                chapter, tmp_path / "any.ipynb", tmp_path / "reads", place * longer, chapter_store.before_run(chapter)
            )
    return requests


def given(work):
    """What is given out until nothing is left without a result: city and name of each chapter."""
    return [(job.region.code, job.name) for job in iter(work.next, None)]


def test_the_longest_pack_is_first_and_of_each_the_longest_chapter_and_a_shared_chapter_runs_once(requests):
    first, second = (request.region.code for request in requests if request.pack is PACK)
    longest_first = PACK.chapters[::-1]
    expected = [(code, name) for code in (second, first) for name in longest_first]
    assert given(Work(requests, unchanged, fresh=True)) == expected


def test_a_pack_goes_before_chapters_as_soon_as_its_own_are_there(requests):
    work = Work(requests, unchanged, fresh=True)
    jobs = [work.next() for _ in PACK.chapters]
    for chapter in jobs:
        work.ran(Execution(chapter, 1.0))
    assert [job.request.pack.id for job in (work.next(), work.next())] == ["city-brief", "city-twin"]
    assert work.next().region.code == requests[0].region.code


def test_what_stands_is_not_given_out_again(requests):
    work = Work(requests, unchanged, fresh=False)
    assert not work.executes
    assert {job.request.id for job in iter(work.next, None)} == {request.id for request in requests}
