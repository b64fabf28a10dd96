"""What stands in the outputs: packs put in place whole, with their manifest, and the log of a run."""

import json
import platform
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from city_briefs.common import atomic_files, clock, files, paths
from city_briefs.common.characters import visible
from city_briefs.common.errors import UsageError
from city_briefs.common.hashing import file_hash, holds
from city_briefs.production.build.outcome import BuiltPack, FailedPack
from city_briefs.production.editions import manifest
from city_briefs.production.editions.manifest import MANIFEST
from city_briefs.production.packs.plan import PackInputs, PackRequest
from city_briefs.production.packs.trust import GitError, git

NOTEBOOKS_MADE = "notebooks"
WORKPLACE = ".making"
LOG = "run.json"
REASON = "reason.log"  # in such a folder, why the attempt failed
INCOMPLETE = "incomplete"  # what a failed attempt left, by pack: draft, manifest, the notebook that stopped; never linked


def place(built: BuiltPack) -> list[Path]:
    """Let the folder in which a pack was finished change places with its own, the other packs' files with it; returns its documents.

    What the edition before had and this one has not is left out, and so is what an earlier failure left. An edition that was issued
    leaves a chapter that it shares as another pack made it.
    """
    request, inputs, made = built.request, built.inputs, built.folder
    folder, others = request.folder, manifest.read(request.folder)
    before = others.pop(request.pack.id, {"key": None, "outputs": {}})
    outputs = _made(made)
    if before["key"] == inputs.key and manifest.is_genuine(before):
        outputs = before["outputs"] | outputs
    of_others = {name for other in others.values() for name in other["outputs"]}
    stale = {MANIFEST, *before["outputs"]} - set(outputs) - of_others
    shared = {name for other in others.values() for name, made_of in other["outputs"].items() if holds(folder / name, made_of)}
    keeps = shared if inputs.edition.folder else set()
    left = incomplete(request)
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = file.relative_to(folder).as_posix()
        if (
            file.is_file()
            and not file.is_symlink()
            and not file.is_relative_to(left)
            and name not in stale
            and (name in keeps or not (made / name).exists())
        ):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).unlink(missing_ok=True)
            files.copy(file, made / name, links=False)
    with suppress(OSError):
        (made / NOTEBOOKS_MADE).rmdir()  # of a pack without any
    entry = {**built.entry, "outputs": outputs}
    _write_manifest(made, others, entry if inputs.edition.folder else _sealed(inputs, entry))
    atomic_files.put(made, folder, request.out)
    return manifest.documents(request, entry)


def _made(folder: Path) -> dict[str, str]:
    """The files that were made in a folder, and the hash of each."""
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return {file: file_hash(folder / file) for file in files}


def incomplete(request: PackRequest) -> Path:
    """Where what a failed attempt at this pack left lies."""
    return request.folder / INCOMPLETE / request.pack.id


def leave(failed: FailedPack) -> None:
    """Leave word that a pack could not be made, for the index, and its draft; where nothing can be written, the message must do.

    Of an edition that could not be put in its place there is no draft.
    """
    place, inputs = incomplete(failed.request), failed.inputs
    issued = inputs is not None and inputs.edition.folder is not None
    with suppress(OSError, UsageError):  # of a link on the way
        paths.inside(failed.request.out, *place.relative_to(failed.request.out).parts[:2])
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for file in failed.folder.iterdir() if failed.folder and not issued else ():
            if file.is_file():
                file.replace(place / file.name)
        facts = {**manifest.facts(failed.request), "key": inputs.key if inputs else ""}
        if inputs and not issued:
            facts |= manifest.of_edition(inputs.edition, inputs.content)
        _write_manifest(place, {}, manifest.sealed({**facts, "snapshot": {}, "outputs": _made(place)}))
        files.write_new(place / REASON, f"{visible(failed.error)}\n")


def reason_of(place: Path) -> str:
    """Return why an attempt failed that left this folder, as a sentence; empty when it left no word of it."""
    try:
        return files.read_text(place / REASON).strip()
    except (OSError, UnicodeDecodeError):
        return ""


def described(built: BuiltPack) -> dict[str, Any]:
    """What a manifest says of a pack that was made, under its hash and signature."""
    return _sealed(built.inputs, {**built.entry, "outputs": _made(built.folder)})


def _sealed(inputs: PackInputs, entry: Mapping[str, Any]) -> dict[str, Any]:
    facts = {**manifest.facts(inputs.request), **manifest.of_edition(inputs.edition, inputs.content)}
    return manifest.sealed({**facts, "key": inputs.key, **entry})


def _write_manifest(folder: Path, others: dict[str, Any], entry: dict[str, Any]) -> None:
    """Write a manifest with this pack in it, beside those that stand there already."""
    atomic_files.write_whole(folder / MANIFEST, manifest.text({**others, entry["pack"]: entry}))


def clear(request: PackRequest) -> None:
    """Take away what an earlier failure of this pack left, now that it stands."""
    left = incomplete(request)
    shutil.rmtree(left, ignore_errors=True)
    if left.parent.is_dir() and not any(left.parent.iterdir()):
        left.parent.rmdir()


def log(out: Path, packs: Sequence[dict[str, Any]]) -> None:
    """Write `run.json`, what differs from run to run and so stands in no manifest: clock, host, durations, state of the sources."""
    record = {
        "finished_at": clock.stamp(),
        "host": platform.node(),
        "python": platform.python_version(),
        "commit": _git("rev-parse", "HEAD"),
        "clean": _git("status", "--porcelain") == "",
        "packs": packs,
    }
    atomic_files.write_whole(out / LOG, json.dumps(record, ensure_ascii=False, indent=2) + "\n")


def _git(*words: str) -> str | None:
    """What git says of the sources; None when it cannot be asked."""
    try:
        return git(paths.root(), *words).decode().strip()
    except GitError:
        return None
