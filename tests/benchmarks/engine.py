"""What a kernel costs beside the cells that run in it.

    python -m tests.benchmarks.engine [CHAPTER]      of the first city of the demo province; without one: business-environment

The same chapter in ordinary kernels and in warm ones, and its cells alone, in processes forked when all is imported; medians of RUNS.
Then the start of a warm kernel, from its launch to the first cell, and its end; the completion of a metric's name in one that is new,
and the preview of the chapter after it was saved.
"""

import asyncio
import importlib
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager

from city_briefs.app.preview.pages import ChapterPreview
from city_briefs.app.selection import opened
from city_briefs.common.paths import DATA_VARIABLE, demo
from city_briefs.production.engine.manager import Manager
from city_briefs.production.engine.warm_imports import WARM
from tests.helpers import NOTEBOOKS

RUNS, STARTS = 5, 50
TARGET_START, TARGET_COMPLETION, TARGET_PREVIEW = 0.2, 0.5, 2  # seconds


def executed(chapter: str, kernels: type[AsyncKernelManager]) -> None:
    """One run through papermill."""
    with tempfile.TemporaryDirectory() as folder:
        papermill.execute_notebook(
            NOTEBOOKS / f"{chapter}.ipynb", Path(folder) / "out.ipynb", engine_name="briefs",
            progress_bar=False, cwd=NOTEBOOKS, kernel_manager_class=kernels,
        )  # fmt: skip


def cells_alone(chapter: str) -> None:
    """The cells of a chapter in a process forked from this one, without a kernel."""
    child = multiprocessing.get_context("fork").Process(target=_cells, args=(chapter,))
    child.start()
    child.join()
    if child.exitcode:
        raise ChildProcessError(f"The cells of {chapter} failed.")


def _cells(chapter: str) -> None:
    module = ModuleType("__main__")
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        for cell in nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=4).cells:
            if cell.cell_type == "code":
                sys.modules["__main__"] = module  # IPython puts its own there when something is displayed
                exec(cell.source, vars(module))


def median(run: Callable[[], None]) -> float:
    """Seconds of a run, after one that is not counted."""
    taken = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:])


async def started_and_ended() -> tuple[float, float]:
    """Seconds from the launch of a warm kernel to the end of its first cell, and from there to its end."""
    begun = time.perf_counter()
    manager = Manager(kernel_name="python3")
    await manager.start_kernel(extra_arguments=["--IPKernelApp.log_level=50", "--HistoryManager.hist_file=:memory:"])
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    await client.execute_interactive("1", output_hook=lambda message: None)
    ready = time.perf_counter()
    await manager.shutdown_kernel()
    client.stop_channels()
    return ready - begun, time.perf_counter() - ready


async def starts() -> tuple[float, float]:
    """Medians of many, after one that is not counted."""
    start, end = zip(*[await started_and_ended() for _ in range(STARTS + 1)][1:], strict=True)
    return statistics.median(start), statistics.median(end)


async def completed() -> float:
    """Seconds of the first completion of a metric's name in a warm kernel that has the names of a chapter."""
    manager = Manager(kernel_name="python3")
    await manager.start_kernel(extra_arguments=["--HistoryManager.hist_file=:memory:"])
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    await client.execute_interactive("from city_briefs.notebook import *", output_hook=lambda message: None)
    begun = time.perf_counter()
    client.complete("say(new_ent", 11)
    answer = await client.get_shell_msg(timeout=60)
    taken = time.perf_counter() - begun
    await manager.shutdown_kernel()
    client.stop_channels()
    if "new_entities" not in answer["content"]["matches"]:
        raise ValueError(answer["content"])
    return taken


def seen(chapter: str) -> Callable[[], None]:
    """Return what makes the pages of the preview of a chapter once more."""
    preview = ChapterPreview(chapter, opened())
    wanted = preview.wanted()

    def made() -> None:
        if not preview.rendering(wanted).pages:
            raise ValueError(f"The preview of {chapter} has no pages.")

    return made


def report(chapter: str) -> None:
    """Measure all and say it in a few lines."""
    for name in WARM:
        importlib.import_module(name)
    ordinary = median(lambda: executed(chapter, AsyncKernelManager))
    warm = median(lambda: executed(chapter, Manager))
    alone = median(lambda: cells_alone(chapter))
    print(f"{chapter}: {ordinary:.2f} s in ordinary kernels, {warm:.2f} s in warm ones, {alone:.2f} s its cells alone")
    print(f"around the cells: {ordinary - alone:.2f} s before, {warm - alone:.2f} s now; {warm / alone:.2f} times the cells")
    start, end = asyncio.run(starts())
    print(f"a warm kernel: {start:.3f} s from launch to first cell (target {TARGET_START} s), {end:.3f} s to its end")
    completion = median(lambda: asyncio.run(completed()))
    print(f"a metric's name is completed in a new kernel after {completion:.2f} s (target {TARGET_COMPLETION} s)")
    print(f"the preview of {chapter}: {median(seen(chapter)):.2f} s after it was saved (target {TARGET_PREVIEW} s)")


if __name__ == "__main__":
    os.environ.setdefault(DATA_VARIABLE, str(demo()))
    report(*sys.argv[1:2] or ["business-environment"])
