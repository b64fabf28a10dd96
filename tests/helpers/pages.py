"""How a PDF is laid out: how far its pages are filled, on which page each row of a table stands, and what heads it there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

MM = 72 / 25.4
TOP, BOTTOM = 37 * MM, 35 * MM  # margins, as GB/T 9704 has them
TEXT = 1  # the kind of an object that draws words
FOOT = re.compile(r"—\s*\d+\s*—")


@dataclass(frozen=True)
class PrintedTable:
    """A table: its number (empty for none), the page of each of its rows, and the kinds of the first cells of these."""

    name: str
    pages: list[int]
    heads: list[str]

    @property
    def parts(self) -> dict[int, int]:
        """How many rows stand on each page."""
        return {page: self.pages.count(page) for page in sorted(set(self.pages))}


def opened(file: Path) -> pypdfium2.PdfDocument:
    """A PDF, with its pages."""
    return pypdfium2.PdfDocument(file)


def words(file: Path) -> list[str]:
    """The words of each page, without spaces and without the number of the page."""
    return [FOOT.sub("", re.sub(r"\s", "", page.get_textpage().get_text_bounded())) for page in opened(file)]


def filled(file: Path) -> list[float]:
    """How far down each page has something between its margins, as a part of that height; 0 for a page without anything."""
    made = []
    for page in opened(file):
        top, height = page.get_height() - TOP, page.get_height() - TOP - BOTTOM
        feet = [low for low, high in _objects(page) if low >= BOTTOM - 1 and high <= top + 2]
        made.append((top - min(feet)) / height if feet else 0.0)
    return made


def _objects(page: Any) -> list[tuple[float, float]]:
    """The foot and the head of what is drawn on a page, without the notice that stands aslant behind it."""
    drawn = []
    for each in page.get_objects(max_depth=4):
        matrix = each.get_matrix()
        if each.type == TEXT and abs(matrix.b) > abs(matrix.a) / 10:
            continue
        _, low, _, high = each.get_bounds()
        drawn.append((low, high))
    return drawn


def tables(file: Path) -> list[PrintedTable]:
    """The tables of a PDF in their order, by its tags."""
    made: list[PrintedTable] = []
    with pikepdf.open(file) as read:
        pages = {page.objgen: number for number, page in enumerate(read.pages)}
        for tag, is_captioned in _tables(read.Root.StructTreeRoot, is_captioned=False):
            name = f"表{sum(bool(each.name) for each in made) + 1}" if is_captioned else ""
            made.append(_table(tag, pages, name))
    return made


def _tables(tag: Any, *, is_captioned: bool) -> Iterator[tuple[Any, bool]]:
    """The tables under a tag, each with whether it has a caption, or what it stands in has."""
    children = _children(tag)
    is_captioned = is_captioned or any(child.S == "/Caption" for child in children)
    for child in children:
        if child.S == "/Table":
            yield child, is_captioned or any(part.S == "/Caption" for part in _children(child))
        else:
            yield from _tables(child, is_captioned=is_captioned)


def _table(tag: Any, pages: dict[Any, int], name: str) -> PrintedTable:
    body = [row for part in _children(tag) if part.S == "/TBody" for row in _children(part)]
    firsts = [_children(row)[0] for row in body if int(_attribute(_children(row)[0], "/ColSpan") or 1) == 1]
    placed = [(page, str(first.S)) for first in firsts if (page := _page(first, pages)) is not None]
    return PrintedTable(name, [page for page, _ in placed], [kind for _, kind in placed])


def _page(tag: Any, pages: dict[Any, int]) -> int | None:
    """The page on which a tag begins; None for one with nothing in it."""
    for each in (tag, *_below(tag)):
        kids = each.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/Pg" in kid and "/S" not in kid:
                return pages[kid.Pg.objgen]
        if "/Pg" in each:
            return pages[each.Pg.objgen]
    return None


def _attribute(tag: Any, name: str) -> Any:
    given = tag.get("/A", [])
    for each in given if isinstance(given, pikepdf.Array) else [given]:
        if name in each:
            return each[name]
    return None


def _children(tag: Any) -> list[Any]:
    kids = tag.get("/K", [])
    return [
        kid
        for kid in (kids if isinstance(kids, pikepdf.Array) else [kids])
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
    ]


def _below(tag: Any) -> list[Any]:
    return [each for kid in _children(tag) for each in (kid, *_below(kid))]


def lone_rows(file: Path, least: int = 3) -> list[tuple[str, dict[int, int]]]:
    """The tables of which fewer rows than these stand on a page, of those that have enough rows."""
    return [
        (table.name, table.parts)
        for table in tables(file)
        if len(table.pages) >= 2 * least and len(table.parts) > 1 and min(table.parts.values()) < least
    ]


def without_their_heads(file: Path) -> list[tuple[str, int]]:
    """The tables that go on, on a page that does not say so, each with that page."""
    said = words(file)
    return [
        (table.name, page) for table in tables(file) for page in sorted(set(table.pages))[1:]
        if f"续{table.name or '表'}" not in said[page]
    ]  # fmt: skip


def empty_pages(file: Path, least: float = 1 / 3) -> list[int]:
    """The pages, counted from 1, of which less than a third is filled; none that is blank before a right-hand page, and not the last."""
    return [number for number, part in enumerate(filled(file)[:-1], start=1) if 0 < part < least]
