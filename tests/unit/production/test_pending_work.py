"""The order in which a build gives out what is left to do."""

from concurrent.futures import Future
from itertools import pairwise

import nbformat
import pytest

from city_briefs.common.periods import Period
from city_briefs.production.build import chapter_store
from city_briefs.production.build.outcome import Execution
from city_briefs.production.build.pending_work import PendingWork
from city_briefs.production.build.worker_pool import Job, chosen_job
from city_briefs.production.packs.packs_toml import packs
from city_briefs.production.packs.plan import Chapter, SnapshotRef, plan

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
    (tmp_path / "reads").touch()
    for request in requests:
        for place, chapter in enumerate(request.chapters):
            longer = 10 if request.region == cities[1] else 1
            before, any_notebook = chapter_store.before_run(chapter), nbformat.v4.new_notebook()
            chapter_store.keep(chapter, any_notebook, tmp_path / "reads", place * longer, before)
    return requests


def given(work):
    """What is given out until nothing is left without a result: city and name of each chapter."""
    return [(job.region.code, job.name) for job in all_of(work)]


def all_of(work):
    """What one process that is done with each job at once is given."""
    return iter(lambda: work.next([], 1), None)


def test_the_longest_pack_is_first_and_of_each_the_longest_chapter_and_a_shared_chapter_runs_once(requests):
    first, second = (request.region.code for request in requests if request.pack is PACK)
    longest_first = PACK.chapters[::-1]
    expected = [(code, name) for code in (second, first) for name in longest_first]
    assert given(PendingWork(requests, unchanged, fresh=True)) == expected


def test_a_pack_goes_before_chapters_as_soon_as_its_own_are_there(requests):
    work = PendingWork(requests, unchanged, fresh=True)
    jobs = [work.next([], 1) for _ in PACK.chapters]
    for chapter in jobs:
        work.ran(Execution(chapter, 1.0))
    assert [job.request.pack.id for job in (work.next([], 1), work.next([], 1))] == ["city-brief", "city-twin"]
    assert work.next([], 1).region.code == requests[0].region.code


def test_what_stands_is_not_given_out_again(requests):
    work = PendingWork(requests, unchanged, fresh=False)
    assert not work.executes
    assert {job.request.id for job in all_of(work)} == {request.id for request in requests}


def test_chapters_are_executed_when_none_is_left_and_none_is_in_hand(requests):
    work = PendingWork(requests[:1], unchanged, fresh=True)
    states = []
    for _ in PACK.chapters:
        before = work.is_executed([])
        chapter = work.next([], 1)
        states.append((before, work.is_executed([chapter])))
        work.ran(Execution(chapter, 1.0))
    assert states == [(False, False)] * len(PACK.chapters)
    assert work.is_executed([]) and work.is_executed([work.next([], 1)])


def test_each_process_has_two_chapters_and_two_packs_and_no_more(requests):
    work, given = PendingWork(requests, unchanged, fresh=True), []
    while job := work.next(given, 2):
        given.append(job)
    assert [job.region.code for job in given] == [requests[-1].region.code, requests[0].region.code] * 2
    for chapter in [chapter for request in requests for chapter in request.chapters]:
        work.ran(Execution(chapter, 1.0))
    packs = []
    while job := work.next([*given, *packs], 1):
        packs.append(job)
    assert len(packs) == 2
    assert work.next([*given, *packs[1:]], 1).request not in [job.request for job in packs]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_all_chapters_of_a_region_are_run_by_one_process_before_its_pack_is_made_but_for_the_last_ones(real, tmp_path, processes):
    cities = real.regions.cities[:7]
    source = SnapshotRef(real.path, real.stamp)
    requests = plan([PACK], real.regions, cities, [Period(2011)], source=source, out=tmp_path, formats=("html",))
    work, ran, order = PendingWork(requests, unchanged, fresh=True), {}, []
    waiting, regions, in_hand = [], [""] * processes, {}
    clock = iter(range(1000))
    while True:
        while job := work.next([*(one.given[0] for one in waiting), *(one.given[0] for _, one in in_hand.values())], processes):
            waiting.append(Job(Future(), None, (job,), job.region.code if isinstance(job, Chapter) else ""))
        for place in set(range(processes)) - in_hand.keys():
            if waiting:
                chosen = chosen_job(waiting, regions, place)
                waiting.remove(chosen)
                regions[place] = chosen.region or regions[place]
                in_hand[place] = next(clock) + len(chosen.region) % 5, chosen
        if not in_hand:
            break
        place = min(in_hand, key=lambda place: in_hand[place][0])
        _, done = in_hand.pop(place)
        order.append((place, done.region))
        if done.region:
            ran.setdefault(done.region, set()).add(place)
            work.ran(Execution(done.given[0], 1.0))
    assert len(order) == len(cities) * (len(PACK.chapters) + 1)
    assert sum(len(places) > 1 for places in ran.values()) < processes
    kernels = sum(
        region not in ("", before)
        for place in range(processes)
        for before, region in pairwise(["", *(one for where, one in order if where == place)])
    )
    assert kernels <= len(cities) + processes - 1  # one for each region, and for each process that has helped with the last
