"""The floor: the same cells, run by `exec` in processes that have imported all, and the same exporters. Nothing can be quicker.

What it takes from the build is here alone: how chapters are bound, what a pack's metadata are, and which exporters set it.
"""

import importlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbformat import NotebookNode

from city_briefs.analysis import snapshot
from city_briefs.common.paths import data
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.production.build.make_pack import export, metadata
from city_briefs.production.build.run_chapter import KERNEL
from city_briefs.production.engine.launcher import OF_A_ZYGOTE
from city_briefs.production.engine.warm_imports import WARM
from city_briefs.production.export.document import bind, document
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import SnapshotRef, plan
from tests.benchmarks.work import CHAPTERS, FORMATS, PACK, YEAR, Run, Work, environment, processes
from tests.helpers import NOTEBOOKS


@dataclass(frozen=True)
class Parts:
    """Seconds of one city's cells, and of its exporters."""

    cells: float
    exporters: float


def documents(work: Work, folder: Path) -> tuple[Run, list[Parts]]:
    """The documents of all cities, a city to a process; they lie in `folder`, by the code of their city."""
    with processes(work.jobs, _prepare, OF_A_ZYGOTE | environment(work.data)) as pool:
        begun = time.perf_counter()
        parts = list(pool.map(partial(_city, folder), work.cities))
        seconds = time.perf_counter() - begun  # without the end of the processes
    return Run(seconds / len(work.cities)), parts


def through_papermill(work: Work, city: Region) -> tuple[float, float]:
    """Seconds until the build's engine has processes and zygotes, and those of one city's chapters from then on."""
    begun = time.perf_counter()
    with processes(work.jobs, _import, environment(work.data)) as pool:
        taken = []
        for chapters in (CHAPTERS[:1] * work.jobs, CHAPTERS[:1] * work.jobs, CHAPTERS):
            list(pool.map(partial(_by_engine, city), chapters))
            taken.append(time.perf_counter() - begun - sum(taken))
    first, again, all_chapters = taken
    return first - again, all_chapters


def _import() -> None:
    importlib.import_module("city_briefs.production.build.scheduler")


def _prepare() -> None:
    global _publisher
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    for name in (*WARM, "city_briefs.production.engine.engines"):
        importlib.import_module(name)
    _publisher = InteractiveShell.instance().display_pub = CapturingDisplayPublisher()


def _city(folder: Path, city: Region) -> Parts:
    begun = time.perf_counter()
    chapters = [(chapter, _executed(chapter, city)) for chapter in CHAPTERS]
    between = time.perf_counter()
    (folder / city.code).mkdir()
    for suffix, content in exported(chapters, city, FORMATS):
        (folder / city.code / f"{PACK}.{suffix}").write_bytes(content)
    return Parts(between - begun, time.perf_counter() - between)


def exported(chapters: Sequence[tuple[str, NotebookNode]], city: Region, stand: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The documents of executed chapters, each with its format; their page leads to all formats that stand."""
    brief = document(bind(chapters, _metadata(city, stand)))
    for suffix in FORMATS:
        yield suffix, export(brief, suffix)


def _metadata(city: Region, stand: Sequence[str]) -> dict[str, Any]:
    pack, period = packs_toml.packs()[PACK], Period(YEAR)
    [request] = plan([pack], _regions(), [city], [period], source=SnapshotRef(data()), out=Path(os.devnull), formats=FORMATS)
    return metadata(request, Edition(), stand)


def _parameters(city: Region) -> dict[str, Any]:
    return packs_toml.parameters(packs_toml.packs()[PACK], year=YEAR, city=city.name).model_dump()


@cache
def _regions() -> Any:
    return snapshot.load(data()).regions


def _executed(chapter: str, city: Region) -> NotebookNode:
    """A chapter with the outputs of its cells."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook = parameterize_notebook(load_notebook_node(str(NOTEBOOKS / f"{chapter}.ipynb")), _parameters(city))
    module = ModuleType("__main__")
    for place, cell in enumerate([cell for cell in notebook.cells if cell.cell_type == "code"], start=1):
        sys.modules["__main__"] = module  # IPython puts its own there when something is displayed
        exec(cell.source, vars(module))
        cell.execution_count, cell.outputs = place, list(_shown())
    return notebook


def _shown() -> Iterator[NotebookNode]:
    """What a cell has displayed, as outputs of a notebook."""
    while _publisher.outputs:
        shown = _publisher.outputs.pop(0)
        yield nbformat.from_dict({"output_type": "display_data", "data": shown["data"], "metadata": shown["metadata"] or {}})


def _by_engine(city: Region, chapter: str) -> None:
    import papermill

    papermill.execute_notebook(
        NOTEBOOKS / f"{chapter}.ipynb", None, _parameters(city), engine_name="briefs",
        kernel_name=KERNEL, progress_bar=False, cwd=NOTEBOOKS,
    )  # fmt: skip
