"""A build on a Dask cluster: its jobs go to workers that were started elsewhere, each with kernels of its own.

    dask scheduler
    dask worker ADDRESS --nworkers 4 --nthreads 1          on every machine, from an installation of this very project

A worker does one job at a time, as a process of a build at home does. Jobs of one that dies are given to another.
"""

import atexit
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.common import atomic_files, paths, secrets
from city_briefs.common.errors import PackError, UsageError, missing_extra
from city_briefs.common.language import chosen, is_chinese
from city_briefs.production.build import fingerprints, index_page
from city_briefs.production.packs.plan import SnapshotRef

if TYPE_CHECKING:
    from distributed import Client

ANSWER = 10  # seconds for a scheduler to answer, and to have a worker
NAME = "briefs-worker"
OF_US = "BRIEFS_"  # how the variables begin that a build at home hands to its processes
LOOK, PATIENCE = 2, 30  # seconds between two looks at the workers, and until there must be one again
_alone = threading.Lock()


@dataclass(frozen=True)
class Terms:
    """What a worker must have in common with the build: the project, and files in folders that it must see."""

    project: str
    seen: tuple[Path, ...]
    variables: Mapping[str, str]
    is_chinese: bool = False  # whether the build has its messages in Chinese, whatever the worker would have


class Cluster:
    """The workers at an address, which are watched: when the last is gone, or the scheduler, what was asked of them is over."""

    def __init__(self, address: str, client: "Client", terms: Terms) -> None:
        self.address, self.client, self.terms = address, client, terms
        self.executor = client.get_executor(pure=False)
        self.jobs = self._workers()
        self._asked: set[Future[Any]] = set()  # what is not over
        self._settling = threading.Lock()
        self._left = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Cluster":
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._watching.join()

    def pool(self, jobs: int, kernels: bool) -> Executor:
        """The workers; they are as many as they are, and have kernels when they need them."""
        return _Workers(self)

    def loss(self) -> PackError:
        """What is said when nobody is there to do what is left."""
        address = self.address
        who, who_zh = (
            (f"The workers of {address} were", f"{address}的工作进程")
            if self.client.status == "running"
            else (f"The scheduler at {address} was", f"{address}的调度程序")
        )
        return PackError(
            chosen(
                f"{who} lost. What was made stands; the same command goes on from there.",
                f"{who_zh}失去联系。已编成的不受影响；再运行同一命令即从断处继续。",
            )
        )

    def _workers(self) -> int:
        return len(self.client.scheduler_info(n_workers=-1)["workers"])

    def begun(self) -> Future[Any]:
        """Return the future of a job that is asked of the workers, which is running."""
        job: Future[Any] = Future()
        job.set_running_or_notify_cancel()
        self._asked.add(job)
        return job

    def over(self, job: Future[Any], settle: Callable[[Future[Any]], None]) -> None:
        """Let a job be over, with what `settle` says of it; nothing is said of one that is over already."""
        with self._settling:
            if job in self._asked:
                self._asked.remove(job)
                settle(job)

    def _watch(self) -> None:
        """Give up what is asked when the scheduler is lost, or when there has been no worker for some time.

        In that time workers that died may be started again.
        """
        seen = time.monotonic()
        while not self._left.wait(LOOK):
            connected = self.client.status == "running"
            seen = time.monotonic() if connected and self._workers() else seen
            if not connected or time.monotonic() - seen > PATIENCE:
                self._give_up(cancel=connected)
                return

    def _give_up(self, *, cancel: bool) -> None:
        """End each job that is not over, and `cancel` what the executor was asked.

        The executor forgets a future that is cancelled while its result is fetched from a worker that died, so its own end is not
        enough.
        """
        loss = self.loss()
        if cancel:
            self.executor.shutdown(wait=False)
        for job in list(self._asked):
            self.over(job, lambda job: job.set_exception(loss))


class _Workers(Executor):
    """What a build asks of processes, asked of the workers of a cluster.

    A future is running from the start, since nobody here can tell when a worker begins, and so none is given up before its end.
    """

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """One job, given to a worker that is free, and to another when that dies."""
        job = self._cluster.begun()
        asked = self._cluster.executor.submit(_work, self._cluster.terms, function, *given, **named)
        asked.add_done_callback(lambda asked: self._cluster.over(job, partial(self._settle, asked)))
        return job

    def _settle(self, asked: Future[Any], job: Future[Any]) -> None:
        from distributed import KilledWorker

        if asked.cancelled():  # which nobody here does
            job.set_exception(self._cluster.loss())
        elif isinstance(error := asked.exception(), KilledWorker):
            job.set_exception(BrokenExecutor(str(error)))
        elif error:
            job.set_exception(error)
        else:
            job.set_result(asked.result())


@contextmanager
def joined(address: str, source: SnapshotRef, into: Path) -> Iterator[Cluster]:
    """The cluster at an address, once all its workers were seen to have what the build has; else a UsageError."""
    try:
        from distributed import Client
    except ImportError:
        raise missing_extra("--cluster", "cluster") from None
    for name in ("distributed", "distributed.client"):  # what it reports, an error of ours says in a sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix=".cluster-", dir=into) as mark:
        ours = {name: value for name, value in os.environ.items() if name.startswith(OF_US)}
        # the project of a worker may lie elsewhere
        withheld = {*secrets.variables(ours), paths.HOME_VARIABLE, paths.ROOT_VARIABLE}
        told = {name: value for name, value in ours.items() if name not in withheld}
        variables = told | {paths.RESULTS_VARIABLE: str(into / paths.RESULTS)}  # computed once for all machines
        variables["LC_MESSAGES"] = "zh_CN.UTF-8" if is_chinese() else "C.UTF-8"
        register = paths.register() / index_page.FILE  # when anything was issued
        seen = (Path(mark.name), source.folder / "snapshot.json", *([register] if register.exists() else ()))
        terms = Terms(fingerprints.installation(), seen, variables, is_chinese())
        try:
            client = Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                chosen(
                    f"No scheduler answers at '{address}' ({error}). Start one (dask scheduler), or correct --cluster.",
                    f"“{address}”没有调度程序应答（{error}）。请启动一个（dask scheduler），或改正--cluster。",
                )
            ) from None
        with client:
            _check(address, client, terms)
            with Cluster(address, client, terms) as cluster:
                yield cluster


def _check(address: str, client: "Client", terms: Terms) -> None:
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except TimeoutError:
        command = f"dask worker {address} --nworkers {os.cpu_count()} --nthreads 1"
        raise UsageError(
            chosen(
                f"The scheduler at {address} has no workers. Start some on each machine: {command}.",
                f"{address}的调度程序没有工作进程。请在每台机器上启动：{command}。",
            )
        ) from None
    for worker, lacking in sorted(client.run(_lacking, terms).items()):
        if lacking:
            raise UsageError(chosen(f"The worker {worker} {lacking}", f"工作进程{worker}{lacking}"))


def _work(terms: Terms, function: Callable[..., Any], *given: Any) -> Any:
    """One job on a worker, in whichever of its threads; it is refused by a worker that joined meanwhile and does not belong."""
    with _alone:
        os.environ.update(terms.variables)  # also the language in which it refuses
        if lacking := _lacking(terms):
            raise UsageError(chosen(f"A worker that joined the cluster {lacking}", f"中途加入集群的工作进程{lacking}"))
        _begin()
        return function(*given)


def _lacking(terms: Terms) -> str:
    """What a worker lacks, as the rest of a sentence with the remedy, in the language of the build; empty when it belongs."""
    if terms.project != fingerprints.installation():
        text = "has another edition of the project, or another Python. Install there what is installed here, and start it again."
        return "的项目版本或Python与本机不同。请装成与本机相同的，再重新启动。" if terms.is_chinese else text
    for file in terms.seen:
        if not file.is_file():
            text = f"does not see {file.parent} as it is here. Keep it where all machines see it, under one path."
            return f"看到的{file.parent}与本机不同。请放在各台机器都能以同一路径访问的地方。" if terms.is_chinese else text
    return ""


@cache
def _begin() -> None:
    """Once in a worker: what it need not know is forgotten, and its temporary files have a folder that goes with it."""
    for name in secrets.variables(os.environ):
        del os.environ[name]
    folder = atomic_files.begun(Path(tempfile.gettempdir()), NAME)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
