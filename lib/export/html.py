"""The nbconvert exporter `brief-html`: one self-contained page that asks nothing of the network."""

import base64
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from lib import look
from lib.export import pandoc
from lib.export.document import document
from lib.export.exporter import BriefExporter

TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}


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
        markdown = [part for part in brief.parts if part["kind"] == "markdown"]
        under = 1 if brief.running else 0  # the title of a pack is the page's one heading of level 1
        for part, html in zip(
            markdown, pandoc.convert([part["source"] for part in markdown], "markdown", "html", under=under), strict=True
        ):
            part["html"] = Markup(html)  # noqa: S704  # pandoc escaped it; raw HTML is not read
        for part in brief.parts:
            if "figures" in part:
                part["html"] = Markup(look.html(part, part["ordinal"]))  # noqa: S704  # escaped by its template
            elif part["kind"] == "image":
                part["address"] = f"data:{TYPES[part['suffix']]};base64,{base64.b64encode(part['content']).decode()}"
        shown = {"brief": brief, "css": look.css(), "palette": look.PALETTE, "sans": look.SANS, "serif": look.SERIF}
        page: tuple[str, dict[str, Any]] = super().from_notebook_node(nb, {**resources, **shown}, **kw)
        return page
