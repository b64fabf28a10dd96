"""The README's way in, followed in a fresh clone: its first command, its numbers, the parts by themselves, the calls of a chapter.

“Your own data in ten minutes” has a test of its own, and so has an analyst's day.
"""

import re

import nbformat
import pytest

from tests.helpers import ROOT
from tests.helpers.walkthrough import Clone

README = (ROOT / "README.md").read_text("utf-8")
SMALL = "briefs demo --cities 1 --entities 1000"  # instead of the two million that `make briefs` would make first


def block(section, language=""):
    """The first block of a language after these words."""
    return re.search(rf"{re.escape(section)}.*?^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)[1]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    made = Clone(tmp_path_factory.mktemp("newcomer"))
    made.shell(f"source .venv/bin/activate\n{SMALL}")
    return made


def test_the_first_command_makes_every_pack_and_says_where_they_lie(clone):
    [command] = re.findall(r"^(make briefs) ", block("# City Briefs"), re.MULTILINE)
    said = clone.shell(command).splitlines()
    assert said[-3:] == ["7 of 7 packs written.", "Packs: outputs/2022 (regions: 2)", "Index: outputs/index.html"]
    assert (clone.root / "outputs/index.html").is_file()


def test_the_command_says_the_numbers_that_the_readme_gives(clone):
    command, value, option, growth = re.search(
        r"`(briefs value [^`]*)` says (\w+),\s*and with `([^`]*)` (\S+?%)\.", README
    ).groups()
    assert clone.shell(command).splitlines()[0].endswith(f"：{value}")
    assert clone.shell(f"{command} {option}").splitlines()[0].endswith(f"：{growth}")


def test_the_parts_work_by_themselves(clone):
    one, warm, export = block("The parts also work by themselves:").splitlines()
    clone.shell(one)
    (clone.root / "out.ipynb").rename(clone.root / "any.ipynb")
    clone.shell(warm)
    assert nbformat.read(clone.root / "out.ipynb", as_version=4).cells[0].source == "# 营商环境"
    clone.shell(export)
    assert (clone.root / "any.pdf").read_bytes().startswith(b"%PDF-")


def test_every_call_that_the_readme_shows_of_a_chapter_runs(clone):
    calls = block("## Add a chapter", "python").splitlines()
    file = clone.root / "notebooks/business-environment.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells = [
        *notebook.cells[:3],
        *(nbformat.v4.new_code_cell(call, id=f"call-{place}") for place, call in enumerate(calls)),
    ]
    nbformat.write(notebook, clone.root / "notebooks/calls.ipynb")
    clone.shell("papermill notebooks/calls.ipynb calls.ipynb")
    shown = nbformat.read(clone.root / "calls.ipynb", as_version=4).cells[3:]
    assert len(shown) == len(calls) >= 15
    assert [cell.source for cell in shown if not cell.outputs] == [calls[-1]]  # there is no remark
