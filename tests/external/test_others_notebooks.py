"""The test notebooks of nbconvert, nbclient and papermill in every format: no exception, and the words of nbconvert's own HTML.

Those of nbconvert and nbclient are in their source archives, which come from the package index; without one they are skipped.
"""

import re
import subprocess
import sys
import tarfile
from importlib import metadata
from pathlib import Path

import nbformat
import papermill
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter

from tests.helpers.written import EXPORTERS, made, solid, words

OTHERS = "script, style, svg, .jp-InputPrompt, .jp-OutputPrompt, .anchor-link, .jp-Cell-inputWrapper:has(.jp-CodeMirrorEditor)"
DIFFERENCES = {  # by file, words that nbconvert's HTML says and ours does not, and why
    "notebook1": {
        "x",
        "y",
        "z",
        "0",
        "2",
        "sin",
        "cos",
        "left",
        "right",
    },  # SymPy's formulas: their pictures are printed, not their LaTeX
}


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """The folder of all of them."""
    folder = tmp_path_factory.mktemp("others")
    for package in ("nbconvert", "nbclient"):
        asked = f"{package}=={metadata.version(package)}"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
        ]
        done = subprocess.run([*command, "-d", folder, asked], capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"the source archive of {asked} cannot be had from the package index")
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
    found = [*folder.rglob("*.ipynb"), *(Path(papermill.__file__).parent / "tests").rglob("*.ipynb")]
    assert len(found) > 60
    return found


def tokens(text):
    return set(re.findall(r"\w+", text))


@pytest.mark.filterwarnings("ignore:Your element with mimetype")  # nbconvert's own, of outputs that it leaves out
def test_every_format_says_what_the_html_of_nbconvert_says(notebooks):
    missing, read = {}, 0
    for file in notebooks:
        try:
            notebook = nbformat.read(file, as_version=4)
        except (ValueError, AttributeError, KeyError, nbformat.ValidationError):
            continue  # broken by intent
        read += 1
        said = {suffix: words(made(notebook, suffix), suffix) for suffix in EXPORTERS}
        try:
            page = BeautifulSoup(HTMLExporter(exclude_input=True).from_notebook_node(notebook)[0], "html.parser")
        except nbformat.ValidationError:
            continue  # ours prints it all the same
        for tag in page.select(OTHERS):
            tag.decompose()
        for suffix, text in said.items():
            held = solid(text)
            lost = {word for word in tokens(page.find("main").get_text(" ")) if word not in held} - DIFFERENCES.get(
                file.stem, set()
            )
            if lost:
                missing[f"{file.parent.name}/{file.name}", suffix] = lost
    assert missing == {}
    assert read > 50
