"""The pages for operators say the same in Chinese and in English: the same sections, code, names, links and tables."""

import ast
import re

import pytest

from tests.helpers import ROOT
from tests.unit.test_readme_zh import LINK, sections, shape

DOCS = ROOT / "docs"
PAGES = ("operations", "windows")


def read(name):
    """A page as it is written."""
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_sections_code_names_links_and_tables(page):
    chinese, english = ([shape(section) for _, section in sections(read(name))] for name in (f"{page}.md", f"{page}.en.md"))
    assert chinese == english


@pytest.mark.parametrize("page", PAGES)
def test_each_page_links_to_the_other_language_at_its_head(page):
    for name, other in ((f"{page}.md", f"{page}.en.md"), (f"{page}.en.md", f"{page}.md")):
        assert LINK.search(read(name))[1] == other


def texts():
    """Every text that the package has, with … in the place of what it fills in."""
    for file in (ROOT / "lib/city_briefs").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)


def messages(page):
    """The messages that a page explains: what stands quoted first in the rows of its table."""
    [rows] = [section for heading, section in sections(read(page)) if heading in ("## 提示是什么意思", "## What messages mean")]
    return re.findall(r"^\| “([^”]+)”", rows, re.MULTILINE)


@pytest.mark.parametrize("page", ["operations.md", "operations.en.md"])
def test_each_message_that_is_explained_is_said(page):
    said = list(texts())
    explained = messages(page)
    assert len(explained) > 10 and all(re.search("[一-鿿]", message) for message in explained) == (page == "operations.md")
    assert [message for message in explained if not any(message in text for text in said)] == []
