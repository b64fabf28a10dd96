"""The rules that every chapter keeps, so that anyone can read, review and run it. A breach is a sentence with its remedy."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.common import files
from city_briefs.common.errors import UsageError
from city_briefs.production.packs import old_imports
from city_briefs.production.packs.packs_toml import Pack, check_chapter, import_quickly

if TYPE_CHECKING:
    from nbformat import NotebookNode

NAME = re.compile(r"[a-z]+(-[a-z]+)*")
TOPIC = re.compile(r"# \S+")
HEADING = re.compile(r"## （[一二三四五六七八九十]+）\S+")
QUESTION = re.compile(r"<!-- 问：.+？ -->")
WORD = re.compile(r"[a-z_-]+")  # the name of a view, a column or a chapter
LOOKING = re.compile(r"\bexplain\b")
LIBRARY = "from city_briefs.notebook import *"
MOST_CODE_CELLS = 15
CALLING = (ast.Expr, ast.Call, ast.Name, ast.Load, ast.keyword, ast.Constant)


@dataclass(frozen=True)
class Cell:
    """One cell and how messages name it: its notebook, its place and the heading over it."""

    notebook: str
    place: int
    heading: str
    kind: str
    source: str
    id: str | None
    tags: tuple[str, ...]
    executed: bool

    def at(self, line: int = 0) -> str:
        """Where it stands, or a line of it, counted from 1."""
        of_line = f", line {line}" if line else ""
        return f"{self.notebook}, cell {self.place}{of_line}{f' in “{self.heading}”' if self.heading else ''}"

    @property
    def lines(self) -> Iterable[tuple[int, str]]:
        """Its lines, counted from 1."""
        return enumerate(self.source.split("\n"), start=1)


@dataclass(frozen=True)
class ChapterNotebook:
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
    import_quickly("nbformat")
    from nbformat import v4

    try:
        cells = v4.reads(files.read_text(notebook)).cells
        chapter = ChapterNotebook(notebook.stem, tuple(_cells(notebook.name, cells)))
    except OSError as error:
        return [f"{notebook.name} cannot be read: {error.strerror}. Put the notebook there."]
    except (ValueError, AttributeError, KeyError, TypeError):
        return [f"{notebook.name} cannot be read as a notebook. Open it in JupyterLab and save it again."]
    breaches = [finding for rule in RULES for finding in rule(chapter)]
    return breaches or list(_in_packs(notebook, packs.values()))


def _cells(name: str, cells: "Iterable[NotebookNode]") -> Iterator[Cell]:
    heading = ""
    for place, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = cell.source.split("\n")[0].lstrip("# ")
        executed = bool(cell.get("outputs") or cell.get("execution_count"))
        tags = tuple(cell.metadata.get("tags", ()))
        yield Cell(name, place, heading, cell.cell_type, cell.source, cell.get("id"), tags, executed)


def _named(chapter: ChapterNotebook) -> Iterator[str]:
    if not NAME.fullmatch(chapter.name):
        yield f"{chapter.name}.ipynb is not named by its topic in small letters and hyphens, such as market-order.ipynb."


def _clean(chapter: ChapterNotebook) -> Iterator[str]:
    for cell in chapter.cells:
        if cell.executed:
            yield f"{cell.at()} holds outputs. Take them out: nbstripout --keep-id notebooks/{chapter.name}.ipynb."


def _identified(chapter: ChapterNotebook) -> Iterator[str]:
    count = Counter(cell.id for cell in chapter.cells)
    for cell in chapter.cells:
        if not cell.id or count[cell.id] > 1:
            held = f"shares the id '{cell.id}' with another cell" if cell.id else "has no id"
            yield f"{cell.at()} {held}. Give it one of its own, such as cases-trend."


def _begun(chapter: ChapterNotebook) -> Iterator[str]:
    """The topic, the parameters and the library are the first three cells, and are just that."""
    topic, parameters, library = (*chapter.cells, None, None, None)[:3]
    if not (topic and topic.kind == "markdown" and TOPIC.fullmatch(topic.source)):
        yield f"{chapter.name}.ipynb, cell 1 is not its topic. The first cell is one heading, such as “# 市场秩序”."
    if not (parameters and parameters.kind == "code" and parameters.tags == ("parameters",)):
        yield f"{chapter.name}.ipynb, cell 2 is not its parameters. They stand there, and the cell has the tag parameters."
    if any(old_imports.OLD.search(cell.source) for cell in chapter.of("code")):
        yield old_imports.remedy(Path(f"{chapter.name}.ipynb"))
    elif not (library and library.kind == "code" and library.source == LIBRARY):
        yield f"{chapter.name}.ipynb, cell 3 does not import the library. The cell is: {LIBRARY}."


def _headed(chapter: ChapterNotebook) -> Iterator[str]:
    """A section has a heading as an office writes it and, seen by analysts alone, the question it answers."""
    for cell in chapter.of("markdown")[1:]:
        for number, line in cell.lines:
            if line.startswith("#") and not HEADING.fullmatch(line):
                yield f"{cell.at(number)}: the heading is '{line}'. An office writes “## （一）案件查处”."
        if not QUESTION.search(cell.source):
            yield f"{cell.at()} asks no question. Under the heading stands one, such as <!-- 问：案件查处有没有加强？ -->."


def _computed(chapter: ChapterNotebook) -> Iterator[str]:
    for cell in chapter.of("markdown"):
        for line, words in cell.lines:
            for number in re.findall(r"\d+", words):
                yield f"{cell.at(line)} types the number '{number}'. A number is computed: say(metric)."


def _calling(chapter: ChapterNotebook) -> Iterator[str]:
    """No def, class, path, read_csv, magic, typed number or commented-out code."""
    for cell in chapter.of("code")[2:]:
        for line, code in cell.lines:
            if "#" in code:
                yield f"{cell.at(line)} has a comment. What has to be said stands in the question; what is not used goes."
        try:
            statements = ast.parse(cell.source).body
        except SyntaxError as error:
            where = cell.at(error.lineno or 1)
            yield f"{where} is not plain Python. A cell only calls what city_briefs.notebook gives, such as say(new_entities)."
            continue
        for statement in statements:
            yield from _faults(statement, cell)


def _faults(statement: ast.stmt, cell: Cell) -> Iterator[str]:
    nodes = list(ast.walk(statement))
    if not all(isinstance(node, CALLING) for node in nodes):
        line = (ast.get_source_segment(cell.source, statement) or "").splitlines()[0]
        where = cell.at(statement.lineno)
        yield (
            f"{where}: '{line}' is no call. A cell only calls what city_briefs.notebook gives; "
            "a metric is defined under lib/city_briefs/metrics."
        )
    for node in nodes:
        if isinstance(node, ast.Constant) and not (isinstance(node.value, str) and WORD.fullmatch(node.value)):
            where = cell.at(node.lineno)
            yield f"{where} types {node.value!r}. A call takes metrics and the names of views and columns; numbers are computed."


def _looking(chapter: ChapterNotebook) -> Iterator[str]:
    """What is for looking stays out of a chapter, since the records that it shows would get into a pack."""
    for cell in chapter.of("code"):
        for line in (line for line, code in cell.lines if LOOKING.search(code)):
            yield f"{cell.at(line)} calls explain, which is for looking: its records must not get into a pack. Take it out."


def _short(chapter: ChapterNotebook) -> Iterator[str]:
    for cell in chapter.of("code")[MOST_CODE_CELLS : MOST_CODE_CELLS + 1]:
        yield f"{cell.at()} is one cell of code too many. A chapter has at most {MOST_CODE_CELLS}: part it in two."


def _remarked(chapter: ChapterNotebook) -> Iterator[str]:
    call = f'remark("{chapter.name}")'
    for cell in chapter.cells[-1:]:
        if cell.source != call:
            yield f"{cell.at(1)} is not the analyst's remark. The last cell is: {call}."
    for cell in chapter.cells[:-1]:
        if cell.source.startswith("remark("):
            yield f"{cell.at(1)} is a remark before the end. Only the last cell is one: {call}."


def _in_packs(notebook: Path, packs: Iterable[Pack]) -> Iterator[str]:
    """A chapter is in a pack and takes the parameters of each that it is in."""
    of_chapter = [pack for pack in packs if notebook.stem in pack.chapters]
    if not of_chapter:
        yield f"{notebook.name} is in no pack. Add '{notebook.stem}' to the chapters of one in packs.toml."
    for pack in of_chapter:
        try:
            check_chapter(pack, notebook)
        except UsageError as error:
            yield str(error)


RULES = (_named, _clean, _identified, _begun, _headed, _computed, _calling, _looking, _short, _remarked)
