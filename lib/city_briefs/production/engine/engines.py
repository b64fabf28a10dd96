"""The engines that papermill knows by name: `briefs` leaves nothing of the clock or the machine in a notebook, `warm` is quick."""

from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.engines import NBClientEngine
from papermill.translators import PythonTranslator, papermill_translators

from city_briefs.production.engine import launcher
from city_briefs.production.engine.limits import Limited
from city_briefs.production.engine.manager import Manager, UndatedManager
from city_briefs.production.packs.chapter_notebook import INJECTED

ARGUMENTS = [
    "--IPKernelApp.log_level=50",  # it reports its own orderly end as an error; what a cell does wrong comes by message
    "--IPKernelApp.ignore_cwd=True",  # nothing is imported from the folder of the notebooks
    "--HistoryManager.enabled=False",  # nobody asks a build what was typed: without a database, and the thread that writes it
]
DEFAULTS = {
    "record_timing": False, "coalesce_streams": True, "autosave_cell_every": 0, "extra_arguments": ARGUMENTS,
    "shutdown_kernel": "immediate",  # all is said by then: nobody need wait for a kernel to take itself apart
}  # fmt: skip
LANGUAGE = "briefs-python"  # by which papermill finds our translator for our engine, and its own for every other


class Engine(Limited):
    """The papermill engine `briefs`, in kernels that are forked where that can be."""

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """The language in which parameters are written."""
        declared = super().nb_language(nb, language)
        return LANGUAGE if declared == "python" else declared

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **options: Any) -> NotebookNode:
        """The notebook with its outputs. It is written once, at the end, by papermill: not again after every cell."""
        kernels = UndatedManager if launcher.POSSIBLE else AsyncKernelManager
        options = DEFAULTS | {"kernel_manager_class": kernels} | options
        executed = super().execute_notebook(nb, kernel_name, output_path=None, **options)
        scrub(executed)
        return executed


class Warm(NBClientEngine):  # type: ignore[misc]
    """The papermill engine `warm`: papermill's own, on kernels that need not import what they need."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> NotebookNode:
        """The notebook with its outputs."""
        return super().execute_managed_notebook(nb_man, kernel_name, **({"kernel_manager_class": Manager} | options))


class Translator(PythonTranslator):  # type: ignore[misc]
    """Parameters as an analyst would write them: 兰州市, not its code points."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """A string as Python source."""
        return repr(val)


papermill_translators.register(LANGUAGE, Translator)


def scrub(nb: NotebookNode) -> None:
    """Take out of an executed notebook what differs from run to run: times, durations, paths and random ids."""
    nb.metadata.pop("papermill", None)
    for cell in nb.cells:
        failed = cell.metadata.get("papermill", {}).get("exception")
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if failed:
            cell.metadata["papermill"] = {"exception": True}  # by which papermill knows the cell that stopped
        if INJECTED in cell.metadata.get("tags", []):  # its own id is random
            cell["id"] = INJECTED
