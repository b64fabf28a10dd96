"""The worker pool: the processes of a build, each of which does one job after another and is asked over a pipe.

What the standard library has for it needs semaphores, for which some machines have no place (a `/dev/shm` that is read-only).
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from queue import SimpleQueue
from threading import Lock, Thread
from types import ModuleType
from typing import Any

from city_briefs.common import imports
from city_briefs.production.engine import launcher

Job = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]
PRELOAD = "city_briefs.production.build.preload"
_starting = Lock()


class WorkerPool(Executor):
    """So many processes. When one of them dies its job is broken, and so are those that nobody has begun; others end as they would."""

    def __init__(self, jobs: int, environment: Mapping[str, str], zygote: launcher.Zygote | None) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._broken = False
        context = _context()
        with _as_a_build(environment):
            if context.get_start_method() == "forkserver":
                context.set_forkserver_preload([PRELOAD])
                forkserver.ensure_running()
            self._threads = [Thread(target=self._drive, args=_started(context, environment, zygote)) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> "Future[Any]":
        """One job, for the next process that is free."""
        future: Future[Any] = Future()
        self._jobs.put((future, function, given))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end after what they were asked."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _drive(self, process: Any, line: "Connection[Any, Any]") -> None:
        """Have a process do jobs until there are no more."""
        while job := self._jobs.get():
            future, function, given = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if self._broken:
                    raise EOFError
                line.send((function, given))
                done, outcome = line.recv()
            except (EOFError, OSError):
                self._broken = True
                future.set_exception(BrokenExecutor("a process died"))
            except Exception as error:  # what was asked, or what came of it, cannot be sent
                future.set_exception(error)
            else:
                (future.set_result if done else future.set_exception)(outcome)
        line.close()
        process.join()


def _started(context: BaseContext, environment: Mapping[str, str], zygote: launcher.Zygote | None) -> tuple[Any, Any]:
    """A process that was started, and the line to it."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, environment, zygote))  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return process, ours


def _context() -> Any:
    return get_context("forkserver" if launcher.possible() else "spawn")


def _serve(line: "Connection[Any, Any]", environment: Mapping[str, str], zygote: launcher.Zygote | None) -> None:
    """Be a worker: do what is asked, until nobody is there to ask."""
    launcher.begin_worker(environment, zygote)
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
    added = [environment["PYTHONPATH"]] if "PYTHONPATH" in environment else []
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
