"""The build: chapters are executed and packs assembled in processes, and each pack is put in place whole, or not at all."""

import faulthandler
import shutil
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue

from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.production.build import outputs, up_to_date
from city_briefs.production.build.outcome import BuiltPack, Execution, FailedPack, Failure, PackOutcome
from city_briefs.production.build.pending_work import IncompletePack, Job, PendingWork
from city_briefs.production.build.up_to_date import Changed, Freshness
from city_briefs.production.packs.plan import Chapter, PackInputs, PackRequest

MAKING = 1200  # seconds for the documents of a pack, after which their process is ended; the largest take a minute
Done = Execution | BuiltPack | FailedPack
Pool = Callable[[int, bool], Executor]  # of so many processes, and whether they will execute chapters


def at_once(requests: Sequence[PackRequest], *, fresh: bool) -> tuple[list[PackOutcome], list[PackRequest]]:
    """The outcomes of packs that are up to date, and of those whose editions before are not as they were issued; the packs left to do.

    With `fresh` no pack is up to date.
    """
    done, pending = [], []
    for request in requests:
        try:
            freshness = up_to_date.at_once(request)
        except DataError as error:
            done.append(finish(FailedPack(request, f"{request.name}{chosen(': ', '：')}{error}")))
            continue
        if freshness and not fresh:
            done.append(_keep(request, freshness))
        else:
            pending.append(request)
    return done, pending


def build(
    requests: Sequence[PackRequest], pool: Pool, jobs: int, changed: Changed, *, fresh: bool = False
) -> Generator[PackOutcome, None, None]:
    """The outcome of every request, as it comes; `pool` gives so many processes that work on them.

    `changed` says what of the reads of a chapter is another now.
    """
    work = PendingWork(requests, changed, fresh=fresh)
    suspects: list[Job] | None = None if requests else []
    while suspects is None or suspects:
        suspects = yield from _together(work, pool, jobs)
        for job in suspects:  # a process died and took the others' work with it: each once more, alone, to tell which it was
            with pool(1, isinstance(job, Chapter)) as executor:
                future = _submit(executor, job)
                wait([future])
                yield from _over(work, _died(job) if isinstance(future.exception(), BrokenExecutor) else future.result())


def _together(work: PendingWork, pool: Pool, jobs: int) -> Generator[PackOutcome, None, list[Job]]:
    """Do all that can be done; what was in hand when a process died is returned."""
    given: dict[Future[Done], Job] = {}
    over = SimpleQueue[Future[Done]]()  # not `wait`: Ctrl-C in it can leave a future locked for ever
    broken: list[Job] = []
    with pool(jobs, work.executes) as executor:
        try:
            while not broken:
                while job := work.next(given.values(), jobs):
                    if kept := _kept(work, job):
                        yield kept
                    else:
                        with _undisturbed():
                            given[future := _submit(executor, job, after_chapters=work.is_executed(given.values()))] = job
                            future.add_done_callback(over.put)
                if not given:
                    break
                done = [over.get(), *(over.get() for _ in range(over.qsize()))]
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


def _submit(executor: Executor, job: Job, *, after_chapters: bool = False) -> "Future[Done]":
    if isinstance(job, Chapter):
        return executor.submit(_execute, job)
    return executor.submit(_assemble, job, after_chapters)


def _execute(chapter: Chapter) -> Execution:
    from city_briefs.production.build.run_chapter import (
        execute,  # as below: what a build needs that has nothing to do should not wait for papermill
    )

    return execute(chapter)


def _assemble(job: PackInputs | IncompletePack, after_chapters: bool = False) -> BuiltPack | FailedPack:
    from city_briefs.production.build.make_pack import assemble, draft

    faulthandler.dump_traceback_later(MAKING, exit=True)  # it ends the process whatever is at work, also the compiler of PDF
    try:
        if isinstance(job, PackInputs):
            return assemble(job, after_chapters=after_chapters)
        return draft(job.request, job.failures)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _died(job: Job) -> Done:
    if isinstance(job, Chapter):
        reason = chosen("the process that ran it died. Build it again.", "运行它的进程异常退出。请重新编制。")
        return Execution(job, 0.0, Failure(reason, "BrokenProcessPool"))
    request, minutes = job.request, MAKING // 60
    return FailedPack(
        request,
        chosen(
            f"{request.name}: the process that made {request.pack.id} died, or was at work for more than {minutes} minutes. "
            "Build it again; where that ends in the same way, the pack holds too much.",
            f"{request.name}：编制{request.pack.id}的进程异常退出，或用时超过{minutes}分钟。请重新编制；仍然如此，说明这份简报内容过多。",
        ),
    )


def _kept(work: PendingWork, job: Job) -> PackOutcome | None:
    """The outcome of a pack that would be made again as it stands; None of any other, and of a chapter."""
    if work.fresh or not isinstance(job, PackInputs):
        return None
    freshness = up_to_date.of_inputs(job)
    if not freshness.up_to_date:
        return None
    up_to_date.note(job, work.before[job.request.id])
    return _keep(job.request, freshness)


def _keep(request: PackRequest, freshness: Freshness) -> PackOutcome:
    """The outcome of a pack that is up to date; what an earlier failure left of it goes."""
    outputs.clear(request)
    return PackOutcome(request, "kept", freshness.documents)


def _over(work: PendingWork, done: Done) -> Iterator[PackOutcome]:
    """What follows when a job is over: the outcome of a pack, nothing yet of a chapter."""
    if isinstance(done, Execution):
        work.ran(done)
        return
    request = done.request
    if isinstance(done, BuiltPack) and work.replaced(request):
        place = shown(request.source.folder)
        error = chosen(
            f"{request.name}: {request.pack.id} was not made: {place} was replaced meanwhile. Build it again.",
            f"{request.name}：{request.pack.id}没有编成：其间{place}已被替换。请重新编制。",
        )
        done = FailedPack(request, error, None, done.folder, done.inputs, done.seconds)
    outcome = finish(done)
    if isinstance(done, BuiltPack) and outcome.status == "built":
        up_to_date.note(done.inputs, work.before[request.id])
    spent = sum(work.seconds.get(chapter, 0.0) for chapter in request.chapters)
    yield replace(outcome, seconds=outcome.seconds + spent)


def finish(made: BuiltPack | FailedPack) -> PackOutcome:
    """Put a pack in its place, one at a time and not to be interrupted; of a failed one the edition before stays as it is."""
    request, folder = made.request, made.folder
    try:
        if isinstance(made, BuiltPack):
            try:
                with _undisturbed():
                    files = outputs.place(made)
                return PackOutcome(request, "built", tuple(files), made.seconds)
            except OSError as fault:
                error = chosen(
                    f"{request.name}: {request.pack.id} could not be put in its place: {fault}.",
                    f"{request.name}：{request.pack.id}无法放入输出文件夹：{fault}。",
                )
                made = FailedPack(request, error, inputs=made.inputs, seconds=made.seconds)
        outputs.leave(made)
        return PackOutcome(request, "failed", seconds=made.seconds, error=made.error, trace=made.trace)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


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
