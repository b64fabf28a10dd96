"""What stands in the outputs: packs put in place whole, with their manifest, the index page, and the log of a run."""

import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2

from lib import look, manifest, workplace
from lib.edition import DRAFT, day
from lib.manifest import MANIFEST
from lib.paths import ROOT
from lib.plan import Task

NOTEBOOKS_MADE = "notebooks"
INDEX = "index.html"
WORKPLACE = ".making"
INCOMPLETE = "incomplete"  # what a failed attempt left, by pack: draft, manifest, the notebook that stopped; never linked
COMPLETE, STALE, MISSING = "完整", "未更新", "未完成"  # a pack that is as new as it can be; one that is not; none
CURRENT, REPLACED = "现行", "已有新版"  # an edition that was issued last; one that was issued before
STATES = {COMPLETE: "●", STALE: "▲", MISSING: "○"}
NOTES = (
    "完整：本期文档已编制，所用数据为本期最新。未更新：仍为原稿，再次编制未成，或本期已有更新的数据。未完成：尚无成稿。模拟：依据模拟数据编制。",
    "送审稿：尚未签发，不作为正式文档使用。编号：内容或数据有变动，编号随之变动。快照：编制所用数据的编号，同一编号即同一批数据。",
)
NOTES_OF_EDITIONS = (
    "现行：最近一次签发的版次。已有新版：此后又签发了新的版次，与上版的变化见新版附录。模拟：依据模拟数据编制。",
)
TEMPLATES = Path(__file__).parent / "look"


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
    folder = workplace.begun(task.folder.parent, WORKPLACE)
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
    workplace.put(made, folder)
    return [folder / f"{task.pack.id}.{suffix}" for suffix in task.formats]


def _made(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """The files that were made in a folder, and the hash of each."""
    files = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return files, {file.as_posix(): file_hash(folder / file) for file in files}


def incomplete(task: Task) -> Path:
    """Where what a failed attempt at this pack left lies."""
    return task.folder / INCOMPLETE / task.pack.id


def leave(task: Task, draft: Path | None) -> None:
    """Leave word that this pack could not be made, for the index, and its draft; where nothing can be written, the message must do."""
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
    write_whole(folder / MANIFEST, manifest.text({**others, task.pack.id: _sealed(task, entry)}))


def clear(task: Task) -> None:
    """Take away what an earlier failure of this pack left, now that it stands."""
    left = incomplete(task)
    shutil.rmtree(left, ignore_errors=True)
    if left.parent.is_dir() and not any(left.parent.iterdir()):
        left.parent.rmdir()


def index(out: Path) -> Path:
    """Write the index page of everything that lies in `out`."""
    write_whole(out / INDEX, page(out))
    return out / INDEX


def page(out: Path) -> str:
    """The index page of everything that lies in `out`, newest period first; it knows no clock and no run."""
    return _page("市场监管文档目录", _listed(out), STATES, NOTES)


def _page(heading: str, packs: list[dict[str, Any]], states: Mapping[str, str], notes: Sequence[str]) -> str:
    """A page of packs; `states` are those that a pack may be in, each with a shape."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return templates.get_template("index.html.j2").render(
        heading=heading,
        packs=packs,
        states=states,
        notes=notes,
        palette=look.PALETTE,
        sans=look.SANS,
        script=look.script("index"),
        allowed=look.script_source("index"),
    )


def _listed(out: Path) -> list[dict[str, Any]]:
    """A row for every pack that stands or was tried, by period, region and pack."""
    stands, failed = _packs(out, "*/*"), _packs(out, f"*/*/{INCOMPLETE}/*")
    newest: dict[tuple[str, bool], str] = {}
    for one in stands.values():
        newest[_sort(one)] = max(newest.get(_sort(one), ""), _ingested(one))
    rows = []
    for place, one in sorted((failed | stands).items()):
        state, reason = COMPLETE, ""
        if place not in stands:
            one, state, reason = one | {"links": {}}, MISSING, "尚无成稿"
        elif place in failed:
            state, reason = STALE, "编制未成，仍为原稿"
        elif "approval" not in one and _ingested(one) < newest[_sort(one)]:
            state, reason = STALE, "本期已有更新的数据"
        rows.append(one | {"state": state, "reason": reason, "stage": _stage(one)})
    return rows


def _stage(entry: dict[str, Any]) -> str:
    """Which edition a pack is, and how far it has come."""
    number = f"第{entry.get('edition', 1)}版"
    return f"{number}　{day(entry['approval']['issued_on'])}签发" if "approval" in entry else f"{number}　{DRAFT}"


def index_of_editions(root: Path) -> Path:
    """Write the index page of the register."""
    write_whole(root / INDEX, page_of_editions(root))
    return root / INDEX


def page_of_editions(root: Path) -> str:
    """The index page of the register, the newest edition of a pack first."""
    found = [
        entry | {"links": _links(file, entry, root), "stage": _stage(entry), "reason": ""}
        for file in root.glob(f"*/*/*/[!.]*/{MANIFEST}")  # without what is being issued
        for entry in manifest.read(file.parent).values()
    ]
    found.sort(key=lambda one: (one["period"], one["region"], one["pack"], -one["edition"]))
    last: tuple[str, ...] = ()
    for one in found:
        place = (one["period"], one["region"], one["pack"])
        one["state"], last = REPLACED if place == last else CURRENT, place
    return _page("已签发文档目录", found, {CURRENT: "●", REPLACED: "○"}, NOTES_OF_EDITIONS)


def _links(file: Path, entry: dict[str, Any], root: Path) -> dict[str, str]:
    """The documents of a pack by their suffix, as a page in `root` leads to them."""
    return {
        Path(name).suffix[1:]: (file.parent / name).relative_to(root).as_posix() for name in entry["outputs"] if "/" not in name
    }


def _packs(out: Path, folders: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What the manifests of some folders say of their packs, by period, region and pack, with the links to their documents."""
    return {
        (entry["period"], entry["region"], pack): entry | {"links": _links(file, entry, out)}
        for file in sorted(out.glob(f"{folders}/{MANIFEST}"))
        for pack, entry in manifest.read(file.parent).items()
    }


def _sort(pack: dict[str, Any]) -> tuple[str, bool]:
    """Packs of one period are compared with each other, synthetic ones among themselves."""
    return pack["period"], pack["snapshot"].get("synthetic", False)


def _ingested(pack: dict[str, Any]) -> str:
    """The day on which the newest part of a pack's data came in; a manifest that does not say it is older than any that does."""
    return pack["snapshot"].get("ingested_at", "")


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
    unfinished = workplace.unfinished(path)
    try:
        unfinished.write_text(text, "utf-8", newline="\n")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
