"""Git, asked about a folder."""

import subprocess
from pathlib import Path


class GitError(Exception):
    """Git cannot be asked; the first line of what it says."""


def git(folder: Path, *words: str) -> bytes:
    """What a command of git prints in a folder.

    Raises:
        GitError: It is not installed, or refuses.
    """
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True).stdout  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError) as error:
        lines = getattr(error, "stderr", b"").decode(errors="replace").strip().splitlines()
        raise GitError(lines[0] if lines else "it is not installed") from None
