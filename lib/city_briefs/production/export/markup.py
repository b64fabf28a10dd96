"""HTML and SVG that no template of ours has made: that of Markdown, and what the cells of any notebook show.

It is held to lists of what may stand in a document: nothing that runs, that asks for anything, or that leads elsewhere but by a link.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import nh3

from city_briefs.common.blocks import Block, Drawing
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl",
    "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
    "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul", "var",
}  # fmt: skip
CELLS = {"colspan", "rowspan", "headers", "scope"}
ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"}, "a": {"href"}, "img": {"src", "alt", "width", "height"}, "ol": {"start", "type"},
    "td": {*CELLS, "style"}, "th": {*CELLS, "style"}, "col": {"span", "style"},
    **{tag: {"style"} for tag in ("table", "div", "p", "span", "h1", "h2", "h3", "h4", "h5", "h6")},
}  # fmt: skip
ROLES = {"a": {"role": {"doc-noteref", "doc-backlink"}}, "section": {"role": {"doc-endnotes"}}}  # of footnotes
STYLES = {"text-align", "width", "color", "background-color", "font-weight", "font-style"}
LINKS = {"http", "https", "mailto"}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|bmp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {SVG + name for name in ("svg", "defs", "style", "g", "path", "use", "clipPath", "rect", "text", "tspan")}
LINKED = {"href", "{http://www.w3.org/1999/xlink}href"}
ELSEWHERE = re.compile(
    r"[@\\]|url\((?!#)|javascript:|data:", re.IGNORECASE
)  # of a style: other style sheets, addresses, hidden words


def clean(html: str) -> str:
    """A fragment of HTML with what is on the lists alone; the words of what is not stay, but for those of scripts and styles."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_allowed,
        tag_attribute_values=ROLES,
        filter_style_properties=STYLES,
        url_schemes=LINKS | {"data"},  # for pictures, which _allowed sees to
        url_relative=lambda url: url if url.startswith("#") else None,
        link_rel="noreferrer",  # the page that is linked is not told from where
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute; None when it is to be left out. A picture is in the page itself, or its words are; no link is data."""
    if name == "src":
        return value if PICTURE.fullmatch(value) else "data:,"
    return None if name == "href" and value.lstrip().lower().startswith("data:") else value


def words(html: str) -> str:
    """The words of a fragment, escaped."""
    return nh3.clean(html, tags=set())


def see_drawings(block: Block) -> None:
    """See that a block draws shapes and words alone; inside a page anything else could do whatever the page can.

    Raises:
        PackError: a drawing is more than that.
    """
    drawings = [(drawing["svg"], drawing["alt"]) for _, drawing in small_drawings(block)]
    if block["kind"] == "chart":
        drawings += [(block["svg"], block["alt"]), *([(block["narrow"], block["alt"])] if "narrow" in block else [])]
    for svg, alt in drawings:
        if not is_drawing(svg):
            raise PackError(
                chosen(
                    f"The drawing “{alt}” is not one of shapes and words alone. Draw it with city_briefs.analysis.charts.",
                    f"图“{alt}”里有图形和文字以外的内容。请用city_briefs.analysis.charts绘制。",
                )
            )


def small_drawings(block: Block) -> Iterator[tuple[str, Drawing]]:
    """The drawings within a block in their order, each with what it is, as the beginning of a sentence."""
    if block["kind"] == "cards":
        for card in block["cards"]:
            if "spark" in card:
                yield chosen(f"The trend of the card “{card['label']}”", f"卡片“{card['label']}”的走势"), card["spark"]
    elif block["kind"] == "exception":
        for panel in block["panels"]:
            if "drawing" in panel:
                text = f"The panel “{panel['title']}” of “{block['what']}”"
                yield chosen(text, f"“{block['what']}”的“{panel['title']}”图"), panel["drawing"]
    elif block["kind"] == "page-one":
        for row in block["rows"]:
            if "months" in row:
                text = f"The course of the months of “{row['label']}” on page one"
                yield chosen(text, f"首页“{row['label']}”的逐月走势"), row["months"]
            if "regions" in row:
                yield chosen(f"The regions of “{row['label']}” on page one", f"首页“{row['label']}”的各地区图"), row["regions"]
        for panel in block["panels"]:
            if "drawing" in panel:
                yield chosen(f"The panel “{panel['title']}” of page one", f"首页的“{panel['title']}”图"), panel["drawing"]


def is_drawing(svg: str) -> bool:
    """Whether an SVG is one as charts are drawn: shapes and words, which refer to nothing but to each other."""
    if "<!" in svg or "<?" in svg:  # which a browser reads otherwise than XML has it
        return False
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314  # without a declaration there are no entities
    except (ElementTree.ParseError, ValueError):
        return False
    return root.tag == f"{SVG}svg" and all(_is_drawn(element) for element in root.iter())


def _is_drawn(element: ElementTree.Element) -> bool:
    if element.tag not in DRAWN or (element.tag == f"{SVG}style" and ELSEWHERE.search(element.text or "")):
        return False
    return not any(
        name.lower().startswith("on") or ELSEWHERE.search(value) or (name in LINKED and not value.startswith("#"))
        for name, value in element.items()
    )
