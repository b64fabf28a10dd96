"""The nbconvert exporter `brief-html`: one self-contained page that asks nothing of the network."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup, escape

from city_briefs.common import theme
from city_briefs.common.theme import screen_fonts
from city_briefs.production.export import drawings, fragments, pictures
from city_briefs.production.export.document import PrintedDocument
from city_briefs.production.export.exporter import NOT_IN_DOCUMENTS, BriefExporter
from city_briefs.production.export.parts import Part

NOT_SHOWN = NOT_IN_DOCUMENTS


class BriefHTML(BriefExporter):
    """`jupyter nbconvert --to brief-html any.ipynb`; code is left out unless `--no-BriefHTML.exclude_input`."""

    export_from_notebook = "Brief (HTML)"
    output_mimetype = "text/html"
    suffix, template_suffix = ".html", ".html.j2"

    def printed(self, brief: PrintedDocument) -> str:
        """Return the page."""
        under = 1 if brief.running else 0  # the title of a pack is the page's one heading of level 1
        trees = fragments.trees(brief.parts, under)
        numbers = count(1)
        shown = {
            "brief": brief,
            "parts": [_part(part, tree, brief.manual, numbers) for part, tree in zip(brief.parts, trees, strict=True)],
            "contents": _contents(brief.parts, trees, 1 + under),
            "css": f"{drawings.STYLE}\n{theme.css()}",
            "script": theme.script(),
            "allowed": theme.script_source(),
            "palette": theme.PALETTE,
            "sans": screen_fonts.stack(theme.SANS),
            "font_place": screen_fonts.PLACE,
        }
        shown["definition"] = theme.definition
        return screen_fonts.embedded(self.set_in_template(**shown))


def _part(part: Part, tree: BeautifulSoup | None, manual: str, numbers: Iterator[int]) -> dict[str, Any]:
    """What the template sets of a part; `manual` is the address of the manual of metrics, where that defines them.

    `numbers` counts the drawings of the page.
    """
    if part["kind"] == "block":
        html = Markup(drawings.distinct(theme.html(part["block"], part["ordinal"], manual), numbers))  # noqa: S704  # escaped by its template
        return {"html": html, "ends_page_one": part["block"]["kind"] == "page-one" and part["ordinal"] == 1}
    if part["kind"] == "image":
        return {**part, "address": pictures.address(part["original"], part["type"])}
    return {**part, **({"html": Markup(tree.decode(formatter="minimal").strip())} if tree else {})}  # noqa: S704  # as `markup` left it


def _contents(parts: Sequence[Part], trees: Sequence[BeautifulSoup | None], top: int) -> list[dict[str, Any]]:
    """The headings of Markdown of level `top` with those right under each."""
    contents: list[dict[str, Any]] = []
    read = (tree for part, tree in zip(parts, trees, strict=True) if part["kind"] == "markdown" and tree)
    for heading in (heading for tree in read for heading in tree.find_all(fragments.HEADINGS)):
        level = int(heading.name[1])
        words = "".join(text for text in heading.strings if not text.find_parent("a", role="doc-noteref"))
        entry: dict[str, Any] = {"id": heading["id"], "words": escape(words), "under": []}
        if level <= top or not contents:
            contents.append(entry)
        elif level == top + 1:
            contents[-1]["under"].append(entry)
    return contents
