"""A run of the build as the person at the prompt has it: in processes, shown as it comes, stopped in good order, logged."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

from city_briefs.common import file_lock, paths
from city_briefs.common.errors import Interrupted, PackError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say_on_stderr
from city_briefs.production.build import index_page, outputs
from city_briefs.production.build.begun import Begun, or_new, start
from city_briefs.production.build.outcome import PackOutcome
from city_briefs.production.build.scheduler import Pool, at_once, build
from city_briefs.production.build.summary import summary
from city_briefs.production.build.up_to_date import Changed
from city_briefs.production.editions import first_issued, signature
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.chapter_notebook import UnreadableChapter
from city_briefs.production.packs.plan import PackRequest

LOCK = ".lock"  # in the folder of outputs
OPEN_FILES, OPEN_FILES_OF_JOB = 96, 8  # of one process, a kernel needing most of them, and what each process at once adds to it
MOST_ON_WINDOWS = 61  # processes; it can wait for no more


def outcomes(
    requests: Sequence[PackRequest], into: Path, jobs: int, changed: Changed,
    *, fresh: bool = False, cluster: str | None = None, before: Callable[[], None] = lambda: None, begun: Begun | None = None,
) -> list[PackOutcome]:  # fmt: skip
    """The outcome of every request, in their order; the log and the index of `into` are written even when it is stopped.

    The work is done by so many processes, or by all workers of the cluster at an address; `before` is called first, if there is any.
    `begun` is what `begun.begin` gave for a build at home of these requests' snapshot.

    A chapter that takes other parameters than its pack gives it is refused, as a UsageError, before any kernel is started, and so is
    a signing key that cannot be used; one that cannot be read costs the packs that it is in.
    While another build works in `into`, this one waits.
    """
    signature.key()
    with _stoppable(), reserved(into), or_new(begun) as place:
        first_issued.keep()
        done, pending = at_once(requests, fresh=fresh)
        if pending:
            before()
        done += (unreadable := list(_unreadable(pending)))
        pending = [request for request in pending if request not in [outcome.request for outcome in unreadable]]
        failed = [outcome for outcome in done if outcome.error]
        with _working(pending, place, into, jobs, cluster) as (pool, jobs):
            try:
                made = build(pending, pool, jobs, changed, fresh=fresh)
                watched = [*(outcome.request for outcome in failed), *pending]
                if watched:
                    with closing(_shown(watched, failed, made, jobs)) as shown:
                        for outcome in shown:
                            done.append(outcome)  # each as it comes: a build may be stopped
            finally:
                order = {request.id: place for place, request in enumerate(requests)}
                done.sort(key=lambda outcome: order[outcome.request.id])
                _tell(into, done)
    return done


def _shown(
    watched: Sequence[PackRequest], failed: Sequence[PackOutcome], working: Generator[PackOutcome, None, None], jobs: int
) -> Generator[PackOutcome, None, None]:
    """Show what failed already, and yield what becomes of the others as it comes, when it was shown."""
    from city_briefs.production.build.progress import BuildProgress  # a build that has nothing to do need not wait for it

    with BuildProgress(watched, jobs) as progress, closing(working) as made:
        for outcome in failed:
            progress.show(outcome)
        for outcome in made:
            progress.show(outcome)
            yield outcome


def _check_open_files(jobs: int) -> None:
    """See that processes may have as many files open as a build needs, and raise the limit as far as that may be done here.

    Raises:
        UsageError: the limit is too low.
    """
    try:
        import resource  # not everywhere to be had
    except ImportError:
        return
    needed = OPEN_FILES + OPEN_FILES_OF_JOB * jobs
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if most != resource.RLIM_INFINITY and most < needed:
        raise UsageError(
            chosen(
                f"A build with {jobs} processes needs {needed} open files, and this system allows {most}. Raise the limit "
                f"(ulimit -n {needed}), or name fewer processes with --jobs.",
                f"用{jobs}个进程编制要同时打开{needed}个文件，本系统只允许{most}个。请提高上限（ulimit -n {needed}），"
                "或用--jobs减少进程。",
            )
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))


def _unreadable(requests: Sequence[PackRequest]) -> Iterator[PackOutcome]:
    """Yield what becomes of requests whose pack has a chapter that cannot be read; one that may not run is a UsageError."""
    sentences = {}
    for pack, sources in {request.pack.id: (request.pack, request.sources) for request in requests}.values():
        try:
            packs_toml.check_chapters(pack, sources)
        except UnreadableChapter as error:
            sentences[pack.id] = str(error)
    for request in requests:
        if sentence := sentences.get(request.pack.id):
            yield PackOutcome(request, "failed", error=f"{request.name}{chosen(': ', '：')}{sentence}")


@contextmanager
def _working(
    requests: Sequence[PackRequest], place: Begun, into: Path, jobs: int, cluster: str | None
) -> Iterator[tuple[Pool, int]]:
    """Where these packs are made, and by how many at a time.

    Raises:
        PackError: there is no room for what the processes begin with.
    """
    if not cluster or not requests:
        _check_open_files(jobs if requests else 0)
        if requests and not place.variables:
            place = start(place.temporary, requests[0].source, kernels=False)
        yield partial(_pool, place.variables), jobs
        return
    from city_briefs.production.build.dask_pool import joined

    with joined(cluster, requests[0].source, into) as workers:
        yield workers.pool, workers.jobs


def _tell(into: Path, done: Sequence[PackOutcome]) -> None:
    """Write the log and the index."""
    packs = summary(done)["packs"]
    try:
        outputs.log(into, [pack | {"trace": outcome.trace} for pack, outcome in zip(packs, done, strict=True)])
        index_page.write(into)
    except (OSError, index_page.BrokenTemplate) as error:
        raise PackError(
            chosen(
                f"{paths.shown(into)}: run.json and index.html could not be written: {error}. The packs stand. Mend it and build again.",
                f"{paths.shown(into)}：run.json和index.html未能写入（{error}）。简报已编成，请处理后重新编制。",
            )
        ) from None


@contextmanager
def reserved(into: Path) -> Iterator[None]:
    """Let one build at a time work in a folder of outputs, made when it is not there; where files cannot be locked, none waits.

    The lock leaves no file, it goes with the process that holds it, and whoever only reads does not ask.

    Raises:
        UsageError: The folder cannot be written to.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(into, str(error.strerror)) from None
    if not os.access(into, os.W_OK | os.X_OK):
        raise _unwritable(into, "Permission denied")

    def wait() -> None:
        say_on_stderr(
            chosen(
                f"Another build is at work in {paths.shown(into)}. This one begins when it has ended.",
                f"{paths.shown(into)}正在进行另一次编制，结束后再开始本次。",
            )
        )

    try:
        with file_lock.held(into / LOCK, wait) as alone:
            if alone:
                _clear_workplaces(into)
            try:
                yield
            finally:
                if alone:
                    _clear_workplaces(into)
    finally:
        with suppress(OSError):
            into.rmdir()  # when nothing was made in it


def _unwritable(into: Path, reason: str) -> UsageError:
    """What is said of a folder of outputs that cannot be written to."""
    return UsageError(
        chosen(
            f"{paths.shown(into)} cannot be written to: {reason}. Name another folder with --out.",
            f"{paths.shown(into)}无法写入（{reason}）。请用--out另指文件夹。",
        )
    )


def _clear_workplaces(into: Path) -> None:
    """Take away what is being made, for whoever knows that nobody is at work; a worker that was lost may have come to an end since."""
    for left in into.glob(f"*/{outputs.WORKPLACE}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _pool(environment: Mapping[str, str], jobs: int, kernels: bool) -> Executor:
    """Processes that make packs, with the environment of a build; `kernels` says whether any chapter is to be executed."""
    from city_briefs.production.build.worker_pool import WorkerPool  # a build that has nothing to do need not wait for it

    return WorkerPool(min(jobs, MOST_ON_WINDOWS) if os.name == "nt" else jobs, environment, kernels=kernels)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C, or the scheduler's SIGTERM, stops a build once the packs in hand are finished; a second one drops them."""

    def drop(number: int, frame: FrameType | None) -> None:
        from city_briefs.production.build import worker_pool

        worker_pool.drop()
        sys.exit(Interrupted.exit_code)

    def stop(number: int, frame: FrameType | None) -> None:
        say_on_stderr(
            chosen(
                "Stopping when what is in hand is finished. Once more to drop it.",
                "手头的做完即停止。再按一次则放弃手头的。",
            )
        )
        for kind in before:
            signal.signal(kind, drop)
        raise Interrupted(
            chosen(
                "Stopped. What was finished stands; the same command goes on from there.",
                "已停止。已编成的不受影响；再运行同一命令即从断处继续。",
            )
        )

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
