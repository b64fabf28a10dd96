"""`briefs verify`: whatever is not as it was made is named, and the command ends with 6."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from city_briefs.common.hashing import file_hash
from city_briefs.production.build import index_page
from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import PASSPHRASE, VARIABLE
from tests.helpers.project import Project
from tests.helpers.signing import Key

LANZHOU, JINCHANG = "outputs/2011/620100", "outputs/2011/620300"
DRAFT = f"{JINCHANG}/incomplete/city-brief"
ALTERED = "is not as it was made: its hash differs from that in manifest.json."
CHANGED = "manifest.json: what it says of city-brief is not as it was written: its hash differs."
INDEX = "outputs/index.html is not the page that is made here of what lies there. `briefs build` writes it anew."


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return Key(tmp_path_factory.mktemp("keys"), 1, "开门")


@pytest.fixture(scope="module")
def project(tmp_path_factory, key):
    """A project with a signed pack of one city, and of another city a draft."""
    made = Project(tmp_path_factory.mktemp("verified"))
    made.edit("business-environment", "enterprises-statement", 'say(new_enterprises) if city == "兰州市" else 1 / 0')
    words = ("build", "--year", "2011", "--city", "兰州", "--city", "金昌")
    done = made.briefs(*words, **{VARIABLE: str(key.private), PASSPHRASE: "开门"})
    assert done.returncode == 4
    return made


@pytest.fixture
def here(project, tmp_path, monkeypatch):
    """A folder with a copy of the outputs, to work in."""
    shutil.copytree(project.out, tmp_path / "outputs", ignore=shutil.ignore_patterns(".*"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def verify(briefs, here):
    """Gives the sentences about the outputs that end with 6; none when all is well."""

    def run(*words):
        code, out, err = briefs("verify", *(words or ["outputs"]))
        *found, count = err.splitlines() or [""]
        assert code == (6 if found else 0), err
        assert count == (f"Differences from what was made: {len(found)}." if found else "")
        assert bool(out) != bool(found)
        return found

    return run


def rewritten(here, folder, change, *, sealed=True):
    """Change what a manifest says of its pack, with the hash that it then has."""
    file = here / folder / "manifest.json"
    packs = manifest.read(file.parent)
    change(packs["city-brief"])
    if sealed:
        packs["city-brief"]["hash"] = manifest.digest(packs["city-brief"])
    file.write_text(manifest.text(packs), "utf-8")


def test_what_is_as_it_was_made_is_said_in_a_line(briefs, here, key):
    files = [
        file for file in (here / "outputs").rglob("*/*") if file.is_file() and file.name not in ("manifest.json", "reason.log")
    ]
    expected = f"Packs: 1; files: {len(files)}. Signed by {key.name}.\n"
    assert briefs("verify", "outputs") == (0, f"outputs is as it was made. {expected}", "")
    assert briefs("verify", "outputs/2011", "--key", key.public) == (0, f"outputs/2011 is as it was made. {expected}", "")
    assert briefs("verify", LANZHOU)[0] == 0


def test_a_byte_changed_anywhere_is_found_and_the_file_is_named(verify, here):
    """In the first, the middle and the last place of every file but the logs of the run and of what failed."""
    logs = ("run.json", "reason.log")
    files = [file for file in sorted((here / "outputs").rglob("*")) if file.is_file() and file.name not in logs]
    suffixes = {".html", ".pdf", ".xlsx", ".docx", ".ipynb", ".json"}
    assert {file.suffix for file in files} == suffixes and len(files) == 16
    for file in files:
        content = file.read_bytes()
        for place in (0, len(content) // 2, len(content) - 1):
            file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            found = verify()
            assert any(line.startswith(str(file.relative_to(here))) for line in found), (file, place)
            if file.parent != here / "outputs" and file.name != "manifest.json":
                assert found == [f"{file.relative_to(here)} {ALTERED}"]
        file.write_bytes(content)
    assert verify() == []


def test_every_byte_of_a_manifest_counts(here, project):
    """Each for itself, through the function that the command calls."""
    from city_briefs.production.review.verify import verify

    file = here / DRAFT / "manifest.json"
    content = file.read_bytes()
    for place in range(0, len(content), 7):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert any(f"{DRAFT}/manifest.json" in line for line in verify(here / DRAFT).differences), place


def test_a_file_more_or_less_is_found(verify, here):
    (here / LANZHOU / "city-brief.pdf").unlink()
    (here / LANZHOU / "notebooks/summary.ipynb").unlink()
    (here / LANZHOU / "notebooks/summary.ipynb").symlink_to(here / DRAFT / "business-environment.ipynb")
    (here / LANZHOU / "notebooks/.more.ipynb").touch()
    (here / DRAFT / "more.pdf").touch()
    (here / "outputs/2011/elsewhere.pdf").touch()
    (here / "outputs/notes.txt").touch()  # beside the packs anything may lie
    (here / "outputs/2011/.making-1-abc").mkdir()  # where a build is at work
    (here / "outputs/2011/.making-1-abc/city-brief.pdf").touch()
    assert verify() == [
        f"{LANZHOU}/city-brief.pdf is missing.",
        f"{LANZHOU}/notebooks/summary.ipynb is missing.",
        f"{LANZHOU}/notebooks/.more.ipynb is named by no manifest.",
        f"{DRAFT}/more.pdf is named by no manifest.",
        "outputs/2011/elsewhere.pdf is named by no manifest.",
    ]


def test_the_index_page_is_that_of_the_packs(verify, here):
    (here / "outputs/index.html").unlink()
    assert verify() == ["outputs/index.html is missing."]
    shutil.rmtree(here / JINCHANG)
    index_page.write(here / "outputs")
    assert verify() == []
    shutil.rmtree(here / LANZHOU / "notebooks")
    (here / LANZHOU).rename(here / "outputs/2011/620200")
    assert verify()[0] == "outputs/2011/620200/manifest.json: city-brief is not of this folder, but of 2011/620100."
    assert verify()[-1] == INDEX


def test_a_manifest_that_is_cut_is_no_manifest_and_nothing_is_said_of_its_files(verify, here):
    file = here / LANZHOU / "manifest.json"
    content = file.read_bytes()
    for mangled in (
        content[: len(content) // 2],
        b"",
        b"[]",
        b'{"packs": {}}',
        b"\xff\xfe",
        b"[" * 100_000,
        content.replace(b"2011", b"\xb0"),
    ):
        file.write_bytes(mangled)
        assert verify() == [f"{LANZHOU}/manifest.json cannot be read as a manifest.", INDEX]
        assert verify(LANZHOU) == [f"{LANZHOU}/manifest.json cannot be read as a manifest."]


def test_a_manifest_in_another_form_is_not_as_it_was_written(verify, here):
    file = here / LANZHOU / "manifest.json"
    content = file.read_text("utf-8")
    for text in (json.dumps(json.loads(content)), f"{content}\n"):
        file.write_text(text, "utf-8")
        assert verify() == [f"{LANZHOU}/manifest.json is not in the form in which a build writes it."]
    file.write_text(content.replace('"document": ', '"document": "另一份",\n      "document": ', 1), "utf-8")  # twice
    assert f"{LANZHOU}/manifest.json cannot be read as a manifest." in verify()


def test_what_a_manifest_says_is_changed_by_nobody(verify, here, key):
    rewritten(here, LANZHOU, lambda entry: entry["refusals"].clear(), sealed=False)
    assert verify() == [f"{LANZHOU}/{CHANGED}"]
    rewritten(here, LANZHOU, lambda entry: None)  # whoever changes it can find the hash
    assert verify() == [f"{LANZHOU}/manifest.json: the signature of city-brief does not hold."]
    rewritten(here, LANZHOU, lambda entry: entry.pop("signature"))  # or leave out the signature
    assert verify() == []
    assert verify("outputs", "--key", key.public) == [f"{LANZHOU}/manifest.json: city-brief is not signed."]


def test_a_document_that_is_changed_with_its_hash_is_told_by_the_signature(verify, here):
    (here / LANZHOU / "city-brief.pdf").write_bytes(b"%PDF-")
    forged = file_hash(here / LANZHOU / "city-brief.pdf")
    rewritten(here, LANZHOU, lambda entry: entry["outputs"].update({"city-brief.pdf": forged}))
    assert verify() == [f"{LANZHOU}/manifest.json: the signature of city-brief does not hold."]


def test_a_pack_that_is_signed_by_another_is_not_taken_for_ours(briefs, here, key, tmp_path, monkeypatch):
    other = Key(tmp_path, 2)
    monkeypatch.setenv(VARIABLE, str(other.private))
    for folder in (LANZHOU, DRAFT):
        signed = {name: manifest.sealed(entry) for name, entry in manifest.read(here / folder).items()}
        (here / folder / "manifest.json").write_text(manifest.text(signed), "utf-8")
    assert briefs("verify", "outputs")[1].endswith(f"Signed by {other.name}.\n")
    code, out, err = briefs("verify", LANZHOU, "--key", key.public)
    assert (code, out) == (6, "")
    assert err == (
        f"{LANZHOU}/manifest.json: city-brief is signed by {other.name}, not by {key.name}.\nDifferences from what was made: 1.\n"
    )


def test_packs_of_which_some_are_signed_are_counted(briefs, here, key):
    shutil.copytree(here / LANZHOU, here / "several/2011/620100")
    shutil.copytree(here / LANZHOU, here / "several/2012/620100")
    rewritten(here, "several/2012/620100", lambda entry: entry.pop("signature"))
    rewritten(here, "several/2012/620100", lambda entry: entry.update(period="2012"))
    index_page.write(here / "several")
    assert briefs("verify", "several")[1].endswith(f"Packs: 2; files: 12. 1 signed by {key.name}, 1 not signed.\n")


def test_a_notebook_of_two_packs_is_that_of_the_one_made_last(verify, here):
    """The other's edition stands as it was made, and its manifest too."""
    folder = here / LANZHOU
    packs = manifest.read(folder)
    older = packs["city-brief"]["outputs"] | {"notebooks/summary.ipynb": "0" * 64}
    older = {name: made for name, made in older.items() if name.startswith("notebooks/")}
    packs["older-brief"] = manifest.sealed({**packs["city-brief"], "pack": "older-brief", "outputs": older})
    del packs["older-brief"]["signature"]
    (folder / "manifest.json").write_text(manifest.text(packs), "utf-8")
    assert verify(LANZHOU) == []


def test_a_folder_without_packs_is_refused(briefs, here):
    for name in ("nothing", "outputs/2011/620100/notebooks"):
        assert briefs("verify", name) == (
            2, "", f"{name} holds no packs. Name a folder that `briefs build` has made, such as outputs.\n",
        )  # fmt: skip
    assert briefs("verify", "outputs", "--data", "elsewhere") == (
        2, "", "--data is only read with --rebuild. Add it, or leave --data out.\n",
    )  # fmt: skip


@pytest.fixture
def temporary():
    """A folder for temporary files, whose path is short enough for the sockets of kernels."""
    folder = Path(tempfile.mkdtemp(prefix="verify-"))
    yield folder
    shutil.rmtree(folder)


def test_packs_are_built_again_and_compared(project, key, temporary):
    """First the same to the byte; then with a chapter and a module that are others now, which are named."""
    said = f"Packs: 1; files: 11. Signed by {key.name}."
    same = project.briefs("verify", "outputs", "--rebuild", TMPDIR=str(temporary))
    assert same.stdout == f"outputs is as it was made. {said}\nBuilt again from data/real, the same to the byte. Packs: 1.\n"
    assert same.returncode == 0
    assert list(temporary.iterdir()) == []

    project.edit("business-environment", "topic", "# 另一个题目")
    with (project.root / "lib/city_briefs/analysis/figures/number_format.py").open("a") as module:
        module.write("\n")
    other = project.briefs("verify", LANZHOU, "--rebuild", TMPDIR=str(temporary))
    assert other.returncode == 6
    assert other.stdout.splitlines()[1:] == [
        "Changed since they were made: lib/city_briefs/analysis/figures/number_format.py, business-environment.ipynb. Packs: 1."
    ]
    names = (*(f"city-brief.{suffix}" for suffix in ("docx", "html", "pdf")), "notebooks/business-environment.ipynb")
    found = [line for line in other.stderr.splitlines() if line.startswith(LANZHOU)]
    assert found == [f"{LANZHOU}/{name} differs from what is made now." for name in names]
    kept = next(temporary.iterdir())
    assert other.stderr.endswith(f"Differences from what is made now: 4. That lies in {kept}.\n")
    assert (kept / "2011/620100/city-brief.pdf").exists()


def test_packs_of_another_snapshot_are_not_built_again(project, demo_province, tmp_path):
    made_from = json.loads((project.root / "data/real/snapshot.json").read_text("utf-8"))["id"][:12]
    done = project.briefs("verify", LANZHOU, "--rebuild", "--data", str(demo_province.path), TMPDIR=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == (
        f"{LANZHOU}/manifest.json: city-brief was made from the snapshot {made_from}, and {demo_province.path} "
        f"is {demo_province.id[:12]}. Name the other with --data.\n"
    )
    assert list(tmp_path.iterdir()) == []
