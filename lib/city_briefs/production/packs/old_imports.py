"""Chapters written for version 0.3, when the package was called `lib`: found, and rewritten."""

import json
import re
from pathlib import Path

from city_briefs.common import atomic_files, files
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

COMMAND = "briefs upgrade-chapters"
OLD = re.compile(r"^(\s*(?:from|import)\s+)lib(?=\.|\s|$)", re.MULTILINE)
SAME = re.compile(r"\b(from|import) lib\.(notebook|metrics)\b")  # which have the same names in city_briefs


def imports_lib(notebook: Path, written: bytes | None = None) -> bool:
    """Return whether a code cell of a notebook, of this content if it was read, imports the package by its old name.

    What is no notebook does not.
    """
    try:
        return _imports_lib((files.read_bytes(notebook) if written is None else written).decode("utf-8"))
    except (OSError, ValueError):
        return False


def remedy(notebook: Path) -> str:
    """Return the sentence on a notebook that imports the package by its old name."""
    return chosen(
        f"{notebook.name} imports lib, which is called city_briefs now. `{COMMAND}` rewrites all chapters that do.",
        f"{notebook.name}导入了lib，现名city_briefs。`{COMMAND}`改写所有这样的章。",
    )


def rewrite(notebook: Path) -> bool:
    """Let a notebook import city_briefs in the place of lib, and change nothing else of it; return whether it did.

    Raises:
        UsageError: it imports something of lib that has another name now; it is left as it is.
    """
    written = files.read_bytes(notebook)
    if not imports_lib(notebook, written):
        return False
    text = SAME.sub(r"\1 city_briefs.\2", written.decode("utf-8"))
    if _imports_lib(text):
        raise UsageError(
            chosen(
                f"{notebook.name} imports something of lib that has another name now, and is left as it is. "
                "Import what it needs from city_briefs.notebook.",
                f"{notebook.name}从lib导入的内容有的已改名，没有改写。请从city_briefs.notebook导入所需内容。",
            )
        )
    atomic_files.write_whole(notebook, text)
    return True


def rewrite_all(notebooks: Path) -> tuple[list[str], list[str]]:
    """Rewrite every notebook of a folder that can be; return the names of those, and a sentence for each that was left as it is."""
    rewritten, left = [], []
    for notebook in sorted(notebooks.glob("*.ipynb")):
        try:
            if rewrite(notebook):
                rewritten.append(notebook.name)
        except UsageError as error:
            left.append(str(error))
    return rewritten, left


def _imports_lib(text: str) -> bool:
    """Return whether a code cell of a notebook, as its file has it, imports lib. What is no notebook is a ValueError."""
    try:
        cells = json.loads(text)["cells"]
        return any(OLD.search("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")
    except (KeyError, TypeError):
        raise ValueError(text) from None
