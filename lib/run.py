"""A run of the build as the person at the prompt has it: in processes, shown as it comes, stopped in good order, logged."""

import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path
from types import FrameType

from lib import brief, paths, publish
from lib.build import build, follow_parent, standing
from lib.errors import Interrupted, UsageError
from lib.outcome import Outcome
from lib.plan import Task
from lib.progress import BuildProgress
from lib.records import Changed
from lib.summary import summary


def outcomes(tasks: Sequence[Task], into: Path, jobs: int, changed: Changed, *, fresh: bool = False) -> list[Outcome]:
    """The outcome of every task, in their order; the log and the index of `into` are written even when it is stopped.

    A chapter that takes other parameters than its pack gives it is refused, as a UsageError, before any kernel is started.
    """
    done = [] if fresh else [outcome for task in tasks if (outcome := standing(task))]
    stands = {outcome.task.id for outcome in done}
    pending = [task for task in tasks if task.id not in stands]
    for pack in {task.pack.id: task.pack for task in pending}.values():
        brief.check_chapters(pack)
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{paths.shown(into)} cannot be written to: {error.strerror}. Name another folder with --out.") from None
    try:
        working = closing(build(pending, _pool, jobs, changed, fresh=fresh))
        with _stoppable(), BuildProgress(pending, jobs) as progress, working as made:
            for outcome in made:
                progress.show(outcome)
                done.append(outcome)
    finally:
        order = {task.id: place for place, task in enumerate(tasks)}
        done.sort(key=lambda outcome: order[outcome.task.id])
        packs = summary(done)["packs"]
        publish.log(into, [pack | {"trace": outcome.trace} for pack, outcome in zip(packs, done, strict=True)])
        publish.index(into)
    return done


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, get_context("spawn"), follow_parent)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C, or the scheduler's SIGTERM, stops a build once the packs in hand are finished; a second one drops them."""

    def drop(number: int, frame: FrameType | None) -> None:
        for worker in active_children():
            worker.terminate()
        sys.exit(Interrupted.exit_code)

    def stop(number: int, frame: FrameType | None) -> None:
        print("Stopping when what is in hand is finished. Once more to drop it.", file=sys.stderr)
        for kind in before:
            signal.signal(kind, drop)
        raise Interrupted("Stopped. What was finished stands; the same command goes on from there.")

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
