"""The pages of docs that are made from the code are what the code says now."""

import pytest

from city_briefs import notebook
from city_briefs.analysis.assessments.claims import GUARDS
from city_briefs.app import reference_pages
from city_briefs.metrics import CATALOGUE
from tests.helpers import ROOT


@pytest.mark.parametrize("name", reference_pages.PAGES)
def test_a_page_is_what_the_code_says_now(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == reference_pages.PAGES[name](), f"Make docs/{name} anew: make docs"


def test_they_are_written_into_the_folder_of_the_documents(tmp_path):
    assert [page.name for page in reference_pages.write(tmp_path)] == list(reference_pages.PAGES)
    assert (tmp_path / "cli.md").read_bytes() == (ROOT / "docs/cli.md").read_bytes()


def test_a_page_knows_no_width_of_a_terminal(monkeypatch):
    wide = reference_pages.cli()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERMINAL_WIDTH", "40")
    assert reference_pages.cli() == wide


def test_every_call_of_a_chapter_is_in_one_group_with_its_docstring():
    grouped = [name for names in reference_pages.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(set(notebook.__all__) - set(CATALOGUE) - set(GUARDS))
    assert [name for name in [*grouped, *GUARDS] if not getattr(notebook, name).__doc__] == []
