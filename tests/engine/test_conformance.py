"""The engine `warm` passes exactly those of papermill's own tests that papermill's engine passes, which ours leave as it is."""

import nbformat
import papermill
import pytest

from tests.conformance.engine import differences, outcomes
from tests.helpers.size import in_full

MODULES = ["test_clientwrap.py", "test_engines.py", "test_execute.py", "test_parameterize.py"]


@in_full
def test_those_of_papermills_tests_that_pass_on_its_engine_pass_on_warm_and_no_others():
    """Those that run a notebook in this process or parameterise one; `make conformance` runs all."""
    default, warm = (outcomes(MODULES, warm=one) for one in (False, True))
    assert list(default.values()).count("passed") > 80
    assert differences(default, warm) == []


@in_full
def test_a_test_whose_kernel_is_not_a_warm_one_fails(monkeypatch, tmp_path):
    (tmp_path / ("long" * 20)).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("long" * 20)))  # too long a path for sockets, and so nothing is forked
    said = outcomes(["test_execute.py::TestSysExit::test_sys_exit"], warm=True)
    assert said == {"tests.test_execute.TestSysExit::test_sys_exit": "failure"}


def test_a_test_that_comes_out_otherwise_is_named():
    assert differences({"a": "passed", "b": "passed", "c": "error"}, {"a": "passed", "b": "failure", "d": "passed"}) == [
        "b: passed on the default engine, failure on warm",
        "c: error on the default engine, not run on warm",
        "d: not run on the default engine, passed on warm",
    ]


@pytest.mark.parametrize(
    ("engine", "said"), [("briefs", "'兰州市'"), ("warm", r'"\u5170\u5dde\u5e02"'), (None, r'"\u5170\u5dde\u5e02"')]
)
def test_only_the_engine_briefs_writes_parameters_as_an_analyst_would(engine, said, tmp_path):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": kernel}), tmp_path / "in.ipynb")
    made = papermill.execute_notebook(tmp_path / "in.ipynb", None, {"city": "兰州市"}, engine, prepare_only=True)
    assert made.cells[0].source == f"# Parameters\ncity = {said}\n"
