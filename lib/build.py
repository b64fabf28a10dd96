"""The build: each task's chapters are run, bound and set, and the pack is put in place whole, or not at all."""

import hashlib
import logging
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import parent_process
from pathlib import Path
from traceback import format_exception
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from lib import __version__, publish
from lib.errors import BriefError, PackError
from lib.export.document import bind
from lib.export.docx import BriefDOCX
from lib.export.html import BriefHTML
from lib.export.pdf import BriefPDF
from lib.export.xlsx import BriefXLSX
from lib.look import FONT_FILES, MIME, SANS, SERIF, TITLE
from lib.paths import DATA_VARIABLE, LOCK, NOTEBOOKS, REFERENCE, ROOT, note, shown
from lib.plan import Task

EXPORTERS: dict[str, type[Exporter]] = {"html": BriefHTML, "pdf": BriefPDF, "xlsx": BriefXLSX, "docx": BriefDOCX}
KERNEL = "python3"
TIME_LIMIT = 600  # seconds for one cell; a chapter reads a few rows of results, so longer means that it hangs
logging.getLogger("papermill").addHandler(logging.NullHandler())  # what it reports, an outcome says in a sentence
OWN_ERRORS = {kind.__name__ for kind in BriefError.__subclasses__()}


@dataclass(frozen=True)
class Outcome:
    """What became of one task: built, kept (it stood already) or failed with a sentence."""

    task: Task
    status: str
    files: tuple[Path, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    trace: str | None = None


@dataclass(frozen=True)
class Made:
    """A pack as it was made, not yet in its place; or the sentence that says why it could not be."""

    task: Task
    folder: Path | None
    entry: dict[str, Any]
    seconds: float
    error: str | None = None
    trace: str | None = None


def build(tasks: Sequence[Task], pool: Callable[[], Executor], *, fresh: bool = False) -> Generator[Outcome, None, None]:
    """The outcome of every task, as it comes; `pool` gives the processes that work on them."""
    pending = []
    for task in (replace(task, key=key(task)) for task in tasks):
        standing = None if fresh else publish.kept(task)
        if standing is not None:
            publish.clear(task)
            yield Outcome(task, "kept", tuple(standing))
        else:
            pending.append(task)
    abandoned = []
    with pool() as executor:
        waiting = {executor.submit(make, task): task for task in pending}
        try:
            for future in as_completed(list(waiting)):
                task = waiting.pop(future)
                if isinstance(future.exception(), BrokenExecutor):
                    abandoned.append(task)
                else:
                    yield finish(future.result())
        finally:  # when interrupted: the packs in hand are finished and put in their place, the others are dropped
            for future in [future for future in waiting if not future.cancel()]:
                finish(future.result())
    for task in abandoned:  # a process died and took the others' work with it: each once more, alone, to tell which it was
        with pool() as executor:
            try:
                yield finish(executor.submit(make, task).result())
            except BrokenExecutor:
                died = f"{task.name}: the process that made {task.pack.id} died. Build it again."
                yield finish(Made(task, None, {}, 0.0, died))


def follow_parent() -> None:
    """Begin a worker: Ctrl-C in the terminal is for its parent to act on, and without its parent it ends."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    parent = parent_process()

    def end() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def key(task: Task) -> str:
    """Changes when anything that a pack is made from changes: code, notebooks, remarks, locks, snapshot, parameters."""
    parts = [
        __version__,
        _sources(),
        SERIF,
        SANS,
        TITLE,
        task.pack.model_dump_json(),
        task.parameters.model_dump_json(),
        task.title,
    ]
    parts += [publish.file_hash(NOTEBOOKS / f"{chapter}.ipynb") for chapter in task.pack.chapters]
    notes = [note(task.period.slug, task.region.code, chapter) for chapter in task.pack.chapters]
    parts += [f"{file.stem} {publish.file_hash(file)}" for file in notes if file.is_file()]
    parts += [publish.file_hash(task.data / "snapshot.json")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _sources() -> str:
    """The hash of every file of `lib`, of what is cited, of the lock and of the fonts."""
    found = (file for folder in (ROOT / "lib", REFERENCE) for file in folder.rglob("*"))
    files = [*sorted(file for file in found if file.is_file() and "__pycache__" not in file.parts), LOCK, *FONT_FILES.values()]
    return hashlib.sha256(
        "".join(f"{file.name} {publish.file_hash(file)}\n" for file in files if file.exists()).encode()
    ).hexdigest()


def make(task: Task) -> Made:
    """Make one pack in a folder of its own, in whatever process; whatever fails is in the answer as a sentence."""
    started = time.monotonic()
    folder = None
    try:
        folder = publish.begun(task)
        bound = bind([(chapter, run(task, chapter, folder)) for chapter in task.pack.chapters], metadata(task))
        for suffix in task.formats:
            (folder / f"{task.pack.id}.{suffix}").write_bytes(export(bound, suffix))
        return Made(task, folder, entry(task, bound), time.monotonic() - started)
    except Exception as error:
        return Made(task, folder, {}, time.monotonic() - started, *_said(task, error))


def finish(made: Made) -> Outcome:
    """Put a pack in its place, one at a time and not to be interrupted; of a failed one the edition before stays as it is."""
    error, trace = made.error, made.trace
    try:
        if not error and made.folder:
            with _undisturbed():
                files = publish.place(made.task, made.folder, made.entry)
            return Outcome(made.task, "built", tuple(files), made.seconds)
    except OSError as fault:
        error, trace = _said(made.task, fault)
    finally:
        if made.folder:
            shutil.rmtree(made.folder, ignore_errors=True)
    publish.leave(made.task)
    return Outcome(made.task, "failed", seconds=made.seconds, error=error, trace=trace)


def _said(task: Task, error: Exception) -> tuple[str, str | None]:
    """A failure as a sentence, and its traceback for the log when it is none of ours."""
    if isinstance(error, BriefError):
        return f"{task.name}: {error}", None
    what = f"{type(error).__name__}: {error}".rstrip(".: ")
    return f"{task.name}: {task.pack.id} could not be made: {what}. run.json has the particulars.", "".join(
        format_exception(error)
    )


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


def run(task: Task, chapter: str, into: Path) -> NotebookNode:
    """A chapter, executed. One that stops is kept under `incomplete/` for its analyst, and is a PackError that names the section."""
    os.environ[DATA_VARIABLE] = str(task.data.absolute())
    output = into / publish.NOTEBOOKS_MADE / f"{chapter}.ipynb"
    section = ""
    try:
        executed = papermill.execute_notebook(
            NOTEBOOKS / f"{chapter}.ipynb", output, task.parameters.model_dump(), "briefs",
            kernel_name=KERNEL, progress_bar=False, cwd=NOTEBOOKS, execution_timeout=TIME_LIMIT,
        )  # fmt: skip
        left = next((place for place, cell in enumerate(executed.cells) if _not_run(cell)), None)
        if left is None:
            return executed
        reason, section = "a cell ended the kernel.", _section(executed, left)
    except PapermillExecutionError as error:
        reason = error.evalue if error.ename in OWN_ERRORS else f"{error.ename}."
        section = _section(nbformat.read(output, as_version=4), error.cell_index + 2)  # papermill put two cells of its own before
    except DeadKernelError:
        reason = "its kernel died."
    except CellTimeoutError:
        reason = f"a cell ran longer than {TIME_LIMIT} seconds."
    stopped = task.folder / publish.INCOMPLETE / task.pack.id / output.name
    see = ""
    if output.exists():
        stopped.parent.mkdir(parents=True, exist_ok=True)
        output.replace(stopped)
        see = f" See {shown(stopped)}."
    where = f" in the section “{section}”" if section else ""
    raise PackError(f"{chapter} stopped{where}: {reason}{see}")


def _not_run(cell: NotebookNode) -> bool:
    """Whether a cell stopped or was never reached; papermill takes `sys.exit()` for an orderly end."""
    if cell.cell_type != "code" or not cell.source.strip():
        return False
    return cell.execution_count is None or any(output.output_type == "error" for output in cell.outputs)


def _section(notebook: NotebookNode, index: int) -> str:
    """The last heading before a cell."""
    headings = [
        line.lstrip("# ").strip()
        for cell in notebook.cells[: index + 1]
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    return headings[-1] if headings else ""


def metadata(task: Task) -> dict[str, Any]:
    """What the exporters need to know of a pack beside its cells."""
    end = task.period.end
    return {
        "title": task.title,
        "subtitle": f"报送：{task.pack.addressee}　数据截至{end.year}年{end.month}月{end.day}日",
        "running": f"{task.pack.title} · {task.region.name} · {task.period.text}",
        "date": end.isoformat(),
        "region": task.region.code,
        "year": task.period.year,
        "body": task.pack.body,
        "cover": task.pack.cover,
    }


def export(bound: NotebookNode, suffix: str) -> bytes:
    """The document in one format."""
    document, _ = EXPORTERS[suffix]().from_notebook_node(bound)
    return document if isinstance(document, bytes) else str(document).encode()


def entry(task: Task, bound: NotebookNode) -> dict[str, Any]:
    """What the manifest says of a pack, read from its cells: the snapshot, metrics with the hash of their definition, refusals."""
    blocks = [output.data[MIME] for cell in bound.cells for output in cell.get("outputs", []) if MIME in output.get("data", {})]
    figures = [figure for block in blocks for figure in block["figures"]]
    return {
        "until": task.period.end.isoformat(),
        "parameters": task.parameters.model_dump(),
        "chapters": {chapter: publish.file_hash(NOTEBOOKS / f"{chapter}.ipynb") for chapter in task.pack.chapters},
        "snapshot": next((block["snapshot"] for block in blocks), {"id": "", "synthetic": False, "notice": ""}),
        "metrics": {
            metric["id"]: {"hash": metric["hash"], "from": metric["provenance"]}
            for block in blocks
            for metric in block["metrics"]
        },
        "refusals": [
            {name: figure[name] for name in ("metric", "view", "region", "year", "through", "refused")}
            for figure in {str(figure): figure for figure in figures if figure["refused"]}.values()
        ],
    }
