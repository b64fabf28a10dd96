"""One chapter, executed by papermill: kept with its record, or the reason why it stopped."""

import errno
import logging
import os
import re
import tempfile
import time
from pathlib import Path
from traceback import format_exception
from typing import IO

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from city_briefs.common import files, paths, read_log
from city_briefs.common.errors import BriefError, DefinitionError
from city_briefs.common.language import chosen
from city_briefs.production.build import chapter_store
from city_briefs.production.build.outcome import Execution, Failure
from city_briefs.production.engine import in_memory, launcher
from city_briefs.production.engine.processes import MEMORY
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.chapter_notebook import without_preview
from city_briefs.production.packs.plan import Chapter
from city_briefs.production.packs.stateless import is_stateless

KERNEL = "python3"
TIME_LIMIT = 600  # seconds for one cell; a chapter reads a few rows of results, so longer means that it hangs
WAITS = (0.5, 2.0)  # seconds before a chapter is tried again, when the machine or a shared folder was at fault
TRANSIENT = {errno.EAGAIN, errno.EBUSY, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT}
IN_CELL = re.compile(r"Cell In\[\d+\], line (\d+)")  # in a traceback
PLAIN = re.compile(r"\x1b\[[\d;]*m")  # what colours it
MOST_WORDS = 120  # characters of what an error says
OF_PAPERMILL = 2  # cells that papermill puts before an executed notebook that stopped
logging.getLogger("papermill").addHandler(logging.NullHandler())  # what it reports, an execution says in a sentence
REASONS = {  # by the name of the error, in English and in Chinese
    MemoryError.__name__: (
        f"a cell took more than the {MEMORY >> 30} GB of memory that a chapter may have. Let it take less.",
        f"有单元格占用的内存超过每章可用的{MEMORY >> 30} GB。请减少占用。",
    )
}
OWN_ERRORS = {kind.__name__ for kind in (*BriefError.__subclasses__(), DefinitionError)}


class Stopped(Exception):
    """A chapter that stopped, with its failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def execute(chapter: Chapter) -> Execution:
    """Execute a chapter in whatever process. It is tried again when the machine was at fault, and not when the chapter was."""
    started = time.monotonic()
    failure = None
    for wait in (*WAITS, None):
        try:
            _execute(chapter, started)
            break
        except Stopped as stopped:
            failure = stopped.failure
            break
        except BriefError as error:  # what it shows cannot be read
            failure = Failure(str(error), type(error).__name__)
            break
        except Exception as error:
            if wait is None or not _is_transient(error):
                what = f"{type(error).__name__}: {error}".rstrip(".: ")
                failure = Failure(
                    chosen(f"{what}. run.json has the particulars.", f"{what}。详见run.json。"),
                    type(error).__name__,
                    trace="".join(format_exception(error)),
                )
                break
            time.sleep(wait)
    return Execution(chapter, time.monotonic() - started, failure)


def _is_transient(error: Exception) -> bool:
    """Whether it may go well the next time: a kernel that did not start, a machine or a shared folder that was busy."""
    if isinstance(error, OSError):
        return error.errno in TRANSIENT
    return type(error) is RuntimeError and str(error).startswith("Kernel ")  # as jupyter_client says that none answered


def _execute(chapter: Chapter, started: float) -> None:
    with tempfile.TemporaryDirectory(prefix="briefs-chapter-") as folder:
        noted, remark = Path(folder) / "reads", Path(folder) / chapter.remark.name
        if (text := chapter.sources.remark(chapter.remark)) is not None:
            files.write_new(remark, text)
        os.environ |= chapter.source.variables | {read_log.VARIABLE: str(noted), paths.REMARK_VARIABLE: str(remark)}
        before = chapter_store.before_run(chapter)
        try:
            with files.appended(Path(folder) / "log") as log:
                notebook = run(chapter, log)
        finally:
            chapter_store.keep_log(chapter, Path(folder) / "log")
        chapter_store.keep(chapter, notebook, noted, time.monotonic() - started, before)


def run(chapter: Chapter, log: IO[bytes]) -> NotebookNode:
    """Run the cells of a chapter, but for a preview in it, and return it.

    One that has the parameter span is always given it, whatever its author left there.

    Raises:
        Stopped: a cell stopped, or its kernel.
    """
    given = chapter.parameters.model_dump()
    given |= {"span": chapter.period.span} if packs_toml.declares_span(chapter.written) else {}
    notebook = without_preview(nbformat.reads(chapter.written.decode("utf-8"), as_version=4))
    try:
        in_memory.execute(
            notebook, given, KERNEL, paths.notebooks(), execution_timeout=TIME_LIMIT, log=log,
            is_shared=launcher.is_worker() and is_stateless(chapter),
        )  # fmt: skip
        left = next((place for place, cell in enumerate(notebook.cells) if _not_run(cell)), None)
        if left is None:
            return notebook
        failure = _failed(notebook, left, chosen("a cell ended the kernel.", "有单元格结束了内核。"), "SystemExit", before=1)
    except PapermillExecutionError as error:
        said = error.evalue if error.ename in OWN_ERRORS else _said(error, chapter)
        reason = chosen(*REASONS[error.ename]) if error.ename in REASONS else said
        failure = _failed(notebook, error.cell_index + OF_PAPERMILL, reason, error.ename, before=OF_PAPERMILL + 1)
    except DeadKernelError:
        failure = Failure(chosen("its kernel died. Build it again.", "内核异常退出。请重新编制。"), "DeadKernelError")
    except CellTimeoutError:
        failure = Failure(
            chosen(
                f"a cell ran longer than {TIME_LIMIT} seconds. Run the chapter by hand to see where.",
                f"有单元格运行超过{TIME_LIMIT}秒。请手动运行这一章，看停在哪里。",
            ),
            "CellTimeoutError",
        )
    raise Stopped(failure)


def _said(error: PapermillExecutionError, chapter: Chapter) -> str:
    """Return the name of an error of Python's; of an analysis chapter, whose author wrote the code, its line and words too."""
    if not chapter.is_analysis:
        return f"{error.ename}{chosen('.', '。')}"
    words = " ".join(str(error.evalue).split())[:MOST_WORDS].rstrip(".。")
    said = f"{error.ename}{chosen(': ', '：')}{words}" if words else error.ename
    lines = IN_CELL.findall(PLAIN.sub("", "\n".join(error.traceback)))
    return chosen(f"line {lines[0]}: {said}.", f"第{lines[0]}行，{said}。") if lines else f"{said}{chosen('.', '。')}"


def _failed(notebook: NotebookNode, index: int, reason: str, kind: str, *, before: int) -> Failure:
    return Failure(reason, kind, _section(notebook, index), max(0, index + 1 - before), nbformat.writes(notebook))


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
        for line in cell.source.split("\n")
        if line.startswith("#")
    ]
    return headings[-1] if headings else ""
