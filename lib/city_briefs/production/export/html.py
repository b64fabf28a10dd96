"""The nbconvert exporter `brief-html`: one self-contained page that asks nothing of the network."""

import base64
import itertools
import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from city_briefs.common import theme
from city_briefs.production.export import markup, pandoc
from city_briefs.production.export.document import Part, document
from city_briefs.production.export.exporter import NOT_IN_DOCUMENTS, BriefExporter

HEADING = re.compile(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1>", re.DOTALL)  # as pandoc writes it
NOTE = re.compile(r"<a[^>]*footnote-ref.*?</a>", re.DOTALL)  # what of a heading the contents leave out
TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}
NOT_SHOWN = NOT_IN_DOCUMENTS


class BriefHTML(BriefExporter):
    """`jupyter nbconvert --to brief-html any.ipynb`; code is left out unless `--no-BriefHTML.exclude_input`."""

    export_from_notebook = "Brief (HTML)"
    output_mimetype = "text/html"
    suffix, template_suffix = ".html", ".html.j2"

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page and its resources."""
        resources = resources or {}
        brief = document(nb, resources.get("metadata", {}).get("name", ""), code=not self.exclude_input)
        under = 1 if brief.running else 0  # the title of a pack is the page's one heading of level 1
        markdown = [part["source"] for part in brief.parts if part["kind"] == "markdown"]
        contents, pages = _contents(pandoc.convert(markdown, "markdown", "html", under=under), 1 + under)
        read = iter(pages)
        shown = {
            "brief": brief,
            "parts": [_part(part, read) for part in brief.parts],
            "contents": contents,
            "css": theme.css(),
            "script": theme.script(),
            "allowed": theme.script_source(),
            "palette": theme.PALETTE,
            "sans": theme.SANS,
            "serif": theme.SERIF,
        }
        shown["definition"] = theme.definition
        page: tuple[str, dict[str, Any]] = super().from_notebook_node(nb, {**resources, **shown}, **kw)
        return page


def _part(part: Part, pages: Iterator[str]) -> dict[str, Any]:
    """What the template sets of a part; `pages` are the parts of Markdown, as HTML."""
    if part["kind"] == "block":
        return {"html": Markup(theme.html(part["block"], part["ordinal"]))}  # noqa: S704  # escaped by its template
    if part["kind"] == "image":
        return {**part, "address": f"data:{TYPES[part['suffix']]};base64,{base64.b64encode(part['content']).decode()}"}
    if part["kind"] == "markdown" or part["kind"] == "html":
        source = next(pages) if part["kind"] == "markdown" else part["source"]
        return {**part, "html": Markup(markup.clean(source))}  # noqa: S704
    return {**part}


def _contents(pages: list[str], top: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The headings of level `top` with those right under each, and the pages, whose headings have the ids that the links need."""
    contents: list[dict[str, Any]] = []
    numbered = itertools.count(1)

    def mark(heading: re.Match[str]) -> str:
        level, attributes, words = int(heading[1]), heading[2], heading[3]
        attributes = re.sub(r'\sid="[^"]*"', "", attributes) + f' id="section-{next(numbered)}"'
        text = Markup(markup.words(NOTE.sub("", words)))  # noqa: S704
        entry = {"id": attributes.rpartition("id=")[2].strip('"'), "words": text, "under": []}
        if level <= top or not contents:
            contents.append(entry)
        elif level == top + 1:
            contents[-1]["under"].append(entry)
        return f"<h{level}{attributes}>{words}</h{level}>"

    marked = [HEADING.sub(mark, page) for page in pages]
    return contents, marked
