"""What executed notebooks say, and the hashes that tell whether that changed.

A pack says the blocks and other outputs of its chapters, their Markdown, its title and its parameters. Code is not said: a chapter
that is written in another way and says the same makes no new edition.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.common import read_log
from city_briefs.common.hashing import verified_bytes
from city_briefs.common.theme import MIME

if TYPE_CHECKING:
    from city_briefs.common.blocks import Block

ENTRY = "the entry in packs.toml"  # an input of a pack, by this name
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)  # an analyst's question to the chapter is not printed
Notebook = Mapping[str, Any]


def blocks(notebook: Notebook) -> "list[Block]":
    """Return the blocks that the cells of a notebook show.

    Raises:
        PackError: a block is not as the schema has it.
    """
    from city_briefs.common.block_schema import is_block, read  # who only compares hashes does not wait for it

    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    shown = (output.get("data", {}).get(MIME) for output in outputs)
    return [read(block) for block in shown if is_block(block)]


def markdown(cell: Mapping[str, Any]) -> str:
    """Return the Markdown of a cell as it is printed, without comments; empty when nothing is."""
    return COMMENT.sub("", "".join(cell["source"])).strip()


def chapter_content(notebook: Notebook) -> str:
    """Return the hash of what an executed chapter says, whatever the code that says it."""
    return read_log.digest(list(_sayings(notebook)))


def pack_content(entry: str, title: str, parameters: Mapping[str, Any], chapters: Sequence[str]) -> str:
    """Return the hash of what a pack says.

    `entry` is the hash of its entry in packs.toml, `chapters` are the hashes of its chapters (`chapter_content`) in their order.
    """
    return read_log.digest([entry, title, dict(parameters), list(chapters)])


def issued_content(folder: Path, entry: Mapping[str, Any], chapters: Sequence[str]) -> str:
    """Return the hash of what an issued pack says, read from its notebooks; empty when these are not as they were issued.

    The `content` in the manifest of an edition is by the rules of the version that issued it; this is by those of today. `chapters`
    are the names of its chapters in their order.
    """
    try:
        notebooks = issued_notebooks(folder, entry)
        sayings = [chapter_content(notebooks[name]) for name in chapters]
        return pack_content(entry["inputs"][ENTRY], entry["title"], entry["parameters"], sayings)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""


def issued_notebooks(folder: Path, entry: Mapping[str, Any]) -> dict[str, Notebook]:
    """Return the executed notebooks of an issued pack by the names of their chapters.

    Raises:
        OSError, ValueError: a notebook is missing, or is not as it was issued; the last word of the error is its path.
    """
    notebooks = {}
    for name, made in entry["outputs"].items():
        file = folder / name
        if file.suffix == ".ipynb":
            content = verified_bytes(file, made)
            if content is None:
                raise ValueError("not as it was issued", file)
            notebooks[file.stem] = json.loads(content)
    return notebooks


def source(notebook: Notebook) -> list[str]:
    """Return what a chapter's author wrote: Markdown and statements, without comments, layout, and where names are imported from."""
    return [
        markdown(cell) if cell["cell_type"] == "markdown" else _statements("".join(cell["source"])) for cell in notebook["cells"]
    ]


def _sayings(notebook: Notebook) -> Iterator[Any]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (words := markdown(cell)):
            yield [words, cell["attachments"]] if cell.get("attachments") else words  # pictures that the Markdown shows
        yield from (_shown(output) for output in cell.get("outputs", []) if output.get("name") != "stderr")


def _shown(output: Mapping[str, Any]) -> Any:
    """Return what of an output is said: what its block says, else all but the number of its run."""
    from city_briefs.common.block_schema import is_block, said_fields  # as above

    if is_block(block := output.get("data", {}).get(MIME)):
        return said_fields(block)
    return {name: _joined(value) for name, value in output.items() if name != "execution_count"}


def _joined(value: Any) -> Any:
    """Return a text that a file may hold as a list of lines, as the one text that it is."""
    if isinstance(value, Mapping):
        return {name: _joined(part) for name, part in value.items()}
    lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return "".join(value) if lines else value


def _statements(code: str) -> str:
    try:
        tree = ast.parse(code)
    except SyntaxError:  # IPython may understand it
        return code
    return "\n".join(ast.unparse(line) for line in tree.body if not isinstance(line, ast.Import | ast.ImportFrom))
