"""Commands of git in a folder."""

import subprocess
from pathlib import Path


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
