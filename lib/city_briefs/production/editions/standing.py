"""What stands, at a glance: of every pack in the register and in the outputs the few facts that a status asks for.

A manifest is read, and the editions before it are checked, once; after that its size and time tell whether it is the same. The facts
are kept with the results (`standing.json`), may be deleted at any time, and nothing is issued or delivered by them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.common import files, paths, source_hash
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import BriefError
from city_briefs.production.editions import manifest, register
from city_briefs.production.editions.manifest import MANIFEST

CACHE = "standing.json"
KEPT = ("pack", "region", "name", "period", "until", "title", "edition", "hash", "snapshot", "approval", "nothing")
States = dict[str, list[int]]  # size and time of manifests, by their paths
Read = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class Standing:
    """A pack that stands: where (a path below its root), and `entry`, of its manifest what KEPT names."""

    place: str
    entry: Mapping[str, Any]

    @property
    def id(self) -> tuple[str, str, str]:
        """Its pack, region and period, by which it is asked for."""
        return self.entry["pack"], self.entry["region"], self.entry["period"]

    @property
    def edition(self) -> int:
        """The number of its edition."""
        return int(self.entry.get("edition", 1))

    @property
    def is_draft(self) -> bool:
        """Whether nobody has approved it, and there is something to approve."""
        return "approval" not in self.entry and not self.entry.get("nothing")


@dataclass(frozen=True)
class Fault:
    """A pack of the register, by its id, that cannot be read or is not as it was issued: why, as a sentence."""

    id: tuple[str, str, str]
    reason: str


class Stands:
    """The packs that stand in a register and in a folder of outputs. `keep` notes what was read for the next time."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root, self.out = root, out
        self._rules = [source_hash.state(), *sorted(paths.settings().signers)]
        self._kept = self._noted()
        self._seen: dict[str, Any] = {}

    def newest_editions(self) -> Iterator[Standing | Fault]:
        """Yield the newest edition of every pack, region and period in the register; a fault where it is not as it was issued."""
        for place in sorted(self.root.glob("[!.]*/[!.]*/[!.]*")):
            period, region, pack = place.relative_to(self.root).parts
            numbers = sorted((file.parent for file in place.glob(f"[!.]*/{MANIFEST}")), key=lambda folder: folder.name)
            if not numbers:
                continue

            def read(pack: str = pack, region: str = region, period: str = period) -> list[dict[str, Any]]:
                return [dict(edition.entry) for edition in register.editions(pack, region, period)[-1:]]

            yield from self._facts(place, [folder / MANIFEST for folder in numbers], read, (pack, region, period))

    def packs(self, folders: str = "[!.]*/*") -> Iterator[Standing | Fault]:
        """Yield the packs whose manifests lie in such folders of the outputs."""
        for file in sorted(self.out.glob(f"{folders}/{MANIFEST}")):

            def read(folder: Path = file.parent) -> list[dict[str, Any]]:
                return list(manifest.read(folder).values())

            yield from self._facts(file.parent, [file], read, ("", "", ""))

    def keep(self) -> None:
        """Note what was read, when it is not what is noted."""
        if self._seen == self._kept:
            return
        with suppress(OSError):
            paths.results().mkdir(parents=True, exist_ok=True)
            write_whole(paths.results() / CACHE, json.dumps({"rules": self._rules, "seen": self._seen}, ensure_ascii=False))

    def _facts(self, place: Path, files: list[Path], read: Read, id_: tuple[str, str, str]) -> Iterator[Standing | Fault]:
        """Yield the facts of one place: those that are kept while its manifests are as they were, else as they are read now."""
        name = str(place)
        try:
            states = [[state.st_size, state.st_mtime_ns] for state in (file.stat() for file in files)]
            kept = self._kept.get(name)
            if kept and kept["states"] == states:
                entries = kept["entries"]
            else:
                entries = [{key: entry[key] for key in KEPT if key in entry} for entry in read()]
            self._seen[name] = {"states": states, "entries": entries}
            yield from (Standing(name, entry) for entry in entries)
        except (BriefError, OSError) as error:
            yield Fault(id_, str(error))

    def _noted(self) -> dict[str, Any]:
        """Return what was kept by the rules of now; nothing when there is nothing, or it cannot be read."""
        try:
            noted = json.loads(files.read_text(paths.results() / CACHE))
            return dict(noted["seen"]) if noted["rules"] == self._rules else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}
