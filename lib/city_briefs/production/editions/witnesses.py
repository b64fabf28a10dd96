"""Witnesses of the register: what else says that an edition was issued, by which a newest one that was taken out is missed.

An edition vouches for the one before it, and nothing in the register for the newest. The journal of deliveries names each edition that
was sent, and the outputs hold each until a later draft takes its place.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from city_briefs.common import paths
from city_briefs.common.errors import BriefError
from city_briefs.production.delivery import journal

Pack = tuple[str, str, str]  # period, region, id
NONE: Mapping[int, str] = MappingProxyType({})


def delivered(period: str, region: str, pack: str) -> Mapping[int, str]:
    """Return the editions of a pack that were sent to readers, by their numbers, each with the hash of what was sent.

    None when nothing was sent, or the journal cannot be read, which a delivery refuses by itself.
    """
    return all_delivered().get((period, region, pack), NONE)


def all_delivered() -> Mapping[Pack, Mapping[int, str]]:
    """Return the editions that were sent to readers, by pack and number, as of `delivered`."""
    folder = paths.deliveries()
    try:
        state = (folder / journal.FILE).stat()
        return _read(folder, state.st_mtime_ns, state.st_size)
    except (OSError, BriefError):
        return {}


def arrivals() -> dict[str, bool]:
    """Return of every edition that was to be sent, by its place in the register, whether it has arrived with all of its recipients.

    None when the journal cannot be read, which a delivery refuses by itself.
    """
    try:
        lines = [line for line in journal.read(paths.deliveries()).values() if line.issued_on]
    except BriefError:
        return {}
    events: dict[str, list[str]] = {}
    for line in lines:
        events.setdefault(f"{line.period}/{line.region}/{line.pack}/{line.edition}", []).append(line.event)
    return {place: all(event == journal.SENT for event in of_edition) for place, of_edition in sorted(events.items())}


@lru_cache(maxsize=1)
def _read(folder: Path, changed: int, size: int) -> dict[Pack, dict[int, str]]:
    """Return what a journal says was sent; it is read again when its time or its size is another."""
    sent: dict[Pack, dict[int, str]] = {}
    for line in journal.read(folder).values():
        if line.issued_on:
            sent.setdefault((line.period, line.region, line.pack), {})[line.edition] = line.hash
    return sent
