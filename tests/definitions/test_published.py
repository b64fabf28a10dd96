"""What was published stands: a figure that moves is named, and is accepted only with a line of the change log of its own."""

import pytest

from tests import published
from tests.published import __main__ as command


@pytest.mark.parametrize(
    ("file", "figures", "of"),
    [(published.DEMO, published.of_demo, "demo_province"), (published.REAL, published.of_real, "real")],
    ids=["demo", "real"],
)
def test_the_figures_are_those_that_were_published(request, file, figures, of):
    moved = list(published.moved(published.published(file), figures(request.getfixturevalue(of))))
    assert not moved, "\n".join([*moved, f"{len(moved)} figures are not as in tests/published/{file.name}. {published.REMEDY}"])


def test_every_published_figure_was_accepted_with_a_line_of_the_change_log():
    assert published.unaccepted(command.FILES, published.accepted(), published.changes()) == []


def row(metric="new_entities", region="兰州市", *rest, numerator="3453", text="3453户"):
    return {"metric": metric, "view": "value", "region": region, "numerator": numerator, "denominator": "", "text": text}


def test_a_figure_that_moves_is_named_with_what_it_was_and_is():
    before = [row(), row(region="天水市", numerator="591", text="591户"), row("entity_stock", numerator="", text="本期未报送")]
    now = [row(numerator="3454", text="3454户"), row(region="天水市", numerator="591", text="591户"), row("new_enterprises")]
    assert list(published.moved(before, now)) == [
        "new_entities (value) of 兰州市: 3453户 [3453] → 3454户 [3454]",
        "entity_stock (value) of 兰州市: 本期未报送 → no longer there",
        "new_enterprises (value) of 兰州市: not published → 3453户 [3453]",
    ]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one published file that was accepted, and a change log of two lines."""
    monkeypatch.setattr(published, "ACCEPTED", tmp_path / "accepted.toml")
    monkeypatch.setattr(published, "CHANGELOG", tmp_path / "CHANGELOG.md")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changes\n\n## 2\n\n- 消费投诉和解率 now leaves out\n  enquiries.\n- Two more documents.\n\n## 1\n\n- First briefs.\n",
        "utf-8",
    )
    (tmp_path / "demo.csv").write_text("1\n")
    published.accept("First briefs", [tmp_path / "demo.csv"])
    return tmp_path


def faults(project):
    return published.unaccepted([project / "demo.csv"], published.accepted(), published.changes())


def test_a_changed_figure_is_accepted_with_a_line_of_its_own(project):
    assert faults(project) == []
    (project / "demo.csv").write_text("2\n")
    assert faults(project) == [f"tests/published/demo.csv is not as it was accepted. {published.REMEDY}"]
    published.accept("now leaves out enquiries", [project / "demo.csv"])
    assert faults(project) == []
    assert published.accepted()[-1]["change"] == "now leaves out enquiries"


@pytest.mark.parametrize(
    ("quoted", "fault"),
    [
        ("First", "accepted.toml: the line 'First briefs.' of CHANGELOG.md accepts twice. Each change has a line of its own."),
        ("whistle", "accepted.toml: 'whistle' is in 0 lines of CHANGELOG.md. It quotes words of just one."),
        ("e", "accepted.toml: 'e' is in 3 lines of CHANGELOG.md. It quotes words of just one."),
    ],
)
def test_a_line_that_is_not_there_or_accepts_something_else_does_not_do(project, quoted, fault):
    (project / "demo.csv").write_text("2\n")
    published.accept(quoted, [project / "demo.csv"])
    assert faults(project) == [fault]
