"""A notebook executed by papermill without a file.

`papermill.execute_notebook` turns a notebook into text and back before it runs, and into text again at the end, also where no file is
asked for: that takes as long as all other work around the cells. The steps here are papermill's own, in its order.
"""

import os
from collections.abc import Mapping
from contextlib import chdir
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import upgrade
from papermill.execute import raise_for_execution_errors, remove_error_markers
from papermill.parameterize import parameterize_notebook

from city_briefs.production.engine.engines import Engine

NAME, LANGUAGE = "briefs", "python"  # of the engine, and of the notebooks


def execute(
    notebook: NotebookNode, given: Mapping[str, Any], kernel: str, folder: str | os.PathLike[str], **options: Any
) -> None:
    """Execute a notebook in a folder with the parameters that are given, and leave its outputs in it.

    The options are those of the engine.

    Raises:
        PapermillExecutionError: a cell stopped; two cells that say so were put in, as papermill does.
    """
    upgrade(notebook)
    notebook.metadata.setdefault("papermill", NotebookNode())
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", NotebookNode())
    parameterize_notebook(notebook, dict(given), kernel_name=kernel, language=LANGUAGE, engine_name=NAME)
    remove_error_markers(notebook)
    with chdir(folder):
        Engine.execute_notebook(notebook, kernel, progress_bar=False, **options)
    raise_for_execution_errors(notebook, None)
