"""Workplaces: folders in which something is made beside its place, so that it is put there whole or not at all."""

import glob
import os
import re
import shutil
import tempfile
from pathlib import Path

import psutil


def begun(parent: Path, name: str) -> Path:
    """A new folder, for its owner alone, named for what is made in it and for the process that works there.

    Those for the same name whose processes are no more, as a kill leaves them, are taken away.
    """
    for left in parent.glob(f"{glob.escape(name)}-*"):
        process = re.fullmatch(rf"{re.escape(name)}-(\d+)-\w+", left.name)
        if process and not psutil.pid_exists(int(process[1])):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=parent))
