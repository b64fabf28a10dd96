"""Pipes, sockets, devices, folders, loops and files without end where a file is expected: named at once, read by nobody.

And folders that may not be looked into: named, and never passed over as if nothing lay there.
"""

import json
import shutil
import subprocess
import sys

import pytest

from city_briefs.app.bundle import install
from city_briefs.common import files, hashing, paths
from city_briefs.common.errors import DataError, UsageError
from city_briefs.production.build import index_page
from city_briefs.production.delivery import journal
from city_briefs.production.editions import first_issued, manifest, register, signature
from tests.delivery.conftest import office  # noqa: F401  # a fixture
from tests.faults.test_disk import UNPRIVILEGED
from tests.helpers.issued import register_of_two_cities
from tests.helpers.planted import ODD, patience, plant
from tests.helpers.project import COMMAND

OTHER_FIGURES = "not what the editions that lie here say. `briefs build` writes it anew."
OF_NO_SIZE = [kind for kind in ODD if kind != "4 TB of nothing"]


@pytest.fixture(autouse=True)
def at_once():
    with patience():
        yield


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A register of two cities with two editions each, in the working directory."""
    return register_of_two_cities(tmp_path, monkeypatch)


def found(briefs, folder):
    """The sentences of `briefs verify`, without that which counts them."""
    code, _, err = briefs("verify", folder)
    assert code == (6 if err else 0) and "Traceback" not in err, err
    return err.splitlines()[:-1]


@pytest.mark.parametrize("kind", ODD)
def test_no_file_is_read_that_is_none(tmp_path, kind):
    file = tmp_path / "file"
    plant(kind, file)
    with pytest.raises(OSError):
        files.read_bytes(file, 2**20)
    if kind in OF_NO_SIZE:  # it would take an hour to hash 4 TB
        assert not hashing.holds(file, "0") and hashing.verified_bytes(file, "0") is None


@pytest.mark.parametrize("kind", ODD)
def test_a_manifest_that_is_no_file_is_named_and_costs_its_own_pack(briefs, root, kind):
    place = root / "2021/9100/city-brief/2"
    plant(kind, place / manifest.MANIFEST)
    assert f"{paths.shown(place)}/manifest.json cannot be read as a manifest." in found(briefs, root)
    assert f"{paths.shown(place)}/manifest.json cannot be read as a manifest." in found(briefs, place)
    with pytest.raises(DataError, match=r"^editions/2021/9100/city-brief/2/manifest\.json is not as it was issued\. "):
        register.editions("city-brief", "9100", "2021")
    assert len(register.editions("city-brief", "9200", "2021")) == 2
    index_page.write_of_editions(root)
    first_issued.keep()


@pytest.mark.parametrize("kind", OF_NO_SIZE)
@pytest.mark.parametrize("name", ["2021/9200/city-brief/1/summary.ipynb", "index.html", "first-issued.csv"])
def test_what_else_lies_in_the_register_and_is_no_file_is_named(briefs, root, kind, name):
    plant(kind, root / name)
    said = found(briefs, root)
    assert said[0].startswith(f"editions/{name} is ")
    assert said[1:] == [f"editions/first-issued.csv is {OTHER_FIGURES}"] * name.endswith(".ipynb")


@pytest.mark.parametrize("kind", OF_NO_SIZE)
@pytest.mark.parametrize("place", ["2021", "2021/9100", "2021/9100/city-brief", "2021/9100/city-brief/2"])
def test_what_is_no_folder_is_no_register_without_editions(root, kind, place):
    if kind == "folder":
        pytest.skip("that is one")
    shutil.rmtree(root / place)
    ODD[kind](root / place)
    with pytest.raises(
        DataError, match=rf"^editions/{place}(/manifest.json is not as it was issued| is no folder of editions)\. "
    ):
        register.editions("city-brief", "9100", "2021")


@pytest.mark.parametrize("kind", OF_NO_SIZE)
def test_a_key_that_is_no_file_is_said(root, kind):
    file = root.parent / "key-1.pem"
    plant(kind, file)
    signature._read.cache_clear()
    with pytest.raises(UsageError, match=rf"^{signature.VARIABLE} names '.*', which cannot be read: "):
        signature.key()
    with pytest.raises(UsageError, match=r"^key-1\.pem cannot be read: "):
        signature.public(file)
    signature._read.cache_clear()


def test_a_key_that_is_no_path_is_said(monkeypatch):
    signature._read.cache_clear()
    with pytest.raises(UsageError, match="which is no path of a file"):
        signature._read("a\0b", None)


@pytest.mark.parametrize("kind", OF_NO_SIZE)
def test_the_sums_of_a_bundle_that_are_no_file_are_said(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(install, "HERE", tmp_path)
    plant(kind, tmp_path / install.SUMS)
    with pytest.raises(install.Refused, match="Unpack the whole archive"):
        install.whole()


@pytest.mark.parametrize("kind", OF_NO_SIZE)
def test_a_file_of_a_bundle_that_is_none_is_missing(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(install, "HERE", tmp_path)
    (tmp_path / install.SUMS).write_text(f"{'0' * 64}  a\n", "utf-8")
    plant(kind, tmp_path / "a")
    with pytest.raises(install.Refused, match="1 of 1 files are missing or not as they were packed, such as a"):
        install.whole()


@pytest.mark.parametrize("kind", [kind for kind in OF_NO_SIZE if kind not in ("nowhere", "loop")])
def test_a_journal_that_is_no_file_is_said(tmp_path, kind):
    plant(kind, tmp_path / journal.FILE)
    with pytest.raises(DataError, match=r"journal\.jsonl cannot be read: "):
        journal.read(tmp_path)


@pytest.mark.parametrize("kind", ODD)
def test_a_delivery_names_the_edition_and_delivers_the_others(briefs, office, kind):  # noqa: F811
    office.recipients("folder:/tmp,*,*,pdf,")
    office.edition("620100")
    plant(kind, office.edition("620200") / manifest.MANIFEST)
    code, out, err = briefs("deliver")
    assert code == 4 and "Due: 1; before: 0; not delivered: 1." in out
    assert "editions/2021/620200/city-brief/1/manifest.json is not as it was issued. " in err


LOCKED = [(0o000, "its own"), (0o444, "its names alone")]


@pytest.mark.parametrize("mode", [mode for mode, _ in LOCKED], ids=[name for _, name in LOCKED])
@pytest.mark.parametrize("place", ["2021", "2021/9100", "2021/9100/city-brief", "2021/9100/city-brief/2"])
def test_a_folder_that_may_not_be_looked_into_is_named_and_what_lies_there_is_not_forgotten(root, mode, place):
    """By a process that has not the rights of root."""
    script = root.parent / "asked.py"
    script.write_text(ASKED, "utf-8")
    (root.parent / "briefs.toml").write_text('editions = "editions"\n', "utf-8")
    before = (root / "first-issued.csv").read_bytes()
    (root / place).chmod(mode)
    done = subprocess.run(
        [*UNPRIVILEGED, sys.executable, script], cwd=root.parent, capture_output=True, text=True, encoding="utf-8", check=False
    )
    asked = subprocess.run(
        [*UNPRIVILEGED, sys.executable, "-c", COMMAND, "verify", "editions"],
        cwd=root.parent, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    (root / place).chmod(0o755)
    said = f"editions/{place} cannot be read: Permission denied. Give this user the right to read it."
    assert done.returncode == 0, done.stderr
    of_pack, of_delivery, of_index = json.loads(done.stdout)
    if place.endswith("/2"):
        assert (
            of_pack
            == "editions/2021/9100/city-brief/2/manifest.json is not as it was issued. Put it back from a copy of the register."
        )
        assert of_delivery == [of_pack]
    else:
        assert (of_pack, of_delivery) == (said, [said])
    assert of_index == said
    assert (root / "first-issued.csv").read_bytes() == before
    assert asked.returncode == 6 and said in asked.stderr.splitlines() and "Traceback" not in asked.stderr


ASKED = """
import json
from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.production.build import index_page
from city_briefs.production.delivery import documents
from city_briefs.production.editions import first_issued, register

def said(ask, *about):
    try:
        ask(*about)
    except DataError as error:
        return str(error)

first_issued.keep()
print(json.dumps([
    said(register.editions, "city-brief", "9100", "2021"), documents.issued(lambda entry: True).faults,
    said(index_page.pages_of_editions, paths.register()),
]))
"""
