"""The parts of a document chapter by chapter, and what is left of a chapter that has little to print."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from city_briefs.common.blocks import Block, ProseBlock
from city_briefs.production.export.parts import Part

SECTION = 2  # the level of its heading
NUMERALS = "〇一二三四五六七八九十"
NUMBER = re.compile(r"（[一二三四五六七八九十]+）")  # of a section
ON_PAGE_ONE = "各部分的作用见第1页。"
MOST_NAMED = 2  # metrics that the line of a chapter without data names; of more the first alone


def chapters(shown: Sequence[Part]) -> list[Sequence[Part]]:
    """Return the parts of each chapter, which begins with its topic; what stands before the first is one too."""
    begins = [place for place, part in enumerate(shown) if _level(part) == 1]
    return [shown[start:end] for start, end in pairwise([0, *begins, len(shown)]) if start < end]


def with_content(shown: Sequence[Part]) -> Iterator[Part]:
    """Yield parts without headings under which nothing is printed; a chapter without data is one line, which begins with its topic."""
    for chapter in chapters(shown):
        blocks = [part["block"] for part in chapter if part["kind"] == "block"]
        if blocks and all(_level(part) or part["kind"] == "block" for part in chapter) and _is_without_data(blocks):
            topic = next((part["source"] for part in chapter if part["kind"] == "markdown"), "")
            yield {"kind": "block", "block": _line(topic.strip("# \n"), blocks), "ordinal": 0}
        else:
            left = without_empty_sections(chapter)
            is_alone = sum(_level(part) == SECTION for part in left) == 1
            yield from (part for part in left if not (is_alone and _level(part) == SECTION))


def drawn_once(shown: Sequence[Part]) -> Iterator[Part]:
    """Yield parts; in the place of a chart whose parts of a number page one draws too stands a sentence that leads there."""
    first = next((part["block"] for part in shown if part["kind"] == "block" and part["block"]["kind"] == "page-one"), None)
    drawn = _of_parts(first) if first else set()
    for part in shown:
        if part["kind"] == "block" and part["block"]["kind"] == "chart" and set() < _of_parts(part["block"]) <= drawn:
            yield {"kind": "block", "block": _said([part["block"]], [ON_PAGE_ONE]), "ordinal": 0}
        else:
            yield part


def _of_parts(block: Block) -> set[tuple[object, ...]]:
    """Return what a block states of the parts of numbers, such as what one line of business adds to a growth."""
    named = ("metric", "view", "region", "year", "through", "span", "by", "part")
    return {tuple(figure.get(name) for name in named) for figure in block["figures"] if "part" in figure}


def without_empty_sections(chapter: Sequence[Part]) -> list[Part]:
    """Return parts without the headings of empty sections; where one goes, the sections of its chapter are numbered anew: （一）（二）."""
    left: list[Part] = []
    gone = number = 0
    for place, part in enumerate(chapter):
        following = next((other for other in chapter[place + 1 :] if _level(other) or _is_printed(other)), None)
        if _level(part) >= SECTION and (following is None or 0 < _level(following) <= _level(part)):
            gone += _level(part) == SECTION
            continue
        number = {0: number, 1: 0, SECTION: number + 1}.get(_level(part), number)
        left.append(_numbered(part, number) if gone and _level(part) == SECTION else part)
    return left


def _numbered(part: Part, number: int) -> Part:
    """Return the heading of a section with another number; any part without one as it is."""
    if part["kind"] != "markdown":
        return part
    source, html = (NUMBER.sub(f"（{numeral(number)}）", part[name], count=1) for name in ("source", "html"))
    return {"kind": "markdown", "source": source, "html": html}


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as Chinese headings count."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else NUMERALS[tens]) + "十") + (NUMERALS[ones] if ones or not tens else "")


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


def _line(topic: str, blocks: Sequence[Block]) -> ProseBlock:
    """Return the line of a chapter without data, with all that its blocks carry besides words."""
    labels = list(dict.fromkeys(metric["label"] for block in blocks for metric in block["metrics"]))
    named = "、".join(labels) if len(labels) <= MOST_NAMED else f"{labels[0]}等{len(labels)}项"
    return _said(blocks, [f"{topic}：本章各项指标（{named}）本期均无数据。"])


def _said(blocks: Sequence[Block], paragraphs: list[str]) -> ProseBlock:
    """Return sentences in the place of blocks, with all that these carry besides words."""
    return {
        "kind": "prose", "paragraphs": paragraphs,
        "figures": [figure for block in blocks for figure in block["figures"]],
        "views": {view: name for block in blocks for view, name in block["views"].items()},
        "metrics": [metric for block in blocks for metric in block["metrics"]], "snapshot": blocks[0]["snapshot"],
    }  # fmt: skip
