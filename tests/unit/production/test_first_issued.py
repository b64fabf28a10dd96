"""What was first issued of a figure is read from the signed editions of the register, and from nothing else."""

import shutil
from dataclasses import replace

import pytest

from city_briefs.app import incremental
from city_briefs.common import issued_figures, paths
from city_briefs.common.errors import DataError
from city_briefs.production.build import fingerprints
from city_briefs.production.editions import first_issued, signature
from tests.helpers.issued import edition, stated
from tests.helpers.signing import Key
from tests.unit.production.test_index_page import Outputs


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A register of two editions of 2021, the second with a revised number, and one of 2020."""
    monkeypatch.setenv(signature.VARIABLE, str(Key(tmp_path, 1).private))
    monkeypatch.setenv(paths.RESULTS_VARIABLE, str(tmp_path / "results"))
    root = tmp_path / "editions"
    monkeypatch.setattr(paths, "register", lambda: root)
    edition(root, "2021", stated(62.75, numerator=251, denominator=400), stated(5, metric="n"), stated(60, year=2020))
    edition(root, "2021", stated(64.5), stated(7, metric="late"), number=2, on="2022-03-20")
    edition(root, "2020", stated(61.5, year=2020), on="2021-01-20")
    return root


def said(metric="m", region="9100"):
    return [(figure.period.slug, figure.value, figure.issued_on) for figure in issued_figures.of(metric, region)]


def rebuilt(root):
    """The file, made again from the editions alone."""
    (root / issued_figures.FILE).unlink()
    first_issued.keep()
    return (root / issued_figures.FILE).read_bytes()


def test_the_first_edition_of_a_period_counts_and_not_what_another_period_says_of_it(root):
    first_issued.keep()
    assert said() == [("2020", "61.5", "2021-01-20"), ("2021", "62.75", "2022-01-20")]
    assert said("n") == [("2021", "5", "2022-01-20")] and said("late") == [("2021", "7", "2022-03-20")]
    assert said("none") == said("m", "9200") == []
    [*_, last] = issued_figures.of("m", "9100")
    assert (last.halves, last.definition, last.pack, last.of, last.edition) == ((251, 400), "2:a", "city-brief", "9100", 1)


def test_of_two_packs_that_which_was_issued_first_counts(root):
    edition(root, "2021", stated(62.5), pack="short-brief", on="2022-01-19")
    first_issued.keep()
    assert said()[-1] == ("2021", "62.5", "2022-01-19")


@pytest.mark.parametrize(
    "asked", [{"view": "yoy"}, {"by": "kind", "part": "food"}, {"area": "广东"}, {"through": 6}, {"value": None}], ids=str
)
def test_growth_parts_cited_numbers_other_months_and_refusals_are_no_values_of_the_period(root, asked):
    edition(root, "2022", stated(9, year=2022, metric="other") | asked, stated(1, year=2022), on="2023-01-20")
    first_issued.keep()
    assert said("other") == [] and said()[-1] == ("2022", "1", "2023-01-20")


def test_an_edition_that_comes_later_is_added_and_the_file_is_that_which_is_made_anew(root):
    first_issued.keep()
    edition(root, "2022-06", stated(3, year=2022, through=6), on="2022-07-20")
    first_issued.keep()
    assert said()[-1] == ("2022-06", "3", "2022-07-20")
    kept = (root / issued_figures.FILE).read_bytes()
    assert first_issued.is_as_issued(root)
    assert kept == rebuilt(root)


def test_a_file_that_somebody_has_changed_is_made_again(root):
    first_issued.keep()
    file = root / issued_figures.FILE
    before = file.read_bytes()
    file.write_bytes(before.replace(b"62.75", b"62.00"))
    first_issued.keep()
    assert file.read_bytes() == before


def test_the_tables_of_a_metric_are_kept_with_the_hashes_that_the_edition_had(root):
    tables = {"complaints": "a" * 64, "coverage": "b" * 64, "returns": "c" * 64}
    edition(root, "2022", stated(3, year=2022), on="2023-01-20", tables=tables, counted_from=["returns", "complaints"])
    edition(root, "2023", stated(4, year=2023), on="2024-01-20", tables=tables, counted_from=["cases"])
    first_issued.keep()
    [*_, of_2021, of_2022, of_2023] = issued_figures.of("m", "9100")
    assert of_2022.tables == "complaints=aaaaaaaaaaaa returns=cccccccccccc"
    assert of_2022.hashes == {"complaints": "a" * 12, "returns": "c" * 12}
    assert of_2021.hashes == of_2023.hashes == {}  # the one names no tables, and the other none that its snapshot had


def test_a_file_of_an_older_version_is_read_and_holds_until_it_is_made_again(root):
    first_issued.keep()
    file = root / issued_figures.FILE
    before, figures = file.read_text("utf-8"), issued_figures.of("m", "9100")
    file.write_text(issued_figures.text(issued_figures.read(before), issued_figures.FIRST_COLUMNS), "utf-8")
    assert file.read_text("utf-8").startswith(
        "metric,region,year,through,synthetic,issued_on,edition,pack,of,definition,value,numerator,denominator\n"
    )
    assert issued_figures.of("m", "9100") == figures and first_issued.is_as_issued(root)
    file.write_text(file.read_text("utf-8").replace("62.75", "62.00"), "utf-8")
    assert not first_issued.is_as_issued(root)
    first_issued.keep()
    assert file.read_text("utf-8") == before


def test_an_edition_that_was_taken_away_counts_no_more(root):
    first_issued.keep()
    shutil.rmtree(root / "2020")
    first_issued.keep()
    assert said() == [("2021", "62.75", "2022-01-20")]


@pytest.mark.parametrize("file", ["summary.ipynb", "manifest.json"])
def test_an_edition_that_is_not_as_it_was_issued_says_nothing(root, file):
    changed = root / "2021/9100/city-brief/1" / file
    changed.write_bytes(changed.read_bytes().replace(b"2", b"3", 1))
    first_issued.keep()
    assert said() == [("2020", "61.5", "2021-01-20"), ("2021", "64.5", "2022-03-20")]


def test_a_draft_and_an_edition_without_signature_say_nothing(root, monkeypatch):
    monkeypatch.setenv(signature.VARIABLE, "")
    edition(root, "2019", stated(1, year=2019))
    first_issued.keep()
    assert said()[0] == ("2020", "61.5", "2021-01-20")


def test_without_a_register_nothing_is_written_and_nothing_was_issued(root):
    shutil.rmtree(root)
    first_issued.keep()
    assert not root.exists() and said() == []


def test_a_file_that_cannot_be_read_is_a_sentence_with_its_remedy(root):
    (root / issued_figures.FILE).write_text("metric\nm,9100,x\n", "utf-8")
    with pytest.raises(DataError) as error:
        said()
    where = paths.shown(root / issued_figures.FILE)
    assert str(error.value) == f"{where} cannot be read. `briefs build` makes it again from the editions that lie there."


def test_a_build_looks_again_at_what_chapters_have_read_when_something_was_first_issued(root, tmp_path, real):
    request = replace(Outputs(tmp_path / "outputs").request(), source=incremental.source(real))

    def fingerprint():
        first_issued.keep()
        return fingerprints.pack_quick(request, []), fingerprints.chapter_data(request.chapters[0])

    before = fingerprint()
    edition(root, "2021", stated(65), number=3, on="2022-04-20")  # says nothing first
    assert fingerprint() == before
    edition(root, "2022", stated(3, year=2022), on="2023-01-20")
    assert all(new != old for new, old in zip(fingerprint(), before, strict=True))
