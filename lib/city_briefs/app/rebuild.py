"""Packs that stand, built again from the snapshot, and compared file by file: every difference is a sentence."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import incremental
from city_briefs.app.build_packs import Order
from city_briefs.common import files, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.periods import Period
from city_briefs.production.build import fingerprints
from city_briefs.production.editions import content, manifest, register
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.edition import Approval, Edition
from city_briefs.production.packs.formats import FORMATS
from city_briefs.production.packs.plan import PackRequest
from city_briefs.production.review.verify import Folder

MOST_NAMED = 10  # files of the program that are named one by one
INPUTS = ("inputs", "chapters", "tables")  # parts of an entry that have a hash for each name


@dataclass(frozen=True)
class Rebuilt:
    """A pack that stands in a folder, and the request that makes it again."""

    folder: Path
    entry: dict[str, Any]
    request: PackRequest

    @property
    def changed(self) -> list[str]:
        """The names of what it was made from that are another now."""
        now = {**manifest.facts(self.request), **fingerprints.lineage(self.request)}
        changed_names = [
            f"{name}.ipynb" if part == "chapters" else name
            for part in INPUTS
            for name in sorted(now.get(part, {}).keys() | self.entry.get(part, {}).keys())
            if now.get(part, {}).get(name) != self.entry.get(part, {}).get(name)
        ]
        rest = sorted(now.keys() - set(INPUTS))
        return [
            *changed_names,
            *(chosen(f"its {name}", f"简报的{name}") for name in rest if now[name] != self.entry.get(name, now[name])),
        ]

    @property
    def rewritten(self) -> list[str]:
        """The executed notebooks that differ in their code alone when the pack is made again: they say the same."""
        return [name for name in self._differing() if self._says_the_same(name)]

    @property
    def differences(self) -> list[str]:
        """What of its files is another when it is made again, but for the code of notebooks that say the same."""
        made = self._made()
        return [
            f"{shown(self.folder / name)}{_difference(self.entry['outputs'].get(name), made.get(name))}"
            for name in self._differing()
            if not self._says_the_same(name)
        ]

    def _made(self) -> dict[str, str]:
        made: dict[str, str] = manifest.read(self.request.folder).get(self.request.pack.id, {"outputs": {}})["outputs"]
        return made

    def _differing(self) -> list[str]:
        before, made = self.entry["outputs"], self._made()
        return [name for name in sorted(made.keys() | before.keys()) if made.get(name) != before.get(name)]

    def _says_the_same(self, name: str) -> bool:
        """Whether a file is a notebook, then and now, and says what it said."""
        if not name.endswith(".ipynb"):
            return False
        try:
            then, now = (json.loads(files.read_text(folder / name)) for folder in (self.folder, self.request.folder))
        except (OSError, ValueError):
            return False
        return content.chapter_content(then) == content.chapter_content(now)


def _difference(before: str | None, now: str | None) -> str:
    """Return the rest of the sentence on a file that differs."""
    if before is None:
        return chosen(" was not made, and would be now.", "原来没有，现在会编出。")
    if now is None:
        return chosen(" would not be made now.", "现在不会编出。")
    return chosen(" differs from what is made now.", "与现在编出的不同。")


def rebuilt(folders: Iterable[Folder], snapshot: Snapshot, into: Path) -> list[Rebuilt]:
    """The packs of some folders, to be made again there, without what failed and what was issued of another snapshot.

    A draft of another snapshot is a UsageError, before any is made.
    """
    source, packs = incremental.source(snapshot), packs_toml.packs()
    rebuilt = []
    for folder in folders:
        for pack, entry in folder.packs.items() if not folder.of_failed else ():
            if (made_from := entry["snapshot"].get("id", "")) != snapshot.id:
                if "approval" in entry:
                    continue
                raise UsageError(
                    chosen(
                        f"{shown(folder.manifest)}: {pack} was made from the snapshot {made_from[:12]}, and {shown(snapshot.path)} "
                        f"is {snapshot.id[:12]}. Name the other with --data.",
                        f"{shown(folder.manifest)}：{pack}由快照{made_from[:12]}编制，而{shown(snapshot.path)}"
                        f"是{snapshot.id[:12]}。请用--data指定原来的快照。",
                    )
                )
            region = snapshot.regions.find(entry["region"])
            given = packs_toml.parameters(packs_toml.find(packs, pack), **entry.get("parameters", {}))
            asked = tuple(suffix for suffix in FORMATS if f"{pack}.{suffix}" in entry["outputs"])
            edition = _edition(folder, pack, entry)
            request = PackRequest(
                packs[pack], region, Period(given.year, given.through, given.span), source, into, asked, edition
            )
            rebuilt.append(Rebuilt(folder.place, entry, request))
    return rebuilt


def _edition(folder: Folder, pack: str, entry: dict[str, Any]) -> Edition:
    """The edition that a pack is, to be made again and not copied from the register."""
    number = entry.get("edition", 1)
    before = [edition for edition in register.editions(pack, entry["region"], entry["period"]) if edition.number < number]
    if entry.get("before", "") != (before[-1].entry["hash"] if before else ""):
        raise UsageError(
            chosen(
                f"{shown(folder.manifest)}: {pack} says what changed since an edition that is not in {shown(paths.register())}. "
                "Put the register back from a copy.",
                f"{shown(folder.manifest)}：{pack}对照的上一版不在{shown(paths.register())}里。请从备份恢复登记簿。",
            )
        )
    approval = Approval(**entry["approval"]) if "approval" in entry else None
    return Edition(number, approval, before=before[-1] if before else None)


def changed(made: Iterable[Rebuilt]) -> list[str]:
    """What packs were made from that is another now, a line for all of which it is the same."""
    counted = Counter(tuple(_shortened(pack.changed)) for pack in made)
    return [
        chosen(
            f"Changed since they were made: {', '.join(names)}. Packs: {count}.",
            f"编制以来有变动：{'、'.join(names)}，涉及{count}份。",
        )
        for names, count in counted.items()
        if names
    ]


def _shortened(names: list[str]) -> list[str]:
    """The names of what changed; of many files of the program only their number."""
    program = [name for name in names if name.startswith("lib/")]
    if len(program) <= MOST_NAMED:
        return names
    return [
        chosen(f"{len(program)} files of the program", f"程序文件{len(program)}个"),
        *(name for name in names if name not in program),
    ]


def differences(made: Sequence[Rebuilt], snapshot: Snapshot, into: Path) -> list[str]:
    """What differs when they are made again there, all chapters run anew; of a pack that cannot be made, why."""
    outcomes = Order(snapshot, [pack.request for pack in made], into).build(fresh=True)
    return [
        fault
        for pack, outcome in zip(made, outcomes, strict=True)
        for fault in ([outcome.error] if outcome.error else pack.differences)
    ]
