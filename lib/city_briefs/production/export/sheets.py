"""The sheets of a notebook that is no pack: each of its tables as a sheet, then all its words, a line in a row.

A cell that reads as a number is one, with the decimals that it shows; a code with a zero in front stays text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from city_briefs.production.export import fragments, table_layout
from city_briefs.production.export.cells import MOST_DIGITS, Cell
from city_briefs.production.export.parts import Part
from city_briefs.production.export.workbook import PORTRAIT, Workbook

NUMBER = re.compile(r"[-−]?(0|[1-9]\d{0,14})(\.\d{1,12})?")
WORDS = "正文"
WIDEST = 60  # characters, of a column


def write_notebook(made: Workbook, parts: Sequence[Part]) -> None:
    """Write a sheet of each table, and one of the words."""
    lines: list[str] = []
    tables = 0
    for part, tree in zip(parts, fragments.trees(parts), strict=True):
        if part["kind"] == "text" or part["kind"] == "code":
            lines += part["source"].split("\n")
        elif part["kind"] == "image":
            lines.append(f"图：{part['alt']}")
        elif tree:
            for element in _lines(tree.children):
                if isinstance(element, str):
                    lines.append(element)
                    continue
                tables += 1
                name = _write_table(made, f"表{tables}", table_layout.grid(element))
                lines.append(f"表{tables}：见工作表“{name}”")
    if any(line.strip() for line in lines):
        sheet = made.sheet(WORDS)
        sheet.set_column(0, 0, 2 * WIDEST)
        shown = [line for line in lines if line.strip()]
        for row, line in enumerate(shown):
            made.write(sheet, row, 0, Cell(line))
        made.printed(sheet, len(shown) - 1, 0, is_wide=False)


def _write_table(made: Workbook, wanted: str, table: table_layout.Grid) -> str:
    """Write a table, and return the name of its sheet."""
    name = made.name(wanted)
    sheet = made.book.add_worksheet(name)
    widths = [8] * table.columns
    for cell in table.cells:
        words = " ".join(
            line if isinstance(line, str) else fragments.spaced(line.get_text(" ")) for line in _lines(cell.tag.children)
        ).strip()
        if cell.columns == 1:
            widths[cell.column] = max(widths[cell.column], min(2 * len(words), WIDEST))
        if not words:
            continue
        number = NUMBER.fullmatch(words)
        if not number or cell.is_bold or sum(map(str.isdigit, words)) > MOST_DIGITS:
            made.write(
                sheet, cell.row, cell.column, Cell(words), **({"bold": True, "bottom": 1} if cell.row < table.head else {})
            )
            continue
        decimals = len((number[2] or ".")[1:])
        form = "0" + ("." + "0" * decimals if decimals else "")
        made.write(sheet, cell.row, cell.column, Cell(float(words.replace("−", "-")), form))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    if table.head:
        sheet.freeze_panes(table.head, table.row_heads)
    is_wide = sum(widths) > PORTRAIT
    made.printed(sheet, max(table.rows - 1, 0), max(table.columns - 1, 0), is_wide=is_wide, again=0 if table.head else None)
    return name


def _lines(nodes: Iterable[PageElement]) -> Iterator[str | Tag]:
    """Yield the lines of a fragment, and its tables at their places."""
    line: list[str] = []
    for node in nodes:
        if isinstance(node, Tag) and fragments.is_block(node):
            yield from _ended(line)
            if node.name == "table":
                yield node
            elif node.name == "pre":
                yield from node.get_text().split("\n")
            else:
                yield from _lines(node.children)
        elif isinstance(node, Tag) and node.name == "br":
            yield from _ended(line)
        elif isinstance(node, Tag) and node.name == "img":
            line.append(f"图：{node.get('alt') or ''}")
        elif isinstance(node, Tag) and node.find(["br", "img"]):
            for each in _lines(node.children):
                line.append(each if isinstance(each, str) else "")
        elif isinstance(node, Tag):
            line.append(node.get_text())
        elif isinstance(node, NavigableString):
            line.append(str(node))
    yield from _ended(line)


def _ended(line: list[str]) -> Iterator[str]:
    """Yield a line that has words, and begin a new one."""
    if words := fragments.spaced("".join(line)).strip():
        yield words
    line.clear()
