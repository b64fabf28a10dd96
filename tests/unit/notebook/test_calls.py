"""The docstrings of the calls of a chapter, which JupyterLab shows by Shift-Tab."""

import ast
import inspect
import re

import pytest

from city_briefs import notebook
from city_briefs.analysis.assessments.claims import GUARDS
from city_briefs.metrics import CATALOGUE

CALLS = sorted(set(notebook.__all__) - set(CATALOGUE))


@pytest.mark.parametrize("name", CALLS)
def test_a_call_says_its_parameters_its_errors_and_an_example(name):
    call = getattr(notebook, name)
    words = inspect.getdoc(call) or ""
    listed = {
        parameter
        for names in re.findall(r"^- ((?:`[^`]+`(?:, )?)+):", words, re.MULTILINE)
        for parameter in re.findall(r"\w+", names)
    }
    assert listed == set(inspect.signature(call).parameters)
    assert re.search(r"^- Raises \w+Error: .", words, re.MULTILINE)
    [example] = re.findall(r"^- Example: `(.+)`$", words, re.MULTILINE)
    used = {node.id for node in ast.walk(ast.parse(example)) if isinstance(node, ast.Name)}
    assert used <= set(notebook.__all__) and (name in used or name in GUARDS)
