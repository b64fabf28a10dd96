"""Packs that somebody has put in another place, or has taken out of their row: `briefs verify` names the folder, whichever it is given.

Nothing in a file is altered here, so that every hash and every signature holds.
"""

import itertools
import json
import shutil

import pytest

from city_briefs.common import paths
from city_briefs.common.hashing import file_hash
from city_briefs.common.settings import Settings
from city_briefs.production.build import index_page
from city_briefs.production.editions import first_issued, manifest, signature
from tests.helpers.issued import edition, stated
from tests.helpers.signing import Key

CITIES = ("9100", "9200")
PERIODS = ("2021", "2021-03", "2021-M03", "2021-Q1", "2021-06", "2021-S1")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(signature.VARIABLE, str(Key(tmp_path, 1).private))
    monkeypatch.setenv(paths.RESULTS_VARIABLE, str(tmp_path / "results"))
    return tmp_path


@pytest.fixture
def outputs(here):
    """Signed packs of two cities for every kind of period, and their index."""
    for period, city in itertools.product(PERIODS, CITIES):
        made = edition(here / "made", period, stated(1, region=city), region=city)
        entry = manifest.read(made)["city-brief"]
        del entry["approval"]
        (made / manifest.MANIFEST).write_text(manifest.text({"city-brief": manifest.sealed(entry)}), "utf-8")
        (here / "outputs" / period).mkdir(parents=True, exist_ok=True)
        made.replace(here / "outputs" / period / city)
    index_page.write(here / "outputs")
    return here / "outputs"


@pytest.fixture
def register(here, monkeypatch):
    """A register of two cities, each with three editions of a year."""
    root = here / "editions"
    monkeypatch.setattr(paths, "register", lambda: root)
    for city, number in itertools.product(CITIES, (1, 2, 3)):
        edition(root, "2021", stated(number, region=city), region=city, number=number)
    index(root)
    return root


def index(root):
    """Writes what a register has beside its editions, as whoever has forged it would."""
    index_page.write_of_editions(root)
    first_issued.keep()


@pytest.fixture
def verified(briefs):
    """The sentences on a folder; none when it is as it was made."""

    def verify(folder, *words):
        code, out, err = briefs("verify", folder, *words)
        *found, _ = err.splitlines() or [""]
        assert code == (6 if found else 0) and bool(out) != bool(found), err
        return found

    return verify


def elsewhere(folder, *where):
    return f"{folder}/manifest.json: city-brief is not of this folder, but of {'/'.join(where)}."


def swap(first, second):
    first.rename(first.parent / "aside")
    second.rename(first)
    (first.parent / "aside").rename(second)


def test_every_folder_verifies_by_itself_and_in_those_above_it(outputs, register, verified):
    folders = [outputs, register, *outputs.glob("*"), *outputs.glob("*/*"), *register.glob("2021/**/")]
    assert {str(folder): found for folder in folders if folder.is_dir() and (found := verified(folder))} == {}
    assert verified("outputs/../outputs/2021/./9100") == verified("./editions/2021/") == []


def test_it_verifies_whatever_is_above_the_folder_of_its_period(outputs, register, verified, here):
    shutil.copytree(outputs / "2021", here / "copy/of/2021")
    shutil.copytree(register, here / "backup")
    assert verified("copy/of/2021") == verified("copy/of/2021/9100") == verified("backup") == verified("backup/2021/9200") == []


@pytest.mark.parametrize("period", PERIODS)
def test_two_cities_in_each_others_place_are_named_wherever_one_looks(outputs, verified, period):
    swap(outputs / period / "9100", outputs / period / "9200")
    first, second = (elsewhere(f"outputs/{period}/{here}", period, of) for here, of in (CITIES, CITIES[::-1]))
    assert verified(f"outputs/{period}") == [first, second]
    assert verified(f"outputs/{period}/9100") == [first] and verified(f"outputs/{period}/9200") == [second]
    assert [line for line in verified("outputs") if "the page that is made here" not in line] == [first, second]


@pytest.mark.parametrize(("period", "name"), [*itertools.permutations(PERIODS, 2)])
def test_a_period_under_the_name_of_another_is_named(outputs, verified, period, name):
    shutil.rmtree(outputs / name)
    (outputs / period).rename(outputs / name)
    index_page.write(outputs)
    for folder in ("outputs", f"outputs/{name}"):
        assert verified(folder) == [elsewhere(f"outputs/{name}/{city}", period, city) for city in CITIES]
    assert verified(f"outputs/{name}/9200") == [elsewhere(f"outputs/{name}/9200", period, "9200")]


@pytest.mark.parametrize("name", ["", "x", "2021 ", "2021.", "20211", "２０２１", "2021-12", ".."])
def test_a_pack_that_was_taken_out_of_its_folders_is_named(outputs, verified, here, name):
    place = here / "taken" / name / "9100"
    shutil.copytree(outputs / "2021/9100", place)
    (said,) = verified(place)
    assert said.endswith("manifest.json: city-brief is not of this folder, but of 2021/9100.")


def test_a_link_by_another_name_is_not_the_folder_that_it_leads_to(outputs, verified, here):
    (here / "outputs/2020").symlink_to("2021")
    assert verified("outputs/2020/9100") == [elsewhere("outputs/2020/9100", "2021", "9100")]


def test_a_pack_within_another_is_named(outputs, verified):
    shutil.copytree(outputs / "2021-06", outputs / "2021/9100/2021-06")
    said = "lies in the folder of another pack."
    for folder in ("outputs/2021", "outputs/2021/9100"):
        assert verified(folder) == [f"outputs/2021/9100/2021-06/{city}/manifest.json {said}" for city in CITIES]


@pytest.mark.parametrize(
    ("first", "second"),
    [("2021/9100", "2021/9200"), ("2021/9100/city-brief", "2021/9200/city-brief"), ("2021/9100/city-brief/1", "2021/9200/city-brief/1")],
)  # fmt: skip
def test_editions_in_the_place_of_others_are_named_wherever_one_looks(register, verified, first, second):
    swap(register / first, register / second)
    index(register)
    said = elsewhere("editions/2021/9100/city-brief/1", "2021", "9200", "city-brief", "1")
    for folder in ("editions", "editions/2021", "editions/2021/9100", "editions/2021/9100/city-brief"):
        assert said in verified(folder), folder
    assert verified("editions/2021/9100/city-brief/1") == [said]


def test_an_edition_under_another_number_is_named(register, verified):
    row = register / "2021/9100/city-brief"
    swap(row / "1", row / "2")
    assert elsewhere("editions/2021/9100/city-brief/1", "2021", "9100", "city-brief", "2") in verified(row)
    assert elsewhere("editions/2021/9100/city-brief/2", "2021", "9100", "city-brief", "1") in verified(row / "2")


@pytest.mark.parametrize("gone", [1, 2])
def test_a_gap_in_a_row_is_named_wherever_one_looks(register, verified, gone):
    row = register / "2021/9100/city-brief"
    shutil.rmtree(row / str(gone))
    index(register)
    said = (
        f"editions/2021/9100/city-brief/{gone + 1}/manifest.json: edition {gone}, which was issued before edition {gone + 1}, "
        "does not lie beside it."
    )
    for folder in (register, row, row / str(gone + 1)):
        assert verified(folder) == [said]


def resealed(folder, **said):
    """Says something else of an edition under a hash and a signature that hold; None takes a key away."""
    entry = manifest.read(folder)["city-brief"] | said
    entry = {name: value for name, value in entry.items() if name not in manifest.SEAL and value is not None}
    (folder / manifest.MANIFEST).write_text(manifest.text({"city-brief": manifest.sealed(entry)}), "utf-8")


@pytest.mark.parametrize(
    ("number", "said", "why"),
    [
        (3, {"before": "0" * 64}, "edition 3 was not issued after the edition 2 that lies beside it."),
        (3, {"before": None}, "edition 3 was not issued after the edition 2 that lies beside it."),
        (1, {"before": "0" * 64}, "edition 1 was not issued after none."),
    ],
)
def test_an_edition_that_was_signed_for_another_row_is_named(register, verified, number, said, why):
    folder = register / f"2021/9100/city-brief/{number}"
    resealed(folder, **said)
    index(register)
    assert f"editions/2021/9100/city-brief/{number}/manifest.json: {why}" in verified(register)
    assert verified(folder) == [f"editions/2021/9100/city-brief/{number}/manifest.json: {why}"]


def test_an_edition_without_a_number_is_named(register, verified):
    folder = register / "2021/9100/city-brief/1"
    resealed(folder, edition=None)
    assert verified(folder) == ["editions/2021/9100/city-brief/1/manifest.json does not say which edition it is."]


def test_one_that_was_signed_anew_is_not_that_after_which_the_next_was_issued(register, verified):
    resealed(register / "2021/9100/city-brief/2", title="另一份")
    index(register)
    assert verified(register) == [
        "editions/2021/9100/city-brief/3/manifest.json: edition 3 was not issued after the edition 2 that lies beside it."
    ]


def test_who_may_not_issue_is_named(register, verified, here, monkeypatch):
    key, other = (Key(here, number).name for number in (1, 2))
    monkeypatch.setattr(paths, "settings", lambda: Settings(signers=[other]))
    index(register)
    said = f"manifest.json: city-brief is signed by {key}, which is none of the signers of briefs.toml."
    assert verified(register) == [f"editions/2021/{city}/city-brief/{number}/{said}" for city in CITIES for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "notebook",
    [[], {}, {"cells": 1}, {"cells": [[]]}, {"cells": [{"outputs": 1}]}, "x", None, {"cells": [{"outputs": [None]}]}],
    ids=str,
)
def test_a_signed_notebook_that_is_none_states_no_figures_and_stops_nothing(register, verified, notebook):
    folder = register / "2021/9100/city-brief/3"
    (folder / "summary.ipynb").write_text(json.dumps(notebook), "utf-8")
    resealed(folder, outputs={"summary.ipynb": file_hash(folder / "summary.ipynb")})
    index(register)
    assert verified(register) == []


MANGLED = {
    "hash": [None, 1, []], "signature": [None, {}, "x"], "approval": [None, {}, {"reviewed_by": "", "issued_by": "", "issued_on": "x"}],
    "edition": [None, 0, "1", 1.5], "until": [None, "", "2021-02-30"], "period": [None, "x", "\x1b[2J"], "region": [None, "", "../x"],
    "outputs": [None, [], {"x" * 300: ""}, {"\x1b[2J": ""}, {"a\u2028": ""}, {"x": None}], "before": [None, 1], "snapshot": [None, {"id": None}],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in MANGLED.items() for value in values], ids=str)
def test_what_no_manifest_says_costs_its_own_folder_one_sentence(outputs, register, verified, name, value):
    for folder in (outputs / "2021/9100", register / "2021/9100/city-brief/3"):
        said = json.loads((folder / manifest.MANIFEST).read_text("utf-8"))
        said["packs"]["city-brief"][name] = value
        (folder / manifest.MANIFEST).write_text(json.dumps(said), "utf-8")
    index_page.write(outputs)
    index(register)
    for root, place in (("outputs", "outputs/2021/9100"), ("editions", "editions/2021/9100/city-brief/3")):
        assert verified(root) == verified(place) == [f"{place}/manifest.json cannot be read as a manifest."]


@pytest.mark.parametrize("name", ["hash", "signature", "approval", "edition", "content", "before", "outputs", "until"])
def test_what_a_manifest_lacks_is_named_in_its_own_folder_alone(register, verified, name):
    folder = register / "2021/9100/city-brief/3"
    said = manifest.read(folder)
    del said["city-brief"][name]
    (folder / manifest.MANIFEST).write_text(manifest.text(said), "utf-8")
    index(register)
    found = verified(register)
    assert found and all(line.startswith("editions/2021/9100/city-brief/3/") for line in found)
