"""The parts of a document chapter by chapter, and what is left of a chapter that has little to print."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from city_briefs.common.blocks import Block, ProseBlock
from city_briefs.production.export.parts import Part

MOST_NAMED = 8  # metrics that the line of a chapter without data names


def chapters(shown: Sequence[Part]) -> list[Sequence[Part]]:
    """Return the parts of each chapter, which begins with its topic; what stands before the first is one too."""
    begins = [place for place, part in enumerate(shown) if _level(part) == 1]
    return [shown[start:end] for start, end in pairwise([0, *begins, len(shown)]) if start < end]


def with_content(shown: Sequence[Part]) -> Iterator[Part]:
    """Yield parts without headings under which nothing is printed; a chapter without data is its topic and one line."""
    for chapter in chapters(shown):
        blocks = [part["block"] for part in chapter if part["kind"] == "block"]
        if blocks and all(_level(part) or part["kind"] == "block" for part in chapter) and _is_without_data(blocks):
            yield from (part for part in chapter if _level(part) == 1)
            yield {"kind": "block", "block": _line(blocks), "ordinal": 0}
        else:
            yield from _without_empty_sections(chapter)


def _without_empty_sections(chapter: Sequence[Part]) -> Iterator[Part]:
    for place, part in enumerate(chapter):
        following = next((other for other in chapter[place + 1 :] if _level(other) or _is_printed(other)), None)
        if _level(part) < 2 or (following and not 0 < _level(following) <= _level(part)):
            yield part


def _level(part: Part) -> int:
    """Return the level of a heading that stands alone; 0 for any other part."""
    if part["kind"] != "markdown" or "\n" in part["source"].strip():
        return 0
    return len(part["source"]) - len(part["source"].lstrip("#"))


def _is_printed(part: Part) -> bool:
    return part["kind"] != "block" or part["block"]["kind"] != "prose" or bool(part["block"]["paragraphs"])


def _is_without_data(blocks: Sequence[Block]) -> bool:
    """Return whether blocks only say why there are no numbers: sentences alone, with figures that are all refused."""
    figures = [figure for block in blocks for figure in block["figures"]]
    return bool(figures) and all(block["kind"] == "prose" for block in blocks) and all(figure["refused"] for figure in figures)


def _line(blocks: Sequence[Block]) -> ProseBlock:
    """Return the line of a chapter without data, with all that its blocks carry besides words."""
    labels = list(dict.fromkeys(metric["label"] for block in blocks for metric in block["metrics"]))
    named = "、".join(labels[:MOST_NAMED]) + (f"等{len(labels)}项" if len(labels) > MOST_NAMED else "")
    return {
        "kind": "prose", "paragraphs": [f"本章各项指标（{named}）本期均无数据。"],
        "figures": [figure for block in blocks for figure in block["figures"]],
        "views": {view: name for block in blocks for view, name in block["views"].items()},
        "metrics": [metric for block in blocks for metric in block["metrics"]], "snapshot": blocks[0]["snapshot"],
    }  # fmt: skip
