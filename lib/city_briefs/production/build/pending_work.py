"""Pending work: what is left to do of a build, and what of it is given out next."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from city_briefs.common.language import chosen
from city_briefs.production.build import chapter_store, fingerprints, up_to_date
from city_briefs.production.build.outcome import Execution, Failure
from city_briefs.production.build.up_to_date import Changed
from city_briefs.production.packs.plan import Chapter, PackInputs, PackRequest

AHEAD = 2  # chapters, and packs, given out for each process, so that none waits for its next; all that are given out are lost with one
# What is said of a chapter whose result someone else has changed between its end and now, in English and in Chinese.
CHANGED = "what it made is not as it was kept. Build it again.", "保留的运行结果已被改动。请重新编制。"


@dataclass(frozen=True)
class IncompletePack:
    """A pack of which chapters stopped, by name: only a draft can be made of it."""

    request: PackRequest
    failures: Mapping[str, Failure]


Job = Chapter | PackInputs | IncompletePack


class PendingWork:
    """What is left to do of a build: chapters that must run, and packs that wait for theirs."""

    def __init__(self, requests: Sequence[PackRequest], changed: Changed, *, fresh: bool) -> None:
        self.fresh = fresh
        self.failures: dict[Chapter, Failure] = {}
        chapters = list(dict.fromkeys(chapter for request in requests for chapter in request.chapters))
        states = up_to_date.of_chapters(chapters, changed, fresh=fresh)
        self.records = {chapter: record for chapter, record in states.records.items() if chapter not in states.due}
        self.seconds: dict[Chapter, float] = {}  # that chapters have taken in this build
        self.before = {request.id: up_to_date.quick(request) for request in requests}  # as it is when the build begins
        self._opened = {request.source.folder: fingerprints.snapshot_opened(request.source) for request in requests}
        before = {chapter: record.seconds for chapter, record in states.records.items()}
        self._chapters: dict[str, deque[Chapter]] = {}  # by the code of their region
        for chapter in _longest_first(requests, set(states.due), before):
            self._chapters.setdefault(chapter.region.code, deque()).append(chapter)
        self._waiting, self._packs = list(requests), deque[PackInputs | IncompletePack]()
        self._release()

    @property
    def executes(self) -> bool:
        """Whether any chapter is left to execute."""
        return bool(self._chapters)

    def is_executed(self, given: Iterable[Job]) -> bool:
        """Return whether no chapter is left to execute, nor among the jobs that are `given` out."""
        return not self._chapters and not any(isinstance(job, Chapter) for job in given)

    def next(self, given: Iterable[Job], jobs: int) -> Job | None:
        """What to do next: assemble a pack whose chapters are there, else execute a chapter; None when nothing is to be given out now.

        Chapters are those of as many regions at a time as there are processes, so that each goes on with its own (`worker_pool`):
        the next is of the region of which the fewest are `given` out. Another region begins when the last chapter of one is executed.
        """
        most, given = AHEAD * jobs, list(given)
        counts = Counter(job.region.code for job in given if isinstance(job, Chapter))
        if self._packs and len(given) - counts.total() < most:
            return self._packs.popleft()
        ending = sum(count > 1 for region, count in counts.items() if region not in self._chapters)
        regions = list(islice(self._chapters, max(1, jobs - ending)))
        if not regions or counts.total() >= most:
            return None
        region = min(regions, key=counts.__getitem__)
        chapter = self._chapters[region].popleft()
        if not self._chapters[region]:
            del self._chapters[region]
        return chapter

    def ran(self, done: Execution) -> None:
        """A chapter was executed, or stopped."""
        self.seconds[done.chapter] = done.seconds
        record = None if done.failure else chapter_store.find(done.chapter)
        if record:
            self.records[done.chapter] = record
        else:
            self.failures[done.chapter] = done.failure or Failure(chosen(*CHANGED), "ChangedMeanwhile")
        self._release()

    def replaced(self, request: PackRequest) -> bool:
        """Whether another snapshot lies by now where that of a pack was opened."""
        before = self._opened[request.source.folder]
        return before is None or before != fingerprints.snapshot_opened(request.source)

    def _release(self) -> None:
        """Let the packs go on whose chapters have all been executed or stopped."""
        over = self.records.keys() | self.failures.keys()
        free = [request for request in self._waiting if over >= set(request.chapters)]
        self._waiting = [request for request in self._waiting if request not in free]
        for request in free:
            stopped = {chapter.name: self.failures[chapter] for chapter in request.chapters if chapter in self.failures}
            inputs = IncompletePack(request, stopped) if stopped else up_to_date.inputs_of(request, self.records)
            self._packs.append(inputs)


def _longest_first(requests: Sequence[PackRequest], due: set[Chapter], seconds: Mapping[Chapter, float]) -> list[Chapter]:
    """The chapters that must run, each once: pack by pack, so that packs come out from the start, the longest of each first."""
    packs = [[chapter for chapter in request.chapters if chapter in due] for request in requests]
    packs.sort(key=lambda chapters: -sum(seconds.get(chapter, 0) for chapter in chapters))
    ordered = (sorted(chapters, key=lambda chapter: -seconds.get(chapter, 0)) for chapters in packs)
    return list(dict.fromkeys(chapter for chapters in ordered for chapter in chapters))
