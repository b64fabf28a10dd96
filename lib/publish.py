"""What stands in the outputs: packs put in place whole, a manifest per folder, the index page, and the log of a run."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
import psutil

from lib import __version__, look
from lib.paths import ROOT
from lib.plan import Task

MANIFEST = "manifest.json"
NOTEBOOKS_MADE = "notebooks"
FOLDER_KEYS = {"region", "name", "short", "period", "period_text", "version", "packs"}
PACK_KEYS = {"title", "key", "outputs", "until", "snapshot"}
WORKPLACE = ".making-"  # and the process that works there
INCOMPLETE = "incomplete"  # where the executed notebook of a chapter that failed lies; never linked
TEMPLATES = Path(__file__).parent / "look"


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of packs; an empty one when there is none that can be read."""
    try:
        read = json.loads((folder / MANIFEST).read_text("utf-8"))
        packs = read["packs"].values()
        whole = read.keys() >= FOLDER_KEYS and all(entry.keys() >= PACK_KEYS for entry in packs)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        whole = False
    return read if whole else {"packs": {}}


def kept(task: Task) -> list[Path] | None:
    """The files of this pack when it stands as it would be made again, each with the hash it was made with; else None."""
    entry = manifest(task.folder)["packs"].get(task.pack.id)
    if not entry or entry["key"] != task.key:
        return None
    documents = [f"{task.pack.id}.{suffix}" for suffix in task.formats]
    if any(name not in entry["outputs"] for name in documents):
        return None
    for name, made in entry["outputs"].items():
        if not (task.folder / name).is_file() or file_hash(task.folder / name) != made:
            return None
    return [task.folder / name for name in documents]


def workplace(task: Task) -> Path:
    """A new folder to make a pack in, beside its place, with a folder for its executed notebooks."""
    task.folder.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{WORKPLACE}{os.getpid()}-", dir=task.folder.parent))
    (folder / NOTEBOOKS_MADE).mkdir()
    return folder


def sweep(folders: Iterable[Path]) -> None:
    """Take away the workplaces of processes that are no more."""
    for folder in folders:
        for left in folder.glob(f"{WORKPLACE}*"):
            if not psutil.pid_exists(int(left.name.removeprefix(WORKPLACE).split("-")[0])):
                shutil.rmtree(left, ignore_errors=True)


def place(task: Task, made: Path, entry: dict[str, Any]) -> list[Path]:
    """Move a finished pack from the folder where it was made to its own, the manifest last; returns its documents.

    What the edition before had and this one has not is removed, and so is what an earlier failure left.
    """
    folder = task.folder
    known = manifest(folder)
    before = known["packs"].get(task.pack.id, {"key": None, "outputs": {}})
    files = sorted(file.relative_to(made) for file in made.rglob("*") if file.is_file())
    outputs = {file.as_posix(): file_hash(made / file) for file in files}
    if before["key"] == task.key:
        outputs = before["outputs"] | outputs
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (made / file).replace(folder / file)
    others = {name for pack, other in known["packs"].items() if pack != task.pack.id for name in other["outputs"]}
    for stale in set(before["outputs"]) - set(outputs) - others:
        (folder / stale).unlink(missing_ok=True)
    known |= {
        "region": task.region.code,
        "name": task.region.name,
        "short": task.region.short,
        "period": task.period.slug,
        "period_text": task.period.text,
        "version": __version__,
    }
    known["packs"][task.pack.id] = {"title": task.title, "key": task.key, **entry, "outputs": dict(sorted(outputs.items()))}
    write_whole(folder / MANIFEST, json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    clear(task)
    return [folder / f"{task.pack.id}.{suffix}" for suffix in task.formats]


def clear(task: Task) -> None:
    """Take away what an earlier failure of this pack left, now that it stands."""
    incomplete = task.folder / INCOMPLETE
    shutil.rmtree(incomplete / task.pack.id, ignore_errors=True)
    if incomplete.is_dir() and not any(incomplete.iterdir()):
        incomplete.rmdir()


def index(out: Path) -> Path:
    """Write the index page of everything that stands in `out`, newest period first; it knows no clock."""
    folders = sorted(out.glob(f"*/*/{MANIFEST}"))
    found = [(file.parent, manifest(file.parent)) for file in folders]
    found = [(folder, known) for folder, known in found if known["packs"]]
    periods = sorted({(known["period"], known["period_text"]) for _, known in found}, reverse=True)
    editions = {
        text: [
            {
                "name": known["name"],
                "code": known["region"],
                "words": " ".join((known["name"], known["short"], known["region"])),
                "packs": [_listed(out, folder, entry) for entry in known["packs"].values()],
            }
            for folder, known in found
            if known["period"] == period
        ]
        for period, text in periods
    }
    notices = sorted({entry["snapshot"]["notice"] for _, known in found for entry in known["packs"].values()} - {""})
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = templates.get_template("index.html.j2").render(
        editions=editions, notices=notices, palette=look.PALETTE, sans=look.SANS
    )
    write_whole(out / "index.html", page)
    return out / "index.html"


def _listed(out: Path, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    documents = [name for name in entry["outputs"] if "/" not in name]
    links = {Path(name).suffix[1:].upper(): (folder / name).relative_to(out).as_posix() for name in documents}
    return {"title": entry["title"], "links": links, "until": entry["until"], "snapshot": entry["snapshot"]["id"][:12]}


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
    write_whole(out / "run.json", json.dumps(said, ensure_ascii=False, indent=2) + "\n")


def _git(*words: str) -> str | None:
    """What git says of the sources; None when it cannot be asked."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError):
        return None


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
