"""The project and all that it needs as one archive, for offices without internet: `python install.py` in it installs both.

It holds the project as committed, the wheels of the lock for one kind of machine and one Python, and the hash of every file. The
same commit, lock and machine give the same bytes.
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from city_briefs import __version__
from city_briefs.common import atomic_files, paths
from city_briefs.common.errors import BundleError, UsageError
from city_briefs.common.files import read_bytes, read_text, write_new
from city_briefs.common.hashing import file_hash
from city_briefs.common.language import chosen
from city_briefs.production.packs.trust import GitError, git

INSTALLER = "lib/city_briefs/app/bundle/install.py"
OLDEST_PYTHON = 11  # the minor version
LAST_PATCH = 99  # of any Python: the markers of a lock tell some patches apart
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a zip knows nothing earlier


@dataclass(frozen=True)
class Machine:
    """A kind of machine: the tags of the wheels that run there, best first, and what the markers of a lock ask of it."""

    tags: tuple[str, ...]
    markers: Mapping[str, str]


def _linux(processor: str) -> Machine:
    tags = (*(f"manylinux_2_{minor}" for minor in (28, 27, 26, 24, 17)), "manylinux2014")  # glibc 2.28, of 2018, and older ones
    markers = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": processor}
    return Machine(tuple(f"{tag}_{processor}" for tag in tags), markers)


# By the names that `sysconfig.get_platform` gives them.
MACHINES = {
    "linux-aarch64": _linux("aarch64"),
    "linux-x86_64": _linux("x86_64"),
    "win-amd64": Machine(
        ("win_amd64",), {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}
    ),
}


@dataclass(frozen=True)
class Bundle:
    """An archive that was made, and what is in it."""

    path: Path
    wheels: int
    project: int  # files
    hash: str


def make(into: Path, platform: str, python: str) -> Bundle:
    """The archive for one kind of machine and one Python, such as 3.11, in a folder; an older one of the same name is replaced.

    A platform that is not known, or a project with changes that are not committed, is a UsageError; wheels that are not to be had
    are a BundleError.
    """
    _check(platform, python)
    project = _committed()
    if INSTALLER not in project:
        raise UsageError(
            chosen(
                f"{paths.root()} has no code of the program. A bundle is made in a clone of the whole project.",
                f"{paths.root()}没有程序代码。请在整个项目的git克隆中制作安装包。",
            )
        )
    description = json.dumps({"version": __version__, "platform": platform, "python": python}, indent=2) + "\n"
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"city-briefs-{__version__}-py{python}-{platform}.zip"
    with tempfile.TemporaryDirectory(prefix="briefs-bundle-") as folder:
        wheels = _wheels(Path(folder), platform, python)
        files: dict[str, bytes | Path] = {"bundle.json": description.encode(), "install.py": project[INSTALLER]}
        files |= {f"project/{name}": content for name, content in project.items()}
        files |= {f"wheels/{wheel.name}": wheel for wheel in wheels}
        _write(path, files)
    return Bundle(path, len(wheels), len(project), file_hash(path))


def _check(platform: str, python: str) -> None:
    if platform not in MACHINES:
        raise UsageError(
            chosen(
                f"There is no bundle for the platform '{platform}'. There are bundles for {', '.join(MACHINES)}.",
                f"不能为平台“{platform}”制作安装包，可选{'、'.join(MACHINES)}。",
            )
        )
    if not re.fullmatch(r"3\.\d\d", python) or int(python[2:]) < OLDEST_PYTHON:
        raise UsageError(
            chosen(
                f"There is no bundle for Python '{python}'. Name 3.{OLDEST_PYTHON} or a newer one by two numbers.",
                f"不能为Python“{python}”制作安装包。请写3.{OLDEST_PYTHON}或更新的版本，只写前两段版本号。",
            )
        )


def _committed() -> dict[str, bytes]:
    """Every file of the project as it is in the last commit, by its path; a project that differs from it is a UsageError."""
    changed = _git("status", "--porcelain").decode().split("\n")[:-1]
    if changed:
        raise UsageError(
            chosen(
                f"A bundle holds what is committed, and changes are not: {len(changed)}, such as '{changed[0][3:]}'. Commit them.",
                f"安装包只收已提交的内容，现有{len(changed)}处改动未提交，如“{changed[0][3:]}”。请先提交。",
            )
        )
    with tarfile.open(fileobj=io.BytesIO(_git("-c", "core.autocrlf=false", "archive", "HEAD"))) as archive:
        files = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def _git(*words: str) -> bytes:
    try:
        return git(paths.root(), *words)
    except GitError:
        raise UsageError(
            chosen(
                f"{paths.root()} is no clone of git. A bundle holds what is committed: make it where the project was cloned.",
                f"{paths.root()}不是git克隆。安装包只收已提交的内容，请在项目的克隆中制作。",
            )
        ) from None


def _wheels(folder: Path, platform: str, python: str) -> list[Path]:
    """A wheel of everything that the lock names for this machine and any patch of this Python, fetched into a folder by pip.

    Each has a hash that the lock names.
    """
    fetched: set[str] = set()
    for patch in (0, LAST_PATCH):
        version = f"{python}.{patch}"
        wanted = [block for block in _locked(platform, version) if block not in fetched]
        fetched |= set(wanted)
        listed = folder / f"{version}.lock"
        write_new(listed, "\n".join(wanted))
        of_machine = [word for tag in MACHINES[platform].tags for word in ("--platform", tag)]
        command = ["download", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(listed), "-d", str(folder)]
        command += ["--implementation", "cp", "--python-version", version, *of_machine]
        done = subprocess.run([sys.executable, "-m", "pip", *command], capture_output=True, encoding="utf-8", errors="replace")  # noqa: S603
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            reason = lines[-1].removeprefix("ERROR: ")
            raise BundleError(
                chosen(
                    f"No bundle could be made for {platform}, Python {python}: {reason}.",
                    f"未能制作安装包（{platform}，Python {python}）：{reason}。",
                )
            )
    return sorted(folder.glob("*.whl"))


def _locked(platform: str, version: str) -> Iterator[str]:
    """What the lock names for this machine and Python, each with its hashes and without its marker, which pip would ask of this one."""
    asked = {**MACHINES[platform].markers, "python_version": version.rpartition(".")[0], "python_full_version": version}
    for block in re.split(r"\n(?=[A-Za-z0-9])", read_text(paths.lock())):
        pinned, _, hashes = block.partition("\\\n")
        if hashes:
            requirement = Requirement(pinned.strip())
            if requirement.marker is None or requirement.marker.evaluate(asked):
                yield f"{requirement.name}{requirement.specifier} \\\n{hashes}"


def _write(path: Path, files: Mapping[str, bytes | Path]) -> None:
    """Write the archive, whole or not at all: the files by name, and the hash of each in SHA256SUMS.

    Nothing is packed tighter: wheels are already, and what zlib makes of the rest differs between its editions.
    """
    sums = ""
    with atomic_files.whole(path) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, file in sorted(files.items()):
            content = read_bytes(file) if isinstance(file, Path) else file
            sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
            archive.writestr(_entry(name), content)
        archive.writestr(_entry("SHA256SUMS"), sums)


def _entry(name: str) -> zipfile.ZipInfo:
    """What the archive says of a file: the same on every system."""
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.create_system, entry.external_attr = 3, 0o100644 << 16  # of Unix, which alone has rights here
    return entry
