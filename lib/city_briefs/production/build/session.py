"""A run of the build as the person at the prompt has it: in processes, shown as it comes, stopped in good order, logged."""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from itertools import chain
from multiprocessing import active_children, current_process, get_context
from pathlib import Path
from types import FrameType

import jinja2

from city_briefs.common import atomic_files, paths, secrets
from city_briefs.common.errors import DataError, Interrupted, PackError, UsageError
from city_briefs.production.build import index_page, outputs
from city_briefs.production.build.chapter_store import Changed
from city_briefs.production.build.outcome import Outcome
from city_briefs.production.build.progress import BuildProgress
from city_briefs.production.build.scheduler import Pool, build, standing
from city_briefs.production.build.summary import summary
from city_briefs.production.build.worker import begin
from city_briefs.production.editions import register, signature
from city_briefs.production.engine import launcher
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import Task

MOST_ON_WINDOWS = 61  # processes; it can wait for no more


def outcomes(
    tasks: Sequence[Task], into: Path, jobs: int, changed: Changed, *, fresh: bool = False, cluster: str | None = None
) -> list[Outcome]:
    """The outcome of every task, in their order; the log and the index of `into` are written even when it is stopped.

    The work is done by so many processes, or by all workers of the cluster at an address.

    A chapter that takes other parameters than its pack gives it is refused, as a UsageError, before any kernel is started, and so is
    a signing key that cannot be used. While another build works in `into`, this one waits.
    """
    signature.key()
    with _stoppable(), reserved(into), _temporary() as temporary:
        unfounded = list(_unfounded(tasks))
        lost = {outcome.task.id for outcome in unfounded}
        done = [] if fresh else [kept for task in tasks if task.id not in lost and (kept := standing(task))]
        over = lost | {outcome.task.id for outcome in done}
        pending = [task for task in tasks if task.id not in over]
        for pack in {task.pack.id: task.pack for task in pending}.values():
            packs_toml.check_chapters(pack)
        with _working(pending, temporary, into, jobs, cluster) as (pool, jobs):
            try:
                working = closing(build(pending, pool, jobs, changed, fresh=fresh))
                shown = [*(outcome.task for outcome in unfounded), *pending]
                with BuildProgress(shown, jobs) as progress, working as made:
                    for outcome in chain(unfounded, made):
                        progress.show(outcome)
                        done.append(outcome)
            finally:
                order = {task.id: place for place, task in enumerate(tasks)}
                done.sort(key=lambda outcome: order[outcome.task.id])
                _tell(into, done)
    return done


def _unfounded(tasks: Sequence[Task]) -> Iterator[Outcome]:
    """The outcomes of packs that cannot be made since their editions before are not as they were issued."""
    for task in tasks:
        try:
            register.of(task)
        except DataError as error:
            outputs.leave(task, None)
            yield Outcome(task, "failed", error=f"{task.name}: {error}")


@contextmanager
def _working(tasks: Sequence[Task], temporary: Path, into: Path, jobs: int, cluster: str | None) -> Iterator[tuple[Pool, int]]:
    """Where these tasks are done, and by how many at a time."""
    if not cluster or not tasks:
        yield partial(_pool, tasks, temporary), jobs
        return
    from city_briefs.production.build.dask_pool import joined

    with joined(cluster, tasks[0].source, into) as workers:
        yield workers.pool, workers.jobs


def _tell(into: Path, done: Sequence[Outcome]) -> None:
    """Write the log and the index."""
    packs = summary(done)["packs"]
    try:
        outputs.log(into, [pack | {"trace": outcome.trace} for pack, outcome in zip(packs, done, strict=True)])
        index_page.write(into)
    except (OSError, jinja2.TemplateError) as error:
        raise PackError(
            f"{paths.shown(into)}: run.json and index.html could not be written: {error}. The packs stand. Mend it and build again."
        ) from None


@contextmanager
def reserved(into: Path) -> Iterator[None]:
    """Let one build at a time work in a folder of outputs, made when it is not there; where folders cannot be locked, none waits.

    The lock is the folder's own: it leaves no file, it goes with the process that holds it, and whoever only reads does not ask.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{paths.shown(into)} cannot be written to: {error.strerror}. Name another folder with --out.") from None
    if not os.access(into, os.W_OK | os.X_OK):
        raise UsageError(f"{paths.shown(into)} cannot be written to: Permission denied. Name another folder with --out.")
    try:
        import fcntl  # not everywhere to be had

        folder = os.open(into, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    alone = False
    try:
        with suppress(OSError):
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"Another build is at work in {paths.shown(into)}. This one begins when it has ended.", file=sys.stderr)
                fcntl.flock(folder, fcntl.LOCK_EX)
            alone = True
            outputs.clear_workplaces(into)
        yield
    finally:
        if alone:
            outputs.clear_workplaces(into)
        os.close(folder)
        with suppress(OSError):
            into.rmdir()  # when nothing was made in it


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder for the temporary files of all processes of a build: it goes with the build, however one of them may have ended."""
    folder = atomic_files.begun(Path(tempfile.gettempdir()), "briefs-build")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _listening() -> Path:
    """The folder of the sockets by which processes are asked for. Multiprocessing's own choice would outlive a kill."""
    folder = atomic_files.begun(Path(tempfile.gettempdir()), "briefs-workers")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _pool(tasks: Sequence[Task], temporary: Path, jobs: int, kernels: bool) -> ProcessPoolExecutor:
    """Processes that work on these tasks, with the environment of now; `kernels` says whether any chapter is to be executed.

    They sign nothing and ask no database, and so are not told by what that is done.
    """
    secret = secrets.variables(os.environ)
    environment = {name: value for name, value in os.environ.items() if name not in secret}
    environment |= tasks[0].source.variables | {"TMPDIR": str(temporary)}
    current_process()._config.setdefault("tempdir", str(_listening()))  # type: ignore[attr-defined]
    zygote = launcher.current(environment) if kernels else None
    context = get_context("forkserver" if launcher.possible() else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(["city_briefs.production.build.preload"])
    return ProcessPoolExecutor(min(jobs, MOST_ON_WINDOWS) if os.name == "nt" else jobs, context, begin, (environment, zygote))


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
