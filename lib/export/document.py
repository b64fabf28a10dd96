"""A document: what the exporters set, read from an executed notebook.

A pack is its chapters bound into one notebook. What is not a block of ours (a table, picture or text of any other notebook) is
kept as the part it is, so that the exporters work on every notebook.
"""

import base64
import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import nbformat
from nbformat import NotebookNode

from lib import __version__
from lib.look import MIME, SANS, SERIF

METADATA = "city_briefs"  # of a bound notebook: title, region, running head, date
NUMERALS = "〇一二三四五六七八九十"
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)  # an analyst's question to the chapter is not printed
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass
class Document:
    """What is printed: the title, the parts in order, and what the appendix says of the numbers in them."""

    title: str
    subtitle: str = ""
    running: str = ""
    notice: str = ""
    synthetic: bool = False
    date: str = ""
    body: int = 12
    snapshot: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    metrics: list[dict[str, Any]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    colophon: list[str] = field(default_factory=list)


def bind(chapters: Iterable[tuple[str, NotebookNode]], metadata: dict[str, Any]) -> NotebookNode:
    """The chapters as one notebook: headings numbered 一、二、, cell ids made from chapter and place."""
    bound = nbformat.v4.new_notebook(metadata={METADATA: metadata})
    for number, (chapter, notebook) in enumerate(chapters, start=1):
        for place, original in enumerate(notebook.cells):
            cell = copy.deepcopy(original)
            cell["id"] = f"{chapter}-{place}"
            if cell.cell_type == "markdown":
                cell["source"] = re.sub(r"\A# ", f"# {numeral(number)}、", cell["source"])
            bound.cells.append(cell)
    return bound


def numeral(number: int) -> str:
    """A number from 1 to 99 as Chinese headings count."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else NUMERALS[tens]) + "十") + (NUMERALS[ones] if ones or not tens else "")


def document(notebook: NotebookNode, name: str = "", *, code: bool = False) -> Document:
    """The document of a notebook; one that was not bound from chapters takes its title from its first heading or its name."""
    bound = notebook.metadata.get(METADATA, {})
    parts = list(_parts(notebook, code=code))
    blocks = [part for part in parts if "figures" in part]
    heading = next((part["source"] for part in parts if part["kind"] == "markdown" and part["source"].startswith("# ")), "")
    title = bound.get("title") or heading.removeprefix("# ").splitlines()[0:1] or [PurePath(name).stem or "notebook"]
    made = Document(title if isinstance(title, str) else title[0], parts=parts)
    made.running, made.subtitle, made.date = (bound.get(key, "") for key in ("running", "subtitle", "date"))
    made.body = bound.get("body", made.body)
    ordinals: dict[str, int] = {}
    for block in blocks:
        ordinals[block["kind"]] = block["ordinal"] = ordinals.get(block["kind"], 0) + 1
        snapshot = block["snapshot"]
        made.snapshot, made.synthetic, made.notice = snapshot["id"], snapshot["synthetic"], snapshot["notice"]
    named = list({metric["id"]: metric for block in blocks for metric in block["metrics"]}.values())
    made.metrics = [metric for metric in named if metric["provenance"]]  # what there is no data of is listed below, undefined
    made.sources = _once(source for metric in made.metrics for source in metric["sources"])
    made.caveats = _once(caveat for metric in made.metrics for caveat in metric["caveats"])
    labels = {metric["id"]: metric["label"] for metric in named}
    made.refusals = _once(
        f"{labels[figure['metric']]}{figure['refused']}"
        for block in blocks
        for figure in block["figures"]
        if figure["refused"] and (figure["region"], figure["year"]) == (bound.get("region"), bound.get("year"))
    )
    made.refusals += _once(
        f"{labels[claim['metric']]}不作“{claim['name']}”的表述：{claim['refused']}"
        for block in blocks
        for claim in block.get("claims", ())
        if claim["refused"]
    )
    if made.snapshot:
        made.colophon = [f"快照{made.snapshot[:12]}", f"程序city-briefs {__version__}", f"字体{SERIF}、{SANS}"]
    return made


def _parts(notebook: NotebookNode, *, code: bool) -> Iterator[dict[str, Any]]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if source := COMMENT.sub("", cell.source).strip():
                yield {"kind": "markdown", "source": source}
        elif cell.cell_type == "code":
            if code and cell.source.strip():
                yield {"kind": "code", "source": cell.source}
            for output in cell.outputs:
                if METADATA not in notebook.metadata or output.get("name") != "stderr":  # a warning is for the analyst
                    yield from _output(output)


def _output(output: NotebookNode) -> Iterator[dict[str, Any]]:
    """One output, in the richest form that both HTML and PDF can hold."""
    if output.output_type == "stream":
        yield {"kind": "text", "source": ANSI.sub("", output.text)}
    elif output.output_type == "error":
        yield {"kind": "text", "source": ANSI.sub("", "\n".join(output.traceback))}
    elif MIME in output.data:
        yield copy.deepcopy(output.data[MIME])
    elif "image/svg+xml" in output.data:
        yield _image("svg", output.data["image/svg+xml"].encode(), output)
    elif "image/png" in output.data:
        yield _image("png", base64.b64decode(output.data["image/png"]), output)
    elif "image/jpeg" in output.data:
        yield _image("jpg", base64.b64decode(output.data["image/jpeg"]), output)
    elif "text/html" in output.data:
        yield {"kind": "html", "source": output.data["text/html"]}
    elif "text/markdown" in output.data:
        yield {"kind": "markdown", "source": output.data["text/markdown"]}
    elif "text/plain" in output.data:
        yield {"kind": "text", "source": output.data["text/plain"]}


def _image(suffix: str, content: bytes, output: NotebookNode) -> dict[str, Any]:
    alt = output.get("metadata", {}).get("alt") or output.data.get("text/plain") or "图"
    return {"kind": "image", "suffix": suffix, "content": content, "alt": alt}


def _once(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
