"""Typst's compiler, which takes hundreds of MiB for a document and keeps half of them: a worker of a build gives them back.

There each document is set in a process that ends with it, and on a machine of two cores one at a time, since kernels need memory meanwhile.
"""

import ctypes
import os
import pickle
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from traceback import format_exc
from typing import Any, TypeVar

import typst

from city_briefs.common import file_lock
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen

Made = TypeVar("Made")
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_apart = False  # whether this process sets documents apart
_has_set = False  # whether it has set one itself


def set_apart() -> None:
    """Have this process, and those that it forks, set each document in a process of its own, where there can be one.

    A process that has set a document itself goes on as it is: the compiler has threads since, and a forked process would wait for them.
    """
    global _apart
    _apart = sys.platform == "linux" and not _has_set


def is_apart() -> bool:
    """Whether documents are set in processes of their own."""
    return _apart


def typeset(files: dict[str, bytes], **options: Any) -> Any:
    """Return what `typst.compile` does of these files.

    Raises:
        typst.TypstError: Typst or the template refuses it.
        PackError: the process in which it was set was killed.
    """
    global _has_set
    if not _apart:
        _has_set = True
        return typst.compile(files, **options)
    turns = max(1, (os.cpu_count() or 1) // 2)
    turn = Path(tempfile.gettempdir()) / f"typesetting-{os.getpid() % turns}"  # in the folder of the build
    with file_lock.held(turn), beside(partial(typst.compile, files, **options)) as made:
        return made()


@contextmanager
def beside(make: Callable[[], Made]) -> Iterator[Callable[[], Made]]:
    """Begin to make something in a process of its own, and give what waits for it; in a process that sets documents apart alone.

    What it raises is raised where it is waited for, and that its process was killed as a PackError. Whatever happens, it ends.
    """
    ours, theirs = Pipe(duplex=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a worker has a thread that waits, and holds nothing
        child = os.fork()
    if child == 0:
        _make(theirs, make)
    theirs.close()
    try:
        yield partial(_received, ours)
    finally:
        ours.close()
        os.kill(child, signal.SIGKILL)  # it has told, or nobody waits for it any more
        os.waitpid(child, 0)


def _received(line: "Connection[Any, Any]") -> Any:
    try:
        done, outcome = line.recv()
    except EOFError:
        raise PackError(
            chosen(
                "The compiler of documents was ended before it was done, as a machine without memory does. Use fewer --jobs.",
                "排版程序未完成即被终止，内存不足时会如此。请减少--jobs。",
            )
        ) from None
    if done:
        return outcome
    raise outcome


def _make(line: "Connection[Any, Any]", make: Callable[[], Any]) -> None:
    """Make something, send what came of it, and end; so does the process when its worker is killed."""
    global _apart
    _apart = False  # it ends with what it makes, so that it sets a document itself
    try:
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
        try:
            outcome = True, make()
        except Exception as error:
            outcome = False, _as_sent(error)
        line.send(outcome)
    finally:
        os._exit(0)


def _as_sent(error: Exception) -> Exception:
    """Return an error as it can be sent: with its traceback as a note, and one of a kind that cannot be sent in words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # what was written right here
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(format_exc())
    return error
