"""The build: chapters are executed and packs assembled in processes, and each pack is put in place whole, or not at all."""

import hashlib
import json
import shutil
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import replace

from city_briefs.common.paths import shown
from city_briefs.production.build import chapter_store, outputs
from city_briefs.production.build.chapter_store import Changed
from city_briefs.production.build.outcome import Execution, Failure, Made, Outcome
from city_briefs.production.packs.plan import Chapter, Source, Task

AHEAD = 2  # jobs given out for each process, so that none waits for its next; more would keep finished packs waiting
CHANGED = "what it made is not as it was kept. Build it again."  # by someone else, between the end of a chapter and now
Job = Chapter | Task
Pool = Callable[[int, bool], Executor]  # of so many processes, and whether they will execute chapters


class Work:
    """What is left to do of a build: chapters that must run, and packs that wait for theirs."""

    def __init__(self, tasks: Sequence[Task], changed: Changed, *, fresh: bool) -> None:
        self.fresh = fresh
        self.failures: dict[Chapter, Failure] = {}
        found = {chapter: chapter_store.find(chapter) for task in tasks for chapter in task.chapters}
        due = {chapter for chapter, record in found.items() if fresh or chapter_store.reasons(chapter, record, changed)}
        kept = {chapter: record for chapter, record in found.items() if record}
        self.records = {chapter: record for chapter, record in kept.items() if chapter not in due}
        self.seconds: dict[Chapter, float] = {}  # that chapters have taken in this build
        self.everything = {task.id: chapter_store.everything(task) for task in tasks}  # as it is when the build begins
        self._opened = {task.source.folder: _opened(task.source) for task in tasks}
        self._chapters = deque(_longest_first(tasks, due, {chapter: record.seconds for chapter, record in kept.items()}))
        self._waiting, self._packs = list(tasks), deque[Task]()
        self._release()

    @property
    def executes(self) -> bool:
        """Whether any chapter is left to execute."""
        return bool(self._chapters)

    def next(self) -> Job | None:
        """What to do next: assemble a pack whose chapters are there, else execute a chapter; None when there is nothing to give out."""
        return self._packs.popleft() if self._packs else self._chapters.popleft() if self._chapters else None

    def ran(self, done: Execution) -> None:
        """A chapter was executed, or stopped."""
        self.seconds[done.chapter] = done.seconds
        record = None if done.failure else chapter_store.find(done.chapter)
        if record:
            self.records[done.chapter] = record
        else:
            self.failures[done.chapter] = done.failure or Failure(CHANGED, "ChangedMeanwhile")
        self._release()

    def failed(self, task: Task) -> dict[str, Failure]:
        """Those of the chapters of a pack that stopped."""
        return {chapter.name: self.failures[chapter] for chapter in task.chapters if chapter in self.failures}

    def replaced(self, task: Task) -> bool:
        """Whether another snapshot lies by now where that of a pack was opened."""
        before = self._opened[task.source.folder]
        return before is None or before != _opened(task.source)

    def _release(self) -> None:
        """Let the packs go on whose chapters have all been executed or stopped."""
        over = self.records.keys() | self.failures.keys()
        free = [task for task in self._waiting if over >= set(task.chapters)]
        self._waiting = [task for task in self._waiting if task not in free]
        for task in free:
            done = not self.failed(task)
            self._packs.append(chapter_store.keyed(task, [self.records[chapter] for chapter in task.chapters]) if done else task)


def _opened(source: Source) -> str | None:
    """The hash of all that a snapshot says of itself; None when it is not the one that was opened."""
    try:
        said = (source.folder / "snapshot.json").read_bytes()
        return hashlib.sha256(said).hexdigest() if json.loads(said)["id"] == source.stamp["id"] else None
    except (OSError, ValueError, KeyError):
        return None


def _longest_first(tasks: Sequence[Task], due: set[Chapter], seconds: dict[Chapter, float]) -> list[Chapter]:
    """The chapters that must run, each once: pack by pack, so that packs come out from the start, the longest of each first."""
    packs = [[chapter for chapter in task.chapters if chapter in due] for task in tasks]
    packs.sort(key=lambda chapters: -sum(seconds.get(chapter, 0) for chapter in chapters))
    ordered = (sorted(chapters, key=lambda chapter: -seconds.get(chapter, 0)) for chapters in packs)
    return list(dict.fromkeys(chapter for chapters in ordered for chapter in chapters))


def standing(task: Task) -> Outcome | None:
    """The outcome of a pack that stands and of which nothing has changed, as quickly as can be said; None of any other."""
    settled = chapter_store.settled(task)
    return _kept(settled) if settled else None


def build(
    tasks: Sequence[Task], pool: Pool, jobs: int, changed: Changed, *, fresh: bool = False
) -> Generator[Outcome, None, None]:
    """The outcome of every task, as it comes; `pool` gives so many processes that work on them.

    `changed` says what of the reads of a chapter is another now.
    """
    work = Work(tasks, changed, fresh=fresh)
    suspects: list[Job] | None = None if tasks else []
    while suspects is None or suspects:
        suspects = yield from _together(work, pool, jobs)
        for job in suspects:  # a process died and took the others' work with it: each once more, alone, to tell which it was
            with pool(1, isinstance(job, Chapter)) as executor:
                future = _submit(executor, job, work)
                wait([future])
                yield from _over(work, _died(job) if isinstance(future.exception(), BrokenExecutor) else future.result())


def _together(work: Work, pool: Pool, jobs: int) -> Generator[Outcome, None, list[Job]]:
    """Do all that can be done; what was in hand when a process died is returned."""
    given: dict[Future[Execution | Made], Job] = {}
    broken: list[Job] = []
    with pool(jobs, work.executes) as executor:
        try:
            while not broken:
                while len(given) < AHEAD * jobs and (job := work.next()):
                    if isinstance(job, Task) and job.key and not work.fresh and (kept := _kept(job)):
                        _settle(work, job)
                        yield kept
                    else:
                        given[_submit(executor, job, work)] = job
                if not given:
                    break
                done, _ = wait(given, return_when=FIRST_COMPLETED)
                broken = [given[future] for future in done if isinstance(future.exception(), BrokenExecutor)]
                for future in done if not broken else ():
                    del given[future]
                    yield from _over(work, future.result())
            if broken:
                wait(given)
        finally:  # when interrupted: what is in hand is finished, and packs are put in their place; the others are dropped
            left = {future: job for future, job in given.items() if not future.cancel()}
            wait(left)
            broken = [job for future, job in left.items() if isinstance(future.exception(), BrokenExecutor)]
            last = [future.result() for future in left if not future.exception()]
            outcomes = [outcome for done in last for outcome in _over(work, done)]
    yield from outcomes
    return broken


def _submit(executor: Executor, job: Job, work: Work) -> "Future[Execution | Made]":
    if isinstance(job, Chapter):
        return executor.submit(_execute, job)
    return executor.submit(_assemble, job, work.failed(job))


def _execute(chapter: Chapter) -> Execution:
    from city_briefs.production.build.run_chapter import (
        execute,  # as below: what a build needs that has nothing to do should not wait for papermill
    )

    return execute(chapter)


def _assemble(task: Task, failures: dict[str, Failure]) -> Made:
    from city_briefs.production.build.make_pack import assemble

    return assemble(task, failures)


def _died(job: Job) -> Execution | Made:
    if isinstance(job, Chapter):
        return Execution(job, 0.0, Failure("the process that ran it died. Build it again.", "BrokenProcessPool"))
    return Made(job, None, {}, 0.0, f"{job.name}: the process that made {job.pack.id} died. Build it again.")


def _kept(task: Task) -> Outcome | None:
    """The outcome of a pack that would be made again as it stands."""
    files = outputs.kept(task, task.key)
    if files is None:
        return None
    outputs.clear(task)
    return Outcome(task, "kept", tuple(files))


def _over(work: Work, done: Execution | Made) -> Iterator[Outcome]:
    """What follows when a job is over: the outcome of a pack, nothing yet of a chapter."""
    if isinstance(done, Made):
        if not done.error and work.replaced(done.task):
            place = shown(done.task.source.folder)
            done = replace(
                done, error=f"{done.task.name}: {done.task.pack.id} was not made: {place} was replaced meanwhile. Build it again."
            )
        outcome = finish(done)
        if outcome.status == "built":
            _settle(work, done.task)
        spent = sum(work.seconds.get(chapter, 0.0) for chapter in done.task.chapters)
        yield replace(outcome, seconds=outcome.seconds + spent)
    else:
        work.ran(done)


def _settle(work: Work, task: Task) -> None:
    """Keep word of what a pack was made from, unless something of it was changed while it was made."""
    if chapter_store.everything(task) == work.everything[task.id]:
        with suppress(OSError):
            chapter_store.settle(task)


def finish(made: Made) -> Outcome:
    """Put a pack in its place, one at a time and not to be interrupted; of a failed one the edition before stays as it is."""
    error, trace = made.error, made.trace
    try:
        if made.folder and not error:
            with _undisturbed():
                files = outputs.place(made.task, made.folder, made.entry)
            return Outcome(made.task, "built", tuple(files), made.seconds)
        outputs.leave(made.task, made.folder)
    except OSError as fault:
        error, trace = f"{made.task.name}: {made.task.pack.id} could not be put in its place: {fault}.", None
        outputs.leave(made.task, None)
    finally:
        if made.folder:
            shutil.rmtree(made.folder, ignore_errors=True)
    return Outcome(made.task, "failed", seconds=made.seconds, error=error, trace=trace)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM for the moment in which files are moved, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
