"""Which notebooks may run: all, or with `trust = "committed"` in `briefs.toml` only those that somebody has committed or allowed.

What runs is trusted with everything that its user may do, so a machine that builds for others need not run what merely lies there.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.hashing import file_hash


class GitError(Exception):
    """Raised when git is not installed or a command fails; the message is its first line."""


def git(folder: Path, *words: str) -> bytes:
    """Run a command of git in a folder and return what it prints.

    Raises:
        GitError: git is not installed, or the command fails.
    """
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True).stdout  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError) as error:
        lines = getattr(error, "stderr", b"").decode(errors="replace").strip().splitlines()
        raise GitError(lines[0] if lines else "it is not installed") from None


def check(notebooks: Iterable[Path]) -> None:
    """See that these notebooks, and `packs.toml` beside them, may run; one that may not is a UsageError with its remedy."""
    if paths.settings().trust == "all":
        return
    files = [paths.notebooks() / "packs.toml", *notebooks]
    unknown = {file: made for file in files if (made := file_hash(file)) not in paths.settings().allowed}
    committed = _committed(list(unknown)) if unknown else set()
    for file, made in unknown.items():
        if file not in committed:
            raise UsageError(
                f"{file.name} is not as it was committed, and briefs.toml trusts only what is. Commit it, or add '{made}', its SHA-256, "
                "to allowed in briefs.toml."
            )


def _committed(files: list[Path]) -> set[Path]:
    """Those files that are the same in the last commit; git filters them first, as it did then."""
    listed = (line.split("\t", 1) for line in _git("ls-tree", "-z", "HEAD").split("\0") if line)
    in_commit = {name: about.split()[2] for about, name in listed}
    hashes = _git("hash-object", "--", *(file.name for file in files)).split()
    return {file for file, made in zip(files, hashes, strict=True) if in_commit.get(file.name) == made}


def _git(*words: str) -> str:
    """What git says of the notebooks; when it cannot be asked, a UsageError."""
    try:
        return git(paths.notebooks(), *words).decode()
    except GitError as error:
        raise UsageError(
            f"What is committed is not known, and briefs.toml trusts only that: git says “{error}”. "
            'Build in a clone, or say trust = "all".'
        ) from None
