"""The read log: what a chapter reads as it runs, so that a build runs it again only when an answer has changed.

A read is a question (a tuple of words) and the hash of its answer. Reads are lines of JSON in the file that BRIEFS_READS names;
nothing is noted where it names none, as in JupyterLab.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from city_briefs.common import files

VARIABLE = "BRIEFS_READS"
ROWS = "rows"  # of a result: region, metric, column, part, and the month up to which; a read up to a later one covers it
SPAN_ROWS = "span_rows"  # of a result over a span that does not begin in January: the same, with the span before the month
REGION = "region"  # the rows of a region in a table
Question = tuple[str, ...]

_noted: set[Question] = set()
_files: dict[str, int] = {}  # descriptors of the logs that are open


def note(question: Question, answer: Callable[[], Any]) -> None:
    """Note a question with the hash of its answer (bytes, or anything that JSON holds), the first time that it is asked."""
    if question not in _noted and (file := os.environ.get(VARIABLE)):  # asked tens of thousands of times in a chapter
        _noted.add(question)
        line = json.dumps([*question, digest(answer())])
        os.write(_opened(file), f"{line}\n".encode())  # at once, since a kernel may end in any way


def begin() -> None:
    """Forget what was noted, when another chapter begins in this process."""
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
    answers: dict[Question, str] = {}
    for line in filter(None, files.read_bytes(file).split(b"\n") if file.exists() else ()):  # U+2028 in a question ends no line
        *question, answer = json.loads(line)
        answers[tuple(question)] = answer
    return {question: answers[question] for question in _latest(answers)}


def _latest(questions: Iterable[Question]) -> Iterable[Question]:
    """Return the questions, sorted; of those for the rows of one result only that with the latest month."""
    latest: dict[Question, Question] = {}
    for question in questions:
        place = question[:-1] if question[0] in (ROWS, SPAN_ROWS) else question
        latest[place] = max(question, latest.get(place, question))
    return sorted(latest.values())
