"""What a chapter reads as it runs, noted for the build: so that it is run again when that has changed, and not otherwise.

A read is a question, a tuple of words, and the hash of its answer. They go as lines of JSON to the file that BRIEFS_READS names;
nothing is noted where it names none, as in JupyterLab.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

VARIABLE = "BRIEFS_READS"
ROWS = "rows"  # of a result: region, metric, column, part, and the month up to which; a read up to a later one covers it
REGION = "region"  # the rows of a region in a table
Question = tuple[str, ...]

_noted: set[Question] = set()


def note(question: Question, answer: Callable[[], Any]) -> None:
    """Note a question with its answer, bytes or what can be written as JSON, the first time that it is asked."""
    if (file := os.environ.get(VARIABLE)) and question not in _noted:
        _noted.add(question)
        line = json.dumps([*question, digest(answer())], ensure_ascii=False)
        os.write(_opened(file), f"{line}\n".encode())  # at once, since a kernel may end in any way


@cache
def _opened(file: str) -> int:
    """A descriptor at the end of a file, for as long as the process lasts: a chapter notes hundreds of reads."""
    return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)


def digest(answer: Any) -> str:
    """The hash of an answer."""
    content = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:32]


def noted(file: Path) -> dict[Question, str]:
    """The reads that a file holds; of rows of the same result only those up to the latest month."""
    answers: dict[Question, str] = {}
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        *question, answer = json.loads(line)
        answers[tuple(question)] = answer
    return {question: answers[question] for question in _latest(answers)}


def _latest(questions: Iterable[Question]) -> Iterable[Question]:
    latest: dict[Question, Question] = {}
    for question in questions:
        place = question[:-1] if question[0] == ROWS else question
        latest[place] = max(question, latest.get(place, question))
    return sorted(latest.values())
