"""Chapters as they were last executed, each with what it was made from and what it read: so that only what has changed runs again.

They lie beside the packs, one for each chapter, region and period: the notebook, its record, and apart from it the reads, a hundred
thousand characters that a build opens only where the data have changed. Nothing rests on them: without its record a chapter runs.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.common import atomic_files, files, read_log
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.hashing import file_hash
from city_briefs.common.read_log import Question
from city_briefs.production.build import fingerprints
from city_briefs.production.editions import content
from city_briefs.production.packs.plan import Chapter

if TYPE_CHECKING:
    from nbformat import NotebookNode

LOG = 1 << 20
READS = ".reads.jsonl"


@dataclass(frozen=True)
class Before:
    """The fingerprints of a chapter, taken before it runs: `made_from` by `fingerprints.chapter_inputs`, `state` by `chapter_data`."""

    made_from: dict[str, str]
    state: str


@dataclass(frozen=True)
class Record:
    """What is known of a chapter that was executed: the hash of the notebook, how long it took, what it was made from.

    `content` is the hash of what it says (`city_briefs.production.editions.content`), `reads` that of what it read (`reads_of`).
    `state` is that of everything that could have been read: while it is the same, nothing needs to be asked again.
    """

    notebook: str
    content: str
    seconds: float
    state: str
    made_from: dict[str, str]
    reads: str


def find(chapter: Chapter) -> Record | None:
    """The record of a chapter; None when there is none, or not of the notebook that lies there."""
    try:
        record = Record(**json.loads(files.read_text(chapter.executed.with_suffix(".json"))))
        return record if record.notebook == file_hash(chapter.executed) else None
    except (OSError, ValueError, TypeError):
        return None


def reads_of(chapter: Chapter, record: Record) -> dict[Question, str] | None:
    """What a chapter read: the hash of each answer by its question; None when what lies there is not of the record."""
    place = chapter.executed.with_suffix(READS)
    try:
        return read_log.noted(place) if file_hash(place) == record.reads else None
    except (OSError, ValueError):
        return None


def before_run(chapter: Chapter) -> Before:
    """The fingerprints of a chapter that is about to run."""
    return Before(fingerprints.chapter_inputs(chapter), fingerprints.chapter_data(chapter))


def keep(chapter: Chapter, executed: "NotebookNode", noted: Path, seconds: float, before: Before) -> None:
    """Keep an executed chapter, with the reads that were noted as it ran, and its fingerprints of before it ran.

    The notebook is the caller's no more: it is as its file has it from now on.

    Raises:
        PackError: a block is not as the schema has it.
    """
    from nbformat.v4.rwbase import split_lines, strip_transient  # who only compares hashes does not wait for it

    place = chapter.executed
    place.with_suffix(".json").unlink(missing_ok=True)  # it is not of the notebook that comes
    _unstamp(executed)
    strip_transient(split_lines(executed))
    write_whole(place, json.dumps(executed, ensure_ascii=False, sort_keys=True), chapter.out)
    replaced = before.state != fingerprints.chapter_data(chapter)  # then every read is asked again
    state, saying = "" if replaced else before.state, content.chapter_content(executed)
    reads = place.with_suffix(READS)
    write_whole(reads, "".join(f"{line}\n" for line in read_log.lines(noted)), chapter.out)
    record = Record(file_hash(place), saying, seconds, state, before.made_from, file_hash(reads))
    write_whole(place.with_suffix(".json"), json.dumps(vars(record), ensure_ascii=False), chapter.out)


def keep_log(chapter: Chapter, log: Path) -> None:
    """Keep the first LOG bytes of what a chapter wrote past its cells, such as what a library says at a crash; no file when it is empty."""
    place = chapter.executed.with_suffix(".log")
    with suppress(OSError):
        place.unlink(missing_ok=True)
        with files.opened(log) as file:
            if written := file.read(LOG):
                place.parent.mkdir(parents=True, exist_ok=True)
                with atomic_files.whole(place, chapter.out) as kept:
                    kept.write(written)


def _unstamp(executed: "NotebookNode") -> None:
    """Let the blocks of a notebook not name the snapshot: others have the same of it, and a pack is stamped as it is made."""
    for block in content.blocks(executed):
        block["snapshot"] = {}
