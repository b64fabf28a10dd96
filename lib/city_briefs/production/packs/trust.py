"""Which notebooks may run: all, or with `trust = "committed"` in `briefs.toml` only those that somebody has committed or allowed.

What runs is trusted with everything that its user may do, so a machine that builds for others need not run what merely lies there.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.production.packs.sources import Sources

PACKS = "packs.toml"
FILES = ("100644", "100755")  # the modes of files in a commit, which links do not have
# What the folder of a clone may have set to run programs: a monitor of files, hooks, a fetch of what is missing, objects put for others.
STRICT = ("--no-replace-objects", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
SET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
KEPT = ("GIT_CEILING_DIRECTORIES",)  # of the variables of git


class GitError(Exception):
    """Raised when git is not installed or a command fails; the message is its first line."""


def git(folder: Path, *words: str) -> bytes:
    """Run a command of git in a folder and return what it prints.

    Raises:
        GitError: git is not installed, or the command fails.
    """
    try:
        command = ["git", *STRICT, *words]
        return subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        lines = getattr(error, "stderr", b"").decode(errors="replace").strip().splitlines()
        raise GitError(lines[0] if lines else chosen("it is not installed", "没有安装git")) from None


def _environment() -> dict[str, str]:
    """The environment without the variables by which git is told to look, or to write, elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in KEPT} | SET


def listed(file: Path, content: bytes) -> None:
    """Keep what a `packs.toml` said when it was read: that is what is compared, whatever lies there by then."""
    _listed[file] = content


_listed: dict[Path, bytes] = {}


def check(notebooks: Iterable[Path]) -> None:
    """See that these notebooks, and `packs.toml` beside them, may run: `Sources` as they were read, others as they are now.

    Raises:
        UsageError: one may not, or git cannot be asked; the sentence has its remedy.
    """
    if paths.settings().trust == "all":
        return
    read = notebooks if isinstance(notebooks, Sources) else Sources().of(*notebooks)
    packs = paths.notebooks() / PACKS
    contents = {packs: _listed[packs] if packs in _listed else Sources().content(packs)}
    contents |= {file: read.content(file) for file in read}
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}
    unknown = [file for file, made in hashes.items() if made not in paths.settings().allowed]
    committed = _committed([file.name for file in unknown]) if unknown else {}
    for file in unknown:
        if committed.get(file.name) != contents[file]:
            raise UsageError(
                chosen(
                    f"{file.name} is not as it was committed, and briefs.toml trusts only what is. Commit it, or add "
                    f"'{hashes[file]}', its SHA-256, to allowed in briefs.toml.",
                    f"{file.name}与已提交的不同，而briefs.toml只信任已提交的。请提交，或把它的SHA-256"
                    f"“{hashes[file]}”加进briefs.toml的allowed。",
                )
            )


def _committed(names: list[str]) -> dict[str, bytes]:
    """The content of those files of the folder of the notebooks that are in the last commit, by name, byte for byte as they are there."""
    listed = (line.split("\t", 1) for line in _git("ls-tree", "-z", "HEAD").decode().split("\0") if line)
    objects = {name: about.split() for about, name in listed}
    return {name: _git("cat-file", "blob", objects[name][2]) for name in names if objects.get(name, ("",))[0] in FILES}


def _git(*words: str) -> bytes:
    """What git says of the notebooks; when it cannot be asked, a UsageError."""
    try:
        return git(paths.notebooks(), *words)
    except GitError as error:
        raise UsageError(
            chosen(
                f"What is committed is not known, and briefs.toml trusts only that: git says “{error}”. "
                'Build in a clone, or say trust = "all".',
                f'无法知道哪些已提交，而briefs.toml只信任已提交的：git提示“{error}”。请在git克隆里编制，或写trust = "all"。',
            )
        ) from None
