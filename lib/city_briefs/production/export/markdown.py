"""Markdown as HTML: CommonMark with the tables, task lists, strikethrough and bare addresses of GitHub, and with footnotes.

This is the one reading of Markdown: every format is written from its HTML. Formulas stay as they stand in the source, and no sign in
them is Markdown. A tag that HTML does not have is text.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>")
ELEMENTS = {  # that HTML has, or had
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "big", "blockquote",
    "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "dd", "del",
    "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer",
    "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe",
    "img", "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta", "meter", "nav",
    "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "plaintext", "pre", "progress", "q",
    "rp", "rt", "ruby", "s", "samp", "script", "section", "select", "slot", "small", "source", "span", "strike", "strong",
    "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time",
    "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
}  # fmt: skip
BOXES = {True: "✓", False: "□"}  # of a task list, in the fonts of every document


def html(source: str, ordinal: int = 1) -> str:
    """Return the HTML of a cell, not yet held to what may stand in a document.

    `ordinal` counts cells, so that the notes of two have no id in common.
    """
    return str(_reader().render(source, {"docId": str(ordinal)} if ordinal > 1 else {}))


class _Reader(MarkdownIt):
    """Reads pictures of every type that stand in their address, too; `markup` sees to what may."""

    def validateLink(self, url: str) -> bool:  # the name that markdown-it has
        """Whether an address may be one of a link or picture."""
        return url.startswith("data:image/") or super().validateLink(url)


@cache
def _reader() -> MarkdownIt:
    """Return what reads Markdown."""
    reader = _Reader("commonmark", {"tasklists": True}).enable(["table", "strikethrough"])
    reader.use(gfm_autolink_plugin).use(footnote_plugin, inline=False)
    reader.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True).use(
        amsmath_plugin
    )
    for name, rule in (
        ("html_inline", _tag), ("html_block", _tags), ("footnote_ref", _note), ("footnote_anchor", _back),
        ("footnote_block_open", _notes), ("math_inline", _inline_formula), ("math_inline_double", _formula), ("math_block", _formula),
        ("amsmath", _environment),
    ):  # fmt: skip
        reader.add_render_rule(name, rule)
    return reader


def _tag(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Return a tag within a line; as text when HTML has none of its name."""
    tag = TAG.fullmatch(content := tokens[place].content)
    if 'class="task-list-item-checkbox"' in content:
        return BOXES["checked" in content]
    return content if not tag or tag[1].lower() in ELEMENTS else escapeHtml(content)


def _tags(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Return a block of HTML; its tags that HTML does not have as text, but those of a drawing."""
    content = tokens[place].content
    if "<svg" in content.lower() or "<math" in content.lower():
        return content
    return TAG.sub(lambda tag: tag[0] if tag[1].lower() in ELEMENTS else escapeHtml(tag[0]), content)


def _note(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    meta, name = tokens[place].meta, self.rules["footnote_anchor_name"](tokens, place, options, env)
    again = f":{meta['subId']}" if meta.get("subId", -1) > 0 else ""
    return f'<a href="#fn{name}" id="fnref{name}{again}" role="doc-noteref"><sup>{meta["id"] + 1}</sup></a>'


def _back(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    name = self.rules["footnote_anchor_name"](tokens, place, options, env)
    return f'<a href="#fnref{name}" role="doc-backlink">↩</a>' if tokens[place].meta["subId"] <= 0 else ""


def _notes(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return '<section role="doc-endnotes">\n<hr>\n<ol>\n'


def _inline_formula(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return escapeHtml(f"${tokens[place].content}$")


def _formula(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return _displayed(f"$${tokens[place].content}$$", tokens[place].block)


def _environment(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return _displayed(tokens[place].content, True)


def _displayed(formula: str, block: bool) -> str:
    """Return a formula of its own lines."""
    lines = "<br>\n".join(escapeHtml(line) for line in formula.strip().split("\n"))
    return f"<p>{lines}</p>\n" if block else lines
