"""How a user makes the documents without this project: papermill, nbconvert and a browser that prints, chapter by chapter."""

import asyncio
import os
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from city_briefs.common.regions import Region
from tests.benchmarks.work import CHAPTERS, YEAR, Run, Work, environment, failure, processes, program
from tests.helpers import NOTEBOOKS

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
# As root; and nbconvert's page asks the network for what these chapters have no use for, which would only make it wait.
ARGUMENTS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND")
PAPERMILL, PLOOMBER = "papermill", "ploomber_engine"  # modules with an `execute_notebook` of the same arguments
STOCK: tuple[str, ...] = ()
WARM = ("--engine", "warm")
PROGRAMS = {"papermill": program("papermill"), "jupyter": program("jupyter"), "chromium": CHROMIUM, "quarto": "quarto"}
MODULES = {"playwright": "playwright", "ploomber-engine": "ploomber_engine"}
NEEDS = {
    "a": ("papermill", "jupyter", "chromium"),
    "a_prime": ("playwright", "chromium"),
    "b": ("papermill", "jupyter", "chromium"),
    "ploomber": ("ploomber-engine", "playwright", "chromium"),
    "quarto": ("quarto", "chromium"),
}


def missing() -> dict[str, str]:
    """Return, by the way that needs it, a sentence on what is not installed here."""
    here = {name for name, file in PROGRAMS.items() if shutil.which(file)}
    here |= {name for name, module in MODULES.items() if find_spec(module)}
    lacking = {way: [name for name in needed if name not in here] for way, needed in NEEDS.items()}
    return {way: f"{way} is left out: {' and '.join(names)} cannot be found here." for way, names in lacking.items() if names}


def scripted(work: Work, city: Region, folder: Path, options: tuple[str, ...] = STOCK) -> Run:
    """The three commands for every chapter, as many chapters at a time as there are jobs; `options` are papermill's."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(work.jobs) as at_once:
        failures = list(at_once.map(partial(_commands, work, city, folder, options), CHAPTERS))
    return Run(time.perf_counter() - begun, [said for said in failures if said])


def _commands(work: Work, city: Region, folder: Path, options: tuple[str, ...], chapter: str) -> str | None:
    notebook, page, paper = _files(folder, chapter)
    given = ("-p", "city", city.name, "-p", "year", str(YEAR))
    commands = {
        notebook: [program("papermill"), *options, str(NOTEBOOKS / notebook.name), str(notebook), *given],
        page: [program("jupyter"), "nbconvert", "--to", "html", "--no-input", str(notebook)],
        paper: _printed(page, paper),
    }
    return _first_failure(work, city, chapter, commands)


def rendered(work: Work, city: Region, folder: Path) -> Run:
    """Quarto, which runs and renders a chapter by one command, and the browser; as many chapters at a time as there are jobs."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(work.jobs) as at_once:
        failures = list(at_once.map(partial(_by_quarto, work, city, folder), CHAPTERS))
    return Run(time.perf_counter() - begun, [said for said in failures if said])


def _by_quarto(work: Work, city: Region, folder: Path, chapter: str) -> str | None:
    notebook, page, paper = _files(folder, chapter)
    shutil.copy(NOTEBOOKS / notebook.name, notebook)
    given = ("-P", f"city:{city.name}", "-P", f"year:{YEAR}")
    commands = {
        page: ["quarto", "render", str(notebook), "--execute", "--to", "html", "-M", "echo:false", *given],
        paper: _printed(page, paper),
    }
    return _first_failure(work, city, chapter, commands)


def _files(folder: Path, chapter: str) -> tuple[Path, Path, Path]:
    """The notebook, the page and the paper of a chapter."""
    notebook, page, paper = (folder / f"{chapter}.{suffix}" for suffix in ("ipynb", "html", "pdf"))
    return notebook, page, paper


def _printed(page: Path, paper: Path) -> list[str]:
    """The command by which the browser prints a page."""
    profile = f"--user-data-dir={paper.with_suffix('.profile')}"  # two browsers cannot share one
    return [CHROMIUM, "--headless", *ARGUMENTS, profile, f"--print-to-pdf={paper}", str(page)]


def _first_failure(work: Work, city: Region, chapter: str, commands: Mapping[Path, list[str]]) -> str | None:
    found = (failure(f"{city.name} {chapter}", command, environment(work.data), made) for made, command in commands.items())
    return next((said for said in found if said), None)


def in_process(work: Work, city: Region, folder: Path, engine: str = PAPERMILL) -> Run:
    """The same without commands: the API of an engine, one exporter and one browser in each process, there before the clock starts."""
    with processes(work.jobs, _prepare, environment(work.data)) as pool:
        begun = time.perf_counter()
        failures = list(pool.map(partial(_chapter, city.name, folder, engine), CHAPTERS))
        seconds = time.perf_counter() - begun
    return Run(seconds, [said for said in failures if said])


def _prepare() -> None:
    global _loop, _browser, _exporter
    import papermill  # noqa: F401  # for `_chapter`
    from nbconvert import HTMLExporter
    from playwright.async_api import async_playwright

    async def browser() -> Any:
        return await (await async_playwright().start()).chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))

    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # what papermill and every kernel log
    _loop = asyncio.new_event_loop()
    _browser = _loop.run_until_complete(browser())
    _exporter = HTMLExporter(exclude_input=True)


def _chapter(city: str, folder: Path, engine: str, chapter: str) -> str | None:
    notebook, page, paper = _files(folder, chapter)
    try:
        parameters = {"city": city, "year": YEAR}
        executed = import_module(engine).execute_notebook(
            NOTEBOOKS / notebook.name, notebook, parameters=parameters, progress_bar=False
        )
        page.write_text(_exporter.from_notebook_node(executed)[0], "utf-8")
        _loop.run_until_complete(_print(page, paper))
    except Exception as error:
        return f"{city} {chapter}: {type(error).__name__}: {error}"
    return None


async def _print(page: Path, paper: Path) -> None:
    tab = await _browser.new_page()
    await tab.goto(page.as_uri())
    await tab.pdf(path=paper)
    await tab.close()
