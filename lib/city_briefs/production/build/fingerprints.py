"""Fingerprints: the hashes by which a build knows whether anything that it is made from has changed.

A fingerprint that covers more is found sooner, and differs more often than what is made of it. So a build asks the quick one first,
and the exact ones only when that differs.

| name              | what it covers                            | who asks            | why not another                          |
|-------------------|-------------------------------------------|---------------------|------------------------------------------|
| `pack_quick`      | every file that the pack could be made    | up_to_date, before  | finds in one hash that nothing changed;  |
|                   | from, the editions issued of it, figures, | anything else       | the exact key needs the executed chapters|
|                   | actions, the line page_one                |                     |                                          |
| `chapter_inputs`  | notebook, parameters, remark, the code it | up_to_date, of each | a hash for each name, so that `briefs    |
|                   | imports, citations, fonts, lock           | chapter             | why` can name what changed               |
| `chapter_data`    | snapshot.json, the files of all metrics,  | up_to_date, then    | while it is the same, no read of the     |
|                   | figures as first issued, actions,         |                     | chapter (`read_log`) is asked again      |
|                   | the line page_one                         |                     |                                          |
| `lineage`         | what the manifest says a pack was made    | manifest.json,      | has names, and is for readers too; it    |
|                   | from, by name: snapshot, notebooks, files,| verify --rebuild    | does not tell what the chapters say      |
|                   | the office's Word styles                  |                     |                                          |
| `keyed`           | lineage, edition, executed notebooks      | up_to_date, of what | the cache key of a pack: the same key    |
|                   |                                           | stands              | makes the same documents                 |
| `installation`    | Python, the package, all notebooks and    | dask_pool, of each  | compares two machines, and so all that   |
|                   | remarks                                   | worker              | any pack could be made from              |
| `snapshot_opened` | snapshot.json as it lies there            | scheduler, before a | is asked for every pack: one small file  |
|                   |                                           | pack is put in place|                                          |

Elsewhere, since they are asked where production is not known or a build need not be: `editions.content` (what a pack says, whatever
makes it say so: this decides whether a new edition arises), `common.source_hash.program_stamp` (times and sizes of the program's files,
asked for every kernel, also by JupyterLab), `common.read_log.digest` and `common.source_hash` (the hash of an answer, the files that a
module rests on), and `analysis.snapshot.checked` (times and sizes of a snapshot whose hashes were compared).
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from city_briefs import __version__
from city_briefs.common import files, issued_figures, page_one_line, paths, source_hash
from city_briefs.common.hashing import file_hash
from city_briefs.common.read_log import digest
from city_briefs.common.theme import BOLD_FILES, FONT_FILES, SANS, SERIF, TITLE
from city_briefs.production.editions import content, manifest
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import Chapter, PackInputs, PackRequest, SnapshotRef

METRICS = paths.PACKAGE / "metrics"
TEMPLATES = paths.PACKAGE / "production/export/templates"  # which no import leads to
MAKER = "city_briefs.production.build.make_pack"  # the module that makes a pack, with all that it imports
CALLS = "city_briefs.notebook"  # the package of all calls that chapters are made of
COMMANDS = ("%", "!")  # what begins a line of IPython's that is no Python


def pack_quick(request: PackRequest, issued: Sequence[Edition]) -> str:
    """The hash of everything that a pack could be made from; `issued` are the editions of it that were issued."""
    parts = [
        __version__,
        program(),
        _fonts(),
        request.pack.model_dump_json(),
        request.parameters.model_dump_json(),
        request.title,
    ]
    parts += [_digest(chapter.written) for chapter in request.chapters]
    remarks = [(chapter.remark.stem, request.sources.digest(chapter.remark)) for chapter in request.chapters]
    parts += [f"{name} {made}" for name, made in remarks if made]
    parts += [f"{name} {made}" for chapter in request.chapters for name, made in chapter.own_files.items()]
    parts += [file_hash(request.source.folder / name) for name in ("snapshot.json", "regions.csv")]
    parts += [edition.entry["hash"] for edition in issued]
    parts += [issued_figures.content_hash(), _actions(), _page_one(), *_environment().values()]
    return digest(parts)


def chapter_inputs(chapter: Chapter) -> dict[str, str]:
    """All that a chapter is made from but for metrics and data: a hash for each, by its name."""
    return {
        "the parameters": chapter.parameters.model_dump_json(),
        "the remark": chapter.sources.digest(chapter.remark),
        "regions.csv": file_hash(chapter.source.folder / "regions.csv"),
        **_environment(),
        **_own(chapter),
        **_sources(chapter.notebook.name, chapter.written),
    }


def _own(chapter: Chapter) -> dict[str, str]:
    """What an analysis chapter may read besides what is noted: its own files, and any row of the snapshot; nothing of another chapter."""
    return chapter.own_files | (
        {"snapshot.json": file_hash(chapter.source.folder / "snapshot.json")} if chapter.is_analysis else {}
    )


def chapter_data(chapter: Chapter) -> str:
    """The hash of everything that a chapter may read: snapshot, definitions of all metrics, figures as first issued, actions, page one."""
    definitions = source_hash.hashes(frozenset(file for file in METRICS.iterdir() if file.suffix in (".py", ".csv")))
    issued = issued_figures.content_hash()
    return digest([definitions, file_hash(chapter.source.folder / "snapshot.json"), issued, _actions(), _page_one()])


def pack_entry(request: PackRequest) -> str:
    """The hash of what packs.toml says of a pack."""
    return digest(request.pack.model_dump(mode="json"))


def lineage(request: PackRequest) -> dict[str, Any]:
    """What a manifest says a pack was made from: the parameters, the snapshot, and a hash for each notebook and other input."""
    return {
        "parameters": request.parameters.model_dump(),
        "snapshot": dict(request.source.stamp),
        **request.source.sealed,
        "chapters": {chapter.name: _digest(chapter.written) for chapter in request.chapters},
        "inputs": _inputs(request),
    }


def keyed(request: PackRequest, notebooks: Sequence[str], content_hash: str, edition: Edition) -> PackInputs:
    """The inputs of a pack under their cache key.

    `notebooks` are the hashes of its executed chapters, `content_hash` is that of what they say. The key is of all that the manifest
    says but of what follows from the notebooks, so that a pack which is kept says what a new one would. An edition that was issued has
    the key with which it was issued.
    """
    made_from = lineage(request)
    if edition.folder:
        key = edition.entry["key"]
    else:
        key = digest([manifest.facts(request), manifest.of_edition(edition, content_hash), made_from, list(notebooks)])
    return PackInputs(request, tuple(notebooks), content_hash, made_from, edition, key)


@cache
def installation() -> str:
    """Differs between two places where this project lies if they could make different packs of the same snapshot."""
    files = frozenset(file for folder in (paths.notebooks(), paths.notes()) for file in folder.rglob("*") if file.is_file())
    return digest(
        [sys.version, __version__, program(), _fonts(), source_hash.hashes(files), _actions(), *_environment().values()]
    )


def snapshot_opened(source: SnapshotRef) -> str | None:
    """The hash of all that a snapshot says of itself; None when it is not the one that was opened."""
    try:
        description = files.read_bytes(source.folder / "snapshot.json")
        return hashlib.sha256(description).hexdigest() if json.loads(description)["id"] == source.stamp["id"] else None
    except (OSError, ValueError, KeyError):
        return None


def _inputs(request: PackRequest) -> dict[str, str]:
    """All that a pack is made from but for notebooks, metrics and data: a hash for each, by its name."""
    templates = frozenset(file for file in (*TEMPLATES.rglob("*"), paths.root() / paths.WORD_STYLES) if file.is_file())
    inputs = {content.ENTRY: pack_entry(request)}
    for chapter in request.chapters:
        name, remark = chapter.notebook.name, chapter.sources.digest(chapter.remark)
        inputs |= {of: made for of, made in _sources(name, chapter.written).items() if of != name}
        inputs |= chapter.own_files
        inputs |= {chapter.remark.relative_to(paths.root()).as_posix(): remark} if remark else {}
    return inputs | source_hash.hashes(source_hash.files(MAKER) | templates)


def _actions() -> str:
    """The hash of what was asked because of lights and targets; empty without such a file."""
    return file_hash(paths.actions()) if paths.actions().is_file() else ""


def _page_one() -> str:
    """The hash of what packs.toml says of page one, which a chapter reads."""
    return digest(list(page_one_line.ids()))


def _environment() -> dict[str, str]:
    """What briefs.toml gives the processes of a build to know, as one hash by its name; empty when it is nothing."""
    given = paths.settings().environment
    return {"the environment of briefs.toml": digest(given)} if given else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def _sources(notebook: str, written: bytes) -> dict[str, str]:
    """The files that a notebook of this name and content rests on, whatever region it is run for: a hash for each, by its name."""
    reference = source_hash.below(paths.reference()) - {paths.root() / paths.WORD_STYLES}
    imported = frozenset(file for name in _imports(written) for file in source_hash.files(name))
    return {
        notebook: _digest(written),
        "requirements.lock": source_hash.lock(),
        "the version of city-briefs": __version__,
        "the fonts": _fonts(),
        **source_hash.hashes(imported | reference),
    }


def _imports(written: bytes) -> set[str]:
    """What of the package the cells of a notebook import."""
    cells = json.loads(written)["cells"]
    names = set()
    for cell in cells:
        lines = "".join(cell["source"]).split("\n") if cell["cell_type"] == "code" else []
        plain = "\n".join("pass" if line.lstrip().startswith(COMMANDS) else line for line in lines)
        try:
            names |= {name for name in source_hash.imported(plain) if name.partition(".")[0] == "city_briefs"}
        except SyntaxError:  # IPython may understand it
            names.add(CALLS)
    return names


@cache
def _fonts() -> str:
    """The hash of the fonts that a document is drawn and set in."""
    files = [f"{name} {_font(file)}" for name, file in sorted([*FONT_FILES.items(), *BOLD_FILES.items()])]
    return hashlib.sha256("\n".join([SERIF, SANS, TITLE, *files]).encode()).hexdigest()


def _font(file: Path) -> str:
    """The hash of a font; that of one that comes along is known from `program`, and it is large."""
    return source_hash.cached_hash(file) if file.is_relative_to(paths.PACKAGE) else file_hash(file)


@cache
def program() -> str:
    """The hash of every file of the package, of what is cited, and of the lock."""
    cited = source_hash.below(paths.reference())
    return digest([source_hash.lock(), source_hash.hashes(cited | frozenset(source_hash.package()))])
