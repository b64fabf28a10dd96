"""Folders of the register: looked through without following a link below its root, and never passed over when they cannot be read.

An edition lies in `<register>/<period>/<region>/<pack>/<number>/`. Names that begin with a dot are of what is being issued.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.production.editions.manifest import MANIFEST

DEPTH = 4  # folders below the register: period, region, pack, number


def numbers(period: str, region: str, pack: str) -> list[str]:
    """Return the names of the folders of a pack's editions; none when nothing was issued of it.

    Raises:
        DataError: what lies on the way to them is no folder, or cannot be read.
    """
    place = paths.register()
    for name in (period, region, pack):
        if name not in _names(place):
            return []
        place /= name
        if not stat.S_ISDIR(place.lstat().st_mode):
            raise DataError(
                chosen(
                    f"{paths.shown(place)} is no folder of editions. Put it back from a copy of the register.",
                    f"{paths.shown(place)}不是存放版次的文件夹。请从登记簿的备份恢复。",
                )
            )
    return _names(place)


def manifests(root: Path, unread: Callable[[DataError], None]) -> list[Path]:
    """Return the manifests of all editions below a register, in the order of their paths; `unread` is told of folders without access."""
    found = []
    for folder in below(root, DEPTH, unread):
        try:
            found += [folder / name for name in _names(folder) if name == MANIFEST]
        except DataError as error:
            unread(error)
    return found


def below(folder: Path, depth: int, unread: Callable[[DataError], None]) -> Iterator[Path]:
    """Yield the folders so far below a folder, in the order of their paths; `unread` is told of those that cannot be read."""
    try:
        inside = [folder / name for name in sorted(_names(folder))] if depth else []
    except DataError as error:
        unread(error)
        return
    if not depth:
        yield folder
    for place in inside:
        if stat.S_ISDIR(place.lstat().st_mode):
            yield from below(place, depth - 1, unread)


def refuse(error: DataError) -> None:
    """Raise what is said of a folder that cannot be read."""
    raise error


def _names(folder: Path) -> list[str]:
    """Return the names in a folder that is there, without hidden ones; none when it is not."""
    try:
        if folder.exists() and not os.access(folder, os.X_OK):  # its names could be listed, and what they name not be looked at
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return [place.name for place in folder.iterdir() if not place.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataError(
            chosen(
                f"{paths.shown(folder)} cannot be read: {error.strerror}. Give this user the right to read it.",
                f"{paths.shown(folder)}无法读取（{error.strerror}）。请授予读取权限。",
            )
        ) from None
