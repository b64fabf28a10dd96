"""A newcomer's way in, followed in a fresh clone: the README's first command, its numbers, its chapter; the parts by themselves.

`docs/data.md` has a test of its own, and so has `docs/analyst.md`, but for its list of calls.
"""

import re
import shutil

import nbformat
import pytest

from tests.helpers import ROOT
from tests.helpers.walkthrough import Clone

README, README_ZH = "README.md", "README.zh-CN.md"
SMALL = "briefs demo --cities 1 --entities 1000"  # instead of the two million that `make briefs` would make first


def block(document, words, language=""):
    """Return the first block of a language after these words of a document."""
    text = (ROOT / document).read_text("utf-8")
    return re.search(rf"{re.escape(words)}.*?^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    made = Clone(tmp_path_factory.mktemp("newcomer"))
    made.shell(f"source .venv/bin/activate\n{SMALL}")
    return made


def test_the_first_command_makes_every_pack_and_says_where_they_lie(clone):
    [command] = re.findall(r"^(make briefs) ", block(README, "## Two commands"), re.MULTILINE)
    shown = block(README, "The first ends with")
    assert clone.shell(command).splitlines()[-3:] == of_one_city(shown)
    assert (clone.root / "outputs/index.html").is_file()


def of_one_city(shown):
    """Return the lines that the first command ends with, as they are for one city and its province."""
    return shown.replace("61", "9").replace("15", "2").splitlines()


def test_the_first_command_says_the_same_in_chinese(clone):
    shutil.rmtree(clone.root / "outputs/2022")  # so that no pack is kept
    shown = block(README_ZH, "第一条最后显示")
    assert clone.shell("LC_ALL=zh_CN.UTF-8 make briefs").splitlines()[-3:] == of_one_city(shown)


def test_make_install_rewrites_what_an_older_version_wrote_and_makes_nothing(clone):
    [command] = re.findall(r"^make install$", block("docs/operations.md", "### 两版之间升级"), re.MULTILINE)
    chapter, before = clone.root / "notebooks/summary.ipynb", made(clone)
    written = chapter.read_text("utf-8")
    chapter.write_text(written.replace("from city_briefs.notebook import *", "from lib.notebook import *"), "utf-8")
    assert clone.shell(command).startswith("summary.ipynb imports city_briefs now.\nok       Python ")
    assert (chapter.read_text("utf-8"), made(clone)) == (written, before)


def made(clone):
    """Return the content of every file of the outputs, by its path."""
    return {file: file.read_bytes() for file in (clone.root / "outputs").rglob("*") if file.is_file()}


def test_the_command_says_the_numbers_that_the_readme_gives(clone):
    command, value, option, growth = re.search(
        r"`(briefs value [^`]*)` says (\w+),\s*and with `([^`]*)`\s(\S+?)\.", (ROOT / README).read_text("utf-8")
    ).groups()
    assert clone.shell(command).splitlines()[0].endswith(f"：{value}")
    assert clone.shell(f"{command} {option}").splitlines()[0].endswith(f"：{growth}")


def test_the_parts_work_by_themselves(clone):
    one, warm, export = block("docs/architecture.md", "The parts also work by themselves:").splitlines()
    clone.shell(one)
    (clone.root / "out.ipynb").rename(clone.root / "any.ipynb")
    clone.shell(warm)
    assert nbformat.read(clone.root / "out.ipynb", as_version=4).cells[0].source == "# 营商环境"
    clone.shell(export)
    assert (clone.root / "any.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("document", "words", "language", "least"),
    [(README, "A chapter is a notebook", "python", 6), ("docs/analyst.md", "## 一章里可以写什么", "", 15)],
    ids=["README", "analyst"],
)
def test_every_call_that_a_document_shows_of_a_chapter_runs(clone, document, words, language, least):
    calls = block(document, words, language).splitlines()
    file = clone.root / "notebooks/business-environment.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells = [
        *notebook.cells[:3],
        *(nbformat.v4.new_code_cell(call, id=f"call-{place}") for place, call in enumerate(calls)),
    ]
    nbformat.write(notebook, clone.root / "notebooks/calls.ipynb")
    clone.shell("papermill notebooks/calls.ipynb calls.ipynb")
    shown = nbformat.read(clone.root / "calls.ipynb", as_version=4).cells[3:]
    assert len(shown) == len(calls) >= least
    assert [cell.source for cell in shown if not cell.outputs] == [calls[-1]]  # there is no remark
