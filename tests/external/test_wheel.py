"""The wheel does the main job wherever it is installed, in a folder of the office's own, and changes nothing of the installation."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from city_briefs.common.theme import fonts
from tests.helpers import ROOT
from tests.helpers.project import COMMAND

HERE = "{}.{}".format(*sys.version_info)
PROGRAMS = Path(sysconfig.get_path("scripts"))
PLUGINS = """
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbconvert.exporters import get_exporter
from papermill.engines import papermill_engines
from city_briefs.common import paths
print(KernelSpecManager().get_kernel_spec("warm").display_name)
print("warm" in KernelProvisionerFactory.instance().provisioners)
print(*(get_exporter(f"brief-{kind}").__name__ for kind in ("docx", "html", "pdf", "xlsx")))
print(*(papermill_engines.get_engine(name).__name__ for name in ("briefs", "warm")))
print(paths.PACKAGE, (paths.PACKAGE / "py.typed").is_file())
"""


def run(folder, *command):
    """A command that nothing leads to this checkout and its data."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BRIEFS_", "PYTHON"))}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def python(version):
    """A Python of this version, on the path or kept by pyenv; the test is skipped, by the version, when there is none."""
    kept = (Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python{version}")
    for program in filter(None, (shutil.which(f"python{version}"), *sorted(kept))):
        if run("/", program, "-c", "import ensurepip").returncode == 0:
            return program
    pytest.skip(f"Python {version} is not on this machine")


def files(folder):
    """Every file of a folder as it is, but for what Python compiles."""
    found = (file for file in sorted(folder.rglob("*")) if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(folder).as_posix(): (file.stat().st_size, file.stat().st_mtime_ns) for file in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    done = run(ROOT, sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert done.returncode == 0, done.stderr
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module", params=["3.11", "3.12", "3.13"])
def environment(request, wheel, tmp_path_factory):
    """An environment with what the lock names and the wheel. That of this very Python has the first from that of these tests."""
    folder = tmp_path_factory.mktemp(f"python-{request.param}-")
    assert run("/", python(request.param), "-m", "venv", "--without-pip", folder).returncode == 0
    uv = [shutil.which("uv") or PROGRAMS / "uv", "pip", "install", "--quiet", "--python", folder / "bin/python"]
    if request.param == HERE:
        [packages] = folder.glob("lib/python*/site-packages")
        others = [path for path in Path(sysconfig.get_path("purelib")).iterdir() if "city_briefs" not in path.name]
        for path in others:
            (packages / path.name).symlink_to(path)
    else:
        done = run("/", *uv, "--require-hashes", "-r", ROOT / "requirements.lock")
        assert done.returncode == 0, done.stderr
    done = run("/", *uv, "--no-deps", wheel)
    assert done.returncode == 0, done.stderr
    return folder


def test_it_does_the_main_job_in_a_folder_of_its_own_and_writes_nothing_beside_the_package(environment, tmp_path):
    briefs = environment / "bin/briefs"
    [package] = environment.glob("lib/python*/site-packages/city_briefs")
    before = files(package)
    assert run(tmp_path, briefs, "--help").returncode == 0
    done = run(tmp_path, briefs, "build")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "There is no project here: neither this folder nor one above has a briefs.toml. Make one with `bri"
    )
    done = run(tmp_path, briefs, "doctor")
    assert done.returncode == 5 and "missing  The project. There is no project here" in done.stdout
    assert run(tmp_path, briefs, "init", "简报").returncode == 0
    folder = tmp_path / "简报"
    for words in ("demo --entities 2000 --cities 2 --years 2020-2022", "doctor", "check --rules", "build city-brief --city 620100",
                  "verify outputs", "verify outputs --rebuild"):  # fmt: skip
        done = run(folder, briefs, *words.split())
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    [pdf] = folder.glob("outputs/2022/*/city-brief.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert files(package) == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"简报"}
    if f"python{HERE}" in str(package):  # what the wheel made, the checkout would make
        again = run(folder, sys.executable, "-c", COMMAND, "build", "city-brief", "--city", "620100", "--json")
        assert again.returncode == 0, again.stderr
        assert {name: json.loads(again.stdout)[name] for name in ("built", "kept", "failed")} == {
            "built": 0,
            "kept": 2,  # with the manual that it leads to
            "failed": 0,
        }


def test_the_fonts_and_their_licence_are_in_it(wheel):
    with zipfile.ZipFile(wheel) as files:
        for file in fonts.FOLDER.iterdir():
            assert files.read(f"city_briefs/common/theme/font_files/{file.name}") == file.read_bytes()
        assert any(
            name.endswith(".dist-info/licenses/lib/city_briefs/common/theme/font_files/OFL.txt") for name in files.namelist()
        )


def test_the_plug_ins_of_jupyter_come_with_it(environment, tmp_path):
    done = run(tmp_path, environment / "bin/python", "-c", PLUGINS)
    assert done.returncode == 0, done.stderr
    [package] = environment.glob("lib/python*/site-packages/city_briefs")
    assert done.stdout.splitlines() == [
        "Python 3 (warm)", "True", "BriefDOCX BriefHTML BriefPDF BriefXLSX", "Engine Warm", f"{package} True",
    ]  # fmt: skip
