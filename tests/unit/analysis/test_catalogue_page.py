"""docs/metrics.md is what the catalogue says now."""

from city_briefs.metrics import CATALOGUE
from tests.helpers import ROOT

PAGE = ROOT / "docs/metrics.md"
REMEDY = "docs/metrics.md is not what the catalogue says. Make it anew: briefs metrics --markdown > docs/metrics.md"


def test_the_page_of_metrics_is_what_the_catalogue_says_now(briefs):
    code, out, err = briefs("metrics", "--markdown")
    assert (code, err) == (0, "")
    assert PAGE.read_text("utf-8") == out, REMEDY


def test_the_page_has_a_row_of_eleven_cells_for_each_metric():
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(CATALOGUE)
    assert {row.replace(r"\|", "").count("|") for row in rows} == {12}
