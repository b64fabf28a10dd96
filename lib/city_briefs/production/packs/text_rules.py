"""What the Markdown of a chapter may not have: a heading or question of another form, a typed number, a picture that is not in it."""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from city_briefs.common import typed_numbers
from city_briefs.common.language import chosen
from city_briefs.production.packs.chapter_notebook import ChapterNotebook

HEADING = re.compile(r"## （[一二三四五六七八九十]+）\S+")
QUESTION = re.compile(r"<!-- 问：.+？ -->")
TARGET = r"<([^<>\n]*)>|([^\s()<>]*(?:\([^()\s]*\)[^\s()<>]*)*)"
INLINE = re.compile(rf"!\[[^\]]*\]\(\s*(?:{TARGET})")
REFERRED = re.compile(r"!\[([^\]]*)\](?:\[([^\]]*)\])?(?!\()")
REFERENCE = re.compile(rf"^ {{0,3}}\[([^\]]+)\]:\s*(?:{TARGET})", re.MULTILINE)
TAG = re.compile(
    r"<(?:img|image|object|embed|iframe|video|source)\b[^>]*?\b(?:src|href|data)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))",
    re.IGNORECASE,
)
ATTACHED = re.compile(r"!\[[^\]]*\]\(attachment:([^()\s]+)\)\s*")  # a picture that documents print


def headed(chapter: ChapterNotebook) -> Iterator[str]:
    """Yield sections without a heading as an office writes it or, seen by analysts alone, the question that they answer."""
    for cell in chapter.of("markdown")[1:]:
        for number, line in cell.lines:
            if line.startswith("#") and not HEADING.fullmatch(line):
                yield cell.at(number) + chosen(
                    f": the heading is '{line}'. An office writes “## （一）案件查处”.",
                    f"：标题是“{line}”。公文写作“## （一）案件查处”。",
                )
        if not QUESTION.search(cell.source):
            yield cell.at() + chosen(
                " asks no question. Under the heading stands one, such as <!-- 问：案件查处有没有加强？ -->.",
                "没有写要回答的问题。标题下面写一行，如<!-- 问：案件查处有没有加强？ -->。",
            )


def computed(chapter: ChapterNotebook) -> Iterator[str]:
    """Yield numbers that are typed."""
    for cell in chapter.of("markdown"):
        for line, number in dict.fromkeys(typed_numbers.typed(cell.source)):
            yield cell.at(line) + chosen(
                f" types the number '{number}'. A number is computed: say(metric).",
                f"手写了数字“{number}”。数字要算出来：say(指标)。",
            )


def pictured(chapter: ChapterNotebook) -> Iterator[str]:
    """Yield pictures that are not attached to their cell, on a line of their own: no document would print them."""
    for cell in chapter.of("markdown"):
        for at, picture in sorted(_pictures(cell.source)):
            line = cell.source.count("\n", 0, at) + 1
            alone = ATTACHED.fullmatch(cell.source.split("\n")[line - 1])
            if not (alone and unquote(alone[1]) in cell.attachments):
                yield cell.at(line) + chosen(
                    f" shows the picture '{picture}', which is not in the chapter. Drag it onto a line of its own, or take it out.",
                    f"的图片“{picture}”不在本章里。请把图片拖到单独的一行，或去掉这一行。",
                )


def _pictures(source: str) -> Iterator[tuple[int, str]]:
    """Yield the pictures that Markdown shows: where each stands in the text, and its address."""
    printed = typed_numbers.without_comments(source)
    addresses = {match[1].casefold(): match[2] or match[3] or "" for match in REFERENCE.finditer(printed)}
    for match in INLINE.finditer(printed):
        yield match.start(), html.unescape(match[1] or match[2] or "")
    for match in REFERRED.finditer(printed):
        if (label := (match[2] or match[1]).casefold()) in addresses:
            yield match.start(), addresses[label]
    for match in TAG.finditer(printed):
        yield match.start(), html.unescape(match[1] or match[2] or match[3] or "")
