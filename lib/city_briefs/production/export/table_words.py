"""What the words in a table say of its columns: how long they are, and what in them a line may not part. The compiler of PDF is told."""

import re
from collections.abc import Iterable
from string import ascii_letters, digits
from typing import Any, TypedDict

from city_briefs.production.export.unbroken import WHOLE

RUN = re.compile(r"[!-~−]+")  # what a line may not part by itself: a number, a word of letters
SHORT = 5  # bytes of a run that fits everywhere
LONGEST_KEPT = 7.2  # em of a run that its column is wide enough for
NONE, ALL, SOME = 0, 1, 2  # of the words of a cell is what a line may not part


class Words(TypedDict):
    """The words of a table; lengths are in em, with about the width of letters and digits.

    `heads` are the lengths of the heads of its columns, `longest` those of the longest cells, `runs` those of the longest runs that are
    kept, `numbers` the runs of columns of numbers; `lines` has the lengths of the lines of each cell, `whole` says NONE, ALL or SOME,
    `long` whether a run may be too wide for its cell.
    """

    heads: list[float]
    longest: list[float]
    runs: list[float]
    numbers: list[list[str]]
    lines: list[list[list[float]]]
    whole: list[list[int]]
    long: list[list[bool]]


def words(table: dict[str, Any]) -> Words:
    """Return what the words of a table say, each as it is printed."""
    rows: list[list[str]] = table["rows"]
    columns = [[cells[column] for cells in rows] for column in range(len(table["header"]))]
    return {
        "heads": [IN_CELLS.of(name) for name in table["header"]],
        "longest": [max(map(IN_CELLS.of, cells), default=0.0) for cells in columns],
        "runs": [_longest_run(cells) for cells in columns],
        "numbers": [
            list(dict.fromkeys(run for words in cells for run in RUN.findall(words))) if side == "right" else []
            for side, cells in zip(table["align"], columns, strict=True)
        ],
        "lines": [[[IN_LINES.of(line) for line in words.split("\n")] for words in cells] for cells in rows],
        "whole": [[_whole(words) for words in cells] for cells in rows],
        "long": [[any(len(run.encode()) >= SHORT for run in RUN.findall(words)) for words in cells] for cells in rows],
    }


class _Widths(dict[str, float]):
    """The widths of characters in em; one that is not named is 1 em wide."""

    def __missing__(self, character: str) -> float:
        return 1

    def of(self, words: str) -> float:
        return sum(map(self.__getitem__, words))


PRINTED = [*map(chr, range(0x21, 0x7F)), "−"]  # of which a run is
IN_CELLS, IN_RUNS = _Widths(dict.fromkeys(PRINTED, 0.55)), _Widths(dict.fromkeys(PRINTED, 0.6))
IN_LINES = _Widths(dict.fromkeys(f"{ascii_letters} ", 0.5) | dict.fromkeys(f"{digits}.,%—（）", 0.6))


def _longest_run(cells: Iterable[str]) -> float:
    """Return the length of the longest run, number, date or range in some cells, of those that are kept; 0 without one."""
    runs = {run for words in cells for kind in (RUN, WHOLE) for run in kind.findall(words)}
    return max((long for run in runs if (long := IN_RUNS.of(run)) <= LONGEST_KEPT), default=0.0)


def _whole(words: str) -> int:
    """Return how much of the words of a cell is what a line may not part."""
    match = WHOLE.search(words)
    return NONE if not match else ALL if match[0] == words else SOME
