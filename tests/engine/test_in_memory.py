"""A notebook that is executed in memory is what papermill makes of it by our engine, also when a cell stops."""

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from city_briefs.production.engine import in_memory

GIVEN = {"city": "兰州市", "year": 2021}
DISPLAY = "from IPython.display import display\ndisplay({{'text/plain': '一\\n二', {kind!r}: {shown}}}, raw=True{more})"
PLAIN = DISPLAY.format(kind="text/html", shown="'<p>'", more="")
BLOCK = DISPLAY.format(kind="application/vnd.city-briefs+json", shown="{'kind': 'x', 'figures': [{'b': 1, 'a': None}]}", more="")
NAMED = DISPLAY.format(kind="text/html", shown="'<p>'", more=", metadata={'alt': '图'}")
TWICE = "shown = display('一', display_id='one')\nshown.update('二')"
CLEARED = "print('一')\nfrom IPython.display import clear_output\nclear_output(wait=True)\ndisplay('二')"
SHOWN = {
    "nothing": [""],
    "texts": ["print(city)", "import sys; print(year, file=sys.stderr)", "city"],
    "displays": [PLAIN, BLOCK, NAMED, TWICE, CLEARED],
    "an error": ["print(1)", "1 / 0", "print(2)"],
    "an end": ["raise SystemExit", "print(2)"],
    "an end with a code": ["raise SystemExit(3)"],
}


def given(*sources, tag="parameters"):
    """A notebook of a cell of parameters and these cells."""
    cells = [
        new_markdown_cell("# 章", id="title"),
        new_code_cell("city = year = None", id="given", metadata={"tags": [tag]}),
        *(new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def without_random_ids(notebook):
    """A notebook without the ids of the cells in which papermill says that a cell stopped."""
    for place, cell in enumerate(notebook.cells):
        if "papermill-error-cell-tag" in cell.metadata.get("tags", []):
            cell.id = f"papermill-{place}"
    return notebook


def by_papermill(notebook, folder):
    nbformat.write(notebook, folder / "in.ipynb")
    said = ""
    try:
        papermill.execute_notebook(
            folder / "in.ipynb", folder / "out.ipynb", GIVEN, "briefs", kernel_name="python3", progress_bar=False, cwd=folder
        )
    except PapermillExecutionError as error:
        said = f"{error.cell_index} {error.ename}"
    return without_random_ids(nbformat.read(folder / "out.ipynb", as_version=4)), said


def in_memory_too(notebook, folder):
    said = ""
    try:
        in_memory.execute(notebook, GIVEN, "python3", folder)
    except PapermillExecutionError as error:
        said = f"{error.cell_index} {error.ename}"
    return without_random_ids(notebook), said


@pytest.mark.parametrize("cells", SHOWN.values(), ids=SHOWN.keys())
def test_it_is_what_papermill_makes(cells, tmp_path):
    by_file, said = by_papermill(given(*cells), tmp_path)
    by_hand, said_too = in_memory_too(given(*cells), tmp_path)
    assert nbformat.writes(by_hand) == nbformat.writes(by_file)
    assert said_too == said


def test_without_a_cell_of_parameters_they_come_first(tmp_path):
    by_file, _ = by_papermill(given("city", tag="other"), tmp_path)
    by_hand, _ = in_memory_too(given("city", tag="other"), tmp_path)
    assert by_hand == by_file
    assert by_hand.cells[0].source == "# Parameters\ncity = '兰州市'\nyear = 2021\n"
