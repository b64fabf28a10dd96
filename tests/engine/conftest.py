"""Notebooks of a few lines, run by papermill in warm kernels and in ordinary ones."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillExecutionError

ORDINARY = {"kernel_manager_class": AsyncKernelManager}
Run = Callable[..., nbformat.NotebookNode]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Executes cells, each given by its source, in one kernel; of cells that may raise, each is executed."""
    output = tmp_path / "out.ipynb"

    def executed(*cells: str, may_raise: bool = False, engine: str = "warm", **options: object) -> nbformat.NotebookNode:
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)  # it would make a zygote of its own
        made = [nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(cells)]
        for cell in made:
            cell.metadata["tags"] = ["raises-exception"] if may_raise else []
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        file = tmp_path / "given.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), file)
        try:
            return papermill.execute_notebook(file, output, engine_name=engine, progress_bar=False, **options)
        except PapermillExecutionError:  # which papermill raises at the end all the same, having put in cells of its own
            if not may_raise:
                raise
        done = nbformat.read(output, as_version=4)
        done.cells = [cell for cell in done.cells if cell.id.startswith("cell-")]
        return done

    return executed


def printed(notebook: nbformat.NotebookNode) -> str:
    """What the cells of a notebook printed."""
    return "".join(output.text for cell in notebook.cells for output in cell.outputs if output.output_type == "stream")
