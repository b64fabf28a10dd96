"""A chapter as its file has it: its cells, and how messages name them. Outputs and execution counts are left out."""

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.common import files
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    from nbformat import NotebookNode

TAG = "parameters"
INJECTED = "injected-parameters"  # the tag that papermill gives to the cell that was not in the notebook as it was written
PREVIEW = "preview()"  # the whole of a cell that is for whoever writes a chapter, and for nobody else
PRINTED = {"image/png", "image/jpeg"}  # attachments that documents print
# jsonschema imports them where they are there, to tell formats that no notebook has; compiling them takes longer than all the rest.
UNWANTED = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "webcolors", "uri_template", "fqdn")


class UnreadableChapter(UsageError):
    """A chapter is no notebook, so that the packs that it is in cannot be made."""


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
    attachments: frozenset[str] = frozenset()  # names of the pictures in it that documents print

    def at(self, line: int = 0) -> str:
        """Return where it stands, or a line of it, counted from 1; the same in every language of messages."""
        of_line = f", line {line}" if line else ""
        return f"{self.notebook}, cell {self.place}{of_line}{f' in “{self.heading}”' if self.heading else ''}"

    @property
    def lines(self) -> Iterable[tuple[int, str]]:
        """Its lines, counted from 1."""
        return enumerate(self.source.split("\n"), start=1)

    @property
    def is_preview(self) -> bool:
        """Whether it shows a preview, which neither a rule nor a build looks at."""
        return self.kind == "code" and self.source.strip() == PREVIEW

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.source.strip()


@dataclass(frozen=True)
class ChapterNotebook:
    """A notebook as its file has it; `folder` is where it lies, `kernel` its kernelspec."""

    name: str
    folder: Path
    cells: tuple[Cell, ...]
    kernel: Mapping[str, Any] = field(default_factory=dict)

    def of(self, kind: str) -> list[Cell]:
        """Return its cells of one kind, markdown or code, that are not empty."""
        return [cell for cell in self.cells if cell.kind == kind and not cell.is_empty]


def read(notebook: Path, written: bytes | None = None) -> ChapterNotebook:
    """Return a notebook; of this content, where it was read before.

    Raises:
        UnreadableChapter: it cannot be read as one.
    """
    try:
        content = _content((files.read_bytes(notebook) if written is None else written).decode("utf-8"))
        cells = tuple(_cells(notebook.name, content["cells"]))
        return ChapterNotebook(notebook.stem, notebook.parent, cells, dict(content["metadata"].get("kernelspec") or {}))
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        raise UnreadableChapter(unreadable(notebook)) from None


def _content(text: str) -> Mapping[str, Any]:
    """Return what the text of a notebook says, with the source of each cell as one text."""
    content = json.loads(text)
    if _is_plain(content):
        cells = [cell | {"source": "".join(cell["source"])} for cell in content["cells"]]
        return {**content, "cells": cells}
    import_quickly("nbformat")  # a chapter without outputs, as they are kept, does not wait for it
    from nbformat import v4

    return v4.reads(text)


def _is_plain(content: Any) -> bool:
    """Return whether a notebook has nothing but sources and plain metadata, of which nbformat would say the same."""
    try:
        return isinstance(content["metadata"].get("kernelspec", {}), dict) and all(map(_is_plain_cell, content["cells"]))
    except (TypeError, AttributeError, KeyError):  # no notebook at all, as nbformat will say
        return False


def _is_plain_cell(cell: Mapping[str, Any]) -> bool:
    source, tags = cell["source"], cell["metadata"].get("tags", [])
    is_text = isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))
    is_named = isinstance(cell["cell_type"], str) and isinstance(cell.get("id", ""), str)
    has_nothing_else = cell.get("outputs", []) == [] and "attachments" not in cell
    return is_text and is_named and has_nothing_else and all(isinstance(tag, str) for tag in tags)


def without_preview(notebook: "NotebookNode") -> "NotebookNode":
    """Return a notebook whose cells of a preview are empty; the others keep their places."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip() == PREVIEW:
            cell.source = ""
    return notebook


def import_quickly(*names: str) -> None:
    """Import modules and all that they import, except UNWANTED."""
    kept = {name: sys.modules.get(name) for name in UNWANTED}
    sys.modules.update(dict.fromkeys(UNWANTED))  # type: ignore[arg-type]  # as Python has it of what cannot be imported
    try:
        for name in names:
            import_module(name)
    finally:
        for name, module in kept.items():
            if module:
                sys.modules[name] = module
            else:
                del sys.modules[name]


def declared(notebook: Path, written: bytes | None = None) -> list[str]:
    """Return the parameters that a notebook declares: what its first cell with the tag sets, each on a line of its own.

    `written` is the content of the notebook, where it was read before.

    Raises:
        UnreadableChapter: it cannot be read as a notebook.
        UsageError: that cell is not plain Python.
    """
    for cell in read(notebook, written).cells:
        if TAG in cell.tags:
            try:
                statements = ast.parse(cell.source).body
            except (SyntaxError, ValueError) as error:
                at = cell.at(getattr(error, "lineno", None) or 1)
                raise UsageError(
                    chosen(
                        f"{at} is not plain Python. A parameter is written as year = 2021.",
                        f"{at}：不是完整的Python语句。参数写作year = 2021。",
                    )
                ) from None
            return list(dict.fromkeys(name for statement in statements for name in _set(statement)))
    return []


def _set(statement: ast.stmt) -> list[str]:
    """Return the names that a statement sets."""
    targets = (
        statement.targets
        if isinstance(statement, ast.Assign)
        else [statement.target]
        if isinstance(statement, ast.AnnAssign)
        else []
    )
    return [target.id for target in targets if isinstance(target, ast.Name)]


def unreadable(notebook: Path) -> str:
    """Return the sentence on a file that is no notebook."""
    return chosen(
        f"{notebook.name} cannot be read as a notebook. Open it in JupyterLab and save it again.",
        f"{notebook.name}不能作为笔记本读取。请在JupyterLab里打开，重新保存。",
    )


def _cells(name: str, cells: Iterable[Mapping[str, Any]]) -> Iterator[Cell]:
    heading = ""
    for place, cell in enumerate(cells, start=1):
        kind, source = cell["cell_type"], cell["source"]
        if kind == "markdown" and source.startswith("#"):
            heading = source.split("\n")[0].lstrip("# ")
        tags = tuple(cell["metadata"].get("tags", ()))
        attached = frozenset(name for name, kinds in cell.get("attachments", {}).items() if PRINTED & kinds.keys())
        yield Cell(name, place, heading, kind, source, cell.get("id"), tags, attached)
