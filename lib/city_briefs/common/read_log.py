"""The read log: what a chapter reads as it runs, so that a build runs it again only when an answer has changed.

A read is a question (a tuple of words) and the hash of its answer. Reads are lines of JSON in the file that BRIEFS_READS names;
nothing is noted where it names none, as in JupyterLab.

A question is of what a chapter gets, not of what that was found by: of an amount and not of its months, of the place of a city and not
of the amounts of all cities (`answered`). So a record that changes neither lets the chapter stand.
"""

import hashlib
import json
import os
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from city_briefs.common import files

VARIABLE = "BRIEFS_READS"
AMOUNT = "amount"  # of a region, metric, dimension and member, over a period
MONTHLY = "monthly"  # the amounts of a region and metric in so many months up to the end of a period
REGION = "region"  # the rows of a region in a table
TABLE = "table"  # all rows of a small table
PLACE = "place"  # of a region by a metric, dimension and member, among those of its province over a period
PLACES = "places"  # of all of them
SPREAD = "spread"  # in how many regions of a province a rule is on at the end of a period
JUDGED = "judged"  # whether a rule could be judged in any of them
PEOPLE = "people"  # of a region at the end of a period
REJECTED = "rejected"  # in which regions and months rows were rejected that a metric would rest on
MEMBERS = "members"  # the regions whose sum a region is, of a metric in a year
SPOTS = "spots"  # in which rates a region stands out from the others of its province over a period
OF_DATA = frozenset(
    {AMOUNT, MONTHLY, REGION, TABLE, PLACE, PLACES, SPREAD, JUDGED, PEOPLE, REJECTED, MEMBERS, SPOTS}
)  # whose answer may stand for others of them
Question = tuple[str, ...]
Read = tuple[Question, str]  # a question, and its line in the log
Value = TypeVar("Value")


@dataclass(slots=True)
class Kept:
    """A value that was made once, with the reads that it rests on: those of data, and the others.

    `is_noted` says whether reads were noted in this process as it was made; else there are none, whatever was read. `noted_in` is the
    number of the last chapter that has noted all of them, `others_in` that of the last that has noted the others.
    """

    value: Any
    of_data: tuple[Read, ...]
    others: tuple[Read, ...]
    is_noted: bool
    noted_in: int = -1
    others_in: int = -1


_noted: dict[Question, Read] = {}  # what this chapter has noted
_heard_only: dict[Question, Read] = {}  # what it has asked below `answered` alone
_heard: list[list[Read]] = []  # what was asked for each thing that is being made `once` or `answered`, the innermost last
_unwritten: list[str] = []  # lines of what was noted while something is being made or answered
_answering = 0  # how many questions are being answered, each for the one before it
_chapter = 0  # how many have begun in this process before this one
_files: dict[str, int] = {}  # descriptors of the logs that are open


def note(question: Question, answer: Callable[[], Any]) -> None:
    """Note a question with the hash of its answer (bytes, or anything that JSON holds), the first time that it is asked.

    Of data it is not noted while another question is `answered` by it.
    """
    read = _noted.get(question)  # asked tens of thousands of times in a chapter
    if read is None:
        if not is_kept():
            return
        is_hidden = _answering and question[0] in OF_DATA
        read = _heard_only.get(question) or (question, json.dumps([*question, digest(answer())]))
        if is_hidden:
            _heard_only[question] = read
        else:
            _write([read])
    if _heard:
        _heard[-1].append(read)


def answered(question: Question, find: Callable[[], Value]) -> Value:
    """Return what `find` finds, and note it as the answer to a question of data, in place of the data that it was found by.

    All of it is the answer, as `repr` has it: it holds what the chapter may use and no more, and no object without a repr of its own.
    Where it cannot be found, what was read on the way is noted.
    """
    global _answering
    if not is_kept():
        return find()
    _heard.append([])
    _answering += 1
    try:
        value = find()
    except BaseException:
        _answering -= 1
        _pass_on(_heard.pop())
        raise
    _answering -= 1
    _pass_on([read for read in _heard.pop() if read[0][0] not in OF_DATA])
    note(question, lambda: repr(value))
    return value


def _pass_on(reads: Sequence[Read]) -> None:
    """Note what was read for a thing, for whatever that is asked for; of data not while another question is answered by it."""
    _write([read for read in reads if not _answering or read[0][0] not in OF_DATA])
    if _heard:
        _heard[-1].extend(reads)


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
            heard = dict.fromkeys(_heard.pop())
            if _heard:
                _heard[-1].extend(heard)
            else:
                _write(())
        of_data = tuple(read for read in heard if read[0][0] in OF_DATA)
        kept[key] = entry = Kept(value, of_data, tuple(read for read in heard if read[0][0] not in OF_DATA), is_kept())
    elif _heard:
        _heard[-1] += entry.of_data
        _heard[-1] += entry.others
    if entry.others_in != _chapter:
        entry.others_in = _chapter
        _write(entry.others)
    if entry.noted_in != _chapter and not _answering:
        entry.noted_in = _chapter
        _write(entry.of_data)
    return cast(Value, entry.value)


def is_kept() -> bool:
    """Return whether reads are noted in this process."""
    return bool(os.environ.get(VARIABLE))


def _write(reads: Sequence[Read]) -> None:
    """Write those reads into the log that it has not; none where reads are not noted.

    They are written as soon as nothing is being made or answered, since a kernel may end in any way: where it ends before, the chapter
    has stopped, and nothing of it is kept.
    """
    new = {question: read for read in reads if (question := read[0]) not in _noted}
    if new and is_kept():
        _noted.update(new)
        _unwritten.extend(line for _, line in new.values())
    if _unwritten and not _heard:
        os.write(_opened(os.environ[VARIABLE]), "".join(f"{line}\n" for line in _unwritten).encode())
        _unwritten.clear()


def begin() -> None:
    """Forget what was noted, when another chapter begins in this process."""
    global _chapter
    _chapter += 1
    _noted.clear()
    _heard_only.clear()
    _unwritten.clear()
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


def lines(file: Path) -> list[str]:
    """Return the lines of a log, each once, sorted: the same for the same reads, in whatever order; none without a file."""
    content = files.read_bytes(file).decode() if file.exists() else ""
    return sorted({line for line in content.split("\n") if line})  # U+2028 in one ends no line


def noted(file: Path) -> dict[Question, str]:
    """Return the reads in a log, hashes by question; empty without a file.

    Raises:
        ValueError: a line is torn.
    """
    return {tuple(question): answer for *question, answer in _read(lines(file))}


def _read(written: list[str]) -> list[list[str]]:
    """Return what lines of JSON say: at once, since they are thousands; where one of them is torn, it is that which is refused."""
    with suppress(ValueError):
        read: list[list[str]] = json.loads(f"[{','.join(written)}]")
        if len(read) == len(written):
            return read
    return [json.loads(line) for line in written]
