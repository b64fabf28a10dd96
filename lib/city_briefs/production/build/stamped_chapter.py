"""A chapter as a pack has it: as it was executed, under the name of its snapshot; the notebook and its text."""

import json
from json.encoder import encode_basestring
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
    text = written(executed)
    blocks = [data.pop(MIME, None) for data in _shown(executed)]
    notebook: NotebookNode = to_notebook(executed)
    for data, block in zip(_shown(notebook), blocks, strict=True):
        if block is not None:
            dict.__setitem__(data, MIME, block)  # most of a notebook: a node would make nodes of all that is in it
    return notebook, text


def _shown(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the cells of a notebook show, by type."""
    return [output["data"] for cell in notebook["cells"] for output in cell.get("outputs", ()) if "data" in output]


def written(value: Any, line: str = "\n") -> str:
    """Return JSON as nbformat writes it, in half the time that Python's own encoder takes where it has to indent."""
    inner = f"{line} "
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict) and value:
        named = [f"{encode_basestring(name)}: {written(value[name], inner)}" for name in sorted(value)]
        return f"{{{inner}{f',{inner}'.join(named)}{line}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join([written(each, inner) for each in value])}{line}]"
    return json.dumps(value)
