"""The lines of two editions of a chapter side by side: which was reworded, came, went, or only stands elsewhere now."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.5  # share of its characters from which on a line is another wording of one that went
TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[A-Za-z_]+|.", re.DOTALL)  # a number is one: of 12.5% and 12.6% no digit is marked by itself
Pair = tuple[str | None, str | None]  # a line and its other wording; None where there is none
Spans = list[tuple[str, bool]]  # pieces of a line, each with whether the other line has it not


@dataclass(frozen=True)
class Rewritten:
    """What only one of two packs prints of a chapter, or of the definitions in the appendix.

    `pairs` has the line of the one beside that of the other, None where there is none. `reordered` are the lines that both print, in
    another place.
    """

    chapter: str
    pairs: list[Pair]
    reordered: list[str]

    @property
    def before(self) -> list[str]:
        """The lines that only the older prints."""
        return [old for old, _ in self.pairs if old is not None]

    @property
    def after(self) -> list[str]:
        """The lines that only the newer prints."""
        return [new for _, new in self.pairs if new is not None]


def rewritten(chapter: str, old: Sequence[str], new: Sequence[str]) -> Rewritten | None:
    """Return how the lines of a chapter differ; None when they do not."""
    changes = [change for change in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if change[0] != "equal"]
    if not changes:
        return None
    gone = Counter(line for _, start, end, _, _ in changes for line in old[start:end])
    come = Counter(line for _, _, _, start, end in changes for line in new[start:end])
    elsewhere = gone & come
    left = [elsewhere.copy(), elsewhere.copy()]
    pairs: list[Pair] = []
    for _, start, end, new_start, new_end in changes:
        pairs += _paired(_without(old[start:end], left[0]), _without(new[new_start:new_end], left[1]))
    return Rewritten(chapter, _joined(pairs), list(elsewhere.elements()))


def _without(lines: Sequence[str], elsewhere: Counter[str]) -> list[str]:
    """Return the lines without those that stand elsewhere, which are counted off."""
    kept = []
    for line in lines:
        if elsewhere[line] > 0:
            elsewhere[line] -= 1
        else:
            kept.append(line)
    return kept


def _paired(old: list[str], new: list[str]) -> Iterator[Pair]:
    """Yield the lines of a place side by side, each new one with the first old one that it may be another wording of."""
    waiting = list(old)
    for line in new:
        place = next((place for place, other in enumerate(waiting) if _is_alike(other, line)), None)
        if place is None:
            yield None, line
            continue
        yield from ((gone, None) for gone in waiting[:place])
        yield waiting[place], line
        del waiting[: place + 1]
    yield from ((gone, None) for gone in waiting)


def _joined(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs, each line that came beside one that went at another place of the chapter and may be its older wording."""
    gone = [old for old, new in pairs if old is not None and new is None]
    joined: list[Pair] = []
    for old, new in pairs:
        older = next((line for line in gone if _is_alike(line, new)), None) if old is None and new is not None else None
        if older is not None:
            gone.remove(older)
        joined.append((old if older is None else older, new))
    left = Counter(gone)
    kept = []
    for old, new in joined:
        if new is None and old is not None:
            if not left[old]:
                continue
            left[old] -= 1
        kept.append((old, new))
    return kept


def _is_alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, TOKEN.findall(old), TOKEN.findall(new), autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def marked(old: str, new: str) -> tuple[Spans, Spans]:
    """Return both lines in pieces, those that differ marked: numbers and words of Latin letters whole, else by character."""
    tokens = TOKEN.findall(old), TOKEN.findall(new)
    spans: tuple[Spans, Spans] = ([], [])
    for kind, start, end, new_start, new_end in SequenceMatcher(None, *tokens, autojunk=False).get_opcodes():
        for side, words in ((spans[0], tokens[0][start:end]), (spans[1], tokens[1][new_start:new_end])):
            if words:
                side.append(("".join(words), kind != "equal"))
    return spans
