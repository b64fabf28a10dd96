"""Delivery to a folder: documents under their titles, each written whole."""

import os
from collections.abc import Mapping
from pathlib import Path

from city_briefs.common import atomic_files
from city_briefs.common.paths import shown
from city_briefs.production.delivery.post import NotTaken


def check(folder: Path) -> None:
    """See that the folder is there; one that is not is NotTaken, since a share that is not mounted would hide what is written."""
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise NotTaken(f"The folder {shown(folder)} is not there, or cannot be written to. Make it, or mount it.", permanent=True)


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, by their names, on the disk when this returns; what cannot be written is NotTaken."""
    try:
        for name, content in files.items():
            with atomic_files.whole(folder / name) as file:
                file.write_bytes(content)
                atomic_files.sync(file)
    except OSError as error:
        raise NotTaken(f"The folder {shown(folder)} cannot be written to: {error.strerror}.") from None
