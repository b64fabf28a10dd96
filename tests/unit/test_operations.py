"""The pages for operators say the same in Chinese and in English: the same sections, code, names, links and tables."""

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
