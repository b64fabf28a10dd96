"""The build: each task's chapters are run, bound and set, and the pack is put in place whole, or not at all."""

import hashlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from lib import __version__, brief, publish
from lib.errors import BriefError, PackError
from lib.export.document import bind
from lib.export.html import BriefHTML
from lib.export.pdf import BriefPDF
from lib.look import MIME
from lib.paths import DATA_VARIABLE, LOCK, NOTEBOOKS, ROOT, shown
from lib.plan import Task

EXPORTERS: dict[str, type[TemplateExporter]] = {"html": BriefHTML, "pdf": BriefPDF}
KERNEL = "python3"
OWN_ERRORS = {kind.__name__ for kind in BriefError.__subclasses__()}


@dataclass(frozen=True)
class Outcome:
    """What became of one task: built, kept (it stood already) or failed with a sentence."""

    task: Task
    status: str
    files: tuple[Path, ...] = ()
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True)
class Made:
    """A pack as it was made, not yet in its place; or the sentence that says why it could not be."""

    task: Task
    folder: Path
    entry: dict[str, Any]
    seconds: float
    error: str | None = None


def build(tasks: Sequence[Task], executor: Executor, *, fresh: bool = False) -> Generator[Outcome, None, None]:
    """The outcome of every task, as it comes. Chapters are checked before any kernel is started: a faulty one is a UsageError."""
    for pack in {task.pack.id: task.pack for task in tasks}.values():
        for chapter in pack.chapters:
            brief.check_chapter(pack, NOTEBOOKS / f"{chapter}.ipynb")
    keyed = [replace(task, key=key(task)) for task in tasks]
    pending = []
    for task in keyed:
        standing = None if fresh else publish.kept(task)
        if standing is not None:
            publish.clear(task)
            yield Outcome(task, "kept", tuple(standing))
        else:
            pending.append(task)
    futures = {executor.submit(make, task): task for task in pending}
    waiting = dict(futures)
    try:
        for future in as_completed(futures):
            yield _outcome(future, waiting.pop(future))
    finally:  # when interrupted: the packs in hand are finished and put in their place, the others are dropped
        in_hand = [future for future in waiting if not future.cancel()]
        for future in in_hand:
            _outcome(future, waiting[future])


def _outcome(future: "Future[Made]", task: Task) -> Outcome:
    """What became of a task that a process worked on."""
    try:
        return finish(future.result())
    except BrokenExecutor:
        return Outcome(task, "failed", error=f"{task.name}: the process that made {task.pack.id} died. Build it again.")


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
    """Changes when anything that a pack is made from changes: code, notebooks, locks, snapshot, parameters."""
    parts = [__version__, _sources(), task.pack.model_dump_json(), task.parameters.model_dump_json(), task.title]
    parts += [publish.file_hash(NOTEBOOKS / f"{chapter}.ipynb") for chapter in task.pack.chapters]
    parts += [publish.file_hash(task.data / "snapshot.json")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _sources() -> str:
    """The hash of every file of `lib` and of the lock."""
    files = [*sorted(file for file in (ROOT / "lib").rglob("*") if file.is_file() and "__pycache__" not in file.parts), LOCK]
    return hashlib.sha256(
        "".join(f"{file.name} {publish.file_hash(file)}\n" for file in files if file.exists()).encode()
    ).hexdigest()


def make(task: Task) -> Made:
    """Make one pack in a folder of its own, in whatever process; whatever fails is in the answer as a sentence."""
    started = time.monotonic()
    task.folder.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".making-", dir=task.folder.parent))
    try:
        (folder / publish.NOTEBOOKS_MADE).mkdir()
        bound = bind([(chapter, run(task, chapter, folder)) for chapter in task.pack.chapters], metadata(task))
        for suffix in task.formats:
            (folder / f"{task.pack.id}.{suffix}").write_bytes(export(bound, suffix))
    except PackError as error:
        return Made(task, folder, {}, time.monotonic() - started, f"{task.name}: {error}")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Made(task, folder, entry(task, bound), time.monotonic() - started)


def finish(made: Made) -> Outcome:
    """Put a pack in its place, one at a time; of a failed one the edition before stays as it is."""
    try:
        if made.error:
            return Outcome(made.task, "failed", seconds=made.seconds, error=made.error)
        return Outcome(made.task, "built", tuple(publish.place(made.task, made.folder, made.entry)), made.seconds)
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)


def run(task: Task, chapter: str, into: Path) -> NotebookNode:
    """A chapter, executed. One that stops is kept under `incomplete/` for its analyst, and is a PackError that names the section."""
    os.environ[DATA_VARIABLE] = str(task.data.absolute())
    output = into / publish.NOTEBOOKS_MADE / f"{chapter}.ipynb"
    try:
        return papermill.execute_notebook(
            NOTEBOOKS / f"{chapter}.ipynb", output, task.parameters.model_dump(), "briefs",
            kernel_name=KERNEL, progress_bar=False, cwd=NOTEBOOKS,
        )  # fmt: skip
    except PapermillExecutionError as error:
        reason = error.evalue if error.ename in OWN_ERRORS else f"{error.ename}."
        section = _section(nbformat.read(output, as_version=4), error.cell_index)
    except DeadKernelError:
        reason, section = "its kernel died.", ""
    except CellTimeoutError:
        reason, section = "a cell ran too long.", ""
    stopped = task.folder / publish.INCOMPLETE / task.pack.id / output.name
    if output.exists():
        stopped.parent.mkdir(parents=True, exist_ok=True)
        output.replace(stopped)
    where = f" in the section “{section}”" if section else ""
    see = f" See {shown(stopped)}." if stopped.exists() else ""
    raise PackError(f"{chapter} stopped{where}: {reason}{see}")


def _section(notebook: NotebookNode, index: int) -> str:
    """The last heading before a cell."""
    headings = [
        line.lstrip("# ").strip()
        for cell in notebook.cells[: index + 2]  # papermill put two cells of its own before it
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
        "subtitle": f"数据截至{end.year}年{end.month}月{end.day}日",
        "running": f"{task.pack.title} · {task.region.name} · {task.period.text}",
        "date": end.isoformat(),
        "region": task.region.code,
        "year": task.period.year,
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
