"""A chapter as a pack has it: as it was executed, under the name of its snapshot; the notebook and its text."""

import json
from json.encoder import encode_basestring as text
from typing import Any, cast

from nbformat import NotebookNode
from nbformat.v4.nbjson import to_notebook

from city_briefs.common import files
from city_briefs.common.blocks import SnapshotStamp
from city_briefs.common.theme import MIME
from city_briefs.production.editions import content
from city_briefs.production.packs.plan import Chapter


def stamped(chapter: Chapter) -> tuple[NotebookNode, str]:
    """Return an executed chapter, and its text as nbformat writes it.

    Raises:
        PackError: a block is not as the schema has it.
    """
    executed: dict[str, Any] = json.loads(files.read_text(chapter.executed))
    for block in content.blocks(executed):
        block["snapshot"] = cast(SnapshotStamp, dict(chapter.source.stamp))
    as_text = written(executed)
    blocks = [data.pop(MIME, None) for data in _shown(executed)]
    notebook: NotebookNode = to_notebook(executed)
    for data, block in zip(_shown(notebook), blocks, strict=True):
        if block is not None:
            dict.__setitem__(data, MIME, block)  # most of a notebook: a node would make nodes of all that is in it
    return notebook, as_text


def _shown(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the cells of a notebook show, by type."""
    return [output["data"] for cell in notebook["cells"] for output in cell.get("outputs", ()) if "data" in output]


def written(value: Any, line: str = "\n") -> str:
    """Return JSON as nbformat writes it, in two thirds of the time that Python's own encoder takes where it has to indent."""
    kind = type(value)  # quicker than isinstance, and all of it was read from JSON
    if kind is int:
        return repr(value)
    if not value or kind is bool or kind is float:
        return json.dumps(value)
    if kind is str:
        return text(value)
    inner = f"{line} "
    then = f",{inner}"
    if kind is dict:  # most of what it holds is text, for which a call of this would take as long as all the rest
        items = sorted(value.items())
        parts = [f"{text(name)}: {text(each) if type(each) is str else written(each, inner)}" for name, each in items]
        return f"{{{inner}{then.join(parts)}{line}}}"
    parts = [text(each) if type(each) is str else written(each, inner) for each in value]
    return f"[{inner}{then.join(parts)}{line}]"
