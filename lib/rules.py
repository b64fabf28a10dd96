"""The rules that every chapter keeps, so that anyone can read, review and run it. A breach is a sentence with its remedy."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode, v4

from lib.brief import Pack, check_chapter
from lib.errors import UsageError

NAME = re.compile(r"[a-z]+(-[a-z]+)*")
TOPIC = re.compile(r"# \S+")
HEADING = re.compile(r"## （[一二三四五六七八九十]+）\S+")
QUESTION = re.compile(r"<!-- 问：.+？ -->")
WORD = re.compile(r"[a-z_-]+")  # the name of a view, a column or a chapter
LOOKING = re.compile(r"\bexplain\b")
LIBRARY = "from lib.notebook import *"
MOST_CODE_CELLS = 15
CALLING = (ast.Expr, ast.Call, ast.Name, ast.Load, ast.keyword, ast.Constant)


@dataclass(frozen=True)
class Cell:
    """One cell and how messages name it: its notebook, its place and the heading over it."""

    where: str
    kind: str
    source: str
    id: str | None
    tags: tuple[str, ...]
    executed: bool


@dataclass(frozen=True)
class Chapter:
    """A notebook as its file has it."""

    name: str
    cells: tuple[Cell, ...]

    def of(self, kind: str) -> list[Cell]:
        """Its cells of one kind, markdown or code."""
        return [cell for cell in self.cells if cell.kind == kind]


def findings(notebook: Path, packs: Mapping[str, Pack]) -> list[str]:
    """What a notebook has that a chapter may not have, in the order of the rules; empty when it keeps them all.

    How it fits its packs is asked of one that keeps the others.
    """
    try:
        cells = v4.reads(notebook.read_text("utf-8")).cells
        chapter = Chapter(notebook.stem, tuple(_cells(notebook.name, cells)))
    except (ValueError, AttributeError, KeyError, TypeError):
        return [f"{notebook.name} cannot be read as a notebook. Open it in JupyterLab and save it again."]
    found = [finding for rule in RULES for finding in rule(chapter)]
    return found or list(_in_packs(notebook, packs.values()))


def _cells(name: str, cells: Iterable[NotebookNode]) -> Iterator[Cell]:
    heading = ""
    for place, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = f" in “{cell.source.splitlines()[0].lstrip('# ')}”"
        executed = bool(cell.get("outputs") or cell.get("execution_count"))
        where = f"{name}, cell {place}{heading}"
        yield Cell(where, cell.cell_type, cell.source, cell.get("id"), tuple(cell.metadata.get("tags", ())), executed)


def _named(chapter: Chapter) -> Iterator[str]:
    if not NAME.fullmatch(chapter.name):
        yield f"{chapter.name}.ipynb is not named by its topic in small letters and hyphens, such as market-order.ipynb."


def _clean(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.cells:
        if cell.executed:
            yield f"{cell.where} holds outputs. Take them out: nbstripout --keep-id notebooks/{chapter.name}.ipynb."


def _identified(chapter: Chapter) -> Iterator[str]:
    count = Counter(cell.id for cell in chapter.cells)
    for cell in chapter.cells:
        if not cell.id or count[cell.id] > 1:
            held = f"shares the id '{cell.id}' with another cell" if cell.id else "has no id"
            yield f"{cell.where} {held}. Give it one of its own, such as cases-trend."


def _begun(chapter: Chapter) -> Iterator[str]:
    """The topic, the parameters and the library are the first three cells, and are just that."""
    topic, parameters, library = (*chapter.cells, None, None, None)[:3]
    if not (topic and topic.kind == "markdown" and TOPIC.fullmatch(topic.source)):
        yield f"{chapter.name}.ipynb does not begin with its topic. Its first cell is one heading, such as “# 市场秩序”."
    if not (parameters and parameters.kind == "code" and parameters.tags == ("parameters",)):
        yield f"{chapter.name}.ipynb has no parameters in its second cell. They stand there, and the cell has the tag parameters."
    if not (library and library.kind == "code" and library.source == LIBRARY):
        yield f"{chapter.name}.ipynb does not import the library in its third cell. The cell is: {LIBRARY}."


def _headed(chapter: Chapter) -> Iterator[str]:
    """A section has a heading as an office writes it and, seen by analysts alone, the question it answers."""
    for cell in chapter.of("markdown")[1:]:
        for line in cell.source.splitlines():
            if line.startswith("#") and not HEADING.fullmatch(line):
                yield f"{cell.where}: the heading is '{line}'. An office writes “## （一）案件查处”."
        if not QUESTION.search(cell.source):
            yield f"{cell.where} asks no question. Under the heading stands one, such as <!-- 问：案件查处有没有加强？ -->."


def _computed(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.of("markdown"):
        if number := re.search(r"\d+", cell.source):
            yield f"{cell.where} types the number '{number[0]}'. A number is computed: say(metric)."


def _calling(chapter: Chapter) -> Iterator[str]:
    """No def, class, path, read_csv, magic, typed number or commented-out code."""
    for cell in chapter.of("code")[2:]:
        if "#" in cell.source:
            yield f"{cell.where} has a comment. What has to be said stands in the question; what is not used goes."
        try:
            statements = ast.parse(cell.source).body
        except SyntaxError:
            yield f"{cell.where} is not plain Python. A cell only calls what lib.notebook gives, such as say(new_entities)."
            continue
        for statement in statements:
            yield from (f"{cell.where}{fault}" for fault in _faults(statement, cell.source))


def _faults(statement: ast.stmt, source: str) -> Iterator[str]:
    nodes = list(ast.walk(statement))
    if not all(isinstance(node, CALLING) for node in nodes):
        line = (ast.get_source_segment(source, statement) or "").splitlines()[0]
        yield f": '{line}' is no call. A cell only calls what lib.notebook gives; a metric is defined under lib/metrics."
    for node in nodes:
        if isinstance(node, ast.Constant) and not (isinstance(node.value, str) and WORD.fullmatch(node.value)):
            yield f" types {node.value!r}. A call takes metrics and the names of views and columns; numbers are computed."


def _looking(chapter: Chapter) -> Iterator[str]:
    """What is for looking stays out of a chapter, since the records that it shows would get into a pack."""
    for cell in chapter.of("code"):
        if LOOKING.search(cell.source):
            yield f"{cell.where} calls explain, which is for looking: its records must not get into a pack. Take it out."


def _short(chapter: Chapter) -> Iterator[str]:
    if (number := len(chapter.of("code"))) > MOST_CODE_CELLS:
        yield f"{chapter.name}.ipynb has {number} cells of code. A chapter has at most {MOST_CODE_CELLS}: part it in two."


def _remarked(chapter: Chapter) -> Iterator[str]:
    call = f'remark("{chapter.name}")'
    others = [cell for cell in chapter.of("code")[:-1] if cell.source.startswith("remark(")]
    if others or not chapter.cells or chapter.cells[-1].source != call:
        yield f"{chapter.name}.ipynb does not end with the analyst's remark. Its last cell, and no other, is: {call}."


def _in_packs(notebook: Path, packs: Iterable[Pack]) -> Iterator[str]:
    """A chapter is in a pack and takes the parameters of each that it is in."""
    own = [pack for pack in packs if notebook.stem in pack.chapters]
    if not own:
        yield f"{notebook.name} is in no pack. Add '{notebook.stem}' to the chapters of one in packs.toml."
    for pack in own:
        try:
            check_chapter(pack, notebook)
        except UsageError as error:
            yield str(error)


RULES = (_named, _clean, _identified, _begun, _headed, _computed, _calling, _looking, _short, _remarked)
