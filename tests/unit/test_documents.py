"""What the documents name is there: files of the project, links, sections, rooms, commands, tables."""

import re

import pytest
import typer

from city_briefs.app.cli import app
from city_briefs.model.tables import COVERAGE, TABLES
from tests.helpers import ROOT

HISTORY = ROOT / "CHANGELOG.md"  # may name what has gone since
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("data/*.md"), *ROOT.glob("docs/*.md")} - {HISTORY})
PATH = re.compile(r"`((?:\.ci|data|docs|lib|notebooks|tests)/[\w./-]*|[\w-]+\.(?:md|yml|lock))`")
LINK = re.compile(r"\]\(([^)#]+)(?:#([^)]*))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
# What only a person or a command makes, in a place that the documents give.
MADE_LATER = (
    "data/snapshots", "data/editions", "data/deliveries", "data/recipients.csv", "data/actions.csv", "data/notes",
    "data/reference/reference.docx",
)  # fmt: skip


def missing_paths(text, root=ROOT):
    """Return the paths of the project that a text names in backticks and that are not there."""
    named = PATH.findall(CODE.sub("", text))
    return [path for path in named if not path.startswith(MADE_LATER) and not (root / path).exists()]


def missing_links(text, folder):
    """Return the relative links of a text that lead to no file, or to no heading of it."""
    links = [(target, section) for target, section in LINK.findall(CODE.sub("", text)) if "://" not in target]
    return [
        target
        for target, section in links
        if not (folder / target).is_file() or (section and section not in anchors((folder / target).read_text("utf-8")))
    ]


def anchors(text):
    return {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in HEADING.findall(CODE.sub("", text))}


def table_keys(text, heading):
    """Return the names in backticks that begin the rows of the table under a heading."""
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_path_that_a_document_names_is_there(file):
    assert missing_paths(file.read_text("utf-8")) == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(file):
    assert missing_links(file.read_text("utf-8"), file.parent) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`lib/city_briefs/gone.py` and `lib/city_briefs`", ["lib/city_briefs/gone.py"]),
        ("`tests/unit/test_gone.py`, `GONE.md`", ["tests/unit/test_gone.py", "GONE.md"]),
        ("`data/snapshots/own`, `lib/<room>`, `briefs.toml`\n```\n`docs/gone.md`\n```", []),
    ],
)
def test_a_path_that_is_not_there_is_named(text, missing):
    assert missing_paths(text) == missing


def test_a_link_to_no_file_or_to_no_heading_is_named(tmp_path):
    (tmp_path / "a.md").write_text("## 一章 of it\n", "utf-8")
    text = "[1](a.md) [2](a.md#一章-of-it) [3](a.md#gone) [4](b.md) [5](https://example.org/b.md)"
    assert missing_links(text, tmp_path) == ["a.md", "b.md"]


@pytest.mark.parametrize(("name", "heading"), [("README.md", "Eight rooms"), ("README.zh-CN.md", "代码分八个包")])
def test_a_readme_names_every_room(name, heading):
    rooms = {file.parent.name for file in (ROOT / "lib" / "city_briefs").glob("*/__init__.py")}
    assert sorted(table_keys((ROOT / name).read_text("utf-8"), heading)) == sorted(rooms)


@pytest.mark.parametrize(("name", "heading"), [("README.md", "The commands"), ("README.zh-CN.md", "命令")])
def test_a_readme_names_every_command(name, heading):
    section = (ROOT / name).read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    listed = re.findall(r"`([\w-]+)`", "".join(re.findall(r"^- .*$", section, re.MULTILINE)))
    assert sorted(listed) == sorted(typer.main.get_command(app).commands)


def test_the_page_on_data_lists_every_table_that_may_be_sent():
    listed = table_keys((ROOT / "docs/data.md").read_text("utf-8"), "有哪些表")
    assert listed == [name for name, table in TABLES.items() if table is not COVERAGE]
