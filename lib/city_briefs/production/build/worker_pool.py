"""The worker pool: the processes of a build, each of which does one job after another and is asked over a line.

A process goes on with the region of which it has executed chapters: its shared kernel has found already what they rest on
(`shared_kernel`), and packs come out from the start.

Where processes can be forked, a zygote has them forked; elsewhere `multiprocessing` starts each. What the standard library has for a
pool needs semaphores, for which some machines have no place (a `/dev/shm` that is read-only).
"""

import os
import select
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import Connection
from threading import Condition, Lock, Thread
from types import ModuleType
from typing import Any

from city_briefs.common import imports
from city_briefs.production.engine import launcher
from city_briefs.production.packs.plan import Chapter

PARENT = "city_briefs.production.build.parent_of_workers"
_starting = Lock()
_forked: set[socket.socket] = set()  # the lines of the workers that are there


@dataclass(frozen=True)
class Job:
    """What a process is asked to do, with the code of the region of a chapter; empty for anything else."""

    future: "Future[Any]"
    function: Callable[..., Any]
    given: tuple[Any, ...]
    region: str


class WorkerPool(Executor):
    """So many processes. When one of them dies its job is broken, and so are those that nobody has begun; others end as they would.

    `kernels` says whether they will execute chapters.
    """

    def __init__(self, jobs: int, environment: Mapping[str, str], *, kernels: bool) -> None:
        self._waiting: list[Job] = []
        self._changed = Condition()
        self._is_closed = self._is_broken = False
        self._regions = [""] * jobs  # of the chapter that each process has executed last
        zygote = launcher.of_build(environment, PARENT, kernels=kernels)
        lines = [zygote.worker() if zygote else None for _ in range(jobs)]
        self._threads = [
            Thread(target=self._drive, args=(place, *(_forked_worker(line) if line else _spawned_worker(environment))))
            for place, line in enumerate(lines)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> "Future[Any]":
        """One job, for a process that is free."""
        future: Future[Any] = Future()
        region = given[0].region.code if given and isinstance(given[0], Chapter) else ""
        with self._changed:
            self._waiting.append(Job(future, function, given, region))
            self._changed.notify_all()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end after what they were asked."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for thread in self._threads if wait else ():
            thread.join()

    def _drive(self, place: int, line: "Connection[Any, Any]", let_go: Callable[[], None]) -> None:
        """Have a process do jobs until there are no more, and then let it end."""
        while job := self._next(place):
            future = job.future
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if self._is_broken:
                    raise EOFError
                line.send((job.function, job.given))
                done, outcome = line.recv()
            except (EOFError, OSError):
                self._is_broken = True
                future.set_exception(BrokenExecutor("a process died"))
            except Exception as error:  # what was asked, or what came of it, cannot be sent
                future.set_exception(error)
            else:
                (future.set_result if done else future.set_exception)(outcome)
        let_go()

    def _next(self, place: int) -> Job | None:
        """Wait for a job for a process, by its place; None when there will be none any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if not self._waiting:
                return None
            job = chosen_job(self._waiting, self._regions, place)
            self._waiting.remove(job)
            self._regions[place] = job.region or self._regions[place]
            return job


def chosen_job(waiting: Sequence[Job], regions: Sequence[str], place: int) -> Job:
    """Return which of the waiting jobs, at least one, the process at a place does next; `regions` are those of all processes.

    It goes on with its own region. Then come packs, which wait for a process without one, then regions that no other process has
    in hand. Of several the first.
    """
    own, others = regions[place], {*regions[:place], *regions[place + 1 :]}
    return min(waiting, key=lambda job: (job.region != own or not own, bool(job.region), job.region in others))


def drop() -> None:
    """End every worker, whatever it is at."""
    for line in list(_forked):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
    for process in active_children():
        process.terminate()


def _forked_worker(line: socket.socket) -> tuple[Any, Callable[[], None]]:
    """The connection to a worker that was forked, and how to let it end."""
    connection = Connection(os.dup(line.fileno()))
    _forked.add(line)

    def let_go() -> None:
        _forked.discard(line)
        with line, connection, suppress(OSError, EOFError):
            line.shutdown(socket.SHUT_WR)
            connection.recv_bytes()  # nothing comes but its end

    return connection, let_go


def _spawned_worker(environment: Mapping[str, str]) -> tuple[Any, Callable[[], None]]:
    """The connection to a worker that was started, and how to let it end."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve_spawned, args=(theirs, environment))
    with _as_a_build(environment):
        process.start()
    theirs.close()

    def let_go() -> None:
        ours.close()
        process.join()

    return ours, let_go


def _serve_spawned(line: "Connection[Any, Any]", environment: Mapping[str, str]) -> None:
    parent = parent_process()
    assert parent
    launcher.begin_worker(environment, None, parent.join)
    _serve(line)


def serve_forked(line: socket.socket, zygote: launcher.Zygote) -> None:
    """Be a worker that was forked: do what is asked over the line, until nobody is there to ask. `zygote` forks its kernels."""
    connection = Connection(os.dup(line.fileno()))
    launcher.begin_worker(dict(os.environ), zygote, partial(_hung_up, line))
    _serve(connection)


def _hung_up(line: socket.socket) -> None:
    """Return when the other end of a line is closed altogether."""
    watched = select.poll()
    watched.register(line, 0)  # that is always told
    watched.poll()


def _serve(line: "Connection[Any, Any]") -> None:
    """Do what is asked, until nobody is there to ask."""
    while True:
        try:
            function, given = line.recv()
            outcome = True, function(*given)
        except EOFError:
            return
        except Exception as error:
            outcome = False, error
        line.send(outcome)


@contextmanager
def _as_a_build(environment: Mapping[str, str]) -> Iterator[None]:
    """Be for a moment what the processes that are started inherit: the environment, the path of the installation, and no program.

    Else they would import what the program of their parent imports, and from where it does.
    """
    added = [entry for entry in environment.get("PYTHONPATH", "").split(os.pathsep) if entry]
    with _starting:
        before, path, program, own = dict(os.environ), list(sys.path), sys.modules["__main__"], imports.own_path()
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = [*added, *own]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            sys.path[:] = path
            sys.modules["__main__"] = program
