"""The read log: what a chapter reads as it runs, so that a build runs it again only when an answer has changed.

A read is a question (a tuple of words) and the hash of its answer. Reads are lines of JSON in the file that BRIEFS_READS names;
nothing is noted where it names none, as in JupyterLab.
"""

import hashlib
import json
import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from city_briefs.common import files

VARIABLE = "BRIEFS_READS"
ROWS = "rows"  # of a result: region, metric, column, part, and the month up to which; a read up to a later one covers it
SPAN_ROWS = "span_rows"  # of a result over a span that does not begin in January: the same, with the span before the month
REGION = "region"  # the rows of a region in a table
Question = tuple[str, ...]
Read = tuple[Question, str]  # a question, and its line in the log
Value = TypeVar("Value")


@dataclass(slots=True)
class Kept:
    """A value that was made once, with the reads that it rests on.

    `is_noted` says whether reads were noted in this process as it was made; else `reads` is empty, whatever was read. `noted_in` is the
    number of the last chapter that has noted them.
    """

    value: Any
    reads: tuple[Read, ...]
    is_noted: bool
    noted_in: int


_noted: dict[Question, Read] = {}
_heard: list[list[Read]] = []  # what was noted for each thing that is being made `once`, the innermost last
_chapter = 0  # how many have begun in this process before this one
_files: dict[str, int] = {}  # descriptors of the logs that are open


def note(question: Question, answer: Callable[[], Any]) -> None:
    """Note a question with the hash of its answer (bytes, or anything that JSON holds), the first time that it is asked."""
    read = _noted.get(question)  # asked tens of thousands of times in a chapter
    if read is None:
        if not is_kept():
            return
        read = question, json.dumps([*question, digest(answer())])
        _write([read])
    if _heard:
        _heard[-1].append(read)


def once(kept: dict[Any, Kept], key: Hashable, make: Callable[[], Value]) -> Value:
    """Return what stands in `kept` under a key, which the first that asks makes; whoever asks after it notes the same reads.

    What is made rests on its key and on reads alone. All that is found once below it is found with this function, or notes its reads
    each time that it is asked: else a chapter would lack reads that another has noted.
    """
    entry = kept.get(key)
    if entry is None or (not entry.is_noted and is_kept()):
        _heard.append([])
        try:
            value = make()
        finally:
            heard = tuple({read[0]: read for read in _heard.pop()}.values())
            if _heard:
                _heard[-1].extend(heard)
        kept[key] = Kept(value, heard, is_kept(), _chapter)
        return value
    if entry.noted_in != _chapter:
        entry.noted_in = _chapter
        if is_kept():
            _write([read for read in entry.reads if read[0] not in _noted])
    if _heard:
        _heard[-1].extend(entry.reads)
    return cast(Value, entry.value)


def is_kept() -> bool:
    """Return whether reads are noted in this process."""
    return bool(os.environ.get(VARIABLE))


def _write(reads: Sequence[Read]) -> None:
    """Write reads into the log, at once, since a kernel may end in any way."""
    if lines := "".join(f"{line}\n" for _, line in reads):
        os.write(_opened(os.environ[VARIABLE]), lines.encode())
        _noted.update((read[0], read) for read in reads)


def begin() -> None:
    """Forget what was noted, when another chapter begins in this process."""
    global _chapter
    _chapter += 1
    _noted.clear()
    for descriptor in _files.values():
        os.close(descriptor)
    _files.clear()


def _opened(file: str) -> int:
    """Return a descriptor that appends to a file; it stays open, since a chapter notes hundreds of reads."""
    if file not in _files:
        _files[file] = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | files.NO_LINK, 0o666)
    return _files[file]


def digest(answer: Any) -> str:
    """Return the hash of an answer: the first 32 digits of a SHA-256."""
    content = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:32]


def noted(file: Path) -> dict[Question, str]:
    """Return the reads in a file, hashes by question; of the rows of one result only those up to the latest month. Empty without file."""
    lines = [line for line in files.read_bytes(file).split(b"\n") if line] if file.exists() else []  # U+2028 in one ends no line
    answers = {tuple(question): answer for *question, answer in _read(lines)}
    return {question: answers[question] for question in _latest(answers)}


def _read(lines: list[bytes]) -> list[list[str]]:
    """Return what lines of JSON say: at once, since they are thousands; where one of them is torn, it is that which is refused."""
    with suppress(ValueError):
        read: list[list[str]] = json.loads(b"[%s]" % b",".join(lines))
        if len(read) == len(lines):
            return read
    return [json.loads(line) for line in lines]


def _latest(questions: Iterable[Question]) -> Iterable[Question]:
    """Return the questions, sorted; of those for the rows of one result only that with the latest month."""
    latest: dict[Question, Question] = {}
    others = []
    for question in questions:
        if question[0] in (ROWS, SPAN_ROWS):
            of = question[:-1]
            latest[of] = max(question, latest.get(of, question))
        else:
            others.append(question)
    return sorted([*others, *latest.values()])
