"""A chapter by itself, in the ordinary kernel under plain papermill."""

import os
import subprocess
import sys

import nbformat
import papermill
import pytest

from city_briefs.common.paths import DATA_VARIABLE, RESULTS_VARIABLE
from city_briefs.common.theme import MIME
from tests.conftest import REAL
from tests.helpers import NOTEBOOKS
from tests.helpers.size import in_full


def run(folder, *parameters, chapter="business-environment", data=REAL):
    """Plain papermill, as docs/architecture.md gives it: what it said, and the notebook it wrote."""
    command = [sys.executable, "-m", "papermill", str(NOTEBOOKS / f"{chapter}.ipynb"), "out.ipynb", *parameters]
    environment = {**os.environ, DATA_VARIABLE: str(data)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done, nbformat.read(folder / "out.ipynb", as_version=4)


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@in_full
def test_a_chapter_runs_under_plain_papermill(tmp_path):
    done, notebook = run(tmp_path, "-p", "city", "天水", "-p", "year", "2011")
    assert done.returncode == 0, done.stderr
    blocks = [output.data[MIME] for output in outputs(notebook)]
    assert {"prose", "chart", "table"} == {block["kind"] for block in blocks}
    [table] = [block for block in blocks if block["kind"] == "table"]
    assert [row[:3] for row in table["rows"]] == [["新设立市场主体", "591户", "576户"]]
    [claim] = [claim for block in blocks for claim in block.get("claims", ()) if claim["name"] == "首次突破两位数"]
    assert (claim["said"], claim["refused"]) == (
        "",
        "同比由576户变为591户，变化未超出随机波动，未达到两位数",
    )  # why it is not made is on record
    assert all("text/html" in output.data and "text/plain" in output.data for output in outputs(notebook))


@pytest.mark.parametrize("file", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda file: file.stem)
def test_every_chapter_runs_by_itself_with_its_own_defaults(tmp_path, file, demo_province, data_variable, monkeypatch, cubes):
    """In kernels of one parent, which come out as ordinary ones do."""
    data_variable(demo_province.path)
    monkeypatch.setenv(RESULTS_VARIABLE, str(cubes.folder))
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # another environment would make another parent
    notebook = papermill.execute_notebook(file, tmp_path / "out.ipynb", engine_name="warm", progress_bar=False)
    assert any(MIME in output.data for output in outputs(notebook))
    assert {output.output_type for output in outputs(notebook)} == {"display_data"}  # what calls give back is no output


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param(
            ["-p", "city", "兰洲", "-p", "year", "2011"],
            "UsageError: There is no city '兰洲'. Did you mean 兰州市 (620100)?",
            marks=in_full,
        ),
        (
            ["-p", "ctiy", "兰州", "-p", "year", "2011"],
            "UsageError: This chapter takes city, province, county, year, through, span, not 'ctiy'. Did you mean city?",
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_not_a_traceback(tmp_path, parameters, message):
    done, notebook = run(tmp_path, *parameters)
    assert done.returncode == 1
    [error] = [output for output in outputs(notebook) if output.output_type == "error"]
    assert error.traceback == [message]


@in_full
def test_a_year_that_is_absent_is_said_in_every_place_and_the_chapter_goes_on(tmp_path):
    done, notebook = run(tmp_path, "-p", "year", "2012")
    assert done.returncode == 0, done.stderr
    blocks = [output.data[MIME] for output in outputs(notebook)]
    said = "2012年，新设立市场主体本期数据不全，未列入；注销市场主体本期未报送，未列入，不作走势图。"
    assert [said] in [block["paragraphs"] for block in blocks]
    assert {block["kind"] for block in blocks} == {"prose"}
