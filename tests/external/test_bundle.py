"""The bundle: it installs where no route exists, and whatever stands in its way is a sentence that leaves nothing behind."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile

import pytest

from tests.helpers import ROOT
from tests.helpers.project import COMMAND, sentences
from tests.ingest.test_kill import small_disk

HERE, PLATFORM = "{}.{}".format(*sys.version_info), sysconfig.get_platform()
OTHER = "3.12" if HERE == "3.11" else "3.11"
OF_A_SMALL_LOCK = ("colorama", "nh3", "soupsieve")  # for Windows only; for each machine another; for patches of 3.11 another
NO_NETWORK = ("unshare", "--net")


def run(folder, *command, network=True, **options):
    """A command; one without network is of an installed copy, which nothing may lead to this project and its data."""
    alone = () if network else NO_NETWORK
    if not network:
        options["env"] = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BRIEFS_"))}
    return subprocess.run(
        [*alone, *command], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, **options
    )


def git(folder, *words):
    return run(folder, "git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", *words)


def committed(folder, lock=None):
    """The project as it is, in a clone of its own."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed.returncode:
        pytest.skip("the project is no clone of git")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    if lock:
        (folder / "requirements.lock").write_text(lock, "utf-8")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "The project"]):
        assert git(folder, *words).returncode == 0
    return folder


def bundle(clone, into, *words):
    return run(
        clone,
        sys.executable,
        "-c",
        COMMAND,
        "bundle",
        "--into",
        str(into),
        *words,
        env={**os.environ, "PYTHONPATH": str(clone / "lib")},
    )


def made(clone, into, platform=PLATFORM, python=HERE):
    """The bundle for a machine."""
    done = bundle(clone, into, "--platform", platform, "--python", python)
    assert done.returncode == 0, done.stderr
    return next(into.glob(f"city-briefs-*-py{python}-{platform}.zip"))


def unpacked(archive, folder):
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder


def installed(folder, *words, network=True):
    return run(folder, sys.executable, "install.py", *words, network=network)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A clone whose lock names three packages, so that its bundle is soon made."""
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text("utf-8"))
    few = [block for block in blocks if block.startswith(tuple(f"{name}==" for name in OF_A_SMALL_LOCK))]
    return committed(tmp_path_factory.mktemp("small"), "\n".join(few) + "\n")


@pytest.fixture(scope="module")
def archive(small, tmp_path_factory):
    return made(small, tmp_path_factory.mktemp("archive"))


@pytest.fixture
def place(archive, tmp_path):
    """The folder that the small bundle of this machine is unpacked in."""
    return unpacked(archive, tmp_path / "unpacked")


def wheels(archive):
    with zipfile.ZipFile(archive) as packed:
        return {name.split("/")[1] for name in packed.namelist() if name.startswith("wheels/")}


def test_the_whole_project_installs_and_makes_a_pack_where_there_is_no_network(tmp_path):
    if shutil.which("unshare") is None or run(tmp_path, "true", network=False).returncode:
        pytest.skip("a namespace without network may not be made")
    place = unpacked(made(committed(tmp_path / "clone"), tmp_path), tmp_path / "unpacked")
    folder = tmp_path / "市场监管 briefs"
    folder.mkdir()
    (folder / "UNFINISHED").touch()  # as a kill leaves it
    (folder / "left").touch()
    done = installed(place, str(folder), network=False)
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert re.fullmatch(rf"Installing City Briefs [\d.]+ in {folder}\. It takes a minute or two\.", first)
    assert re.fullmatch(rf"City Briefs [\d.]+ is installed in {folder}; next, in that folder: \.venv/bin/briefs demo", last)
    found = run(folder, ".venv/bin/python", "-c", "from city_briefs.common.paths import root; print(root())", network=False)
    assert found.stdout == f"{folder}\n"  # before anything is written
    assert not (folder / "UNFINISHED").exists() and not (folder / "left").exists()
    for words in ("demo --cities 3 --entities 2000 --years 2020-2021", "build page-one --city 兰州", "verify outputs"):
        done = run(folder, ".venv/bin/briefs", *words.split(), network=False)
        assert done.returncode == 0, done.stderr
    assert (folder / "outputs/2021/620100/page-one.pdf").read_bytes().startswith(b"%PDF")


def test_a_bundle_holds_the_project_as_committed_and_what_the_lock_names_with_the_hash_of_each(small, archive):
    tracked = {f"project/{name}" for name in git(small, "ls-files", "-z").stdout.split("\0") if name}
    hashes = set(re.findall("sha256:([0-9a-f]{64})", (small / "requirements.lock").read_text("utf-8")))
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
        found = {name: hashlib.sha256(packed.read(name)).hexdigest() for name in names - {"SHA256SUMS"}}
        assert packed.read("SHA256SUMS").decode() == "".join(f"{found[name]}  {name}\n" for name in sorted(found))
        assert all(packed.read(name) == (small / name.removeprefix("project/")).read_bytes() for name in tracked)
    of_wheels = {name for name in names if name.startswith("wheels/")}
    assert names == tracked | of_wheels | {"SHA256SUMS", "bundle.json", "install.py"}
    assert {found[name] for name in of_wheels} <= hashes
    assert {"project/LICENCES.md", "project/sbom/requirements.cdx.json"} <= names


def test_the_same_commit_gives_the_same_bytes(small, archive, tmp_path):
    assert made(small, tmp_path / "again").read_bytes() == archive.read_bytes()


def test_a_bundle_for_another_machine_has_what_the_lock_names_there_for_every_patch_of_its_python(small, tmp_path):
    windows = wheels(made(small, tmp_path, "win-amd64", "3.11"))
    assert {name.split("-")[0] for name in windows} == {"colorama", "nh3", "soupsieve"}
    assert sum(name.startswith("soupsieve-") for name in windows) == 2
    assert [name for name in windows if name.startswith("nh3-") and name.endswith("-win_amd64.whl")]
    arm = wheels(made(small, tmp_path, "linux-aarch64", "3.12"))
    assert {name.split("-")[0] for name in arm} == {"nh3", "soupsieve"}
    assert [name for name in arm if name.startswith("nh3-") and name.endswith("_aarch64.whl")]


def test_what_no_bundle_can_be_made_of_is_said(small, tmp_path):
    def refused(*words):
        done = bundle(small, tmp_path, *words)
        assert list(tmp_path.iterdir()) == []
        return done.returncode, done.stderr

    known = "linux-aarch64, linux-x86_64, win-amd64"
    assert refused("--platform", "amiga") == (
        2, f"There is no bundle for the platform 'amiga'. There are bundles for {known}.\n",
    )  # fmt: skip
    assert refused("--python", "3.9") == (2, "There is no bundle for Python '3.9'. Name 3.11 or a newer one by two numbers.\n")
    code, said = refused("--platform", "win-amd64", "--python", "3.10")
    assert (code, said) == (2, "There is no bundle for Python '3.10'. Name 3.11 or a newer one by two numbers.\n")
    (small / "notebooks/own.ipynb").touch()
    try:
        changes = "A bundle holds what is committed, and changes are not: 1, such as 'notebooks/own.ipynb'. Commit them.\n"
        assert refused() == (2, changes)
    finally:
        (small / "notebooks/own.ipynb").unlink()


def test_a_damaged_bundle_is_refused(place, tmp_path):
    wheel = next(place.glob("wheels/nh3-*"))
    wheel.write_bytes(wheel.read_bytes()[:-1])
    (place / "project/README.md").unlink()
    listed = len((place / "SHA256SUMS").read_text("utf-8").splitlines())
    done = installed(place, str(tmp_path / "new"))
    what = f"2 of {listed} files are missing or not as they were packed, such as project/README.md"
    assert (done.returncode, done.stderr) == (
        1, f"The bundle is damaged: {what}. Copy the archive again, and unpack all of it.\n",
    )  # fmt: skip
    (place / "SHA256SUMS").unlink()
    done = installed(place, str(tmp_path / "new"))
    alone = "There is no SHA256SUMS beside install.py. Unpack the whole archive, and run install.py where it was unpacked to.\n"
    assert (done.returncode, done.stderr) == (1, alone)
    assert not (tmp_path / "new").exists()


def test_a_bundle_of_another_python_or_machine_is_refused(small, tmp_path):
    def refused(platform, python):
        place = unpacked(made(small, tmp_path, platform, python), tmp_path / platform / python)
        done = installed(place, str(tmp_path / "new"))
        assert done.returncode == 1 and not (tmp_path / "new").exists()
        return done.stderr

    command = f"Run: python{OTHER} install.py."
    assert refused(PLATFORM, OTHER) == f"This bundle is for Python {OTHER}, and this is Python {HERE}. {command}\n"
    make_one = f"Make one with: briefs bundle --platform {PLATFORM}."
    assert refused("win-amd64", HERE) == f"This bundle is for win-amd64, and this is {PLATFORM}. {make_one}\n"


def test_a_folder_that_exists_is_not_touched(place, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/mine.txt").touch()
    done = installed(place, str(tmp_path / "own"))
    exists = f"{tmp_path / 'own'} exists already. Name another folder, or move that one away.\n"
    assert (done.returncode, done.stderr) == (1, exists)
    assert [file.name for file in (tmp_path / "own").iterdir()] == ["mine.txt"]


def test_a_disk_without_room_is_named_before_anything_is_written(place, tmp_path):
    with small_disk(tmp_path / "disk", 1 << 20):
        done = installed(place, str(tmp_path / "disk/new"))
        assert done.returncode == 1 and list((tmp_path / "disk").iterdir()) == []
    left = rf"{tmp_path / 'disk'} has [01] MiB left, and \d+ MiB are needed\. Name a folder on another disk\.\n"
    assert re.fullmatch(left, done.stderr)


def test_an_installation_that_fails_leaves_nothing_behind(place, tmp_path):
    done = installed(place, str(tmp_path / "new"))  # the small lock lacks what the project is built with
    assert done.returncode == 1 and not (tmp_path / "new").exists()
    assert re.match(r"Nothing was installed, since this failed: .*/new/\.venv/bin/python -m pip .* -e \.\n", done.stderr)
    assert "hatchling" in done.stderr
    assert sentences(done.stdout) == [done.stdout.strip()]
