"""Answers that are kept with the results, the last of each question with what it rests on: whoever asks again does not compute it.

An answer is what JSON holds. One that is missing or damaged is given anew, and the folder may be deleted at any time.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from city_briefs.common import files
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.read_log import digest


def find(folder: Path, question: str, rests_on: Any) -> Any:
    """Return the answer to a question that was kept in a folder for what it rests on; None for none."""
    try:
        kept = json.loads(files.read_text(_file(folder, question)))
        return kept["answer"] if kept["hash"] == digest([rests_on, kept["answer"]]) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep(folder: Path, question: str, rests_on: Any, answer: Any) -> None:
    """Keep an answer for the next time, in the place of the one before; nothing where the folder cannot be written to, or is not there.

    Whoever only asks makes none: it is made when the first result is kept.
    """
    if not folder.is_dir():
        return
    with suppress(OSError):
        content = {"hash": digest([rests_on, answer]), "answer": answer}
        write_whole(_file(folder, question), json.dumps(content, ensure_ascii=False))


def _file(folder: Path, question: str) -> Path:
    return folder / f"{question}.json"
