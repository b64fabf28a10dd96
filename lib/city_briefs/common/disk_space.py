"""The room on the disk of a folder, and whether it is less than an office wants to have free."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from city_briefs.common import paths

GIB = 1 << 30


@dataclass(frozen=True)
class Room:
    """GiB of a disk that are used and free, and how many are to be free (`free` of `[retention]` in briefs.toml)."""

    used: float
    free: float
    wanted: float

    @property
    def is_short(self) -> bool:
        """Whether less is free than wanted."""
        return self.free < self.wanted


def room(folder: Path) -> Room:
    """Return the room on the disk of a folder; of one that is not there, on the disk of the nearest above it that is."""
    disk = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.is_dir()))
    return Room(disk.used / GIB, disk.free / GIB, paths.settings().retention.free)
