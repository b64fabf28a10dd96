"""`docs/analyst.md`, followed word by word in a fresh clone: its commands, its edits, and what it says they answer."""

import json
import re
from urllib.request import urlopen

import nbformat
import pytest

from tests.helpers import ROOT
from tests.helpers.walkthrough import Clone, steps

DOCUMENT = (ROOT / "docs/analyst.md").read_text("utf-8")
CHAPTER = "notebooks/cooperatives.ipynb"
CODES = ("620100", "620200", "620300")  # of the cities of the small province


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The clone in which everything was done."""
    made, said = Clone(tmp_path_factory.mktemp("analyst")), ""
    for step in steps(DOCUMENT):
        if step.words == ("lab",):
            continue  # it has a test of its own
        said = made.follow(step, said)
    return made


def test_every_step_of_the_document_says_what_it_shows(clone):
    assert clone.shell("git status --porcelain") == ""  # all that was written is committed
    assert clone.shell("git log -1 --format=%s") == "新设合作社：指标和一章\n"


def test_the_new_number_is_in_every_citys_pack_and_the_comparison_names_it(clone):
    said = json.loads(clone.shell("briefs compare outputs/before outputs/after --json"))
    of_cities = [one for one in said["differing"] if one["pack"] == "city-brief"]
    assert [one["region"] for one in of_cities] == list(CODES)
    assert [one["pack"] for one in said["differing"] if one not in of_cities] == ["metric-manual"]
    for one in of_cities:
        [moved] = [
            figure
            for figure in one["figures"]
            if (figure["metric"], figure["view"], figure["region"]) == ("new_cooperatives", "value", one["region"])
        ]
        asked = json.loads(clone.shell(f"briefs value new_cooperatives --city {one['region']} --year 2022 --json"))
        assert (moved["before"], moved["after"]) == (None, asked["text"])
        page = (clone.root / f"outputs/after/2022/{one['region']}/city-brief.html").read_text("utf-8")
        assert re.search(f"新设合作社(<[^>]*>)?{asked['text']}", page)


def test_a_commit_takes_outputs_out_and_keeps_ids_and_the_tag_of_the_parameters(clone):
    before = nbformat.read(clone.root / CHAPTER, as_version=4)
    clone.shell(f"jupyter nbconvert --to notebook --execute --inplace {CHAPTER}")
    with_outputs = nbformat.read(clone.root / CHAPTER, as_version=4)
    with_outputs.cells[4].source = "say(new_cooperatives, new_entities)"
    nbformat.write(with_outputs, clone.root / CHAPTER)
    said = clone.shell("git add notebooks && git commit -m outputs", 1)
    assert re.search(r"notebooks without outputs\.+Failed", said) and re.search(r"rules of chapters and remarks\.+Passed", said)
    clone.shell("git add notebooks && git commit -m outputs")
    after = nbformat.read(clone.root / CHAPTER, as_version=4)
    assert not [cell for cell in after.cells if cell.get("outputs") or cell.get("execution_count")]
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert after.cells[1].metadata.tags == ["parameters"]


def test_a_commit_of_a_notebook_that_breaks_a_rule_is_refused(clone):
    notebook = nbformat.read(clone.root / CHAPTER, as_version=4)
    notebook.cells[4].source = "total = new_cooperatives"
    nbformat.write(notebook, clone.root / CHAPTER)
    head = clone.shell("git rev-parse HEAD")
    said = clone.shell("git commit -am broken", 1)
    assert (
        "cooperatives.ipynb, cell 5, line 1 in “（一）新设合作社”: 'total = new_cooperatives' is no call. "
        "A cell only calls what city_briefs.notebook gives; a metric is defined under lib/city_briefs/metrics."
    ) in said.splitlines()
    assert clone.shell("git rev-parse HEAD") == head
    clone.shell(f"git checkout -q HEAD {CHAPTER}")


def test_make_lab_serves_the_chapters(clone):
    [command] = [step.text for step in steps(DOCUMENT) if step.words == ("lab",)]
    with clone.lab(command) as address:
        chapter = asked(f"{address}/api/contents/business-environment.ipynb")
        assert "say(enterprise_stock)\nclaim(milestone, entity_stock)" in [cell["source"] for cell in chapter["content"]["cells"]]
        assert {"python3", "warm"} <= set(asked(f"{address}/api/kernelspecs")["kernelspecs"])


def asked(address):
    with urlopen(address) as answer:
        return json.load(answer)
