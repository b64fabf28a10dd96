"""Chapters as they were last executed, each with what it was made from and what it read: so that only what has changed runs again.

They lie beside the packs, one for each chapter, region and period. Nothing rests on them: without its record a chapter runs.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from city_briefs import __version__
from city_briefs.common import paths, read_log, source_hash
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.read_log import Question
from city_briefs.common.theme import FONT_FILES, SANS, SERIF, TITLE
from city_briefs.production.build.outputs import file_hash
from city_briefs.production.editions import content, manifest, register
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import CHAPTERS as FOLDER
from city_briefs.production.packs.plan import Chapter, Task

METRICS = paths.PACKAGE / "metrics"
TEMPLATES = paths.PACKAGE / "production/export/templates"  # which no import leads to
COMMANDS = ("%", "!")  # what begins a line of IPython's that is no Python

Changed = Callable[[Mapping[Question, str]], Iterable[str]]  # of what was read, what is another now, in words


@dataclass(frozen=True)
class Record:
    """What is known of a chapter that was executed: the hash of the notebook, how long it took, what it was made from and read.

    `content` is the hash of what it says (`city_briefs.production.editions.content`).
    `state` is that of everything that could have been read: while it is the same, nothing needs to be asked again.
    """

    notebook: str
    content: str
    seconds: float
    state: str
    made_from: dict[str, str]
    read: dict[Question, str]


def executed(chapter: Chapter) -> Path:
    """Where the executed notebook of a chapter lies."""
    return chapter.out / FOLDER / chapter.period.slug / chapter.region.code / f"{chapter.name}.ipynb"


def find(chapter: Chapter) -> Record | None:
    """The record of a chapter; None when there is none, or not of the notebook that lies there."""
    try:
        said = json.loads(executed(chapter).with_suffix(".json").read_text("utf-8"))
        read = {tuple(question): answer for *question, answer in said.pop("read")}
        record = Record(**said, read=read)
        return record if record.notebook == file_hash(executed(chapter)) else None
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None


def keep(chapter: Chapter, notebook: Path, noted: Path, seconds: float, before: tuple[str, dict[str, str]]) -> None:
    """Keep an executed chapter, with the reads that were noted as it ran, and its `state` and `made_from` of before it ran."""
    place = executed(chapter)
    place.with_suffix(".json").unlink(missing_ok=True)  # it is not of the notebook that comes
    made = _unstamped(notebook)
    write_whole(place, json.dumps(made, ensure_ascii=False))
    known = (
        before[0] if before[0] == state(chapter) else ""
    )  # of a snapshot that was replaced meanwhile every read is asked again
    record = Record(file_hash(place), content.chapter_content(made), seconds, known, before[1], read_log.noted(noted))
    said = asdict(record) | {"read": [[*question, answer] for question, answer in record.read.items()]}
    write_whole(place.with_suffix(".json"), json.dumps(said, ensure_ascii=False))


def _unstamped(notebook: Path) -> dict[str, Any]:
    """An executed notebook whose blocks do not name the snapshot: others have the same of it, and a pack is stamped as it is made."""
    executed: dict[str, Any] = json.loads(notebook.read_text("utf-8"))
    for block in content.blocks(executed):
        block["snapshot"] = {}
    return executed


def reasons(chapter: Chapter, record: Record | None, changed: Changed) -> list[str]:
    """Why a chapter must run again, in words; empty when it need not."""
    if record is None:
        return ["it has not run, or its last run was not kept"]
    before, now = record.made_from, made_from(chapter)
    found = [f"{name} changed" for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]
    if found or record.state == state(chapter):
        return found
    return list(changed(record.read))


def made_from(chapter: Chapter) -> dict[str, str]:
    """All that a chapter is made from but for metrics and data: a hash for each, by its name."""
    remark = paths.note(chapter.period.slug, chapter.region.code, chapter.name)
    return {
        "the parameters": chapter.parameters.model_dump_json(),
        "the remark": file_hash(remark) if remark.is_file() else "",
        "regions.csv": file_hash(chapter.source.folder / "regions.csv"),
        **_sources(chapter.notebook),
    }


@cache
def _sources(notebook: Path) -> dict[str, str]:
    reference = frozenset(file for file in paths.reference().rglob("*") if file.is_file())
    imported = frozenset(file for name in _imports(notebook) for file in source_hash.files(name))
    return {
        f"{notebook.name}": file_hash(notebook),
        "requirements.lock": source_hash.lock(),
        "the version of city-briefs": __version__,
        "the fonts": fonts(),
        **source_hash.hashes(imported | reference),
    }


def _imports(notebook: Path) -> set[str]:
    """What of the package the cells of a notebook import."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    found = set()
    for cell in cells:
        lines = "".join(cell["source"]).splitlines() if cell["cell_type"] == "code" else []
        plain = "\n".join("pass" if line.lstrip().startswith(COMMANDS) else line for line in lines)
        try:
            found |= {name for name in source_hash.imported(plain) if name.partition(".")[0] == "city_briefs"}
        except SyntaxError:  # IPython may understand it
            found.add("city_briefs.notebook")
    return found


@cache
def fonts() -> str:
    """The hash of the fonts that a document is drawn and set in."""
    files = [f"{name} {file_hash(file)}" for name, file in sorted(FONT_FILES.items())]
    return hashlib.sha256("\n".join([SERIF, SANS, TITLE, *files]).encode()).hexdigest()


def state(chapter: Chapter) -> str:
    """The hash of everything that a chapter may read: the snapshot, and the definitions of all metrics."""
    definitions = source_hash.hashes(frozenset(METRICS.glob("*.py")))
    return read_log.digest([definitions, file_hash(chapter.source.folder / "snapshot.json")])


def keyed(task: Task, chapters: Sequence[Record]) -> Task:
    """The task with its key, and the edition that it makes; `chapters` are the records of its executed chapters, in their order.

    It makes the edition issued last, when its chapters say what that says, and else a draft of the next.
    """
    sayings = [record.content for record in chapters]
    task = replace(task, content=content.pack_content(_entry(task), task.title, task.parameters.model_dump(), sayings))
    if task.edition is None:
        last = next(reversed(register.of(task)), None)
        if last and (last.entry["content"] == task.content or _issued_content(task, last) == task.content):
            return replace(task, edition=last, key=last.entry["key"])
        task = replace(task, edition=Edition(last.number + 1 if last else 1, before=last))
    return replace(task, key=key(task, [record.notebook for record in chapters]))


def _entry(task: Task) -> str:
    """The hash of what packs.toml says of a pack."""
    return read_log.digest(task.pack.model_dump(mode="json"))


def _issued_content(task: Task, edition: Edition) -> str:
    return content.issued_content(Path(str(edition.folder)), edition.entry, [chapter.name for chapter in task.chapters])


def key(task: Task, notebooks: Sequence[str]) -> str:
    """Changes when anything that a pack is made from changes; `notebooks` are the hashes of its executed chapters.

    It is of all that the manifest says but of what follows from the notebooks, so that a pack which is kept says what a new one would.
    """
    return read_log.digest([manifest.facts(task), manifest.of_edition(task), made_of(task), list(notebooks)])


def made_of(task: Task) -> dict[str, Any]:
    """What a manifest says a pack was made from: the parameters, the snapshot, and a hash for each notebook and other input."""
    return {
        "parameters": task.parameters.model_dump(),
        "snapshot": dict(task.source.stamp),
        **task.source.sealed,
        "chapters": {chapter.name: file_hash(chapter.notebook) for chapter in task.chapters},
        "inputs": inputs(task),
    }


def inputs(task: Task) -> dict[str, str]:
    """All that a pack is made from but for notebooks, metrics and data: a hash for each, by its name."""
    templates = frozenset(file for file in TEMPLATES.rglob("*") if file.is_file())
    found = {content.ENTRY: _entry(task)}
    for chapter in task.chapters:
        remark = paths.note(chapter.period.slug, chapter.region.code, chapter.name)
        found |= {name: made for name, made in _sources(chapter.notebook).items() if name != chapter.notebook.name}
        found |= {remark.relative_to(paths.root()).as_posix(): file_hash(remark)} if remark.is_file() else {}
    return found | source_hash.hashes(source_hash.files("city_briefs.production.build.make_pack") | templates)


def settled(task: Task) -> Task | None:
    """The task with its key, of a pack that was made from all as it is now; None when something is another, or is not known."""
    now = everything(task)
    try:
        said = json.loads(_settled(task).read_text("utf-8"))
        known = str(said["key"]) if said["everything"] == now else ""
    except (OSError, ValueError, KeyError, TypeError):
        return None
    last = next(reversed(register.of(task)), None)
    return replace(task, key=known, edition=last if last and last.entry["key"] == known else None) if known else None


def settle(task: Task) -> None:
    """Keep word that a pack with this key is made from all as it is now."""
    write_whole(_settled(task), json.dumps({"everything": everything(task), "key": task.key}))


def _settled(task: Task) -> Path:
    return task.out / FOLDER / task.period.slug / task.region.code / f"{task.pack.id}.pack.json"


def everything(task: Task) -> str:
    """The hash of everything that a pack could be made from; quickly found, and different more often than the pack."""
    parts = [__version__, _everything(), fonts(), task.pack.model_dump_json(), task.parameters.model_dump_json(), task.title]
    parts += [file_hash(chapter.notebook) for chapter in task.chapters]
    remarks = [paths.note(task.period.slug, task.region.code, name) for name in task.pack.chapters]
    parts += [f"{file.stem} {file_hash(file)}" for file in remarks if file.is_file()]
    parts += [file_hash(task.source.folder / name) for name in ("snapshot.json", "regions.csv")]
    parts += [edition.entry["hash"] for edition in register.of(task)]
    return read_log.digest(parts)


@cache
def project() -> str:
    """Differs between two places where this project lies if they could make different packs of the same snapshot."""
    files = frozenset(file for folder in (paths.notebooks(), paths.notes()) for file in folder.rglob("*") if file.is_file())
    return read_log.digest([sys.version, __version__, _everything(), fonts(), source_hash.hashes(files)])


@cache
def _everything() -> str:
    """The hash of every file of the package, of what is cited, and of the lock."""
    cited = (file for file in paths.reference().rglob("*") if file.is_file())
    return read_log.digest([source_hash.lock(), source_hash.hashes(frozenset((*source_hash.package(), *cited)))])
