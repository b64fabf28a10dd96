"""A run of the build as the person at the prompt has it: in processes, shown as it comes, stopped in good order, logged."""

import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path
from types import FrameType

from lib import publish
from lib.build import Outcome, build, follow_parent
from lib.errors import Interrupted
from lib.plan import Task
from lib.progress import BuildProgress
from lib.summary import summary


def outcomes(tasks: Sequence[Task], into: Path, jobs: int, *, fresh: bool = False) -> list[Outcome]:
    """The outcome of every task, in their order; the log and the index of `into` are written even when it is stopped."""
    done: list[Outcome] = []
    pool = partial(ProcessPoolExecutor, jobs, get_context("spawn"), follow_parent)
    try:
        with _stoppable(), BuildProgress(tasks, jobs) as progress, closing(build(tasks, pool, fresh=fresh)) as made:
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


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C, or the scheduler's SIGTERM, stops a build once the packs in hand are finished; a second one drops them."""

    def drop(number: int, frame: FrameType | None) -> None:
        for worker in active_children():
            worker.terminate()
        sys.exit(Interrupted.exit_code)

    def stop(number: int, frame: FrameType | None) -> None:
        print("Stopping when the packs in hand are finished. Once more to drop them.", file=sys.stderr)
        for kind in before:
            signal.signal(kind, drop)
        raise Interrupted("Stopped. What was finished stands; the same command goes on from there.")

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
