"""What stands in the outputs: packs put in place whole, with their manifest, and the log of a run."""

import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from city_briefs.common import atomic_files, paths
from city_briefs.production.editions import manifest
from city_briefs.production.editions.manifest import MANIFEST
from city_briefs.production.packs.plan import Task

NOTEBOOKS_MADE = "notebooks"
WORKPLACE = ".making"
INCOMPLETE = "incomplete"  # what a failed attempt left, by pack: draft, manifest, the notebook that stopped; never linked


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def holds(file: Path, made: str) -> bool:
    """Whether a file is there with the hash that it was made with."""
    try:
        return file_hash(file) == made
    except (OSError, ValueError):
        return False


def kept(task: Task, key: str) -> list[Path] | None:
    """The files of this pack when it stands as made with this key, each with the hash it was made with; else None.

    When packs are signed, one that is not signed by the same key does not stand: what others may have changed is made again. An
    edition that was issued has the signature that it was issued with.
    """
    packs = manifest.read(task.folder)
    entry = packs.get(task.pack.id)
    if not entry or entry["key"] != key or not _stands(task, entry):
        return None
    documents = [f"{task.pack.id}.{suffix}" for suffix in task.formats]
    if any(name not in entry["outputs"] for name in documents) or not _hold(task, packs):
        return None
    return [task.folder / name for name in documents]


def stands(task: Task) -> bool:
    """Whether this pack stands as it was made with the task's key, in whatever formats and whoever has signed it."""
    packs = manifest.read(task.folder)
    entry = packs.get(task.pack.id, {})
    return entry.get("key") == task.key and entry["hash"] == manifest.digest(entry) and _hold(task, packs)


def _hold(task: Task, packs: Mapping[str, dict[str, Any]]) -> bool:
    """Whether the files of a pack are those that its manifest says were made.

    A chapter of an edition that was issued may be as another pack here has it, of another snapshot; the register has its own.
    """
    vouching = packs.values() if _issued(task) else [packs[task.pack.id]]
    return all(
        any(holds(task.folder / name, one["outputs"][name]) for one in vouching if name in one["outputs"])
        for name in packs[task.pack.id]["outputs"]
    )


def _issued(task: Task) -> bool:
    """Whether this pack is an edition of the register, which is put in place as it lies there."""
    return task.edition is not None and task.edition.folder is not None


def _stands(task: Task, entry: dict[str, Any]) -> bool:
    if _issued(task):
        return entry == task.edition.entry  # type: ignore[union-attr]
    return "approval" not in entry and manifest.stands(entry)


def begun(task: Task) -> Path:
    """A new folder to make a pack in, beside its place, with a folder for its executed notebooks."""
    task.folder.parent.mkdir(parents=True, exist_ok=True)
    folder = atomic_files.begun(task.folder.parent, WORKPLACE)
    (folder / NOTEBOOKS_MADE).mkdir()
    return folder


def clear_workplaces(out: Path) -> None:
    """Take away what is being made, for whoever knows that nobody is at work; a worker that was lost may have come to an end since."""
    for left in out.glob(f"*/{WORKPLACE}-*"):
        shutil.rmtree(left, ignore_errors=True)


def place(task: Task, made: Path, entry: dict[str, Any]) -> list[Path]:
    """Let the folder in which a pack was finished change places with its own, the other packs' files with it; returns its documents.

    What the edition before had and this one has not is left out, and so is what an earlier failure left. An edition that was issued
    leaves a chapter that it shares as another pack made it.
    """
    folder, known = task.folder, manifest.read(task.folder)
    before = known.pop(task.pack.id, {"key": None, "outputs": {}})
    _, outputs = _made(made)
    if before["key"] == task.key and manifest.stands(before):
        outputs = before["outputs"] | outputs
    others = {name for other in known.values() for name in other["outputs"]}
    stale = {MANIFEST, *before["outputs"]} - set(outputs) - others
    shared = {name for other in known.values() for name, made_of in other["outputs"].items() if holds(folder / name, made_of)}
    keeps = shared if _issued(task) else set()
    left = folder / INCOMPLETE / task.pack.id
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = file.relative_to(folder).as_posix()
        if (
            file.is_file()
            and not file.is_relative_to(left)
            and name not in stale
            and (name in keeps or not (made / name).exists())
        ):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, made / name)
    with suppress(OSError):
        (made / NOTEBOOKS_MADE).rmdir()  # of a pack without any
    _write_manifest(task, made, known, {**entry, "outputs": outputs})
    atomic_files.put(made, folder)
    return [folder / f"{task.pack.id}.{suffix}" for suffix in task.formats]


def _made(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """The files that were made in a folder, and the hash of each."""
    files = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return files, {file.as_posix(): file_hash(folder / file) for file in files}


def incomplete(task: Task) -> Path:
    """Where what a failed attempt at this pack left lies."""
    return task.folder / INCOMPLETE / task.pack.id


def leave(task: Task, draft: Path | None) -> None:
    """Leave word that this pack could not be made, for the index, and its draft; where nothing can be written, the message must do.

    Of an edition that could not be put in its place there is no draft.
    """
    if _issued(task):
        task, draft = replace(task, edition=None), None
    with suppress(OSError):
        shutil.rmtree(incomplete(task), ignore_errors=True)
        incomplete(task).mkdir(parents=True)
        for file in draft.iterdir() if draft else ():
            if file.is_file():
                file.replace(incomplete(task) / file.name)
        _, outputs = _made(incomplete(task))
        _write_manifest(task, incomplete(task), {}, {"snapshot": {}, "outputs": outputs})


def described(task: Task, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """What a manifest says of a pack that was made in a folder, under its hash and signature."""
    return _sealed(task, {**entry, "outputs": _made(folder)[1]})


def _sealed(task: Task, entry: dict[str, Any]) -> dict[str, Any]:
    if _issued(task):
        return entry
    return manifest.sealed({**manifest.facts(task), **manifest.of_edition(task), "key": task.key, **entry})


def _write_manifest(task: Task, folder: Path, others: dict[str, Any], entry: dict[str, Any]) -> None:
    """Write a manifest with this pack in it, beside those that stand there already."""
    atomic_files.write_whole(folder / MANIFEST, manifest.text({**others, task.pack.id: _sealed(task, entry)}))


def clear(task: Task) -> None:
    """Take away what an earlier failure of this pack left, now that it stands."""
    left = incomplete(task)
    shutil.rmtree(left, ignore_errors=True)
    if left.parent.is_dir() and not any(left.parent.iterdir()):
        left.parent.rmdir()


def log(out: Path, packs: Sequence[dict[str, Any]]) -> None:
    """Write `run.json`, what differs from run to run and so stands in no manifest: clock, host, durations, state of the sources."""
    said = {
        "finished_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "host": platform.node(),
        "python": platform.python_version(),
        "commit": _git("rev-parse", "HEAD"),
        "clean": _git("status", "--porcelain") == "",
        "packs": packs,
    }
    atomic_files.write_whole(out / "run.json", json.dumps(said, ensure_ascii=False, indent=2) + "\n")


def _git(*words: str) -> str | None:
    """What git says of the sources; None when it cannot be asked."""
    try:
        return subprocess.run(["git", *words], cwd=paths.root(), capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None
